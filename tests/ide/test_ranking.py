"""What is offered first is what the decision tree recommends."""

from __future__ import annotations

import pytest
from writing import offered

BEFORE = "hplint: 1\ntask: {kind: %s}\nmodel:\n  layers:\n    - {type: dense, units: 8, activation: %s}\n"
AFTER = "    - {type: dense, units: 1, activation: %s}\nloss: %s\n"


def first(marked: str, count: int = 1) -> list[str]:
    return list(offered(marked))[:count]


def test_hidden_layers_bend_with_the_relu_family() -> None:
    text = BEFORE % ("binary", "¦") + AFTER % ("sigmoid", "binary_crossentropy")
    found = list(offered(text))
    assert found[:4] == ["relu", "gelu", "silu", "leaky_relu"]
    assert found.index("sigmoid") > found.index("tanh")


@pytest.mark.parametrize(
    ("task", "wanted"),
    [("binary", "sigmoid"), ("multilabel", "sigmoid"), ("regression", "linear"), ("multiclass", "softmax")],
)
def test_outputs_end_as_the_task_asks(task: str, wanted: str) -> None:
    loss = {"regression": "mean_squared_error"}.get(task, "binary_crossentropy")
    assert first(BEFORE % (task, "relu") + AFTER % ("¦", loss)) == [wanted]


@pytest.mark.parametrize(
    ("task", "wanted"),
    [("binary", "bce_with_logits"), ("regression", "mean_squared_error"), ("multiclass", "softmax_crossentropy")],
)
def test_losses_fit_the_task(task: str, wanted: str) -> None:
    assert first(f"hplint: 1\ntask: {{kind: {task}}}\nloss: ¦\n") == [wanted]


def test_adam_when_you_do_not_know() -> None:
    assert first("hplint: 1\noptimizer: ¦\n", 2) == ["adamw", "adam"]
    ludwig = "input_features:\n  - {name: a, type: number}\noutput_features:\n  - {name: b, type: number}\n"
    assert first(ludwig + "trainer: {optimizer: {type: ¦}}\n", 2) == ["adamw", "adam"]


def test_random_search_comes_before_a_grid() -> None:
    assert first("hplint: 1\nsearch: {algorithm: ¦}\n", 2) == ["random", "bayesian"]
    sweep = "metric: {name: val_loss, goal: minimize}\nparameters: {lr: {min: 0.1, max: 0.2}}\nmethod: ¦\n"
    assert first(sweep, 2) == ["random", "bayes"]


def test_keys_that_are_needed_come_first_and_gone_ones_last() -> None:
    assert first("hplint: 1\nmodel: {layers: [{¦}]}\n") == ["type"]
    keras = '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": 1, ¦}}]}}'
    found = list(offered(keras, "model.json"))
    assert found.index("kernel_initializer") < found.index("init")
