"""Names that parts of a config call each other by: layers, features, searched keys. A format declares them as data.

    names:                       # in format.yaml
      layer:
        declared: ["**.layers[].config.name"]
        used: ["**.input_layers[][0]", "search.layers.{}"]
    key_paths: ["search.parameters.{}"]      # keys (or values) that are dotted paths to other keys of the file

A path has steps divided by dots: a key, `*` for any key, `**` for anything in between, each followed by `[]` for any
item of a list or `[0]` for one; `{}` at the end stands for the keys of a map and not their values. What a leading `**`
stands for is where a name counts: each nested model has its own layers.
"""

from __future__ import annotations

import re

from hplint.records import record
from hplint.syntax.tree import LIST, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from hplint.ide.schemas import Holder

_STEP = re.compile(r"\[(\d*)\]|[^.\[\]]+")
ANY, DEEP, EACH, KEYS = "*", "**", "[]", "{}"


@record
class Use:
    """A place where a name stands.

    kind         what is named, such as "layer"
    name         the name
    node         the scalar, or the key, that is the name
    scope        the identity of the map in which the name counts
    is_declared  whether the thing itself is here, and not a reference to it
    """

    kind: str
    name: str
    node: Node
    scope: int
    is_declared: bool


@record
class Pattern:
    """A path as steps: keys, ANY, DEEP, EACH, KEYS, or the index of an item."""

    kind: str
    is_declared: bool
    steps: tuple[str | int, ...]


_patterns: dict[int, tuple[Mapping[str, Any], tuple[Pattern, ...]]] = {}


def patterns(description: Mapping[str, Any]) -> tuple[Pattern, ...]:
    """Return the paths that a format declares names at; made once per format."""
    if id(description) not in _patterns:
        made = [
            Pattern(kind, role == "declared", steps_of(path))
            for kind, declared in description.get("names", {}).items()
            for role in ("declared", "used")
            for path in declared.get(role, ())
        ]
        _patterns[id(description)] = (description, tuple(made))
    return _patterns[id(description)][1]


def steps_of(path: str) -> tuple[str | int, ...]:
    """Return the steps of a path."""
    found: list[str | int] = []
    for match in _STEP.finditer(path):
        index = match.group(1)
        found.append(match.group() if index is None else int(index) if index else EACH)
    return tuple(found)


def uses(root: Node | None, wanted: Sequence[Pattern]) -> list[Use]:
    """Return every name that stands at one of the paths below `root`, in the order of the text. Takes linear time."""
    found: list[Use] = []
    if root is None or not wanted:
        return found
    # A pattern that begins anywhere is taken up at maps with its first key. A state: (pattern, steps done, scope).
    anywhere: dict[Any, list[Pattern]] = {}
    states: list[tuple[Pattern, int, int]] = []
    for pattern in wanted:
        if pattern.steps[0] == DEEP and len(pattern.steps) > 1:
            anywhere.setdefault(pattern.steps[1], []).append(pattern)
        else:
            states.append((pattern, 0, 0))
    pending: list[tuple[Node, list[tuple[Pattern, int, int]]]] = [(root, states)]
    while pending:
        node, states = pending.pop()
        if node.kind is STRING:
            found += [
                Use(pattern.kind, node.value, node, scope, pattern.is_declared)
                for pattern, done, scope in states
                if done == len(pattern.steps)
            ]
        if node.is_alias or node.is_scalar:
            continue
        below: list[tuple[Node, list[tuple[Pattern, int, int]]]] = []
        for pattern, done, scope in states:
            if pattern.steps[done:] == (KEYS,):
                found += [Use(pattern.kind, str(key.value), key, scope, pattern.is_declared) for key, _ in node.entries]
        for key, value in node.entries:
            advanced = _advanced(states, key.value, False) if states else []
            if key.value in anywhere:
                advanced += [(pattern, 2, id(node)) for pattern in anywhere[key.value]]
            below.append((value, advanced))
        for index, item in enumerate(node.items):
            below.append((item, _advanced(states, index, True) if states else []))
        pending += reversed(below)
    unique = {(id(use.node), use.kind, use.is_declared): use for use in found}
    return sorted(unique.values(), key=lambda use: (use.node.start, use.node.end))


def _advanced(states: Iterable[tuple[Pattern, int, int]], step: Any, is_item: bool) -> list[tuple[Pattern, int, int]]:
    """Return the states one step further down; a `**` within a path stays, and lets what follows it begin."""
    found = []
    for pattern, done, scope in states:
        while done < len(pattern.steps) and pattern.steps[done] == DEEP:
            found.append((pattern, done, scope))
            done += 1
        if done < len(pattern.steps) and _fits(pattern.steps[done], step, is_item):
            found.append((pattern, done + 1, scope))
    return found


def _fits(wanted: str | int | None, step: Any, is_item: bool) -> bool:
    if wanted is None or wanted == KEYS:
        return False
    if is_item:
        return wanted == EACH or (isinstance(wanted, int) and wanted == step)
    return wanted in (ANY, step)


def kinds_at(path: Sequence[Holder], wanted: Sequence[Pattern]) -> list[str]:
    """Return what kinds of names the value (or item) at the end of `path` refers to."""
    states: list[tuple[Pattern, int]] = [(pattern, 0) for pattern in wanted if not pattern.is_declared]
    for holder in path:
        advanced: list[tuple[Pattern, int]] = []
        pending = list(states)
        while pending:
            pattern, done = pending.pop()
            step = pattern.steps[done] if done < len(pattern.steps) else None
            if step == DEEP:
                advanced.append((pattern, done))
                pending.append((pattern, done + 1))
            elif _leads(holder, step):
                advanced.append((pattern, done + 1))
        states = advanced
    return list(dict.fromkeys(pattern.kind for pattern, done in states if done == len(pattern.steps)))


def _leads(holder: Holder, step: str | int | None) -> bool:
    if holder.kind is LIST:
        return step == EACH or isinstance(step, int)
    return step is not None and step in (ANY, holder.key)
