"""The layers of a Keras model and what feeds what, with nested models opened up.

A model is read as a net: layers that take what comes in, and layers that give what comes out. A layer alone is the
smallest net. The input layers of nested models vanish in the end: what feeds the model feeds their consumers.
"""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, inferred, written
from hplint.facts.parts import Layer
from hplint.formats.keras_layers import (
    Generation,
    Wrapping,
    about,
    class_of,
    declared_shape,
    fixed_batch,
    is_operation,
    read_layer,
    shape_in,
    unwrap,
)
from hplint.records import record
from hplint.syntax.tree import INTEGER, LIST, MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MODELS = ("Sequential", "Functional", "Model")
MAX_NESTING = 16


@record
class Net:
    """A model or layer to connect: `inputs` take one tensor each, `outputs` are the layers that give each tensor."""

    name: str
    inputs: list[Layer]
    outputs: list[Layer | None]
    output_names: list[str]


class Reading:
    """What is gathered while a model is read: its layers in order, and the nested models met."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.layers: list[Layer] = []
        self.models: list[Layer] = []


def read_model(node: Node, reading: Reading) -> Net:
    """Return the net of the outermost model; its layers are in `reading`, in the order of the graph."""
    net = _read_net(node, Wrapping(), reading, 0)
    _open_nested_models(reading)
    reading.layers[:] = _in_order(reading.layers)
    for index, layer in enumerate(reading.layers):
        layer.state(index=inferred(index))
        if "is_shared" not in layer.facts:
            layer.state(is_shared=inferred(False))
    return net


def is_model(node: Node) -> bool:
    """Whether a serialized object is a model whose layers stand in its config."""
    config = node.get("config")
    if config is None:
        return False
    if config.kind is LIST:
        return class_of(node) == "Sequential"
    layers = config.get("layers")
    is_graph = class_of(node) in MODELS or config.get("output_layers") is not None
    return is_graph and layers is not None and layers.kind is LIST


def _read_net(node: Node, wrapping: Wrapping, reading: Reading, depth: int) -> Net:
    """Return the net of a model's map."""
    config = node.get("config")
    if config is None:
        return Net(_name(node), [], [], [])
    layers = config if config.kind is LIST else config.get("layers")
    items = [item for item in layers.items if item.kind is MAP] if layers is not None else []
    if config.get("output_layers") is not None or any(item.get("inbound_nodes") is not None for item in items):
        return _functional(node, config, items, wrapping, reading, depth)
    return _sequential(node, items, wrapping, reading, depth)


def _name(node: Node) -> str:
    for found in (node.get("name"), node.at("config", "name")):
        if found is not None and found.kind is STRING:
            return str(found.value)
    return ""


def _read_item(node: Node, wrapping: Wrapping, reading: Reading, depth: int) -> Net:
    """Return the net of one entry of a model's list of layers: a layer, or a nested model."""
    inner, wrapping = unwrap(node, wrapping, reading.generation)
    if is_model(inner) and depth < MAX_NESTING:
        owner = _read_owner(node, inner, wrapping)
        reading.models.append(owner)
        trainable = inner.at("config", "trainable")
        frozen = written(trainable, False) if trainable is not None and trainable.value is False else wrapping.frozen
        inside = Wrapping(wrapping.time_distributed, False, frozen, owner)
        net = _read_net(inner, inside, reading, depth + 1)
        return Net(_name(node), net.inputs, net.outputs, net.output_names)
    layer = read_layer(node, inner, wrapping, reading.generation)
    layer.state(inputs=[], consumers=[])
    shape = declared_shape(inner) if inner is node else declared_shape(inner) or declared_shape(node)
    if shape is not None and "declared_shape" not in layer.facts:
        layer.state(declared_shape=shape)
    batch = fixed_batch(node)
    if batch is not UNKNOWN:
        layer.state(batch_size=batch)
    branches = inner.at("config", "layers")
    name = _name(node)
    if branches is not None and branches.kind is LIST and about(inner)[1].get("kind") == "merge":
        nets = [_read_item(branch, wrapping, reading, depth + 1) for branch in branches.items if branch.kind is MAP]
        for net in nets:
            _connect(net.outputs[:1], [layer])
        reading.layers.append(layer)
        return Net(name, [source for net in nets for source in net.inputs], [layer], [name])
    reading.layers.append(layer)
    return Net(name, [layer], [layer], [name])


def _read_owner(outer: Node, inner: Node, wrapping: Wrapping) -> Layer:
    """Return the part that stands for a nested model as a whole."""
    owner = Layer(outer, inner.get("class_name") or outer)
    owner.state(type=written(owner.label or outer, class_of(inner)), kind=written(owner.label or outer, "model"))
    name = outer.get("name") or inner.at("config", "name")
    if name is not None and name.kind is STRING:
        owner.state(name=written(name, name.value))
    owner.state(owner=wrapping.owner or inferred(None), time_distributed=inferred(wrapping.time_distributed))
    return owner


def _sequential(node: Node, items: list[Node], wrapping: Wrapping, reading: Reading, depth: int) -> Net:
    """Return the net of a chain of layers. Where no input layer is written, one stands for what comes in."""
    nets: list[Net] = []
    first = unwrap(items[0], wrapping, reading.generation)[0] if items else None
    if first is not None and not is_model(first) and about(first)[1].get("kind") not in ("input", "merge"):
        nets.append(_implied_input(node, items[0], wrapping, reading))
    nets += [_read_item(item, wrapping, reading, depth) for item in items]
    for before, after in zip(nets, nets[1:]):
        _connect(before.outputs[:1], after.inputs[:1])
    if not nets:
        return Net(_name(node), [], [], [])
    return Net(_name(node), nets[0].inputs, nets[-1].outputs[:1], nets[-1].output_names[:1])


def _implied_input(model: Node, first: Node, wrapping: Wrapping, reading: Reading) -> Net:
    """Return a net of an input layer that is not written, with the shape that the first layer or the model declares."""
    inner = unwrap(first, wrapping, reading.generation)[0]
    layer = Layer()
    layer.state(kind=inferred("input"), custom=inferred(False), time_distributed=inferred(False))
    layer.state(inputs=[], consumers=[], owner=wrapping.owner or inferred(None))
    shape = declared_shape(first) or (declared_shape(inner) if inner is not first else None) or _built_shape(model)
    if shape is None and about(inner)[1].get("kind") == "embedding":
        length = inner.at("config", "input_length")
        if length is not None and length.kind is INTEGER:
            shape = written(length, [length.value])
    if shape is not None:
        layer.state(declared_shape=shape)
        layer.__dict__["label"] = shape.node
    reading.layers.append(layer)
    return Net("", [layer], [layer], [""])


def _built_shape(model: Node) -> Fact[list[int | None]] | None:
    """Return the shape that a model was built with, without the batch."""
    built = shape_in(model.at("config", "build_input_shape"), 1)
    return built or shape_in(model.at("build_config", "input_shape"), 1)


def _functional(node: Node, config: Node, items: list[Node], wrapping: Wrapping, reading: Reading, depth: int) -> Net:
    """Return the net of a graph of layers, joined by names."""
    nets = [_read_item(item, wrapping, reading, depth) for item in items]
    by_name = {net.name: net for net in nets}
    for item, net in zip(items, nets):
        calls = item.get("inbound_nodes")
        for call, inbound in enumerate(calls.items if calls is not None else ()):
            sources = [_producer(by_name, name, tensor) for name, tensor in _tensors(inbound)]
            _connect(sources, net.inputs)
            if call == 0:
                _state_given_shape(net, inbound)
            elif call == 1:
                _mark_shared(net, reading, item)
        _settle_arithmetic(item, net)
    inputs = [by_name[name].inputs for name, _, _ in _ends(config.get("input_layers")) if name in by_name]
    outputs = list(_ends(config.get("output_layers")))
    return Net(
        _name(node),
        [layer for group in inputs for layer in group[:1]],
        [_producer(by_name, name, tensor) for name, tensor, _ in outputs],
        [key or name for name, _, key in outputs],
    )


def _settle_arithmetic(item: Node, net: Net) -> None:
    """An arithmetic operation on one tensor and constants joins nothing: it rescales."""
    layer = net.inputs[0] if len(net.inputs) == 1 else None
    if layer is None or not is_operation(item) or layer.facts["kind"].value != "merge":
        return
    inputs = layer.facts["inputs"]
    if isinstance(inputs, list) and len(inputs) == 1:
        label = layer.label or item
        layer.state(kind=written(label, "rescaling"), operation=written(label, "affine"))


def _state_given_shape(net: Net, inbound: Node) -> None:
    """State the shape that Keras 3 writes beside the first tensor of a call, where the layer itself declares none."""
    first = inbound.at("args", 0)
    while first is not None and first.kind is LIST:
        first = first.at(0)
    shape = shape_in(first.at("config", "shape"), 1) if first is not None else None
    if shape is not None and len(net.inputs) == 1 and "declared_shape" not in net.inputs[0].facts:
        net.inputs[0].state(declared_shape=shape)


def _producer(by_name: dict[str, Net], name: str, tensor: int) -> Layer | None:
    """Return the layer that gives tensor number `tensor` of the layer or model `name`, None if there is no such."""
    outputs = by_name[name].outputs if name in by_name else []
    return outputs[tensor if 0 <= tensor < len(outputs) else 0] if outputs else None


def _mark_shared(net: Net, reading: Reading, item: Node) -> None:
    """Note that a layer, or every layer of a nested model, is called several times."""
    called = inferred(True, note="it is called several times")
    for layer in reading.layers:
        node = layer.node
        if layer in net.inputs or (node is not None and item.start <= node.start and node.end <= item.end):
            layer.state(is_shared=called)


def _tensors(node: Node) -> Iterator[tuple[str, int]]:
    """Yield the tensors that a call takes, masks apart: (layer, number of its output), in order.

    Keras 1 and 2 write ["layer", call, output, arguments], Keras 3 {"class_name": "__keras_tensor__", "config":
    {"keras_history": ["layer", call, output]}}; both may stand in lists and maps of arguments.
    """
    pending = [node]
    while pending:
        at = pending.pop()
        if at.kind is LIST:
            if _is_tensor(at):
                yield str(at.items[0].value), at.items[2].value
                pending.extend(reversed(at.items[3:]))
            else:
                pending.extend(reversed(at.items))
        elif at.kind is MAP:
            history = at.at("config", "keras_history")
            if history is not None:
                pending.append(history)
            else:
                data = [value for key, value in at.entries if not str(key.value).endswith("mask")]
                pending.extend(reversed(data))


def _is_tensor(node: Node) -> bool:
    kinds = [item.kind for item in node.items[:3]]
    return kinds == [STRING, INTEGER, INTEGER] and node.items[1].value >= 0


def _ends(node: Node | None) -> Iterator[tuple[str, int, str]]:
    """Yield a model's ends, inputs or outputs: (layer, number of its output, the end's key in a map or "")."""
    if node is None:
        return
    if node.kind is LIST and _is_tensor(node):
        yield str(node.items[0].value), node.items[2].value, ""
    elif node.kind is MAP:
        for key, value in node.entries:
            for name, tensor, inner in _ends(value):
                yield name, tensor, inner or str(key.value)
    else:
        for item in node.items:
            yield from _ends(item)


def _connect(sources: list[Layer | None], targets: list[Layer]) -> None:
    """Feed `sources` to the layers that take them: each its own where there are several to take them."""
    if len(targets) > 1:
        for source, target in zip(sources, targets):
            _feed([source], target)
    elif targets:
        _feed(sources, targets[0])


def _feed(sources: list[Layer | None], target: Layer) -> None:
    """Add a call's inputs to a layer. Only a merge takes one layer's output twice; a missing one leaves all open."""
    before = list(target.facts["inputs"]) if isinstance(target.facts["inputs"], list) else []
    is_merge = target.facts["kind"].value == "merge"
    for source in sources:
        if source is None:
            target.facts["inputs"] = UNKNOWN
            continue
        if target not in source.facts["consumers"]:
            source.facts["consumers"].append(target)
        inputs = target.facts["inputs"]
        if isinstance(inputs, list) and (source not in inputs or (is_merge and source not in before)):
            inputs.append(source)


def _open_nested_models(reading: Reading) -> None:
    """Take out the input layers of nested models: what feeds them feeds their consumers."""
    kept = []
    for layer in reading.layers:
        sources = layer.facts["inputs"]
        if layer.facts["kind"].value != "input" or not sources:
            kept.append(layer)
            continue
        consumers = layer.facts["consumers"]
        for consumer in consumers:
            _replace(consumer.facts["inputs"], layer, sources if isinstance(sources, list) else [])
            if sources is UNKNOWN:
                consumer.facts["inputs"] = UNKNOWN
        for source in sources if isinstance(sources, list) else ():
            _replace(source.facts["consumers"], layer, consumers)
    reading.layers[:] = kept


def _replace(layers: list[Layer] | Fact[None], old: Layer, new: list[Layer]) -> None:
    """Put `new` in the place of `old` in a list of neighbours, each once."""
    if isinstance(layers, list) and old in layers:
        at = layers.index(old)
        layers[at : at + 1] = [layer for layer in new if layer not in layers]


def _in_order(layers: list[Layer]) -> list[Layer]:
    """Return the layers so that each comes after what it reads, else as written; those of a cycle come last."""
    place = {id(layer): index for index, layer in enumerate(layers)}
    sources = [layer.facts["inputs"] if isinstance(layer.facts["inputs"], list) else [] for layer in layers]
    if all(place.get(id(source), -1) < index for index, inputs in enumerate(sources) for source in inputs):
        return layers
    waiting = [len({id(source) for source in inputs if id(source) in place}) for inputs in sources]
    ready = [index for index, count in enumerate(waiting) if count == 0][::-1]
    ordered: list[Layer] = []
    while ready:
        layer = layers[ready.pop()]
        ordered.append(layer)
        for consumer in reversed(layer.facts["consumers"]):
            index = place.get(id(consumer))
            if index is None:
                continue
            waiting[index] -= 1
            if waiting[index] == 0:
                ready.append(index)
    left = {id(layer) for layer in ordered}
    return ordered + [layer for layer in layers if id(layer) not in left]
