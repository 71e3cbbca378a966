"""textDocument/documentSymbol: the outline of a config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.ide.symbols import ITEM, ITEMS, SECTION, VALUE, Symbol, symbols
from hplint.server.features.convert import range_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hplint.server.documents import Document
    from hplint.server.session import Session

_KINDS = {
    SECTION: types.SymbolKind.Namespace,
    ITEMS: types.SymbolKind.Array,
    ITEM: types.SymbolKind.Object,
    VALUE: types.SymbolKind.Property,
    "layer": types.SymbolKind.Class,
    "input": types.SymbolKind.Interface,
    "output": types.SymbolKind.Event,
    "parameter": types.SymbolKind.Variable,
    "metric": types.SymbolKind.Number,
}


def document_symbol(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """Return the outline as a tree, or as a list for a client that takes no tree."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None:
        return None
    outline = symbols(seen)
    if session.client.offers("textDocument", "documentSymbol", "hierarchicalDocumentSymbolSupport"):
        return [_tree(symbol, document) for symbol in outline]
    return list(_flat(outline, document, None))


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: document_symbol}


def _tree(symbol: Symbol, document: Document) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=symbol.name,
        detail=symbol.detail or None,
        kind=_KINDS.get(symbol.kind, types.SymbolKind.Object),
        range=range_of(document, symbol.span),
        selection_range=range_of(document, symbol.selection),
        children=[_tree(below, document) for below in symbol.children] or None,
    )


def _flat(outline: tuple[Symbol, ...], document: Document, above: str | None) -> Iterator[types.SymbolInformation]:
    for symbol in outline:
        yield types.SymbolInformation(
            location=types.Location(document.uri, range_of(document, symbol.span)),
            name=symbol.name,
            kind=_KINDS.get(symbol.kind, types.SymbolKind.Object),
            container_name=above,
        )
        yield from _flat(symbol.children, document, symbol.name)
