"""textDocument/codeLens: a line above a config that tells what it trains, and leads to the walk down the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.ide.lens import lens
from hplint.server.capabilities import EXPLAIN, SHOW_EXPLANATION
from hplint.server.features.convert import range_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.server.session import Session


def code_lens(session: Session, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """Return the line of a config, unless the user's settings have it off."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None or not session.project.preferences(document.path).code_lens:
        return None
    found = lens(seen)
    if found is None:
        return []
    shows = SHOW_EXPLANATION if session.client.offers("window", "showDocument", "support") else EXPLAIN
    command = types.Command(found.title, shows, arguments=[document.uri])
    return [types.CodeLens(range_of(document, found.span), command)]


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_CODE_LENS: code_lens}
