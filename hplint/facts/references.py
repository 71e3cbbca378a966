"""Names that refer to a layer or an input and lead nowhere."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, derived, inferred, written
from hplint.facts.graph import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Model


@derived("Model", "missing_reference", "layer.missing_inputs", "input.tied")
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
