"""The output by file: its name once, then a line per finding."""

from __future__ import annotations

from hplint.output.terminal import escape, safe_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.lint import Report
    from hplint.output.terminal import Screen


def render(report: Report, screen: Screen) -> str:
    """Return the findings of one file below its name; an empty text if there are none."""
    if not report.findings:
        return ""
    places = [report.source.position(finding.span.start) for finding in report.findings]
    width = max(len(f"{at.line}:{at.column}") for at in places)
    lines = [screen.paint(safe_path(report.path), "bold")]
    for at, finding in zip(places, report.findings):
        code = screen.paint(f"{finding.severity}[{finding.code}]", finding.severity)
        lines.append(f"  {f'{at.line}:{at.column}':<{width}}  {code} {finding.name}: {escape(finding.message)}")
    return "\n".join(lines) + "\n\n"
