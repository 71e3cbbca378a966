"""What the decision tree says about a fact: its meaning, its value in this config, and the rules that look at it."""

from __future__ import annotations

import re

from hplint import knowledge
from hplint.facts.fact import DEFAULT, INFERRED
from hplint.ide import markup
from hplint.rules.logic import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hplint.facts.fact import Fact
    from hplint.ide.markup import Markup

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


def rules(facts: Iterable[str], limit: int = MAX_RULES) -> Markup:
    """Return the rules that tell most about the facts: code, name, the first sentence of why it matters."""
    chosen: dict[str, None] = {}
    for fact in facts:
        chosen.update(dict.fromkeys(knowledge.rules_about(fact)[:limit]))
    documents = knowledge.rule_documents() if chosen else {}
    return markup.bullets(
        markup.joined(
            [
                markup.link(code, knowledge.page_url(code)),
                markup.text(f" {documents[code]['name']}: {first_sentence(documents[code]['why'])}"),
            ]
        )
        for code in list(chosen)[:limit]
    )


def first_sentence(said: str) -> str:
    """Return the first sentence of a text."""
    joined = " ".join(str(said).split())
    found = _SENTENCE.match(joined)
    return found.group(1) if found is not None else joined
