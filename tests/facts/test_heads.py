"""Facts of losses and heads: what a loss takes, what a head predicts, what its metrics take it for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hplint.facts.fact import UNKNOWN
from hplint.lint import lint

if TYPE_CHECKING:
    from hplint.facts.parts import Output, Training


def training_of(text: str) -> Training:
    """Return the facts of a config in hplint's own format."""
    training = lint("hplint: 1\n" + text, "x.yaml", rules=()).training
    assert training is not None
    return training


def head(units: int, activation: str, loss: str, metrics: str = "", more: str = "", shape: str = "[30]") -> Output:
    """Return the only head of a network with one hidden layer of 64."""
    layers = f"[{{type: input, shape: {shape}}}, {{type: dense, units: 64, activation: relu}}"
    last = f"{{type: dense, units: {units}, activation: {activation}}}"
    measured = f"metrics: [{metrics}]\n" if metrics else ""
    found: Output = training_of(f"model:\n  layers: {layers}, {last}]\nloss: {loss}\n{measured}{more}").outputs[0]
    return found


LOSSES = [
    ("categorical_crossentropy", "crossentropy", "probabilities", "one_hot"),
    ("{name: sparse_categorical_crossentropy, from_logits: true}", "crossentropy", "logits", "integer"),
    ("softmax_crossentropy", "crossentropy", "logits", "integer"),
    ("bce_with_logits", "binary_crossentropy", "logits", "binary"),
    ("nll", "crossentropy", "log_probabilities", "integer"),
    ("huber", "huber", "values", "values"),
]


@pytest.mark.parametrize(("loss", "family", "expects", "labels"), LOSSES)
def test_what_a_loss_is_and_takes(loss: str, family: str, expects: str, labels: str) -> None:
    found = training_of(f"loss: {loss}\n").loss
    assert (found.family.value, found.expects.value, found.labels.value) == (family, expects, labels)


def test_a_loss_of_an_unknown_name_takes_something_unknown() -> None:
    loss = training_of("loss: my_own_loss\n").loss
    assert loss.family is UNKNOWN
    assert loss.expects is UNKNOWN


TASKS: list[tuple[tuple[Any, ...], str | None]] = [
    ((10, "softmax", "categorical_crossentropy"), "multiclass"),
    ((10, "linear", "softmax_crossentropy"), "multiclass"),
    ((1, "sigmoid", "binary_crossentropy"), "binary"),
    ((5, "sigmoid", "binary_crossentropy"), "multilabel"),
    ((1, "linear", "bce_with_logits"), "binary"),
    ((5, "softmax", "binary_crossentropy"), "multiclass"),
    ((5, "softmax", "mse"), "multiclass"),
    ((1, "linear", "mse"), "regression"),
    ((1, "linear", "mse", "accuracy"), "regression"),
    ((1, "relu", "mse"), "regression"),
    ((1, "relu", "mse", "mae"), "regression"),
    ((1, "relu", "mse", "accuracy"), None),
    ((1, "sigmoid", "mse"), None),
    ((1, "sigmoid", "mse", "mae"), "regression"),
    ((1, "sigmoid", "mae"), "regression"),
    ((1, "tanh", "mse"), None),
    ((1, "sigmoid", "mse", "accuracy"), "binary"),
    ((1, "softmax", "mse", "accuracy"), "binary"),
    ((4, "sigmoid", "mse", "accuracy"), "multilabel"),
    ((4, "sigmoid", "mse", "categorical_accuracy"), "multiclass"),
    ((1, "sigmoid", "mse", "accuracy, mae"), None),
    ((1, "linear", "binary_crossentropy", "mae"), "regression"),
    ((1, "linear", "binary_crossentropy", "accuracy"), "binary"),
    ((1, "linear", "{name: binary_crossentropy, from_logits: true}", "mae"), "binary"),
    ((1, "tanh", "hinge"), "binary"),
    ((3, "linear", "categorical_hinge"), "multiclass"),
    ((3, "linear", "my_own_loss"), None),
    ((30, "sigmoid", "binary_crossentropy", "", "", "[200]"), "multilabel"),
    ((200, "sigmoid", "binary_crossentropy", "", "", "[200]"), "reconstruction"),
    ((200, "softmax", "categorical_crossentropy", "", "", "[200]"), "multiclass"),
]


@pytest.mark.parametrize(("arguments", "task"), TASKS)
def test_what_a_head_predicts(arguments: tuple[Any, ...], task: str | None) -> None:
    found = head(*arguments).task
    assert (None if found is UNKNOWN else found.value) == task


def test_a_stated_task_goes_before_what_follows_from_the_loss() -> None:
    assert head(1, "sigmoid", "mse", more="task: {kind: binary}\n").task.value == "binary"


@pytest.mark.parametrize(
    ("metrics", "kind"),
    [("accuracy", "classification"), ("mae, rmse", "regression"), ("accuracy, mae", None), ("", None), ("own", None)],
)
def test_what_metrics_take_a_head_for(metrics: str, kind: str | None) -> None:
    found = head(1, "linear", "mse", metrics).measured_as
    assert (None if found is UNKNOWN else found.value) == kind


def test_classes_come_from_the_data() -> None:
    assert head(3, "softmax", "nll", more="data: {classes: 3}\n").classes.value == 3
    assert head(3, "softmax", "nll", more="data: {class_names: [cat, dog]}\n").classes.value == 2
    assert head(3, "softmax", "nll").classes is UNKNOWN


def test_units_and_bias_are_those_of_the_last_layer() -> None:
    output = head(3, "softmax", "nll")
    assert output.units.value == 3
    assert output.bias.value is True
    assert output.dense_labels.value is True
