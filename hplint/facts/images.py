"""Facts about what reaches a layer: raw images, and names that lead nowhere."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, derived, inferred, written
from hplint.facts.graph import upstream, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Layer, Model

# Layers behind which an image is no longer raw.
_SEEING = frozenset(("convolution", "attention", "embedding", "model", "unknown", "lambda"))


@derived("Layer", "reads_raw_image")
def _reads_raw_image(layer: Layer) -> Any:
    """Whether an image reaches a layer without a convolution, attention or an unknown layer on the way."""
    training = layer.training
    inputs = training.parts("inputs") if training is not None else []
    images = {id(source.get("layer")): source for source in inputs if value(source, "modality") == "image"}
    before = [layer, *upstream(layer)]
    source = next((images[id(at)] for at in before if id(at) in images), None)
    if source is None:
        return UNKNOWN
    if any(value(at, "kind") in _SEEING or value(at, "kind") is None for at in before[1:] if not _is_ludwig_rows(at)):
        return inferred(False, source.get("modality"))
    return inferred(True, source.get("modality"))


def _is_ludwig_rows(layer: Layer) -> bool:
    """Whether an embedding only stands for the rows that a recurrent encoder is made to read."""
    training = layer.training
    return value(layer, "kind") == "embedding" and training is not None and value(training, "framework") == "ludwig"


@derived("Model", "missing_reference")
def _missing_reference(model: Model) -> Any:
    """The first name of a layer or input that something refers to and that is nowhere."""
    training = model.training
    if training is None:
        return UNKNOWN
    for layer in model.parts("layers"):
        missing = layer.get("missing_inputs")
        if missing is not UNKNOWN and missing.value:
            node = missing.node
            return written(node, missing.value[0]) if node is not None else inferred(missing.value[0], missing)
    inputs = training.parts("inputs")
    names = {value(source, "name") for source in inputs}
    for source in inputs:
        tied = source.get("tied")
        if isinstance(tied, Fact) and tied.node is not None and isinstance(tied.value, str) and tied.value not in names:
            return written(tied.node, tied.value)
    return UNKNOWN


@derived("Model", "nearest_reference")
def _nearest_reference(model: Model) -> Any:
    """The name that the missing one was probably meant to be."""
    missing, training = model.get("missing_reference"), model.training
    if missing is UNKNOWN or training is None:
        return UNKNOWN
    from difflib import get_close_matches

    names = [value(part, "name") for part in (*model.parts("layers"), *training.parts("inputs"))]
    close = get_close_matches(str(missing.value), [str(name) for name in names if name is not None], 1, 0.75)
    return inferred(close[0], missing) if close else UNKNOWN
