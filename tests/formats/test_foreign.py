"""Files that are no training configs are left alone, whatever words they use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from foreign import FOREIGN

from hplint import lint

CORPUS = os.environ.get("HPLINT_CORPUS")


@pytest.mark.parametrize("name", FOREIGN)
def test_no_format_claims_it(name: str) -> None:
    report = lint(FOREIGN[name], name)
    assert (report.recognition.name, report.findings) == (None, ())


@pytest.mark.skipif(CORPUS is None, reason="HPLINT_CORPUS names no folder of real configs")
def test_evaluation_tasks_are_no_training_configs() -> None:
    files = [path for path in Path(CORPUS or "", "lm-eval").rglob("*") if path.is_file()]
    assert files
    assert [str(path) for path in files if lint(path.read_bytes(), str(path)).recognition.name] == []
