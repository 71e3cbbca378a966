"""Comments to hplint: what they can say, and what the rules mean that they name."""

from __future__ import annotations

import re

from hplint import knowledge
from hplint.ide import advice
from hplint.records import record
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.ide.document import Document

_COMMENT = re.compile(r"#[ \t]*hplint:[ \t]*")
_WORD = re.compile(r"[\w-]*\Z")
_RULE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
DIRECTIVES = {
    "ignore": "Leaves findings out that begin on this line, or on the next where the comment stands alone.",
    "ignore-block": "Leaves findings out of the key or item that follows, and of everything below it.",
    "ignore-file": "Leaves findings out of the whole file.",
    "format": "Says which format the file has, where its content is not to decide.",
}


@record
class Choice:
    """Something that a comment can say in the place of `span`."""

    span: Span
    label: str
    text: str
    detail: str
    said: str


def choices(document: Document, offset: int) -> tuple[Choice, ...] | None:
    """Return what a comment to hplint can say at `offset`, None where there is no such comment."""
    text = document.text
    begin = text.rfind("\n", 0, offset) + 1
    comment = _COMMENT.search(text, begin, offset)
    if comment is None:
        return None
    before = text[comment.end() : offset]
    word = _WORD.search(before)
    span = Span(offset - len(word.group()) if word is not None else offset, offset)
    if "[" in before:
        return tuple(_rules(document, span)) if "]" not in before else ()
    if re.match(r"format[ \t]*=[ \t]*[\w-]*\Z", before):
        return tuple(Choice(span, name, name, "format", "") for name in knowledge.clues())
    if before != before[len(before) - (span.end - span.start) :]:
        return ()
    return tuple(
        Choice(span, name, f"{name}[" if name.startswith("ignore") else f"{name}=", "", said)
        for name, said in DIRECTIVES.items()
    )


def _rules(document: Document, span: Span) -> Iterator[Choice]:
    """Yield the rules that can be named, those with findings on this line or the next first."""
    source = document.report.source
    line = source.position(span.start).line
    near = {
        finding.code
        for finding in document.report.findings
        if line <= source.position(finding.span.start).line <= line + 1
    }
    documents = knowledge.rule_documents()
    for code in sorted(documents, key=lambda code: (code not in near, code)):
        rule = documents[code]
        yield Choice(span, code, code, rule["name"], advice.first_sentence(rule["why"]))


def rule_at(document: Document, offset: int) -> tuple[Span, str, Mapping[str, Any]] | None:
    """Return the rule that a comment to hplint names at `offset`, by code or name: where, its code and its content."""
    text = document.text
    begin = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    comment = _COMMENT.search(text, begin, len(text) if end < 0 else end)
    if comment is None or offset < comment.end():
        return None
    return rule_named(text, offset, comment.end(), len(text) if end < 0 else end)


def rule_named(text: str, offset: int, start: int, stop: int) -> tuple[Span, str, Mapping[str, Any]] | None:
    """Return the rule whose code or name stands at `offset` between two offsets."""
    for match in _RULE.finditer(text, start, stop):
        if match.start() <= offset <= match.end():
            documents = knowledge.rule_documents()
            word = match.group()
            code = next((code for code, rule in documents.items() if word in (code, rule["name"])), None)
            return (Span(match.start(), match.end()), code, documents[code]) if code is not None else None
    return None
