"""Finds the place of an offset in YAML's blocks by the indentation of lines, whatever else in the text is broken."""

from __future__ import annotations

import re

from hplint.ide.blank_lines import Gap, blank_places
from hplint.ide.brackets import scan
from hplint.ide.lines import (
    DOCUMENT,
    Lines,
    Token,
    end_of_flow,
    has_value,
    holders,
    indent_of,
    opens,
    step_of,
    width,
)
from hplint.ide.place import ITEM, KEY, VALUE, Place
from hplint.ide.schemas import Holder
from hplint.syntax.tree import LIST, MAP
from hplint.text import Edit, Span

_SLACK_KEY = re.compile(r"([\w.-]+):(?!//)")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]+)+")
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
        return () if text[begin:end].strip() else blank_places(lines, line, Gap(begin, offset, end))
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
        place = scan(lines.text, at, stop, offset, "flow", holders(lines, levels), lines.loader)
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
    path = holders(lines, levels)
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
    return (Place(VALUE, path, span, typed, "yaml", indent, step_of(lines), before=before),)


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
        path = (*holders(lines, levels[:-1]), item)
        indent = " " * (column + len(before))
        return (Place(ITEM, path, span, typed, "yaml", indent, step_of(lines), before=before, followed=followed),)
    levels = lines.levels(here, [token])
    edits: tuple[Edit, ...] = ()
    indent = text[lines.starts[here] : lines.firsts[here]]
    if len(levels) > 1 and levels[-2].kind is MAP and has_value(lines, levels[-2].token):
        if _begins_text(lines, levels[-2].token):
            return ()
        # Further in than its neighbours, whose values cannot hold a block: meant to stand beside them.
        levels = levels[:-1]
        indent = indent_of(lines, levels[-1])
        edits = (Edit(Span(lines.starts[here], lines.firsts[here]), indent),)
    path = (*holders(lines, levels[:-1]), Holder(MAP, lines.entries(levels[-1], at), None))
    is_new = len(path[-1].written) == 0 and len(path) > 1
    return (Place(KEY, path, span, typed, "yaml", indent, step_of(lines), is_new, followed=followed, edits=edits),)


def _partial_end(text: str, at: int, end: int) -> int:
    match = _WORD.match(text, at, end)
    return match.end() if match is not None else at


def _begins_text(lines: Lines, token: Token) -> bool:
    """Whether the value of a key is a quoted text that does not end on its line."""
    at = opens(lines, token, "\"'")
    if not at:
        return False
    end = lines.text.find("\n", at)
    close = lines.text.find(lines.text[at], at + 1)
    return 0 <= end < close
