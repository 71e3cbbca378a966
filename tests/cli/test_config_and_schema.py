"""`hplint config` and `hplint schema`: what counts for a file and why, and the schemas for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from running import Run

from hplint import knowledge


def test_settings_are_shown_with_their_places(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hplint.toml").write_text('\nignore = ["ACT"]\nper-file-ignores = {"b.yaml" = ["LR"]}\n')
    outcome = run("config")
    assert outcome.status == 0
    assert '  ignore            ["ACT"]  # hplint.toml:2\n' in outcome.out
    assert '  profile           "default"  # default\n' in outcome.out
    found = json.loads(run("config", "a.yaml", "--output-format", "json").out)
    assert found["file"] == str(tmp_path / "hplint.toml")
    assert not any(code.startswith("ACT") for code in found["rules"])
    assert any(code.startswith("LR") for code in found["rules"])
    assert not any(
        code.startswith("LR") for code in json.loads(run("config", "b.yaml", "--output-format", "json").out)["rules"]
    )


def test_defaults_are_shown_as_such(run: Run) -> None:
    assert "are the defaults; there is no settings file" in run("config").out


def test_wrong_settings_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hplint.toml").write_text("profile = 'strikt'\n")
    outcome = run("config")
    assert outcome.status == 2
    assert outcome.err.startswith("hplint: hplint.toml:1: `profile`: `strikt` is none of its values")


@pytest.mark.parametrize("name", [name for name in knowledge.formats() if knowledge.schema(name)] + ["settings"])
def test_schemas_are_printed(run: Run, name: str) -> None:
    assert name in run("schema").out.splitlines()
    schema = json.loads(run("schema", name).out)
    jsonschema.validators.validator_for(schema).check_schema(schema)


def test_schema_of_nothing_is_told(run: Run) -> None:
    outcome = run("schema", "settigns")
    assert (outcome.status, outcome.err) == (2, "hplint: there is no schema of `settigns`; did you mean `settings`?\n")
    assert json.loads(run("schema", "output").out)["title"].startswith("Output of")


def test_all_that_is_wrong_in_settings_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hplint.toml").write_text('ignor = ["LR"]\nprofile = "all"\nmin-severity = "warn"\n[tool.hplint]\n')
    outcome = run("check")
    assert outcome.status == 2
    assert [line.strip().removeprefix("hplint: ") for line in outcome.err.splitlines()] == [
        "hplint.toml:1: `ignor` is not a setting of hplint; did you mean `ignore`?",
        "hplint.toml:3: `min-severity`: `warn` is none of its values; did you mean `warning`?",
        "hplint.toml:4: `tool` is not a setting of hplint; in this file the settings stand at the top, without "
        "[tool.hplint]",
    ]
