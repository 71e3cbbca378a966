"""Edits of files of sections: `key = value` lines below headings."""

from __future__ import annotations

from hplint.syntax.edits import spelling
from hplint.syntax.tree import MAP, STRING, Node
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def spelt(value: Any, like: Node | None = None) -> str:
    """Return a value as JSON, or as bare text where `like` is bare text."""
    if isinstance(value, str) and like is not None and like.kind is STRING and not like.style:
        return value
    return spelling.one_line("json", value)


def set_value(node: Node, value: Any) -> Edit | None:
    """Return the edit that gives a value of a line, or one within its JSON, another value."""
    return None if node.kind is MAP and not node.style else Edit(node.span, spelt(value, node))


def insert_entry(text: str, section: Node, key: str, value: Any, newline: str) -> Edit | None:
    """Return the edit that adds a line behind the last one of a section; None for an empty section."""
    lines = [below for _, below in section.entries if below.kind is not MAP or below.style]
    if not lines or section.style or isinstance(value, dict):
        return None
    end = lines[-1].end
    while end < len(text) and text[end] not in "\r\n":
        end += 1
    return Edit(Span(end, end), f"{newline}{key} = {spelt(value)}")


def delete_entry(text: str, section: Node, index: int) -> Edit | None:
    """Return the edit that removes the line of an entry."""
    key, value = section.entries[index]
    if section.style or (value.kind is MAP and not value.style):
        return None
    start = text.rfind("\n", 0, key.start) + 1
    end = text.find("\n", value.end) + 1 or len(text)
    return Edit(Span(start, end), "")
