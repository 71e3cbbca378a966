"""A desk for one editor: a project to open, `hplint` on the PATH, and what the editor reports back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FINDINGS = [["OUT001", '"klasse 😀"'], ["REG002", "0.9"]]
"""The findings in training.yaml, and the text that each underlines."""
FIXED = '    - {type: dense, name: "klasse 😀", units: 10, activation: softmax}'
"""The line with OUT001 after its fix."""


@dataclass(frozen=True)
class Desk:
    """A folder of its own for one run of an editor."""

    folder: Path

    @property
    def config(self) -> Path:
        """The config that the editor opens."""
        return self.folder / "project" / "training.yaml"

    def write(self, name: str, text: str) -> Path:
        """Write a file of the editor's own configuration, and return where it is."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the editor: its home is this desk, and `hplint` is the one under test."""
        return {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HPLINT_CONFIG": str(self.config),
            "HPLINT_REPORT": str(self.folder / "report.json"),
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *command: str, stdin: str = "") -> str:
        """Run an editor until it ends by itself, and return what it printed."""
        done = subprocess.run(
            command,
            input=stdin,
            cwd=self.config.parent,
            env=self.environment,
            timeout=180,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return f"{command[0]} ended with {done.returncode}\n{done.stdout}"

    def report(self, said: str) -> Any:
        """Return what the editor's script reported; `said` is shown if it reported nothing."""
        path = self.folder / "report.json"
        assert path.exists(), f"the editor reported nothing; {said}"
        return json.loads(path.read_text(encoding="utf-8"))


def set_up(folder: Path) -> Desk:
    """Return a desk in an empty folder."""
    desk = Desk(folder)
    desk.config.parent.mkdir()
    shutil.copy(HERE / "training.yaml", desk.config)
    checkout = HERE.parents[1]
    program = desk.write("bin/hplint", f'#!/bin/sh\nPYTHONPATH="{checkout}" exec "{sys.executable}" -m hplint "$@"\n')
    program.chmod(0o755)
    return desk


def needs(program: str, *files: str) -> str:
    """Return the path of an editor; skip the test, telling how to get it, when the editor or a file of it is absent."""
    import pytest

    found = shutil.which(program)
    if found is None or not all(os.path.exists(file) for file in files):
        pytest.skip(f"no {program} here; tests/editors/run gets editors and runs these tests")
    return found
