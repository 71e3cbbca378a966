"""How input values are scaled on their way into the network."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, WRITTEN, Fact, derived, inferred
from hplint.facts.graph import upstream, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Input, Layer

_BYTES_TO = {(255.0, 0.0): "unit", (127.5, -1.0): "minus_one_one"}
"""What bytes become when they are divided by the first number and the second is added."""
_FOR_BYTES = 1 / 100
"""A factor below this turns bytes into numbers around 1 (1/255, 1/127.5), and numbers around 1 into almost nothing."""


def scaling_by_layers(layer: Layer) -> Fact[Any]:
    """Return how the only layer behind an input layer scales it; UNKNOWN where it does not.

    UNKNOWN is not "none": the data may be scaled before the model. For readers: asks only for what is stated.
    """
    consumers = layer.facts.get("consumers", UNKNOWN)
    if not isinstance(consumers, list) or len(consumers) != 1:
        return UNKNOWN
    first = consumers[0].facts
    kind, operation = first["kind"], first.get("operation", UNKNOWN).value
    if kind.value == "normalization" and operation == "batch":
        return inferred("standard", kind)
    if kind.value != "rescaling":
        return UNKNOWN
    if operation == "standardize":
        return inferred("standard", kind)
    scale, offset = first.get("scale", UNKNOWN), first.get("offset", UNKNOWN)
    if not _is_number(scale.value) or not _is_number(offset.value) or not scale.value:
        return UNKNOWN
    for (divisor, shift), name in _BYTES_TO.items():
        if abs(1 / scale.value - divisor) < 0.51 and abs(offset.value - shift) < 0.01:
            return inferred(name, scale, offset)
    return UNKNOWN


@derived("Layer", "rescales_again", "scale")
def _rescales_again(layer: Layer) -> Any:
    """Whether a layer divides by about 255 what another layer, or the data before the model, scaled already."""
    training = layer.training
    if training is None or not _shrinks(layer):
        return UNKNOWN
    for before in upstream(layer):
        if _shrinks(before):
            return inferred(True, layer.get("scale"), before.get("scale"))
        for source in training.parts("inputs"):
            if source.get("layer") is before and _is_scaled_before(source):
                return inferred(True, layer.get("scale"), source.get("scaling"))
    return UNKNOWN


def _is_scaled_before(source: Input) -> bool:
    """Whether the config says of the data, not of a layer, that it is scaled."""
    scaling = source.get("scaling")
    return "scaling" in source.places and scaling.origin == WRITTEN and scaling.value not in ("none", "log")


def _shrinks(layer: Layer) -> bool:
    """Whether a layer multiplies by a factor that is meant for bytes."""
    scale = value(layer, "scale")
    return value(layer, "kind") == "rescaling" and _is_number(scale) and 0 < abs(scale) < _FOR_BYTES


def _is_number(candidate: Any) -> bool:
    return isinstance(candidate, (int, float)) and not isinstance(candidate, bool)
