"""The output for programs that read line by line: each finding as in `json`, on a line of its own."""

from __future__ import annotations

from hplint.output.json import finding_entries
from hplint.output.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.lint import Report
    from hplint.output.terminal import Screen


def render(report: Report, screen: Screen) -> str:
    """Return the findings of one file."""
    return "".join(dumps(entry, None) + "\n" for entry in finding_entries(report))
