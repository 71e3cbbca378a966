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


ENCODINGS = {"emacs": "utf-16", "emacs-new": "utf-32"}
"""How positions are counted: by eglot 1.9 as the protocol first had it, by that of Emacs 30 in characters."""


@pytest.mark.parametrize("program", ENCODINGS)
def test_findings_show_and_a_fix_applies(tmp_path: Path, program: str) -> None:
    desk = set_up(tmp_path)
    emacs = needs(program, "/usr/share/emacs/site-lisp/elpa")
    init = desk.write("init.el", PACKAGES + block("Emacs", "elisp"))
    said = desk.run(emacs, "--batch", "-Q", "-l", str(init), "-l", os.fspath(HERE / "emacs.el"))
    report = desk.report(said)
    assert sorted(report["findings"]) == FINDINGS
    assert report["fixed"] == FIXED
    assert report["left"] == ["REG002"]
    assert report["encoding"] == ENCODINGS[program]


SETTLED = """\
(require 'json)
(require 'flymake)
(require 'eglot)
(defun hplint-test-texts () (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
(setq eglot-sync-connect 30)
(find-file (getenv "HPLINT_CONFIG"))
(run-hooks 'post-command-hook) ; eglot-ensure waits for it, and batch has no commands
(let ((end (+ (float-time) 60)))
  (while (and (/= (length (hplint-test-texts)) 1) (< (float-time) end))
    (accept-process-output nil 0.02)
    (flymake-start)))
(let ((texts (vconcat (hplint-test-texts))))
  (with-temp-file (getenv "HPLINT_REPORT") (insert (json-encode texts))))
(eglot-shutdown (eglot-current-server))
"""
"""Waits until one finding is left, and reports what is."""


@pytest.mark.parametrize("program", ENCODINGS)
def test_settings_of_the_editor_count(tmp_path: Path, program: str) -> None:
    desk = set_up(tmp_path)
    emacs = needs(program, "/usr/share/emacs/site-lisp/elpa")
    init = desk.write("init.el", PACKAGES + block("Emacs", "elisp") + block("Settings", "elisp"))
    script = desk.write("settled.el", SETTLED)
    (shown,) = desk.report(desk.run(emacs, "--batch", "-Q", "-l", str(init), "-l", str(script)))
    assert "ends without softmax" in shown
