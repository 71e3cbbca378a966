"""Ultralytics: arguments of a training, models and data sets."""

from __future__ import annotations

import pytest

from hplint import lint

ARGUMENTS = """\
task: detect
mode: train
model: yolo11n.pt
data: pills.yaml
epochs: 100
batch: -1
imgsz: 640
device: null
lr0: 0.01
momentum: 0.937
conf: null
save_period: -1
cos_lr: false
"""


def found(text: str) -> list[str]:
    """Return the codes of what is found, in order."""
    return [finding.code for finding in lint(text, "args.yaml").findings]


def test_arguments_as_a_training_writes_them_are_fine() -> None:
    report = lint(ARGUMENTS, "args.yaml")
    assert (report.recognition.name, report.findings) == ("ultralytics", ())
    assert report.training is not None
    assert report.training.optimizer.learning_rate.value == 0.01


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("lr0: 0.01", "lr0: 1e-2", "YAML001"),
        ("momentum: 0.937", "momentum: 1.5", "SCHEMA005"),
        ("cos_lr: false", "cos_lr: cosine", "SCHEMA003"),
        ("task: detect", "task: detct", "SCHEMA004"),
    ],
)
def test_what_its_loader_refuses_is_an_error(old: str, new: str, code: str) -> None:
    text = ARGUMENTS.replace(old, new)
    assert [finding.severity for finding in lint(text, "args.yaml").findings] == ["error"]
    assert found(text) == [code]


def test_hyperparameters_alone_are_recognised() -> None:
    text = "lr0: 0.01\nlrf: 0.01\nhsv_h: 0.015\nmosaic: 1.0\nfliplr: 0.5\nobj: 1.0\nanchor_t: 4.0\n"
    assert (lint(text, "hyp.yaml").recognition.name, found(text)) == ("ultralytics", [])


def test_a_data_set_needs_a_name_for_each_class() -> None:
    text = "path: pills\ntrain: images/train\nval: images/val\nnc: 2\nnames: {0: round, 1: oval, 2: long}\n"
    assert found(text) == ["DATA005"]
    assert found(text.replace("nc: 2", "nc: 3")) == []


def test_a_model_is_recognised_by_its_modules() -> None:
    text = "nc: 80\nbackbone:\n  - [-1, 1, Conv, [64, 3, 2]]\nhead:\n  - [[-1], 1, Detect, [nc]]\n"
    assert (lint(text, "yolo.yaml").recognition.name, found(text)) == ("yolo-model", [])
