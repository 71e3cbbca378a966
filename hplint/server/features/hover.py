"""textDocument/hover: what the key, value or code under the pointer means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.ide.hover import hover as hover_of
from hplint.server.features.convert import content, offset_of, range_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.server.session import Session


def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """Return what to show at a position, None for nothing."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None:
        return None
    found = hover_of(seen, offset_of(document, params.position))
    if found is None:
        return None
    formats = session.client.listed("textDocument", "hover", "contentFormat")
    return types.Hover(content(found.shown, formats), range_of(document, found.span))


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_HOVER: hover}
