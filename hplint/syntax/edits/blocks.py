"""Edits in YAML's block style, where lines and indentation carry the structure."""

from __future__ import annotations

import re

from hplint.records import record
from hplint.syntax.edits import spelling
from hplint.syntax.tree import LIST, MAP, Node
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# YAML 1.1, which libyaml reads, breaks lines at Unicode's line breaks too.
_BREAKS = "\r\n\x85\u2028\u2029"
_BREAK = f"\r\n|[{_BREAKS}]"
_LINE_END = f"(?=[{_BREAKS}])|\\Z"
_REST_OF_LINE = r"(?s)[ \t]*|[ \t]+#.*"
_LINE_PREFIX = r" *(?:[-:][ \t]+)*"
_BLANK_LINES = f"(?:[ \t]*(?:\r\n|[{_BREAKS}]))*[ \t]*"
_COLON = r"\s*:"
_COMMENT_LINES = f"(?:[ \t]*|[ \t]+#[^{_BREAKS}]*)(?:(?:\r\n|[{_BREAKS}])[ \t]*(?:#[^{_BREAKS}]*)?)+"
_TO_DASH = f"(?:[&!][^\\s]*)?(?:[ \t]|(?:\r\n|[{_BREAKS}])|#[^{_BREAKS}]*)*(?=-(?:\\s|\\Z))"
_HEADER = r"[|>][-+0-9]*([ \t]+#[^\r\n\x85\u2028\u2029]*)?"


def is_block(node: Node) -> bool:
    """Whether a collection is written in block style."""
    return not node.style and not node.is_alias


def line_start(text: str, at: int) -> int:
    """Return where the line of `at` begins."""
    return max(text.rfind(mark, 0, at) for mark in _BREAKS) + 1


def line_end(text: str, at: int) -> int:
    """Return where the line of `at` ends, before its line break."""
    found = re.compile(_LINE_END).search(text, at)
    return found.start() if found is not None else len(text)


def after_break(text: str, at: int) -> int:
    """Return the offset behind the line break at `at`; `at` itself at the end of the text."""
    found = re.compile(_BREAK).match(text, at)
    return found.end() if found is not None else at


def column(text: str, at: int) -> int:
    """Return the number of characters before `at` in its line."""
    return at - line_start(text, at)


def last_leaf(node: Node) -> Node:
    """Return the last scalar, alias or flow collection of a block collection."""
    while is_block(node) and (node.entries or node.items):
        node = node.entries[-1][1] if node.kind is MAP else node.items[-1]
    return node


def is_literal(node: Node) -> bool:
    """Whether a scalar is written in block style (`|` or `>`); its end is then the start of a line."""
    return node.style in ("|", ">") and not node.is_alias


def end_of_lines(text: str, node: Node) -> int | None:
    """Return where the line after the last one of `node` begins; None if something else stands in that line."""
    leaf = last_leaf(node)
    if is_literal(leaf):
        return leaf.end
    end = line_end(text, leaf.end)
    return after_break(text, end) if re.compile(_REST_OF_LINE).fullmatch(text, leaf.end, end) else None


def colon_end(text: str, key: Node) -> int | None:
    """Return the offset behind the ':' of `key`; None for a key written with '?'."""
    found = re.compile(_COLON).match(text, key.end)
    prefix = text[line_start(text, key.start) : key.start].rstrip()
    return found.end() if found is not None and not prefix.endswith("?") else None


def _append_lines(text: str, after: Node, lines: str, newline: str) -> Edit | None:
    """Return the edit that puts `lines` behind the last line of `after`."""
    leaf = last_leaf(after)
    if is_literal(leaf):
        # Without a line break at its end, the literal's own text would gain one.
        return Edit(Span(leaf.end, leaf.end), lines + newline) if text[leaf.end - 1] in _BREAKS else None
    end = line_end(text, leaf.end)
    return Edit(Span(end, end), newline + lines) if re.compile(_REST_OF_LINE).fullmatch(text, leaf.end, end) else None


def insert_entry(text: str, mapping: Node, key: Any, value: Any, step: int, newline: str) -> Edit | None:
    """Return the edit that appends an entry to a block map, on lines of its own."""
    first = mapping.entries[0][0]
    if not re.compile(_LINE_PREFIX).fullmatch(text, line_start(text, first.start), first.start):
        return None
    at = column(text, first.start)
    spelt = spelling.key("yaml", key) + ":" + spelling.yaml_after_colon(value, at, step, newline)
    return _append_lines(text, mapping, " " * at + spelt, newline)


@record
class _Chunk:
    """A run of lines: an entry or item from its first character to the start of the line after it.

    `previous` is what stands before it in the same collection, `following` the start of what comes after.
    """

    start: int
    end: int
    own_line: bool
    previous: Node | None


def _delete_chunk(text: str, chunk: _Chunk) -> Edit | None:
    start = line_start(text, chunk.start)
    if not chunk.own_line:
        found = re.compile(_BLANK_LINES).match(text, chunk.end)
        return Edit(Span(chunk.start, found.end() if found is not None else chunk.end), "")
    if chunk.previous is not None and is_literal(last_leaf(chunk.previous)):
        # What follows must not become a part of the literal above.
        leaf = last_leaf(chunk.previous)
        found = re.compile(_BLANK_LINES).match(text, chunk.end)
        following = found.end() if found is not None else chunk.end
        if "+" in text[leaf.start : line_end(text, leaf.start)] or text[following : following + 1] == "#":
            return None
    return Edit(Span(start, chunk.end), "")


def _own_line(text: str, at: int) -> bool:
    return not text[line_start(text, at) : at].strip(" ")


def delete_entry(text: str, mapping: Node, index: int) -> Edit | None:
    """Return the edit that removes an entry of a block map, or makes it `{}` if there is no other."""
    key, value = mapping.entries[index]
    end = end_of_lines(text, value)
    if end is None or not re.compile(_LINE_PREFIX).fullmatch(text, line_start(text, key.start), key.start):
        return None
    if len(mapping.entries) == 1:
        return _make_empty(text, mapping, key.start, end, "{}")
    previous = mapping.entries[index - 1][1] if index else None
    return _delete_chunk(text, _Chunk(key.start, end, _own_line(text, key.start), previous))


def delete_item(text: str, sequence: Node, index: int) -> Edit | None:
    """Return the edit that removes an item of a block list, or makes the list `[]` if there is no other."""
    start = dash(text, sequence, index)
    end = end_of_lines(text, sequence.items[index])
    if end is None or start is None:
        return None
    if len(sequence.items) == 1:
        return _make_empty(text, sequence, start, end, "[]")
    previous = sequence.items[index - 1] if index else None
    return _delete_chunk(text, _Chunk(start, end, _own_line(text, start), previous))


def dash(text: str, sequence: Node, index: int) -> int | None:
    """Return the offset of the '-' of an item; None if it is not where lists are usually written."""
    at = sequence.start
    if index:
        end = end_of_lines(text, sequence.items[index - 1])
        if end is None:
            return None
        at = end
    found = re.compile(_TO_DASH).match(text, at)
    if found is None:
        return None
    at = found.end()
    return at if re.compile(_LINE_PREFIX).fullmatch(text, line_start(text, at), at) else None


def _header(text: str, node: Node, first: int) -> tuple[int, str] | None:
    """Return where the ':' above a block collection ends, and the text from there to the collection's first line.

    None unless the collection is a map's value and stands, starting at `first`, on lines of its own below the key.
    """
    parent, key = node.parent, node.key
    if parent is None or not isinstance(key, Node) or not is_block(parent) or not _own_line(text, first):
        return None
    colon = colon_end(text, key)
    if colon is None:
        return None
    between = text[colon : line_start(text, first)]
    return (colon, between) if re.compile(_COMMENT_LINES).fullmatch(between) else None


def _make_empty(text: str, node: Node, first: int, end: int, brackets: str) -> Edit | None:
    """Return the edit that removes the only entry, from `first` to the line start `end`, of a block collection."""
    header = _header(text, node, first)
    if header is not None:
        return Edit(Span(header[0], end), " " + brackets + header[1])
    if node.kind is LIST and isinstance(node.key, Node) and column(text, first) <= column(text, node.key.start):
        return None
    leaf = last_leaf(node)
    if is_literal(leaf):
        return Edit(Span(first, end), brackets + text[line_end(text, end - 1) : end] if end > first else brackets)
    return Edit(Span(first, leaf.end), brackets)


def insert_item(text: str, sequence: Node, index: int, value: Any, step: int, newline: str) -> Edit | None:
    """Return the edit that puts a new item into a block list, on lines of its own."""
    first = dash(text, sequence, 0)
    if first is None:
        return None
    at = column(text, first)
    spelt = "- " + spelling.yaml_block(value, at + 2, step, newline)
    if index == 0:
        return Edit(Span(first, first), spelt + newline + " " * at)
    return _append_lines(text, sequence.items[index - 1], " " * at + spelt, newline)


def move_item(text: str, sequence: Node, old: int, new: int, newline: str) -> tuple[Edit, ...] | None:
    """Return the edits that move the lines of an item of a block list."""
    starts = [dash(text, sequence, index) for index in (old, new)]
    ends = [end_of_lines(text, sequence.items[index]) for index in (old, new)]
    places = []
    for start, end in zip(starts, ends):
        if start is None or end is None or not _own_line(text, start):
            return None
        places.append((line_start(text, start), end))
    (start, end), (new_start, new_end) = places
    moved = text[start:end]
    if not re.compile(_BREAK).search(moved[-1:]):  # the last line of a file that ends without a line break
        before = len(text[:start].removesuffix("\n").removesuffix("\r"))
        return Edit(Span(new_start, new_start), moved + newline), Edit(Span(before, end), "")
    if new < old:
        return Edit(Span(new_start, new_start), moved), Edit(Span(start, end), "")
    if not re.compile(_BREAK).search(text[new_end - 1 : new_end]):
        return Edit(Span(start, end), ""), Edit(Span(new_end, new_end), newline + moved.rstrip(_BREAKS))
    return Edit(Span(start, end), ""), Edit(Span(new_end, new_end), moved)


def set_value(text: str, node: Node, value: Any, step: int, newline: str) -> Edit | None:
    """Return the edit that gives a node in block context, which is neither alias nor anchor, another value."""
    if node.kind in (MAP, LIST) and is_block(node):
        return _replace_block(text, node, value, step, newline)
    spelt = spelling.one_line("yaml", value, node)
    if node.start == node.end:
        return _fill(text, node, value, step, newline)
    if is_literal(node):
        found = re.compile(_HEADER).search(text, node.start, node.end)
        if found is None:
            return None
        return Edit(Span(node.start, len(text[: node.end].rstrip())), spelt + (found[1] or ""))
    if isinstance(value, (dict, list, tuple)) and value and node.is_scalar and isinstance(node.key, Node):
        colon = colon_end(text, node.key)
        alone = _own_text(text, node)
        if colon is not None and alone and not text[colon : node.start].strip(" "):
            at = column(text, node.key.start)
            return Edit(Span(colon, node.end), spelling.yaml_after_colon(value, at, step, newline))
    return Edit(Span(node.start, node.end), spelt)


def _own_text(text: str, node: Node) -> bool:
    """Whether nothing but blanks follows the node in its line."""
    return not text[node.end : line_end(text, node.end)].strip(" \t")


def _fill(text: str, node: Node, value: Any, step: int, newline: str) -> Edit | None:
    """Return the edit that writes a value where none is written."""
    place = Span(node.start, node.start)
    if isinstance(value, (dict, list, tuple)) and value and _own_text(text, node):
        if isinstance(node.key, Node):
            if colon_end(text, node.key) != node.start:
                return None
            at = column(text, node.key.start)
            return Edit(place, spelling.yaml_after_colon(value, at, step, newline))
        if isinstance(node.key, int) and text[node.start - 1] == "-":
            return Edit(place, " " + spelling.yaml_block(value, column(text, node.start) + 1, step, newline))
    spelt = spelling.one_line("yaml", value)
    before = text[node.start - 1 : node.start]
    return Edit(place, spelt if before in ("", " ") else " " + spelt) if before != "" else None


def _replace_block(text: str, node: Node, value: Any, step: int, newline: str) -> Edit | None:
    """Return the edit that writes `value` in place of a block collection."""
    if text[node.start] in "&!":
        return None
    leaf = last_leaf(node)
    end = end_of_lines(text, node)
    if end is None:
        return None
    first = node.start
    literal_end = text[len(text[:end].rstrip(_BREAKS)) : end] if is_literal(leaf) else ""
    stop = end if is_literal(leaf) else leaf.end
    if isinstance(value, (dict, list, tuple)) and value:
        at = column(text, first)
        if isinstance(node.key, Node) and at <= column(text, node.key.start):
            at = column(text, node.key.start) + step
            if not _own_line(text, first):
                return None
            first = line_start(text, first)
            return Edit(Span(first, stop), " " * at + spelling.yaml_block(value, at, step, newline) + literal_end)
        return Edit(Span(first, stop), spelling.yaml_block(value, at, step, newline) + literal_end)
    spelt = spelling.one_line("yaml", value)
    header = _header(text, node, first)
    if header is not None:
        comment = header[1][: line_end(header[1], 0)]
        stop = len(text[:end].rstrip(_BREAKS)) if is_literal(leaf) else line_end(text, leaf.end)
        return Edit(Span(header[0], stop), " " + spelt + comment)
    if isinstance(node.key, Node):
        return None
    return Edit(Span(first, stop), spelt + literal_end)
