"""The walk down the decision tree, drawn as a tree for a terminal."""

from __future__ import annotations

from hplint.explain import DEPARTS, FOLLOWS, HEADING, Step
from hplint.output.terminal import Screen, columns, escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hplint.findings import Evidence, Finding
    from hplint.text import SourceText

_MARKS = {FOLLOWS: ("+", "added"), DEPARTS: ("!", "error"), HEADING: ("*", "bold")}
_UNKNOWN = ("?", "dim")
_NOT_SAID = "the config does not say"


def render(steps: tuple[Step, ...], source: SourceText, screen: Screen) -> str:
    """Return the drawing: `+` the config follows the recommended path, `!` it departs, `?` it does not say.

    `*` stands before a question that only those below it answer.
    """
    lines: list[str] = []
    for index, step in enumerate(steps):
        before, stem = _branches(steps, index)
        mark, style = _MARKS.get(step.state, _UNKNOWN)
        head = screen.paint(mark, style) + " " + screen.paint(step.question, "bold")
        lines.append(f"{before}{head}")
        for text, name in said(step, source):
            room = max(30, screen.width - columns(stem) - 4)
            for number, piece in enumerate(wrapped(text, room)):
                lines.append(f"{stem}  {'  ' if number else ''}{screen.paint(piece, name) if name else piece}")
    return "\n".join(lines) + "\n"


def said(step: Step, source: SourceText) -> Iterator[tuple[str, str]]:
    """Yield what is to be said of a step, with the style of each line; every drawing says the same."""
    if step.state != HEADING:
        yield (escape(step.answer) if step.answer else _NOT_SAID), ("" if step.answer else "dim")
    for note in step.evidence:
        yield f"because {escape(note.message)}{_line(note, source)}", "dim"
    if step.advice:
        yield f"recommended: {step.advice}", "note"
    for finding in step.departures:
        yield f"{finding.code}{_line(finding, source)}: {escape(finding.message)}", finding.severity


def _line(place: Evidence | Finding, source: SourceText) -> str:
    return "" if place.span is None else f", line {source.position(place.span.start).line}"


def _branches(steps: tuple[Step, ...], index: int) -> tuple[str, str]:
    """Return what stands before a step's question, and before the lines below it."""
    level = steps[index].level
    stem = ""
    for depth in range(1, level):
        stem += "│  " if _goes_on(steps, index, depth) else "   "
    below = index + 1 < len(steps) and steps[index + 1].level > level
    if level == 0:
        return "", "│ " if below else "  "
    has_more = _goes_on(steps, index, level)
    return f"{stem}{'├─ ' if has_more else '└─ '}", f"{stem}{'│  ' if has_more else '   '}"


def _goes_on(steps: tuple[Step, ...], index: int, depth: int) -> bool:
    """Whether another step at `depth` follows before the tree climbs above it."""
    for step in steps[index + 1 :]:
        if step.level <= depth:
            return step.level == depth
    return False


def wrapped(text: str, width: int) -> list[str]:
    """Return a text as lines of at most `width` columns, unless a word alone is longer."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and columns(lines[-1]) + 1 + columns(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines
