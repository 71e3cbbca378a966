"""Open documents: their text as the client has it, and its places."""

from __future__ import annotations

import re

from hplint.server.errors import INVALID_PARAMS, Refused
from hplint.server.positions import Lines, characters, units
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Document:
    """A text that the client has opened, at the version that it last told of."""

    __slots__ = (
        "edited",
        "encoding",
        "language",
        "lines",
        "path",
        "report",
        "seen",
        "text",
        "uri",
        "version",
        "view",
        "whole",
    )

    def __init__(self, uri: str, path: str, language: str, version: int, text: str, encoding: str) -> None:
        self.uri = uri
        self.path = path
        self.language = language
        self.encoding = encoding
        self.version = version
        self.text = _encodable(text)
        self.lines = Lines(self.text)
        self.edited: tuple[str, Edit] | None = None
        """The text before the last change, and what was changed in it; None where all of it was."""
        self.report: Any = None
        """What the last lint run of this document left; kept by hplint.server.session."""
        self.whole: Any = None
        """What was left by the last run on a version that could be read whole; the next run starts from it."""
        self.seen: Any = None
        self.view: Any = None

    def change(self, version: int, changes: list[Any]) -> None:
        """Apply the changes of a didChange, one on top of the other. Raises Refused for what is no change."""
        for change in changes:
            text = change.get("text") if isinstance(change, dict) else None
            if not isinstance(text, str):
                raise Refused(INVALID_PARAMS, "a change has no text")
            text = _encodable(text)
            place = change.get("range")
            if place is None:
                self.text, self.edited = text, None
                self.lines = Lines(text)
            else:
                start, end = self.offset(*_numbers(place, "start")), self.offset(*_numbers(place, "end"))
                start, end = min(start, end), max(start, end)
                self.edited = self.text, Edit(Span(start, end), text)
                self.text = self.text[:start] + text + self.text[end:]
                self.lines.replaced(start, end, len(text), self.text)
        self.version = version

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a position of the protocol; one behind the end of its line means that end."""
        if line >= len(self.lines):
            return len(self.text)
        end = self.lines.start(line + 1) if line + 1 < len(self.lines) else len(self.text)
        start = self.lines.start(line)
        return start + characters(self.text[start:end].rstrip("\r\n"), column, self.encoding)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of the protocol for an offset."""
        line = self.lines.at(offset)
        return line, units(self.text[self.lines.start(line) : offset], self.encoding)


def _encodable(text: str) -> str:
    """Return `text` with halves of surrogate pairs, which JSON can say and no file can hold, replaced."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def _numbers(place: Any, end: str) -> tuple[int, int]:
    position = place.get(end) if isinstance(place, dict) else None
    if isinstance(position, dict):
        line, column = position.get("line"), position.get("character")
        if type(line) is int and type(column) is int:
            return max(line, 0), max(column, 0)
    raise Refused(INVALID_PARAMS, "a position needs whole numbers for line and character")
