"""textDocument/selectionRange: what a selection grows to, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.ide.selection import selections
from hplint.server.features.convert import offset_of, range_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.server.session import Session


def selection_range(session: Session, params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
    """Return for each position the ranges around it, the smallest first, each with the next as its parent."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None:
        return None
    made = []
    for position in params.positions:
        around: types.SelectionRange | None = None
        for span in reversed(selections(seen, offset_of(document, position))):
            around = types.SelectionRange(range_of(document, span), around)
        made.append(around or types.SelectionRange(types.Range(position, position)))
    return made


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_SELECTION_RANGE: selection_range}
