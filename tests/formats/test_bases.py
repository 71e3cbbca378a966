"""Configs that extend others: what is read from where, what is said of it, and what is left alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hplint.bases import MAX_BASES, MAX_BYTES
from hplint.companions import Neighbour
from hplint.facts.fact import WRITTEN
from hplint.lint import Report, lint
from hplint.neighbours import reader_beside
from hplint.text import apply_edits

BASE = "MODEL: {META_ARCHITECTURE: RetinaNet}\nSOLVER:\n  BASE_LR: 0.02\n  STEPS: (60000, 80000)\n  MAX_ITER: 90000\n"


def report_of(files: dict[str, str], name: str = "a.yaml") -> Report:
    def read_neighbour(path: str, exactly: bool = False) -> Neighbour | None:
        return Neighbour(path, files[path].encode()) if path in files else None

    return lint(files[name], name, read_neighbour=read_neighbour)


def test_what_the_config_says_counts_more_than_its_base_and_both_are_known() -> None:
    report = report_of({"a.yaml": "_BASE_: conf/b.yaml\nSOLVER: {BASE_LR: 0.01}\n", "conf/b.yaml": BASE})
    assert report.training is not None
    assert report.training.optimizer.learning_rate.value == 0.01
    assert report.training.run.max_steps.value == 90000
    assert report.training.run.max_steps.origin == WRITTEN
    assert report.training.schedule.milestones.value == [60000, 80000]
    assert [other.path for other in report.others] == ["conf/b.yaml"]


def test_each_path_counts_from_the_file_that_it_stands_in() -> None:
    files = {
        "a.yaml": "_BASE_: ../one/b.yaml\n",
        "../one/b.yaml": "_BASE_: c.yaml\n",
        "../one/c.yaml": "_BASE_: ../d.yaml\n",
        "../d.yaml": BASE,
    }
    report = report_of(files)
    assert report.training is not None
    assert report.training.optimizer.learning_rate.value == 0.02


def test_of_several_bases_the_last_counts() -> None:
    files = {"a.yaml": "_BASE_: [b.yaml, c.yaml]\n", "b.yaml": BASE, "c.yaml": "SOLVER: {BASE_LR: 0.5}\n"}
    report = report_of(files)
    assert report.training is not None
    assert report.training.optimizer.learning_rate.value == 0.5
    assert report.training.run.max_steps.value == 90000


def test_evidence_leads_into_the_base_and_nothing_is_pointed_at_there() -> None:
    report = report_of({"a.yaml": "_BASE_: b.yaml\nSOLVER: {MAX_ITER: 1000}\n", "b.yaml": BASE})
    (finding,) = [finding for finding in report.findings if finding.code == "LR015"]
    assert report.source.text[finding.span.start : finding.span.end] == "1000"
    (evidence,) = [note for note in finding.evidence if note.path is not None]
    assert evidence.path == "b.yaml"
    assert evidence.span is not None
    assert report.source_of(evidence).text[evidence.span.start : evidence.span.end] == "(60000, 80000)"


def test_what_is_wrong_with_the_base_alone_is_said_of_the_base() -> None:
    wrong = BASE.replace("BASE_LR: 0.02", "BASE_LR: 50.0\n  OPTIMIZER: adam")
    files = {"a.yaml": "_BASE_: b.yaml\nINPUT: {FORMAT: BGR}\n", "b.yaml": wrong}
    assert "LR002" in [finding.code for finding in report_of(files, "b.yaml").findings]
    assert report_of(files).findings == ()


def test_fixes_write_into_the_config_and_never_into_its_base() -> None:
    slow = "SOLVER: {OPTIMIZER: adam}\n"
    files = {"a.yaml": f"_BASE_: b.yaml\n{slow}", "b.yaml": BASE.replace("0.02", "5.0")}
    report = report_of(files)
    fixes = [fix for finding in report.findings for fix in finding.fixes]
    for fix in fixes:
        assert apply_edits(files["a.yaml"], fix.edits).startswith("_BASE_: b.yaml\nSOLVER: {OPTIMIZER: adam")


@pytest.mark.parametrize(
    ("files", "circle"),
    [
        ({"a.yaml": "_BASE_: a.yaml\n"}, "a.yaml, a.yaml"),
        ({"a.yaml": "_BASE_: b.yaml\n", "b.yaml": "_BASE_: a.yaml\n"}, "a.yaml, b.yaml, a.yaml"),
        ({"a.yaml": "_BASE_: b.yaml\n", "b.yaml": "_BASE_: ./b.yaml\n"}, "a.yaml, b.yaml, ./b.yaml"),
    ],
)
def test_a_circle_is_one_finding(files: dict[str, str], circle: str) -> None:
    (finding,) = report_of(files).findings
    assert finding.code == "SCHEMA010"
    assert finding.message.endswith(circle)


def test_a_circle_through_another_name_of_the_own_folder_is_found_on_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "conf"
    folder.mkdir()
    (tmp_path / "hplint.toml").write_text("")
    config = folder / "a.yaml"
    config.write_text("_BASE_: ../conf/a.yaml\n")
    report = lint(config.read_bytes(), str(config), read_neighbour=reader_beside(str(config)))
    assert [finding.code for finding in report.findings] == ["SCHEMA010"]


def test_a_fan_of_bases_is_read_up_to_a_number() -> None:
    asked = []

    def read_neighbour(path: str, exactly: bool = False) -> Neighbour | None:
        asked.append(path)
        below = ", ".join(f"{path[:-5]}{i}.yaml" for i in range(4))
        return Neighbour(path, f"_BASE_: [{below}]\n".encode())

    lint("_BASE_: b.yaml\n", "a.yaml", read_neighbour=read_neighbour)
    assert len(asked) == MAX_BASES


def test_bases_are_read_up_to_a_size() -> None:
    files = {
        "a.yaml": "_BASE_: [b.yaml, c.yaml]\n",
        "b.yaml": BASE,
        "c.yaml": f"SOLVER: {{BASE_LR: 0.5}}\n#{'x' * MAX_BYTES}",
    }
    report = report_of(files)
    assert report.others == ()
    assert report.training is not None
    assert not report.training.optimizer.learning_rate.is_known


@pytest.mark.parametrize("said", ["/etc/passwd", "~/b.yaml", "https://example.org/b.yaml", "7", "[]", "{a: b}", "''"])
def test_what_leads_out_of_the_project_or_is_no_path_is_left_alone(said: str) -> None:
    def read_neighbour(path: str, exactly: bool = False) -> Neighbour | None:
        raise AssertionError(path)

    report = lint(f"_BASE_: {said}\nMODEL: {{MASK_ON: true}}\n", "a.yaml", read_neighbour=read_neighbour)
    assert report.findings == ()


@pytest.mark.parametrize("content", [b"", b"[1, 2]", b"a: [", b"\xff\xfe\x00", b"text"])
def test_a_base_that_says_nothing_adds_nothing(content: bytes) -> None:
    report = lint(
        "_BASE_: b.yaml\nMODEL: {MASK_ON: true}\n",
        "a.yaml",
        read_neighbour=lambda path, exactly=False: Neighbour(path, content),
    )
    assert report.findings == ()


def test_a_base_is_missing_only_where_its_repository_is_all_there(tmp_path: Path) -> None:
    config = tmp_path / "conf" / "a.yaml"
    config.parent.mkdir()
    config.write_text("_BASE_: ../Base-RCNN-FNP.yaml\nMODEL: {MASK_ON: true}\n")
    (tmp_path / "Base-RCNN-FPN.yaml").write_text(BASE)
    (tmp_path / "pyproject.toml").write_text("")

    def codes() -> list[str]:
        report = lint(config.read_bytes(), str(config), read_neighbour=reader_beside(str(config)))
        return [finding.code for finding in report.findings]

    assert codes() == []
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert codes() == ["SCHEMA009"]
    config.write_text("_BASE_: ../../Base-RCNN-FNP.yaml\nMODEL: {MASK_ON: true}\n")  # above the project
    assert codes() == []


def test_configs_of_another_program_that_extend_the_same_way_are_none_of_detectron2() -> None:
    paddle = "_BASE_: ['../datasets/coco_detection.yml', '../runtime.yml']\narchitecture: YOLOv3\nsnapshot_epoch: 2\n"
    assert lint(paddle, "ppyolo.yml").recognition.name is None
