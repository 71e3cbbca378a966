"""What a Keras model takes in: shape, modality, scaling, as far as the layers tell."""

from __future__ import annotations

from math import isqrt

from hplint.facts.fact import UNKNOWN, Fact, inferred
from hplint.facts.graph import downstream
from hplint.facts.parts import Input, Layer, Output
from hplint.facts.scaling import scaling_by_layers
from hplint.formats.keras_values import tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_IMAGE_CHANNELS = (1, 3, 4)
_SMALLEST_IMAGE = 8
_SMALLEST_ROWS = 16
# Longer vectors are bags of words, flattened images or features of another network more often than columns of a table,
# and steps with more values than this are word vectors or such features more often than measurements.
_LONGEST_ROW = 256
_WIDEST_STEP = 64
_SMALLEST_ALPHABET = 16
_UNCHANGED = ("masking", "rescaling", "normalization", "noise", "dropout")
# What is made of a vector that is no row of a table: a latent code, a sequence, a token.
_NOT_FOR_ROWS = ("convolution", "recurrent", "embedding", "reshape", "upsampling", "attention", "repeat", "unknown")


def read_input(layer: Layer, names: str, outputs: list[Output]) -> Input:
    """Return what is known of the data that an input layer takes; `names` are those around it, for hints."""
    source = Input(layer.node, layer.label)
    source.state(layer=layer)
    if "name" in layer.facts:
        source.state(name=layer.facts["name"])
        names = f"{names} {layer.facts['name'].value}"
    scaling = scaling_by_layers(layer)
    if scaling is not UNKNOWN:
        source.state(scaling=scaling)
    shape = layer.facts.get("declared_shape", UNKNOWN)
    if shape is not UNKNOWN and not all(length is None or type(length) is int for length in shape.value):
        shape = UNKNOWN
    if shape is not UNKNOWN:
        source.state(shape=shape)
    if _state_text(source, layer, shape) or shape is UNKNOWN:
        return source
    rank = len(shape.value)
    if rank in (3, 4):
        _state_image(source, shape)
    elif rank == 2:
        _state_sequence(source, layer, shape, names, outputs)
    elif rank == 1:
        _state_vector(source, layer, shape, names)
    return source


def _consumers(layer: Layer) -> list[Layer]:
    return layer.facts.get("consumers", [])  # type: ignore[no-any-return]  # the graph states a list


def _value(layer: Layer, fact: str) -> Any:
    return layer.facts.get(fact, UNKNOWN).value


def _state_text(source: Input, layer: Layer, shape: Fact[Any]) -> bool:
    """Say of tokens, which an embedding reads, that they are text; of a single one nothing, as it may be a category."""
    for consumer in _consumers(layer):
        if _value(consumer, "operation") == "text_vectorization":
            source.state(modality=inferred("text", consumer.facts["kind"]))
            return True
    embedding = next((consumer for consumer in _consumers(layer) if _value(consumer, "kind") == "embedding"), None)
    if embedding is None:
        return False
    if "vocabulary" in embedding.facts:
        source.state(vocabulary=embedding.facts["vocabulary"])
    length = shape.value[0] if shape is not UNKNOWN and len(shape.value) == 1 else None
    if length is not None:
        source.state(sequence_length=inferred(length, shape))
    if (length is None or length > 1) and (shape is UNKNOWN or len(shape.value) == 1):
        source.state(modality=inferred("text", embedding.facts["kind"], note="an embedding reads it"))
    return True


def _state_image(source: Input, shape: Fact[Any]) -> None:
    """Say image or video of lengths of which the first or the last, but not both, is a number of channels."""
    lengths = shape.value
    last, first = _looks_like_image(lengths[-3:-1], lengths[-1]), _looks_like_image(lengths[-2:], lengths[0])
    if last == first:
        return
    kind = "image" if len(lengths) == 3 else "video"
    source.state(modality=inferred(kind, shape), channels=inferred(lengths[-1 if last else 0], shape))
    source.state(channel_order=inferred("channels_last" if last else "channels_first", shape))


def _looks_like_image(sides: list[int | None], channels: int | None) -> bool:
    return channels in _IMAGE_CHANNELS and all(side is None or side >= _SMALLEST_IMAGE for side in sides)


def _state_sequence(source: Input, layer: Layer, shape: Fact[Any], names: str, outputs: list[Output]) -> None:
    """Say time series of steps and features that something reads as steps; of a square read by rows, image."""
    reader = _first_reader(layer)
    if reader is None:
        return
    steps, width = shape.value
    kind = reader.facts["kind"]
    is_recurrent = kind.value == "recurrent"
    if is_recurrent and steps is not None and steps == width and steps >= _SMALLEST_ROWS:
        if not _hinted(names, "rows_as_steps") and not _predicts_numbers(width, outputs):
            source.state(modality=inferred("image", shape, kind, note="a square that is read row by row"))
        return
    if _is_one_hot(width, outputs) or width is None or width > _WIDEST_STEP:
        return
    if is_recurrent or (kind.value == "convolution" and _value(reader, "rank") == 1):
        source.state(modality=inferred("timeseries", shape, kind))
        if steps is not None:
            source.state(sequence_length=inferred(steps, shape))


def _is_one_hot(width: int | None, outputs: list[Output]) -> bool:
    """Whether a head chooses among as many classes as a step has values: one of them, such as the next character."""
    if width is None or width < _SMALLEST_ALPHABET:
        return False
    heads = [output.facts for output in outputs if "layer" in output.facts]
    return any(head["activation"].value == "softmax" and _value(head["layer"], "units") == width for head in heads)


def _predicts_numbers(width: int, outputs: list[Output]) -> bool:
    """Whether all heads give bare numbers, one or as many as a step has: what comes next in a time series."""
    heads = [output.facts for output in outputs if "layer" in output.facts]
    numbers = [head for head in heads if head["activation"].value == "linear"]
    return bool(heads) and all(_value(head["layer"], "units") in (1, width) for head in numbers) and numbers == heads


def _first_reader(layer: Layer) -> Layer | None:
    """Return the only layer that reads an input, past those that leave its values in place."""
    at = layer
    for _ in range(16):
        consumers = _consumers(at)
        if len(consumers) != 1:
            return None
        at = consumers[0]
        if at.facts["kind"].value not in _UNCHANGED:
            return at
    return None


def _state_vector(source: Input, layer: Layer, shape: Fact[Any], names: str) -> None:
    """Say table of a vector unless its length, its name or what is made of it says otherwise."""
    length = shape.value[0]
    if length is None or not 0 < length < _LONGEST_ROW or _is_typical_of_features(length):
        return
    if _hinted(names, "not_tabular") or any(_value(after, "kind") in _NOT_FOR_ROWS for after in downstream(layer)):
        return
    source.state(modality=inferred("tabular", shape))


def _is_typical_of_features(length: int) -> bool:
    """Whether a length is a power of two as networks' feature vectors have, or 3 times a square as images have."""
    side = isqrt(length // 3)
    is_image = length % 3 == 0 and side >= _SMALLEST_IMAGE and side * side * 3 == length
    return is_image or (length >= 64 and length & (length - 1) == 0)


def _hinted(names: str, hint: str) -> bool:
    """Whether a name around an input speaks of `hint`; the names that Keras gives by itself say nothing."""
    words = [word for word in names.lower().split() if not _is_automatic(word)]
    return any(part in word for word in words for part in tables()["hints"][hint])


def _is_automatic(name: str) -> bool:
    return name.rstrip("0123456789").rstrip("_") in tables()["automatic_names"]
