"""What layers are called, and what a model as a whole is: how deep, of which layers, whether it reconstructs."""

from __future__ import annotations

from hplint.facts import names
from hplint.facts.fact import UNKNOWN, derived, inferred
from hplint.facts.graph import upstream, value
from hplint.facts.shapes import size_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Layer, Model


# -- layers -------------------------------------------------------------------------------------------------------


@derived("Layer", "called")
def _called(layer: Layer) -> Any:
    """By its name, else by its place in its list of layers, else by what it is."""
    name = value(layer, "name")
    place: Any = layer.node.key if layer.node is not None else None
    kind, type_name = value(layer, "kind"), value(layer, "type")
    if name:
        return inferred(f"layer {name}", layer.get("name"))
    is_listed = isinstance(place, int) and type_name
    return inferred(f"layer {place + 1} ({type_name})" if is_listed else f"a {kind or 'custom'} layer")


@derived("Layer", "nearest_activation", "activation_text")
def _nearest_activation(layer: Layer) -> Any:
    text = layer.get("activation_text")
    meant = names.misspelt("activations", text.value) if text is not UNKNOWN else None
    return UNKNOWN if meant is None else inferred(meant, text)


# -- model --------------------------------------------------------------------------------------------------------


@derived("Model", "from_scratch")
def _from_scratch(model: Model) -> Any:
    pretrained = model.get("pretrained")
    return UNKNOWN if pretrained is UNKNOWN else inferred(not pretrained.value, pretrained)


def _layers_of(model: Model) -> list[Layer] | None:
    found = model.get("layers")
    return found if isinstance(found, list) else None


@derived("Model", "complete")
def _complete(model: Model) -> Any:
    layers = _layers_of(model)
    if layers is None:
        return UNKNOWN
    return inferred(all(value(layer, "kind") not in (None, "unknown", "lambda", "model") for layer in layers))


@derived("Model", "sequential")
def _sequential(model: Model) -> Any:
    layers = _layers_of(model)
    if not layers:
        return UNKNOWN
    return inferred(all(len(layer.parts("consumers")) <= 1 and len(layer.parts("inputs")) <= 1 for layer in layers))


def _has(model: Model, kinds: tuple[str, ...]) -> Any:
    """Whether a layer of one of `kinds` is there; false only when every layer is known."""
    layers = _layers_of(model)
    if layers is None:
        return UNKNOWN
    for layer in layers:
        if value(layer, "kind") in kinds:
            return inferred(True, layer.get("kind"))
    return inferred(False) if value(model, "complete") else UNKNOWN


@derived("Model", "normalised")
def _normalised(model: Model) -> Any:
    return _has(model, ("normalization",))


@derived("Model", "recurrent")
def _recurrent(model: Model) -> Any:
    return _has(model, ("recurrent",))


@derived("Model", "convolutional")
def _convolutional(model: Model) -> Any:
    return _has(model, ("convolution",))


@derived("Model", "attentive")
def _attentive(model: Model) -> Any:
    return _has(model, ("attention",))


@derived("Model", "residual")
def _residual(model: Model) -> Any:
    """Whether a skip connection joins a layer's output with what the layer itself was computed from."""
    layers = _layers_of(model)
    if layers is None:
        return UNKNOWN
    for layer in layers:
        if value(layer, "kind") == "merge" and value(layer, "operation") in ("add", "concat"):
            ways = [{id(source), *map(id, upstream(source))} for source in layer.parts("inputs")]
            if any(one & other for index, one in enumerate(ways) for other in ways[:index]):
                return inferred(True, layer.get("operation"))
    return inferred(False) if value(model, "complete") else UNKNOWN


@derived("Model", "depth")
def _model_depth(model: Model) -> Any:
    layers = _layers_of(model)
    if layers is None or not value(model, "complete"):
        return UNKNOWN
    return inferred(max((value(layer, "depth") or 0 for layer in layers), default=0))


@derived("Model", "hidden_layers")
def _hidden_layers(model: Model) -> Any:
    layers = _layers_of(model)
    if layers is None or not value(model, "complete"):
        return UNKNOWN
    return inferred(sum(bool(value(layer, "parametric")) and value(layer, "role") != "output" for layer in layers))


def _sum_of(model: Model, fact: str) -> Any:
    layers = _layers_of(model)
    if not layers:
        return UNKNOWN
    counts = [layer.get(fact) for layer in layers]
    if any(count is UNKNOWN for count in counts):
        return UNKNOWN
    return inferred(sum(count.value for count in counts))


@derived("Model", "parameters")
def _parameters(model: Model) -> Any:
    return _sum_of(model, "parameters")


@derived("Model", "trainable_parameters")
def _trainable_parameters(model: Model) -> Any:
    return _sum_of(model, "trainable_parameters")


@derived("Model", "autoencoder")
def _autoencoder(model: Model) -> Any:
    """Whether the output has the shape of the input and something at most half as large lies between.

    Unknown where a mask of the input's size could be meant (one channel, no vector on the way), or with skip
    connections.
    """
    layers = _layers_of(model)
    if not layers or model.training is None:
        return UNKNOWN
    inputs, outputs = model.training.parts("inputs"), model.training.parts("outputs")
    if len(inputs) != 1 or len(outputs) != 1:
        return UNKNOWN
    final = outputs[0].get("final") if hasattr(outputs[0].get("final"), "facts") else outputs[0].get("layer")
    first, last = inputs[0].get("shape"), final.get("output_shape") if hasattr(final, "facts") else UNKNOWN
    if first is UNKNOWN or last is UNKNOWN:
        return UNKNOWN
    if list(first.value) != list(last.value) or value(outputs[0], "activation") == "softmax":
        return inferred(False, first, last)
    between = [layer.get("output_shape") for layer in layers if layer is not final]
    size = size_of(first.value)
    if size is None or any(shape is UNKNOWN for shape in between):
        return UNKNOWN
    small = [shape for shape in between if (size_of(shape.value) or size) * 2 <= size]
    if not small:
        return inferred(False, first, last)
    is_mask = len(first.value) > 1 and first.value[-1] == 1 and all(len(shape.value) > 1 for shape in small)
    joined = any(value(layer, "kind") == "merge" for layer in layers)
    return UNKNOWN if is_mask or joined else inferred(True, first, last)


@derived("Model", "regularised")
def _regularised(model: Model) -> Any:
    layers = _layers_of(model)
    decay = model.training.optimizer.get("weight_decay") if model.training is not None else UNKNOWN
    if decay is not UNKNOWN and decay.value:
        return inferred(True, decay)
    for name in ("dropout", "l1", "l2"):
        if value(model, name):
            return inferred(True, model.get(name))
    if layers is None:
        return UNKNOWN
    for layer in layers:
        if value(layer, "kind") in ("dropout", "noise", "regularization"):
            return inferred(True, layer.get("kind"))
        for name in ("l1", "l2", "rate"):
            if value(layer, name):
                return inferred(True, layer.get(name))
    return inferred(False) if value(model, "complete") else UNKNOWN
