"""Text with positions: decoding of files, line index, spans and edits.

Offsets count characters of the decoded text (without its byte-order mark) from 0. Lines and columns exist only for
people and protocols, and count from 1.
"""

from __future__ import annotations

from bisect import bisect_right

from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


@record
class Span:
    """The half-open range [start, end) of character offsets."""

    start: int
    end: int


@record
class Position:
    """A place for people: line and column from 1 (columns in characters), offset from 0."""

    line: int
    column: int
    offset: int


@record
class Edit:
    """Replace the text in `span` by `text`; an empty span inserts."""

    span: Span
    text: str


class UndecodableError(Exception):
    """The bytes are no text. `line` counts from 1, `offset` counts bytes from 0."""

    def __init__(self, reason: str, offset: int, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
        self.line = line


class SourceText:
    """The text of one file and how to write it back.

    `text` is the decoded content without its byte-order mark, `encoding` the codec it was read with and `bom` the
    bytes of the mark (empty when there was none).
    """

    __slots__ = ("_holds", "_line_starts", "bom", "encoding", "tangles", "text")

    def __init__(self, text: str, encoding: str = "utf-8", bom: bytes = b"") -> None:
        self.text = text
        self.encoding = encoding
        self.bom = bom
        self._line_starts: list[int] | None = None
        self._holds: dict[str, bool] = {}
        self.tangles: int | None = None
        """How parts of a YAML text depend on each other; kept by hplint.syntax.incremental."""

    def holds(self, mark: str) -> bool:
        """Whether `mark` stands anywhere in the text; looked for once, and after an edit around it only."""
        found = self._holds.get(mark)
        if found is None:
            found = self._holds[mark] = mark in self.text
        return found

    def follows(self, before: SourceText, edit: Edit) -> None:
        """Take note that this is the text `before` after an edit."""
        start, end = edit.span.start, edit.span.start + len(edit.text)
        for mark, was_there in before._holds.items():
            if not was_there:  # else it may have gone
                self._holds[mark] = mark in self.text[max(start - len(mark), 0) : end + len(mark)]

    @property
    def line_starts(self) -> list[int]:
        """Offsets at which lines start. A line ends at LF, CR LF or CR: what editors and YAML 1.2 call a line."""
        if self._line_starts is None:
            starts = [0]
            text = self.text
            at = text.find("\n") if "\r" not in text else -1
            if "\r" in text:
                for index, char in enumerate(text):
                    if char == "\n" or (char == "\r" and text[index + 1 : index + 2] != "\n"):
                        starts.append(index + 1)
            else:
                while at >= 0:
                    starts.append(at + 1)
                    at = text.find("\n", at + 1)
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> Position:
        """Return the line and column of `offset`; an offset past the end gives the end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1, offset)

    def line(self, number: int) -> str:
        """Return the line `number` (from 1) without its line break; empty when there is no such line."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    @property
    def newline(self) -> str:
        """The line break the file uses: that of its first line, LF when it has one line only."""
        at = self.text.find("\n")
        if at > 0 and self.text[at - 1] == "\r":
            return "\r\n"
        return "\r" if at < 0 and "\r" in self.text else "\n"

    def encode(self, text: str) -> bytes:
        """Return `text` as bytes in the file's own encoding, with its byte-order mark."""
        return self.bom + text.encode(self.encoding)


# A UTF-32 mark begins with the UTF-16 one, so it is looked for first.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def decode(data: bytes) -> SourceText:
    """Return the text of `data`: by its byte-order mark, by the zero bytes of UTF-16, else as UTF-8.

    Raises UndecodableError with the place of the first byte that cannot be read.
    """
    bom, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    if not bom and b"\x00" in data[:4] and len(data) % 2 == 0:
        # RFC 4627: the first two characters of JSON (and here of YAML and TOML) are ASCII.
        if data[0] == 0 and data[1] != 0:
            encoding = "utf-16-be"
        elif data[1:2] == b"\x00" and data[0] != 0:
            encoding = "utf-16-le"
    body = data[len(bom) :]
    try:
        return SourceText(body.decode(encoding), encoding, bom)
    except UnicodeDecodeError as error:
        offset = len(bom) + error.start
        line = data.count(b"\n", 0, offset) + 1
        byte = data[offset] if offset < len(data) else 0
        reason = f"byte 0x{byte:02x} is not valid {encoding.upper()}; save the file as UTF-8"
        raise UndecodableError(reason, offset, line) from None


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with `edits` applied; they must not overlap (ValueError), and may come in any order.

    Two insertions at one place are applied in the order given.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < done:
            raise ValueError("edits overlap")
        parts += text[done : edit.span.start], edit.text
        done = edit.span.end
    return "".join(parts) + text[done:]
