"""Reviewdog's diagnostic format. Its columns count bytes of UTF-8."""

from __future__ import annotations

from hplint.findings import ERROR, INFO, WARNING
from hplint.output.jsontext import dumps
from hplint.output.places import byte_column, posix
from hplint.output.terminal import escape
from hplint.text import Edit, Span, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hplint.findings import Finding
    from hplint.lint import Report
    from hplint.text import SourceText

_SEVERITIES = {ERROR: "ERROR", WARNING: "WARNING", INFO: "INFO"}


def document(reports: Sequence[Report]) -> str:
    """Return the report on all files."""
    diagnostics = [_diagnostic(report, finding) for report in reports for finding in report.findings]
    worst = next((name for level, name in _SEVERITIES.items() if any(d["severity"] == name for d in diagnostics)), None)
    head: dict[str, Any] = {"source": {"name": "hplint"}}
    if worst is not None:
        head["severity"] = worst
    return dumps({**head, "diagnostics": diagnostics}) + "\n"


def _diagnostic(report: Report, finding: Finding) -> dict[str, Any]:
    source = report.source
    return {
        "message": f"{finding.name}: {escape(finding.message)}",
        "location": {"path": posix(report.path), "range": _range(source, finding.span)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.code},
        "suggestions": [_suggestion(source, fix.edits) for fix in finding.fixes],
    }


def _suggestion(source: SourceText, edits: tuple[Edit, ...]) -> dict[str, Any]:
    """Return a fix as one replacement: from its first to its last edit, what lies between them kept."""
    start = min(edit.span.start for edit in edits)
    end = max(edit.span.end for edit in edits)
    inside = [Edit(Span(edit.span.start - start, edit.span.end - start), edit.text) for edit in edits]
    return {"range": _range(source, Span(start, end)), "text": apply_edits(source.text[start:end], inside)}


def _range(source: SourceText, span: Span) -> dict[str, Any]:
    return {
        name: {"line": source.position(offset).line, "column": byte_column(source, offset)}
        for name, offset in (("start", span.start), ("end", span.end))
    }
