"""A code quality report of GitLab, a subset of Code Climate's format."""

from __future__ import annotations

from hashlib import sha256

from hplint.findings import ERROR, INFO, WARNING
from hplint.output.jsontext import dumps
from hplint.output.places import posix
from hplint.output.terminal import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hplint.lint import Report

_SEVERITIES = {ERROR: "critical", WARNING: "major", INFO: "info"}


def document(reports: Sequence[Report]) -> str:
    """Return the report on all files."""
    entries: list[dict[str, Any]] = []
    taken: set[str] = set()
    for report in reports:
        for finding in report.findings:
            print_of = fingerprint(report.path, finding.code, finding.message, taken)
            start, end = report.source.position(finding.span.start), report.source.position(finding.span.end)
            entries.append({
                "description": f"{finding.name}: {escape(finding.message)}",
                "check_name": finding.code,
                "fingerprint": print_of,
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": posix(report.path),
                    "positions": {
                        "begin": {"line": start.line, "column": start.column},
                        "end": {"line": end.line, "column": end.column},
                    },
                },
            })  # fmt: skip
    return dumps(entries) + "\n"


def fingerprint(path: str, code: str, message: str, taken: set[str]) -> str:
    """Return a text that stays with a finding when lines move, and that no other finding of the report has."""
    number = 0
    while True:
        made = sha256(f"{posix(path)}\0{code}\0{message}\0{number}".encode("utf-8", "replace")).hexdigest()
        if made not in taken:
            taken.add(made)
            return made
        number += 1
