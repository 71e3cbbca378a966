"""Which format a config is written in, told by its content."""

from __future__ import annotations

import re

from hplint.facts.names import squash
from hplint.findings import HIGH, MEDIUM
from hplint.records import record
from hplint.syntax.scalars import pyyaml
from hplint.syntax.tree import LIST, MAP, STRING, Node, gather

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any


@record
class Recognition:
    """The format of a file (None for no training config), how sure that is, and why."""

    name: str | None
    confidence: str
    reason: str


NOT_A_TRAINING_CONFIG = Recognition(None, HIGH, "no format's keys are in it")


def recognise(root: Node | None, formats: Mapping[str, Mapping[str, Any]], syntax: str = "") -> Recognition:
    """Return the first format, in their order, one of whose descriptions fits the content.

    `syntax` is what the text is written in; a description that asks for one fits no other.
    """
    if root is None or root.kind is not MAP:
        return Recognition(None, HIGH, "its top level is not a map of keys")
    content = _Content(root, syntax)
    keys = root.keyed().keys()
    if not _clauses or _clauses[0] is not formats:
        _clauses[:] = formats, list(_with_keys(formats))
    for name, clause, needed, alternatives in _clauses[1]:
        if not keys >= needed or (alternatives and keys.isdisjoint(alternatives)):
            continue
        if clause.get("syntax") in (None, syntax) and _fits(root, clause, content):
            return Recognition(name, clause.get("confidence", MEDIUM), clause["reason"])
    return NOT_A_TRAINING_CONFIG


_clauses: list[Any] = []
"""The last descriptions and their clauses, with the keys without which a clause need not be looked at."""


def _with_keys(
    formats: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, Mapping[str, Any], frozenset[str], frozenset[str]]]:
    """Yield each clause with its format, the keys that must stand at the top, and those of which one must."""
    for name, description in formats.items():
        for clause in description.get("recognise", ()):
            needed = frozenset(map(_first_key, clause.get("has", ())))
            alternatives = frozenset(map(_first_key, clause.get("at_least", {}).get("of", ())))
            yield name, clause, needed, alternatives


def _first_key(path: str) -> str:
    return path.partition(".")[0].removesuffix("[]")


def is_told_by(formats: Mapping[str, Mapping[str, Any]], now: Node, before: Node) -> bool:
    """Whether the format may be another one after an edit that put the value `now` in the place of `before`."""
    if not (now.is_scalar and before.is_scalar and now.tag == before.tag):
        return True
    if not _telling or _telling[0] is not formats:
        _telling[:] = formats, {step for path in _valued_paths(formats) for step in path.replace("[]", "").split(".")}
    if _is_label(now) is not _is_label(before):
        return True
    holder: Node | None = now
    while holder is not None and not isinstance(holder.key, Node):
        holder = holder.parent
    return holder is None or holder.key.value in _telling[1]  # type: ignore[union-attr]  # the loop ends at such a key


_telling: list[Any] = []
"""The last descriptions, and the keys whose values tell formats apart; of others it only counts that they are there."""


def _valued_paths(formats: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for description in formats.values():
        for clause in description.get("recognise", ()):
            yield from clause.get("has", ())
            yield from clause.get("each") or ()


class _Content:
    """What stands anywhere in a file, gathered once and only when a format asks for it."""

    def __init__(self, root: Node, syntax: str) -> None:
        self.root = root
        self.is_yaml = syntax == "yaml"
        self._keys: frozenset[str] | None = None
        self._valued: frozenset[str] | None = None
        self._tags: frozenset[str] | None = None

    def read(self, node: Node | None) -> Node | None:
        """Return a node as PyYAML reads it: what a format's own loader makes of it must not tell the format."""
        if not self.is_yaml or node is None or node.style or node.tag is not None or not node.is_scalar:
            return node
        kind, value = pyyaml(node.text)
        return Node(kind, node.start, node.end, value, node.text)

    def has(self, node: Node | None, wanted: Any) -> bool:
        """Whether a node is of the wanted kind or one of the wanted values, as PyYAML reads it.

        The kinds are map, list, string, number, any, and names: a list of names and of maps from one name to another.
        """
        node = self.read(node)
        if node is None:
            return False
        if isinstance(wanted, list):
            return node.value in wanted
        if wanted == "number":
            return node.is_number
        if wanted == "names":  # such as the groups that a config is composed of: `- base`, `- model: small`
            return bool(node.items) and all(
                item.kind is MAP and len(item.entries) == 1 if not item.is_scalar else self.has(item, STRING)
                for item in node.items
            )
        return bool(wanted == "any" or node.kind == wanted)

    @property
    def keys(self) -> frozenset[str]:
        """The keys at any depth, as they are written."""
        if self._keys is None:
            self._keys = gather(self.root, _KEYS)
        return self._keys

    @property
    def valued(self) -> frozenset[str]:
        """The keys at any depth that have a value of their own, no map or label below them, squashed as names are."""
        if self._valued is None:
            self._valued = gather(self.root, _VALUED)
        return self._valued

    @property
    def tags(self) -> frozenset[str]:
        """The tags of YAML at any depth, up to their first colon: "!new:torch.nn.Linear" is "!new"."""
        if self._tags is None:
            self._tags = gather(self.root, _TAGS)
        return self._tags


class _Names:
    """Gathers the names that `names_in` finds in each node."""

    def __init__(self, names_in: Callable[[Node], Iterable[str]]) -> None:
        self.names_in = names_in

    def here(self, node: Node) -> frozenset[str]:
        if node.is_scalar and node.tag is None:  # nearly all nodes
            return _NO_NAMES
        return frozenset(self.names_in(node))

    def join(self, found: list[frozenset[str]]) -> frozenset[str]:
        """Join sets of names; where one has all of them it is taken, so that thousands of like items share a few."""
        if not found:
            return _NO_NAMES
        several = set(found)
        largest = max(several, key=len)
        return largest if all(largest.issuperset(one) for one in several) else largest.union(*several)


_NO_NAMES: frozenset[str] = frozenset()
# An alias says its own tag and nothing of what stands below the value it names.
_KEYS = _Names(lambda node: () if node.is_alias else [str(key.value) for key, _ in node.entries])
_VALUED = _Names(
    lambda node: (
        ()
        if node.is_alias
        else [
            squash(key.value)
            for key, value in node.entries
            if key.kind is STRING and value.kind is not MAP and not _is_label(value)
        ]
    )
)
_TAGS = _Names(lambda node: () if node.tag is None else [node.tag.partition(":")[0]])


_LABEL = r"(?:[^\W\d_]|['’ -])+\Z"
_WORDS = frozenset(("none", "auto", "null", "inf", "infinity", "nan", "true", "false", "default", "max", "min"))


def _is_label(node: Node) -> bool:
    """Whether a value is what people read beside a field, such as "Learning rate" in a translation, and no setting."""
    text = node.text
    return (
        node.kind is STRING
        and node.tag is None
        and text[:1].isupper()
        and re.match(_LABEL, text) is not None
        and text.lower() not in _WORDS
    )


def _fits(root: Node, clause: Mapping[str, Any], content: _Content) -> bool:
    """Whether everything is there that the clause asks for by any of its keys."""
    if not all(content.has(find(root, path), wanted) for path, wanted in clause.get("has", {}).items()):
        return False
    for path in clause.get("lacks", ()):  # a list within the list stands for what it holds, so that clauses can share
        if any(find(root, one) is not None for one in (path if isinstance(path, list) else (path,))):
            return False
    several = clause.get("at_least")
    if several is not None and sum(find(root, path) is not None for path in several["of"]) < several["count"]:
        return False
    each = clause.get("each")
    if each is not None and not _each_has(content, each):
        return False
    if "tags" in clause and content.tags.isdisjoint(clause["tags"]):
        return False
    if "keys" in clause and content.keys.isdisjoint(clause["keys"]):
        return False
    if "lacks_keys" in clause and not content.keys.isdisjoint(clause["lacks_keys"]):
        return False
    anywhere = clause.get("anywhere")
    return anywhere is None or _count(anywhere["of"], content.valued) >= anywhere["count"]


def _each_has(content: _Content, wanted: Mapping[str, Any]) -> bool:
    """Whether every value of a map has all that is wanted; an empty map has nothing."""
    entries = content.root.entries
    return bool(entries) and all(
        content.has(value.get(key), kind) for _, value in entries for key, kind in wanted.items()
    )


def _count(wanted: list[Any], there: frozenset[str]) -> int:
    """Return how many of the wanted names are there; a list within the list counts as one, whichever of it is there."""
    return sum(any(squash(name) in there for name in (one if isinstance(one, list) else (one,))) for one in wanted)


def find(root: Node | None, path: str) -> Node | None:
    """Return the node at a dotted path; "[]" after a step means the first item of a list."""
    node = root
    for step in path.split("."):
        key = step.removesuffix("[]")
        node = node.get(key) if node is not None and node.kind is MAP else None
        if node is not None and step.endswith("[]"):
            node = node.items[0] if node.kind is LIST and node.items else None
    return node
