"""TOML: the standard library says whether a text is valid, a scanner that keeps positions builds the tree.

How a table is written is kept in its map node: `style` is "{" for an inline table; `text` is the header ("[a.b]" or
"[[a.b]]") of a table that has one, "." for a table that exists through dotted keys only, and empty for the root and
for a table that exists only because one below it has a header. The span of a table with a header reaches from the
header to the end of the last entry below that header.
"""

from __future__ import annotations

import re
import sys

from hplint.syntax.tree import (
    BOOL,
    FLOAT,
    LIST,
    MAP,
    MAX_DEPTH,
    MAX_NODES,
    OTHER,
    STRING,
    Node,
    Problem,
    Tree,
    integer,
)
from hplint.text import SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

loads: Callable[[str], dict[str, Any]] = __import__("tomllib" if sys.version_info >= (3, 11) else "tomli").loads
"""Python's own reader; raises a ValueError."""

DOTTED = "."
MAX_FAILURES = 20

_BLANKS = re.compile(r"[ \t]*")
_LINES = re.compile(r"(?:[ \t]|\r?\n|#[^\n]*)*")
_END_OF_STATEMENT = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_NEXT_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?P<basic_lines>(?:[^"\\]|\\.|""?(?!"))*)(?P<basic_end>"{3,5})'
    r"|'''(?P<literal_lines>(?:[^']|''?(?!'))*)(?P<literal_end>'{3,5})"
    r'|"(?P<basic>(?:[^"\\\n]|\\[^\n])*)"'
    r"|'(?P<literal>[^'\n]*)'",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:([btnfre\"\\])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[ \t]*\r?\n\s*)")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
_DATE_OR_WORD = re.compile(r"\d{4}-\d\d-\d\d [0-9:.]+(?:[Zz]|[+-]\d\d:\d\d)?|[^\s,\[\]{}#=\"']+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d")
_INTEGER = re.compile(r"[+-]?[0-9_]+\Z|0[xob][0-9a-fA-F_]+\Z")
_BARE_DOT = re.compile(r"([+-]?)(\d[\d_]*)?\.(\d[\d_]*)?([eE][+-]?\d+)?(?![\w.])")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")

# What tomllib says, and what it means for someone writing a config.
_PLAIN_WORDS = (
    ("Invalid value", "there is no value here that TOML can read; text must stand in quotes"),
    ("Unclosed array", "a list opened with '[' is not closed; add ']'"),
    ("Unclosed inline table", "a table opened with '{' is not closed on its line; add '}'"),
    ("Cannot declare", "this table is there already; join the two"),
    ("Cannot overwrite a value", "this key has a value already; remove one of the two"),
    ("Duplicate inline table key", "this key has a value already; remove one of the two"),
    ("Cannot redefine namespace", "this table is complete already; write the key where the table is"),
    ("Cannot mutate immutable namespace", "this table is complete already; write the key where the table is"),
    ("Cannot redefine", "this table is complete already; write the key where the table is"),
    ("Expected '=' after a key", "a key without '='; write key = value"),
    ("Expected newline or end of document", "more text after the value; text must stand in quotes"),
    ("at the end of a table declaration", "a table's header is not closed; add ']'"),
    ("at the end of an array declaration", "a table's header is not closed; add ']]'"),
    ("Unescaped '\\'", "an unknown escape; write the backslash twice or use single quotes"),
    ("Invalid hex value", "an escape that names no character"),
    ("not a Unicode scalar value", "an escape that names no character"),
    ("Illegal character", "a character that TOML does not allow here; remove it or, in text, write it as an escape"),
    ("Invalid initial character for a key", "a key is expected here"),
    ("Invalid date or datetime", "there is no such date or time"),
    ("Invalid statement", "a line of TOML is key = value, a [table] header or a comment"),
    ("Exceeds the limit", "an integer of more digits than Python reads"),
    ("Expected", "a quote is opened and not closed"),
    ("Unterminated", "a quote is opened and not closed"),
)  # fmt: skip


def parse(source: SourceText) -> Tree:
    """Return the tree of a TOML text. Never raises for the text's sake: what is wrong is in the tree's problems.

    Dates and times are of kind OTHER, with their text as value.
    """
    scanner = _Scanner(source.text)
    try:
        scanner.read()
        # Only now: the depth is known to be small, and tomllib recurses.
        loads(source.text)
    except _OverBudgetError as over:
        return Tree(source, "toml", (scanner.root,), (over.problem,), complete=False)
    except RecursionError:
        problem = Problem("too-deep", f"nested more than {MAX_DEPTH} levels deep; hplint reads no further", Span(0, 0))
        return Tree(source, "toml", (scanner.root,), (problem,), complete=False)
    except ValueError as error:  # TOMLDecodeError, or an integer of too many digits
        problem = _problem(source, str(error), scanner.failed_at)
        return Tree(source, "toml", (scanner.root,), (problem,), complete=False)
    return Tree(source, "toml", (scanner.root,))


def _problem(source: SourceText, said: str, failed_at: int | None) -> Problem:
    text = source.text
    words = next((plain for theirs, plain in _PLAIN_WORDS if theirs in said), _PLACE.sub("", said))
    place = _PLACE.search(said)
    at = len(text.rstrip()) - 1
    opened = failed_at is not None and text[failed_at : failed_at + 1] in ("[", "{", "'", '"')
    if place is not None and place[1] and not (opened and "Unclosed" in said):
        at = 0
        for _ in range(int(place[1]) - 1):
            at = text.find("\n", at) + 1
        at += int(place[2]) - 1
    elif failed_at is not None:
        at = failed_at
    at = max(0, min(at, len(text.rstrip()) - 1))
    is_key = "Invalid statement" in said or "for a key" in said
    bare_dot = None if is_key else _bare_dot(text, at)
    if bare_dot is not None:
        return bare_dot
    end = min(at + 1, len(text))
    if "Cannot" in said or text[at:end].isspace() or at == end:
        # The statement as a whole is meant, or its end.
        start = text.rfind("\n", 0, at) + 1
        line = text[start:end].rstrip()
        return Problem("invalid-toml", words, Span(start + len(line) - len(line.lstrip()), start + len(line)))
    return Problem("invalid-toml", words, Span(at, end))


def _bare_dot(text: str, at: int) -> Problem | None:
    """Return the problem of a number with no digit before or behind its point, None if no such number is at `at`."""
    start = at
    while text[start - 1 : start].isdigit() or (text[start - 1 : start] and text[start - 1] in "+-_."):
        start -= 1
    found = _BARE_DOT.match(text, start)
    if found is None or text[start - 1 : start] not in (" ", "\t", "=", ",", "[") or bool(found[2]) == bool(found[3]):
        return None
    mended = f"{found[1]}{found[2] or 0}.{found[3] or 0}{found[4] or ''}"
    message = f"TOML needs a digit on both sides of the point: write {mended} for {found[0]}"
    return Problem("toml-bare-dot", message, Span(start, found.end()), mended)


class _OverBudgetError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _UnreadableError(Exception):
    """A statement is no TOML; `at` is where what cannot be read begins."""

    def __init__(self, at: int) -> None:
        self.at = at


class _Scanner:
    """Reads statement by statement; one that cannot be read is left out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = Node(MAP, 0, 0)
        self.table = self.root
        self.depth = 1  # of the current table
        self.nodes = 0
        self.arrays: list[Node] = []  # of tables
        self.failures = 0
        self.failed_at: int | None = None
        self.known: dict[tuple[int, str], Node] = {}  # by the identity of the table and the key

    def read(self) -> None:
        """Read the whole text into `root`."""
        text = self.text
        at = self.skip(_LINES, 0)
        while at < len(text) and self.failures < MAX_FAILURES:
            try:
                at = self.header(at) if text[at] == "[" else self.entry(at, self.table, self.depth)
                self.root.last = max(self.root.last, at)
                end = _END_OF_STATEMENT.match(text, at)
                if end is None:
                    raise _UnreadableError(at)
                at = end.end()
            except _UnreadableError as error:
                if self.failed_at is None:
                    self.failed_at = error.at
                self.failures += 1
                if text[at] == "[":  # what follows belongs to no table that is known
                    self.table = Node(MAP, at, at)
                at = self.skip(_NEXT_LINE, at)
            at = self.skip(_LINES, at)
        for array in self.arrays:
            array.last = array.items[-1].end

    def skip(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self.text, at)
        return found.end() if found is not None else at

    def made(self, node: Node, depth: int) -> Node:
        """Count a new node against the budgets."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = f"more than {MAX_NODES:,} values; hplint reads no further"
            raise _OverBudgetError(Problem("too-large", message, node.span))
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep; hplint reads no further"
            raise _OverBudgetError(Problem("too-deep", message, Span(node.start, node.start + 1)))
        return node

    def header(self, start: int) -> int:
        """Read "[a.b]" or "[[a.b]]", which names the table that the next entries belong to; returns its end."""
        text = self.text
        brackets = 2 if text.startswith("[[", start) else 1
        keys, at = self.keys(self.skip(_BLANKS, start + brackets))
        end = at + brackets
        if text[at:end] != "]" * brackets:
            raise _UnreadableError(start)
        table = self.root
        for key in keys[:-1]:
            table = self.descend(table, key, start, end, "")
        key = keys[-1]
        found = self.known.get((id(table), key.value))
        if brackets == 2:
            if found is None:
                found = self.put(table, key, Node(LIST, start, end))
                self.arrays.append(found)
            if found.kind is not LIST or found.style:
                raise _UnreadableError(start)
            node = Node(MAP, start, end)
            node.parent, node.key = found, len(found.items)
            found.items.append(node)
        elif found is None:
            node = self.put(table, key, Node(MAP, start, end))
        elif found.kind is MAP and not found.style and not found.text:
            node = found
            node.first, node.last = start, end
        else:
            raise _UnreadableError(start)
        node.text = text[start:end]
        self.table = self.made(node, len(keys) + 1)
        self.depth = len(keys) + 1
        return end

    def descend(self, table: Node, key: Node, start: int, end: int, text: str) -> Node:
        """Return the table under `key`, a new one if there is none."""
        found = self.known.get((id(table), key.value))
        if found is None:
            found = self.put(table, key, Node(MAP, start, end, text=text))
        elif found.kind is LIST and not found.style and found.items:
            found = found.items[-1]
        elif found.kind is MAP and text == DOTTED and found.text == DOTTED:
            found.last = end
        if found.kind is not MAP or found.style:
            raise _UnreadableError(key.start)
        return found

    def put(self, table: Node, key: Node, value: Node) -> Node:
        key.parent = value.parent = table
        value.key = key
        table.entries.append((key, value))
        self.known[id(table), key.value] = value
        return value

    def keys(self, at: int) -> tuple[list[Node], int]:
        """Read "a.b.c"; returns the keys and the offset of what follows them."""
        keys: list[Node] = []
        while True:
            bare = _BARE_KEY.match(self.text, at)
            if bare is not None:
                key = Node(STRING, at, bare.end(), bare[0], bare[0])
            else:
                key = self.string(at)
                if len(key.style) != 1:
                    raise _UnreadableError(at)
            keys.append(self.made(key, len(keys) + 1))
            at = self.skip(_BLANKS, key.end)
            if self.text[at : at + 1] != ".":
                return keys, at
            at = self.skip(_BLANKS, at + 1)

    def entry(self, at: int, table: Node, depth: int) -> int:
        """Read "a.b = value" into `table`; returns its end."""
        keys, equals = self.keys(at)
        if self.text[equals : equals + 1] != "=":
            raise _UnreadableError(at)
        value = self.value(self.skip(_BLANKS, equals + 1), depth + len(keys))
        own = table
        for key in keys[:-1]:
            own = self.descend(own, key, key.start, value.end, DOTTED)
        self.put(own, keys[-1], value)
        if not table.style:
            table.last = max(table.last, value.last)
        return value.end

    def value(self, at: int, depth: int) -> Node:
        text = self.text
        char = text[at : at + 1]
        if char in ("'", '"'):
            return self.made(self.string(at), depth)
        if char == "[":
            return self.array(at, depth)
        if char == "{":
            return self.inline_table(at, depth)
        found = _DATE_OR_WORD.match(text, at)
        if found is None:
            raise _UnreadableError(at)
        return self.made(_word(found[0], at), depth)

    def array(self, start: int, depth: int) -> Node:
        node = self.made(Node(LIST, start, start + 1, style="["), depth)
        at = self.skip(_LINES, start + 1)
        while self.text[at : at + 1] != "]":
            item = self.value(at, depth + 1)
            item.parent, item.key = node, len(node.items)
            node.items.append(item)
            at = self.next_item(item.end, "]", start)
        node.last = at + 1
        return node

    def inline_table(self, start: int, depth: int) -> Node:
        node = self.made(Node(MAP, start, start + 1, style="{"), depth)
        at = self.skip(_LINES, start + 1)
        while self.text[at : at + 1] != "}":
            at = self.next_item(self.entry(at, node, depth), "}", start)
        node.last = at + 1
        return node

    def next_item(self, at: int, closing: str, start: int) -> int:
        """Return the offset of the next item, or of the closing bracket of what was opened at `start`."""
        at = self.skip(_LINES, at)
        char = self.text[at : at + 1]
        if char == ",":
            return self.skip(_LINES, at + 1)
        if char != closing:
            raise _UnreadableError(start)
        return at

    def string(self, at: int) -> Node:
        found = _STRING.match(self.text, at)
        if found is None:
            raise _UnreadableError(at)
        kind = found.lastgroup
        if kind in ("basic", "literal"):
            content, style = found[kind], found[0][0]
        else:
            style = found[0][:3]
            name = "basic" if style == '"""' else "literal"
            content = (found[f"{name}_lines"] + found[f"{name}_end"][3:]).replace("\r\n", "\n").removeprefix("\n")
        value = _ESCAPE.sub(_unescape, content) if style[0] == '"' else content
        return Node(STRING, at, found.end(), value, value, style)


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        return _ESCAPED[found[1]]
    digits = found[2] or found[3] or found[4]
    if not digits:  # a backslash at the end of a line joins it with the next
        return ""
    code = int(digits, 16)
    return chr(code) if code < 0x110000 else found[0]


def _word(text: str, at: int) -> Node:
    """Return a scalar without quotes."""
    end = at + len(text)
    if text in ("true", "false"):
        return Node(BOOL, at, end, text == "true", text)
    digits = text.replace("_", "")
    try:
        if _DATE.match(text):
            return Node(OTHER, at, end, text, text)
        if _INTEGER.match(text):
            kind, value = integer(int(digits, 0 if digits[1:2] in ("x", "o", "b") else 10))
            return Node(kind, at, end, value, text)
        return Node(FLOAT, at, end, float(digits), text)
    except ValueError:
        raise _UnreadableError(at) from None
