"""Values as Keras writes them, in hplint's terms: activations, initializers, sizes, margins."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts import names
from hplint.facts.fact import Fact, default, written
from hplint.formats.reading import CONVERSIONS, NOTHING, number
from hplint.syntax.tree import BOOL, FLOAT, INTEGER, LIST, MAP, NULL, OTHER, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Convert = Callable[[Node], Any]
    """Returns a plain value, a Fact where the place is not the node itself, or NOTHING."""


def tables() -> Any:
    """Return what schemas/keras/layers.yaml says."""
    return knowledge.data("keras/layers")


def inner_name(node: Node | None) -> Node | None:
    """Return the scalar that names an object: a text itself, the class of a map, the function of a function's map."""
    if node is None or node.kind is STRING:
        return node
    inner = node.get("config")
    if inner is not None and inner.kind is STRING:
        return inner
    found = node.get("class_name")
    return found if found is not None and found.kind is STRING else None


def activation(node: Node) -> Any:
    """An activation: its name, none for linear, or a serialized function or layer."""
    if node.kind is NULL:
        return "linear"
    named = inner_name(node)
    config = node.get("config") if node.kind is MAP else None
    if named is not None and named.value == "Activation" and config is not None and config.kind is MAP:
        inner = config.get("activation")
        return NOTHING if inner is None else activation(inner)
    known = names.canonical("activations", named.value) if named is not None else None
    return NOTHING if named is None or known is None else written(named, known)


def initializer(node: Node) -> Any:
    """An initializer: its name or its object; a scaling of known constants by the name that goes with them."""
    named = inner_name(node)
    if named is None:
        return NOTHING
    known = names.canonical("initializers", named.value.removesuffix("V2"))
    config = node.get("config") if node.kind is MAP else None
    if known == "variance_scaling" and config is not None and config.kind is MAP:
        settings = map(config.get, ("scale", "mode", "distribution"))
        have = [found.value if found is not None else None for found in settings]
        for *constants, name in tables()["variance_scaling"]:
            if _is_near(have[0], constants[0]) and [_snake(word) for word in have[1:]] == constants[1:]:
                known = name
    return NOTHING if known is None else written(named, known)


def _is_near(have: Any, wanted: float) -> bool:
    return isinstance(have, (int, float)) and abs(have - wanted) < 1e-6


def _snake(word: Any) -> Any:
    """Return fan_avg for the fanAvg of TensorFlow.js."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in word) if isinstance(word, str) else word


def dimensions(node: Node) -> Any:
    """A size for each dimension; one number stands for a list of one."""
    items = node.items if node.kind is LIST else [node]
    values = [int(item.value) for item in items if item.is_number and item.value == item.value // 1]
    return values if values and len(values) == len(items) else NOTHING


def integers(node: Node) -> Any:
    """A list of whole numbers; one alone stands for a list of one."""
    items = node.items if node.kind is LIST else [node]
    return [item.value for item in items] if all(item.kind is INTEGER for item in items) else NOTHING


def margins(node: Node) -> Any:
    """Cells at both ends of each dimension: [[1, 1], [2, 2]] for [1, 2]; a single number for every dimension."""
    if node.kind is INTEGER:
        return [[node.value, node.value]]
    if node.kind is not LIST:
        return NOTHING
    pairs = [item.data() if item.kind is LIST else [item.value, item.value] for item in node.items]
    return pairs if all(len(pair) == 2 and all(type(cells) is int for cells in pair) for pair in pairs) else NOTHING


def axis(node: Node) -> Any:
    """One axis; of a list of one, that one."""
    if node.kind is LIST and len(node.items) == 1:
        node = node.items[0]
    return written(node, node.value) if node.kind is INTEGER else NOTHING


def shape_with_batch(node: Node) -> Any:
    """A shape that counts the batch too; without it."""
    return integers(node)[1:] if node.kind is LIST and integers(node) is not NOTHING else NOTHING


def is_null(node: Node) -> bool:
    """Whether nothing is given."""
    return node.kind is NULL


def data_format(node: Node) -> Any:
    """The order of dimensions; none means Keras' setting, which is channels_last unless a user changed it."""
    if node.kind is NULL:
        return default("channels_last", "Keras' image_data_format")
    return tables()["data_formats"].get(node.value, NOTHING) if node.kind is STRING else NOTHING


def merge_mode(node: Node) -> Any:
    """The operation of a Merge layer of Keras 1."""
    return tables()["merge_modes"].get(node.value, NOTHING) if node.kind is STRING else NOTHING


def shortened(node: Node) -> Any:
    """A number without the digits that single precision added: 0.001 for 0.0010000000474974513."""
    value = number(node)
    if not isinstance(value, float) or len(repr(value)) < 12:
        return value
    short = float(f"{value:.7g}")
    return short if abs(short - value) <= 6e-8 * abs(value) else value


def number_or_none(node: Node) -> Any:
    """A number, or none for a setting that is switched off."""
    return None if node.kind is NULL else shortened(node)


def text_or_none(node: Node) -> Any:
    """A text, or none."""
    return node.value if node.kind in (STRING, NULL) else NOTHING


CONVERT: dict[str, Convert] = {
    **CONVERSIONS, "activation": activation, "initializer": initializer, "dimensions": dimensions,
    "integers": integers, "margins": margins, "axis": axis, "data_format": data_format, "merge_mode": merge_mode,
    "number": shortened, "number_or_none": number_or_none, "text_or_none": text_or_none, "is_null": is_null,
    "shape_with_batch": shape_with_batch,
}  # fmt: skip
"""Conversions by the name that layers.yaml uses."""

_KINDS = {str: STRING, bool: BOOL, int: INTEGER, float: FLOAT, type(None): NULL, list: LIST}


def default_value(value: Any, convert: Convert) -> Any:
    """Return what a default of Keras' signatures means, NOTHING when it is not understood."""
    node = _plain_node(value)
    found = convert(node)
    return found.value if isinstance(found, Fact) else found


def _plain_node(value: Any) -> Node:
    """Return a node that stands nowhere and holds `value`."""
    kind = _KINDS.get(type(value), OTHER)
    node = Node(kind, 0, 0, None if kind is LIST else value)
    if kind is LIST:
        node.items.extend(map(_plain_node, value))
    return node
