"""Which values the field recommends first (schemas/advice.yaml), spelt as the format spells them."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import Fact, Part
from hplint.ide.document import parts_of
from hplint.ide.words import spellings_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hplint.ide.document import Document


def preferred(document: Document, facts: Sequence[str], offset: int) -> list[Any]:
    """Return the values recommended for the first of the facts that there is advice on, best first.

    `offset` is where the value is written: advice on layers depends on the layer's role.
    """
    for fact in facts:
        advice = knowledge.data("advice")["first"].get(fact)
        if advice is None:
            continue
        while isinstance(advice, dict):
            picked = advice.get(_word(document, advice["by"], offset))
            advice = advice["else"] if picked is None else picked
        spellings = spellings_of(document.description, fact)
        return [spellings.get(word, word) for word in advice]
    return []


def _word(document: Document, path: str, offset: int) -> Any:
    """Return the value of the fact that decides between pieces of advice, None where nobody knows it."""
    training = document.report.training
    if training is None:
        return None
    owner, _, name = path.partition(".")
    part: Part | None = training.facts.get(owner)
    if part is None:
        around = [
            found for found in parts_of(training)
            if type(found).__name__.lower() == owner and found.node is not None
            and found.node.start <= offset <= found.node.end
        ]  # fmt: skip
        part = min(around, key=lambda found: found.node.end - found.node.start if found.node else 0, default=None)
    found_fact = part.get(name) if isinstance(part, Part) else None
    return found_fact.value if isinstance(found_fact, Fact) and found_fact.is_known else None
