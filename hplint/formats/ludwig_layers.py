"""A Ludwig config as a graph of layers: each input's encoder, the combiner that joins them, each output's decoder.

Ludwig names blocks, not layers; the tables `blocks`, `combiner_blocks` and `decoder_blocks` of its format.yaml say what
layers a block stands for and which keys set them.
"""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Place, default, inferred, written
from hplint.facts.parts import Input, Layer, Output
from hplint.formats.reading import NOTHING, boolean, integer, named, number, state
from hplint.syntax.tree import LIST, MAP, NULL, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def build(
    root: Node, inputs: list[Input], outputs: list[Output], description: Mapping[str, Any], note: str
) -> list[Layer]:
    """Return the layers in the order of the graph, joined to each other, to the inputs and to the outputs."""
    layers: list[Layer] = []

    def add(layer: Layer, *before: Layer) -> Layer:
        layer.state(inputs=list(before), consumers=[], index=default(len(layers), "of the graph"))
        for source in before:
            source.facts["consumers"].append(layer)
        layers.append(layer)
        return layer

    ends = []
    for source in inputs:
        first = add(_plain("input", source.node, source.label))
        source.state(layer=first)
        end = first
        for layer in _encoder(source, description, note):
            end = add(layer, end)
        ends.append(end)
    kept = [_unreduced(source) for source in inputs]
    sequence = next((node for node in kept if node is not None), None)
    combined = add(_plain("merge", root.get("combiner"), sequence, operation="concat"), *ends)
    combiner = root.at("combiner", "type")
    if len(inputs) > 1 and (combiner is None or combiner.value == "concat"):
        combined.state(input_ranks=inferred([1 if node is None else 2 for node in kept], note="by reduce_output"))
    if combiner is not None and combiner.value not in ("concat", "sequence_concat"):
        combined = add(_plain("unknown", root.get("combiner"), combiner), combined)
    else:
        for layer in _blocks(description["combiner_blocks"], root, "combiner", note):
            combined = add(layer, combined)
    for output in outputs:
        if output.node is None:
            continue
        end = combined
        for layer in _blocks(description["decoder_blocks"], output.node, "decoder", note):
            end = add(layer, end)
        head = _plain("dense", output.node, output.label)
        head.state(activation=output.activation) if output.activation is not UNKNOWN else None
        if output.units is not UNKNOWN:
            head.state(units=output.units)
        output.state(layer=add(head, end))
    return layers


def _unreduced(source: Input) -> Node | None:
    """Return the null by which the encoder of a sequence is told to keep every step, None where it reduces them."""
    found = source.node.at("encoder", "reduce_output") if source.node is not None else None
    kind = source.node.get("type") if source.node is not None else None
    is_sequence = kind is not None and kind.value in ("sequence", "text", "timeseries", "audio")
    return found if is_sequence and found is not None and found.kind is NULL else None


def _plain(kind: str, node: Node | None, label: Node | None, **facts: str) -> Layer:
    layer = Layer(node, label)
    layer.state(**{name: default(value, "of the format") for name, value in {"kind": kind, **facts}.items()})
    return layer


def _encoder(source: Input, description: Mapping[str, Any], note: str) -> list[Layer]:
    """Return the layers of an input's encoder; one unknown layer for an encoder that the tables do not describe."""
    encoder, node = source.get("encoder"), source.node
    kind = node.get("type") if node is not None else None
    if encoder is UNKNOWN or node is None or kind is None:
        return [_plain("unknown", node, source.label)]
    if encoder.value in ("passthrough", "onehot", "sparse"):
        return []
    special = description["blocks_by_type"].get(kind.value, {})
    blocks = special.get(encoder.value) or description["blocks"].get(encoder.value)
    if blocks is None or node.at("encoder", "preset") is not None:
        return [_plain("unknown", node, encoder.node)]
    return _blocks(blocks, node, "encoder", note)


def _blocks(blocks: list[Mapping[str, Any]], home: Node, section: str, note: str) -> list[Layer]:
    return [layer for block in blocks for layer in _block(block, home, section, note)]


def _block(block: Mapping[str, Any], home: Node, section: str, note: str) -> list[Layer]:
    """Return the layers of one block: one per item of its list of layers, else as many as its count says."""
    own = home.get(section)
    listed = own.get(block["layers"]) if own is not None and own.kind is MAP and "layers" in block else None
    if listed is not None and listed.kind is LIST and listed.items:
        return [_layer(block, home, section, item, note) for item in listed.items if item.kind is MAP]
    counted = own.get(block["count"]) if own is not None and own.kind is MAP and "count" in block else None
    times = counted.value if counted is not None and isinstance(counted.value, int) else block.get("times", 1)
    return [_layer(block, home, section, None, note) for _ in range(min(int(times), 64))]


def _layer(block: Mapping[str, Any], home: Node, section: str, item: Node | None, note: str) -> Layer:
    """Return one layer of a block; an item of a list of layers overrides the keys of its section."""
    own = home.get(section)
    label = own.key if own is not None and isinstance(own.key, Node) else None
    layer = Layer(item or own or home, item or label)
    layer.state(kind=default(block["kind"], "of the format"))
    if "rank" in block:
        layer.state(rank=default(block["rank"], "of the format"))

    def read(fact: str, convert: Any, fill: Any = NOTHING, short: str = "") -> None:
        key = block.get(fact)
        if key is None:
            return
        for name in (key, short) if short else (key,):
            if item is not None and item.get(name) is not None:
                state(layer, fact, item, name, convert)
                return
        state(layer, fact, home, f"{section}.{key}", convert, fill, note)
        if item is not None:
            layer.set_place(fact, Place(item, (short or key,)))

    read("units", integer, block.get("size", NOTHING), "output_size")
    if "activation" in block:
        read("activation", named("activations"), block.get("fallback", "relu"), "activation")
    read("recurrent_activation", named("activations"), "sigmoid")
    read("rate", number, 0.0, "dropout")
    read("bidirectional", boolean, False)
    if "heads" in block:
        read("heads", integer, block["head_count"])
    cell = own.get(block["operation"]) if own is not None and own.kind is MAP and "operation" in block else None
    if "operation" in block:
        layer.state(operation=written(cell, cell.value) if cell is not None else default("rnn", note))
    layer.state(bias=default(True, note))
    return layer
