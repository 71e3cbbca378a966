"""JSON: a tree with positions, in one pass without recursion.

The grammar is the one Python's json reads (so NaN and Infinity are numbers). Where a text departs from it, the reader
says what to do about it and, where the meaning is plain, reads on.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError

from hplint.syntax.embedded import EmbeddedText, scan_string
from hplint.syntax.tree import (
    BOOL,
    FLOAT,
    INTEGER,
    LIST,
    MAP,
    MAX_DEPTH,
    MAX_NODES,
    NULL,
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
    from typing import Any, NoReturn

MAX_PROBLEMS = 20

_NUMBER_PATTERN = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
# What follows a number or a word must end it, else `1.` and `truely` would be read by halves.
_ENDS = r'(?=[ \t\n\r,:\[\]{}"]|\Z)'
_TOKEN = re.compile(
    r'[ \t\n\r]*(?:"([^"\\\x00-\x1f]*)"'
    r"|([{}\[\],:])"
    rf"|({_NUMBER_PATTERN}){_ENDS}"
    rf"|(true|false|null|NaN|-?Infinity){_ENDS}"
    r"|(//[^\n\r]*|\#[^\n\r]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?)"
    r"|'((?:[^'\\\n\r]|\\[^\n\r])*)'"
    r"""|((?:[^\s,:\[\]{}"'/#\x00-\x1f\x7f\ufeff]|/(?![/*]))+)"""
    r"|(.))?"
)
_TEXT, _MARK, _NUMBER, _WORD, _COMMENT, _SINGLE_QUOTED, _BARE, _OTHER = range(1, 9)
_KEY = re.compile(r'[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*:')
_LONG = 300
"""How many digits an integer may have without a look at whether a float holds it."""
_IS_NUMBER = re.compile(_NUMBER_PATTERN)

_WORDS: dict[str, tuple[str, Any]] = {
    "true": (BOOL, True), "false": (BOOL, False), "null": (NULL, None),
    "NaN": (FLOAT, float("nan")), "Infinity": (FLOAT, float("inf")), "-Infinity": (FLOAT, float("-inf")),
}  # fmt: skip
# What Python and YAML write where JSON writes otherwise.
_FOREIGN_WORDS = {
    "True": "true", "TRUE": "true", "False": "false", "FALSE": "false", "None": "null", "Null": "null", "NULL": "null",
    "nan": "NaN", ".nan": "NaN", "inf": "Infinity", ".inf": "Infinity", "-inf": "-Infinity", "-.inf": "-Infinity",
}  # fmt: skip

_STRING_ON_ONE_LINE = re.compile(r'"((?:[^"\\\n\r]|\\[^\n\r])*)("?)')
_ESCAPE_OR_CONTROL = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))|\\|[\x00-\x1f]')
_ESCAPE_OR_QUOTE = re.compile(r'\\.|"')

# What the reader waits for.
_KEY_NEXT, _COLON_NEXT, _VALUE_NEXT, _COMMA_NEXT = range(4)


def parse(source: SourceText) -> Tree:
    """Return the tree of a JSON text. Never raises for the text's sake: what is wrong is in the tree's problems.

    A JSON string that holds a JSON object, as `json.dump(model.to_json(), file)` writes it, is read as that object,
    with its nodes placed in the outer text.
    """
    reader = _Reader(source)
    root = reader.read()
    problems = tuple(reader.problems)
    if root is not None and root.kind is STRING and not problems and root.value.lstrip(" \t\n\r").startswith("{"):
        held = _Reader(SourceText(root.value))
        inner = held.read()
        if inner is not None and not held.problems:
            _place(inner, EmbeddedText(source.text))
            return Tree(source, "json", (inner,), is_embedded=True)
    return Tree(source, "json", () if root is None else (root,), problems, not problems, nodes=reader.nodes)


def _place(root: Node, held: EmbeddedText) -> None:
    """Move all nodes from the held text to the outer one."""
    outer = held.outer
    for node in root.walk():
        node.first, node.last = outer(node.first), outer(node.last)
        for key, _ in node.entries:
            key.first, key.last = outer(key.first), outer(key.last)


class _StopReadingError(Exception):
    """What follows cannot be told apart from rubbish, or is too much."""


class _Reader:
    """Reads one text; `problems` says what is wrong with it."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.problems: list[Problem] = []
        self.stack: list[Node] = []
        self.root: Node | None = None
        self.key: Node | None = None
        self.nodes = 0

    def read(self) -> Node | None:
        """Return the value that the text holds, or as much of it as can be read; None if there is none."""
        try:
            self.read_tokens()
        except _StopReadingError:
            for node in reversed(self.stack):
                node.last = _last_end(node)
        return self.root

    def read_tokens(self) -> None:
        """Read to the end. The common case of each step comes first; whatever is odd is left to the other methods."""
        text, stack = self.text, self.stack
        token: Any = _TOKEN.match  # matches everywhere, if only the empty text at the end
        key_token: Any = _KEY.match
        at, state, nodes, comma = 0, _VALUE_NEXT, 0, -1
        top: Node | None = None
        while True:
            nodes += 1
            if nodes > MAX_NODES:
                message = f"more than {MAX_NODES:,} values; hplint reads no further"
                self.stop("too-large", message, at, at)
            if state is _KEY_NEXT:
                found: Any = key_token(text, at)
                if found is not None:
                    at = found.end()
                    start, end = found.span(1)
                    value = found[1]
                    self.key = node = Node(STRING, start - 1, end + 1, value, value, '"')
                    node.parent = top
                    nodes += 1
                    state = _VALUE_NEXT
            found = token(text, at)
            at = found.end()
            kind = found.lastindex
            opens = False
            if kind == _TEXT:
                value = found[1]
                start = found.start(1) - 1
                node = Node(STRING, start, at, value, value, '"')
            elif kind == _NUMBER:
                node = self.number(found[_NUMBER], found.start(_NUMBER), at)
            elif kind == _WORD:
                word = found[_WORD]
                node = Node(_WORDS[word][0], at - len(word), at, _WORDS[word][1], word)
            elif kind == _MARK:
                mark = text[at - 1]
                if mark in "{[":
                    opens = True
                    node = Node(MAP if mark == "{" else LIST, at - 1, at, style=mark)
                else:
                    nodes -= 1
                    if mark == ",":
                        state = self.read_comma(state, at - 1)
                        comma = at - 1
                    elif mark == ":":
                        state = self.read_colon(state, at - 1)
                    else:
                        state = self.close(MAP if mark == "}" else LIST, state, comma, at)
                        top = stack[-1] if stack else None
                    continue
            elif kind is None:
                self.nodes = nodes - 1
                return self.finish(state)
            else:
                odd, at = self.odd_token(found, kind)
                if odd is None:
                    continue
                node = odd

            if state is not _VALUE_NEXT:
                state = self.make_room(state, node, opens)
                if state is _COLON_NEXT:
                    continue
            node.parent = top
            if top is None:
                self.root = node
            elif top.kind is MAP:
                assert self.key is not None  # a map reaches _VALUE_NEXT by its key alone
                node.key = self.key
                top.entries.append((self.key, node))
            else:
                node.key = len(top.items)
                top.items.append(node)
            if opens:
                if len(stack) >= MAX_DEPTH:
                    message = f"nested more than {MAX_DEPTH} levels deep; hplint reads no further"
                    self.stop("too-deep", message, node.start, node.end)
                stack.append(node)
                top = node
                state = _KEY_NEXT if node.kind is MAP else _VALUE_NEXT
            elif top is not None and text[at : at + 1] == ",":
                comma = at
                at += 1
                state = _KEY_NEXT if top.kind is MAP else _VALUE_NEXT
            else:
                state = _COMMA_NEXT

    def report(self, message: str, start: int, end: int, replacement: str | None = None) -> None:
        """Note a problem; the reading stops when there are very many."""
        self.problems.append(Problem("invalid-json", message, Span(start, end), replacement))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _StopReadingError

    def stop(self, kind: str, message: str, start: int, end: int) -> NoReturn:
        """Note a problem behind which nothing can be read."""
        self.problems.append(Problem(kind, message, Span(start, end)))
        raise _StopReadingError

    def opened(self, node: Node) -> str:
        """Name an open bracket for a message."""
        return f"the '{node.style}' of line {self.source.position(node.start).line}"

    def make_room(self, state: int, node: Node, opens: bool) -> int:
        """Deal with a value where none is expected yet; returns the new state, _COLON_NEXT if it was a key."""
        if state is _COMMA_NEXT:
            if not self.stack:
                message = "there is more text after the end of the config; JSON holds a single value"
                self.stop("invalid-json", message, node.start, node.end)
            end = _last_end(self.stack[-1])
            self.report("a comma is missing here", end, end, ",")
            state = self.after_comma()
        if state is _KEY_NEXT:
            if opens:
                self.stop("invalid-json", "a key in double quotes is expected here", node.start, node.end)
            if node.kind is not STRING:
                quoted = f'"{node.text}"'
                self.report(f"a key must be text; write {quoted}", node.start, node.end, quoted)
            self.key = Node(STRING, node.start, node.end, node.text, node.text, node.style)
            self.key.parent = self.stack[-1]
            return _COLON_NEXT
        if state is _COLON_NEXT:
            assert self.key is not None
            self.report(f"':' is missing after the key {self.key.text!r}", self.key.end, self.key.end, ":")
        return _VALUE_NEXT

    def after_comma(self) -> int:
        return _KEY_NEXT if self.stack[-1].kind is MAP else _VALUE_NEXT

    def read_comma(self, state: int, at: int) -> int:
        if not self.stack:
            message = "this comma has nothing to separate; remove it"
            self.report(message, at, at + 1, "")
            return state
        state = self.fill_value(state, at)
        if state is not _COMMA_NEXT:
            self.report("a comma with no value before it; remove it", at, at + 1, "")
            return state
        return self.after_comma()

    def read_colon(self, state: int, at: int) -> int:
        if state is _COLON_NEXT:
            return _VALUE_NEXT
        if self.stack and self.stack[-1].kind is LIST:
            self.report("a ':' in a list; keys and values belong between '{' and '}'", at, at + 1)
            return _VALUE_NEXT if state is _COMMA_NEXT else state
        self.report("a ':' that follows no key; remove it or write the key in double quotes", at, at + 1)
        return state

    def fill_value(self, state: int, at: int) -> int:
        """Give a key without a value null, so that the rest of the map can be read; returns the new state."""
        top = self.stack[-1]
        if top.kind is LIST or state in (_KEY_NEXT, _COMMA_NEXT):
            return state
        assert self.key is not None
        self.report(f"the key {self.key.text!r} has no value", self.key.start, self.key.end)
        node = Node(NULL, at, at)
        node.parent, node.key = top, self.key
        top.entries.append((self.key, node))
        return _COMMA_NEXT

    def close(self, kind: str, state: int, comma: int, end: int) -> int:
        """Close the innermost map or list, which `kind` should be; returns the new state."""
        stack = self.stack
        if state is _COMMA_NEXT and stack and stack[-1].kind is kind:
            stack.pop().last = end
            return state
        at = end - 1
        if not any(node.kind is kind for node in stack):
            self.report(f"this '{self.text[at]}' closes nothing; remove it", at, end, "")
            return state
        if state is not _COMMA_NEXT:
            state = self.fill_value(state, at)
            if state is not _COMMA_NEXT and comma >= _last_end(stack[-1]) > stack[-1].start + 1:
                self.report("a comma after the last value; remove it", comma, comma + 1, "")
        while stack[-1].kind is not kind:
            node = stack.pop()
            node.last = _last_end(node)
            bracket = "}" if node.kind is MAP else "]"
            one = stack[-1].kind is kind
            message = f"{self.opened(node)} is not closed before this '{self.text[at]}'; add '{bracket}'"
            self.report(message, at, at if one else end, bracket if one else None)
        stack.pop().last = end
        return _COMMA_NEXT

    def finish(self, state: int) -> None:
        """Look at how the text ends."""
        end = len(self.text)
        if self.stack:
            self.fill_value(state, end)
            node = self.stack[0]
            bracket = "}" if node.kind is MAP else "]"
            message = f"the text ends before {self.opened(node)} is closed; add '{bracket}'"
            self.stop("invalid-json", message, node.start, node.start + 1)
        if self.root is None:
            self.report("there is no value in this file", 0, 0)

    def number(self, word: str, start: int, end: int) -> Node:
        if word.isdigit() or word[1:].isdigit():
            try:
                kind, value = (INTEGER, int(word)) if len(word) < _LONG else integer(int(word))
                return Node(kind, start, end, value, word)
            except ValueError:  # Python's limit against quadratic time
                message = f"an integer of {len(word):,} digits, more than Python's json reads"
                self.report(message, start, end)
                return Node(OTHER, start, end, word, word)
        return Node(FLOAT, start, end, float(word), word)

    def odd_token(self, found: Any, kind: int) -> tuple[Node | None, int]:
        """Return the value of a token that is no plain JSON, None if it has none, and where to read on."""
        start, end = found.span(kind)
        word: str = found[kind]
        if kind == _COMMENT:
            self.report("a comment; JSON has none, remove it", start, end, "")
            return None, end
        if kind == _BARE:
            return self.bare_word(word, start, end), end
        if kind == _SINGLE_QUOTED:
            requoted = {"\\'": "'", '"': '\\"'}
            value, mended = _lenient(_ESCAPE_OR_QUOTE.sub(lambda one: requoted.get(one[0], one[0]), word))
            message = "text in single quotes; JSON puts text in double quotes"
            self.report(message, start - 1, end + 1, f'"{mended}"')
            return Node(STRING, start - 1, end + 1, value, value, "'"), end + 1
        if word == '"':
            return self.string(start)
        if word == "'":
            self.report("a quote is opened and not closed on this line; JSON puts text in double quotes", start, end)
        else:
            message = f"the character U+{ord(word):04X} has no place in JSON; remove it"
            self.report(message, start, end, " " if word.isspace() else "")
        return None, end

    def bare_word(self, word: str, start: int, end: int) -> Node:
        """Read text outside of quotes."""
        if _IS_NUMBER.fullmatch(word):  # one with a comment straight behind it
            return self.number(word, start, end)
        spelt = word if word in _WORDS else _FOREIGN_WORDS.get(word)
        if spelt is not None:
            if spelt != word:
                self.report(f"'{word}' is written {spelt} in JSON", start, end, spelt)
            return Node(_WORDS[spelt][0], start, end, _WORDS[spelt][1], word)
        number = _python_number(word)
        if number is not None:
            kind, value = integer(number) if isinstance(number, int) else (FLOAT, number)
            spelt = repr(value)
            self.report(f"'{word}' is no number in JSON; write {spelt}", start, end, spelt)
            return Node(kind, start, end, value, word)
        quoted = '"' + word.replace("\\", "\\\\") + '"'
        self.report(f"text without quotes; write {quoted}", start, end, quoted)
        return Node(STRING, start, end, word, word)

    def string(self, start: int) -> tuple[Node, int]:
        """Return the string that begins at `start`, one with escapes or a broken one, and its end."""
        try:
            value, end = scan_string(self.text, start + 1)
        except JSONDecodeError:
            return self.broken_string(start)
        return Node(STRING, start, end, value, value, '"'), end

    def broken_string(self, start: int) -> tuple[Node, int]:
        found: Any = _STRING_ON_ONE_LINE.match(self.text, start)  # it begins with a quote
        content, closing = found.groups()
        end = found.end()
        if not closing:
            # Most often the quote alone is forgotten, not the comma behind it.
            content = content.rstrip(" \t").removesuffix(",")
            end = start + 1 + len(content)
            self.report("a quote is opened and not closed on this line; add '\"'", start, end)
        value, mended = _lenient(content)
        if closing:
            message = "a backslash or control character that JSON does not allow in text; write '\\\\' for a backslash"
            self.report(message, start, end, f'"{mended}"')
        return Node(STRING, start, end, value, value, '"'), end


def _last_end(node: Node) -> int:
    """Return where the last value in a collection ends; the end of its opening bracket if it is empty."""
    if node.kind is MAP:
        return node.entries[-1][1].end if node.entries else node.start + 1
    return node.items[-1].end if node.items else node.start + 1


def _lenient(content: str) -> tuple[str, str]:
    """Return the value of a string's content despite wrong escapes and control characters, and the content mended."""

    def mend(found: re.Match[str]) -> str:
        return found[1] or ("\\\\" if found[0] == "\\" else {"\t": "\\t"}.get(found[0], f"\\u{ord(found[0]):04x}"))

    mended = _ESCAPE_OR_CONTROL.sub(mend, content)
    value = scan_string(mended + '"', 0)[0]
    return value, mended


def _python_number(word: str) -> int | float | None:
    """Return the number that Python's syntax, but not JSON's, sees in `word`; None if there is none."""
    if not word.isascii() or word.lstrip("+-")[:1] not in tuple("0123456789."):
        return None
    try:
        return int(word, 16 if "x" in word.lower() else 10)
    except ValueError:
        try:
            return float(word)
        except ValueError:
            return None
