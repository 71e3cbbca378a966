"""The field's own names (schemas/names.yaml) as values: which a fact may have, and what they mean (words.yaml)."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts import names
from hplint.facts.parts import PARTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_SECTIONS = {
    "Activation": "activations", "LossName": "losses", "OptimizerName": "optimizers", "ScheduleName": "schedules",
    "Initializer": "initializers",
}  # fmt: skip


def section_of(facts: Sequence[str]) -> str | None:
    """Return the section of names.yaml with the words of the first of the facts that has one."""
    for fact in facts:
        part, _, name = fact.partition(".")
        if fact == "Metric.name":
            return "metrics"
        declared = PARTS[part].__annotations__.get(name, "") if part in PARTS else ""
        section = _SECTIONS.get(declared.removeprefix("Fact[").removesuffix("]"))
        if section is not None:
            return section
    return None


def spellings_of(description: Mapping[str, Any], fact: str) -> dict[str, Any]:
    """Return how a format spells the words of a fact, by hplint's words; empty where it spells them the same."""
    part, _, name = fact.partition(".")
    entry = description.get("facts", {}).get(f"{part.lower()}.{name}", {})
    return entry.get("spellings") or {ours: theirs for theirs, ours in entry.get("values", {}).items()}


def words_of(description: Mapping[str, Any], facts: Sequence[str]) -> list[Any]:
    """Return the names that the first of the facts with a section may have, in the format's own spelling."""
    for fact in facts:
        section = section_of([fact])
        if section is not None:
            return list(spellings_of(description, fact).values() or knowledge.data("names")[section])
    return []


def said_of(facts: Sequence[str], word: Any) -> str:
    """Return what a value means that is one of the field's names, or a class of one; empty for other values."""
    section = section_of(facts)
    name = word.rpartition(".")[2] if isinstance(word, str) else ""
    known = names.canonical(section, name) if section is not None else None
    said: str = knowledge.data("words")[section].get(known, "") if known is not None else ""
    return said
