"""Which facts a key states, written or not: by the tables of its format, else by the field's names for them."""

from __future__ import annotations

import re

from hplint import knowledge
from hplint.facts.names import squash
from hplint.facts.parts import PARTS
from hplint.syntax.tree import LIST, MAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from hplint.ide.document import Document
    from hplint.ide.schemas import Holder

_NONE = re.compile(r"[;,] None (?:where|for) .*")
"""What a fact is without a value, which is a matter of the rules only."""

_found: dict[str | None, tuple[dict[str, list[str]], dict[str, list[str]]]] = {}
_newer: dict[str | None, dict[str, set[str]]] = {}
_named: dict[str, list[str]] = {}


def facts_of(document: Document, path: Sequence[Holder]) -> list[str]:
    """Return the facts ("Optimizer.learning_rate") that the key at the end of `path`, or an item of it, states."""
    if len(path) > 1 and path[-1].kind is LIST:
        listed: list[str] = knowledge.data("advice")["lists"].get(path[-2].key, [])
        return listed
    if not path or not isinstance(path[-1].key, str):
        return []
    by_path, by_layer_key = _tables(document)
    dotted = ".".join(str(holder.key) if holder.kind is MAP else "[]" for holder in path).replace(".[]", "[]")
    found = by_path.get(dotted)
    if found is None and any(holder.kind is LIST for holder in path):
        around = next((holder.key for holder in reversed(path[:-1]) if holder.kind is MAP), None)
        found = by_layer_key.get(path[-1].key) or knowledge.data("advice")["classes"].get(f"{around}.{path[-1].key}")
    return found if found is not None else _by_name().get(squash(path[-1].key), [])


def meaning_of(document: Document, path: Sequence[Holder], facts: Sequence[str]) -> str:
    """Return what the key at the end of `path` means where its schema does not say.

    That is in the format's meanings.yaml by the key with its section or the key alone, else in the fact that it states.
    """
    keys = [holder.key for holder in path if holder.kind is MAP and isinstance(holder.key, str)]
    if keys and path[-1].kind is MAP and document.format and knowledge.has_data(f"{document.format}/meanings"):
        meanings = knowledge.data(f"{document.format}/meanings")
        said: str = meanings.get(".".join(keys[-2:])) or meanings.get(keys[-1], "")
        if said:
            return said
    said = next((knowledge.fact_meaning(fact) for fact in _telling(facts, keys) if knowledge.fact_meaning(fact)), "")
    said = _NONE.sub("", said)
    return f"{said[0].upper()}{said[1:]}{'' if said.endswith('.') else '.'}" if said else ""


def _telling(facts: Sequence[str], keys: Sequence[str]) -> Sequence[str]:
    """Return the facts that may tell what a key means: the one of its name first; none where it chooses of switches.

    `mixed_precision: bf16` states that bf16 is on and fp16 off, but means neither.
    """
    named = [fact for fact in facts if keys and squash(fact.partition(".")[2]) == squash(keys[-1])]
    if named or len(facts) < 2:
        return named or facts
    return [fact for fact in facts if not _is_switch(fact)]


def _is_switch(fact: str) -> bool:
    part, _, name = fact.partition(".")
    return part in PARTS and PARTS[part].__annotations__.get(name) == "Fact[bool]"


def newer_keys(document: Document) -> dict[str, set[str]]:
    """Return for each key of a format's layers that is an older name of another one those that are newer."""
    if document.format not in _newer:
        found: dict[str, set[str]] = {}
        for _, entry in _layer_entries(document.format):
            keys = _keys(entry)
            for index, key in enumerate(keys):
                found.setdefault(key, set()).update(keys[:index])
        _newer[document.format] = found
    return _newer[document.format]


def _tables(document: Document) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return a format's facts by dotted key, and those of layers by key alone; made once per format."""
    if document.format not in _found:
        _found[document.format] = (
            dict(_by_path(document.description)),
            _collected(_layer_keys(document.format)),
        )
    return _found[document.format]


def _by_path(description: Mapping[str, Any]) -> dict[str, list[str]]:
    return _collected(_paths(description))


def _collected(pairs: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, fact in pairs:
        if fact not in found.setdefault(key, []):
            found[key].append(fact)
    return found


def _paths(description: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, entry in description.get("facts", {}).items():
        for key in _keys(entry):
            yield key, _fact(path)
    for listed in description.get("parts", {}).values():
        for name, entry in listed["facts"].items():
            for key in _keys(entry):
                yield f"{listed['key']}[].{key}", f"{listed['part']}.{name}"


def _layer_keys(name: str | None) -> Iterator[tuple[str, str]]:
    """Yield (key, fact) of the tables that say what the keys of a format's layers state."""
    for fact, entry in _layer_entries(name):
        for key in _keys(entry):
            yield key, f"Layer.{fact}"


def _layer_entries(name: str | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    pending: list[Any] = [knowledge.data(f"{name}/layers")] if name and knowledge.has_data(f"{name}/layers") else []
    while pending:
        table = pending.pop()
        if isinstance(table, dict):
            for fact, entry in reversed(table.items()):
                if isinstance(entry, dict) and isinstance(entry.get("key"), (str, list)):
                    yield str(fact), entry
                else:
                    pending.append(entry)


def _keys(entry: Mapping[str, Any]) -> list[str]:
    return list(entry["key"]) if isinstance(entry["key"], list) else [entry["key"]]


def _fact(path: str) -> str:
    part, _, name = path.rpartition(".")
    return f"{''.join(word.title() for word in part.split('_')) or 'Training'}.{name}"


def _by_name() -> dict[str, list[str]]:
    """Return the facts by the names that hand-written configs give their keys."""
    if not _named:
        for path, entry in knowledge.data("keys").items():
            for name in entry["names"]:
                _named.setdefault(squash(name), []).append(_fact(path))
    return _named
