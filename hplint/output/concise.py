"""One line per finding, for grep and for editors that read compilers' messages."""

from __future__ import annotations

from hplint.output.terminal import escape, safe_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.lint import Report
    from hplint.output.terminal import Screen


def render(report: Report, screen: Screen) -> str:
    """Return one line per finding: path:line:column: severity[CODE] name: message."""
    lines = []
    for finding in report.findings:
        at = report.source.position(finding.span.start)
        code = screen.paint(f"{finding.severity}[{finding.code}]", finding.severity)
        place = f"{safe_path(report.path)}:{at.line}:{at.column}"
        lines.append(f"{place}: {code} {finding.name}: {escape(finding.message)}\n")
    return "".join(lines)
