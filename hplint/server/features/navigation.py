"""Definition, references, highlight and rename of anchors, interpolations and names that refer to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from lsprotocol import types

from hplint.ide.navigation import definitions, occurrences, renamable
from hplint.ide.navigation import rename as rename_at
from hplint.server.errors import REQUEST_FAILED, Refused
from hplint.server.features.convert import Change, offset_of, range_of, workspace_edit

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.ide.document import Document as Seen
    from hplint.server.documents import Document
    from hplint.server.session import Session


def definition(session: Session, params: types.DefinitionParams) -> list[types.Location] | None:
    """Return where what stands at a position is defined."""
    found = _at(session, params)
    if found is None:
        return None
    document, seen, offset = found
    return [types.Location(document.uri, range_of(document, span)) for span in definitions(seen, offset)]


def references(session: Session, params: types.ReferenceParams) -> list[types.Location] | None:
    """Return where what stands at a position is used; where it is defined too, if that is asked for."""
    found = _at(session, params)
    if found is None:
        return None
    document, seen, offset = found
    return [
        types.Location(document.uri, range_of(document, one.span))
        for one in occurrences(seen, offset)
        if params.context.include_declaration or not one.is_definition
    ]


def document_highlight(session: Session, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
    """Return all places of what stands at a position."""
    found = _at(session, params)
    if found is None:
        return None
    document, seen, offset = found
    kinds = {True: types.DocumentHighlightKind.Write, False: types.DocumentHighlightKind.Read}
    return [
        types.DocumentHighlight(range_of(document, one.span), kinds[one.is_definition])
        for one in occurrences(seen, offset)
    ]


def prepare_rename(session: Session, params: types.PrepareRenameParams) -> types.Range | None:
    """Return the text that a rename at a position replaces, None where there is nothing to rename."""
    found = _at(session, params)
    span = renamable(found[1], found[2]) if found is not None else None
    return range_of(found[0], span) if found is not None and span is not None else None


def rename(session: Session, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Return the edit that renames what stands at a position. Raises Refused with the reason why it cannot be."""
    found = _at(session, params)
    if found is None:
        return None
    document, seen, offset = found
    made = rename_at(seen, offset, params.new_name)
    if made.refusal:
        raise Refused(REQUEST_FAILED, made.refusal)
    return workspace_edit(session, Change.of(document, made.edits))


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {
    types.TEXT_DOCUMENT_DEFINITION: definition,
    types.TEXT_DOCUMENT_REFERENCES: references,
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: document_highlight,
    types.TEXT_DOCUMENT_PREPARE_RENAME: prepare_rename,
    types.TEXT_DOCUMENT_RENAME: rename,
}


class _Place(Protocol):
    """What params that name a place in a document have in common."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


def _at(session: Session, params: _Place) -> tuple[Document, Seen, int] | None:
    """Return the open document that params name, what features see of it, and the offset."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None:
        return None
    return document, seen, offset_of(document, params.position)
