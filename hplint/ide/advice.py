"""What the decision tree says about a fact: its meaning, its value in this config, and the rules that look at it."""

from __future__ import annotations

import re

from hplint import knowledge
from hplint.facts.fact import DEFAULT, INFERRED, UNKNOWN, Fact
from hplint.ide import markup
from hplint.rules.index import Stated
from hplint.rules.logic import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.fact import Part
    from hplint.facts.parts import Training
    from hplint.ide.markup import Markup
    from hplint.rules.rule import Rule

MAX_RULES = 3
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.S)


def words_of(fact: str) -> str:
    """Return a fact's name in words: "optimizer learning rate" for "Optimizer.learning_rate"."""
    part, _, name = fact.partition(".")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part).lower()
    return f"{spaced} {name.replace('_', ' ')}"


def reading(fact: str, found: Fact[Any]) -> Markup:
    """Return what was read as a fact, and where that comes from."""
    origin = ""
    if found.origin == DEFAULT:
        origin = f" ({found.note})"
    elif found.origin == INFERRED:
        origin = f" ({found.note or 'follows from what is written'})"
    value = markup.code(show(found.value))
    return markup.joined([markup.text(f"read as {words_of(fact)} "), value, markup.text(origin)])


def rules(facts: Mapping[str, Part | None], training: Training | None, limit: int = MAX_RULES) -> Markup:
    """Return the rules that tell most about the facts of a config: code, name, why it matters in a sentence, a source.

    `facts` are their names, each with the part of the config that states it, None where it is still to be written.
    Only rules count that may fire there, or would with another value of the fact that they point at.
    """
    stated = Stated(training, []) if training is not None else None
    by_code = {rule.code: rule for rule in knowledge.rules()}
    chosen: dict[str, None] = {}
    for fact, part in facts.items():
        codes = knowledge.rules_about(fact)
        if stated is not None:
            codes = tuple(code for code in codes if _concerns(by_code[code], fact, part, stated))
        chosen.update(dict.fromkeys(codes[:limit]))
    documents = knowledge.rule_documents() if chosen else {}
    return markup.bullets(
        markup.joined(
            [
                markup.link(code, knowledge.page_url(code)),
                markup.text(f" {documents[code]['name']}: {first_sentence(documents[code]['why'])}"),
                markup.text(f" ({documents[code]['sources'][0]})" if documents[code]["sources"] else ""),
            ]
        )
        for code in list(chosen)[:limit]
    )


def _concerns(rule: Rule, fact: str, part: Part | None, stated: Stated) -> bool:
    """Whether a rule speaks of the fact, and needs nothing that the config does not state but for the fact itself.

    One that points at the fact speaks of it, and so does a row of the decision tree that looks at it.
    """
    kind, _, name = fact.partition(".")
    owner = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    document = knowledge.rule_documents()[rule.code]
    at = document["at"]
    points = any(name in path.rpartition(".")[2] for path in (at if isinstance(at, list) else [at]))
    if not points and not document.get("tree"):
        return False
    for group in rule.needs:
        if points and any(path == f"{owner}.{name}" for path, _ in group):
            continue
        # What is asked of such a part is asked of this one, not of any other in the config.
        own = [(path, values) for path, values in group if part is not None and path.partition(".")[0] == owner]
        others = tuple(entry for entry in group if entry not in own)
        if not any(_states(part, path, values) for path, values in own) and not (others and stated.meets((others,))):
            return False
    return True


def _states(part: Part | None, path: str, wanted: tuple[Any, ...] | None) -> bool:
    """Whether a part states a fact, with one of the wanted values unless any will do."""
    found = part.facts.get(path.partition(".")[2], UNKNOWN) if part is not None else UNKNOWN
    return found is not UNKNOWN and (wanted is None or (isinstance(found, Fact) and found.value in wanted))


def first_sentence(said: str) -> str:
    """Return the first sentence of a text."""
    joined = " ".join(str(said).split())
    found = _SENTENCE.match(joined)
    return found.group(1) if found is not None else joined
