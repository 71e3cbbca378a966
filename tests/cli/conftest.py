"""Runs the command line inside the test process."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Outcome, Run

from hplint.cli.main import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Run]:
    """Return a function that runs hplint with some arguments, in `tmp_path`; `stdin` gives its standard input."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HPLINT_CACHE_DIR", str(tmp_path / ".cache"))
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"):  # the tests themselves may run in one
        monkeypatch.delenv(name, raising=False)
    thresholds = gc.get_threshold()

    def run_it(*arguments: str, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        status = main([str(argument) for argument in arguments])
        sys.stdout.flush()
        sys.stderr.flush()
        out, err = capfdbinary.readouterr()
        return Outcome(status, out.decode(), err.decode())

    yield run_it
    gc.set_threshold(*thresholds)  # the command line sets its own, and expects the process to end
    gc.unfreeze()
