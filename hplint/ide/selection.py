"""What a selection grows to, step by step: the word, the value, the entry, the section, the whole."""

from __future__ import annotations

import re

from hplint.ide.document import locate
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.ide.document import Document

_WORD = re.compile(r"[\w-]+")


def selections(document: Document, offset: int) -> tuple[Span, ...]:
    """Return the spans around `offset`, each inside the next, from the smallest to the whole text."""
    text = document.text
    offset = max(0, min(offset, len(text)))
    spans: list[Span] = [Span(0, len(text))]
    for step in locate(document.roots, offset):
        spans.append(step.holder.span)
        if step.key is not None:
            spans.append(Span(min(step.key.start, step.value.start), max(step.key.end, step.value.end)))
            if step.key.start <= offset <= step.key.end:
                spans += [step.key.span, _inside(text, step.key.span)]
                continue
        spans += [step.value.span, _inside(text, step.value.span)]
    line = text.rfind("\n", 0, offset) + 1
    stop = text.find("\n", offset)
    for match in _WORD.finditer(text, line, len(text) if stop < 0 else stop):
        if match.start() <= offset <= match.end():
            spans.append(Span(match.start(), match.end()))
    found: list[Span] = []
    for span in spans:
        fits = span.start <= offset <= span.end and (not found or _holds(found[-1], span))
        if fits and (not found or span != found[-1]):
            found.append(span)
    return tuple(reversed(found))


def _inside(text: str, span: Span) -> Span:
    """Return a span without its quotes or brackets."""
    if span.end - span.start >= 2 and text[span.start] + text[span.end - 1] in ('""', "''", "{}", "[]"):
        return Span(span.start + 1, span.end - 1)
    return span


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
