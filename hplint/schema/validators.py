"""Combinations of keys that a framework refuses, by a table that each format keeps in its validators.yaml.

Where a framework's own code checks several keys together, its schema cannot say so. An entry of the table does:

    - when: {sample_packing: set, rl: set}          # all of these hold ...
      unless: {rl: [grpo]}                          # ... and none of these
      at: sample_packing                            # the key to point at; without it the last one of `when`
      message: sample_packing does not go with rl   # what is wrong
      fix: {write: {sample_packing: false}}         # or {remove: sample_packing}; optional
      severity: warning                             # where the framework warns; without it it stops
      source: "validation.py, check_sample_packing_w_rl"

A condition on a key is `set` (there, and neither false, null, 0 nor empty), `unset` (the contrary), `present` (there
and not null), `absent`, a list of values of which it is one, or a map of `not` (there and none of these values),
`over`, `under` (a number), `includes` (a text in its text), `lists` (a text in one of its texts) and `splits` (a key
whose number it is no multiple of). After a key "[]" stands for the items of its list: it is enough that one of them
meets the condition, and that one is pointed at. A value that another takes the place of, such as ${RL}, meets no
condition.
"""

from __future__ import annotations

from hplint.formats.recognise import find
from hplint.records import record
from hplint.scalars import as_number
from hplint.schema.paths import unknown_step
from hplint.syntax.tree import BOOL, MAP, STRING, LooksAt, Node, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

SET, UNSET, PRESENT, ABSENT = WORDS = ("set", "unset", "present", "absent")
COMPARISONS = ("not", "over", "under", "includes", "lists", "splits")
KEYS = ("when", "unless", "at", "message", "fix", "severity", "source")


@record
class Refusal:
    """A combination of keys that the framework refuses, or `warns` of. `node` is the value to point at.

    `removable` tells that leaving the key out mends it, `value` what to write there, None for nothing.
    """

    message: str
    key: str
    node: Node
    warns: bool
    removable: bool
    value: Any


def refusals(root: Node, validators: Sequence[Mapping[str, Any]]) -> list[Refusal]:
    """Return the combinations of a table that are in the config below `root`."""
    if id(validators) not in _tables:
        _tables[id(validators)] = _Table(validators)
    table = _tables[id(validators)]
    found: list[Refusal] | None = root.recall(table)
    if found is None:
        found = list(_refusals(root, table.worth_looking_at(root)))
        root.remember(table, found)
    return found


class _Table(LooksAt):
    """The entries of a table by a key that each needs, most of which no config has."""

    def __init__(self, validators: Sequence[Mapping[str, Any]]) -> None:
        self.validators = validators  # kept, since tables are known by their identity
        self.looks_at = frozenset(key for entry in validators for key in _keys(entry))
        self.by_key: dict[str, list[int]] = {}
        self.others: list[int] = []
        self.needed: list[frozenset[str]] = []
        for number, entry in enumerate(validators):
            needed = [_first(key) for key, wanted in entry["when"].items() if wanted not in (ABSENT, UNSET)]
            self.needed.append(frozenset(needed))
            if needed:
                self.by_key.setdefault(min(needed, key=lambda key: len(self.by_key.get(key, ()))), []).append(number)
            else:
                self.others.append(number)

    def worth_looking_at(self, root: Node) -> list[Mapping[str, Any]]:
        """Return the entries whose keys are there, in their order."""
        keys, needed = root.keyed().keys(), self.needed
        there = [number for key in keys for number in self.by_key.get(key, ()) if keys >= needed[number]]
        return [self.validators[number] for number in sorted([*self.others, *there])]


_tables: dict[int, _Table] = {}


def _keys(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of the top level that an entry looks at."""
    for conditions in (entry["when"], entry.get("unless", {})):
        for key, wanted in conditions.items():
            yield _first(key)
            if isinstance(wanted, dict) and "splits" in wanted:
                yield _first(wanted["splits"])
    fix = entry.get("fix", {})
    for key in (entry.get("at"), fix.get("remove"), *fix.get("write", {})):
        if key is not None:
            yield _first(key)


def _first(path: str) -> str:
    return path.partition(".")[0].removesuffix("[]")


def _refusals(root: Node, validators: Iterable[Mapping[str, Any]]) -> Iterator[Refusal]:
    for entry in validators:
        met = {key: _meeting(root, key, wanted) for key, wanted in entry["when"].items()}
        if not all(met.values()):
            continue
        if any(_meeting(root, key, wanted) for key, wanted in entry.get("unless", {}).items()):
            continue
        fix = entry.get("fix", {})
        written = fix.get("write", {})
        key = fix.get("remove") or next(iter(written), None) or entry.get("at") or list(entry["when"])[-1]
        places = [entry.get("at"), key, *reversed(entry["when"])]
        nodes = [node for place in places if place for node in (met.get(place) or _found(root, place))]
        node = next((node for node in nodes if node is not None), root)
        present = find(root, key) is not None
        yield Refusal(
            entry["message"],
            key,
            node,
            entry.get("severity") == "warning",
            "remove" in fix and present,
            written.get(key),
        )


def without_plugin(root: Node, owners: Mapping[str, str]) -> Iterator[Refusal]:
    """Yield the keys of plugins that the config does not load, and which the framework therefore ignores.

    `owners` gives the plugin of each such key, as the schema's `x-plugins` does. A plugin counts as loaded where any of
    the texts in the list `plugins` has the name of its class or of its package in it.
    """
    listed = find(root, "plugins")
    loaded = [str(item.value).lower() for item in listed.items] if listed is not None else []
    if any("${" in name for name in loaded):
        return
    for key, node in root.keyed().items():
        plugin = owners.get(key)
        if plugin is None or not _is_set(node):
            continue
        package, _, name = plugin.rpartition(".")
        package = package.rpartition(".")[2]
        if any(package in text or name.lower() in text for text in loaded):
            continue
        message = f"{key} belongs to the plugin {plugin}, which is not in `plugins`, so it is ignored"
        yield Refusal(message, "plugins", node, True, False, [plugin] if listed is None else None)


def _meeting(root: Node, key: str, wanted: Any) -> list[Node | None]:
    """Return what stands at `key` and meets a condition, None for nothing that does."""
    holder, among, below = key.partition("[].")
    listed = find(root, holder) if among else None
    if listed is not None and not (isinstance(wanted, dict) and "splits" in wanted):  # which looks elsewhere, too
        return [node for run in listed.runs() for node in _meeting_in(run, below, wanted)]
    return [node for node in _found(root, key) if _holds(root, node, wanted)]


_asked: dict[tuple[str, int], tuple[str, Any]] = {}
"""What is remembered by runs of items: keys with conditions, which are kept since they are known by their identity."""


def _meeting_in(run: Run, key: str, wanted: Any) -> list[Node | None]:
    """Return what the items of a run have at `key` that meets a condition, kept with the run."""
    asked = _asked.setdefault((key, id(wanted)), (key, wanted))
    found: list[Node | None] | None = run.recall(asked)
    if found is None:
        found = [node for item in run.items if _holds(item, node := find(item, key), wanted)]
        run.remember(asked, found)
    return found


def _found(root: Node, key: str) -> list[Node | None]:
    """Return what stands at `key`: one node or None, or what each item of the list has that "[]" stands for."""
    holder, among, below = key.partition("[].")
    if not among:
        return [find(root, key)]
    listed = find(root, holder)
    return [find(item, below) for item in listed.items] if listed is not None else []


def _holds(root: Node, node: Node | None, wanted: Any) -> bool:
    """Whether a node meets a condition."""
    if node is not None and node.kind is STRING and "${" in node.value:
        return False
    if wanted in (ABSENT, PRESENT):
        return (node is None or (node.value is None and node.is_scalar)) is (wanted == ABSENT)
    if wanted in (SET, UNSET):
        return _is_set(node) is (wanted == SET)
    if node is None:
        return False
    if isinstance(wanted, list):
        return any(_is(node, value) for value in wanted)
    return all(_compares(root, node, name, value) for name, value in wanted.items())


def _compares(root: Node, node: Node, name: str, value: Any) -> bool:
    if name == "not":
        return node.value is not None and not any(_is(node, other) for other in value)
    if name == "includes":
        return node.kind is STRING and value in node.value.lower()
    if name == "lists":
        return any(item.kind is STRING and value in item.value.lower() for item in node.items)
    number = _number(node)
    if name == "splits":
        part = _number(find(root, value))
        return bool(number is not None and part and number % part)
    return number is not None and (number > value if name == "over" else number < value)


def _is(node: Node, value: Any) -> bool:
    return node.is_scalar and node.value == value and (node.kind is BOOL) == isinstance(value, bool)


def _is_set(node: Node | None) -> bool:
    if node is None:
        return False
    return bool(node.value) if node.is_scalar else bool(node.items or node.entries)


def _number(node: Node | None) -> float | None:
    if node is None or node.kind is BOOL:
        return None
    return node.value if node.is_number else as_number(node.value) if node.kind is STRING else None


def mistakes(root: Node | None, schema: Mapping[str, Any] | None) -> Iterator[tuple[Node, str]]:
    """Yield what is wrong in a table of validators, with the node it is wrong at: for who builds the knowledge."""
    for entry in root.items if root is not None else ():
        if entry.kind is not MAP:
            yield entry, "a validator is a map of keys"
            continue
        for key, _ in entry.entries:
            if key.value not in KEYS:
                yield key, f"unknown key {key.value!r}; known are {', '.join(KEYS)}"
        for name in ("when", "message", "source"):
            if not entry.get(name):
                yield entry, f"the key {name!r} is missing"
        severity = entry.get("severity")
        if severity is not None and severity.value != "warning":
            yield severity, "severity is warning, or left out for an error"
        yield from _wrong_conditions(entry, schema)


def _wrong_conditions(entry: Node, schema: Mapping[str, Any] | None) -> Iterator[tuple[Node, str]]:
    sections = [node for node in (entry.get("when"), entry.get("unless")) if node is not None]
    written = entry.at("fix", "write")
    for key, wanted in [pair for node in sections for pair in node.entries]:
        known = wanted.value in WORDS if wanted.is_scalar else True
        if wanted.kind is MAP:
            known = all(name.value in COMPARISONS for name, _ in wanted.entries)
        if not known:
            yield wanted, f"a condition is one of {', '.join(WORDS)}, a list, or a map of {', '.join(COMPARISONS)}"
        yield from _unknown_key(key, schema)
    for key, _ in written.entries if written is not None else ():
        yield from _unknown_key(key, schema)
    for node in (entry.get("at"), entry.at("fix", "remove")):
        if node is not None:
            yield from _unknown_key(node, schema)


def _unknown_key(node: Node, schema: Mapping[str, Any] | None) -> Iterator[tuple[Node, str]]:
    path = str(node.value).partition("[]")[0].split(".")
    if schema is not None and _top_is_unknown(schema, path):
        yield node, f"the schema of the format has no key {node.value!r}"


def _top_is_unknown(schema: Mapping[str, Any], path: list[str]) -> bool:
    """Whether a path leads nowhere: maps that ignore other keys count as closed here."""
    known = schema.get("properties")
    return path[0] not in known if known is not None else unknown_step(schema, path) is not None
