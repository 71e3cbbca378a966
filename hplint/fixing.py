"""Applies fixes until nothing changes, and shows what they change."""

from __future__ import annotations

from itertools import islice

from hplint.findings import SAFE, UNSAFE
from hplint.fixes import overlaps
from hplint.lint import lint
from hplint.records import record
from hplint.text import Edit, SourceText, Span, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hplint.companions import ReadNeighbour
    from hplint.findings import Fix
    from hplint.lint import Report
    from hplint.settings import Settings

MAX_ROUNDS = 10
"""Fixes can make room for others; rules that undo each other's fixes must not run for ever."""
MAX_ATTEMPTS = 30
"""How many of the fixes that do harm together are tried apart: each attempt lints the whole text."""


@record
class Fixed:
    """A report on the text after fixing, and how many fixes went into it."""

    report: Report
    count: int


def fix(
    report: Report, path: str, settings: Settings, with_unsafe: bool, read_neighbour: ReadNeighbour | None = None
) -> Fixed:
    """Return the report on the text that the fixes of `report` lead to; the text itself is its `source`.

    `read_neighbour` is what `report` was made with.
    """
    allowed = (SAFE, UNSAFE) if with_unsafe else (SAFE,)
    seen = {report.source.text}
    count = 0
    for _ in range(MAX_ROUNDS):
        chosen = without_overlaps(_first_fixes(report, allowed))
        for attempt in islice(_attempts(chosen), MAX_ATTEMPTS):
            after = _applied(report, attempt, path, settings, read_neighbour)
            if after is not None and after.source.text not in seen:
                seen.add(after.source.text)
                report = after
                count += len(attempt)
                break
        else:
            break
    return Fixed(report, count)


def _attempts(fixes: list[Fix]) -> Iterator[list[Fix]]:
    """Yield all fixes, then ever smaller groups of them: those that do harm together may still do good apart."""
    size = len(fixes)
    while size:
        for start in range(0, len(fixes), size):
            yield fixes[start : start + size]
        size = (size + 1) // 2 if size > 1 else 0


def _first_fixes(report: Report, allowed: tuple[str, ...]) -> list[Fix]:
    """Return the first fix of each finding that may be applied."""
    usable = ([fix for fix in finding.fixes if fix.applicability in allowed] for finding in report.findings)
    return [fixes[0] for fixes in usable if fixes]


def without_overlaps(fixes: list[Fix]) -> list[Fix]:
    """Return those fixes that can be applied at once, earlier ones first."""
    chosen: list[Fix] = []
    taken: list[Span] = []
    for one in fixes:
        spans = [edit.span for edit in one.edits]
        if not any(overlaps(span, taken) for span in spans):
            chosen.append(one)
            taken += spans
    return chosen


def _applied(
    report: Report, fixes: list[Fix], path: str, settings: Settings, read_neighbour: ReadNeighbour | None
) -> Report | None:
    """Return the report after applying `fixes`; None if there are none or the text would read worse than before."""
    edits: list[Edit] = [edit for one in fixes for edit in one.edits]
    if not edits:
        return None
    old = report.source
    text = SourceText(apply_edits(old.text, edits), old.encoding, old.bom)
    after = lint(text, path, settings, read_neighbour=read_neighbour)
    is_worse = after.recognition.name != report.recognition.name or _problems(after) > _problems(report)
    return None if is_worse else after


def _problems(report: Report) -> int:
    return len(report.tree.problems) if report.tree is not None else 0


def unified_diff(path: str, before: str, after: str) -> str:
    """Return what turns `before` into `after` in the form that `patch` reads; empty if they are equal."""
    from difflib import unified_diff as diff

    lines = diff(_lines(before), _lines(after), path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends: what `patch` calls a line ends at LF only."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
