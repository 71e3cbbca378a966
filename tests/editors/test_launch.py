"""Which hplint the VS Code extension runs: that of the environment, or the copy that comes with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LAUNCHER = ROOT / "editors" / "vscode" / "bundled" / "launch.py"
BARE = ["-S", "-E"]
"""Options that let Python see no installed packages."""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Return a launcher with a copy of hplint beside it that tells who it is."""
    folder = tmp_path / "bundled"
    command = folder / "libs" / "hplint" / "cli" / "main.py"
    command.parent.mkdir(parents=True)
    command.write_text("def main(arguments):\n    print('the bundled copy', *arguments)\n    return 0\n")
    for package in (command.parent, command.parents[1]):
        (package / "__init__.py").touch()
    (folder / "pure" / "yaml").mkdir(parents=True)
    (folder / "pure" / "yaml" / "__init__.py").touch()
    return Path(shutil.copy(LAUNCHER, folder))


def launch(launcher: Path, *arguments: str, options: list[str] | None = None, cwd: Path = ROOT) -> Any:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *(options or []), str(launcher), *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60)


def origin(done: Any) -> str:
    assert done.returncode == 0, done.stderr
    about: dict[str, str] = json.loads(done.stdout)
    assert about["executable"] == sys.executable
    return about["origin"]


def test_the_environments_hplint_comes_first(bundle: Path) -> None:
    assert origin(launch(bundle, "fromEnvironment", "--describe")) == "environment"
    assert launch(bundle, "fromEnvironment", "--version").stdout.startswith("hplint ")


def test_the_copy_is_run_where_there_is_none(bundle: Path) -> None:
    assert origin(launch(bundle, "fromEnvironment", "--describe", options=BARE)) == "bundled"
    assert launch(bundle, "fromEnvironment", "server", options=BARE).stdout == "the bundled copy server\n"


def test_the_copy_is_run_where_it_is_asked_for(bundle: Path) -> None:
    assert origin(launch(bundle, "useBundled", "--describe")) == "bundled"
    assert launch(bundle, "useBundled", "server").stdout == "the bundled copy server\n"


def test_without_either_the_message_says_what_is_missing(bundle: Path) -> None:
    shutil.rmtree(bundle.parent / "libs")
    done = launch(bundle, "fromEnvironment", "--describe", options=BARE)
    assert done.returncode == 1
    assert "hplint" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_of_the_workspace_is_run(bundle: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    for name in ("hplint", "yaml", "json", "pygls"):
        (workspace / f"{name}.py").write_text("raise SystemExit('code of the workspace was run')\n")
    assert origin(launch(bundle, "fromEnvironment", "--describe", cwd=workspace)) == "environment"
    assert origin(launch(bundle, "useBundled", "--describe", options=BARE, cwd=workspace)) == "bundled"
