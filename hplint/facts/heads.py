"""Facts of losses and heads that follow from others: what a loss takes, and what a head predicts."""

from __future__ import annotations

from hplint.facts import names
from hplint.facts.fact import UNKNOWN, Fact, derived, inferred
from hplint.facts.graph import keeps_width, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Loss, Metric, Output, Training

REGRESSION_LOSSES = frozenset(("squared_error", "absolute_error", "huber", "poisson"))
"""Families of losses that measure how far a number is off."""


# -- loss ---------------------------------------------------------------------------------------------------------


@derived("Loss", "family", "name")
def _loss_family(loss: Loss) -> Any:
    return names.told_of("losses", loss.get("name"), "family")


@derived("Loss", "labels", "name")
def _loss_labels(loss: Loss) -> Any:
    return names.told_of("losses", loss.get("name"), "labels")


@derived("Loss", "expects", "name")
def _loss_expects(loss: Loss) -> Any:
    found = names.told_of("losses", loss.get("name"), "expects")
    if found is UNKNOWN or found.value != "by_logits":
        return found
    logits = loss.get("from_logits")
    if logits is UNKNOWN:
        return UNKNOWN
    return inferred("logits" if logits.value else "probabilities", loss.get("name"), logits)


@derived("Training", "loss")
def _only_loss(training: Training) -> Any:
    outputs = training.parts("outputs")
    return outputs[0].get("loss") if len(outputs) == 1 else UNKNOWN


# -- outputs ------------------------------------------------------------------------------------------------------


def _of_layer(output: Output, name: str) -> Any:
    layer = output.get("layer")
    return layer.get(name) if hasattr(layer, "facts") else UNKNOWN


@derived("Output", "units")
def _output_units(output: Output) -> Any:
    """The units of the last layer with weights, unless layers behind it change the size of the last axis."""
    units, layer, final = _of_layer(output, "units"), output.get("layer"), output.get("final")
    if not hasattr(final, "facts"):
        return units
    shape = final.get("output_shape")
    if shape is not UNKNOWN and shape.value and shape.value[-1] is not None:
        return units if units is not UNKNOWN and units.value == shape.value[-1] else inferred(shape.value[-1], shape)
    return units if hasattr(layer, "facts") and keeps_width(final, layer) else UNKNOWN


@derived("Output", "dense_labels")
def _dense_labels(output: Output) -> Any:
    """Whether there is one label per example: what comes out is a vector, not a value for each pixel or step."""
    final = output.get("final")
    shape = final.get("output_shape") if hasattr(final, "facts") else UNKNOWN
    return UNKNOWN if shape is UNKNOWN else inferred(len(shape.value) == 1, shape)


@derived("Output", "bias")
def _output_bias(output: Output) -> Any:
    return _of_layer(output, "bias")


@derived("Output", "metrics")
def _output_metrics(output: Output) -> Any:
    """The metrics of the only head are the training's."""
    training = output.training
    return training.get("metrics") if training is not None and len(training.parts("outputs")) == 1 else UNKNOWN


@derived("Output", "classes")
def _output_classes(output: Output) -> Any:
    """The classes of the only head are those that the data declare, by number or by names."""
    training = output.training
    if training is None or len(training.parts("outputs")) != 1:
        return UNKNOWN
    classes, listed = training.data.get("classes"), training.data.get("class_names")
    if classes is UNKNOWN and listed is not UNKNOWN:
        return inferred(len(listed.value), listed)
    return classes


@derived("Output", "measured_as")
def _measured_as(output: Output) -> Any:
    """What the metrics take the head for. Metrics of both kinds, and none at all, leave it open."""
    found = {kind: _metric_of(output, kind) for kind in ("classification", "regression")}
    known = [(kind, metric) for kind, metric in found.items() if metric is not None]
    return inferred(known[0][0], known[0][1].get("name")) if len(known) == 1 else UNKNOWN


def _metric_of(output: Output, kind: str) -> Metric | None:
    return next((metric for metric in output.parts("metrics") if value(metric, "kind") == kind), None)


@derived("Output", "task")
def _output_task(output: Output) -> Any:
    """What a head predicts: from its loss, then from its activation, then from what the metrics take it for."""
    loss = output.get("loss")
    loss_name = loss.get("name") if hasattr(loss, "facts") else UNKNOWN
    family = value(loss, "family") if hasattr(loss, "facts") else None
    activation, units = output.get("activation"), output.get("units")
    if family == "crossentropy":
        return inferred("multiclass", loss_name)
    if value(output, "activation") == "softmax" and value(output, "units") not in (None, 1):
        return inferred("multiclass", activation, units)
    model = output.training.model if output.training is not None else None
    if model is not None and value(model, "autoencoder"):
        return inferred("reconstruction", model.get("autoencoder"))
    if family == "binary_crossentropy":
        return _of_binary_loss(output, loss_name)
    if family == "hinge":
        return inferred("multiclass" if value(loss, "name") == "categorical_hinge" else "binary", loss_name)
    return _of_regression_loss(output, loss_name) if family in REGRESSION_LOSSES else UNKNOWN


def _of_binary_loss(output: Output, loss_name: Fact[Any]) -> Any:
    """A yes or no for each unit; but a linear output that only errors are measured of is a number."""
    measured, units = output.get("measured_as"), output.get("units")
    is_linear = value(output, "activation") == "linear"
    if is_linear and not value(output.get("loss"), "from_logits") and value(output, "measured_as") == "regression":
        return inferred("regression", output.get("activation"), measured)
    if units is UNKNOWN:
        return UNKNOWN
    return inferred("binary" if units.value == 1 else "multilabel", loss_name, units)


def _of_regression_loss(output: Output, loss_name: Fact[Any]) -> Any:
    """A number where nothing is behind the last layer. Where something is, what the metrics measure decides.

    Without metrics, a ReLU says that the number is not negative, and an absolute error, which nobody classifies by,
    that it is one; sigmoid and tanh with a squared error may squash a number or say a class.
    """
    activation, measured = output.get("activation"), output.get("measured_as")
    if activation is UNKNOWN:
        return UNKNOWN
    if activation.value == "linear":
        return inferred("regression", loss_name, activation)
    if measured is not UNKNOWN and measured.value == "regression":
        return inferred("regression", loss_name, measured)
    if measured is not UNKNOWN and activation.value in ("sigmoid", "softmax"):
        exclusive = any(value(metric, "name") in _EXCLUSIVE_METRICS for metric in output.parts("metrics"))
        kind = "binary" if value(output, "units") == 1 else "multiclass" if exclusive else "multilabel"
        return inferred(kind, measured, activation)
    says_number = activation.value in ("relu", "softplus") or value(output.get("loss"), "family") == "absolute_error"
    if measured is UNKNOWN and not output.parts("metrics") and says_number:
        return inferred("regression", loss_name, activation)
    return UNKNOWN


_EXCLUSIVE_METRICS = frozenset(("categorical_accuracy", "sparse_categorical_accuracy", "top_k_categorical_accuracy"))
