"""Checkstyle XML, which many build servers read."""

from __future__ import annotations

from hplint.output.places import posix
from hplint.output.xml import element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hplint.findings import Finding
    from hplint.lint import Report


def document(reports: Sequence[Report]) -> str:
    """Return the report on all files with findings."""
    listed = "".join(
        "\n" + element("file", {"name": posix(report.path)}, "".join(_error(report, one) for one in report.findings))
        for report in reports
        if report.findings
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">{listed}\n</checkstyle>\n'


def _error(report: Report, finding: Finding) -> str:
    at = report.source.position(finding.span.start)
    said = f"{finding.name}: {finding.message}"
    attributes: dict[str, object] = {
        "line": at.line, "column": at.column, "severity": finding.severity, "message": said,
        "source": f"hplint.{finding.code}",
    }  # fmt: skip
    return "\n" + element("error", attributes)
