"""The output for people: each finding with the lines it stands on, its evidence and its fix."""

from __future__ import annotations

from hplint.findings import SAFE, UNSAFE
from hplint.output.excerpt import Mark, excerpt, small_diff
from hplint.output.terminal import escape, safe_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.findings import Finding
    from hplint.lint import Report
    from hplint.output.terminal import Screen

_HOW = {SAFE: "applied by --fix", UNSAFE: "applied by --fix --unsafe-fixes"}


def render(report: Report, screen: Screen) -> str:
    """Return the findings of one file, each followed by an empty line; an empty text if there are none."""
    return "".join(render_finding(report, finding, screen) + "\n\n" for finding in report.findings)


def render_finding(report: Report, finding: Finding, screen: Screen) -> str:
    """Return one finding: a headline, the excerpt, the evidence, the fixes and where to read more."""
    source = report.source
    at = source.position(finding.span.start)
    place = screen.paint(f"{safe_path(report.path)}:{at.line}:{at.column}", "bold")
    code = screen.paint(f"{finding.severity}[{finding.code}]", finding.severity)
    lines = [f"{place}: {code} {screen.paint(finding.name, 'bold')}: {escape(finding.message)}"]

    marks = [Mark(finding.span, "^", finding.severity)]
    notes = []
    for evidence in finding.evidence:
        if evidence.span is None:
            notes.append(evidence.message)
        elif evidence.path is not None:
            there = report.source_of(evidence).position(evidence.span.start)
            notes.append(f"{evidence.path}:{there.line}:{there.column}: {evidence.message}")
        else:
            marks.append(Mark(evidence.span, "-", "note", escape(evidence.message)))
    touched = [edit.span.end for fix in finding.fixes for edit in fix.edits]
    last = max([mark.span.start for mark in marks] + touched)
    gutter = len(str(source.position(last).line + 1))
    if source.text:
        lines += [f"{' ' * gutter} {screen.paint('|', 'gutter')}", *excerpt(source, marks, screen, gutter)]
    for note in notes:
        lines.append(_aside("note", note, screen, gutter))
    for fix in finding.fixes:
        how = _HOW.get(fix.applicability)
        lines.append(_aside("fix", f"{fix.title} ({how})" if how else fix.title, screen, gutter))
        lines += small_diff(source, fix.edits, screen, gutter)
    lines.append(_aside("why", f"hplint rule {finding.code}", screen, gutter))
    return "\n".join(lines)


def _aside(word: str, text: str, screen: Screen, gutter: int) -> str:
    return f"{' ' * gutter} {screen.paint('=', 'gutter')} {screen.paint(word, 'bold')}: {escape(text)}"
