"""Reads Keras configs: Keras 1, 2 and 3 models, alone, in a .keras archive or in a TensorFlow.js model."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, default, inferred, written
from hplint.facts.graph import place_of_activation, trace_back
from hplint.facts.names import squash
from hplint.facts.parts import Layer, Loss, Output
from hplint.formats.keras_compile import read_losses, read_metrics, read_optimizer
from hplint.formats.keras_graph import Net, Reading, is_model, read_model
from hplint.formats.keras_inputs import read_input
from hplint.formats.keras_layers import Generation
from hplint.formats.keras_values import tables
from hplint.syntax.tree import LIST, MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State what a Keras config says: layers and their graph, inputs, outputs, and how it was compiled."""
    model = _model_in(root)
    number = _generation(root, model)
    generation = Generation(number, f"default of Keras {description['versions'][number]}")
    training.state(framework_version=_version(root, model) or default(description["version"], "assumed"))
    training.model.state(family=default("neural_network", "what Keras builds"))
    reading = Reading(generation)
    net = None
    if model is not None and is_model(model):
        net = read_model(model, reading)
        training.model.state(layers=reading.layers)
        training.model.__dict__["label"] = model.get("class_name") or model
    outputs = _read_io(training, net, reading) if net is not None else []
    _state_architecture(training, model, reading)
    _state_precision(training, reading)
    for home in _compiled(root, model):
        read_optimizer(training, home, generation)
        read_losses(training, home, outputs, generation)
        read_metrics(training, home, outputs)
        break
    for output in outputs:
        if "loss" not in output.facts:
            output.state(loss=Loss(output.node))
    if len(outputs) == 1:
        training.state(loss=outputs[0].facts["loss"])


def _model_in(root: Node) -> Node | None:
    """Return the map of the model itself: the whole, or what a TensorFlow.js or HDF5 file wraps around it."""
    for path in (("modelTopology", "model_config"), ("modelTopology",), ("model_config",)):
        found = root.at(*path)
        if found is not None and found.kind is MAP and found.get("class_name") is not None:
            return found
    return root if root.get("class_name") is not None else None


def _compiled(root: Node, model: Node | None) -> list[Node]:
    """Return the maps that say how the model was compiled; the first counts."""
    found = [
        model.get("compile_config") if model is not None else None,
        *(root.at(*path) for path in (("modelTopology", "training_config"), ("training_config",), ("trainingConfig",))),
    ]
    return [node for node in found if node is not None and node.kind is MAP and node.entries]


def _version(root: Node, model: Node | None) -> Fact[Any] | None:
    """Return the version of Keras that wrote the config, as far as it says so."""
    for holder in (root, root.get("modelTopology"), model):
        found = holder.get("keras_version") if holder is not None else None
        if found is not None and found.kind is STRING:
            return written(found, found.value)
    return None


def _generation(root: Node, model: Node | None) -> int:
    """Return which Keras wrote the config: by its version, else by the keys of its layers."""
    version = _version(root, model)
    if version is not None and version.value[:2] in ("0.", "1."):
        return 1
    if version is not None and not version.value.startswith("3"):
        return 2
    config = model.get("config") if model is not None else None
    layers = config.get("layers") if config is not None and config.kind is MAP else config
    configs = [item.get("config") for item in layers.items] if layers is not None else []
    keys = {key.value for found in configs if found is not None for key, _ in found.entries}
    if keys & {"nb_filter", "border_mode", "W_regularizer", "init", "dim_ordering"}:
        return 1
    is_older = "batch_input_shape" in keys or (config is not None and config.kind is LIST)
    return 2 if version is None and is_older else 3


def _read_io(training: Training, net: Net, reading: Reading) -> list[Output]:
    """State the inputs and outputs of the model; an output that cannot be told leaves them all unknown."""
    finals = [layer for layer in net.outputs if layer is not None]
    outputs: list[Output] = []
    if finals and len(finals) == len(net.outputs):
        outputs = [_read_output(final, name) for final, name in zip(finals, net.output_names)]
        training.state(outputs=outputs)
    sources = [layer for layer in net.inputs if layer in reading.layers]
    if sources:
        named = [*reading.models, *reading.layers] if len(sources) == 1 else reading.models
        names = " ".join([net.name, *(str(part.facts["name"].value) for part in named if "name" in part.facts)])
        training.state(inputs=[read_input(source, names, outputs) for source in sources])
    return outputs


def _read_output(final: Layer, name: str) -> Output:
    """Return what is known of one head: its last layer with weights and what is applied after it."""
    last, activation = trace_back(final)
    output = Output((last or final).node, (last or final).label)
    called = final.facts.get("name", UNKNOWN)
    output.state(name=called if called.value == name else inferred(name), final=final, activation=activation)
    if last is None:
        return output
    output.state(layer=last)
    place = place_of_activation(final, activation)
    if place is not None:
        output.set_place("activation", place)
    output.places.update({name: last.places[name] for name in ("units", "bias") if name in last.places})
    return output


def _state_architecture(training: Training, model: Node | None, reading: Reading) -> None:
    """Name the published architecture that the model, or a model inside it, is called after."""
    name = model.at("config", "name") if model is not None else None
    called = [owner.facts["name"] for owner in reading.models if "name" in owner.facts]
    if name is not None and name.kind is STRING:
        called.insert(0, written(name, name.value))
    for fact in called:
        known = next((known for known in tables()["architectures"] if squash(fact.value).startswith(known)), None)
        if known is not None and fact.node is not None:
            training.model.state(architecture=written(fact.node, known))
            return


def _state_precision(training: Training, reading: Reading) -> None:
    """State the number format of the layers where all that say so agree."""
    found = []
    for layer in reading.layers:
        if layer.node is None or layer.facts["kind"].value == "input":
            continue
        dtype = layer.node.at("config", "dtype")
        named = dtype.at("config", "name") if dtype is not None and dtype.kind is MAP else dtype
        if named is not None and named.kind is STRING:
            found.append(named)
    if found and len({node.value for node in found}) == 1:
        compute = written(found[0], found[0].value)
        training.precision.state(compute=compute, mixed=inferred(compute.value.startswith("mixed_"), compute))
