"""Which format a config is written in, told by its content."""

from __future__ import annotations

from hplint.findings import HIGH, MEDIUM
from hplint.records import record
from hplint.syntax.tree import LIST, MAP, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


@record
class Recognition:
    """The format of a file (None for no training config), how sure that is, and why."""

    name: str | None
    confidence: str
    reason: str


NOT_A_TRAINING_CONFIG = Recognition(None, HIGH, "no format's keys are in it")


def recognise(root: Node | None, formats: Mapping[str, Mapping[str, Any]]) -> Recognition:
    """Return the first format, in their order, one of whose descriptions fits the content."""
    if root is None or root.kind is not MAP:
        return Recognition(None, HIGH, "its top level is not a map of keys")
    for name, description in formats.items():
        for clause in description.get("recognise", ()):
            if _fits(root, clause):
                return Recognition(name, clause.get("confidence", MEDIUM), clause["reason"])
    return NOT_A_TRAINING_CONFIG


def _fits(root: Node, clause: Mapping[str, Any]) -> bool:
    """Whether everything the clause asks for is there: `has`, `lacks`, `at_least`."""
    if not all(_is(find(root, path), wanted) for path, wanted in clause.get("has", {}).items()):
        return False
    if any(find(root, path) is not None for path in clause.get("lacks", ())):
        return False
    several = clause.get("at_least")
    return several is None or sum(find(root, path) is not None for path in several["of"]) >= several["count"]


def find(root: Node | None, path: str) -> Node | None:
    """Return the node at a dotted path; "[]" after a step means the first item of a list."""
    node = root
    for step in path.split("."):
        key = step.removesuffix("[]")
        node = node.get(key) if node is not None and node.kind is MAP else None
        if node is not None and step.endswith("[]"):
            node = node.items[0] if node.kind is LIST and node.items else None
    return node


def _is(node: Node | None, wanted: Any) -> bool:
    """Whether a node is of the wanted kind ("map", "list", "string", "number", "any") or one of the wanted values."""
    if node is None:
        return False
    if isinstance(wanted, list):
        return node.value in wanted
    if wanted == "number":
        return node.is_number
    return bool(wanted == "any" or node.kind == wanted)
