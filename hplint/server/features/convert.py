"""Spans, edits and findings in the types of lsprotocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from hplint.server.diagnostics import SEVERITIES, SOURCE
from hplint.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hplint.findings import Finding
    from hplint.server.documents import Document
    from hplint.server.session import Session
    from hplint.text import Edit


def range_of(document: Document, span: Span) -> types.Range:
    """Return the protocol's range of a span."""
    return types.Range(types.Position(*document.position(span.start)), types.Position(*document.position(span.end)))


def span_of(document: Document, place: types.Range) -> Span:
    """Return the span of a range of the protocol."""
    start, end = offset_of(document, place.start), offset_of(document, place.end)
    return Span(min(start, end), max(start, end))


def offset_of(document: Document, position: types.Position) -> int:
    """Return the offset of a position of the protocol."""
    return document.offset(position.line, position.character)


def workspace_edit(session: Session, document: Document, edits: Iterable[Edit]) -> types.WorkspaceEdit:
    """Return edits of an open document, bound to its version where the client can tell versions apart."""
    made = [types.TextEdit(range_of(document, edit.span), edit.text) for edit in edits]
    if session.client.offers("workspace", "workspaceEdit", "documentChanges"):
        version = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(version, list(made))])
    return types.WorkspaceEdit(changes={document.uri: made})


def diagnostic_of(document: Document, finding: Finding) -> types.Diagnostic:
    """Return enough of a finding's diagnostic for the client to know it by."""
    return types.Diagnostic(
        range=range_of(document, finding.span),
        message=finding.message,
        severity=types.DiagnosticSeverity(SEVERITIES[finding.severity]),
        code=finding.code,
        source=SOURCE,
    )
