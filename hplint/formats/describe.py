"""Checks the description of a format, a format.yaml or its like in the settings, and says where it is wrong."""

from __future__ import annotations

from hplint.facts.fact import fact_types
from hplint.facts.parts import PARTS
from hplint.findings import CONFIDENCES
from hplint.formats.reading import CONVERSIONS
from hplint.syntax.scalars import RESOLVERS
from hplint.syntax.tree import LIST, MAP, NULL, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

KEYS = {
    "title": "text", "framework": "text", "version": "text", "order": "number", "loader": "text", "recognise": "list",
    "facts": "map", "parts": "map", "coerced": "list", "coerces_beside": "list", "may_coerce": "switch",
    "documents": "text", "refuses_unknown_keys": "switch", "within": "list", "extends": "text",
    "reader": "text", "interpolation": "text", "names": "map", "key_paths": "list", "search_syntax": "map",
}  # fmt: skip
"""What a description holds, and of what kind each is."""
CLAUSE_KEYS = (
    "reason",
    "confidence",
    "has",
    "lacks",
    "at_least",
    "anywhere",
    "each",
    "keys",
    "lacks_keys",
    "tags",
    "syntax",
)
ENTRY_KEYS = ("key", "as", "default", "values", "spellings")
PART_KEYS = ("key", "part", "facts")
SEARCH_KEYS = ("home", "name", "continuous", "log", "integer", "categorical", "new")
READERS = ("generic",)
"""The readers that a format of one's own may name: code is never taken from the project that is linted."""


class DescriptionError(Exception):
    """A description that cannot be used: the node that is wrong, what is wrong and what to do."""

    def __init__(self, node: Node, message: str) -> None:
        super().__init__(message)
        self.node = node
        self.message = message


def description_of(root: Node) -> dict[str, Any]:
    """Return the description in a map, as `hplint.knowledge.formats` holds those of hplint. Raises DescriptionError."""
    if root.kind is not MAP:
        raise DescriptionError(root, "the description of a format is a map of keys, such as `recognise` and `facts`")
    _only(root, KEYS, "a format's description")
    _one_of(root.get("reader"), READERS, "`reader`")
    check_description(root)
    made: dict[str, Any] = root.data()
    return made


def check_description(root: Node) -> None:
    """Check the keys that all formats share, whatever else a format's reader is told. Raises DescriptionError."""
    for key, node in root.entries:
        _is_a(node, KEYS.get(key.value, "anything"), str(key.value))
    _one_of(root.get("loader"), RESOLVERS, "`loader`")
    _one_of(root.get("documents"), ("one", "many"), "`documents`")
    _one_of(root.get("interpolation"), ("open", "complete"), "`interpolation`")
    for clause in _items(root.get("recognise")):
        _check_clause(clause)
    _check_facts(root.get("facts"))
    for path, entry in _entries(root.get("parts")):
        _check_part(path, entry)
    for kind, places in _entries(root.get("names")):
        _is_a(places, "map", kind.text)
        _only(places, ("declared", "used"), f"`{kind.text}`")
        for role, paths in places.entries:
            _check_paths(paths, role.text)
    for name in ("key_paths", "within", "coerced"):
        _check_paths(root.get(name), name)
    search = root.get("search_syntax")
    if search is not None:
        _only(search, SEARCH_KEYS, "`search_syntax`")
        if search.get("home") is None:
            raise DescriptionError(search, "`search_syntax` needs `home`, the path of what holds the hyperparameters")
        _is_a(search.get("new"), "map", "new")
        for name in ("home", "name"):
            _is_a(search.get(name), "text", name)


def _check_paths(node: Node | None, name: str) -> None:
    _is_a(node, "list", name)
    wrong = next((item for item in _items(node) if not _is_text(item) or not item.value), None)
    if wrong is not None:
        raise DescriptionError(wrong, f"`{name}` is a list of paths, and of nothing else")


def _check_clause(clause: Node) -> None:
    if clause.kind is not MAP:
        raise DescriptionError(clause, "each item of `recognise` is a map with a `reason` and what must be there")
    _only(clause, CLAUSE_KEYS, "a clause of `recognise`")
    if clause.get("reason") is None:
        raise DescriptionError(clause, "a clause of `recognise` needs a `reason`, which `hplint formats FILE` shows")
    if len(clause.entries) <= 1 + (clause.get("confidence") is not None) + (clause.get("lacks") is not None):
        raise DescriptionError(clause, "this clause would fit every file; say what must be there, such as `has`")
    _one_of(clause.get("confidence"), CONFIDENCES, "`confidence`")
    _is_a(clause.get("has"), "map", "has")
    _is_a(clause.get("each"), "map", "each")
    for name in ("lacks", "keys", "lacks_keys", "tags"):
        names = clause.get(name)
        _is_a(names, "list", name)
        inside = [below for item in _items(names) for below in (item.items if item.kind is LIST else [item])]
        if not all(_is_text(item) for item in inside):
            raise DescriptionError(clause, f"`{name}` is a list of names, and of nothing else")
    for name in ("at_least", "anywhere"):
        counted = clause.get(name)
        if counted is None:
            continue
        count, of = (counted.get(key) if counted.kind is MAP else None for key in ("count", "of"))
        if count is None or not count.is_number or of is None or of.kind is not LIST:
            raise DescriptionError(counted, f"`{name}` needs a `count` and a list `of` names")


def _check_facts(table: Node | None) -> None:
    for path, entry in _entries(table):
        part, _, fact = str(path.value).rpartition(".")
        group = fact_types(PARTS["Training"]).get(part, "") if part else "Training"
        if group not in PARTS:
            singles = [name for name, kind in fact_types(PARTS["Training"]).items() if kind in PARTS]
            raise DescriptionError(path, f"`{part or path.text}` is no group of facts{_hint(part, singles)}")
        _check_entry(path, fact, group, entry)


def _check_part(path: Node, entry: Node) -> None:
    owner, _, fact = str(path.value).rpartition(".")
    group = fact_types(PARTS["Training"]).get(owner, "") if owner else "Training"
    if not fact_types(PARTS[group]).get(fact, "").startswith("list[") if group in PARTS else True:
        raise DescriptionError(path, f"`{path.text}` is no list of parts, such as inputs, outputs or model.layers")
    if entry.kind is not MAP:
        raise DescriptionError(entry, f"`{path.text}` needs `key`, `part` and `facts`")
    _only(entry, PART_KEYS, f"`{path.text}`")
    kind = entry.get("part")
    for name in PART_KEYS:
        if entry.get(name) is None:
            raise DescriptionError(entry, f"`{path.text}` needs `{name}`")
    _one_of(kind, PARTS, "`part`")
    for fact_path, below in _entries(entry.get("facts")):
        _check_entry(fact_path, str(fact_path.value), str(kind.value) if kind is not None else "", below)


def _check_entry(path: Node, fact: str, group: str, entry: Node) -> None:
    """Check what says where one fact of a group stands."""
    if fact not in fact_types(PARTS[group]):
        raise DescriptionError(path, f"{group} has no fact `{fact}`{_hint(fact, fact_types(PARTS[group]))}")
    if entry.kind is not MAP or entry.get("key") is None:
        raise DescriptionError(entry, f"`{path.text}` needs a `key`, the place where it stands, such as train.lr")
    _only(entry, ENTRY_KEYS, f"`{path.text}`")
    key = entry.get("key")
    if key is not None and key.kind is not STRING and not (key.kind is LIST and all(_is_text(k) for k in key.items)):
        raise DescriptionError(key, "`key` is a dotted path, or a list of such paths")
    wanted = _kind_of(fact_types(PARTS[group])[fact])
    for name in ("values", "spellings"):
        _is_a(entry.get(name), "map", name)
        for theirs, ours in _entries(entry.get(name)):
            _is_a(theirs, "text", f"each key of {name}")
            _is_a(ours, wanted if name == "values" else "text", f"{name}: {theirs.text}")
    _is_a(entry.get("default"), wanted, "default")
    if entry.get("values") is None:
        if entry.get("as") is None:
            raise DescriptionError(entry, f"`{path.text}` needs `as`, how its value is understood, or `values`")
        _one_of(entry.get("as"), CONVERSIONS, "`as`")


def _kind_of(fact: str) -> str:
    """Return of what kind the values of a fact are, as its description states them."""
    if fact in ("Fact[int]", "Fact[float]"):
        return "number"
    if fact == "Fact[bool]":
        return "switch"
    return "anything" if fact in ("Fact[Values]", "Fact[Any]") else "word"


def _items(node: Node | None) -> list[Node]:
    return node.items if node is not None else []


def _entries(node: Node | None) -> list[tuple[Node, Node]]:
    return node.entries if node is not None else []


def _is_text(node: Node) -> bool:
    return node.kind is STRING


def _only(node: Node, known: Collection[str], what: str) -> None:
    for key, _ in node.entries:
        if key.value not in known:
            raise DescriptionError(key, f"`{key.text}` is no key of {what}{_hint(str(key.value), known)}")


def _one_of(node: Node | None, known: Collection[str], what: str) -> None:
    if node is not None and node.value not in known:
        raise DescriptionError(node, f"{what} cannot be `{node.text}`{_hint(str(node.value), known)}")


def _is_a(node: Node | None, kind: str, name: str) -> None:
    if node is None or kind == "anything":
        return
    fits = {
        "text": node.is_scalar, "word": node.kind in (STRING, NULL), "number": node.is_number or node.kind is NULL,
        "switch": isinstance(node.value, bool), "list": node.kind is LIST, "map": node.kind is MAP,
    }  # fmt: skip
    words = {"switch": "true or false", "word": "a text"}.get(kind, f"a {kind}")
    if not fits[kind]:
        raise DescriptionError(node, f"`{name}` must be {words}")


def _hint(wrong: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(wrong, known, 1)
    return f"; did you mean `{close[0]}`?" if close else f"; known are {', '.join(known)}"
