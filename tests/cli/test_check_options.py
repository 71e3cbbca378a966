"""`hplint check`: what its options do to what is shown, written and returned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run

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
