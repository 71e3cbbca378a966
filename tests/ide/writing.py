"""What tests of completion share: a text with a mark where the cursor stands."""

from __future__ import annotations

from hplint import lint
from hplint.ide.completion import Completion, complete
from hplint.ide.document import Document, document
from hplint.text import apply_edits

CURSOR = "¦"


def split(marked: str) -> tuple[str, int]:
    """Return a text without its mark, and the offset of the mark."""
    at = marked.index(CURSOR)
    return marked[:at] + marked[at + 1 :], at


def offered(marked: str, path: str = "run.yaml", last: Document | None = None) -> dict[str, Completion]:
    """Return what is offered at the mark, by label; the first of a label counts."""
    text, at = split(marked)
    found: dict[str, Completion] = {}
    for completion in complete(document(lint(text, path), last), at):
        found.setdefault(completion.label, completion)
    return found


def accepted(marked: str, label: str, path: str = "run.yaml") -> str:
    """Return the text after `label` was accepted at the mark, as plain text."""
    text, _ = split(marked)
    chosen = offered(marked, path)[label]
    return apply_edits(text, [chosen.edit, *chosen.edits])
