"""The hooks, run through pre-commit itself in a repository of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from hplint.parsing import SYNTAXES

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
GOOD = '{"hplint": 1, "optimizer": {"name": "adam"}}\n'
BAD = '{"hplint": 1, "optimizer": {"name": "adam",}}\n'


def shell(folder: Path, *command: str, status: int | None = 0) -> str:
    """Return what a command prints; `status` is how it must end."""
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull, "HPLINT_CACHE_DIR": "", "PRE_COMMIT_COLOR": "never",
    }  # fmt: skip
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert status is None or done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def git(folder: Path, *arguments: str, status: int = 0) -> str:
    return shell(folder, "git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments, status=status)


def repository(folder: Path, hook: str) -> Path:
    """Return a repository with one of the hooks, run by this Python in the place of one that pre-commit installs."""
    pytest.importorskip("pre_commit")
    made = folder / "project"
    made.mkdir()
    git(made, "init", "-q")
    [stated] = [one for one in HOOKS if one["id"] == hook]
    entry = stated["entry"].replace("hplint", f"{sys.executable} -m hplint", 1)
    config = {"repos": [{"repo": "local", "hooks": [{**stated, "entry": entry, "language": "system"}]}]}
    (made / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    shell(made, sys.executable, "-m", "pre_commit", "install")
    return made


def test_a_bad_config_is_not_committed_and_a_good_one_is(tmp_path: Path) -> None:
    project = repository(tmp_path, "hplint")
    (project / "train.json").write_text(GOOD)
    (project / "package.json").write_text('{"name": 1,}')
    git(project, "add", "-A")
    git(project, "commit", "-qm", "good")
    (project / "train.json").write_text(BAD)
    git(project, "add", "-A")
    said = git(project, "commit", "-qm", "bad", status=1)
    assert "train.json:1:43: error[SYNTAX002] invalid-json" in said
    assert git(project, "log", "--format=%s").split() == ["good"]
    (project / "train.json").write_text(GOOD + "\n")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "mended")
    assert git(project, "log", "--format=%s").split() == ["mended", "good"]


def test_the_fixing_hook_mends_and_asks_for_another_look(tmp_path: Path) -> None:
    project = repository(tmp_path, "hplint-fix")
    (project / "train.json").write_text(BAD)
    git(project, "add", "-A")
    assert "files were modified by this hook" in git(project, "commit", "-qm", "bad", status=1)
    assert (project / "train.json").read_text() == GOOD
    git(project, "add", "-A")
    git(project, "commit", "-qm", "mended")


def test_a_commit_without_configs_does_not_start_hplint(tmp_path: Path) -> None:
    project = repository(tmp_path, "hplint")
    git(project, "add", "-A")
    assert "(no files to check)Skipped" in git(project, "commit", "-m", "nothing")


def test_all_that_hplint_reads_is_passed_and_what_is_surely_foreign_is_not() -> None:
    for hook in HOOKS:
        files, exclude = re.compile(hook["files"]), re.compile(hook["exclude"])

        def is_passed(path: str, files: re.Pattern[str] = files, exclude: re.Pattern[str] = exclude) -> bool:
            return bool(files.search(path)) and not exclude.search(path)

        assert all(is_passed(f"conf/model{ending}") for ending in SYNTAXES)
        for path in ("train.yaml", "conf/experiment/llama.yml", "config.json", "a.b/config.cfg", "sweep.yaml"):
            assert is_passed(path), path
        for path in (
            "package.json", "a/package-lock.json", ".github/workflows/x.yml", "docker-compose.dev.yml", "compose.yaml",
            "pyproject.toml", "Cargo.toml", "mkdocs.yml", "a/node_modules/b/c.json", "model.py", "data.geojson",
            ".pre-commit-config.yaml", "hplint.toml", "setup.cfg", "notebook.ipynb",
        ):  # fmt: skip
            assert not is_passed(path), path


@pytest.mark.slow
def test_the_hook_installs_itself(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "-q")
    (project / "train.json").write_text(BAD)
    git(project, "add", "-A")
    run = (sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "hplint", "--all-files")
    assert "train.json:1:43: error[SYNTAX002] invalid-json" in shell(project, *run, status=1)
    (project / "train.json").write_text(GOOD)
    assert "Passed" in shell(project, *run)
