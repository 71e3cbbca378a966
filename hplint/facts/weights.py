"""Numbers of weights of layers, from their settings and the shapes they read. Formulas are those of Keras 3."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, derived, inferred
from hplint.facts.graph import value
from hplint.facts.shapes import per_dimension, size_of, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hplint.facts.parts import Layer
    from hplint.facts.shapes import Shape

_WITHOUT_WEIGHTS = frozenset((
    "dropout", "noise", "masking", "regularization", "input", "pooling", "flatten", "reshape", "padding", "cropping",
    "upsampling", "repeat", "merge", "augmentation", "preprocessing", "lambda",
))  # fmt: skip
_GATES = {"lstm": 4, "gru": 3, "simple": 1, "conv_lstm": 4}


@derived("Layer", "parameters")
def _parameters(layer: Layer) -> Any:
    """Number of weights, those that are not trained (running statistics, frozen layers) included."""
    counted = _count(layer)
    return UNKNOWN if counted is None else inferred(counted[0], layer.get("input_shape"))


@derived("Layer", "trainable_parameters")
def _trainable_parameters(layer: Layer) -> Any:
    counted = _count(layer)
    if counted is None:
        return UNKNOWN
    return inferred(0 if value(layer, "trainable") is False else counted[1], layer.get("input_shape"))


def _count(layer: Layer) -> tuple[int, int] | None:
    """Return all weights and the trainable ones of a layer, None when they cannot be told."""
    kind, shape = value(layer, "kind"), layer.get("input_shape")
    if kind in _WITHOUT_WEIGHTS:
        return 0, 0
    if shape is UNKNOWN:
        return (0, 0) if kind == "activation" and value(layer, "activation") not in ("prelu", None) else None
    lengths: Shape = list(shape.value)[1:] if value(layer, "time_distributed") else list(shape.value)
    if kind == "normalization":
        return _normalisation(layer, lengths)
    if kind == "rescaling":
        return _rescaling(layer, lengths)
    count = _WEIGHTS.get(kind or "")
    total = count(layer, lengths) if count is not None else None
    if total is None:
        return None
    # Spectral normalization keeps an estimate of one singular vector.
    return total + (value(layer, "units") or 0 if value(layer, "spectral") else 0), total


def _bias(layer: Layer, units: int) -> int:
    return 0 if value(layer, "bias") is False else units


def _dense(layer: Layer, shape: Shape) -> int | None:
    units = value(layer, "units")
    if units is None or not shape or shape[-1] is None or value(layer, "operation") is not None:
        return None
    return int(shape[-1] * units + _bias(layer, units))


def _convolution(layer: Layer, shape: Shape) -> int | None:
    rank, operation = value(layer, "rank"), value(layer, "operation")
    if rank is None or len(shape) != rank + 1 or operation == "local":
        return None
    _, channels = split(layer, shape)
    kernel = per_dimension(value(layer, "kernel"), rank, 1)
    filters = value(layer, "units")
    if channels is None or kernel is None:
        return None
    area = size_of(kernel) or 0
    multiplier = value(layer, "depth_multiplier") or 1
    if operation == "depthwise":
        return int(area * channels * multiplier + _bias(layer, channels * multiplier))
    if filters is None:
        return None
    if operation == "separable":
        return int(area * channels * multiplier + channels * multiplier * filters + _bias(layer, filters))
    groups = value(layer, "groups") or 1
    return int(area * (channels // groups) * filters + _bias(layer, filters))


def _recurrent(layer: Layer, shape: Shape) -> int | None:
    """The weights of one direction, or of both; a stack of layers in one is left open."""
    if value(layer, "stack") not in (None, 1):
        return None
    one_way = _one_direction(layer, shape)
    if one_way is None or not value(layer, "bidirectional"):
        return one_way
    backward = layer.get("backward")
    other = _one_direction(backward, shape) if hasattr(backward, "facts") else one_way
    return None if other is None else one_way + other


def _one_direction(layer: Layer, shape: Shape) -> int | None:
    """Per gate: input weights, recurrent weights and a bias; a GRU that resets after has two biases."""
    units, gates = value(layer, "units"), _GATES.get(str(value(layer, "operation")))
    features = shape[-1] if shape else None
    if units is None or gates is None:
        return None
    if value(layer, "rank"):
        _, channels = split(layer, shape[1:]) if len(shape) > 1 else (shape, None)
        kernel = per_dimension(value(layer, "kernel"), value(layer, "rank"), 1)
        if kernel is None or channels is None:
            return None
        return int(gates * ((size_of(kernel) or 0) * (channels + units) * units + _bias(layer, units)))
    if features is None:
        return None
    biases = 2 if value(layer, "operation") == "gru" and value(layer, "reset_after") else 1
    return int(gates * (units * (features + units) + biases * _bias(layer, units)))


def _embedding(layer: Layer, shape: Shape) -> int | None:
    rows, units = value(layer, "vocabulary"), value(layer, "units")
    return None if rows is None or units is None or value(layer, "operation") is not None else int(rows * units)


def _attention(layer: Layer, shape: Shape) -> int | None:
    """Projections of query, key and value to the heads, and one of the heads back; plain attention has next to none."""
    inputs = [source.get("output_shape") for source in layer.parts("inputs")]
    if not shape or not inputs or any(known is UNKNOWN or not known.value for known in inputs):
        return None
    widths = [known.value[-1] for known in inputs]
    query, key = shape[-1], widths[2] if len(widths) > 2 else widths[-1]
    content, operation = widths[1] if len(widths) > 1 else query, value(layer, "operation")
    if operation in ("dot", "concat"):
        return int(operation == "concat") + int(value(layer, "scaled") is True)
    if operation == "additive":
        return None if key is None else key if value(layer, "scaled") is not False else 0
    heads, size = value(layer, "heads"), value(layer, "head_size")
    if heads is None or size is None or query is None or key is None or content is None:
        return None
    groups = value(layer, "key_value_heads") if operation == "grouped_query" else heads
    target = value(layer, "target_shape")
    out = size_of(target) if isinstance(target, list) else query
    if groups is None or out is None or operation not in ("multi_head", "grouped_query"):
        return None
    value_size = value(layer, "value_size") or size
    into = query * heads * size + key * groups * size + content * groups * value_size
    biases = _bias(layer, heads * size + groups * (size + value_size) + out)
    return int(into + heads * value_size * out + biases)


def _normalisation(layer: Layer, shape: Shape) -> tuple[int, int] | None:
    """A scale and an offset per channel; batch normalisation keeps two running statistics beside, or five."""
    operation = value(layer, "operation")
    if operation == "layer_scale":
        units = value(layer, "units")
        return None if units is None else (units, units)
    if operation == "unit":
        return 0, 0
    if operation not in ("batch", "layer", "group", "instance", "rms"):
        return None
    channels = _along(shape, value(layer, "axes"))
    if channels is None:
        return None
    scales = value(layer, "scaled") is not False
    learned = channels * (scales + (value(layer, "shifted") is not False and operation != "rms"))
    kept = 5 if value(layer, "renormalised") else 2
    return (learned + kept * channels, learned) if operation == "batch" else (learned, learned)


def _rescaling(layer: Layer, shape: Shape) -> tuple[int, int] | None:
    """Standardization that learns its mean and variance from data keeps them, and how many examples it saw."""
    if value(layer, "operation") != "standardize" or not value(layer, "keeps_statistics"):
        return 0, 0
    channels = _along(shape, value(layer, "axes"))
    return None if channels is None else (2 * channels + 1, 0)


def _along(shape: Shape, axes: Any) -> int | None:
    """Return how many numbers stand along `axes`, which count the batch as 0."""
    if not isinstance(axes, list):
        return None
    places = [axis - 1 if axis > 0 else len(shape) + axis for axis in axes]
    return size_of(shape[at] for at in places) if all(0 <= at < len(shape) for at in places) else None


def _activation(layer: Layer, shape: Shape) -> int | None:
    """Only the parametric ReLU has weights: a slope per value, shared over some axes."""
    if value(layer, "activation") != "prelu":
        return 0
    shared = value(layer, "shared_axes") or []
    return size_of(1 if index + 1 in shared else length for index, length in enumerate(shape))


_WEIGHTS: dict[str, Callable[[Layer, Shape], int | None]] = {
    "dense": _dense, "convolution": _convolution, "recurrent": _recurrent, "embedding": _embedding,
    "attention": _attention, "activation": _activation,
}  # fmt: skip
