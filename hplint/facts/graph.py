"""Facts that follow from the graph of layers: neighbours, roles, effective activations, depth."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, derived, inferred

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hplint.facts.parts import Layer

PARAMETRIC = frozenset(("dense", "convolution", "recurrent", "attention", "embedding"))
"""Kinds of layers with weights of their own that transform what passes (normalisation only rescales it)."""

_WITHOUT_WEIGHTS = frozenset((
    "pooling", "normalization", "dropout", "activation", "flatten", "reshape", "merge", "input", "padding",
    "cropping", "upsampling", "noise", "rescaling", "augmentation", "preprocessing", "repeat", "masking",
    "regularization",
))  # fmt: skip
_LINEAR_KINDS = frozenset((
    "pooling", "normalization", "dropout", "flatten", "reshape", "padding", "cropping", "upsampling", "noise",
    "repeat", "masking", "regularization", "rescaling",
))  # fmt: skip
"""Layers behind which a nonlinearity still acts on the layer before them."""
_LINEAR_MERGES = frozenset(("add", "subtract", "average", "concat"))


def value(part: Any, name: str) -> Any:
    """Return the plain value of a fact, None when unknown or absent: for code that treats both alike."""
    found = part.get(name)
    return found.value if isinstance(found, Fact) else found


@derived("Layer", "previous")
def _previous(layer: Layer) -> Any:
    return _only(layer, "inputs")


@derived("Layer", "next")
def _next(layer: Layer) -> Any:
    return _only(layer, "consumers")


def _only(layer: Layer, relation: str) -> Any:
    """Return the only neighbour; an absent one for none, UNKNOWN for several."""
    found = layer.get(relation)
    if not isinstance(found, list):
        return UNKNOWN
    if not found:
        return inferred(None, note="there is none")
    return found[0] if len(found) == 1 else UNKNOWN


@derived("Layer", "parametric")
def _parametric(layer: Layer) -> Any:
    kind = layer.get("kind")
    if kind is UNKNOWN or kind.value in ("unknown", "model", "lambda"):
        return UNKNOWN
    return inferred(kind.value in PARAMETRIC, kind)


@derived("Layer", "next_parametric")
def _next_parametric(layer: Layer) -> Any:
    return _parametric_along(layer, "next")


@derived("Layer", "previous_parametric")
def _previous_parametric(layer: Layer) -> Any:
    return _parametric_along(layer, "previous")


def _parametric_along(layer: Layer, direction: str) -> Any:
    at = layer.get(direction)
    for _ in range(10_000):
        if isinstance(at, Fact):
            return at  # UNKNOWN, or definitely none
        is_parametric = at.get("parametric")
        if is_parametric is UNKNOWN:
            return UNKNOWN
        if is_parametric.value:
            return at
        at = at.get(direction)
    return UNKNOWN


def downstream(layer: Layer) -> Iterator[Layer]:
    """Yield every layer that is reached from `layer`, once each."""
    seen = {id(layer)}
    pending = list(layer.parts("consumers"))
    while pending:
        at = pending.pop()
        if id(at) not in seen:
            seen.add(id(at))
            yield at
            pending += at.parts("consumers")


def upstream(layer: Layer) -> Iterator[Layer]:
    """Yield every layer that `layer` is computed from, once each."""
    seen = {id(layer)}
    pending = list(layer.parts("inputs"))
    while pending:
        at = pending.pop()
        if id(at) not in seen:
            seen.add(id(at))
            yield at
            pending += at.parts("inputs")


@derived("Layer", "effective_activation")
def _effective_activation(layer: Layer) -> Any:
    """The nonlinearity that acts on a layer's output before the next weights: its own, or one a little further on."""
    own = layer.get("activation")
    if own is UNKNOWN:
        kind = layer.get("kind")
        if kind is UNKNOWN or kind.value not in _LINEAR_KINDS:
            return UNKNOWN
    elif own.value != "linear":
        return own
    return _activation_behind(layer, own, 0)


def _activation_behind(layer: Layer, own: Fact[Any], steps: int) -> Any:
    """Return the activation met on every path behind `layer`; linear if weights or the end come first."""
    consumers = layer.get("consumers")
    if not isinstance(consumers, list) or steps > 12:
        return UNKNOWN
    answers = []
    for consumer in consumers:
        kind = value(consumer, "kind")
        if kind == "activation":
            answers.append(consumer.get("activation"))
        elif kind in _LINEAR_KINDS or (kind == "merge" and value(consumer, "operation") in _LINEAR_MERGES):
            answers.append(_activation_behind(consumer, own, steps + 1))
        elif kind in PARAMETRIC:
            answers.append(inferred("linear", own))
        else:
            answers.append(UNKNOWN)
    if not consumers:
        return inferred("linear", own) if own is not UNKNOWN else inferred("linear")
    if any(answer is UNKNOWN for answer in answers):
        return UNKNOWN
    return answers[0] if len({answer.value for answer in answers}) == 1 else UNKNOWN


@derived("Layer", "role")
def _role(layer: Layer) -> Any:
    """What a layer is for, from what becomes of its output."""
    kind = value(layer, "kind")
    if kind is None or kind == "unknown":
        return UNKNOWN
    if kind == "input":
        return inferred("input")
    if kind == "attention":
        return inferred("attention", layer.get("kind"))
    consumers = layer.get("consumers")
    if not isinstance(consumers, list):
        return UNKNOWN
    direct = _meeting(layer)
    if direct is not None:
        return direct
    unknown = False
    for after in downstream(layer):
        parametric = after.get("parametric")
        if parametric is UNKNOWN:
            unknown = True
        elif parametric.value:
            return _hidden_role(layer)
    return UNKNOWN if unknown else inferred("output", note="no layer with weights comes behind it")


def _hidden_role(layer: Layer) -> Any:
    training = layer.training
    model = training.model if training is not None else None
    if model is not None and value(model, "autoencoder") and _is_narrowest(layer, model.parts("layers")):
        return inferred("bottleneck", model.get("autoencoder"))
    return inferred("hidden", note="layers with weights come behind it")


def _is_narrowest(layer: Layer, layers: list[Layer]) -> bool:
    units = value(layer, "units")
    widths = [value(other, "units") for other in layers if value(other, "kind") in ("dense", "convolution")]
    return units is not None and units == min((width for width in widths if width is not None), default=None)


def _meeting(layer: Layer) -> Any:
    """Return the role that the merge behind a layer gives it: a gate multiplies, a residual branch is added.

    None when no merge decides, UNKNOWN when something hplint cannot read takes the output.
    """
    pending = [(consumer, 0) for consumer in layer.parts("consumers")]
    seen: set[int] = set()
    open_question = False
    while pending:
        at, steps = pending.pop()
        if id(at) in seen or steps > 8:
            continue
        seen.add(id(at))
        kind = value(at, "kind")
        if kind == "merge":
            operation = value(at, "operation")
            if operation in ("multiply", "dot"):
                return inferred("gate", at.get("operation"), note="its output multiplies another layer's")
            if operation in ("add", "subtract", "average") and value(layer, "activation") in ("linear", None):
                return inferred("residual", at.get("operation"), note="its output is added to another layer's")
            if operation is None:
                open_question = True
        elif kind == "attention":
            return inferred("attention", at.get("kind"))
        elif kind in ("lambda", "unknown", "model", None):
            open_question = True
        elif kind == "activation" or kind in _LINEAR_KINDS:
            pending += [(consumer, steps + 1) for consumer in at.parts("consumers")]
    return UNKNOWN if open_question else None


@derived("Layer", "depth")
def _depth(layer: Layer) -> Any:
    inputs = layer.get("inputs")
    if not isinstance(inputs, list):
        return UNKNOWN
    # Layers stand in the order of the graph, so the depths of the inputs are computed without deep recursion.
    training = layer.training
    if training is not None and any("depth" not in source.facts for source in inputs):
        for other in training.model.parts("layers"):
            if other is layer:
                break
            other.get("depth")
    before = [source.get("depth") for source in inputs]
    if any(depth is UNKNOWN for depth in before):
        return UNKNOWN
    own = 1 if value(layer, "parametric") else 0
    return inferred(max((depth.value for depth in before), default=0) + own)


def trace_back(final: Layer) -> tuple[Layer | None, Fact[Any]]:
    """Return the last layer with weights before (or at) `final`, and the activation applied last.

    The layer is None when it cannot be told; the activation is then UNKNOWN or that of what was passed.
    """
    at: Any = final
    activation: Fact[Any] = UNKNOWN
    for _ in range(64):
        if not hasattr(at, "facts"):
            return None, activation
        kind = value(at, "kind")
        own = at.get("activation")
        if activation is UNKNOWN and own is not UNKNOWN and (own.value != "linear" or kind in PARAMETRIC):
            activation = own
        if kind in PARAMETRIC:
            return at, activation
        if kind not in _WITHOUT_WEIGHTS or kind in ("merge", "input"):
            return None, activation
        at = at.get("previous")
    return None, activation
