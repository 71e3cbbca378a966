"""The output for programs. docs/output.md describes it, schema.json beside this module states it exactly."""

from __future__ import annotations

from hplint import knowledge
from hplint.output.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hplint.findings import Finding
    from hplint.lint import Report
    from hplint.text import SourceText, Span

VERSION = 1


def file_entry(report: Report) -> dict[str, Any]:
    """Return what the output says of one file."""
    recognition = report.recognition
    return {
        "path": report.path, "format": recognition.name, "confidence": recognition.confidence,
        "reason": recognition.reason, "status": report.status,
    }  # fmt: skip


def finding_entries(report: Report) -> list[dict[str, Any]]:
    """Return what the output says of the findings in one file."""
    return [_finding(report, finding) for finding in report.findings]


def document(reports: Sequence[Report]) -> str:
    """Return the whole output as JSON text."""
    findings = [entry for report in reports for entry in finding_entries(report)]
    made = {"version": VERSION, "findings": findings, "files": [file_entry(report) for report in reports]}
    return dumps(made) + "\n"


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    source = report.source
    return {
        "path": report.path,
        "format": report.recognition.name,
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "url": knowledge.page_url(finding.code),
        "span": _span(source, finding.span),
        "evidence": [
            {
                "message": evidence.message,
                "path": report.path if evidence.path is None else evidence.path,
                "span": None if evidence.span is None else _span(report.source_of(evidence), evidence.span),
            }
            for evidence in finding.evidence
        ],
        "fixes": [
            {
                "title": fix.title,
                "applicability": fix.applicability,
                "edits": [{"span": _span(source, edit.span), "text": edit.text} for edit in fix.edits],
            }
            for fix in finding.fixes
        ],
    }


def _span(source: SourceText, span: Span) -> dict[str, Any]:
    return {"start": _position(source, span.start), "end": _position(source, span.end)}


def _position(source: SourceText, offset: int) -> dict[str, int]:
    at = source.position(offset)
    return {"line": at.line, "column": at.column, "offset": at.offset}
