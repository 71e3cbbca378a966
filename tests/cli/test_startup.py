"""What `hplint check` imports: start-up is most of its time on a single config."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SLOW = {
    "argparse", "asyncio", "dataclasses", "datetime", "difflib", "inspect", "json", "jsonschema", "logging",
    "lsprotocol", "multiprocessing", "pathlib", "pygls", "socket", "subprocess", "tempfile", "typing", "urllib",
    "zipfile",
}  # fmt: skip
FROM_PYYAML = {"datetime"}
"""PyYAML imports these itself."""

REPORT = """
import sys
before = set(sys.modules)
from hplint.cli.main import main
status = main(sys.argv[1:])
print(status, *sorted(set(sys.modules) - before))
"""


def imported(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """Return the exit status of a run in a fresh process, and what it imported beyond the interpreter's own."""
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{REPORT}", *arguments]
    out = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    status, *modules = out.splitlines()[-1].split()
    return int(status), set(modules)


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_clean_config_is_checked_without_slow_imports(tmp_path: Path, ending: str) -> None:
    text = {"yaml": "hplint: 1\noptimizer: {name: adam}\n", "json": '{"hplint": 1, "optimizer": {"name": "adam"}}'}
    path = tmp_path / f"config.{ending}"
    path.write_text(text[ending])
    imported(tmp_path, "check", path.name)  # in a checkout the first run may have to compile the rules
    status, modules = imported(tmp_path, "check", "--no-cache", path.name)
    assert status == 0
    allowed = FROM_PYYAML if ending == "yaml" else {"json"}
    assert modules & SLOW <= allowed
    assert ("yaml" in modules) == (ending == "yaml")
    assert "hplint.fixes" not in modules


def test_finding_is_shown_without_slow_imports(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("hplint: 1\noptimizer: {zzzzzz: adam}\n")
    imported(tmp_path, "check", "config.yaml")
    status, modules = imported(tmp_path, "check", "--no-cache", "config.yaml")
    assert status == 1
    assert modules & SLOW <= FROM_PYYAML | {"difflib", "json"}  # difflib: "did you mean"
    assert not modules & {"asyncio", "dataclasses", "inspect", "jsonschema", "logging", "pygls", "lsprotocol", "typing"}


@pytest.mark.parametrize("settings", ["", "ignore = ['ACT']\nformats = {'x/*' = 'keras'}\n"])
def test_unchanged_config_is_checked_without_reading_it_again(tmp_path: Path, settings: str) -> None:
    (tmp_path / "hplint.toml").write_text(settings)
    (tmp_path / "config.yaml").write_text("hplint: 1\noptimizer: {name: adam}\n")
    imported(tmp_path, "check", "config.yaml")
    status, modules = imported(tmp_path, "check", "config.yaml")
    assert status == 0
    assert "hplint.cli.cache" in modules
    assert not modules & {"yaml", "hplint.syntax.yaml", "hplint.schema.check", "json", "hashlib", "hplint.own"}
    assert modules & SLOW <= {"datetime", "typing"}  # the standard library reads TOML with them


def test_options_cost_nothing_where_they_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("hplint: 1\noptimizer: {name: adam}\n")
    imported(tmp_path, "check", "config.yaml")
    modules = imported(tmp_path, "check", "--no-cache", "config.yaml")[1]
    used = {name for name in modules if name.startswith(("hplint.cli.", "hplint.output."))}
    assert used <= {
        "hplint.cli.main", "hplint.cli.options", "hplint.cli.check", "hplint.cli.check_options", "hplint.cli.choosing",
        "hplint.cli.files", "hplint.cli.linting", "hplint.cli.results", "hplint.output.summary",
        "hplint.output.terminal",
    }  # fmt: skip
    assert not modules & {"hplint.baseline", "hplint.suppressions", "hplint.fixing", "hplint.settings_file"}


def test_the_number_of_formats_and_rules_does_not_count(tmp_path: Path) -> None:
    """A run loads the description of its own format, no words of rules that stay silent, few conditions."""
    (tmp_path / "config.yaml").write_text("hplint: 1\noptimizer: {name: adam}\n")
    imported(tmp_path, "check", "--no-cache", "config.yaml")
    _, modules = imported(tmp_path, "check", "--no-cache", "config.yaml")
    loaded = {name.removeprefix("hplint._knowledge.") for name in modules if name.startswith("hplint._knowledge.")}
    described = {name for name in loaded if name.startswith(("format_", "schema_", "details_", "documents"))}
    assert described == {"format_hplint", "schema_hplint"}
    assert {name for name in loaded if name.startswith("conditions_")} <= {"conditions_common"}
