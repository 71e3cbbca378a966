"""textDocument/foldingRange: what can be folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.ide.folding import COMMENT, folds

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.server.session import Session

_KINDS = {COMMENT: types.FoldingRangeKind.Comment}


def folding_range(session: Session, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """Return what can be folded, as many as the client takes."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None:
        return None
    whole_lines = session.client.offers("textDocument", "foldingRange", "lineFoldingOnly")
    limit = session.client.value("textDocument", "foldingRange", "rangeLimit")
    made = []
    for fold in folds(seen)[: limit if isinstance(limit, int) and limit > 0 else None]:
        start, end = document.position(fold.start), document.position(fold.end)
        made.append(
            types.FoldingRange(
                start_line=start[0],
                end_line=end[0],
                start_character=None if whole_lines else start[1],
                end_character=None if whole_lines else end[1],
                kind=_KINDS.get(fold.kind),
            )
        )
    return made


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_FOLDING_RANGE: folding_range}
