"""Finds the place of an offset between brackets: JSON, flow collections of YAML, inline tables and arrays of TOML.

A scanner of tokens that never fails: a missing comma, colon or bracket leaves the rest readable.
"""

from __future__ import annotations

import re

from hplint.ide.place import ITEM, KEY, VALUE, Place
from hplint.ide.schemas import Holder
from hplint.syntax import scalars
from hplint.syntax.tree import LIST, MAP
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_JSON = re.compile(r'"(?:[^"\\\n]|\\.)*"?|[{}\[\],:]|//[^\n]*|[^\s{}\[\],:"]+')
_FLOW = re.compile(
    r""""(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?|[{}\[\],]|:(?=[\s,\[\]{}"']|$)|\#[^\n]*"""
    r"""|(?:[^\s{}\[\],:"'\#]|:(?=[^\s,\[\]{}]))(?:[^{}\[\],:\n]|:(?=[^\s,\[\]{}]))*"""
)
_TOML = re.compile(r""""(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[{}\[\],=]|\#[^\n]*|[^\s{}\[\],="'\#]+""")
_TOKENS = {"json": _JSON, "flow": _FLOW, "toml": _TOML}
_OPENERS = {"{": MAP, "[": LIST}
_CLOSERS = {"}": MAP, "]": LIST}


class _Open:
    """A bracket that is open: what was written in it so far."""

    __slots__ = ("is_behind_colon", "key", "kind", "leads", "written")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.written: dict[Any, Any] = {}
        self.key: str | None = None
        self.leads: str | None = None
        self.is_behind_colon = False

    def add(self, words: str, value: Any) -> None:
        """Take a scalar as the key or the value that is due."""
        if self.kind is not MAP:
            return
        if self.key is not None and self.is_behind_colon:
            self.written[self.key] = value
            self.end()
        else:  # also where the colon or a comma is missing
            self.key = words

    def open(self) -> None:
        """Take a bracket as the value that is due."""
        self.leads = self.key
        if self.is_behind_colon:
            self.end()

    def end(self) -> None:
        """Be ready for the next entry."""
        if self.key is not None:
            self.written.setdefault(self.key, None)
        self.key, self.is_behind_colon = None, False


def json_places(text: str, offset: int) -> tuple[Place, ...]:
    """Return the place of an offset in a JSON text."""
    first = len(text) - len(text.lstrip())
    found = scan(text, first, len(text), offset, "json") if first < offset else None
    return (found,) if found is not None else ()


def scan(
    text: str, start: int, stop: int, offset: int, syntax: str, around: tuple[Holder, ...] = (), loader: str = "pyyaml"
) -> Place | None:
    """Return the place of `offset` inside the bracket that opens at `start`; None if it is closed before the offset.

    Reads no further than `stop`. `around` are the holders around the bracket; `syntax` is "json", "flow" or "toml".
    """
    separator = "=" if syntax == "toml" else ":"
    stack: list[_Open] = []
    at: list[tuple[_Open, str | None]] = []  # what is open at the offset, with the key that leads on
    state: tuple[Span, str, bool, int, str] | None = None
    last_end, last = start, ""
    for match in _TOKENS[syntax].finditer(text, start, stop):
        token, begin, end = match.group(), match.start(), match.end()
        kind = token[0]
        if state is None and _reaches(offset, begin, end, kind, separator):
            if not stack:
                return None
            at = [*((held, held.leads) for held in stack[:-1]), (stack[-1], stack[-1].key)]
            word = token if begin < offset and not _is_mark(kind, separator) else ""
            if word and syntax != "json":
                word = word.rstrip()
            if (word[:1] == "#" and syntax != "json") or word[:2] == "//":
                return None
            if word and offset > begin + len(word):  # in the room behind a plain scalar
                span = Span(offset, offset)
                word = ""
            else:
                span = Span(begin, begin + len(word)) if word else Span(offset, offset)
            if word and word[0] in "\"'" and (len(word) == 1 or word[-1] != word[0]):
                span = _unclosed(text, span, offset, separator)
            state = (span, text[span.start : offset], stack[-1].is_behind_colon, last_end, last)
        if kind in _OPENERS and len(token) == 1:
            if stack:
                stack[-1].open()
            stack.append(_Open(_OPENERS[kind]))
        elif kind in _CLOSERS and len(token) == 1:
            _close(stack, _CLOSERS[kind], text[end:stop])
            if not stack:
                break
        elif not stack:
            break
        elif token == ",":
            stack[-1].end()
        elif token == separator:
            stack[-1].is_behind_colon = stack[-1].key is not None
        elif not _is_comment(token, syntax):
            stack[-1].add(*_read(token, syntax, loader))
        last_end, last = end, token
    if state is None:
        if not stack or offset < start:
            return None
        at = [*((held, held.leads) for held in stack[:-1]), (stack[-1], stack[-1].key)]
        state = (Span(offset, offset), "", stack[-1].is_behind_colon, last_end, last)
    while stack:
        stack.pop().end()
    return _place(text, at, state, syntax, around, stop)


def _close(stack: list[_Open], kind: str, rest: str) -> None:
    """Close the innermost bracket of a kind, with those inside it that were forgotten.

    A bracket of the wrong kind closes the innermost one alone where else everything were closed too early.
    """
    depth = next((index for index in range(len(stack) - 1, -1, -1) if stack[index].kind is kind), None)
    if depth is None or (depth == 0 and len(stack) > 1 and rest.lstrip()[:1] not in ("", "#")):
        depth = len(stack) - 1
    while len(stack) > max(depth, 0):
        stack.pop().end()


def _reaches(offset: int, begin: int, end: int, kind: str, separator: str) -> bool:
    """Whether the offset stands before or in a token, so that it is the place that is looked for."""
    if _is_mark(kind, separator):
        return offset <= begin
    return offset <= end


def _is_mark(kind: str, separator: str) -> bool:
    return kind in "{}[],:" if separator == ":" else kind in "{}[],="


def _is_comment(token: str, syntax: str) -> bool:
    return token[:2] == "//" if syntax == "json" else token[:1] == "#"


def _unclosed(text: str, span: Span, offset: int, separator: str) -> Span:
    """Return the span of a text whose quote is not closed: up to what can no longer belong to the word."""
    stop = offset
    while stop < span.end and text[stop] not in "\n,:{}[]=" and not text[stop].isspace():
        stop += 1
    return Span(span.start, stop)


def _read(token: str, syntax: str, loader: str) -> tuple[str, Any]:
    """Return a scalar's text and its value."""
    if token[0] in "\"'":
        words = token[1:-1] if len(token) > 1 and token[-1] == token[0] else token[1:]
        return words, words
    words = token.split(" #")[0].strip()
    return words, scalars.RESOLVERS[loader if syntax == "flow" else "yaml12"](words)[1]


def _place(
    text: str,
    at: list[tuple[_Open, str | None]],
    state: tuple[Span, str, bool, int, str],
    syntax: str,
    around: tuple[Holder, ...],
    stop: int,
) -> Place:
    span, typed, is_behind_colon, last_end, last = state
    inner, key = at[-1]
    path = [
        *around,
        *(Holder(held.kind, {k: v for k, v in held.written.items() if k != step}, step) for held, step in at[:-1]),
    ]
    role = ITEM
    written = dict(inner.written)
    if inner.kind is MAP:
        role = VALUE if is_behind_colon else KEY
        word = text[span.start : span.end].strip("\"'")
        if role == KEY and word and inner.written.get(word, 0) is None:
            del written[word]  # the word itself was taken for a key without a value
        if role == VALUE:
            written.pop(key, None)
    separator = "=" if syntax == "toml" else ":"
    rest = text[span.end : stop].lstrip()
    followed = role == KEY and rest.startswith(separator)
    if followed and role == KEY:
        written.pop(text[span.start : span.end].strip("\"'"), None)
    edits: tuple[Edit, ...] = ()
    after = ""
    comma = ""
    if role != VALUE and last and last not in ("{", "[", ","):
        comma = "," if last_end == span.start else ""
        edits = () if comma else (Edit(Span(last_end, last_end), ","),)
    # Between brackets of YAML what follows on a later line may be outside of them, where they are never closed.
    far = syntax == "flow" and "\n" in text[span.end : stop - len(rest)]
    if not followed and rest and rest[0] not in ",}]#" and not rest.startswith("//") and not far:
        after = ","
    path.append(Holder(inner.kind, written if inner.kind is MAP else {}, key if role == VALUE else None))
    if role == ITEM:
        path.append(Holder(MAP, {}, None))
    gap = " " if role == VALUE and span.start == last_end and last == separator and syntax != "json" else ""
    bare = typed.lstrip("\"'")
    line = text.rfind("\n", 0, span.start) + 1
    indent = text[line : span.start]
    indent = indent[: len(indent) - len(indent.lstrip())]
    return Place(role, tuple(path), span, bare, syntax, indent, "  ", False, "", followed, comma + gap, edits, after)
