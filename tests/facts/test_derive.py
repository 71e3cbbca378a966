"""Facts that follow from others outside the graph: the task, the run, the schedule, the data, the model, searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint.facts import names
from hplint.facts.fact import UNKNOWN, Fact
from hplint.lint import lint

if TYPE_CHECKING:
    from hplint.facts.parts import Training

LAST = "{type: dense, units: 1}"
NET = f"model: {{layers: [{{type: input, shape: [9]}}, {{type: dense, units: 4, activation: relu}}, {LAST}]}}\n"


def training_of(text: str) -> Training:
    """Return the facts of a config in hplint's own format."""
    training = lint("hplint: 1\n" + text, "x.yaml", rules=()).training
    assert training is not None
    return training


def fact(text: str, path: str) -> Any:
    """Return the value of the fact at a path such as "run.total_steps", None where it is unknown."""
    at: Any = training_of(text)
    for step in path.split("."):
        at = at.get(step)
    assert isinstance(at, Fact)
    return None if at is UNKNOWN else at.value


FOLLOWS: list[tuple[str, str, Any]] = [
    # task
    ("task: {kind: clustering}\n", "task.supervised", False),
    ("task: {kind: binary}\n", "task.supervised", True),
    ("loss: mse\n", "task.supervised", None),
    (NET + "loss: mse\n", "task.kind", "regression"),
    ("outputs: [{name: a, task: binary}, {name: b, task: regression}]\n", "task.kind", None),
    ("inputs: [{name: a, modality: number}, {name: b, modality: category}]\n", "task.modality", "tabular"),
    ("inputs: [{name: a, modality: image}, {name: b, modality: text}]\n", "task.modality", "mixed"),
    ("inputs: [{name: a, modality: image}, {name: b}]\n", "task.modality", None),
    # optimizer
    ("optimizer: {name: adamw}\n", "optimizer.family", "adam"),
    ("optimizer: {name: adamw}\n", "optimizer.decoupled", True),
    ("optimizer: {name: sgd}\n", "optimizer.adaptive", False),
    ("optimizer: {name: sgd, clip_norm: 1.0}\n", "optimizer.clipped", True),
    ("optimizer: {name: sgd, clip_norm: null, clip_value: null}\n", "optimizer.clipped", False),
    ("optimizer: {name: sgd}\n", "optimizer.clipped", None),
    # run
    ("training: {batch_size: 16, accumulation: 4, devices: 2}\n", "run.effective_batch", 128),
    ("training: {accumulation: 4}\n", "run.effective_batch", None),
    ("data: {samples: 1000}\ntraining: {batch_size: 64}\n", "run.steps_per_epoch", 16),
    ("data: {samples: 1000}\ntraining: {batch_size: 64, epochs: 3}\n", "run.total_steps", 48),
    ("data: {samples: 1000}\ntraining: {batch_size: 64, epochs: 3, max_steps: 20}\n", "run.total_steps", 20),
    ("training: {batch_size: 64, epochs: 3}\n", "run.total_steps", None),
    ("data: {samples: 1000}\ntraining: {batch_size: 0}\n", "run.steps_per_epoch", None),
    # schedule
    ("schedule: {name: linear, warmup_ratio: 0.1}\n", "schedule.warmup_share", 0.1),
    ("schedule: {name: linear, warmup_steps: 50}\ntraining: {max_steps: 200}\n", "schedule.warmup_share", 0.25),
    ("schedule: {name: linear, warmup_epochs: 2}\ntraining: {epochs: 8}\n", "schedule.warmup_share", 0.25),
    ("schedule: {name: linear, warmup_steps: 50}\n", "schedule.warmup_share", None),
    # early stopping and evaluation
    ("training: {early_stopping: {patience: 6}}\nevaluation: {per_epoch: 2}\n", "early_stopping.patience_epochs", 3),
    ("evaluation: {mode: max}\n", "evaluation.goal", "maximize"),
    ("evaluation: {greater_is_better: false}\n", "evaluation.goal", "minimize"),
    # data
    ("inputs: [{name: a, modality: number}, {name: b, modality: binary}]\n", "data.features", 2),
    ("inputs: [{name: a, modality: number}, {name: b, modality: text}]\n", "data.features", None),
    ("inputs: [{name: a, sequence_length: 30}, {name: b, sequence_length: 70}]\n", "data.sequence_length", 70),
    ("data: {validation_share: 0.2}\n", "data.has_validation", True),
    ("data: {validation_share: 0.0}\n", "data.has_validation", False),
    ("inputs: [{name: a, augmented: true}, {name: b}]\n", "data.augmented", True),
    ("inputs: [{name: a, augmented: false}]\n", "data.augmented", False),
    # model
    ("model: {family: neural_network, pretrained: true}\n", "model.from_scratch", False),
    (NET, "model.depth", 2),
    (NET, "model.hidden_layers", 1),
    (NET, "model.parameters", 9 * 4 + 4 + 4 + 1),
    (NET, "model.sequential", True),
    (NET, "model.normalised", False),
    (NET, "model.regularised", False),
    (NET, "model.complete", True),
    (NET.replace(LAST, f"batch_norm, {LAST}"), "model.normalised", True),
    (NET.replace(LAST, "{type: dropout, rate: 0.5}, " + LAST), "model.regularised", True),
    (NET.replace(LAST, "{type: custom}, " + LAST), "model.complete", False),
    (NET.replace(LAST, "{type: custom}, " + LAST), "model.normalised", None),
    (NET.replace(LAST, "{type: custom}, " + LAST), "model.depth", None),
    (NET.replace(LAST, "{type: dense, units: 9}"), "model.autoencoder", True),
    (NET, "model.autoencoder", False),
    # search
    ("search: {algorithm: grid, parameters: {a: {values: [1, 2, 3]}, b: {values: [4, 5]}}}\n", "search.grid_size", 6),
    ("search: {algorithm: grid, parameters: {a: {low: 1, high: 5}, b: {values: [4, 5]}}}\n", "search.grid_size", 10),
    ("search: {algorithm: grid, parameters: {a: {low: 0.0, high: 1.0, step: 0.1}}}\n", "search.grid_size", 11),
    ("search: {algorithm: grid, parameters: {a: {low: 0.0, high: 1.0}}}\n", "search.grid_size", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "expected"), FOLLOWS)
def test_what_follows(text: str, path: str, expected: Any) -> None:
    found = fact(text, path)
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(
    ("name", "kind", "goal"),
    [("val_accuracy", "classification", "maximize"), ("rmse", "regression", "minimize"), ("my_own", None, None)],
)
def test_metrics(name: str, kind: str | None, goal: str | None) -> None:
    metric = training_of(f"metrics: [{name}]\n").metrics[0]
    assert (metric.kind.value, metric.goal.value) == (kind, goal)


def test_layers_are_called_by_name_else_by_place() -> None:
    training = training_of("model: {layers: [{type: input, shape: [9]}, {type: dense}, {type: dense, name: out}]}\n")
    called = [layer.called.value for layer in training.model.layers]
    assert called == ["layer 1 (input)", "layer 2 (dense)", "layer out"]


def test_inferred_facts_say_what_they_follow_from() -> None:
    steps = training_of("data: {samples: 1000}\ntraining: {batch_size: 64, epochs: 3}\n").run.total_steps
    assert steps.origin == "inferred"
    assert [because.value for because in steps.because] == [3, 16]


# -- misspelt names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [("rleu", "relu"), ("sigmod", "sigmoid"), ("Sofmax", "softmax"), ("tahn", "tanh"), ("linera", "linear")],
)
def test_a_slip_of_one_letter_is_recognised(written: str, meant: str) -> None:
    assert names.misspelt("activations", written) == meant


@pytest.mark.parametrize("written", ["relu", "ReLU", "snake", "my_relu", "xelu", "sin", ""])
def test_known_names_own_names_and_what_is_near_to_several_are_no_slips(written: str) -> None:
    assert names.misspelt("activations", written) is None


def test_the_nearest_activation_of_a_layer() -> None:
    layers = training_of("model: {layers: [{type: dense, units: 4, activation: sofmax}]}\n").model.layers
    assert layers[0].nearest_activation.value == "softmax"
    assert layers[0].activation is UNKNOWN


@given(st.sampled_from(["softmax", "exponential", "leaky_relu", "softplus"]), st.data())
def test_leaving_a_letter_out_is_a_slip(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    shorter = name[:at] + name[at + 1 :]
    assert names.misspelt("activations", shorter) == (name if names.canonical("activations", shorter) is None else None)
