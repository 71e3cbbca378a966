"""Markdown, for a comment on a pull request or the summary of a job."""

from __future__ import annotations

import re

from hplint.output.places import posix
from hplint.output.terminal import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hplint.lint import Report

_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,./:;<=>?@\[\\\]^_{|}~`-])")


def document(reports: Sequence[Report]) -> str:
    """Return a heading and a table per file with findings."""
    found = [report for report in reports if report.findings]
    total = sum(len(report.findings) for report in found)
    blocks = [f"## hplint: {total} finding{'s' if total != 1 else ''}" if total else "## hplint: no findings"]
    for report in found:
        rows = ["| line | severity | rule | finding |", "|---|---|---|---|"]
        for finding in report.findings:
            at = report.source.position(finding.span.start)
            rule = f"{finding.code} {finding.name}"
            rows.append(f"| {at.line}:{at.column} | {finding.severity} | {rule} | {quoted(finding.message)} |")
        blocks += [f"### {quoted(posix(report.path))}", "\n".join(rows)]
    return "\n\n".join(blocks) + "\n"


def quoted(text: str) -> str:
    """Return a text that Markdown shows as it is, and that mentions nobody.

    CommonMark takes a backslash before any ASCII punctuation; behind `@`, a word joiner keeps a name from being one.
    """
    return _PUNCTUATION.sub(r"\\\1", escape(text)).replace("@", "@\u2060")
