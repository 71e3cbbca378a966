"""Finds the place of an offset in YAML's blocks by the indentation of lines, whatever else in the text is broken."""

from __future__ import annotations

import re

from hplint.ide.brackets import scan
from hplint.ide.lines import DOCUMENT, Level, Lines, Token, end_of_flow, opens, width
from hplint.ide.place import ITEM, KEY, VALUE, Place
from hplint.ide.schemas import Holder
from hplint.syntax.tree import LIST, MAP
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SLACK_KEY = re.compile(r"([\w.-]+):(?!//)")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]+)+")
_ANY_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]*)+")
_WORD = re.compile(r"""["'](?:[^\n"'])*["']?|[^\s,:#"']+""")


def yaml_places(text: str, offset: int) -> tuple[Place, ...]:
    """Return what may be being written at `offset`, most likely first."""
    start, stop = _document(text, offset)
    if offset < start:
        return ()
    lines = Lines(text, start, stop)
    begin = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    line = lines.line_of(offset)
    here = line if line >= 0 and lines.starts[line] == begin else -1
    found = _in_brackets(lines, line, here, begin, offset)
    if found is not None:
        return (found,)
    if _is_in_comment(text, begin, offset) or _is_in_block_scalar(lines, line, here, begin, offset):
        return ()
    if here < 0:
        return () if text[begin:end].strip() else _blank(lines, line, begin, offset, end)
    return _on_line(lines, here, offset, end)


def _document(text: str, offset: int) -> tuple[int, int]:
    """Return where the YAML document around `offset` begins and ends."""
    start, stop = 0, len(text)
    for match in DOCUMENT.finditer(text):
        if match.end() <= offset:
            start = match.end()
        else:
            stop = match.start()
            break
    return start, stop


def _is_in_comment(text: str, begin: int, offset: int) -> bool:
    """Whether a comment has begun on the line before `offset`."""
    quote = ""
    for index in range(begin, offset):
        char = text[index]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and (index == begin or text[index - 1] in " \t[{,:"):
            quote = char
        elif char == "#" and (index == begin or text[index - 1] in " \t"):
            return True
    return False


def _owners(lines: Lines, line: int, limit: int) -> list[int]:
    """Return the lines above that stand further and further out, nearest first; only they can hold what is below."""
    found = []
    while line >= 0 and limit > 0:
        if lines.columns[line] < limit:
            found.append(line)
            limit = lines.columns[line]
        line -= 1
    return found


def _is_in_block_scalar(lines: Lines, line: int, here: int, begin: int, offset: int) -> bool:
    """Whether the offset is in a text of several lines, introduced by "|" or ">"."""
    blank = width(lines.text[begin:offset]) if here < 0 else lines.columns[here]
    for owner in _owners(lines, line if here < 0 else here - 1, blank):
        tokens = lines.tokens(owner)
        if tokens and tokens[-1].column < blank and opens(lines, tokens[-1], "|>"):
            return True
    return False


def _in_brackets(lines: Lines, line: int, here: int, begin: int, offset: int) -> Place | None:
    """Return the place inside a flow collection, None outside of any.

    The line on which the outermost bracket opens stands further out than all lines between, which tells it even where
    the bracket is never closed: such a bracket ends before the next line that stands no further in.
    """
    if here >= 0:
        closing = lines.text[lines.firsts[here]] in "]}"
        candidates = [here, *_owners(lines, here - 1, lines.columns[here] + closing)]
    else:
        candidates = _owners(lines, line, 1 << 30)
    closes: bool | None = None  # asked of the outermost bracket only: it decides for those inside it
    for owner in reversed(candidates):
        at = _opening(lines, owner)
        if at is None or at >= offset:
            continue
        tokens = lines.tokens(owner)
        column = lines.columns[owner] if tokens else -1
        stop = end_of_flow(lines, owner, column)
        is_outside = here < 0 and width(lines.text[begin:offset]) <= column
        if is_outside and closes is None:
            closes = _closes(lines, at, stop)
        if (here < 0 and offset > stop) or (is_outside and not closes):
            continue
        levels = lines.levels(owner, tokens) if tokens else lines.levels(owner - 1, [])
        place = scan(lines.text, at, stop, offset, "flow", _holders(lines, levels), lines.loader)
        if place is not None:
            return place
    return None


def _opening(lines: Lines, line: int) -> int | None:
    """Return where a bracket opens on a line, as a value or at its beginning; None where none does."""
    tokens = lines.tokens(line)
    if tokens:
        return opens(lines, tokens[-1], "[{") or None
    return lines.firsts[line] if lines.text[lines.firsts[line]] in "[{" else None


def _closes(lines: Lines, at: int, stop: int) -> bool:
    """Whether the bracket that opens at `at` is closed before `stop`."""
    return scan(lines.text, at, stop, stop, "flow") is None


def _holders(lines: Lines, levels: list[Level], but: int = -1) -> tuple[Holder, ...]:
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


def _on_line(lines: Lines, here: int, offset: int, end: int) -> tuple[Place, ...]:
    """Return the place on a line that has something on it."""
    text = lines.text
    if offset < lines.firsts[here]:
        return ()
    tokens = [token for token in lines.tokens(here) if token.start < offset or token.kind is MAP]
    dashes = [token for token in tokens if token.kind is LIST and token.start < offset]
    key = next((token for token in tokens if token.kind is MAP), None)
    if key is None:
        slack = _SLACK_KEY.match(text, dashes[-1].value if dashes else lines.firsts[here], end)
        if slack is not None and slack.end() <= offset:
            column = _column(lines, here, slack.start())
            key = Token(MAP, column, slack.start(), slack.end(1), slack.end(), slack.group(1))
    if key is not None and offset > key.end:
        return _value(lines, here, [*dashes, key], offset, end)
    if dashes and offset < dashes[-1].end:
        return ()
    return _key(lines, here, dashes, key, offset, end)


def _column(lines: Lines, line: int, offset: int) -> int:
    return lines.columns[line] + offset - lines.firsts[line]


def _value(lines: Lines, here: int, tokens: list[Token], offset: int, end: int) -> tuple[Place, ...]:
    """Return the place of the value of a key."""
    text = lines.text
    key = tokens[-1]
    colon = text.index(":", key.end)
    if offset <= colon:
        return ()
    properties = _PROPERTIES.match(text, key.value, lines.stop)
    at = max(properties.end(), key.value) if properties is not None else key.value
    levels = lines.levels(here, tokens)
    path = _holders(lines, levels)
    before = ""
    if offset < at or at >= end:  # nothing yet, or in the room before it
        span = Span(offset, offset)
        before = "" if text[offset - 1].isspace() else " "
        if at < end and text[at] not in "#\n" and offset < at:
            span = Span(offset, _word_end(text, at, end))
    else:
        if text[at] in "|>" or (text[at] == "#" and text[at - 1].isspace()):
            return ()
        span = Span(at, max(offset, _word_end(text, at, end)))
        before = "" if at > colon + 1 or at == offset else " "
    if span.start == colon + 1:
        before = " "
    typed = text[span.start : offset].lstrip("\"'") if span.start <= offset else ""
    indent = " " * key.column
    return (Place(VALUE, path, span, typed, "yaml", indent, _step(lines), before=before),)


def _word_end(text: str, at: int, end: int) -> int:
    """Return where the scalar that begins at `at` ends on its line: at a closing quote, or before a comment."""
    if text[at] in "\"'":
        close = text.find(text[at], at + 1, end)
        if close >= 0:
            return close + 1
    comment = text.find(" #", at, end)
    stop = end if comment < 0 else comment
    return at + len(text[at:stop].rstrip())


def _key(lines: Lines, here: int, dashes: list[Token], key: Token | None, offset: int, end: int) -> tuple[Place, ...]:
    """Return the place of a key, or of an item that a dash introduces."""
    text = lines.text
    at = key.start if key is not None else (dashes[-1].value if dashes else lines.firsts[here])
    at = min(at, offset)
    if key is None and any(char.isspace() for char in text[at:offset]):
        return ()  # words of a text that goes on over several lines, and no key
    stop = key.end if key is not None else max(offset, _partial_end(text, at, end))
    span = Span(at, stop)
    typed = text[at:offset].lstrip("\"'")
    column = key.column if key is not None else _column(lines, here, at)
    if dashes and key is None:
        column = dashes[-1].column + width(text[dashes[-1].start : at])
    before = " " if dashes and at == dashes[-1].end else ""
    followed = key is not None
    token = Token(MAP, column, at, stop, stop, text[at:stop])
    if dashes:
        levels = lines.levels(here, [*dashes, token])
        own = levels[-1]
        item = Holder(MAP, lines.entries(own, at), None) if own.kind is MAP else Holder(MAP, {}, None)
        path = (*_holders(lines, levels[:-1]), item)
        indent = " " * (column + len(before))
        return (Place(ITEM, path, span, typed, "yaml", indent, _step(lines), before=before, followed=followed),)
    levels = lines.levels(here, [token])
    edits: tuple[Edit, ...] = ()
    indent = text[lines.starts[here] : lines.firsts[here]]
    if len(levels) > 1 and levels[-2].kind is MAP and _has_value(lines, levels[-2].token):
        if _begins_text(lines, levels[-2].token):
            return ()
        # Further in than its neighbours, whose values cannot hold a block: meant to stand beside them.
        levels = levels[:-1]
        indent = _indent_of(lines, levels[-1])
        edits = (Edit(Span(lines.starts[here], lines.firsts[here]), indent),)
    path = (*_holders(lines, levels[:-1]), Holder(MAP, lines.entries(levels[-1], at), None))
    is_new = len(path[-1].written) == 0 and len(path) > 1
    return (Place(KEY, path, span, typed, "yaml", indent, _step(lines), is_new, followed=followed, edits=edits),)


def _partial_end(text: str, at: int, end: int) -> int:
    match = _WORD.match(text, at, end)
    return match.end() if match is not None else at


def _has_value(lines: Lines, token: Token) -> bool:
    """Whether a key has a value on its own line, so that no block can follow."""
    at = token.value
    properties = _ANY_PROPERTIES.match(lines.text, at, lines.stop)
    at = properties.end() if properties is not None else at
    return at < lines.stop and lines.text[at] not in "\n#"


def _begins_text(lines: Lines, token: Token) -> bool:
    """Whether the value of a key is a quoted text that does not end on its line."""
    at = opens(lines, token, "\"'")
    if not at:
        return False
    end = lines.text.find("\n", at)
    close = lines.text.find(lines.text[at], at + 1)
    return 0 <= end < close


def _indent_of(lines: Lines, level: Level) -> str:
    """Return what stands before an entry of a block, with spaces in the place of dashes."""
    start, first = lines.starts[level.line], lines.firsts[level.line]
    indent = lines.text[start:first]
    return indent + " " * (level.column - lines.columns[level.line])


def _step(lines: Lines) -> str:
    """Return one level of the document's indentation: that of its first nested line."""
    for line in range(1, min(len(lines.columns), 400)):
        width = lines.columns[line] - lines.columns[line - 1]
        if 1 <= width <= 8 and lines.tokens(line - 1) and not _has_value(lines, lines.tokens(line - 1)[-1]):
            return "\t" if lines.text[lines.starts[line]] == "\t" else " " * width
    return "  "


def _blank(lines: Lines, line: int, begin: int, offset: int, end: int) -> tuple[Place, ...]:
    """Return the places on a blank line: what its indentation, the line above and the line below leave."""
    text = lines.text
    column = width(text[begin:offset])
    span = Span(offset, end)
    step = _step(lines)
    if line < 0:  # above everything
        root = Holder(MAP, {}, None)
        indent, before = text[begin:offset], ""
        edits: tuple[Edit, ...] = ()
        if lines.columns:
            root = Holder(MAP, lines.entries(Level(MAP, lines.columns[0], 0, _NO_TOKEN)), None)
            indent = text[lines.starts[0] : lines.firsts[0]]
            edits, before = _shifted(lines, begin, offset, indent)
        return (Place(KEY, (root,), span, "", "yaml", indent, step, before=before, edits=edits),)
    levels = lines.levels(line, list(lines.tokens(line)))
    if not levels:
        return ()
    last = levels[-1].token
    below = lines.columns[line + 1] if line + 1 < len(lines.columns) else -1
    is_open = not _has_value(lines, last)
    if (
        is_open
        and (column > last.column or below > last.column)
        and not (last.kind is MAP and below == last.column and column <= last.column and _begins_list(lines, line + 1))
    ):
        wanted = below if below > last.column else column
        return _fresh(lines, levels, line, wanted, column, begin, offset, end, step)
    if below > column and any(level.column == below for level in levels):
        column = below
    chosen = [level for index, level in enumerate(levels) if column > _owner_column(levels, index)]
    innermost = chosen[-1] if chosen else levels[0]
    index = levels.index(innermost)
    found = [_beside(lines, levels, index, begin, offset, span, step)]
    if innermost.kind is LIST and index > 0 and levels[index - 1].column == innermost.column:
        found.append(_beside(lines, levels, index - 1, begin, offset, span, step))
    return tuple(found)


_NO_TOKEN = Token(MAP, 0, -1, -1, -1, "")


def _begins_list(lines: Lines, line: int) -> bool:
    tokens = lines.tokens(line)
    return bool(tokens) and tokens[0].kind is LIST


def _owner_column(levels: list[Level], index: int) -> int:
    """Return the column a line has to stand further in than, to belong to a block."""
    if index == 0:
        return -1
    outer = levels[index - 1].column
    return outer - 1 if levels[index].kind is LIST and outer == levels[index].column else outer


def _beside(lines: Lines, levels: list[Level], index: int, begin: int, offset: int, span: Span, step: str) -> Place:
    """Return the place of a further entry of an open block."""
    level = levels[index]
    indent = _indent_of(lines, level)
    edits, before = _shifted(lines, begin, offset, indent)
    outer = _holders(lines, levels[:index])
    if level.kind is LIST:
        path = (*outer, Holder(LIST, {}, None), Holder(MAP, {}, None))
        return Place(ITEM, path, span, "", "yaml", indent + "  ", step, head="- ", before=before, edits=edits)
    path = (*outer, Holder(MAP, lines.entries(level), None))
    return Place(KEY, path, span, "", "yaml", indent, step, before=before, edits=edits)


def _shifted(lines: Lines, begin: int, offset: int, indent: str) -> tuple[tuple[Edit, ...], str]:
    """Return how a blank line gets its indentation: by an edit before the text, or with the text itself."""
    if begin == offset:
        return (), indent
    return (() if lines.text[begin:offset] == indent else (Edit(Span(begin, offset), indent),)), ""


def _fresh(
    lines: Lines,
    levels: list[Level],
    line: int,
    wanted: int,
    column: int,
    begin: int,
    offset: int,
    end: int,
    step: str,
) -> tuple[Place, ...]:
    """Return the place of an entry below a key or dash that has nothing yet, or whose entries begin further down."""
    last = levels[-1].token
    indent = lines.text[begin:offset]
    below = line + 1
    written: dict[str, Any] = {}
    is_new = True
    if below < len(lines.columns) and lines.columns[below] == wanted > last.column:
        tokens = lines.tokens(below)
        indent = lines.text[lines.starts[below] : lines.firsts[below]]
        is_new = not tokens
        if tokens and tokens[0].kind is MAP:
            written = lines.entries(Level(MAP, wanted, below, tokens[0]))
        elif tokens:
            path = (*_holders(lines, levels), Holder(LIST, {}, None), Holder(MAP, {}, None))
            edits, before = _shifted(lines, begin, offset, indent)
            return (
                Place(
                    ITEM,
                    path,
                    Span(offset, end),
                    "",
                    "yaml",
                    indent + "  ",
                    step,
                    head="- ",
                    before=before,
                    edits=edits,
                ),
            )
    elif last.kind is MAP and column <= last.column:
        return ()
    path = (*_holders(lines, levels), Holder(MAP, written, None))
    edits, before = _shifted(lines, begin, offset, indent)
    role = ITEM if last.kind is LIST else KEY
    return (Place(role, path, Span(offset, end), "", "yaml", indent, step, is_new, before=before, edits=edits),)
