"""The network of hplint's own format: a list of layers, read as a chain or, where `inputs` name others, as a graph."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, default, inferred, written
from hplint.facts.names import squash
from hplint.facts.parts import Layer
from hplint.formats.reading import state_all
from hplint.syntax.tree import LIST, MAP, NULL, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.fact import Part
    from hplint.facts.parts import Input, Training
    from hplint.syntax.tree import Node

_MAX_NESTING = 8
_tables: dict[tuple[str, str | None], dict[str, Any]] = {}


class Network:
    """The layers of one config, in the order of the file, joined as their `inputs` say.

    A layer without `inputs` reads the one before it. A name that `inputs` give and that is no earlier layer, but one of
    the config's inputs, is that input; the first layer of a chain reads all of the config's inputs.
    """

    def __init__(self, training: Training, tables: Mapping[str, Any], note: str) -> None:
        self.training = training
        self.note = note
        self.common: Mapping[str, Any] = tables["every"]
        self.kinds: Mapping[str, Any] = tables["kinds"]
        self.operations: Mapping[str, Any] = tables["operations"]
        self.types: dict[str, Any] = {squash(name): facts for name, facts in tables["layers"].items()}
        self.layers: list[Layer] = []
        self.named: dict[str, Layer] = {}
        self.implied: dict[int, Layer] = {}

    def read(self, items: list[Node]) -> None:
        """Read the layers of the list `items`."""
        self.read_list(items, None, None, 0)
        consumers: dict[int, list[Layer]] = {id(layer): [] for layer in self.layers}
        for index, layer in enumerate(self.layers):
            layer.state(index=default(index, "its place in the list"))
            for source in layer.parts("inputs"):
                consumers[id(source)].append(layer)
        # A name that leads nowhere may have meant any layer, so who reads which layer is then an open question.
        if all(stated(layer, "inputs") is not UNKNOWN for layer in self.layers):
            for layer in self.layers:
                layer.state(consumers=consumers[id(layer)])

    def read_list(self, items: list[Node], before: Layer | None, owner: Layer | None, nesting: int) -> Layer | None:
        """Read a list of layers, the first of which reads `before`; return the last one."""
        for node in items:
            if node.kind is STRING:  # the short form: a type and nothing else
                layer = self.make(node, node)
            elif node.kind is MAP:
                layer = self.make(node, node.get("type"))
            else:
                continue
            if owner is not None:
                layer.state(owner=owner)
            sources = self.sources(node, layer, before)
            nested = node.get("layers")
            if nested is not None and nested.kind is LIST and nested.items and nesting < _MAX_NESTING:
                start = sources[0] if isinstance(sources, list) and len(sources) == 1 else before
                last = self.read_list(nested.items, start, layer, nesting + 1)
                before = last
                self.name(node, last)
                continue
            layer.state(inputs=sources)
            self.layers.append(layer)
            self.name(node, layer)
            before = layer
        return before

    def make(self, node: Node, type_node: Node | None) -> Layer:
        """Return the layer that `node` describes, not yet joined to others."""
        layer = Layer(node, node.get("name") or type_node or node)
        known = self.types.get(squash(type_node.value)) if type_node is not None and type_node.kind is STRING else None
        if type_node is not None and type_node.kind is STRING:
            layer.state(type=written(type_node, type_node.value))
        if known is None or type_node is None:
            state_all(layer, node, self.common, self.note)
            layer.state(kind=inferred("unknown", note="hplint does not know this type of layer"), custom=inferred(True))
            return layer
        for fact, value in known.items():
            layer.state(**{fact: written(type_node, value)})
        layer.state(**{"custom": inferred(False)} if "custom" not in known else {})
        table = self.table(known["kind"], known.get("operation"))
        if node.kind is MAP:
            state_all(layer, node, table, self.note)
        else:
            filled = {fact: entry["default"] for fact, entry in table.items() if "default" in entry}
            layer.state(**{fact: default(value, self.note) for fact, value in filled.items()})
        self.complete(layer, node)
        return layer

    def table(self, kind: str, operation: str | None) -> Mapping[str, Any]:
        """Return the keys of layers of a kind and operation: one and the same table whenever it is asked for."""
        if (kind, operation) not in _tables:
            by_kind, by_operation = self.kinds.get(kind, {}), self.operations.get(operation or "", {})
            _tables[(kind, operation)] = {**self.common, **by_kind, **by_operation}
        return _tables[(kind, operation)]

    def complete(self, layer: Layer, node: Node) -> None:
        """State what the type and other keys imply: one number for all dimensions, a pool's stride, a cell's gates."""
        rank, operation = stated(layer, "rank"), stated(layer, "operation")
        for name in ("kernel", "stride", "dilation", "margins", "factors"):
            found = stated(layer, name)
            if rank is not UNKNOWN and found is not UNKNOWN and len(found.value) == 1:
                layer.state(**{name: Fact(found.value * rank.value, found.origin, found.node, note=found.note)})
        kernel = stated(layer, "kernel")
        if layer.facts["kind"].value == "pooling" and node.get("stride") is None and kernel is not UNKNOWN:
            layer.state(stride=inferred(kernel.value, kernel, note="a pool's stride is its size"))
        is_gated = operation is not UNKNOWN and operation.value in ("lstm", "gru", "conv_lstm")
        if is_gated and node.get("recurrent_activation") is None:
            layer.state(recurrent_activation=default("sigmoid", self.note))
        backward = node.get("backward")
        if backward is not None and backward.kind is MAP:
            layer.state(backward=self.make(backward, node.get("type")))
        shares = node.get("shares")
        if shares is not None:
            layer.state(is_shared=written(shares, True))
            if shares.value in self.named:
                self.named[shares.value].state(is_shared=written(shares, True))

    def name(self, node: Node, layer: Layer | None) -> None:
        """Remember what a layer's name stands for."""
        name = node.get("name")
        if name is not None and name.kind is STRING and layer is not None:
            self.named[name.value] = layer

    def sources(self, node: Node, layer: Layer, before: Layer | None) -> Any:
        """Return the layers that a layer reads; UNKNOWN when a name leads nowhere."""
        names = node.get("inputs")
        if names is not None and names.kind is not NULL:
            wanted = names.items if names.kind is LIST else [names]
            found = [self.source(name) for name in wanted]
            missing = [name for name, source in zip(wanted, found) if source is None]
            if missing:
                layer.state(missing_inputs=written(missing[0], [name.value for name in missing]))
                return UNKNOWN
            return found
        if layer.facts["kind"].value == "input":
            return []
        return [before] if before is not None else self.first(layer)

    def first(self, layer: Layer) -> list[Layer]:
        """Return what the first layer of a chain reads: the layer for the config's only input, if there is one.

        Several numbers side by side are read as one table, which is the first layer's declared shape.
        """
        inputs = self.training.parts("inputs")
        if len(inputs) == 1:
            return [self.input_layer(inputs[0])]
        modalities = [stated(source, "modality") for source in inputs]
        are_numbers = all(fact is not UNKNOWN and fact.value in ("number", "binary") for fact in modalities)
        if inputs and are_numbers and stated(layer, "declared_shape") is UNKNOWN:
            layer.state(declared_shape=inferred([len(inputs)], *modalities))
        return []

    def source(self, name: Node) -> Layer | None:
        """Return the earlier layer called `name`, else the layer that stands for the config's input of that name."""
        if name.value in self.named:
            return self.named[name.value]
        for source in self.training.parts("inputs"):
            known = stated(source, "name")
            if known is not UNKNOWN and known.value == name.value:
                return self.input_layer(source)
        return None

    def input_layer(self, source: Input) -> Layer:
        """Return the layer that stands for an input of the config which no layer of type input describes."""
        if id(source) not in self.implied:
            layer = Layer(source.node, source.label)
            layer.state(kind=inferred("input"), type=inferred("input"), custom=inferred(False), inputs=[])
            for fact, of_input in (("name", "name"), ("declared_shape", "shape")):
                if stated(source, of_input) is not UNKNOWN:
                    layer.state(**{fact: source.facts[of_input]})
            source.state(layer=layer)
            self.implied[id(source)] = layer
            self.layers.append(layer)
        return self.implied[id(source)]


def stated(part: Part, name: str) -> Any:
    """Return a fact that was stated, else UNKNOWN. Readers ask this way: nothing may be derived before they end."""
    return part.facts.get(name, UNKNOWN)
