"""JUnit XML: a suite per file, a failed test per finding; a file without findings is a test that passed."""

from __future__ import annotations

from hplint.lint import FAILED, SKIPPED
from hplint.output.places import posix
from hplint.output.terminal import escape
from hplint.output.xml import element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hplint.findings import Finding
    from hplint.lint import Report


def document(reports: Sequence[Report]) -> str:
    """Return the report on all files."""
    suites = [report for report in reports if report.status != SKIPPED or report.findings]
    failures = sum(len(report.findings) for report in suites)
    errors = sum(_is_unread(report) for report in suites)
    tests = sum(max(len(report.findings), 1) for report in suites)
    counts: dict[str, object] = {"name": "hplint", "tests": tests, "failures": failures, "errors": errors}
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + element("testsuites", counts, _lines(map(_suite, suites))) + "\n"
    )


def _is_unread(report: Report) -> bool:
    return report.status == FAILED and not report.findings


def _suite(report: Report) -> str:
    path = posix(report.path)
    unread = _is_unread(report)
    cases = [_case(report, finding, path) for finding in report.findings]
    if not cases:
        said = escape(report.recognition.reason)
        inner = _lines([element("error", {"message": said, "type": "unreadable"})]) if unread else ""
        cases = [element("testcase", {"name": path, "classname": path, "file": path}, inner)]
    counts: dict[str, object] = {
        "name": path, "tests": len(cases), "failures": len(report.findings), "errors": int(unread), "skipped": 0,
    }  # fmt: skip
    return element("testsuite", counts, _lines(cases))


def _case(report: Report, finding: Finding, path: str) -> str:
    at = report.source.position(finding.span.start)
    said = f"{finding.name}: {finding.message}"
    place = f"{path}:{at.line}:{at.column}: {said}"
    failure = element("failure", {"message": said, "type": finding.severity}, _text(place))
    name: dict[str, object] = {
        "name": f"{finding.code} {at.line}:{at.column}", "classname": path, "file": path, "line": at.line,
    }  # fmt: skip
    return element("testcase", name, _lines([failure]))


def _lines(elements: Iterable[str]) -> str:
    listed = "".join(f"\n{one}" for one in elements)
    return f"{listed}\n" if listed else ""


def _text(text: str) -> str:
    from xml.sax.saxutils import escape as quoted

    return quoted(escape(text))
