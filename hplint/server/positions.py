"""Lines and columns as the protocol counts them: from 0, columns in UTF-8, UTF-16 or UTF-32 code units."""

from __future__ import annotations

from bisect import bisect_right

from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

UTF8, UTF16, UTF32 = ENCODINGS = ("utf-8", "utf-16", "utf-32")


def units(text: str, encoding: str) -> int:
    """Return the length of `text` in code units."""
    if encoding == UTF32 or text.isascii():
        return len(text)
    if encoding == UTF8:
        return len(text.encode("utf-8"))
    return len(text) + sum(char > "\uffff" for char in text)


def characters(text: str, count: int, encoding: str) -> int:
    """Return how many characters of `text` the first `count` code units are; half a character is none."""
    if encoding == UTF32 or text.isascii():
        return min(count, len(text))
    if encoding == UTF8:
        return len(text.encode("utf-8")[:count].decode("utf-8", "ignore"))
    for index, char in enumerate(text):
        count -= 2 if char > "\uffff" else 1
        if count < 0:
            return index
    return len(text)


class Lines:
    """Where the lines of a text start, kept up to date while the text is edited.

    Typing on one line of a long text moves the starts of all that follow: they are left as they are and `_shift` is
    remembered for those from `_from` on.
    """

    __slots__ = ("_from", "_shift", "_starts")

    def __init__(self, text: str) -> None:
        self._starts = SourceText(text).line_starts
        self._from = len(self._starts)
        self._shift = 0

    def __len__(self) -> int:
        return len(self._starts)

    def start(self, line: int) -> int:
        """Return the offset at which a line starts."""
        return self._starts[line] + self._shift if line >= self._from else self._starts[line]

    def at(self, offset: int) -> int:
        """Return the line that holds `offset`."""
        if self._from < len(self._starts) and offset >= self._starts[self._from] + self._shift:
            return bisect_right(self._starts, offset - self._shift, self._from) - 1
        return bisect_right(self._starts, offset, 0, self._from) - 1

    def replaced(self, start: int, end: int, added: int, text: str) -> None:
        """Follow an edit that put `added` characters in the place of [start, end); `text` is the whole new text."""
        delta = added - (end - start)
        first = max(self.at(start) - 1, 0)  # a CR at the end of the line before may now be half of a CR LF
        last = self.at(end) + 1
        stop = self.start(last) + delta if last < len(self._starts) else len(text)
        begin = self.start(first)
        self._settle(last)
        fresh = _starts(text[begin:stop], begin, last < len(self._starts))
        self._starts[first:last] = fresh
        self._from = first + len(fresh)
        self._shift += delta

    def _settle(self, line: int) -> None:
        """Let the remembered shift begin at `line`."""
        if line > self._from:
            self._starts[self._from : line] = [at + self._shift for at in self._starts[self._from : line]]
        elif line < self._from:
            self._starts[line : self._from] = [at - self._shift for at in self._starts[line : self._from]]
        self._from = line


def _starts(part: str, begin: int, goes_on: bool) -> Sequence[int]:
    """Return where the lines of a part of a text start that begins at `begin`, without the line behind its end."""
    starts = [begin + at for at in SourceText(part).line_starts]
    return starts[:-1] if goes_on else starts
