"""Paths and places as other programs want them."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.text import SourceText


def posix(path: str) -> str:
    """Return a path with forward slashes, relative to the working folder where it lies below it."""
    if os.path.isabs(path):
        inside = os.path.relpath(path)
        path = path if inside.startswith(os.pardir) else inside
    return os.path.normpath(path).replace(os.sep, "/")


def byte_column(source: SourceText, offset: int) -> int:
    """Return the column of `offset`, counted from 1 in bytes of UTF-8."""
    at = source.position(offset)
    line = source.text[source.line_starts[at.line - 1] : at.offset]
    return len(line.encode("utf-8", "surrogatepass")) + 1
