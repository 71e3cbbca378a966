"""What a Keras model takes in: shape, modality, scaling, as far as the layers tell."""

from __future__ import annotations

from math import isqrt

from hplint.facts.fact import UNKNOWN, Fact, inferred
from hplint.facts.graph import downstream
from hplint.facts.parts import Input, Layer
from hplint.facts.scaling import scaling_by_layers
from hplint.formats.keras_values import tables
from hplint.syntax.tree import STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_IMAGE_CHANNELS = (1, 3, 4)
_SMALLEST_IMAGE = 8
_SMALLEST_ROWS = 16
# Vectors this long are bags of words, flattened images or features of another network more often than columns.
_LONGEST_ROW = 256


def read_input(layer: Layer, label: str) -> Input:
    """Return what is known of the data that an input layer takes; `label` is the names around it, for hints."""
    source = Input(layer.node, layer.label)
    if "name" in layer.facts:
        source.state(name=layer.facts["name"])
    source.state(layer=layer)
    shape = layer.facts.get("declared_shape", UNKNOWN)
    if shape is UNKNOWN or not all(length is None or type(length) is int for length in shape.value):
        _state_text(source, layer, shape)
        return source
    source.state(shape=shape)
    _state_text(source, layer, shape)
    rank = len(shape.value)
    if "modality" in source.facts:
        return source
    if rank in (3, 4):
        _state_image(source, shape)
    elif rank == 2:
        _state_sequence(source, layer, shape, label)
    elif rank == 1:
        _state_vector(source, layer, shape, label)
    scaling = scaling_by_layers(layer)
    if scaling is not UNKNOWN:
        source.state(scaling=scaling)
    return source


def _consumers(layer: Layer) -> list[Layer]:
    return layer.facts.get("consumers", [])  # type: ignore[no-any-return]  # the graph states a list


def _state_text(source: Input, layer: Layer, shape: Fact[Any]) -> None:
    """Tokens go into an embedding; a single number there is a category, whose meaning is open."""
    consumers = _consumers(layer)
    kinds = {consumer.facts["kind"].value for consumer in consumers}
    embedding = next((consumer for consumer in consumers if consumer.facts["kind"].value == "embedding"), None)
    vectorized = any(_value(consumer, "operation") == "text_vectorization" for consumer in consumers)
    dtype = layer.node.at("config", "dtype") if layer.node is not None else None
    if vectorized or (dtype is not None and dtype.kind is STRING and dtype.value == "string" and kinds == {"preprocessing"} and vectorized):
        source.state(modality=inferred("text", *(consumer.facts["kind"] for consumer in consumers)))
    if embedding is None or kinds != {"embedding"}:
        return
    if "vocabulary" in embedding.facts:
        source.state(vocabulary=embedding.facts["vocabulary"])
    if shape is UNKNOWN or len(shape.value) == 1:
        length = shape.value[0] if shape is not UNKNOWN else None
        if shape is not UNKNOWN and length is not None:
            source.state(sequence_length=inferred(length, shape))
        if length is None or length > 1:
            source.state(modality=inferred("text", embedding.facts["kind"], note="an embedding reads it"))


def _state_image(source: Input, shape: Fact[Any]) -> None:
    """Three dimensions of which the first or last has as many as an image has channels, and the others are sides."""
    lengths = shape.value
    sides = all(length is None or length >= _SMALLEST_IMAGE for length in lengths[-3:-1])
    last = lengths[-1] in _IMAGE_CHANNELS and sides
    first_at = len(lengths) - 3
    first = lengths[first_at] in _IMAGE_CHANNELS and all(
        length is not None and length >= _SMALLEST_IMAGE for length in lengths[first_at + 1 :]
    )
    if len(lengths) == 4 and not last:
        first = lengths[0] in _IMAGE_CHANNELS and all(
            length is None or length >= _SMALLEST_IMAGE for length in lengths[2:]
        )
    if last == first:
        return
    kind = "image" if len(lengths) == 3 else "video"
    order = "channels_last" if last else "channels_first"
    channels = lengths[-1] if last else lengths[first_at] if len(lengths) == 3 else lengths[0]
    source.state(modality=inferred(kind, shape), channel_order=inferred(order, shape), channels=inferred(channels, shape))


def _state_sequence(source: Input, layer: Layer, shape: Fact[Any], label: str) -> None:
    """Two dimensions: steps and features where something reads them as steps."""
    reader = _first_reader(layer)
    if reader is None:
        return
    steps, width = shape.value
    kind = reader.facts["kind"]
    if kind.value == "recurrent" and steps == width and steps is not None and steps >= _SMALLEST_ROWS:
        if not _hinted(label, "rows_as_steps"):
            source.state(modality=inferred("image", shape, kind, note="a square read row by row"))
        return
    if kind.value == "recurrent" or (kind.value == "convolution" and _value(reader, "rank") == 1):
        source.state(modality=inferred("timeseries", shape, kind))
        if steps is not None:
            source.state(sequence_length=inferred(steps, shape))


def _first_reader(layer: Layer) -> Layer | None:
    """Return the only layer that reads an input, past those that leave it as it is."""
    at = layer
    for _ in range(16):
        consumers = _consumers(at)
        if len(consumers) != 1:
            return None
        at = consumers[0]
        if at.facts["kind"].value not in ("masking", "rescaling", "normalization", "noise", "dropout"):
            return at
    return None


def _state_vector(source: Input, layer: Layer, shape: Fact[Any], label: str) -> None:
    """One dimension: columns of a table, unless its length, its name or what it becomes says otherwise."""
    length = shape.value[0]
    if length is None or length < 1 or length >= _LONGEST_ROW or (length >= 64 and length & (length - 1) == 0):
        return
    if _is_square(length) or (length % 3 == 0 and _is_square(length // 3)) or _hinted(label, "not_tabular"):
        return
    later = [_value(after, "kind") for after in downstream(layer)]
    if any(kind in (None, "convolution", "recurrent", "embedding", "reshape", "upsampling", "attention", "repeat") for kind in later):
        return
    source.state(modality=inferred("tabular", shape))


def _is_square(length: int) -> bool:
    side = isqrt(length)
    return side >= _SMALLEST_ROWS and side * side == length


def _hinted(label: str, hint: str) -> bool:
    """Whether a name around an input speaks of `hint`; the names that Keras gives by itself say nothing."""
    words = [word for word in label.lower().split() if not _is_automatic(word)]
    return any(part in word for word in words for part in tables()["hints"][hint])


def _is_automatic(word: str) -> bool:
    return word.rstrip("0123456789").rstrip("_") in ("sequential", "functional", "model", "input", "input_layer")


def _value(layer: Layer, fact: str) -> Any:
    found = layer.facts.get(fact, UNKNOWN)
    return found.value
