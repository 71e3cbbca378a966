"""textDocument/inlayHint: what hplint works out, shown in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.ide.hints import hints
from hplint.server.features.convert import span_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.server.session import Session


def inlay_hint(session: Session, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Return the hints in a range, of the kinds that the user's settings leave on."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None:
        return None
    kinds = session.project.preferences(document.path).hints
    span = span_of(document, params.range)
    return [
        types.InlayHint(
            position=types.Position(*document.position(hint.offset)),
            label=hint.label,
            tooltip=types.MarkupContent(types.MarkupKind.Markdown, hint.tooltip.markdown)
            if hint.tooltip.plain
            else None,
            padding_left=True,
        )
        for hint in hints(seen, kinds, span.start, span.end)
    ]


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_INLAY_HINT: inlay_hint}
