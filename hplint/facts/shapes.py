"""Output shapes of layers, inferred along the graph; weights.py counts what they hold.

Shapes leave out the batch; a free dimension is None. Formulas are those of Keras 3 (its documentation of each layer,
and `keras.src.ops.operation_utils` for convolutions), which PyTorch shares up to the names of paddings. Of a layer with
several outputs the first counts.
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
_ARITHMETIC = ("add", "subtract", "multiply", "divide", "average", "maximum", "minimum")
_SAME_SHAPE_AUGMENTATIONS = ("flip", "rotation", "zoom", "translation", "contrast", "brightness")


@derived("Layer", "input_shape")
def _input_shape(layer: Layer) -> Any:
    """The output shape of the (first) layer it reads, else the shape declared in the layer."""
    inputs = layer.get("inputs")
    if not isinstance(inputs, list):
        return UNKNOWN
    if not inputs:
        return layer.get("declared_shape")
    _settle_sources(layer)
    before = inputs[0].get("output_shape")
    return inferred(before.value, before) if before is not UNKNOWN else layer.get("declared_shape")


def _settle_sources(layer: Layer) -> None:
    """Infer the shapes of what a layer reads, the furthest first, so that a deep model needs no deep recursion."""
    seen = {id(layer)}
    pending = [(layer, iter(layer.parts("inputs")))]
    while pending:
        part, sources = pending[-1]
        source = next((one for one in sources if "output_shape" not in one.facts and id(one) not in seen), None)
        if source is not None:
            seen.add(id(source))
            pending.append((source, iter(source.parts("inputs"))))
            continue
        pending.pop()
        if part is not layer:
            part.get("output_shape")


@derived("Layer", "output_shape")
def _output_shape(layer: Layer) -> Any:
    """Unknown as well where nothing is left: what stands behind a collapsed map would be nonsense."""
    found = _shape(layer)
    if found is None or layer.get("input_shape") is UNKNOWN or has_collapsed(found):
        return UNKNOWN
    return inferred(found, *(source.get("output_shape") for source in layer.parts("inputs")))


@derived("Layer", "collapses")
def _collapses(layer: Layer) -> Any:
    """Whether a window is larger than what it slides over, so that no position is left."""
    found = _shape(layer)
    return UNKNOWN if found is None else inferred(has_collapsed(found), layer.get("input_shape"))


def has_collapsed(shape: Shape) -> bool:
    """Whether a dimension has no length."""
    return any(length is not None and length < 1 for length in shape)


def _shape(layer: Layer) -> Shape | None:
    """Return the shape behind a layer, None when it cannot be told."""
    kind, shape = value(layer, "kind"), layer.get("input_shape")
    if kind == "merge":
        return _merged(layer)
    if shape is UNKNOWN or not isinstance(shape.value, list):
        return None
    before: Shape = list(shape.value)
    if not value(layer, "time_distributed"):
        return _shape_after(layer, kind, before)
    inner = _shape_after(layer, kind, before[1:]) if before else None
    return None if inner is None else [before[0], *inner]


def _shape_after(layer: Layer, kind: str | None, shape: Shape) -> Shape | None:
    if kind in _SAME_SHAPE:
        return shape
    rule = _SHAPES.get(kind or "")
    return rule(layer, shape) if rule is not None else None


def _dense(layer: Layer, shape: Shape) -> Shape | None:
    units = value(layer, "units")
    return [*shape[:-1], units] if shape and units is not None else None


# -- windows ------------------------------------------------------------------------------------------------------


def split(layer: Layer, shape: Shape) -> tuple[Shape, int | None]:
    """Return the spatial dimensions and the channels of a shape."""
    if value(layer, "data_format") == "channels_first":
        return shape[1:], shape[0]
    return shape[:-1], shape[-1]


def _join(layer: Layer, spatial: Shape, channels: int | None) -> Shape:
    return [channels, *spatial] if value(layer, "data_format") == "channels_first" else [*spatial, channels]


def per_dimension(numbers: Any, rank: int, fill: int) -> list[int] | None:
    """Return one number per spatial dimension, a single one counting for all; None for what no window can have."""
    if numbers is None:
        return [fill] * rank
    listed = list(numbers) if isinstance(numbers, (list, tuple)) else [numbers]
    if len(listed) == 1:
        listed *= rank
    return listed if len(listed) == rank and all(isinstance(n, int) and n > 0 for n in listed) else None


def window_length(length: int | None, kernel: int, stride: int, dilation: int, padding: str | None) -> int | None:
    """Return how many positions a sliding window takes along a dimension; None for a free one or unknown padding.

    same and causal: ceil(length / stride); valid: floor((length - reach) / stride) + 1, at least 0, with
    reach = dilation (kernel - 1) + 1.
    """
    if length is None or padding is None:
        return None
    if padding in ("same", "causal"):
        return -(-length // stride)
    return max((length - dilation * (kernel - 1) - 1) // stride + 1, 0) if padding == "valid" else None


def _convolution(layer: Layer, shape: Shape) -> Shape | None:
    if len(shape) < 2 or len(shape) - 1 != value(layer, "rank"):
        return None
    spatial, channels = split(layer, shape)
    rank = len(spatial)
    kernel = per_dimension(value(layer, "kernel"), rank, 1)
    stride = per_dimension(value(layer, "stride"), rank, 1)
    dilation = per_dimension(value(layer, "dilation"), rank, 1)
    padding = value(layer, "padding")
    if kernel is None or stride is None or dilation is None:
        return None
    filters = value(layer, "units")
    if value(layer, "operation") == "depthwise":
        filters = channels * (value(layer, "depth_multiplier") or 1) if channels is not None else None
    elif filters is None:
        return None
    sizes = zip(spatial, kernel, stride, dilation)
    if value(layer, "operation") == "transposed":
        extra = _output_padding(layer, rank)
        made = [_transposed_length(*size, more, padding) for size, more in zip(sizes, extra)]
    else:
        made = [window_length(*size, padding) for size in sizes]
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
    spatial, channels = split(layer, shape)
    rank = len(spatial)
    if value(layer, "is_global"):
        if value(layer, "rank") not in (None, rank):
            return None
        return _join(layer, [1] * rank, channels) if value(layer, "keeps_dimensions") else [channels]
    if rank != value(layer, "rank"):
        return None
    if "adaptive" in str(value(layer, "operation")):
        return _resized_to(layer, spatial, channels)
    kernel = per_dimension(value(layer, "kernel"), rank, 2)
    stride = per_dimension(value(layer, "stride"), rank, 1) if value(layer, "stride") is not None else kernel
    if kernel is None or stride is None:
        return None
    padding = value(layer, "padding")
    made = [window_length(length, k, s, 1, padding) for length, k, s in zip(spatial, kernel, stride)]
    return _join(layer, made, channels)


def _resized_to(layer: Layer, spatial: Shape, channels: int | None) -> Shape | None:
    """Pooled, cropped or resized to a given size."""
    size = per_dimension(value(layer, "resized_to"), len(spatial), 0)
    return None if size is None or value(layer, "resized_to") is None else _join(layer, list(size), channels)


def _resized(layer: Layer, shape: Shape) -> Shape | None:
    """Padding and cropping change both ends of each dimension by `margins`; upsampling repeats it `factors` times."""
    kind = value(layer, "kind")
    changes = value(layer, "factors" if kind == "upsampling" else "margins")
    if len(shape) < 2:
        return None
    spatial, channels = split(layer, shape)
    if value(layer, "resized_to") is not None:
        return _resized_to(layer, spatial, channels)
    if not isinstance(changes, list) or len(spatial) != value(layer, "rank"):
        return None
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
            made.append(length + sum(change) if kind == "padding" else max(length - sum(change), 0))
    return _join(layer, made, channels)


def _image(layer: Layer, shape: Shape) -> Shape | None:
    """Random changes keep the shape; resizing and random cropping give the size they are told."""
    if value(layer, "operation") in _SAME_SHAPE_AUGMENTATIONS:
        return shape
    if value(layer, "operation") not in ("crop", "resize") or len(shape) < 3:
        return None
    spatial, channels = split(layer, shape)
    return _resized_to(layer, spatial, channels)


# -- sequences ----------------------------------------------------------------------------------------------------


def _recurrent(layer: Layer, shape: Shape) -> Shape | None:
    units = value(layer, "units")
    sequences = value(layer, "return_sequences")
    if units is None or sequences is None:
        return None
    if value(layer, "rank"):
        inner = _convolution(layer, shape[1:])
        return None if inner is None else [shape[0], *inner] if sequences else inner
    if len(shape) != 2:
        return None
    if value(layer, "bidirectional"):
        mode = layer.get("merge_mode")
        if mode is UNKNOWN:
            return None
        units = units * 2 if mode.value == "concat" else units
    return [shape[0], units] if sequences else [units]


def _embedding(layer: Layer, shape: Shape) -> Shape | None:
    units = value(layer, "units")
    return None if units is None else [*shape, units]


def _repeat(layer: Layer, shape: Shape) -> Shape | None:
    times = value(layer, "repeats")
    return None if times is None or len(shape) != 1 else [times, *shape]


def _attention(layer: Layer, shape: Shape) -> Shape | None:
    """Multi-head attention keeps the query's shape unless told a width; plain attention takes the values' width."""
    if not shape:
        return None
    if value(layer, "operation") in ("multi_head", "grouped_query"):
        target = value(layer, "target_shape")
        return [*shape[:-1], *target] if isinstance(target, list) else shape
    inputs = layer.parts("inputs")
    values = inputs[1 if len(inputs) > 1 else 0].get("output_shape") if inputs else UNKNOWN
    return [*shape[:-1], values.value[-1]] if values is not UNKNOWN and values.value else None


# -- order and joining --------------------------------------------------------------------------------------------


def size_of(shape: Any) -> int | None:
    """Return how many numbers a shape holds, None when a dimension is free."""
    result = 1
    for length in shape:
        if length is None:
            return None
        result *= length
    return result


def _flatten(layer: Layer, shape: Shape) -> Shape | None:
    return [size_of(shape)]


def _reshape(layer: Layer, shape: Shape) -> Shape | None:
    if value(layer, "operation") == "permute":
        order = value(layer, "permutation")
        if not isinstance(order, list) or sorted(order) != list(range(1, len(shape) + 1)):
            return None
        return [shape[position - 1] for position in order]
    target = value(layer, "target_shape")
    if not isinstance(target, list) or not all(isinstance(length, int) for length in target) or target.count(-1) > 1:
        return None
    if -1 not in target:
        return list(target)
    size, rest = size_of(shape), size_of(length for length in target if length != -1)
    free = size // rest if size is not None and rest else None
    return [free if length == -1 else length for length in target]


def _merged(layer: Layer) -> Shape | None:
    """Return the shape of inputs joined: broadcast, multiplied or concatenated; an input and a constant keep theirs."""
    _settle_sources(layer)
    inputs = layer.parts("inputs")
    shapes = [source.get("output_shape") for source in inputs]
    if not shapes or any(shape is UNKNOWN for shape in shapes):
        return None
    listed = [list(shape.value) for shape in shapes]
    operation = value(layer, "operation")
    if operation == "concat":
        return _concatenated(listed, value(layer, "axis"))
    if operation == "dot" and len(listed) == 2:
        return _multiplied(listed[0], listed[1], value(layer, "axes"))
    if operation not in _ARITHMETIC:
        return None
    made = listed[0]
    for shape in listed[1:]:
        joined = broadcast(made, shape)
        if joined is None:
            return None
        made = joined
    return made


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


def _multiplied(a: Shape, b: Shape, axes: Any) -> Shape | None:
    """Return what a dot product along one axis of each leaves: the other dimensions of `a`, then those of `b`."""
    if not isinstance(axes, list) or not 1 <= len(axes) <= 2:
        return None
    left: Shape = []
    for shape, axis in zip((a, b), axes * 2 if len(axes) == 1 else axes):
        at = axis - 1 if axis > 0 else len(shape) + axis
        if not 0 <= at < len(shape):
            return None
        left += shape[:at] + shape[at + 1 :]
    return left or [1]


def broadcast(a: Shape, b: Shape) -> Shape | None:
    """Return the shape of an element-wise operation on shapes `a` and `b`, None when they do not fit.

    A missing dimension is taken to be 1, and to stand in front of the others.
    """
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    made: Shape = []
    for x, y in zip(longer, [*([1] * (len(longer) - len(shorter))), *shorter]):
        if x == 1 or y == 1 or x == y:
            made.append(y if x == 1 else x)
        elif x is None or y is None:
            made.append(None)
        else:
            return None
    return made


_SHAPES: dict[str, Callable[[Layer, Shape], Shape | None]] = {
    "augmentation": _image, "dense": _dense, "convolution": _convolution, "pooling": _pooling,
    "recurrent": _recurrent, "embedding": _embedding, "flatten": _flatten, "reshape": _reshape, "padding": _resized,
    "cropping": _resized, "upsampling": _resized, "repeat": _repeat, "attention": _attention, "preprocessing": _image,
}  # fmt: skip
