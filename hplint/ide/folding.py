"""What can be folded away: sections, lists, layers, texts of several lines, comments."""

from __future__ import annotations

import re

from hplint.records import record
from hplint.syntax.tree import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hplint.ide.document import Document

REGION, COMMENT = "region", "comment"
_COMMENTS = re.compile(r"(?m)^[ \t]*(?:#|//)[^\n]*(?:\n[ \t]*(?:#|//)[^\n]*)+")


@record
class Fold:
    """A range of offsets over several lines; its first line stays in sight."""

    start: int
    end: int
    kind: str


def folds(document: Document) -> tuple[Fold, ...]:
    """Return what can be folded, in the order of the text; of several that begin on one line the widest."""
    text = document.text
    widest: dict[int, Fold] = {}
    for fold in (*_comments(document), *_regions(document)):
        line = text.rfind("\n", 0, fold.start) + 1
        if line not in widest or widest[line].end < fold.end:
            widest[line] = fold
    return tuple(sorted(widest.values(), key=lambda fold: fold.start))


def _comments(document: Document) -> Iterator[Fold]:
    syntax = document.report.tree.syntax if document.report.tree is not None else "yaml"
    mark = "//" if syntax == "json" else "#"
    for match in _COMMENTS.finditer(document.text):
        if match.group().lstrip().startswith(mark):
            yield Fold(match.start(), match.end(), COMMENT)


def _regions(document: Document) -> Iterator[Fold]:
    for root in document.roots:
        for node in root.walk():
            start = node.key.start if isinstance(node.key, Node) else node.start
            end = node.start + len(document.text[node.start : node.end].rstrip())
            if (
                not node.is_alias
                and start < end
                and document.text.find("\n", start, end) >= 0
                and node.parent is not None
            ):
                yield Fold(start, end, REGION)
