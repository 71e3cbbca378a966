"""Findings as the protocol's diagnostics, as far as the client can show them."""

from __future__ import annotations

from functools import cache

from hplint import knowledge
from hplint.findings import ERROR, INFO, WARNING
from hplint.server.documents import Document
from hplint.server.uris import uri_of
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.findings import Evidence, Finding
    from hplint.lint import Report
    from hplint.server.client import Client

SOURCE = "hplint"
TAGS = {"unnecessary": 1, "deprecated": 2}
SEVERITIES = {ERROR: 1, WARNING: 2, INFO: 3}


def diagnostic(finding: Finding, report: Report | None, document: Document, client: Client) -> dict[str, Any]:
    """Return a finding as a diagnostic of the protocol."""
    made: dict[str, Any] = {
        "range": _range(document, finding.span),
        "severity": SEVERITIES[finding.severity],
        "code": finding.code,
        "source": SOURCE,
        "message": finding.message,
    }
    tag = TAGS.get(_tag(finding.code))
    if tag in client.tags:
        made["tags"] = [tag]
    page = _page(finding.code) if client.shows_links else ""
    if page:
        made["codeDescription"] = {"href": page}
    if client.shows_related and report is not None:
        related = [_related(note, report, document) for note in finding.evidence if note.span is not None]
        if related:
            made["relatedInformation"] = related
    if client.keeps_data:
        made["data"] = {"name": finding.name}
    return made


@cache
def _tag(code: str) -> str:
    return knowledge.tag_of(code)


@cache
def _page(code: str) -> str:
    return knowledge.page_url(code)


def _related(note: Evidence, report: Report, document: Document) -> dict[str, Any]:
    """Return what a finding rests on, in the document itself or in a file that it names."""
    where = document
    if note.path is not None:
        where = Document(uri_of(note.path), note.path, "", 0, report.source_of(note).text, document.encoding)
    span = note.span or Span(0, 0)
    return {"location": {"uri": where.uri, "range": _range(where, span)}, "message": note.message}


def _range(document: Document, span: Span) -> dict[str, Any]:
    start, end = document.position(span.start), document.position(span.end)
    return {
        "start": {"line": start[0], "character": start[1]},
        "end": {"line": end[0], "character": end[1]},
    }
