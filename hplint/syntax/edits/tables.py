"""Edits of TOML's tables: entries on lines of their own, below headers or with dotted keys."""

from __future__ import annotations

import re

from hplint.syntax.edits import spelling
from hplint.syntax.toml import DOTTED
from hplint.syntax.tree import LIST, MAP, Node
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_REST_OF_LINE = r"[ \t]*(?:#[^\n]*?)?(?=\r?\n|\Z)"
_COMMENT_LINE = r"[ \t]*#"


def is_table(node: Node) -> bool:
    """Whether a map or list is made of lines: no scalar, inline table or plain array."""
    return node.kind in (MAP, LIST) and not node.style


def _has_header(node: Node) -> bool:
    """Whether a node is written as a section, or holds one that is."""
    return is_table(node) and node.text != DOTTED


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int | None:
    """Return where the line of `at` ends; None if more than a comment follows in it."""
    found = re.compile(_REST_OF_LINE).match(text, at)
    return found.end() if found is not None else None


def _after_break(text: str, at: int) -> int:
    return at + 2 if text.startswith("\r\n", at) else min(at + 1, len(text))


def _indent(text: str, at: int) -> str:
    start = _line_start(text, at)
    line = text[start:at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _above_comments(text: str, at: int) -> int:
    """Return the start of the line of `at`, or of the comment lines straight above it."""
    start = _line_start(text, at)
    while start > 0:
        above = _line_start(text, start - 1)
        if not re.compile(_COMMENT_LINE).match(text, above):
            break
        start = above
    return start


def _is_inside_inline(node: Node) -> bool:
    above: Node | None = node
    while above is not None:
        if above.style:
            return True
        above = above.parent
    return False


def _entry_line(key: str, value: Any) -> str:
    return spelling.key("toml", key) + " = " + spelling.one_line("toml", value)


def insert_entry(text: str, table: Node, key: str, value: Any, newline: str) -> Edit | None:
    """Return the edit that appends an entry to a table, on a line of its own."""
    line = _entry_line(key, value)
    own = [entry for entry in table.entries if not _has_header(entry[1])]
    if table.text == DOTTED:
        return _insert_dotted(text, table, line, newline)
    if own or table.text:
        after = max([held.end for _, held in own], default=table.start + len(table.text))
        first = min([name.start for name, _ in own], default=table.start)
        end = _line_end(text, after)
        return None if end is None else Edit(Span(end, end), newline + _indent(text, first) + line)
    if not table.entries:  # an empty file
        return Edit(Span(len(text), len(text)), (newline if text and not text.endswith("\n") else "") + line + newline)
    place = _above_comments(text, min(held.start for _, held in table.entries))
    if table.parent is None:
        return Edit(Span(place, place), line + newline + newline)
    return Edit(Span(place, place), f"[{_dotted_path(text, table)}]" + newline + line + newline + newline)


def _insert_dotted(text: str, table: Node, line: str, newline: str) -> Edit | None:
    """Append to a table that dotted keys make: `a.b = 1` is followed by `a.c = 2`."""
    if _is_inside_inline(table) or not table.entries:
        return None
    key, _ = table.entries[-1]
    end = _line_end(text, max(held.end for _, held in table.entries))
    start = _line_start(text, key.start)
    return None if end is None else Edit(Span(end, end), newline + text[start : key.start] + line)


def _dotted_path(text: str, table: Node) -> str:
    """Return the keys that lead to a table, as they are written."""
    parts: list[str] = []
    node: Node | None = table
    while node is not None:
        if isinstance(node.key, Node):
            parts.insert(0, text[node.key.start : node.key.end])
        node = node.parent
    return ".".join(parts)


def _sections(node: Node) -> list[Node]:
    """Return the tables with headers in a node."""
    return [table for table in node.walk() if table.kind is MAP and table.text.startswith("[")]


def _extent(text: str, root: Node, node: Node) -> tuple[int, int] | None:
    """Return the lines of a section and all below it, with the comment above; None if others stand between."""
    own = _sections(node)
    if not own:
        return None
    start = min(table.start for table in own)
    end = _line_end(text, max(table.end for table in own))
    if end is None or any(start < table.start < end for table in _sections(root) if table not in own):
        return None
    return _above_comments(text, start), end


def _leaves(node: Node) -> int:
    """Return how many lines make up a table of dotted keys."""
    return sum(_leaves(held) for _, held in node.entries) if node.kind is MAP and node.text == DOTTED else 1


def delete(text: str, root: Node, holder: Node, index: int) -> Edit | None:
    """Return the edit that removes an entry of a table, or a table of an array of tables, with its lines."""
    key, value = holder.entries[index] if holder.kind is MAP else (None, holder.items[index])
    if _has_header(value):
        extent = _extent(text, root, value)
        alone = len(holder.entries or holder.items) == 1
        if extent is None or (alone and (holder.kind is LIST or not holder.text) and holder.parent is not None):
            return None
        start, stop = extent[0], _after_break(text, extent[1])
        is_after_blank = start == 0 or text.endswith(("\n\n", "\n\r\n"), 0, start)
        while is_after_blank and text.startswith(("\n", "\r\n"), stop):
            stop = _after_break(text, stop)
        return Edit(Span(start, stop), "")
    if key is None or _is_inside_inline(holder) or _leaves(value) != 1:
        return None
    if holder.text == DOTTED and len(holder.entries) == 1:
        if not isinstance(holder.key, Node):
            return None
        return Edit(Span(holder.key.end, value.end), " = {}")
    end = _line_end(text, value.end)
    return None if end is None else Edit(Span(_line_start(text, key.start), _after_break(text, end)), "")


def can_rename(mapping: Node, index: int) -> bool:
    """Whether the key of an entry is written once only."""
    value = mapping.entries[index][1]
    if not is_table(value):
        return True
    if value.text == DOTTED:
        return _leaves(value) == 1
    return value.text.startswith("[") and len(_sections(value)) == 1


def insert_item(text: str, array: Node, index: int, value: Any, newline: str) -> Edit | None:
    """Return the edit that adds a table to an array of tables."""
    if not isinstance(value, dict):
        return None
    lines = [array.items[0].text] + [_entry_line(key, held) for key, held in value.items()]
    if index < len(array.items):
        place = _above_comments(text, array.items[index].start)
        return Edit(Span(place, place), newline.join(lines) + newline + newline)
    end = _line_end(text, max(table.end for table in _sections(array)))
    return None if end is None else Edit(Span(end, end), newline + newline + newline.join(lines))


def move_item(text: str, root: Node, array: Node, old: int, new: int) -> tuple[Edit, ...] | None:
    """Return the edits that move a table of an array of tables, with all below it."""
    low, high = min(old, new), max(old, new)
    places = []
    for item in array.items[low : high + 1]:
        extent = _extent(text, root, item)
        if extent is None:
            return None
        places.append(extent)
    texts = [text[start:end] for start, end in places]
    texts.insert(new - low, texts.pop(old - low))
    return tuple(Edit(Span(*place), lines) for place, lines in zip(places, texts))
