"""Facts that follow from the graph of layers: neighbours, roles, effective activations, depth."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, Place, derived, inferred

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
_TRANSPARENT_KINDS = frozenset(
    ("dropout", "flatten", "reshape", "padding", "cropping", "noise", "regularization", "masking")
)
"""Layers that leave values as they are, apart from dropping or moving some."""
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
        kind, bends = value(consumer, "kind"), consumer.get("activation")
        if kind == "activation" and value(consumer, "activation") != "linear":
            answers.append(bends)
        elif kind in _LINEAR_KINDS or kind == "activation" or _joins_linearly(consumer):
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


def _joins_linearly(layer: Layer) -> bool:
    return value(layer, "kind") == "merge" and value(layer, "operation") in _LINEAR_MERGES


@derived("Layer", "activated_by")
def _activated_by(layer: Layer) -> Any:
    """The layer that states the effective activation: itself, or the one it alone leads to without other weights."""
    at: Any = layer
    for _ in range(12):
        if not hasattr(at, "facts") or (at is not layer and value(at, "parametric")):
            return UNKNOWN
        if value(at, "activation") not in ("linear", None):
            return at
        if at is not layer and value(at, "kind") not in _LINEAR_KINDS and value(at, "kind") != "activation":
            return UNKNOWN
        at = at.get("next")
    return UNKNOWN


@derived("Layer", "linear_into")
def _linear_into(layer: Layer) -> Any:
    """The next layer with weights when nothing bends or joins what passes between the two.

    Batch normalisation does not bend: once trained it multiplies and adds. Layer normalisation divides by what passes.
    Average pooling adds up.
    """
    into, is_bent = _unactivated_into(layer)
    return UNKNOWN if is_bent else into


@derived("Layer", "pooled_into")
def _pooled_into(layer: Layer) -> Any:
    """The next layer with weights when nothing but the choice of max pooling bends what passes between the two."""
    into, is_bent = _unactivated_into(layer)
    return into if is_bent else UNKNOWN


def _unactivated_into(layer: Layer) -> tuple[Any, bool]:
    """Return the next layer with weights if no activation stands before it, and whether max pooling does."""
    is_bent = False
    if value(layer, "activation") != "linear" or not value(layer, "parametric"):
        return UNKNOWN, is_bent
    at = layer.get("next")
    for _ in range(12):
        if not hasattr(at, "facts"):
            break
        if value(at, "parametric"):
            return at, is_bent
        kind, operation = value(at, "kind"), value(at, "operation")
        is_linear = kind == "activation" and value(at, "activation") == "linear"
        is_batch_norm = kind == "normalization" and operation == "batch"
        is_pooling = kind == "pooling" and operation in ("average", "max")
        if not (is_linear or is_batch_norm or is_pooling) and kind not in _TRANSPARENT_KINDS:
            break
        is_bent = is_bent or operation == "max"
        at = at.get("next")
    return UNKNOWN, is_bent


@derived("Layer", "fan_in")
def _fan_in(layer: Layer) -> Any:
    """How many values each unit adds up: the features a dense layer reads, channels times kernel of a convolution."""
    shape, kind = layer.get("input_shape"), value(layer, "kind")
    if shape is UNKNOWN or not shape.value:
        return UNKNOWN
    channels_first = kind == "convolution" and value(layer, "data_format") == "channels_first"
    width = shape.value[0 if channels_first else -1]
    if width is None or kind not in ("dense", "convolution") or value(layer, "time_distributed"):
        return UNKNOWN
    if kind == "dense":
        return inferred(width, shape)
    kernel, rank = layer.get("kernel"), value(layer, "rank")
    if kernel is UNKNOWN or rank is None or value(layer, "operation") in ("depthwise", "separable"):
        return UNKNOWN
    area = 1
    for length in kernel.value * (rank if len(kernel.value) == 1 else 1):
        area *= length
    return inferred(area * width // (value(layer, "groups") or 1), shape, kernel)


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
    if _is_head(layer):
        return inferred("output", note="an output of the model")
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


def _is_head(layer: Layer) -> bool:
    """Whether a layer gives an output of the model, though others may read it too."""
    training = layer.training
    if training is None:
        return False
    if "heads" not in training.__dict__:  # asked for every layer, and there may be thousands of outputs
        outputs = training.parts("outputs")
        training.__dict__["heads"] = {id(output.facts.get(name)) for output in outputs for name in ("final", "layer")}
    return id(layer) in training.__dict__["heads"]


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

    What is subtracted is compared, such as the two towers of a siamese network, whatever its activation.

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
            if operation == "subtract":
                return inferred("residual", at.get("operation"), note="its output is compared with another layer's")
            if operation in ("add", "average") and value(layer, "activation") in ("linear", None):
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

    The layer is None when it cannot be told. The activation is UNKNOWN where an activation that hplint does not know,
    or a rescaling of what comes out, is met first.
    """
    at: Any = final
    activation: Fact[Any] = UNKNOWN
    is_open = True
    for _ in range(64):
        if not hasattr(at, "facts"):
            break
        kind = value(at, "kind")
        own = at.get("activation")
        if kind == "rescaling" or (kind == "activation" and own is UNKNOWN):
            is_open = False
        elif is_open and own is not UNKNOWN and (own.value != "linear" or kind in PARAMETRIC):
            activation, is_open = own, False
        if kind in PARAMETRIC:
            return at, activation
        if kind not in _WITHOUT_WEIGHTS or kind in ("merge", "input"):
            break
        at = at.get("previous")
    return None, activation


def place_of_activation(final: Layer, activation: Fact[Any]) -> Place | None:
    """Return where the `activation` that trace_back found for `final` can be written anew, None if nowhere."""
    at: Any = final
    for _ in range(64):
        if not hasattr(at, "facts") or activation is UNKNOWN:
            return None
        if at.facts.get("activation") is activation:
            found: Place | None = at.places.get("activation")
            return found
        at = at.get("previous")
    return None


_KEEP_WIDTH = frozenset(("dropout", "activation", "normalization", "noise", "rescaling", "masking", "regularization"))


def keeps_width(final: Layer, last: Layer) -> bool:
    """Whether the layers behind `last`, up to `final`, leave the size of the last axis as it is."""
    at: Any = final
    for _ in range(64):
        if at is last:
            return value(last, "bidirectional") is not True
        kind = value(at, "kind") if hasattr(at, "facts") else None
        if kind not in _KEEP_WIDTH and (kind != "pooling" or value(at, "data_format") == "channels_first"):
            return False
        at = at.get("previous")
    return False
