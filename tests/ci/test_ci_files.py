"""The action for GitHub, the snippets for other CI systems and the container file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
BAD = "hplint: 1\noptimizer:\n  zzzzzz: adam\n"


def published(name: str) -> dict[str, Any]:
    """Return a schema that check-jsonschema carries."""
    pytest.importorskip("check_jsonschema")
    text = files("check_jsonschema").joinpath(f"builtin_schemas/vendor/{name}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def validate(document: Any, schema: dict[str, Any]) -> None:
    jsonschema.validators.validator_for(schema)(schema).validate(document)


def test_the_action_is_one_for_github() -> None:
    validate(ACTION, published("github-actions"))


@pytest.mark.parametrize(("name", "text"), SNIPPETS, ids=[name for name, _ in SNIPPETS])
def test_snippets_are_what_their_systems_read(name: str, text: str) -> None:
    schemas = {
        ".gitlab-ci.yml": "gitlab-ci", "azure-pipelines.yml": "azure-pipelines",
        ".github/workflows/hplint.yml": "github-workflows",
    }  # fmt: skip
    document = yaml.load(text, yaml.BaseLoader) if "workflows" in name else yaml.safe_load(text)
    if name in schemas:
        validate(document, published(schemas[name]))
    else:
        hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
        assert {hook["id"] for hook in document["repos"][0]["hooks"]} <= hooks


def test_every_ci_system_has_its_snippet() -> None:
    assert len(SNIPPETS) == 4


def check_step(folder: Path, **inputs: str) -> tuple[int, str]:
    """Return how the action's own step ends in `folder`, and what it prints."""
    [step] = [step for step in ACTION["runs"]["steps"] if step.get("name") == "Check"]
    values = {name: str(about["default"]) for name, about in ACTION["inputs"].items()} | inputs
    environment = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: values[found[1]], text)
        for name, text in step["env"].items()
    }
    program = folder.parent / "bin"
    program.mkdir(exist_ok=True)
    (program / "hplint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m hplint "$@"\n')
    (program / "hplint").chmod(0o755)
    done = subprocess.run(
        ["bash", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT), "PATH": f"{program}:{os.environ['PATH']}",
             "HPLINT_CACHE_DIR": "", "GITHUB_STEP_SUMMARY": str(folder.parent / "summary.md")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a b.yaml").write_text(BAD)
    return folder


def test_the_action_annotates_and_fails(project: Path) -> None:
    status, out = check_step(project, sarif="true")
    assert status == 1
    assert out.startswith("::warning file=a b.yaml,line=3,endLine=3,col=3,")
    assert json.loads((project / "hplint.sarif").read_text())["version"] == "2.1.0"
    assert "## hplint: 1 finding" in (project.parent / "summary.md").read_text()


def test_the_action_fails_closed(project: Path) -> None:
    assert check_step(project, paths="nowhere")[0] == 2
    assert check_step(project, args="--no-such-option")[0] == 2
    assert check_step(project, **{"fail-on": "no-such-level"})[0] == 2
    (project / "hplint.toml").write_text("selct = []\n")
    assert check_step(project)[0] == 2


def test_the_action_passes_what_is_good(project: Path) -> None:
    assert check_step(project, **{"fail-on": "error"})[0] == 0
    assert check_step(project, args="--ignore SCHEMA")[0] == 0


def test_inputs_are_no_part_of_the_script(project: Path) -> None:
    assert check_step(project, paths="; touch owned $(touch owned)")[0] == 2
    assert not (project / "owned").exists()
    assert not any("${{" in step.get("run", "") for step in ACTION["runs"]["steps"])


def test_the_container_file_copies_what_there_is() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY")]
    assert copied
    assert all((ROOT / name).exists() for names in copied for name in names)
