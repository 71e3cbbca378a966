"""Log commands of Azure Pipelines, which become issues of the run."""

from __future__ import annotations

from hplint.findings import ERROR
from hplint.output.places import posix
from hplint.output.terminal import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.lint import Report
    from hplint.output.terminal import Screen


def render(report: Report, screen: Screen) -> str:
    """Return the findings of one file, one command each; Azure knows errors and warnings only."""
    lines = []
    for finding in report.findings:
        at = report.source.position(finding.span.start)
        kind = "error" if finding.severity == ERROR else "warning"
        place = f"sourcepath={_property(posix(report.path))};linenumber={at.line};columnnumber={at.column}"
        said = f"{finding.name}: {_data(finding.message)}"
        lines.append(f"##vso[task.logissue type={kind};{place};code={finding.code};]{said}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return escape(text).replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(";", "%3B").replace("]", "%5D")
