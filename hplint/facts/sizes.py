"""Facts about the sizes of a model that follow from its inputs, its heads and its layers."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, derived, inferred
from hplint.facts.graph import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Layer, Model


@derived("Model", "usual_width")
def _usual_width(model: Model) -> Any:
    """The width for one hidden layer when nothing better is known: the mean of the numbers of inputs and outputs."""
    training = model.training
    if training is None:
        return UNKNOWN
    features, outputs = training.data.get("features"), training.parts("outputs")
    sizes = [_size_of(output) for output in outputs]
    if features is UNKNOWN or not sizes or any(size is UNKNOWN for size in sizes):
        return UNKNOWN
    mean = (features.value + sum(size.value for size in sizes)) / 2
    return inferred(max(int(mean + 0.5), 1), features, *sizes)


def _size_of(output: Any) -> Any:
    """How many numbers a head predicts: its units, else one for each class or one for a number or a yes and no."""
    for name in ("units", "classes"):
        if value(output, name) is not None:
            return output.get(name)
    is_single = value(output, "task") in ("binary", "regression")
    return inferred(1, output.get("task")) if is_single else UNKNOWN


# -- attention ----------------------------------------------------------------------------------------------------


def _attention(model: Model) -> Layer | None:
    """Return the first attention layer that says how many heads it has."""
    layers = (layer for layer in model.parts("layers") if value(layer, "kind") == "attention")
    return next((layer for layer in layers if value(layer, "heads") is not None), None)


@derived("Model", "heads", "layer.heads")
def _heads(model: Model) -> Any:
    layer = _attention(model)
    return UNKNOWN if layer is None else layer.get("heads")


@derived("Model", "key_value_heads", "layer.key_value_heads")
def _key_value_heads(model: Model) -> Any:
    layer = _attention(model)
    return UNKNOWN if layer is None else layer.get("key_value_heads")


@derived("Model", "hidden_size")
def _hidden_size(model: Model) -> Any:
    """The width that heads share; unknown where a head's size is given, as then they share none."""
    layer = _attention(model)
    return UNKNOWN if layer is None or value(layer, "head_size") is not None else layer.get("units")


@derived("Model", "nearest_heads")
def _nearest_heads(model: Model) -> Any:
    """The number of heads nearest to the model's that divides its hidden size."""
    return _nearest_divisor(model.get("heads"), model.get("hidden_size"))


@derived("Model", "nearest_key_value_heads")
def _nearest_key_value_heads(model: Model) -> Any:
    """The number of key-value heads nearest to the model's that divides its number of heads."""
    return _nearest_divisor(model.get("key_value_heads"), model.get("heads"))


def _nearest_divisor(wanted: Fact[Any], whole: Fact[Any]) -> Any:
    known = UNKNOWN not in (wanted, whole)
    if not known or not all(isinstance(fact.value, int) and fact.value > 0 for fact in (wanted, whole)):
        return UNKNOWN
    divisors = (number for number in range(1, min(whole.value, 4 * wanted.value) + 1) if whole.value % number == 0)
    return inferred(min(divisors, key=lambda number: (abs(number - wanted.value), number)), wanted, whole)


# -- layers -------------------------------------------------------------------------------------------------------

_SIZES = ("units", "kernel", "stride", "dilation", "heads", "head_size", "repeats", "factors", "stack")


@derived("Layer", "nonpositive_size", *_SIZES)
def _nonpositive_size(layer: Layer) -> Any:
    """Which of a layer's written sizes is 0 or less, so that nothing can be made of it."""
    for name in _SIZES:
        found = layer.facts.get(name, UNKNOWN)
        if found is UNKNOWN or found.node is None:
            continue
        sizes = found.value if isinstance(found.value, list) else [found.value]
        if any(isinstance(size, (int, float)) and size <= 0 for size in sizes):
            return Fact(name, found.origin, found.node)
    return UNKNOWN


@derived("Layer", "extreme_rate", "rate", "recurrent_rate")
def _extreme_rate(layer: Layer) -> Any:
    """Of the shares that a layer drops, of its inputs or of its state, the one farther from a half."""
    if value(layer, "operation") == "stochastic_depth":
        return UNKNOWN
    found = [layer.get(name) for name in ("rate", "recurrent_rate")]
    known = [fact for fact in found if fact is not UNKNOWN and isinstance(fact.value, (int, float)) and fact.value != 0]
    return max(known, key=lambda fact: abs(fact.value - 0.5)) if known else UNKNOWN
