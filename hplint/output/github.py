"""Workflow commands of GitHub Actions, which become annotations of the lines they name."""

from __future__ import annotations

from hplint.findings import ERROR, INFO, WARNING
from hplint.output.places import posix
from hplint.output.terminal import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.lint import Report
    from hplint.output.terminal import Screen

_LEVELS = {ERROR: "error", WARNING: "warning", INFO: "notice"}


def render(report: Report, screen: Screen) -> str:
    """Return the findings of one file, one command each."""
    lines = []
    for finding in report.findings:
        start, end = report.source.position(finding.span.start), report.source.position(finding.span.end)
        place = {"file": posix(report.path), "line": start.line, "endLine": end.line}
        if start.line == end.line:  # columns count within one line only
            place |= {"col": start.column, "endColumn": max(end.column, start.column)}
        place["title"] = f"{finding.code} {finding.name}"
        listed = ",".join(f"{name}={_property(str(value))}" for name, value in place.items())
        lines.append(f"::{_LEVELS[finding.severity]} {listed}::{_data(finding.message)}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return escape(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
