"""What linting one file gave, as plain values that can be kept in a cache or sent from another process."""

from __future__ import annotations

from hplint.findings import Evidence, Finding, Fix
from hplint.formats.recognise import Recognition
from hplint.lint import Report
from hplint.syntax.tree import Tree
from hplint.text import Edit, SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.suppressions import Suppressed

    Packed = tuple[Any, ...]
    """Texts, numbers, None and tuples of them: what `marshal` writes and reads the same in every run."""


def pack(report: Report) -> Packed:
    """Return a report without its text, tree and facts."""
    known = report.recognition
    return (
        report.status,
        report.tree is not None,
        (known.name, known.confidence, known.reason),
        tuple(_packed(finding) for finding in report.findings),
        tuple(_packed_suppressed(hidden) for hidden in report.suppressed),
    )


def unpack(packed: Packed, path: str, source: SourceText) -> Report:
    """Return the report on the file at `path` that holds `source`."""
    status, was_parsed, known, findings, suppressed = packed
    return Report(
        path,
        status,
        Recognition(*known),
        tuple(_finding(finding) for finding in findings),
        source,
        _stand_in(source) if was_parsed else None,
        suppressed=tuple(_suppressed(hidden) for hidden in suppressed),
    )


def lean(report: Report) -> Report:
    """Return a report without its tree and facts, which take much more room than the text."""
    return Report(
        report.path, report.status, report.recognition, report.findings, report.source,
        report.tree and _stand_in(report.source),
        suppressed=report.suppressed, others=report.others,
    )  # fmt: skip


def release(report: Report) -> None:
    """Let go of a report's tree and facts, of which nothing may be used any more.

    Their parts refer to each other both ways. Taking them apart gives the memory back at once; left to Python's search
    for garbage, they would take as long to find as they took to make.
    """
    pending = list(report.tree.roots) if report.tree is not None else []
    while pending:
        node = pending.pop()
        pending += [below for below in node.children() if not below.is_scalar]
        node.release()
    if report.training is not None:
        report.training.release()


def _stand_in(source: SourceText) -> Tree:
    """Return an empty tree, which tells that the text was read."""
    return Tree(source, "", ())


def _packed(finding: Finding) -> Packed:
    return (
        finding.code, finding.name, finding.severity, finding.confidence, finding.message, *_ends(finding.span),
        tuple((note.message, note.span and _ends(note.span), note.path) for note in finding.evidence),
        tuple(
            (fix.title, fix.applicability, tuple((*_ends(edit.span), edit.text) for edit in fix.edits))
            for fix in finding.fixes
        ),
    )  # fmt: skip


def _finding(packed: Packed) -> Finding:
    code, name, severity, confidence, message, start, end, evidence, fixes = packed
    return Finding(
        code, name, severity, confidence, message, Span(start, end),
        tuple(Evidence(said, span and Span(*span), path) for said, span, path in evidence),
        tuple(
            Fix(title, applicability, tuple(Edit(Span(first, last), text) for first, last, text in edits))
            for title, applicability, edits in fixes
        ),
    )  # fmt: skip


def _packed_suppressed(hidden: Suppressed) -> Packed:
    by = hidden.suppression
    return (
        _packed(hidden.finding),
        (by.names, by.reason, _ends(by.span), _ends(by.place), by.where, by.is_comment, by.is_for_one),
    )


def _suppressed(packed: Packed) -> Suppressed:
    from hplint.suppressions import Suppressed, Suppression

    finding, (names, reason, span, place, where, is_comment, is_for_one) = packed
    by = Suppression(names, reason, Span(*span), Span(*place), where, is_comment, is_for_one)
    return Suppressed(_finding(finding), by)


def _ends(span: Span) -> tuple[int, int]:
    return (span.start, span.end)
