"""Files called .json that hold no JSON but a table.

Projects have hundreds of them. Inside a folder they are counted and left alone; one that is named, or open in an
editor, is reported as the broken JSON that it is.
"""

from __future__ import annotations

from hplint.lint import FAILED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.lint import Report

MAX_LINES, MAX_CHARACTERS = 20, 100_000
"""How much of a file is looked at."""

_OF_CONFIGS = frozenset("{}[]:=#")
"""What stands in configs of keys and values, and not in tables."""


def holds_data(report: Report) -> bool:
    """Whether a file that could not be read is plainly data: its lines are the rows of a table."""
    if report.status != FAILED or report.recognition.name is not None or not report.path.lower().endswith(".json"):
        return False
    start = report.source.text[:MAX_CHARACTERS]
    lines = [line for line in start.splitlines() if line.strip()]
    if len(start) < len(report.source.text):
        lines.pop()  # which may be cut
    return len(lines) > 1 and _is_table(lines[:MAX_LINES])


def _is_table(lines: list[str]) -> bool:
    """Whether all lines have the same number of columns, and nothing that a config has."""
    if any(not _OF_CONFIGS.isdisjoint(line) for line in lines):
        return False
    columns = ({line.count(mark) for line in lines} for mark in "\t;,")
    words = {len(line.split()) for line in lines}
    return any(len(found) == 1 and found != {0} for found in columns) or (len(words) == 1 and words.pop() > 2)
