"""The walk down the decision tree as a page of Markdown, for editors."""

from __future__ import annotations

import os
from urllib.parse import quote

from hplint import knowledge
from hplint.explain import DEPARTS, FOLLOWS, HEADING, Step
from hplint.ide import markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hplint.findings import Evidence, Finding
    from hplint.ide.markup import Markup
    from hplint.text import SourceText

_MARKS = {FOLLOWS: "✓ ", DEPARTS: "⚠ ", HEADING: ""}
_UNKNOWN = "? "


def walk_page(name: str, reading: str, steps: tuple[Step, ...], source: SourceText, path: str, folder: str) -> str:
    """Return the page: a nested list of the questions, each with its answer, the evidence and the recommendation.

    name     of the config
    reading  the sentence on how it is read
    path     of the config, to which line numbers lead; empty if it is in no file
    folder   where the page will stand; its links begin there, since viewers of Markdown follow no `file:` addresses
    """
    places = _Places(source, path, folder)
    lines = [f"# {markup.text(name).markdown}", "", markup.text(reading).markdown, ""]
    lines += ["✓ follows the recommended path, ⚠ departs from it, ? the config does not say", ""]
    for step in steps:
        indent = "  " * step.level
        question = markup.bold(step.question).markdown
        answer = f" {markup.text(step.answer).markdown}" if step.answer else ""
        lines.append(f"{indent}- {_MARKS.get(step.state, _UNKNOWN)}{question}{answer}")
        lines += [f"{indent}  - {said.markdown}" for said in _said(step, places)]
    return "\n".join(lines) + "\n"


def _said(step: Step, places: _Places) -> Iterator[Markup]:
    for note in step.evidence:
        yield markup.joined([markup.text(f"because {note.message}"), places.line(note)])
    if step.advice:
        yield markup.text(f"recommended: {step.advice}")
    for finding in step.departures:
        rule = places.link(finding.code, knowledge.page_path(finding.code))
        yield markup.joined([rule, places.line(finding), markup.text(f": {finding.message}")])


class _Places:
    """Writes where something stands, in the config or among the pages of rules."""

    def __init__(self, source: SourceText, path: str, folder: str) -> None:
        self._source = source
        self._path = path
        self._folder = folder

    def line(self, place: Evidence | Finding) -> Markup:
        """Return ", line 7", a link where the config is in a file; nothing for what stands at no place."""
        if place.span is None:
            return markup.EMPTY
        number = self._source.position(place.span.start).line
        return markup.joined([markup.text(", "), self.link(f"line {number}", self._path, f"#L{number}")])

    def link(self, words: str, path: str, fragment: str = "") -> Markup:
        """Return words that lead to a file; the words alone where there is none, or no way to it."""
        try:
            way = os.path.relpath(path, self._folder) if path else ""
        except ValueError:  # on another drive
            way = ""
        return markup.link(words, quote(way.replace(os.sep, "/")) + fragment) if way else markup.text(words)
