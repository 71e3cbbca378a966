"""Output shapes and numbers of weights of layers, inferred along the graph.

Shapes leave out the batch; a free dimension is None. Formulas are those of Keras 3 (its documentation of each layer,
and `keras.src.ops.operation_utils` for convolutions), which PyTorch shares up to the names of paddings.
"""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, derived, inferred
from hplint.facts.graph import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hplint.facts.parts import Layer

    Shape = list[int | None]

_SAME_SHAPE = frozenset((
    "normalization", "dropout", "activation", "noise", "rescaling", "masking", "regularization", "input",
))  # fmt: skip


@derived("Layer", "input_shape")
def _input_shape(layer: Layer) -> Any:
    """The output shape of the (first) layer it reads, else the shape declared in the layer."""
    declared = layer.get("declared_shape")
    inputs = layer.parts("inputs")
    if not inputs:
        return declared
    _settle_earlier(layer)
    before = inputs[0].get("output_shape")
    return inferred(before.value, before) if before is not UNKNOWN else UNKNOWN


def _settle_earlier(layer: Layer) -> None:
    """Infer the shapes of earlier layers in order, so that a deep model needs no deep recursion."""
    if layer.training is None or all("output_shape" in source.facts for source in layer.parts("inputs")):
        return
    for other in layer.training.model.parts("layers"):
        if other is layer:
            return
        other.get("output_shape")


@derived("Layer", "output_shape")
def _output_shape(layer: Layer) -> Any:
    kind, shape = value(layer, "kind"), layer.get("input_shape")
    if kind == "merge":
        merged = _merged(layer)
        return UNKNOWN if merged is None else inferred(merged, *(source.get("output_shape") for source in layer.inputs))
    if shape is UNKNOWN:
        return UNKNOWN
    result = shape_after(layer, kind, list(shape.value))
    return UNKNOWN if result is None else inferred(result, shape)


def shape_after(layer: Layer, kind: str | None, shape: Shape) -> Shape | None:
    """Return the shape behind a layer of `kind` fed with `shape`, None when it cannot be told."""
    if value(layer, "time_distributed"):
        inner = _plain_shape_after(layer, kind, shape[1:])
        return None if inner is None or not shape else [shape[0], *inner]
    return _plain_shape_after(layer, kind, shape)


def _plain_shape_after(layer: Layer, kind: str | None, shape: Shape) -> Shape | None:
    if kind in _SAME_SHAPE:
        return shape
    rule = _SHAPES.get(kind or "")
    return rule(layer, shape) if rule is not None else None


def _dense(layer: Layer, shape: Shape) -> Shape | None:
    units = value(layer, "units")
    return [*shape[:-1], units] if shape and units is not None else None


def _split(layer: Layer, shape: Shape) -> tuple[Shape, int | None]:
    """Return the spatial dimensions and the channels of a shape."""
    if value(layer, "data_format") == "channels_first":
        return shape[1:], shape[0]
    return shape[:-1], shape[-1]


def _join(layer: Layer, spatial: Shape, channels: int | None) -> Shape:
    return [channels, *spatial] if value(layer, "data_format") == "channels_first" else [*spatial, channels]


def _per_dimension(numbers: Any, rank: int, fill: int) -> list[int] | None:
    """Return one number per spatial dimension; a single one counts for all."""
    if numbers is None:
        return [fill] * rank
    listed = list(numbers) if isinstance(numbers, (list, tuple)) else [numbers]
    if len(listed) == 1:
        listed *= rank
    return listed if len(listed) == rank and all(isinstance(n, int) and n > 0 for n in listed) else None


def window_length(length: int | None, kernel: int, stride: int, dilation: int, padding: str | None) -> int | None:
    """Return how many positions a sliding window takes along a dimension; None for a free one or unknown padding.

    same and causal: ceil(length / stride); valid: floor((length - reach) / stride) + 1 with reach = dilation (kernel - 1) + 1.
    """
    if length is None or padding is None:
        return None
    if padding in ("same", "causal"):
        return -(-length // stride)
    return (length - dilation * (kernel - 1) - 1) // stride + 1 if padding == "valid" else None


def _convolution(layer: Layer, shape: Shape) -> Shape | None:
    recurrent = value(layer, "kind") == "recurrent"
    spatial, channels = _split(layer, shape)
    rank = len(spatial)
    if rank != value(layer, "rank"):
        return None
    kernel = _per_dimension(value(layer, "kernel"), rank, 1)
    stride = _per_dimension(value(layer, "stride"), rank, 1)
    dilation = _per_dimension(value(layer, "dilation"), rank, 1)
    padding = value(layer, "padding")
    if kernel is None or stride is None or dilation is None:
        return None
    filters = value(layer, "units")
    if value(layer, "operation") == "depthwise":
        filters = channels * (value(layer, "depth_multiplier") or 1) if channels is not None else None
    if value(layer, "operation") == "transposed":
        made = [
            _transposed_length(*sizes, padding) for sizes in zip(spatial, kernel, stride, dilation, _output_padding(layer, rank))
        ]
    else:
        made = [window_length(*sizes, padding) for sizes in zip(spatial, kernel, stride, dilation)]
    if filters is None and not recurrent:
        return None
    return _join(layer, made, filters)


def _output_padding(layer: Layer, rank: int) -> list[int | None]:
    padding = value(layer, "output_padding")
    listed: list[int | None] = list(padding) if isinstance(padding, list) else [padding]
    return listed * rank if len(listed) == 1 else listed


def _transposed_length(
    length: int | None, kernel: int, stride: int, dilation: int, extra: int | None, padding: str | None
) -> int | None:
    if length is None or padding is None:
        return None
    reach = dilation * (kernel - 1) + 1
    if extra is None:
        return length * stride if padding == "same" else length * stride + max(reach - stride, 0)
    return (length - 1) * stride + reach + extra - (2 * (reach // 2) if padding == "same" else 0)


def _pooling(layer: Layer, shape: Shape) -> Shape | None:
    if len(shape) < 2:
        return None
    spatial, channels = _split(layer, shape)
    if value(layer, "is_global"):
        return _join(layer, [1] * len(spatial), channels) if value(layer, "keeps_dimensions") else [channels]
    if "adaptive" in str(value(layer, "operation")):
        return None
    rank = len(spatial)
    kernel = _per_dimension(value(layer, "kernel"), rank, 2)
    stride = _per_dimension(value(layer, "stride"), rank, 1) if value(layer, "stride") is not None else kernel
    if kernel is None or stride is None or rank != value(layer, "rank"):
        return None
    padding = value(layer, "padding")
    made = [window_length(length, k, s, 1, padding) for length, k, s in zip(spatial, kernel, stride)]
    return _join(layer, made, channels)


def _recurrent(layer: Layer, shape: Shape) -> Shape | None:
    units = value(layer, "units")
    sequences = value(layer, "return_sequences")
    if units is None or sequences is None or len(shape) < 2:
        return None
    if value(layer, "rank"):
        inner = _convolution(layer, shape[1:])
        if inner is None:
            return None
        return [shape[0], *inner] if sequences else inner
    if value(layer, "bidirectional"):
        mode = value(layer, "merge_mode")
        if mode is None:
            return None
        units = units * 2 if mode == "concat" else units
    return [shape[0], units] if sequences else [units]


def _embedding(layer: Layer, shape: Shape) -> Shape | None:
    units = value(layer, "units")
    return None if units is None else [*shape, units]


def _flatten(layer: Layer, shape: Shape) -> Shape | None:
    return [_product(shape)]


def _product(shape: Any) -> int | None:
    result = 1
    for length in shape:
        if length is None:
            return None
        result *= length
    return result


def _reshape(layer: Layer, shape: Shape) -> Shape | None:
    order = value(layer, "permutation")
    if value(layer, "operation") == "permute":
        if not isinstance(order, list) or sorted(order) != list(range(1, len(shape) + 1)):
            return None
        return [shape[position - 1] for position in order]
    target = value(layer, "target_shape")
    if not isinstance(target, list) or not all(isinstance(length, int) for length in target):
        return None
    if -1 not in target:
        return list(target)
    size, rest = _product(shape), _product(length for length in target if length != -1)
    free = size // rest if size is not None and rest else None
    return [free if length == -1 else length for length in target]


def _resized(layer: Layer, shape: Shape) -> Shape | None:
    """Padding and cropping change both ends of each dimension by `margins`; upsampling repeats it `factors` times."""
    kind = value(layer, "kind")
    changes = value(layer, "factors" if kind == "upsampling" else "margins")
    if not isinstance(changes, list) or len(shape) < 2:
        return None
    spatial, channels = _split(layer, shape)
    if len(changes) == 1:
        changes = changes * len(spatial)
    if len(changes) != len(spatial):
        return None
    made: Shape = []
    for length, change in zip(spatial, changes):
        if length is None:
            made.append(None)
        elif kind == "upsampling":
            made.append(length * change)
        else:
            made.append(length + sum(change) if kind == "padding" else length - sum(change))
    return _join(layer, made, channels)


def _repeat(layer: Layer, shape: Shape) -> Shape | None:
    times = value(layer, "repeats")
    return None if times is None else [times, *shape]


def _attention(layer: Layer, shape: Shape) -> Shape | None:
    """Multi-head attention keeps the query's shape; dot-product attention takes its width from the values."""
    if value(layer, "operation") == "multi_head":
        return shape
    inputs = layer.parts("inputs")
    values = inputs[1].get("output_shape") if len(inputs) > 1 else UNKNOWN
    return [*shape[:-1], values.value[-1]] if values is not UNKNOWN and values.value else None


def _augmented(layer: Layer, shape: Shape) -> Shape | None:
    """Random changes keep the shape, but for cropping."""
    kept = ("flip", "rotation", "zoom", "translation", "contrast", "brightness")
    return shape if value(layer, "operation") in kept else None


_SHAPES: dict[str, Callable[[Layer, Shape], Shape | None]] = {
    "dense": _dense, "convolution": _convolution, "pooling": _pooling, "recurrent": _recurrent,
    "embedding": _embedding, "flatten": _flatten, "reshape": _reshape, "padding": _resized, "cropping": _resized,
    "upsampling": _resized, "repeat": _repeat, "attention": _attention, "augmentation": _augmented,
}  # fmt: skip


def _merged(layer: Layer) -> Shape | None:
    """Return the shape of several inputs joined: broadcast against each other, or concatenated along an axis."""
    _settle_earlier(layer)
    shapes = [source.get("output_shape") for source in layer.parts("inputs")]
    if len(shapes) < 2 or any(shape is UNKNOWN for shape in shapes):
        return None
    listed = [list(shape.value) for shape in shapes]
    operation = value(layer, "operation")
    if operation == "concat":
        return _concatenated(listed, value(layer, "axis"))
    if operation in ("add", "subtract", "multiply", "average", "maximum", "minimum"):
        made = listed[0]
        for shape in listed[1:]:
            joined = broadcast(made, shape)
            if joined is None:
                return None
            made = joined
        return made
    return None


def _concatenated(shapes: list[Shape], axis: int | None) -> Shape | None:
    rank = len(shapes[0])
    if any(len(shape) != rank for shape in shapes):
        return None
    axis = -1 if axis is None else axis
    at = axis - 1 if axis > 0 else rank + axis
    if not 0 <= at < rank:
        return None
    lengths = [shape[at] for shape in shapes]
    made = list(shapes[0])
    made[at] = None if any(length is None for length in lengths) else sum(length or 0 for length in lengths)
    return made


def broadcast(a: Shape, b: Shape) -> Shape | None:
    """Return the shape of an element-wise operation on shapes `a` and `b`, None when they do not fit."""
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        a, b = longer, [*longer[:0], *([1] * (len(longer) - len(shorter))), *shorter]
    made: Shape = []
    for x, y in zip(a, b):
        if x == 1 or y == 1 or x == y:
            made.append(y if x == 1 else x)
        elif x is None or y is None:
            made.append(None)
        else:
            return None
    return made


# -- weights ------------------------------------------------------------------------------------------------------


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
    is_frozen = value(layer, "trainable") is False
    return inferred(0 if is_frozen else counted[1], layer.get("input_shape"))


def _count(layer: Layer) -> tuple[int, int] | None:
    """Return all weights and the trainable ones of a layer, None when they cannot be told."""
    kind = value(layer, "kind")
    if kind == "normalization":
        return _normalisation_weights(layer)
    count = _WEIGHTS.get(kind or "")
    if count is None:
        is_known_kind = kind in _SAME_SHAPE or kind in _SHAPES or kind in ("merge", "augmentation")
        return (0, 0) if is_known_kind else None
    shape = layer.get("input_shape")
    if shape is UNKNOWN:
        return None
    total = count(layer, list(shape.value)[1:] if value(layer, "time_distributed") else list(shape.value))
    return None if total is None else (total, total)


def _bias(layer: Layer, units: int) -> int:
    return 0 if value(layer, "bias") is False else units


def _dense_weights(layer: Layer, shape: Shape) -> int | None:
    units = value(layer, "units")
    if units is None or not shape or shape[-1] is None:
        return None
    return int(shape[-1] * units + _bias(layer, units))


def _convolution_weights(layer: Layer, shape: Shape) -> int | None:
    _, channels = _split(layer, shape)
    rank = value(layer, "rank")
    kernel = _per_dimension(value(layer, "kernel"), rank, 1) if rank else None
    filters, operation = value(layer, "units"), value(layer, "operation")
    if channels is None or kernel is None:
        return None
    area = _product(kernel) or 0
    multiplier = value(layer, "depth_multiplier") or 1
    if operation == "depthwise":
        return int(area * channels * multiplier + _bias(layer, channels * multiplier))
    if filters is None:
        return None
    if operation == "separable":
        return int(area * channels * multiplier + channels * multiplier * filters + _bias(layer, filters))
    if operation == "transposed":
        return int(area * channels * filters + _bias(layer, filters))
    groups = value(layer, "groups") or 1
    return int(area * (channels // groups) * filters + _bias(layer, filters))


_GATES = {"lstm": 4, "gru": 3, "simple": 1, "conv_lstm": 4}


def _recurrent_weights(layer: Layer, shape: Shape) -> int | None:
    """Per gate: input weights, recurrent weights and a bias; a GRU that resets after has two biases."""
    units, gates = value(layer, "units"), _GATES.get(str(value(layer, "operation")))
    features = shape[-1] if shape else None
    if units is None or gates is None or features is None or value(layer, "stack") not in (None, 1):
        return None
    if value(layer, "rank"):
        _, channels = _split(layer, shape[1:])
        kernel = _per_dimension(value(layer, "kernel"), value(layer, "rank"), 1)
        if kernel is None or channels is None:
            return None
        return int(gates * ((_product(kernel) or 0) * (channels + units) * units + _bias(layer, units)))
    biases = 2 if value(layer, "operation") == "gru" and value(layer, "reset_after") else 1
    one_way = gates * (units * (features + units) + biases * _bias(layer, units))
    return int(one_way * (2 if value(layer, "bidirectional") else 1))


def _embedding_weights(layer: Layer, shape: Shape) -> int | None:
    rows, units = value(layer, "vocabulary"), value(layer, "units")
    return None if rows is None or units is None else int(rows * units)


def _attention_weights(layer: Layer, shape: Shape) -> int | None:
    """Multi-head attention: projections of query, key and value to the heads, and one back to the query's width."""
    heads, size = value(layer, "heads"), value(layer, "head_size")
    if value(layer, "operation") != "multi_head":
        return None
    inputs = [source.get("output_shape") for source in layer.parts("inputs")]
    if heads is None or size is None or not shape or shape[-1] is None or any(known is UNKNOWN for known in inputs):
        return None
    widths = [known.value[-1] for known in inputs]
    query, key = shape[-1], widths[2] if len(widths) > 2 else widths[-1]
    content = widths[1] if len(widths) > 1 else query
    if key is None or content is None:
        return None
    value_size = value(layer, "value_size") or size
    into = query * heads * size + key * heads * size + content * heads * value_size
    biases = _bias(layer, 2 * heads * size + heads * value_size + query)
    return int(into + heads * value_size * query + biases)


def _normalisation_weights(layer: Layer) -> tuple[int, int] | None:
    """Batch normalisation keeps two running statistics per channel beside its scale and offset."""
    shape, operation = layer.get("input_shape"), value(layer, "operation")
    if shape is UNKNOWN or operation not in ("batch", "layer", "group", "unit", "rms"):
        return None
    if operation == "unit":
        return (0, 0)
    axis = value(layer, "axis")
    axes = axis if isinstance(axis, list) else [-1 if axis is None else axis]
    sizes = []
    for one in axes:
        at = one - 1 if one > 0 else len(shape.value) + one
        if not 0 <= at < len(shape.value) or shape.value[at] is None:
            return None
        sizes.append(shape.value[at])
    channels = _product(sizes) or 0
    learned = channels * ((value(layer, "scaled") is not False) + (value(layer, "shifted") not in (False, None)))
    return (learned + 2 * channels, learned) if operation == "batch" else (learned, learned)


def _activation_weights(layer: Layer, shape: Shape) -> int | None:
    """Only the parametric ReLU has weights: a slope per value, shared over some axes."""
    if value(layer, "activation") != "prelu":
        return 0
    shared = value(layer, "shared_axes") or []
    return _product(1 if index + 1 in shared else length for index, length in enumerate(shape))


_WEIGHTS: dict[str, Callable[[Layer, Shape], int | None]] = {
    "dense": _dense_weights, "convolution": _convolution_weights, "recurrent": _recurrent_weights,
    "embedding": _embedding_weights, "attention": _attention_weights, "activation": _activation_weights,
}  # fmt: skip
