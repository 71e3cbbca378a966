"""A config and the file it names, held together: what is read, from where, and what never is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from running import Run

from hplint.companions import Neighbour
from hplint.facts.fact import Part
from hplint.lint import Report, lint
from hplint.neighbours import MAX_BYTES, project_of, reader_beside

CONFIG = "hplint: 1\noptimizer: {name: adam, learning_rate: 0.001}\nsharding: {deepspeed: ds.json}\n"
DEEPSPEED = '{"zero_optimization": {"stage": 2},\n "optimizer": {"type": "AdamW", "params": {"lr": 0.1}}}'


def report_with(content: str | None, config: str = CONFIG) -> Report:
    neighbour = None if content is None else Neighbour("conf/ds.json", content.encode())
    return lint(config, "a.yaml", read_neighbour=lambda name, exactly=False: neighbour)


def stage_of(report: Report) -> object:
    assert report.training is not None
    companion = report.training.companion
    return companion.sharding.zero_stage.value if isinstance(companion, Part) else None


def test_the_named_file_is_read_as_facts_of_its_own() -> None:
    report = report_with(DEEPSPEED)
    assert stage_of(report) == 2
    assert report.training is not None
    assert report.training.companion.path.value == "conf/ds.json"
    assert report.training.optimizer.learning_rate.value == 0.001
    assert report.training.companion.optimizer.learning_rate.value == 0.1
    assert report.training.companion.training is report.training.companion  # its facts are inferred from itself


def test_content_in_place_needs_no_file() -> None:
    inline = CONFIG.replace("ds.json", "{zero_optimization: {stage: 3}}")
    report = lint(inline, "a.yaml")
    assert stage_of(report) == 3
    assert report.training is not None
    assert report.training.companion.path.value is None


@pytest.mark.parametrize("content", [None, "", "[1, 2]", '{"a": ', "\x00", '"text"'])
def test_without_a_readable_file_nothing_is_known_of_it(content: str | None) -> None:
    assert stage_of(report_with(content)) is None


def test_no_neighbour_is_asked_for_unless_one_is_named() -> None:
    def fail(name: str, exactly: bool = False) -> Neighbour | None:
        raise AssertionError(name)

    lint("hplint: 1\noptimizer: {name: adam}\n", "a.yaml", read_neighbour=fail)


def test_evidence_names_the_other_file_and_fixes_leave_it_alone() -> None:
    report = report_with(DEEPSPEED)
    (finding,) = [finding for finding in report.findings if finding.code == "LR019"]
    (evidence,) = [note for note in finding.evidence if note.path is not None]
    assert evidence.path == "conf/ds.json"
    assert evidence.span is not None
    assert report.source_of(evidence).text[evidence.span.start : evidence.span.end] == "0.1"
    assert report.source.text[finding.span.start : finding.span.end] == "0.001"
    assert all(edit.span.end <= len(report.source.text) for fix in finding.fixes for edit in fix.edits)


def test_a_name_is_looked_for_from_the_config_upwards_to_the_project(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    config = tmp_path / "conf" / "a" / "train.yaml"
    config.parent.mkdir(parents=True)
    (tmp_path / "ds.json").write_text("{}")
    (tmp_path.parent / "outside.json").write_text("{}")
    read = reader_beside(str(config))
    found = read("ds.json")
    assert found == Neighbour(str(tmp_path / "ds.json"), b"{}")
    assert read("outside.json") is None
    assert project_of(str(config)) == str(tmp_path)


def test_two_files_that_differ_leave_open_which_is_meant(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    read = reader_beside(str(tmp_path / "conf" / "train.yaml"), str(tmp_path))
    (tmp_path / "ds.json").write_text("{}")
    (tmp_path / "conf" / "ds.json").write_text("{}")
    assert read("ds.json") is not None
    (tmp_path / "conf" / "ds.json").write_text('{"a": 1}')
    assert read("ds.json") is None


@pytest.mark.parametrize(
    "name", ["../outside.json", "link.json", "folder", "pipe", "", "nul\0", "large.json", "far/ds.json"]
)
def test_nothing_outside_the_project_and_nothing_special_is_read(tmp_path: Path, name: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside.json").write_text("{}")
    (tmp_path / "ds.json").write_text("{}")
    (root / "link.json").symlink_to(tmp_path / "outside.json")
    (root / "far").symlink_to(tmp_path)
    (root / "folder").mkdir()
    os.mkfifo(root / "pipe")
    (root / "large.json").write_bytes(b" " * (MAX_BYTES + 1))
    assert reader_beside(str(root / "train.yaml"), str(root))(name) is None


def test_an_absolute_path_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "ds.json").write_text("{}")
    assert reader_beside(str(tmp_path / "train.yaml"), str(tmp_path))(str(tmp_path / "ds.json")) is None


def test_the_command_line_shows_the_other_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "train.yaml").write_text(CONFIG)
    (tmp_path / "ds.json").write_text(DEEPSPEED)
    outcome = run("check", "train.yaml")
    assert "note: ds.json:2:50: " in outcome.out
    findings = json.loads(run("check", "train.yaml", "--output-format", "json").out)["findings"]
    (found,) = [finding for finding in findings if finding["code"] == "LR019"]
    assert [note["path"] for note in found["evidence"] if note["path"] != "train.yaml"] == ["ds.json"]
