"""The block for Vim in docs/editors.md, run in Vim with ALE."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from desk import FINDINGS, FIXED, HERE, needs, set_up
from documented import block

pytestmark = [pytest.mark.editor, pytest.mark.slow]

ALE = "/usr/share/vim-ale"
BEFORE = f"""\
set nocompatible hidden encoding=utf-8
filetype plugin on
set runtimepath+={ALE}
"""
"""What a plugin manager does."""


def test_findings_show_and_a_fix_applies(tmp_path: Path) -> None:
    desk = set_up(tmp_path)
    vim = needs("vim", ALE)
    # ALE 3.3 takes columns for bytes: it could place nothing behind the names in this config, were they not plain.
    plain = desk.config.read_text(encoding="utf-8").encode("ascii", "ignore").decode()
    desk.config.write_text(plain, encoding="utf-8")
    vimrc = desk.write("vimrc", BEFORE + block("Vim", "vim"))
    first_choice = "1\n\n\n"  # what a person answers to ALE, which lists the fixes and asks for a number
    script = os.fspath(HERE / "vim.vim")
    said = desk.run(vim, "-Nu", str(vimrc), "-i", "NONE", "-n", "-es", "-c", "runtime plugin/ale.vim",
                    "-c", f"edit {desk.config}", "-S", script, stdin=first_choice)  # fmt: skip
    report = desk.report(said)
    assert report["findings"] == [code for code, _ in FINDINGS]
    assert report["fixed"] == FIXED.encode("ascii", "ignore").decode()
    assert report["left"] == ["REG002"]
