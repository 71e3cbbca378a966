"""textDocument/completion: what can be written at the cursor, the field's advice first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.ide.completion import KEYS, WHOLES, Completion, complete, narrowed
from hplint.ide.markup import text
from hplint.server.features.convert import content, offset_of, range_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.server.documents import Document
    from hplint.server.session import Session

_KINDS = {KEYS: types.CompletionItemKind.Property, WHOLES: types.CompletionItemKind.Snippet}
_SUGGESTS_AGAIN = ("visual studio code", "code-server", "vscodium", "cursor", "windsurf", "theia")
"""Clients with the command below; the protocol has no way to ask for it."""
_SUGGEST = types.Command("Suggest values", "editor.action.triggerSuggest")


def completion(session: Session, params: types.CompletionParams) -> types.CompletionList | None:
    """Return what can be written at a position, in the order in which it should be shown."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None:
        return None
    made = _Maker(session, document)
    offset = offset_of(document, params.position)
    found = complete(seen, offset)
    shown = narrowed(seen, found, offset)
    # Of a long list the client asks again with every letter.
    return types.CompletionList(len(shown) < len(found), [made.item(one, place) for place, one in enumerate(shown)])


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_COMPLETION: completion}


class _Maker:
    """Makes completion items of what one client can take."""

    def __init__(self, session: Session, document: Document) -> None:
        client = session.client
        item = ("textDocument", "completion", "completionItem")
        self.document = document
        self.formats = client.listed(*item, "documentationFormat")
        self.snippets = client.offers(*item, "snippetSupport")
        as_is = types.InsertTextMode.AsIs
        self.mode = as_is if as_is.value in client.listed(*item, "insertTextModeSupport", "valueSet") else None
        self.tags = client.listed(*item, "tagSupport", "valueSet")
        self.deprecates = client.offers(*item, "deprecatedSupport")
        self.suggest = _SUGGEST if client.name.lower().startswith(_SUGGESTS_AGAIN) else None

    def item(self, one: Completion, place: int) -> types.CompletionItem:
        """Return a completion as an item; `place` is its place in the list."""
        snippet = self._indented(one.snippet, one.edit.span.start) if self.snippets and one.snippet else None
        deprecated = types.CompletionItemTag.Deprecated
        return types.CompletionItem(
            label=one.label,
            kind=_KINDS.get(one.kind, types.CompletionItemKind.Value),
            tags=[deprecated] if one.deprecated and deprecated.value in self.tags else None,
            detail=one.detail or None,
            documentation=self._documentation(one),
            deprecated=True if one.deprecated and self.deprecates else None,
            sort_text=f"{place:04}",
            filter_text=one.filter,
            insert_text_format=types.InsertTextFormat.Snippet if snippet else types.InsertTextFormat.PlainText,
            insert_text_mode=self.mode,
            text_edit=types.TextEdit(range_of(self.document, one.edit.span), snippet or one.edit.text),
            additional_text_edits=[types.TextEdit(range_of(self.document, edit.span), edit.text) for edit in one.edits]
            or None,
            command=self.suggest if one.again else None,
        )

    def _documentation(self, one: Completion) -> types.MarkupContent | str | None:
        """Return what a completion means; as a mere text for a client that names no format."""
        if not one.documentation:
            return None
        said = text(one.documentation)
        return content(said, self.formats) if self.formats else said.plain

    def _indented(self, snippet: str, start: int) -> str:
        """Return a snippet whose further lines are indented as the client takes them.

        One that cannot be told to take them as they are puts the indentation of the line at hand before them.
        """
        if self.mode is not None or "\n" not in snippet:
            return snippet
        line = self.document.lines.at(start)
        before = self.document.text[self.document.lines.start(line) : start]
        indent = before[: len(before) - len(before.lstrip())]
        first, *further = snippet.split("\n")
        return "\n".join([first, *(below.removeprefix(indent) for below in further)])
