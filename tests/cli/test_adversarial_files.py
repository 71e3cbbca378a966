"""Files made to bring a linter down end in findings or a message, long before anybody would stop the run.

What they cost is measured by benchmarks/adversarial_files.py; here a limit of the system ends what hangs or grows.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from adversarial import FILES

CPU_SECONDS = 15
MEMORY = 2_000_000_000


def limit() -> None:
    """End the process when it takes many times what such a file may take."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("name", FILES)
def test_file_is_checked_within_bounds(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name]())
    command = [sys.executable, "-m", "hplint", "check", "--no-cache", "--output-format", "concise", name]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, preexec_fn=limit)
    assert run.returncode in (0, 1, 2), run.stderr[-2000:]
    assert b"Traceback" not in run.stderr
    assert b"defect of hplint" not in run.stderr
    assert run.stdout or run.stderr
    assert b"\x1b" not in run.stdout + run.stderr
