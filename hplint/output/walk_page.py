"""The walk down the decision tree as a page of Markdown, for editors."""

from __future__ import annotations

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


def walk_page(title: str, steps: tuple[Step, ...], source: SourceText) -> str:
    """Return the page: a nested list of the questions, each with its answer, the evidence and the recommendation."""
    lines = [f"# {markup.text(title).markdown}", ""]
    lines += ["✓ follows the recommended path, ⚠ departs from it, ? the config does not say", ""]
    for step in steps:
        indent = "  " * step.level
        question = markup.bold(step.question).markdown
        answer = f" {markup.text(step.answer).markdown}" if step.answer else ""
        lines.append(f"{indent}- {_MARKS.get(step.state, _UNKNOWN)}{question}{answer}")
        lines += [f"{indent}  - {said.markdown}" for said in _said(step, source)]
    return "\n".join(lines) + "\n"


def _said(step: Step, source: SourceText) -> Iterator[Markup]:
    for note in step.evidence:
        yield markup.text(f"because {note.message}{_line(note, source)}")
    if step.advice:
        yield markup.text(f"recommended: {step.advice}")
    for finding in step.departures:
        link = markup.link(finding.code, knowledge.page_url(finding.code))
        yield markup.joined([link, markup.text(f"{_line(finding, source)}: {finding.message}")])


def _line(place: Evidence | Finding, source: SourceText) -> str:
    return "" if place.span is None else f", line {source.position(place.span.start).line}"
