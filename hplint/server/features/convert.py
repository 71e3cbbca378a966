"""Spans, edits and findings in the types of lsprotocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.records import record
from hplint.server.diagnostics import SEVERITIES, SOURCE
from hplint.server.documents import Document
from hplint.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hplint.findings import Finding
    from hplint.ide.markup import Markup
    from hplint.server.session import Session


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


@record
class Change:
    """Edits of one file: its address, its version if it is open, its text as a document (None for a file to be made).

    All edits of a file share the document, which knows where the lines of a long text begin.
    """

    uri: str
    version: int | None
    document: Document | None
    edits: tuple[Edit, ...]

    @staticmethod
    def of(document: Document, edits: Iterable[Edit]) -> Change:
        """Return edits of an open document."""
        return Change(document.uri, document.version, document, tuple(edits))


def workspace_edit(session: Session, change: Change) -> types.WorkspaceEdit:
    """Return edits of a file, bound to its version where the client can tell versions apart."""
    document = change.document or Document(change.uri, "", "", 0, "", session.client.encoding)
    made = [types.TextEdit(range_of(document, edit.span), edit.text) for edit in change.edits]
    if change.document is not None and not session.client.offers("workspace", "workspaceEdit", "documentChanges"):
        return types.WorkspaceEdit(changes={change.uri: made})
    target = types.OptionalVersionedTextDocumentIdentifier(change.uri, change.version)
    steps: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    if change.document is None:
        steps.append(types.CreateFile(change.uri, options=types.CreateFileOptions(ignore_if_exists=True)))
    steps.append(types.TextDocumentEdit(target, list(made)))
    return types.WorkspaceEdit(document_changes=steps)


def content(shown: Markup, formats: Sequence[Any]) -> types.MarkupContent:
    """Return text as Markdown where the client lists that among its formats, else plain."""
    if types.MarkupKind.Markdown.value in formats:
        return types.MarkupContent(types.MarkupKind.Markdown, shown.markdown)
    return types.MarkupContent(types.MarkupKind.PlainText, shown.plain)


def diagnostic_of(document: Document, finding: Finding) -> types.Diagnostic:
    """Return enough of a finding's diagnostic for the client to know it by."""
    return types.Diagnostic(
        range=range_of(document, finding.span),
        message=finding.message,
        severity=types.DiagnosticSeverity(SEVERITIES[finding.severity]),
        code=finding.code,
        source=SOURCE,
    )
