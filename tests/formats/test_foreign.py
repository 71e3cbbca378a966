"""Files that are no training configs are left alone, whatever words they use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from foreign import FOREIGN

from hplint import lint

CORPUS = os.environ.get("HPLINT_CORPUS")
FILES = sorted(path for path in (Path(__file__).parent / "foreign").iterdir() if path.is_file())


@pytest.mark.parametrize("name", FOREIGN)
def test_no_format_claims_it(name: str) -> None:
    report = lint(FOREIGN[name], name)
    assert (report.recognition.name, report.findings) == (None, ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_format_claims_a_file_of_another_trade(path: Path) -> None:
    report = lint(path.read_bytes(), path.name)
    assert (report.recognition.name, report.findings) == (None, ())


@pytest.mark.skipif(CORPUS is None, reason="HPLINT_CORPUS names no folder of real configs")
def test_evaluation_tasks_are_no_training_configs() -> None:
    files = [path for path in Path(CORPUS or "", "lm-eval").rglob("*") if path.is_file()]
    assert files
    assert [str(path) for path in files if lint(path.read_bytes(), str(path)).recognition.name] == []
