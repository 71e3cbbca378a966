"""Applies the protocol's edits as a client would."""

from __future__ import annotations

from typing import Any

from hplint.server.documents import Document
from hplint.text import Edit, Span, apply_edits


def apply(text: str, edit: dict[str, Any], uri: str, encoding: str) -> str:
    """Return `text`, the content of `uri`, after a WorkspaceEdit that changes nothing else."""
    if "changes" in edit:
        (target, edits), *others = edit["changes"].items()
    else:
        (change, *others) = edit["documentChanges"]
        target, edits = change["textDocument"]["uri"], change["edits"]
    assert (target, others) == (uri, [])
    return apply_text_edits(text, edits, encoding)


def apply_text_edits(text: str, edits: list[dict[str, Any]], encoding: str = "utf-16") -> str:
    """Return `text` after TextEdits."""
    document = Document("", "", "", 0, text, encoding)

    def offset(position: dict[str, int]) -> int:
        return document.offset(position["line"], position["character"])

    made = [Edit(Span(offset(one["range"]["start"]), offset(one["range"]["end"])), one["newText"]) for one in edits]
    return apply_edits(text, made)
