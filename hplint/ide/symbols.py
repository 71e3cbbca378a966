"""The outline of a config: its sections, layers, features and searched parameters by name."""

from __future__ import annotations

from collections import Counter

from hplint.facts.fact import Fact, Part
from hplint.facts.parts import Layer
from hplint.ide.document import parts_of
from hplint.records import record
from hplint.rules.logic import show
from hplint.syntax.tree import LIST, MAP, NULL, Node
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.ide.document import Document

SECTION, ITEMS, ITEM, VALUE = "section", "list", "item", "value"
"""Kinds of symbols besides those of parts: "layer", "input", "output", "parameter", "metric"."""

MAX_SYMBOLS = 5000
_NAMING_KEYS = ("name", "id", "class_name", "type", "path", "_target_", "class_path", "_component_")
_MAX_DETAIL = 60


@record
class Symbol:
    """An entry of the outline.

    kind       SECTION (a map), ITEMS (a list), ITEM, VALUE, or the part a map describes: "layer", "input", ...
    span       everything that belongs to it, its key included
    selection  the key, or where there is none what names it
    """

    name: str
    detail: str
    kind: str
    span: Span
    selection: Span
    children: tuple[Symbol, ...]


def symbols(document: Document) -> tuple[Symbol, ...]:
    """Return the outline of every document of the file; scalars deep inside lists are left out."""
    parts = _parts_by_node(document)
    budget = MAX_SYMBOLS
    found: list[Symbol] = []
    for root in document.roots:
        made, budget = _below(root, parts, budget)
        found += made
    return tuple(found)


def _parts_by_node(document: Document) -> dict[int, Part]:
    """Return the parts of lists (layers, inputs, ...) by the identity of the node they were read from.

    Of a node that several parts were read from, such as a layer that is the output, the part counts whose kind most of
    its neighbours have.
    """
    if document.report.training is None:
        return {}
    read: dict[int, dict[str, Part]] = {}
    holders: dict[int, int] = {}
    neighbours: dict[int, Counter[str]] = {}
    for part in parts_of(document.report.training):
        kind = type(part).__name__
        if kind in _DETAILS and part.node is not None and kind not in read.setdefault(id(part.node), {}):
            read[id(part.node)][kind] = part
            holders[id(part.node)] = id(part.node.parent)
            neighbours.setdefault(id(part.node.parent), Counter())[kind] += 1
    found = {}
    for node, kinds in read.items():
        around = neighbours[holders[node]]
        found[node] = max(kinds.values(), key=lambda part: (around[type(part).__name__], not isinstance(part, Layer)))
    return found


class _Draft:
    """A symbol whose children are still being collected."""

    __slots__ = ("children", "entry", "key", "node", "owner")

    def __init__(self, node: Node, key: Node | int, owner: _Draft | None) -> None:
        self.node = node
        self.key = key
        self.owner = owner
        self.children: list[Symbol] = []


def _below(root: Node, parts: dict[int, Part], budget: int) -> tuple[list[Symbol], int]:
    """Return the symbols below `root`, made from the leaves up without recursion, and what is left of the budget."""
    top: list[Symbol] = []
    drafts: list[_Draft] = []
    pending: list[tuple[Node, _Draft | None, int]] = [(root, None, 0)]
    while pending:
        node, owner, depth = pending.pop()
        for key, value in _children(node):
            if value.is_alias or (value.is_scalar and depth > 1 and id(value) not in parts):
                continue
            if len(drafts) >= budget:
                break
            draft = _Draft(value, key, owner)
            drafts.append(draft)
            if not value.is_scalar:
                pending.append((value, draft, depth + (1 if node.kind is MAP else 2)))
    for draft in reversed(drafts):  # a holder is drafted before what it holds
        (top if draft.owner is None else draft.owner.children).append(_finished(draft, parts))
    return sorted(top, key=lambda symbol: symbol.span.start), budget - len(drafts)


def _children(node: Node) -> list[tuple[Node | int, Node]]:
    if node.kind is MAP:
        return list(node.entries)
    return list(enumerate(node.items))


def _finished(draft: _Draft, parts: dict[int, Part]) -> Symbol:
    node, key = draft.node, draft.key
    part = parts.get(id(node))
    start = min(key.start, node.start) if isinstance(key, Node) else node.start
    span = Span(start, max(node.end, key.end if isinstance(key, Node) else node.end))
    naming = None if isinstance(key, Node) else _naming(node, part)
    if isinstance(key, Node):
        name, selection = key.text or str(key.value), key.span
    elif naming is not None:
        name, selection = naming.text, naming.span
    else:
        name, selection = str(key + 1), Span(node.start, min(node.end, node.start + 1))
    if not (span.start <= selection.start and selection.end <= span.end):
        selection = Span(span.start, min(span.end, span.start + 1))
    children = tuple(sorted(draft.children, key=lambda child: child.span.start))
    return Symbol(_clean(name) or "(empty)", _detail(node, part, naming), _kind(draft, part), span, selection, children)


def _kind(draft: _Draft, part: Part | None) -> str:
    if part is not None:
        return type(part).__name__.lower()
    if draft.node.kind is MAP:
        return SECTION if isinstance(draft.key, Node) else ITEM
    return ITEMS if draft.node.kind is LIST else VALUE


def _naming(node: Node, part: Part | None) -> Node | None:
    """Return the scalar that names an item: what the reader took as its name, else a key that usually names things."""
    named = part.facts.get("name") if part is not None else None
    if isinstance(named, Fact) and named.node is not None and named.node.text and _holds(node, named.node):
        return named.node
    if node.is_scalar:
        return node
    values = (node.get(key) for key in _NAMING_KEYS)
    return next((value for value in values if value is not None and value.is_scalar and value.text), None)


def _holds(node: Node, below: Node) -> bool:
    return node.start <= below.start and below.end <= node.end


def _detail(node: Node, part: Part | None, naming: Node | None) -> str:
    """Return what is said behind the name: a layer's kind and output shape, a scalar's value."""
    if part is None:
        return _clean(node.text if node.is_scalar and node.kind is not NULL and node is not naming else "")
    known = [_known(part, name) for name in _DETAILS[type(part).__name__]]
    pieces = [piece for piece in known if naming is None or piece != naming.text]
    shape = _known(part, "output_shape") if type(part).__name__ == "Layer" else ""
    words = " ".join(piece for piece in pieces if piece)
    return _clean(f"{words} → {shape}".strip() if shape else words)


_DETAILS = {
    "Layer": ("type", "units", "activation"), "Input": ("modality", "shape"), "Output": ("task", "units"),
    "Parameter": ("kind", "low", "high"), "Metric": (),
}  # fmt: skip


def _known(part: Part, name: str) -> str:
    found: Any = part.get(name)
    return show(found.value) if isinstance(found, Fact) and found.is_known and found.value is not None else ""


def _clean(words: str) -> str:
    """Return words on one line, cut where they are long."""
    joined = " ".join(words.split())
    return joined if len(joined) <= _MAX_DETAIL else joined[: _MAX_DETAIL - 3] + "..."
