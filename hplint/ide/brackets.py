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
_COMMENTS, _JSON_COMMENTS = re.compile(r"(?:#[^\n]*\s*)*"), re.compile(r"(?://[^\n]*\s*)*")
_OPENERS = {"{": MAP, "[": LIST}
_CLOSERS = {"}": MAP, "]": LIST}
MAX_FORGOTTEN = 50
"""How many brackets in a row may have been left open for the one behind them to count."""
_REST = re.compile(r"\s*[^\s#]")


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
    found: _Found | None = None
    hidden = 0  # brackets that opened behind the offset: what is in them does not matter
    last_end, last = start, ""
    for match in _TOKENS[syntax].finditer(text, start, stop):
        token = match.group()
        begin, end = match.span()
        if found is None and offset <= end and (offset <= begin or not _is_mark(token, separator)):
            if not stack or (begin < offset and _is_comment(token, syntax)):
                return None
            span = _word(text, token, begin, offset, syntax)
            found = _Found(stack, span, last_end, last)
        if hidden:
            hidden += 1 if token in _OPENERS else -1 if token in _CLOSERS else 0
        elif token in _OPENERS:
            if stack:
                stack[-1].open()
            if found is None:
                stack.append(_Open(_OPENERS[token]))
            else:
                hidden = 1
        elif token in _CLOSERS:
            _close(stack, _CLOSERS[token], text, end, stop)
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
    if found is None:
        if not stack or offset < start:
            return None
        found = _Found(stack, Span(offset, offset), last_end, last)
    is_closed = not stack
    while stack:
        stack.pop().end()
    return _place(text, found, offset, syntax, around, stop, is_closed)


class _Found:
    """The place that is looked for: what is open there with the keys that lead on, the word, what stands before it."""

    __slots__ = ("is_behind_colon", "last", "last_end", "opened", "span")

    def __init__(self, stack: list[_Open], span: Span, last_end: int, last: str) -> None:
        self.opened = [*((held, held.leads) for held in stack[:-1]), (stack[-1], stack[-1].key)]
        self.is_behind_colon = stack[-1].is_behind_colon
        self.span = span
        self.last_end = last_end
        self.last = last


def _word(text: str, token: str, begin: int, offset: int, syntax: str) -> Span:
    """Return the span of the word at the offset, an empty one where it stands before a token or behind it."""
    word = token if syntax == "json" else token.rstrip()
    if begin >= offset or offset > begin + len(word):
        return Span(offset, offset)
    span = Span(begin, begin + len(word))
    if word[0] in "\"'" and (len(word) == 1 or word[-1] != word[0]):
        return _unclosed(text, span, offset)
    return span


def _close(stack: list[_Open], kind: str, text: str, end: int, stop: int) -> None:
    """Close the innermost bracket of a kind, with those inside it that were forgotten.

    A bracket of the wrong kind closes the innermost one alone where else everything were closed too early.
    """
    depth = len(stack) - 1
    if stack and stack[-1].kind is not kind:
        nearest = range(depth, max(-1, depth - MAX_FORGOTTEN), -1)
        found = next((index for index in nearest if stack[index].kind is kind), None)
        rest = _REST.match(text, end, stop)
        if found is not None and (found > 0 or rest is None):
            depth = found
    while len(stack) > max(depth, 0):
        stack.pop().end()


def _is_mark(kind: str, separator: str) -> bool:
    return kind in "{}[],:" if separator == ":" else kind in "{}[],="


def _is_comment(token: str, syntax: str) -> bool:
    return token[:2] == "//" if syntax == "json" else token[:1] == "#"


def _unclosed(text: str, span: Span, offset: int) -> Span:
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
    found: _Found,
    offset: int,
    syntax: str,
    around: tuple[Holder, ...],
    stop: int,
    is_closed: bool,
) -> Place:
    span, last_end, last = found.span, found.last_end, found.last
    typed = text[span.start : offset]
    inner, key = found.opened[-1]
    path = [
        *around,
        *(
            Holder(held.kind, {k: v for k, v in held.written.items() if k != step}, step)
            for held, step in found.opened[:-1]
        ),
    ]
    role = ITEM
    written = dict(inner.written)
    if inner.kind is MAP:
        role = VALUE if found.is_behind_colon else KEY
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
    # What follows on a later line may be outside of brackets of YAML that are never closed.
    far = syntax == "flow" and not is_closed and "\n" in text[span.end : stop - len(rest)]
    comments = (_JSON_COMMENTS if syntax == "json" else _COMMENTS).match(rest)
    following = rest[comments.end() :] if comments is not None else rest
    if not followed and following and following[0] not in ",}]" and not far:
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
