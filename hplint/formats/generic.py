"""Reads configs without a fixed structure by the field's usual key names (schemas/keys.yaml), wherever they stand.

Nothing is filled in, and a name that stands in several places with different values says nothing: such a config may
hold several models, or the same key may mean something else each time.
"""

from __future__ import annotations

from hplint import knowledge
from hplint.facts import names
from hplint.facts.fact import Place, written
from hplint.facts.names import squash
from hplint.formats.reading import CONVERSIONS, NOTHING
from hplint.syntax.tree import MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.facts.parts import Training

_COMPONENT_KEYS = ("_target_", "class_path", "_component_", "name", "type", "_name", "class_name", "NAME", "TYPE")
"""Where a map that describes an optimizer, a schedule or a loss says which one it is."""
_OTHER_SECTIONS = ("eval", "val_", "valid", "test", "infer", "predict", "export", "generation", "benchmark")
"""How the names of sections begin whose keys are about something else than training."""


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State every fact that the usual names state without contradiction, unless format.yaml's tables did."""
    table = knowledge.data("keys")
    for path, nodes in _candidates(root, table).items():
        part, _, fact = path.rpartition(".")
        found = _agreed(nodes, table[path])
        home = training.facts[part]
        if found is None or fact in home.facts:
            continue
        node, value = found
        home.state(**{fact: written(node, value)})
        if node.parent is not None and isinstance(node.key, Node):
            home.places.setdefault(fact, Place(node.parent, (node.key.value,)))


def _candidates(root: Node, table: Mapping[str, Any]) -> dict[str, list[Node]]:
    """Return the values that stand under the names of each fact, in the order of the file."""
    facts = {squash(name): path for path, entry in table.items() for name in entry["names"]}
    found: dict[str, list[Node]] = {}
    for node in root.walk():
        if node.kind is not MAP or node.is_alias or _is_within(node, _OTHER_SECTIONS):
            continue
        stated = [
            (facts[name], value)
            for key, value in node.entries
            if key.kind is STRING and (name := squash(key.value)) in facts
        ]
        beside = {path for path, _ in stated}
        for path, value in stated:
            if table[path].get("beside") in (None, *beside):
                found.setdefault(path, []).append(value)
    return found


def _agreed(nodes: list[Node], entry: Mapping[str, Any]) -> tuple[Node, Any] | None:
    """Return the value that all nodes which say something agree on, or all within a section on training; else None."""
    said = [(node, value) for node in nodes for node, value in _said(node, entry)]
    if not said:
        return None
    for chosen in (said, [(node, value) for node, value in said if _is_within(node, ("train",))]):
        if chosen and all(value == chosen[0][1] for _, value in chosen):
            return chosen[0]
    return None


def _said(node: Node, entry: Mapping[str, Any]) -> Iterator[tuple[Node, Any]]:
    """Yield what a value says in hplint's terms, with the node that says it; nothing where it is not understood."""
    if entry["as"] in names.SECTIONS:
        if node.kind is MAP:
            node = next((below for key in _COMPONENT_KEYS if (below := node.get(key)) is not None), node)
        known = names.canonical(entry["as"], _last_name(node.value)) if node.kind is STRING else None
        if known is not None:
            yield node, known
        return
    value = CONVERSIONS[entry["as"]](node)
    if value is NOTHING or value in entry.get("besides", ()):
        return
    if ("over" in entry and value <= entry["over"]) or ("under" in entry and value >= entry["under"]):
        return
    yield node, value


def _last_name(path: str) -> str:
    """Return the name at the end of a path into a package: "torch.optim.Adam" is "Adam"."""
    return path.rpartition(".")[2] if path.replace(".", "").replace("_", "").isalnum() else path


def _is_within(node: Node | None, beginnings: tuple[str, ...]) -> bool:
    """Whether a value stands under a key that begins with one of `beginnings`."""
    while node is not None:
        # A section that is just called `val` is one on validation, one called `values` is not.
        if isinstance(node.key, Node) and f"{node.key.value}_".lower().startswith(beginnings):
            return True
        node = node.parent
    return False
