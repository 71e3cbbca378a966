"""The lines of a YAML text with their columns, dashes and keys: what a reader sees of it even while it is broken.

Lines are read closely only when somebody asks, so a long file costs little. Conflict marks, comments and blank lines do
not count as lines; a tab counts as one level.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from hplint.ide.schemas import Holder
from hplint.records import record
from hplint.syntax import scalars
from hplint.syntax.tree import LIST, MAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LINE = re.compile(r"(?m)^(?!(?:<{7}|={7}|>{7}|\|{7})(?: |$))([ \t]*)(?=[^\s#])")
DOCUMENT = re.compile(r"(?m)^(?:---|\.\.\.)(?=\s|$)")
_DASH = re.compile(r"-(?:[ \t]+|(?=\n|$))")
_KEY = re.compile(  # no two parts can take the same white space, so that a long line costs no more than its length
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|"""
    r"""[^\s?:,\[\]{}#&*!|>'"%@`](?:[^\s:#]|[ \t]+(?=[^\s:#])|:(?=[^\s])|(?<=\S)\#)*)[ \t]*:(?=[ \t\n]|$)"""
)
_ANY_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]*)+")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]+)+")
_SCALAR = re.compile(r"""("[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*(?:''[^'\n]*)*')|([^\n#]*(?:(?<=\S)\#[^\n#]*)*)""")
_LONGEST_KEY = 1024
"""How long a key may be that stands on one line (YAML 1.2.2, section 8.2.2); looking for its end costs memory."""
_TAB = 2


@record
class Token:
    """A dash or a key with its colon. `value` is where what it leads to begins, `end` where its own text ends."""

    kind: str
    column: int
    start: int
    end: int
    value: int
    key: str


@record
class Level:
    """A block that is open at a line: the column its entries begin in, and the entry that leads on."""

    kind: str
    column: int
    line: int
    token: Token


class Lines:
    """The lines of one document of a YAML text that say something, with their columns."""

    def __init__(self, text: str, start: int, stop: int, loader: str = "pyyaml") -> None:
        self.text = text
        self.start, self.stop = start, stop
        self.loader = loader
        spans = [match.span() for match in _LINE.finditer(text, start, stop)]
        self.starts = [begin for begin, _ in spans]
        self.firsts = [first for _, first in spans]
        if text.find("\t", start, stop) < 0:
            self.columns = [first - begin for begin, first in spans]
        else:
            self.columns = [width(text[begin:first]) for begin, first in spans]
        self.known: dict[int, list[Token]] = {}

    def tokens(self, line: int) -> list[Token]:
        """Return the dashes and the key that a line begins with."""
        if line not in self.known:
            self.known[line] = self.read(self.firsts[line], self.columns[line])
        return self.known[line]

    def read(self, at: int, column: int) -> list[Token]:
        """Return the dashes and the key that stand at an offset."""
        found: list[Token] = []
        dash = _DASH.match(self.text, at, self.stop)
        while dash is not None and len(found) < 50:
            found.append(Token(LIST, column, at, at + 1, dash.end(), ""))
            column += width(dash.group())
            at = dash.end()
            dash = _DASH.match(self.text, at, self.stop)
        key = _KEY.match(self.text, at, min(self.stop, at + _LONGEST_KEY + 2))
        if key is not None:
            value = key.end()
            while value < self.stop and self.text[value] in " \t":
                value += 1
            found.append(Token(MAP, column, at, key.end(1), value, _unquoted(key.group(1))))
        return found

    def line_of(self, offset: int) -> int:
        """Return the line that begins last before `offset`, -1 if there is none."""
        return bisect_right(self.starts, offset) - 1

    def levels(self, line: int, first: list[Token]) -> list[Level]:
        """Return the blocks that are open behind the tokens `first` of a line, from the outermost inwards."""
        found: list[Level] = []
        key_limit = dash_limit = 1 << 30
        while line >= 0:
            column = self.columns[line]
            is_sibling = column >= dash_limit and self.text.startswith("-", self.firsts[line])
            if first or (column < key_limit and not is_sibling):
                for token in reversed(first or self.tokens(line)):
                    if token.column < (key_limit if token.kind is MAP else dash_limit):
                        found.append(Level(token.kind, token.column, line, token))
                        dash_limit = token.column
                        key_limit = token.column + (token.kind is LIST)
                first = []
            if key_limit <= 0:
                break
            line -= 1
        found.reverse()
        return found

    def entries(self, level: Level, but: int = -1) -> dict[str, Any]:
        """Return the keys of a block with their scalar values; the key that begins at offset `but` is left out."""
        found: dict[str, Any] = {}
        for token in self.siblings(level):
            if token.start != but:
                found[token.key] = self.scalar(token)
        return found

    def siblings(self, level: Level) -> list[Token]:
        """Return the keys of a block, or the dashes of a list."""
        found = []
        column = level.column
        line = level.line
        own_dash = self.tokens_before(line, column)
        if not own_dash:  # the block may have begun above
            line -= 1
            while line >= 0 and self.columns[line] >= column:
                if self.columns[line] == column:
                    here = self.tokens(line)
                    found += [token for token in here if token.column == column and token.kind is level.kind]
                line -= 1
            if line >= 0 and level.kind is MAP:  # or behind a dash
                found += [
                    token for token in self.tokens(line) if token.column == column and self.columns[line] < column
                    and token.kind is MAP and self.tokens(line)[0].kind is LIST
                ]  # fmt: skip
        found += [token for token in self.tokens(level.line) if token.column == column and token.kind is level.kind]
        line = level.line + 1
        while line < len(self.columns) and self.columns[line] >= column:
            if self.columns[line] == column:
                here = [token for token in self.tokens(line) if token.column == column]
                if level.kind is MAP and here and here[0].kind is LIST and not own_dash:
                    line += 1  # a list at the column of its key
                    continue
                found += [token for token in here if token.kind is level.kind]
            line += 1
        return found

    def tokens_before(self, line: int, column: int) -> bool:
        """Whether the entry in `column` of a line stands behind a dash, and so begins its block."""
        return self.columns[line] < column

    def scalar(self, token: Token) -> Any:
        """Return the scalar that a key leads to, None for anything else."""
        at = token.value
        if at >= self.stop or self.text[at] in "\n#[{|>*&!":
            return None
        match = _SCALAR.match(self.text, at, self.stop)
        if match is None:
            return None
        if match.group(1):
            return match.group(1)[1:-1]
        words = match.group(2).strip()
        return scalars.RESOLVERS[self.loader](words)[1] if words else None


def width(indent: str) -> int:
    """Return the number of columns that white space, or a dash with its white space, takes."""
    return len(indent.expandtabs(_TAB)) if "\t" in indent else len(indent)


def _unquoted(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] in "\"'" and word[-1] == word[0] else word


def documents(text: str) -> list[tuple[int, int]]:
    """Return where the documents of a text begin and end; those without any text are left out."""
    ends = [(match.start(), match.end()) for match in DOCUMENT.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    return [(start, stop) for start, stop in zip(starts, stops) if not text[start:stop].isspace() and start < stop]


def opens(lines: Lines, token: Token, marks: str) -> int:
    """Return where one of `marks` begins the value of a token, behind anchor and tag; 0 if none does."""
    at = token.value
    properties = _PROPERTIES.match(lines.text, at, lines.stop)
    at = properties.end() if properties is not None else at
    return at if at < lines.stop and lines.text[at] in marks else 0


def end_of_flow(lines: Lines, owner: int, column: int) -> int:
    """Return where a bracket that opens on a line has to end at the latest."""
    for line in range(owner + 1, len(lines.columns)):
        if lines.columns[line] <= column and lines.text[lines.firsts[line]] not in "]}":
            return lines.starts[line]
    return lines.stop


def holders(lines: Lines, levels: list[Level], but: int = -1) -> tuple[Holder, ...]:
    """Return the open blocks as holders, each with the key that leads on."""
    return tuple(
        Holder(LIST, {}, None)
        if level.kind is LIST
        else Holder(
            MAP,
            {key: value for key, value in lines.entries(level, but).items() if key != level.token.key},
            level.token.key,
        )
        for level in levels
    )


def has_value(lines: Lines, token: Token) -> bool:
    """Whether a key has a value on its own line, so that no block can follow."""
    at = token.value
    properties = _ANY_PROPERTIES.match(lines.text, at, lines.stop)
    at = properties.end() if properties is not None else at
    return at < lines.stop and lines.text[at] not in "\n#"


def indent_of(lines: Lines, level: Level) -> str:
    """Return what stands before an entry of a block, with spaces in the place of dashes."""
    start, first = lines.starts[level.line], lines.firsts[level.line]
    indent = lines.text[start:first]
    return indent + " " * (level.column - lines.columns[level.line])


def step_of(lines: Lines) -> str:
    """Return one level of the document's indentation: that of its first nested line."""
    for line in range(1, min(len(lines.columns), 400)):
        width = lines.columns[line] - lines.columns[line - 1]
        if 1 <= width <= 8 and lines.tokens(line - 1) and not has_value(lines, lines.tokens(line - 1)[-1]):
            return "\t" if lines.text[lines.starts[line]] == "\t" else " " * width
    return "  "
