"""Facts about how the parts of a network fit its inputs, its head and each other."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, derived, inferred
from hplint.facts.graph import upstream, value
from hplint.facts.shapes import size_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Input, Layer, Output

_FEATURE_KINDS = frozenset(("convolution", "recurrent", "attention"))
"""Kinds of layers that relate positions of an image, a table's rows or a sequence to each other."""
_OPAQUE_KINDS = frozenset(("unknown", "lambda", "model", None))
_SHAPE_KEEPING = frozenset(("dropout", "normalization", "activation", "noise", "masking", "regularization"))
_BENDING_OR_DROPPING = frozenset(("dropout", "activation"))
_CHANNELS = (1, 3, 4)
_SMALLEST_SIDE = 8


# -- inputs -------------------------------------------------------------------------------------------------------


@derived("Input", "read_by")
def _read_by(source: Input) -> Any:
    """The first layer that relates positions to each other: convolutional, recurrent or attention; None for none.

    Unknown where layers of several such kinds read the input, where one reads other inputs too, and where hplint does
    not know a layer on the way. A permutation lets dense layers relate positions, so that then no answer is "none".
    """
    start = source.get("layer")
    if not hasattr(start, "facts"):
        return UNKNOWN
    found: list[Layer] = []
    pending, seen = [start], {id(start)}
    mixes = False
    while pending:
        at = pending.pop(0)
        kind = value(at, "kind")
        if kind in _FEATURE_KINDS:
            found.append(at)
            continue
        consumers = at.get("consumers")
        if kind in _OPAQUE_KINDS or not isinstance(consumers, list):
            return UNKNOWN
        mixes = mixes or (kind == "reshape" and value(at, "operation") not in ("reshape", None))
        new = [consumer for consumer in consumers if id(consumer) not in seen]
        seen.update(id(consumer) for consumer in new)
        pending += new
    if not found:
        return UNKNOWN if mixes else inferred(None, note="only dense layers learn from it")
    if len({value(layer, "kind") for layer in found}) > 1:
        return UNKNOWN
    others = [layer for layer in upstream(found[0]) if value(layer, "kind") == "input" and layer is not start]
    return UNKNOWN if others else found[0]


@derived("Input", "channel_order", "shape")
def _channel_order(source: Input) -> Any:
    """Where the channels of an image stand: in the last or the first of its three dimensions."""
    shape, modality = source.get("shape"), source.get("modality")
    if shape is UNKNOWN or modality is UNKNOWN or modality.value != "image" or len(shape.value) != 3:
        return UNKNOWN
    first, middle, last = shape.value
    is_last = last in _CHANNELS and _are_sides(first, middle)
    is_first = first in _CHANNELS and _are_sides(middle, last)
    if is_last == is_first:
        return UNKNOWN
    return inferred("channels_last" if is_last else "channels_first", shape)


def _are_sides(*lengths: int | None) -> bool:
    return all(length is None or length >= _SMALLEST_SIDE for length in lengths)


@derived("Input", "longest_side")
def _longest_side(source: Input) -> Any:
    """The longer side of an image in pixels; of a matrix without channels as well."""
    shape, order = source.get("shape"), source.get("channel_order")
    if shape is UNKNOWN or len(shape.value) not in (2, 3) or (len(shape.value) == 3 and order is UNKNOWN):
        return UNKNOWN
    first = 1 if len(shape.value) == 3 and order.value == "channels_first" else 0
    sides = shape.value[first : first + 2]
    return UNKNOWN if None in sides else inferred(max(sides), shape)


@derived("Input", "order_is_wrong", "shape")
def _order_is_wrong(source: Input) -> Any:
    """Whether the convolution that reads the input as it is takes its channels to stand where they do not."""
    order, reader = source.get("channel_order"), source.get("read_by")
    if order is UNKNOWN or not hasattr(reader, "facts") or value(reader, "kind") != "convolution":
        return UNKNOWN
    taken, shape, read = reader.get("data_format"), source.get("shape"), reader.get("input_shape")
    if UNKNOWN in (taken, shape, read) or list(shape.value) != list(read.value) or value(reader, "rank") != 2:
        return UNKNOWN
    return inferred(order.value != taken.value, shape, taken)


@derived("Input", "reordered_shape")
def _reordered_shape(source: Input) -> Any:
    """The list to write for an image's shape with its channels at the other end; the batch stays where it stands."""
    shape, order = source.get("shape"), source.get("channel_order")
    if shape is UNKNOWN or order is UNKNOWN or shape.node is None:
        return UNKNOWN
    lengths, items = list(shape.value), shape.node.items
    moved = [*lengths[1:], lengths[0]] if order.value == "channels_first" else [lengths[-1], *lengths[:-1]]
    return inferred([item.value for item in items[: len(items) - len(lengths)]] + moved, shape)


# -- the head -----------------------------------------------------------------------------------------------------


@derived("Output", "unflattened", "layer.kind")
def _unflattened(output: Output) -> Any:
    """The first dense layer of a head that reads positions one by one, though nothing joins them later.

    Only where that is evident: the head is dense, the convolutions come in one chain and have shrunk the map, or dense
    layers follow each other behind a map of the image's size. Heads for single pixels or steps keep that size. Of
    embedded tokens, where nothing else looks at them and a yes or no is all that comes out.
    """
    head, final = output.get("layer"), output.get("final")
    if not (hasattr(head, "facts") and hasattr(final, "facts")) or value(head, "kind") != "dense":
        return UNKNOWN
    shape = final.get("output_shape")
    loss = output.get("loss")
    if shape is UNKNOWN or len(shape.value) < 2 or value(head, "time_distributed") is not False:
        return UNKNOWN
    if hasattr(loss, "facts") and value(loss, "custom"):
        return UNKNOWN
    first = _first_of_dense_chain(head)
    maker = first.get("previous_parametric")
    if not hasattr(maker, "facts") or value(maker, "kind") not in ("convolution", "embedding"):
        return UNKNOWN
    before = list(upstream(head))
    if any(_enlarges_or_hides(layer) for layer in before if layer is not maker):
        return UNKNOWN
    sources = [layer.get("output_shape") for layer in before if value(layer, "kind") == "input"]
    if len(sources) != 1 or sources[0] is UNKNOWN:
        return UNKNOWN
    if value(maker, "kind") == "embedding":
        is_answer_per_token = len(sources[0].value) == 1 and sources[0].value != [1] and list(shape.value[1:]) == [1]
        return first if is_answer_per_token else UNKNOWN
    if len(sources[0].value) != len(shape.value):
        return UNKNOWN
    has_shrunk = list(shape.value[:-1]) != list(sources[0].value[:-1])
    is_image_head = len(shape.value) == 3 and first is not head
    return first if has_shrunk or is_image_head else UNKNOWN


def _first_of_dense_chain(head: Layer) -> Layer:
    at = head
    for _ in range(100):
        before = at.get("previous_parametric")
        if not hasattr(before, "facts") or value(before, "kind") != "dense":
            break
        at = before
    return at


def _enlarges_or_hides(layer: Layer) -> bool:
    """Whether behind this layer a map may be meant to stay one: it was enlarged, joined, or is not known."""
    kind = value(layer, "kind")
    is_other = kind in ("upsampling", "recurrent", "attention", "reshape", "merge", "embedding", "padding", "repeat")
    return kind in _OPAQUE_KINDS or is_other or value(layer, "operation") == "transposed"


# -- layers -------------------------------------------------------------------------------------------------------


@derived("Layer", "feeds")
def _feeds(layer: Layer) -> Any:
    """The only layer that takes its output, past layers that keep its shape, and that takes nothing else."""
    at = layer.get("next")
    for _ in range(100):
        if not hasattr(at, "facts") or len(at.parts("inputs")) != 1:
            return UNKNOWN
        if value(at, "kind") not in _SHAPE_KEEPING:
            return at
        at = at.get("next")
    return UNKNOWN


@derived("Layer", "dropped_by")
def _dropped_by(layer: Layer) -> Any:
    """The dropout right in front of a layer, with activations at most between the two."""
    at = layer.get("previous")
    for _ in range(100):
        if not hasattr(at, "facts") or value(at, "kind") not in _BENDING_OR_DROPPING:
            return UNKNOWN
        if value(at, "kind") == "dropout":
            return at
        at = at.get("previous")
    return UNKNOWN


@derived("Layer", "steps")
def _steps(layer: Layer) -> Any:
    """How many steps a recurrent layer walks through: the first length of what it reads."""
    shape = layer.get("input_shape")
    if value(layer, "kind") != "recurrent":
        return UNKNOWN
    if shape is not UNKNOWN and len(shape.value) > 1:
        is_per_step = bool(value(layer, "time_distributed"))
        return inferred(shape.value[is_per_step], shape) if shape.value[is_per_step] is not None else UNKNOWN
    inputs = layer.training.parts("inputs") if layer.training is not None else []
    return next((source.get("sequence_length") for source in inputs if source.get("read_by") is layer), UNKNOWN)


@derived("Layer", "as_image")
def _as_image(layer: Layer) -> Any:
    """The shape of the image whose rows a recurrent layer reads: the input's own, else the rows with one channel."""
    rows = layer.get("input_shape")
    if value(layer, "kind") != "recurrent" or rows is UNKNOWN or len(rows.value) != 2:
        return UNKNOWN
    for source in upstream(layer):
        shape = source.get("output_shape") if value(source, "kind") == "input" else UNKNOWN
        if shape is not UNKNOWN and len(shape.value) == 3 and size_of(shape.value) == size_of(rows.value):
            return inferred(list(shape.value), shape)
    return inferred([*rows.value, 1], rows) if None not in rows.value else UNKNOWN


@derived("Layer", "channels")
def _channels(layer: Layer) -> Any:
    """Channels of what a convolution or normalization reads."""
    shape = layer.get("input_shape")
    if shape is UNKNOWN or not shape.value:
        return UNKNOWN
    at = 0 if value(layer, "data_format") == "channels_first" else -1
    axes = value(layer, "axes")
    if isinstance(axes, list) and len(axes) == 1:
        at = axes[0] - 1 if axes[0] > 0 else axes[0]
    known = -len(shape.value) <= at < len(shape.value) and shape.value[at] is not None
    return inferred(shape.value[at], shape) if known else UNKNOWN


@derived("Layer", "input_ranks", "kind")
def _input_ranks(layer: Layer) -> Any:
    """How many dimensions each input of a merge has, without the batch."""
    inputs = layer.get("inputs")
    shapes = [source.get("output_shape") for source in inputs] if isinstance(inputs, list) else []
    if value(layer, "kind") != "merge" or len(shapes) < 2 or any(shape is UNKNOWN for shape in shapes):
        return UNKNOWN
    return inferred([len(shape.value) for shape in shapes], *shapes)


@derived("Layer", "largest_token")
def _largest_token(layer: Layer) -> Any:
    """The largest token that reaches an embedding: what the layer before it can give, else what the input says."""
    before, training = layer.get("previous"), layer.training
    if value(layer, "kind") != "embedding" or not hasattr(before, "facts") or training is None:
        return UNKNOWN
    if value(before, "kind") == "preprocessing":
        made = before.get("vocabulary")
        return UNKNOWN if made is UNKNOWN or value(before, "operation") == "encode_categories" else _one_less(made)
    for source in training.parts("inputs"):
        if source.get("layer") is before and value(source, "vocabulary") is not None:
            return _one_less(source.get("vocabulary"))
    embeddings = [other for other in training.model.parts("layers") if value(other, "kind") == "embedding"]
    if len(embeddings) != 1 or value(before, "kind") != "input":
        return UNKNOWN
    largest, vocabulary = training.model.get("largest_token"), training.model.get("vocabulary")
    return largest if largest is not UNKNOWN else UNKNOWN if vocabulary is UNKNOWN else _one_less(vocabulary)


def _one_less(fact: Fact[Any]) -> Any:
    return inferred(fact.value - 1, fact) if isinstance(fact.value, int) else UNKNOWN


@derived("Layer", "penalty", "l1", "l2", "model.l1", "model.l2")
def _penalty(layer: Layer) -> Any:
    """The strongest L1 or L2 on a layer's weights: the layer's own, or that of all weights of the model.

    The model's counts only where every layer is known, since some bring losses that it is meant to scale (TabNet).
    """
    model = layer.training.model if layer.training is not None else None
    parts = [layer, model] if model is not None and value(model, "complete") else [layer]
    found = [part.get(name) for part in parts for name in ("l1", "l2")]
    known = [fact for fact in found if fact is not UNKNOWN and isinstance(fact.value, (int, float))]
    return max(known, key=lambda fact: fact.value) if known and value(layer, "parametric") else UNKNOWN
