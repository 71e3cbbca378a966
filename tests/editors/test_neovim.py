"""The blocks for Neovim in docs/editors.md, run in Neovim."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from desk import FINDINGS, FIXED, HERE, needs, set_up
from documented import block

pytestmark = [pytest.mark.editor, pytest.mark.slow]


def version_of(nvim: str) -> tuple[int, int]:
    said = subprocess.run([nvim, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"v(\d+)\.(\d+)", said)
    assert match is not None, said
    return int(match[1]), int(match[2])


@pytest.mark.parametrize("program", ["nvim", "nvim-new"])
def test_findings_show_and_a_fix_applies(tmp_path: Path, program: str) -> None:
    desk = set_up(tmp_path)
    nvim = needs(program)
    modern = version_of(nvim) >= (0, 11)
    config = desk.write("init.lua", block("Neovim", "lua", 0 if modern else 1))
    script = os.fspath(HERE / "neovim.lua")
    said = desk.run(nvim, "--headless", "-u", str(config), "-i", "NONE", "-n", str(desk.config), "-S", script)
    report = desk.report(said)
    assert sorted(report["findings"]) == FINDINGS
    assert report["fixed"] == FIXED
    assert report["left"] == ["REG002"]
    assert "learning_rate" in report["hover"]
    assert "softmax" in report["completion"]
    assert report["encoding"] == ("utf-8" if modern else "utf-16")


CODES = """\
local function codes()
  return vim.tbl_map(function(found) return found.code end, vim.diagnostic.get(0))
end
local silent = vim.wait(60000, function() return vim.deep_equal(codes(), { 'OUT001' }) end, 20)
vim.fn.writefile({ vim.fn.json_encode({ silent = silent, codes = codes() }) }, vim.env.HPLINT_REPORT)
vim.cmd('qall!')
"""


def test_settings_of_the_editor_count(tmp_path: Path) -> None:
    desk = set_up(tmp_path)
    nvim = needs("nvim-new")
    config = desk.write("init.lua", block("Neovim", "lua") + block("Settings", "lua"))
    script = desk.write("codes.lua", CODES)
    said = desk.run(nvim, "--headless", "-u", str(config), "-i", "NONE", "-n", str(desk.config), "-S", str(script))
    assert desk.report(said) == {"silent": True, "codes": ["OUT001"]}
