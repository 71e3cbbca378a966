"""One layer of a Keras config, as facts. What the classes and keys mean stands in schemas/keras/layers.yaml."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, Fact, Place, default, inferred, written
from hplint.facts.parts import Layer
from hplint.formats.keras_values import CONVERT, default_value, inner_name, tables
from hplint.formats.reading import NOTHING, number
from hplint.records import record
from hplint.syntax.tree import INTEGER, LIST, MAP, NULL, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_NO, _NONE = inferred(False), inferred(None)
# What a class alone may state beside its kind.
_BY_CLASS = ("operation", "rank", "is_global", "activation", "recurrent_activation", "time_distributed")
_OWN_PACKAGES = ("keras", "tf_keras", "tensorflow", "builtins")


@record
class Generation:
    """Which Keras wrote a config: 1, 2 or 3, and the words for its defaults."""

    number: int
    note: str


@record
class Wrapping:
    """What the wrappers around a layer, and the models it stands in, say about it."""

    time_distributed: bool = False
    bidirectional: bool = False
    frozen: Fact[Any] | None = None
    owner: Layer | None = None
    merge_mode: Fact[Any] | None = None
    backward: Node | None = None
    spectral: bool = False


_plans: dict[tuple[str, str, int], list[tuple[str, list[str], Any, Any, Any, Any]]] = {}


def class_of(node: Node) -> str:
    """Return the class name of a layer's map, "" when there is none."""
    found = node.get("class_name")
    return found.value if found is not None and found.kind is STRING else ""


def is_own(node: Node) -> bool:
    """Whether a serialized object is of Keras itself: not registered by a user, not from another package."""
    module = node.get("module")
    if module is not None and module.kind is STRING:
        return str(module.value).partition(".")[0] in _OWN_PACKAGES
    registered = node.get("registered_name")
    return registered is None or registered.kind is NULL or ">" not in str(registered.value)


def is_operation(node: Node) -> bool:
    """Whether a layer is an operation on tensors, such as `x + y`, that Keras wrote as a layer."""
    module = node.get("module")
    is_in_ops = module is not None and module.kind is STRING and ".ops." in f"{module.value}."
    return is_in_ops or class_of(node) == "TFOpLambda"


def about(node: Node) -> tuple[str, Mapping[str, Any]]:
    """Return a layer's class and what layers.yaml says of it; nothing for a class that hplint does not know."""
    name = class_of(node)
    if name == "TFOpLambda":
        function = node.at("config", "function")
        name = str(function.value) if function is not None else ""
    if is_operation(node):
        return name, tables()["operations"].get(name, tables()["classes"]["Lambda"])
    if name == "SlicingOpLambda":
        name = "Lambda"
    return name, tables()["classes"].get(name, {}) if is_own(node) else {}


def unwrap(node: Node, wrapping: Wrapping, generation: Generation) -> tuple[Node, Wrapping]:
    """Return the layer or model inside wrappers such as TimeDistributed, and what the wrappers say."""
    for _ in range(8):
        wraps = about(node)[1]
        inner = node.at("config", wraps["wraps"]) if "wraps" in wraps else None
        if inner is None or inner.kind is not MAP:
            break
        merged, backward = wrapping.merge_mode, wrapping.backward
        if wraps.get("bidirectional"):
            holder = Layer()
            _state_from(holder, node.get("config"), "Bidirectional", "bidirectional", generation)
            merged, backward = holder.facts.get("merge_mode"), node.at("config", "backward_layer")
        trainable = node.at("config", "trainable")
        frozen = written(trainable, False) if trainable is not None and trainable.value is False else wrapping.frozen
        wrapping = Wrapping(
            wrapping.time_distributed or bool(wraps.get("time_distributed")),
            wrapping.bidirectional or bool(wraps.get("bidirectional")),
            frozen,
            wrapping.owner,
            merged,
            backward,
            wrapping.spectral or bool(wraps.get("spectral")),
        )
        node = inner
    return node, wrapping


def read_layer(outer: Node, inner: Node, wrapping: Wrapping, generation: Generation) -> Layer:
    """Return the facts of one layer; `inner` is the layer that the wrappers of `outer` hold, or `outer` itself."""
    label = inner.get("class_name") or outer
    name, known = about(inner)
    config = inner.get("config")
    layer = Layer(outer, label)
    cells = _cells(config, known)
    if cells:
        layer.state(stack=inferred(len(cells), note="cells of one layer"))
        own, config = config, cells[-1].get("config")
        name, known = about(cells[-1])
        _state_from(layer, own, "RNN", "recurrent", generation)
    known = _refined(known, config)
    kind = known.get("kind", "unknown")
    layer.state(type=written(label, class_of(inner)), kind=written(label, kind), custom=inferred("kind" not in known))
    for fact in _BY_CLASS:
        if fact in known:
            layer.state(**{fact: written(label, known[fact])})
            layer.set_place(fact, Place(inner, ("class_name",), {}))
    layer.state(time_distributed=inferred(wrapping.time_distributed or bool(known.get("time_distributed"))))
    layer.state(bidirectional=inferred(wrapping.bidirectional), owner=wrapping.owner or _NONE)
    if wrapping.merge_mode is not None:
        layer.state(merge_mode=wrapping.merge_mode)
    if wrapping.backward is not None and wrapping.backward.kind is MAP:
        layer.state(backward=read_layer(wrapping.backward, wrapping.backward, Wrapping(), generation))
    if wrapping.spectral:
        layer.state(spectral=inferred(True))
    if kind == "pooling" and "is_global" not in known:
        layer.state(is_global=_NO)
    if kind in tables()["facts"]:
        _state_from(layer, config, name, kind, generation)
    if "facts" in known:
        _state_from(layer, config, name, known["facts"], generation)
    _state_from(layer, outer.get("config"), name, "every", generation)
    if "name" not in layer.facts:
        _state_name(layer, outer, inner)
    if wrapping.frozen is not None:
        layer.facts["trainable"] = inferred(False, wrapping.frozen)
    _finish(layer, kind, name, config)
    return layer


def _refined(known: Mapping[str, Any], config: Node | None) -> Mapping[str, Any]:
    """Return what is known of a class, changed where one of its settings makes it another thing."""
    for change in known.get("if", ()):
        found = config.get(change["key"]) if config is not None else None
        if found is not None and found.is_number and float(found.value) == change["is"]:
            return {**known, **change["then"]}
    return known


def _cells(config: Node | None, known: Mapping[str, Any]) -> list[Node]:
    """Return the cells of a layer that is made of them."""
    cell = config.get(known["cell"]) if config is not None and "cell" in known else None
    stacked = cell.at("config", "cells") if cell is not None and cell.kind is MAP else None
    candidates = stacked.items if stacked is not None else [cell]
    return [found for found in candidates if found is not None and found.kind is MAP and about(found)[1]]


def _state_name(layer: Layer, outer: Node, inner: Node) -> None:
    for node in (outer.get("name"), inner.at("config", "name")):
        if node is not None and node.kind is STRING:
            layer.state(name=written(node, node.value))
            return


def _plan(name: str, table: str, generation: Generation) -> list[tuple[str, list[str], Any, Any, Any, Any]]:
    """Return how to read a table's facts from a layer of class `name`.

    For each fact: its keys, keys that state one number each, the conversion, the default, and how fixes spell values.
    """
    key = (name, table, generation.number)
    if key not in _plans:
        defaults = _defaults(name, generation)
        made = []
        for fact, entry in tables()["facts"][table].items():
            keys = entry["key"] if isinstance(entry["key"], list) else [entry["key"]]
            convert = CONVERT[entry["as"]]
            fill = next((default_value(defaults[key], convert) for key in keys if key in defaults), NOTHING)
            found = UNKNOWN if fill is NOTHING else default(fill, generation.note)
            spelt = tables()["spellings"].get(f"{entry['as']}s", {}).get(generation.number)
            made.append((fact, keys, entry.get("or", ()), convert, found, spelt))
        _plans[key] = made
    return _plans[key]


def _defaults(name: str, generation: Generation) -> Mapping[str, Any]:
    """Return what Keras fills in for keys that a layer leaves out; nothing for Keras 1, which writes them all."""
    if generation.number == 1:
        return {}
    signatures = knowledge.data("keras/signatures")
    found = signatures["layers"].get(name, {}).get("defaults", {})
    if generation.number == 2:
        found = signatures["keras2"]["layers"].get(name, {}).get("defaults", found)
    return {"trainable": True, **found} if name in tables()["classes"] else {}


def _state_from(layer: Layer, config: Node | None, name: str, table: str, generation: Generation) -> None:
    """State the facts of a table of layers.yaml that stand in a layer's config, or that Keras fills in."""
    if config is None or config.kind is not MAP:
        return
    for fact, keys, several, convert, fill, spelt in _plan(name, table, generation):
        node = None
        for written_key in keys:
            node = config.get(written_key)
            if node is not None:
                break
        else:
            written_key = keys[0]
        if fact in layer.facts:
            continue
        layer.set_place(fact, Place(config, (written_key,), spelt))
        if node is not None:
            value = convert(node)
            if value is not NOTHING:
                layer.facts[fact] = value if type(value) is Fact else written(node, value)
            continue
        found = _joined(config, several) if several else fill
        if found is UNKNOWN:
            found = fill
        if found is not UNKNOWN:
            layer.facts[fact] = found


def _joined(config: Node, keys: list[str]) -> Fact[Any]:
    """Return the list of numbers that stand under one key each, as Keras 1 writes a kernel's size."""
    nodes = [node for node in map(config.get, keys) if node is not None and node.kind is INTEGER]
    return written(nodes[0], [node.value for node in nodes]) if nodes else UNKNOWN


def _finish(layer: Layer, kind: str, name: str, config: Node | None) -> None:
    """State what takes more than one key: regularizers, the stride of pooling, declared shapes."""
    if config is None or config.kind is not MAP:
        return
    if kind in tables()["regularized"]:
        _state_regularizers(layer, config)
    if kind == "regularization":
        _state_norms(layer, config)
    if kind == "pooling" and "stride" not in layer.facts and "kernel" in layer.facts:
        layer.state(stride=inferred(layer.facts["kernel"].value, layer.facts["kernel"]))
    if kind in ("padding", "cropping") and layer.facts["rank"].value == 1:
        _join_ends(layer)
    _state_deviation(layer, config)
    _state_resizing(layer, config)


def _join_ends(layer: Layer) -> None:
    """In one dimension a list of two numbers is its two ends."""
    found = layer.facts.get("margins", UNKNOWN)
    if found is not UNKNOWN and len(found.value) == 2:
        ends = [found.value[0][0], found.value[1][0]]
        layer.facts["margins"] = Fact([ends], found.origin, found.node, note=found.note)


def _state_resizing(layer: Layer, config: Node) -> None:
    height, width = config.get("height"), config.get("width")
    if height is not None and width is not None and height.kind is INTEGER and width.kind is INTEGER:
        layer.state(resized_to=written(height, [height.value, width.value]))


def _state_deviation(layer: Layer, config: Node) -> None:
    """State the standard deviation of a normal kernel initializer that names it."""
    for key in ("kernel_initializer", "embeddings_initializer", "depthwise_initializer"):
        found = config.get(key)
        deviation = found.at("config", "stddev") if found is not None and found.kind is MAP else None
        if deviation is not None and deviation.is_number:
            layer.state(initializer_stddev=written(deviation, deviation.value))
            layer.set_place("initializer_stddev", Place(found, ("config", "stddev")))  # type: ignore[arg-type]


def _state_regularizers(layer: Layer, config: Node) -> None:
    """State L1 and L2 of the weights: of the first regularizer that is there; none at all is 0."""
    for key in tables()["regularizers"]:
        node = config.get(key)
        if node is None or node.kind is NULL:
            continue
        named = inner_name(node)
        if node.kind is MAP and named is not None and (is_own(node) or node.get("name") is not None):
            inner = node.get("config")
            _state_norms(layer, inner if inner is not None and inner.kind is MAP else node)
        elif node.kind is MAP and named is None:
            _state_norms(layer, node)  # Keras 1 writes the numbers without a class around them
        elif node.kind is STRING:
            _state_named_norms(layer, node)
        return
    layer.state(l1=inferred(0.0), l2=inferred(0.0))


def _state_norms(layer: Layer, home: Node) -> None:
    for fact in ("l1", "l2"):
        node = home.get(fact)
        layer.set_place(fact, Place(home, (fact,)))
        value = number(node) if node is not None else 0.0
        if value is not NOTHING:
            layer.facts[fact] = written(node, CONVERT["number"](node)) if node is not None else inferred(0.0)


def _state_named_norms(layer: Layer, node: Node) -> None:
    """A regularizer given by name has the strength of Keras' signatures."""
    by_class = knowledge.data("keras/signatures")["regularizers"]
    name = str(node.value).replace("_", "").lower()
    filled = next((entry["defaults"] for known, entry in by_class.items() if known.lower() == name), None)
    if filled is not None:
        for fact in ("l1", "l2"):
            layer.facts[fact] = inferred(
                filled.get(fact, 0.0), written(node, node.value), note="Keras' default strength"
            )


def declared_shape(node: Node) -> Fact[Any] | None:
    """Return the shape that a layer's config declares for its input, without the batch; None if it declares none."""
    config = node.get("config")
    if config is None or config.kind is not MAP:
        return None
    for key in ("batch_shape", "batch_input_shape"):
        shape = shape_in(config.get(key), 1)
        if shape is not None:
            return shape
    for key in ("shape", "input_shape"):
        shape = shape_in(config.get(key), 0)
        if shape is not None:
            return shape
    kind = about(node)[1].get("kind")
    width, length = config.get("input_dim"), config.get("input_length")
    if width is not None and width.kind is INTEGER and kind != "embedding":
        steps = [length.value if length is not None and length.kind is INTEGER else None] if kind == "recurrent" else []
        return written(width, [*steps, width.value])
    return shape_in(node.at("build_config", "input_shape"), 1)


def shape_in(node: Node | None, batch: int) -> Fact[list[int | None]] | None:
    """Return the shape that a list of lengths says, without its first `batch` ones; None for anything else."""
    if node is None or node.kind is not LIST or len(node.items) < batch:
        return None
    lengths = node.items[batch:]
    return (
        written(node, [item.value for item in lengths])
        if all(item.kind in (INTEGER, NULL) for item in lengths)
        else None
    )


def fixed_batch(node: Node) -> Fact[Any]:
    """Return the batch size that a layer's input shape fixes: None where the batch is free, UNKNOWN without a shape."""
    for key in ("batch_shape", "batch_input_shape"):
        found = node.at("config", key)
        if found is not None and found.kind is LIST and found.items:
            first = found.items[0]
            return written(first, first.value) if first.kind in (INTEGER, NULL) else UNKNOWN
    return UNKNOWN
