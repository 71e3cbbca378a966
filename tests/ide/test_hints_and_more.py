"""Inlay hints, the line above a config, folding, growing selections, links."""

from __future__ import annotations

import re

from hplint import lint
from hplint.ide.document import Document, document
from hplint.ide.folding import folds
from hplint.ide.hints import BATCH, DEFAULTS, GRID, KINDS, MAX_LENGTH, SHAPES, STEPS, WEIGHTS, hints
from hplint.ide.lens import lens
from hplint.ide.links import FILE, PAGE, links
from hplint.ide.selection import selections

NETWORK = """\
hplint: 1
task: {kind: multiclass, classes: 10}
inputs:
  - {name: photo, modality: image, shape: [28, 28, 1]}
data: {samples: 6400}
model:
  layers:
    - {type: conv2d, filters: 8, kernel: 3, activation: relu}
    - type: flatten
    - type: dense   # the head
      units: 10
      activation: softmax
loss: sparse_categorical_crossentropy
optimizer: {name: adam, learning_rate: 1e-3}
training:
  epochs: 2
  batch_size: 32
  accumulation: 2
search:
  algorithm: grid
  parameters:
    training.batch_size: [16, 32, 64]
    optimizer.learning_rate: {values: [1e-3, 1e-4]}
"""


def seen(text: str, path: str = "run.yaml") -> Document:
    return document(lint(text, path))


def shown(text: str, *kinds: str) -> list[str]:
    """Return the lines of the text that have hints, each hint in place."""
    found = hints(seen(text), kinds or KINDS)
    for hint in reversed(found):
        text = f"{text[: hint.offset]} «{hint.label}»{text[hint.offset :]}"
    return [line.strip() for line in text.splitlines() if "«" in line]


def test_shapes_and_weights_of_layers() -> None:
    assert shown(NETWORK, SHAPES, WEIGHTS) == [
        "- {type: conv2d, filters: 8, kernel: 3, activation: relu} «→ (26, 26, 8) · 80 weights»",
        "- type: flatten «→ (5408)»",
        "- type: dense   # the head «→ (10) · 54,090 weights»",
    ]


def test_each_kind_can_be_switched_off() -> None:
    assert shown(NETWORK, SHAPES)[0].endswith("«→ (26, 26, 8)»")
    assert shown(NETWORK, WEIGHTS)[0].endswith("«80 weights»")
    assert hints(seen(NETWORK), ()) == ()


def test_batch_steps_and_grid() -> None:
    assert shown(NETWORK, BATCH, STEPS, GRID) == [
        "epochs: 2 «200 steps»",
        "batch_size: 32 «effective batch 64»",
        "algorithm: grid «6 combinations»",
    ]


def test_defaults_of_a_framework() -> None:
    text = """\
input_features:
  - {name: age, type: number}
output_features:
  - {name: label, type: category}
trainer:
  epochs: 3
"""
    (line,) = [line for line in shown(text, DEFAULTS) if line.startswith("trainer")]
    assert "learning_rate: 0.001" in line
    assert "epochs" not in line
    assert "of Ludwig" in next(hint for hint in hints(seen(text), (DEFAULTS,))).tooltip.plain


def test_defaults_take_the_room_that_a_line_has_and_leave_out_what_is_off() -> None:
    text = """\
hplint: 1
task: {kind: multiclass, classes: 3}
inputs: [{name: x, modality: tabular, shape: [20]}]
model:
  layers:
    - {type: dense, name: last, units: 3}
loss: sparse_categorical_crossentropy
optimizer: {name: adam, learning_rate: 1e-3}
"""
    assert shown(text, SHAPES, WEIGHTS, DEFAULTS) == [
        "- {type: dense, name: last, units: 3} «→ (3) · 63 weights» «activation: linear, …»"
    ]
    assert shown(text, DEFAULTS) == ["- {type: dense, name: last, units: 3} «activation: linear, bias: true»"]
    for line in shown(NETWORK):
        assert sum(len(hint) for hint in re.findall("«(.*?)»", line)) <= MAX_LENGTH


def test_only_the_part_in_sight_is_asked_for() -> None:
    start = NETWORK.index("- type: dense")
    assert [hint.label for hint in hints(seen(NETWORK), (SHAPES,), start)] == ["→ (10)"]


def test_the_line_above_a_config() -> None:
    found = lens(seen(NETWORK))
    assert found is not None
    assert (
        found.title
        == "hplint · multiclass · image · neural network, 54,170 weights · grid search over 2 hyperparameters"
    )
    assert lens(seen("a: 1\n")) is None


def test_folding() -> None:
    text = "# a\n# b\n# c\nmodel:\n  layers:\n    - type: x\n      units: 3\n    - type: y\nname: x\n"
    found = [
        (text.count("\n", 0, fold.start) + 1, text.count("\n", 0, fold.end) + 1, fold.kind)
        for fold in folds(seen(text))
    ]
    assert found == [(1, 3, "comment"), (4, 8, "region"), (5, 8, "region"), (6, 7, "region")]


def test_a_selection_grows() -> None:
    at = NETWORK.index("conv2d") + 2
    grown = [NETWORK[span.start : span.end] for span in selections(seen(NETWORK), at)]
    assert grown[:3] == ["conv2d", "type: conv2d", "type: conv2d, filters: 8, kernel: 3, activation: relu"]
    assert grown[-1] == NETWORK
    assert all(len(inner) < len(outer) for inner, outer in zip(grown, grown[1:]))


def test_links() -> None:
    text = (
        "hplint: 1\ndata:\n  training_path: data/train.csv\n  test_path: 'test.csv'\n"
        "optimizer: sgd  # hplint: ignore[LR001] so\n"
    )
    found = {(text[link.span.start : link.span.end], link.kind) for link in links(seen(text))}
    assert found == {("data/train.csv", FILE), ("test.csv", FILE), ("LR001", PAGE)}
