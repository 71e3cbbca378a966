"""SARIF 2.1.0, which code scanning of GitHub, GitLab, Azure DevOps and many editors read.

Each rule comes with its page, each finding with its evidence and fixes; suppressed findings are there and marked so.
"""

from __future__ import annotations

import os
from hashlib import sha256
from urllib.parse import quote

from hplint import __version__
from hplint.findings import ERROR, HIGH, INFO, LOW, MEDIUM, WARNING
from hplint.lint import FAILED
from hplint.output.jsontext import dumps
from hplint.output.places import posix
from hplint.output.terminal import escape
from hplint.rules.page import page, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from hplint.findings import Finding, Fix
    from hplint.lint import Report
    from hplint.suppressions import Suppression
    from hplint.text import SourceText, Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}
_PRECISIONS = {HIGH: "very-high", MEDIUM: "high", LOW: "medium"}
_ROOT = "%SRCROOT%"


def document(reports: Sequence[Report], rules: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the report on all files; `rules` are the contents of the rule files by code."""
    found: list[tuple[Report, Finding, Suppression | None]] = []
    for report in reports:
        found += [(report, finding, None) for finding in report.findings]
        found += [(report, hidden.finding, hidden.suppression) for hidden in report.suppressed]
    codes = sorted({finding.code for _, finding, _ in found})
    seen: dict[str, int] = {}
    results = [_result(*one, codes, seen) for one in found]
    unread = [one for one in reports if one.status == FAILED and (one.tree is None or not one.findings)]
    run = {
        "tool": {"driver": {"name": "hplint", "version": __version__, "rules": [_rule(rules[code]) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not unread,
                "toolExecutionNotifications": [_notification(report) for report in unread],
            }
        ],
        "results": results,
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(about: Mapping[str, Any]) -> dict[str, Any]:
    text = page(about)
    return {
        "id": about["code"],
        "name": "".join(word.capitalize() for word in about["name"].split("-")),
        "shortDescription": {"text": summary(about)},
        "fullDescription": {"text": " ".join(about["why"].split())},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[about["severity"]]},
        "properties": {"precision": _PRECISIONS[about["confidence"]], "tags": [about["branch"]]},
    }


def _result(
    report: Report, finding: Finding, suppression: Suppression | None, codes: list[str], seen: dict[str, int]
) -> dict[str, Any]:
    notes = [note for note in finding.evidence if note.span is not None]
    known = f"{posix(report.path)}\0{finding.code}\0{finding.message}"
    seen[known] = seen.get(known, -1) + 1
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message),
        "locations": [_location(report, finding.span)],
        "partialFingerprints": {"hplint/v1": sha256(f"{known}\0{seen[known]}".encode("utf-8", "replace")).hexdigest()},
    }
    if notes:
        result["relatedLocations"] = [
            {
                "id": index,
                **_place(report.source_of(note), note.path or report.path, note.span),
                "message": _message(note.message),
            }
            for index, note in enumerate(notes)
            if note.span is not None
        ]
    if finding.fixes:
        result["fixes"] = [_fix(report, fix) for fix in finding.fixes]
    if suppression is not None:
        kind = "inSource" if suppression.is_comment else "external"
        reason = {"justification": escape(suppression.reason)} if suppression.reason else {}
        result["suppressions"] = [{"kind": kind, **reason}]
    return result


def _fix(report: Report, fix: Fix) -> dict[str, Any]:
    source = report.source
    replacements = [
        {"deletedRegion": _region(source, edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits
    ]
    return {
        "description": _message(f"{fix.title} ({fix.applicability})"),
        "artifactChanges": [{"artifactLocation": _artifact(report.path), "replacements": replacements}],
    }


def _notification(report: Report) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": _artifact(report.path)}}
    return {"level": "error", "message": _message(report.recognition.reason), "locations": [place]}


def _message(text: str) -> dict[str, str]:
    """Return a message; `](` would make a link of its text."""
    return {"text": escape(text).replace("](", "] (")}


def _location(report: Report, span: Span) -> dict[str, Any]:
    return _place(report.source, report.path, span)


def _place(source: SourceText, path: str, span: Span) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": _region(source, span)}}


def _artifact(path: str) -> dict[str, str]:
    plain = posix(path)
    if os.path.isabs(plain):
        return {"uri": f"file://{'' if plain.startswith('/') else '/'}{quote(os.fsencode(plain))}"}
    return {"uri": quote(os.fsencode(plain)), "uriBaseId": _ROOT}


def _region(source: SourceText, span: Span) -> dict[str, int]:
    start, end = source.position(span.start), source.position(span.end)
    return {
        "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
        "charOffset": span.start, "charLength": span.end - span.start,
    }  # fmt: skip
