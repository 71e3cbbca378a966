"""textDocument/documentLink: files of the project that a config names, and pages of rules."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.ide.links import PAGE, Link, links
from hplint.neighbours import is_below
from hplint.server.features.convert import range_of
from hplint.server.uris import uri_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.server.documents import Document
    from hplint.server.session import Session

MAX_LOOKUPS = 200
"""How many names of a config are looked for on the disk."""


def document_link(session: Session, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    """Return what leads elsewhere; a path only where the project has such a file."""
    document = session.documents.get(params.text_document.uri)
    seen = session.seen(document)
    if document is None or seen is None:
        return None
    tooltips = session.client.offers("textDocument", "documentLink", "tooltipSupport")
    made = []
    for link in links(seen)[:MAX_LOOKUPS]:
        target = link.target if link.kind == PAGE else _file(session, document, link)
        if target:
            tooltip = "What this rule means" if tooltips and link.kind == PAGE else None
            made.append(types.DocumentLink(range_of(document, link.span), target, tooltip))
    return made


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_DOCUMENT_LINK: document_link}


def _file(session: Session, document: Document, link: Link) -> str | None:
    """Return the address of the file that a path means: beside the config or below the workspace's folder."""
    if not document.path or "\0" in link.target:
        return None
    own = os.path.dirname(document.path)
    folder = session.folder_of(document.path) or own
    top = os.path.realpath(folder)
    for start in (own, folder):
        path = os.path.normpath(os.path.join(start, link.target))
        if is_below(path, folder) and is_below(os.path.realpath(path), top) and os.path.isfile(path):
            return uri_of(path)
    return None
