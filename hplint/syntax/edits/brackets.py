"""Edits between brackets: JSON, YAML's flow style, TOML's arrays and inline tables."""

from __future__ import annotations

import re

from hplint.records import record
from hplint.syntax.tree import MAP, Node
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Render = Callable[[str | None], str]
    """Spells a new item: on one line for None, else on lines that stand under the given indentation."""

_JSON_GAP = r"[ \t\r\n]*"
_GAP = r"(?:\s|#[^\r\n\x85\u2028\u2029]*)*"
_JSON_LINE_END = r"(?=[\r\n])|\Z"
_LINE_END = r"(?=[\r\n\x85\u2028\u2029])|\Z"
_REST_OF_LINE = r"(?s)[ \t]*(?:#.*)?"
_COMMENT_BEHIND = r"\s*,?[ \t]*#"
_INDENT = r"[ \t]*"
_COLON = r"\s*:"


@record
class Box:
    """The places in a bracketed collection.

    `items` holds the (start, end) of each entry or item, `commas` the offset of each comma; there is one comma more
    where the last item has one too. `start` is the offset of the opening bracket, `end` that behind the closing one.
    """

    text: str
    syntax: str
    start: int
    end: int
    items: tuple[tuple[int, int], ...]
    commas: tuple[int, ...]

    def line_start(self, at: int) -> int:
        """Return where the line of `at` begins."""
        start = max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at))
        if self.syntax == "yaml":
            start = max(start, *(self.text.rfind(mark, 0, at) for mark in "\x85\u2028\u2029"))
        return start + 1

    def line_end(self, at: int) -> int:
        """Return where the line of `at` ends, before its line break."""
        pattern = _JSON_LINE_END if self.syntax == "json" else _LINE_END
        found = re.compile(pattern).search(self.text, at)
        return found.start() if found is not None else len(self.text)

    def indent_of(self, index: int) -> str | None:
        """Return the indentation of an item that begins its line, else None."""
        start = self.items[index][0]
        prefix = self.text[self.line_start(start) : start]
        return (
            prefix if start > self.start and not prefix.strip(" \t") and self.line_start(start) > self.start else None
        )


def indent(text: str, at: int) -> str:
    """Return the indentation of the line of `at`, up to `at` at most."""
    found = re.compile(_INDENT).match(text, max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1, at)
    return found[0] if found is not None else ""


def has_break(text: str, node: Node) -> bool:
    """Whether a node takes several lines."""
    return any(text.find(mark, node.start, node.end) >= 0 for mark in "\n\r")


def read_box(text: str, syntax: str, node: Node) -> Box | None:
    """Return the places in `node`; None if it is not written between brackets, or in a way not understood here."""
    brackets = "{}" if node.kind is MAP else "[]"
    start = text.find(brackets[0], node.start, node.end)
    if start < 0 or text[node.end - 1] != brackets[1] or (start > node.start and text[node.start] not in "&!"):
        return None
    spans = tuple(_item_span(text, key, value) for key, value in node.entries) + tuple(
        (item.start, item.end) for item in node.items
    )
    gap = _JSON_GAP if syntax == "json" else _GAP
    commas = []
    at = start + 1
    for index, (item_start, item_end) in enumerate(spans):
        at = _skip(gap, text, at)
        if index:
            if text[at : at + 1] != ",":
                return None
            commas.append(at)
            at = _skip(gap, text, at + 1)
        if at != item_start:
            return None
        at = item_end
    at = _skip(gap, text, at)
    if spans and text[at : at + 1] == ",":
        commas.append(at)
        at = _skip(gap, text, at + 1)
    return Box(text, syntax, start, node.end, spans, tuple(commas)) if at == node.end - 1 else None


def _skip(gap: str, text: str, at: int) -> int:
    found = re.compile(gap).match(text, at)
    return found.end() if found is not None else at


def _item_span(text: str, key: Node, value: Node) -> tuple[int, int]:
    """Return the place of an entry. A YAML value left out stands, for the parser, at the comma that follows."""
    if value.start == value.end and not re.compile(_COLON).match(text, key.end, value.start):
        return key.start, key.end
    return key.start, value.end


def insert(box: Box, index: int, render: Render, newline: str, expand: tuple[str, str] | None = None) -> Edit:
    """Return the edit that puts a new item at `index`.

    `expand` is the indentation of the item and of the closing bracket if an empty collection shall take several lines.
    """
    text = box.text
    if not box.items:
        if text[box.start + 1 : box.end - 1].strip():
            return Edit(Span(box.start + 1, box.start + 1), render(None) + " ")
        if expand is None:
            return Edit(Span(box.start + 1, box.end - 1), render(None))
        return Edit(Span(box.start + 1, box.end - 1), newline + expand[0] + render(expand[0]) + newline + expand[1])
    if index < len(box.items):
        start = box.items[index][0]
        indent = box.indent_of(index)
        if indent is None:
            return Edit(Span(start, start), render(None) + ", ")
        return Edit(Span(start, start), render(indent) + "," + newline + indent)
    end = box.items[-1][1]
    indent = box.indent_of(len(box.items) - 1)
    if indent is None:
        comma = "," if box.syntax == "json" and _is_compact(box) else ", "
        return Edit(Span(end, end), comma + render(None))
    has_comma = len(box.commas) == len(box.items)
    after = box.commas[-1] + 1 if has_comma else end
    stop = box.line_end(after)
    if stop >= box.end or not re.compile(_REST_OF_LINE).fullmatch(text[after:stop]):
        stop = after
    kept = (text[end:after] or ",") + text[after:stop]
    return Edit(Span(end, stop), kept + newline + indent + render(indent) + ("," if has_comma else ""))


def _is_compact(box: Box) -> bool:
    """Whether items follow their commas without a space."""
    return len(box.items) > 1 and box.commas[0] + 1 == box.items[1][0]


def delete(box: Box, index: int) -> Edit:
    """Return the edit that removes the item at `index`, with one comma and, on its own line, its comment."""
    text = box.text
    start, end = box.items[index]
    own_line = box.indent_of(index) is not None
    if index < len(box.commas):  # the comma behind it goes
        after = box.commas[index] + 1
        line_end = box.line_end(after)
        if own_line and box.line_end(end) >= after and re.compile(_REST_OF_LINE).fullmatch(text[after:line_end]):
            line_start = box.line_start(start)
            return Edit(Span(line_start, _after_break(text, line_end)), "")
        while text[after : after + 1] in (" ", "\t") and after < box.end:
            after += 1
        return Edit(Span(start, after), "")
    if index == 0:
        return Edit(Span(start, end), "")
    comma = box.commas[index - 1]
    kept = text[comma + 1 : start]
    line_end = box.line_end(end)
    if own_line and re.compile(_REST_OF_LINE).fullmatch(text[end:line_end]):
        return Edit(Span(comma, line_end), kept.rstrip())
    return Edit(Span(comma, end), kept if kept.strip() else "")


def _after_break(text: str, at: int) -> int:
    """Return the offset behind the line break at `at`."""
    return at + 2 if text.startswith("\r\n", at) else min(at + 1, len(text))


def rotate(box: Box, old: int, new: int) -> tuple[Edit, ...] | None:
    """Return the edits that move an item; None where comments would come to stand beside another item."""
    low, high = min(old, new), max(old, new)
    places = box.items[low : high + 1]
    gaps = [box.text[before[1] : after[0]] for before, after in zip(places, places[1:])]
    if box.syntax != "json" and (
        any("#" in gap for gap in gaps) or re.compile(_COMMENT_BEHIND).match(box.text, places[-1][1])
    ):
        return None
    texts = [box.text[start:end] for start, end in places]
    texts.insert(new - low, texts.pop(old - low))
    return tuple(Edit(Span(*place), text) for place, text in zip(places, texts))
