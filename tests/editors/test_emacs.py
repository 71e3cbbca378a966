"""The block for Emacs in docs/editors.md, run in Emacs with eglot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from desk import FINDINGS, FIXED, HERE, needs, set_up
from documented import block

pytestmark = [pytest.mark.editor, pytest.mark.slow]

PACKAGES = """\
(require 'package)
(add-to-list 'package-directory-list "/usr/share/emacs/site-lisp/elpa")
(package-initialize)
"""
"""Before Emacs 29 eglot is a package, and modes for YAML still are; Debian puts them where `emacs -Q` does not look."""


def test_findings_show_and_a_fix_applies(tmp_path: Path) -> None:
    desk = set_up(tmp_path)
    emacs = needs("emacs", "/usr/share/emacs/site-lisp/elpa")
    init = desk.write("init.el", PACKAGES + block("Emacs", "elisp"))
    said = desk.run(emacs, "--batch", "-Q", "-l", str(init), "-l", os.fspath(HERE / "emacs.el"))
    report = desk.report(said)
    assert sorted(report["findings"]) == FINDINGS
    assert report["fixed"] == FIXED
    assert report["left"] == ["REG002"]
