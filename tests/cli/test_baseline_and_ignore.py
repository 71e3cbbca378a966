"""`hplint baseline` and `hplint ignore`: two ways to live with what is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run

UNKNOWN_KEY = "hplint: 1\noptimizer:\n  zzzzzz: adam\n"


def known(folder: Path) -> int:
    entries = json.loads((folder / "hplint-baseline.json").read_text())["findings"]
    return sum(entry["count"] for entry in entries)


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    """A folder whose one finding is known."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "a.yaml").write_text(UNKNOWN_KEY)
    (tmp_path / "hplint.toml").write_text('baseline = "hplint-baseline.json"\n')
    outcome = run("baseline")
    assert (outcome.status, outcome.err) == (0, "hplint-baseline.json: 1 finding is known from now on\n")
    return tmp_path


def test_only_new_findings_are_reported(run: Run, project: Path) -> None:
    assert run("check").err == "no findings in 1 config\n"
    (project / "conf" / "b.yaml").write_text(UNKNOWN_KEY)
    outcome = run("check", "--output-format", "concise")
    assert outcome.status == 1
    assert outcome.out.startswith("conf/b.yaml:3:3:")
    assert len(outcome.out.splitlines()) == 1
    assert run("check", "--no-baseline", "--output-format", "concise").out.count("\n") == 2


def test_moved_lines_and_renamed_files_stay_known(run: Run, project: Path) -> None:
    path = project / "conf" / "a.yaml"
    path.write_text("# moved\n\n" + UNKNOWN_KEY)
    assert run("check").status == 0
    path.rename(project / "c.yaml")
    assert run("check").status == 0
    run("baseline")
    assert '"path": "c.yaml"' in (project / "hplint-baseline.json").read_text()


def test_a_second_finding_of_the_kind_is_new(run: Run, project: Path) -> None:
    (project / "conf" / "a.yaml").write_text(UNKNOWN_KEY + "loss:\n  zzzzzz: adam\n")
    outcome = run("check", "--output-format", "concise")
    assert outcome.out.startswith("conf/a.yaml:5:3:")
    assert len(outcome.out.splitlines()) == 1


def test_a_copied_file_is_new(run: Run, project: Path) -> None:
    (project / "conf" / "copy.yaml").write_text(UNKNOWN_KEY)
    assert run("check").status == 1


def test_a_baseline_only_shrinks(run: Run, project: Path) -> None:
    (project / "conf" / "b.yaml").write_text(UNKNOWN_KEY)
    assert "1 finding is new and not added, since a baseline only shrinks" in run("baseline").err
    assert known(project) == 1
    (project / "conf" / "a.yaml").write_text("hplint: 1\n")
    assert "1 known to the baseline is gone, `hplint baseline` forgets them" in run("check").err
    run("baseline")
    assert known(project) == 0
    (project / "conf" / "a.yaml").write_text(UNKNOWN_KEY)
    assert run("check").status == 1


def test_what_is_not_looked_at_stays_known(run: Run, project: Path) -> None:
    (project / "other.yaml").write_text("hplint: 1\n")
    assert run("check", "other.yaml").err == "no findings in 1 config\n"
    run("baseline", "other.yaml")
    assert known(project) == 1


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 99}', '{"version": 1, "findings": [{}]}'])
def test_a_wrong_baseline_is_told(run: Run, project: Path, content: str) -> None:
    (project / "hplint-baseline.json").write_text(content)
    for command in ("check", "baseline"):
        outcome = run(command)
        assert outcome.status == 2
        assert "anew" in outcome.err


def test_a_baseline_that_is_not_there_is_told(run: Run, project: Path) -> None:
    outcome = run("check", "--baseline", "nowhere.json")
    assert outcome.status == 2
    assert "nowhere.json cannot be read" in outcome.err


# -- hplint ignore -------------------------------------------------------------------------------------------------


def test_everything_is_suppressed_with_a_reason(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf" + UNKNOWN_KEY.replace("\n", "\r\n").encode())
    (tmp_path / "b.toml").write_text("hplint = 1\n[optimizer]\nzzzzzz = 1\n")
    (tmp_path / "c.json").write_text('{"hplint": 1,\n "optimizer": {"zzzzzz": 1}}')
    assert run("check").status == 1
    outcome = run("ignore", "--reason", 'ours,  "really"')
    assert (outcome.status, outcome.err.splitlines()[-1]) == (0, "3 findings suppressed")
    assert run("check").err == "no findings in 3 configs\n"
    assert (tmp_path / "a.yaml").read_bytes() == (
        b'\xef\xbb\xbfhplint: 1\r\noptimizer:\r\n  zzzzzz: adam  # hplint: ignore[SCHEMA001] ours, "really"\r\n'
    )
    assert (tmp_path / "hplint.toml").read_text() == (
        '[[suppressions]]\nfiles = "c.json"\nat = "/optimizer/zzzzzz"\nrules = ["SCHEMA001"]\n'
        'reason = "ours, \\"really\\""\n'
    )
    assert run("ignore", "--reason", "again").err == "0 findings suppressed\n"


def test_settings_that_are_there_are_kept(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"hplint": 1,\n "optimizer": {"zzzzzz": 1}}')
    (tmp_path / "pyproject.toml").write_text("[tool.hplint]\nprofile = 'strict'  # why")
    assert run("ignore", "--reason", "ours").status == 0
    text = (tmp_path / "pyproject.toml").read_text()
    assert text.startswith("[tool.hplint]\nprofile = 'strict'  # why\n\n[[tool.hplint.suppressions]]\n")
    assert run("check").status == 0


def test_a_selection_is_suppressed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    assert run("ignore", "--reason", "x", "--select", "LR").err == "0 findings suppressed\n"
    assert run("ignore", "--reason", "x", "--select", "SCHEMA").err == "1 finding suppressed\n"


def test_a_reason_is_needed(run: Run) -> None:
    outcome = run("ignore")
    assert outcome.status == 2
    assert "--reason is missing" in outcome.err


def test_ignore_adds_no_comment_that_does_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("hplint: 1\n# hplint: ignor[LR001]\noptimzer: 1\n")
    outcome = run("ignore", "--reason", "ours")
    assert outcome.status == 2
    assert outcome.err.startswith("a.yaml:2: SUPP003 cannot be suppressed by a comment here;")
    assert path.read_text() == "hplint: 1\n# hplint: ignor[LR001]\noptimzer: 1  # hplint: ignore[YAML012] ours\n"


def test_an_unused_suppression_of_the_settings_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"hplint": 1, "optimizer": {"name": "adam"}}')
    (tmp_path / "hplint.toml").write_text(
        'profile = "strict"\n\n[[suppressions]]\nfiles = "a.json"\nat = "/optimizer/name"\nrules = ["LR002"]\n'
    )
    assert "LR002 finds nothing at /optimizer/name (hplint.toml:3), so there is nothing to ignore" in run("check").out
