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
    taken: set[int] = set()
    made = []
    for hint in hints(seen, kinds, span.start, span.end):
        # Editors put hints of one place side by side with hardly a gap.
        label = f"· {hint.label}" if hint.offset in taken else hint.label
        taken.add(hint.offset)
        tooltip = types.MarkupContent(types.MarkupKind.Markdown, hint.tooltip.markdown) if hint.tooltip.plain else None
        position = types.Position(*document.position(hint.offset))
        made.append(types.InlayHint(position=position, label=label, tooltip=tooltip, padding_left=True))
    return made


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_INLAY_HINT: inlay_hint}
