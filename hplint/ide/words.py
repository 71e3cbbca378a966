"""The field's own names (schemas/names.yaml) as values: which a fact may have, and what is true of them."""

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

_PHRASES = {"by_logits": "logits or probabilities, as from_logits says"}


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
    """Return what names.yaml says of a value: "family adam, adaptive, decoupled"; empty for other values."""
    section = section_of(facts)
    known = names.canonical(section, word) if section is not None and isinstance(word, str) else None
    if section is None or known is None:
        return ""
    about = names.about(section, known)
    said = [
        key
        if value is True
        else f"not {key}"
        if value is False
        else f"{key} {_PHRASES.get(value, value.replace('_', ' '))}"
        for key, value in about.items()
        if isinstance(value, (str, bool)) and value != known
    ]
    return ", ".join(said)
