"""`hplint check`: what its options do to what is shown, written and returned."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from running import Run

from hplint.cli.help import help_text, laid_out
from hplint.cli.main import COMMANDS, HELP

BAD = "hplint: 1\noptimizer: {name: adam, learning_rate: 2.0}\n"
UNKNOWN_KEY = "hplint: 1\noptimizer:\n  zzzzzz: adam\n"


@pytest.fixture(autouse=True)
def config(tmp_path: Path) -> Path:
    """A config with one finding: a warning of medium confidence."""
    path = tmp_path / "a.yaml"
    path.write_text(UNKNOWN_KEY)
    return path


def test_exit_status_follows_fail_on(run: Run) -> None:
    assert run("check").status == 1
    assert run("check", "--fail-on", "info").status == 1
    assert run("check", "--fail-on", "error").status == 0
    assert run("check", "--fail-on", "never").status == 0
    assert run("check", "--exit-zero").status == 0
    assert run("check", "--exit-zero", "nowhere.yaml").status == 2


def test_severity_and_confidence_leave_out(run: Run) -> None:
    assert run("check", "--min-severity", "error").out == ""
    assert run("check", "--min-confidence", "high").out == ""
    assert run("check", "--min-severity", "warning", "--min-confidence", "medium").status == 1


def test_profiles_and_extended_selection(run: Run, tmp_path: Path) -> None:
    bad = Path(__file__).parents[2] / "examples" / "bad" / "network-for-a-small-table.yaml"
    (tmp_path / "a.yaml").write_text(bad.read_text(encoding="utf-8"), encoding="utf-8")

    def codes(*arguments: str) -> set[str]:
        return {line.split()[1] for line in run("check", "--statistics", *arguments).out.splitlines()}

    default, strict, everything = codes(), codes("--profile", "strict"), codes("--profile", "all")
    assert default < strict < everything
    extra = min(everything - default)
    assert codes("--extend-select", extra) == default | {extra}
    assert codes("--select", extra) == {extra}


def test_statistics_count_by_rule(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"hplint": 1, "optimizer": {"name": "adam",},}')
    assert run("check", "--statistics").out == (
        "2  SYNTAX002 error   F invalid-json\n1  SCHEMA001 warning   undefined-key\n"
    )
    first = json.loads(run("check", "--statistics", "--output-format", "json").out)[0]
    assert first == {
        "code": "SYNTAX002", "name": "invalid-json", "count": 2, "severity": "error", "fixable": 2, "unsafe_fixable": 0,
        "files": 1,
    }  # fmt: skip


def test_a_report_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    outcome = run("check", "--output-format", "sarif", "--output-file", "out.sarif")
    assert (outcome.status, outcome.out) == (1, "")
    assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"
    assert outcome.err == "1 finding (1 warning) in 1 config\n"
    outcome = run("check", "--output-file", "nowhere/out.txt")
    assert outcome.status == 2
    assert "nowhere/out.txt cannot be written: no such file or directory" in outcome.err


def test_colours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in run("check").out
    assert "\x1b[" in run("check", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("check").out
    assert "\x1b[" not in run("check", "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("check").out


def test_quiet(run: Run) -> None:
    assert run("check", "--quiet").err == ""


def test_exclude_and_settings_from_elsewhere(run: Run, tmp_path: Path) -> None:
    assert run("check", "--exclude", "a.*").out == ""
    (tmp_path / "hplint.toml").write_text("ignore = ['SCHEMA']\n")
    (tmp_path / "other.toml").write_text("min-severity = 'error'\nignore = ['YAML']\n")
    assert run("check").out == ""
    assert run("check", "--isolated").status == 1
    assert run("check", "--config", "other.toml").out == ""
    assert run("check", "--config", "other.toml", "--min-severity", "info").status == 1
    assert run("check", "--config", "nowhere.toml").status == 2
    assert run("check", "--config", "other.toml", "--isolated").status == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--jobs", "0"), "`0` is no number of processes"),
        (("--jobs", "many"), "`many` is no number of processes"),
        (("--changed", "--staged"), "choose one of them"),
        (("--statistics", "--output-format", "sarif"), "--statistics is shown as text or"),
        (("--watch", "-"), "--watch needs files"),
    ],
)
def test_wrong_options_are_told(run: Run, arguments: tuple[str, ...], said: str) -> None:
    outcome = run("check", *arguments)
    assert outcome.status == 2
    assert said in outcome.err


def test_help_says_where_everything_is(run: Run) -> None:
    page = run("help", "check").out
    assert page == run("check", "--help").out
    for heading in ("fixes:", "report:", "files:", "output formats:", "exit status:", "examples:"):
        assert f"\n{heading}\n" in page
    assert run("help", "chekc").status == 2


def test_rules_are_listed_for_programs(run: Run) -> None:
    rules = json.loads(run("rule", "--output-format", "json").out)
    assert {"code", "name", "severity", "why", "sources"} <= set(rules[0])
    assert len(rules) > 200
    [one] = json.loads(run("rule", "ACT001", "--output-format", "json").out)
    assert one["name"] == "sigmoid-hidden"


@pytest.mark.parametrize("width", [80, 100])
def test_help_fits_the_terminal(width: int) -> None:
    pages = {name: help_text(import_module(f"hplint.cli.{name.replace('-', '_')}").COMMAND, width) for name in COMMANDS}
    for name, page in {"hplint": laid_out(HELP, width), **pages}.items():
        assert [line for line in page.splitlines() if len(line) > width] == [], name
        assert "exit status:\n" in page
        assert "examples:\n" in page


def test_options_have_short_names(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(BAD)
    outcome = run("check", "-q", "-e", "-n", "-j", "1", "-o", "report.txt", "bad.yaml")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert "LR002" in (tmp_path / "report.txt").read_text()
    assert "there is no option -x; `hplint check --help` lists them" in run("check", "-x").err


def test_excluded_files_that_are_named_can_be_left_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hplint.toml").write_text('exclude = ["vendor"]\n')
    (tmp_path / "sub" / "vendor" / "deep").mkdir(parents=True)
    path = tmp_path / "sub" / "vendor" / "deep" / "bad.yaml"
    path.write_text(BAD)
    assert run("check", "sub/vendor/deep/bad.yaml").status == 1
    assert run("check", str(path), "--force-exclude").status == 0
    assert run("check", "sub/vendor/deep/bad.yaml", "--force-exclude").err == "no training configs found\n"


def test_a_rule_of_a_project_further_down_can_be_selected(run: Run, tmp_path: Path) -> None:
    own = Path(__file__).parents[2] / "examples" / "own"
    shutil.copytree(own, tmp_path / "teams" / "one")
    (tmp_path / "bad.yaml").write_text(BAD)
    outcome = run("check", "--select", "ACME", "--output-format", "concise")
    assert outcome.status == 1
    assert {line.split("[")[1].split("]")[0] for line in outcome.out.splitlines()} == {"ACME001"}
    assert "names no rule" in run("check", "--select", "ACME", "bad.yaml").err


def test_what_is_ignored_is_not_told_in_other_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "input_features: [{name: a, type: number}]\noutput_features: [{name: b, type: number}]\n"
        "trainer: {learning_rate: 1e-3}\n"
    )
    assert "YAML001" in run("check", "a.yaml").out
    assert run("check", "a.yaml", "--ignore", "YAML001").out == ""
    (tmp_path / "hplint.toml").write_text('per-file-ignores = {"*.yaml" = ["sci-string"]}\n')
    assert run("check", "a.yaml").out == ""
    assert "SCHEMA004" in run("check", "a.yaml", "--isolated", "--select", "SCHEMA").out
