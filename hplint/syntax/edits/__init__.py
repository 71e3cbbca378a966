"""The only place that knows how to change the text of YAML, JSON, TOML and files of sections.

Each function returns the edit that makes one change to a tree's data and leaves all other bytes as they are, comments
and layout included; None where the change cannot be written safely, for instance because the node stands for an
anchored one elsewhere. Trees of JSON inside a JSON string are edited in place as well.
"""

from __future__ import annotations

import re
from itertools import islice

from hplint.syntax.edits import blocks, brackets, spelling
from hplint.syntax.edits.spelling import UnwritableError
from hplint.syntax.tree import LIST, MAP, NULL, Node, Tree
from hplint.text import Edit, SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hplint.syntax.embedded import EmbeddedText

    Change = Callable[[Tree, Node], "tuple[Edit, ...] | None"]

# Patterns stay text: a run needs few of them, and re keeps what it compiled.
_ALIASES = r"\*([^\s,\[\]{}]+)"
_ANCHORS = r"&([^\s,\[\]{}]+)"
_OWN_ANCHOR = r"(?:!\S*\s+)?&([^\s,\[\]{}]+)"


def literal(tree: Tree, value: Any, like: Node | None = None) -> str:
    """Return `value` (a scalar, list or dict) on one line in the tree's syntax, with the quotes of `like`.

    Raises UnwritableError for what the syntax cannot say, such as None in TOML.
    """
    return spelling.one_line(tree.syntax, value, like)


def set_value(tree: Tree, node: Node, value: Any) -> Edit | None:
    """Return the edit that gives `node` another value."""
    return _one(_change(tree, node, lambda tree, node: _set(tree, node, value)))


def insert_entry(tree: Tree, mapping: Node, key: Any, value: Any) -> Edit | None:
    """Return the edit that appends an entry to a map, behind its last one; None if the map has the key already."""
    return _one(_change(tree, mapping, lambda tree, mapping: _insert_entry(tree, mapping, key, value)))


def delete_entry(tree: Tree, mapping: Node, key: Any) -> Edit | None:
    """Return the edit that removes an entry with its lines. `key` is a key or, for one of duplicates, its node."""
    index = _index(mapping, key)
    if index is None or (_is_elsewhere(mapping, index) and not isinstance(key, Node)):
        return None
    return _one(_change(tree, mapping, lambda tree, mapping: _delete(tree, mapping, index)))


def delete_item(tree: Tree, sequence: Node, index: int) -> Edit | None:
    """Return the edit that removes an item with its lines."""
    if not 0 <= index < len(sequence.items):
        return None
    return _one(_change(tree, sequence, lambda tree, sequence: _delete(tree, sequence, index)))


def rename_key(tree: Tree, mapping: Node, key: Any, new: Any) -> Edit | None:
    """Return the edit that renames a key; None if the map has the new one already."""
    index = _index(mapping, key)
    if index is None or mapping.get(new) is not None or (_is_elsewhere(mapping, index) and not isinstance(key, Node)):
        return None
    return _one(_change(tree, mapping, lambda tree, mapping: _rename(tree, mapping, index, new)))


def insert_item(tree: Tree, sequence: Node, index: int, value: Any) -> Edit | None:
    """Return the edit that puts a new item before the one at `index`, or at the end if there is none."""
    if not 0 <= index <= len(sequence.items):
        return None
    return _one(_change(tree, sequence, lambda tree, sequence: _insert_item(tree, sequence, index, value)))


def move_item(tree: Tree, sequence: Node, old_index: int, new_index: int) -> tuple[Edit, ...] | None:
    """Return the edits after which the item at `old_index` stands at `new_index` of the list."""
    if not all(0 <= index < len(sequence.items) for index in (old_index, new_index)):
        return None
    if old_index == new_index:
        return ()
    return _change(tree, sequence, lambda tree, sequence: _move(tree, sequence, old_index, new_index))


def set_path(tree: Tree, mapping: Node, path: tuple[str, ...], value: Any) -> Edit | None:
    """Return the edit that gives the key at `path` below `mapping` a value, with the maps missing on the way."""
    node = mapping
    for depth, step in enumerate(path):
        rest = path[depth + 1 :]
        index = _index(node, step)
        if index is None:
            if rest and node.get(step) is not None:  # merged in: an own entry would hide what else is in there
                return None
            return insert_entry(tree, node, step, _nested(rest, value))
        node = node.entries[index][1]
        if rest and node.kind is NULL:
            return set_value(tree, node, _nested(rest, value))
        if rest and node.kind is not MAP:
            return None
    return set_value(tree, node, value)


def _nested(path: tuple[str, ...], value: Any) -> Any:
    for step in reversed(path):
        value = {step: value}
    return value


def _one(edits: tuple[Edit, ...] | None) -> Edit | None:
    return None if edits is None else edits[0]


def _maybe(edit: Edit | None) -> tuple[Edit, ...] | None:
    return None if edit is None else (edit,)


def _tables() -> Any:
    """Return the module for TOML's tables, which brings Python's slow-to-load TOML reader along."""
    from hplint.syntax.edits import tables

    return tables


def _sections() -> Any:
    """Return the module for files of sections, which few runs need."""
    from hplint.syntax.edits import sections

    return sections


def _index(mapping: Node, key: Any) -> int | None:
    """Return the place of an entry among the map's own ones; the last counts."""
    places: dict[Any, int] | None = mapping.recall(_index)
    if places is None:  # a large map may be asked a thousand times
        places = {}
        for index, (written, _) in enumerate(mapping.entries):
            places[id(written)] = places[type(written.value), written.value] = index
        mapping.remember(_index, places)
    return places.get(id(key)) if isinstance(key, Node) else places.get((type(key), key))


def _is_elsewhere(mapping: Node, index: int) -> bool:
    """Whether the entry's key is in the map once more, itself or merged."""
    repeated: set[Any] | None = mapping.recall(_is_elsewhere)
    if repeated is None:
        seen: set[Any] = set()
        repeated = set()
        for key, _ in mapping.all_entries():
            (repeated if key.value in seen else seen).add(key.value)
        mapping.remember(_is_elsewhere, repeated)
    return mapping.entries[index][0].value in repeated


def _change(tree: Tree, node: Node, change: Change) -> tuple[Edit, ...] | None:
    """Return the edits of `change`, made in the text where the node really stands."""
    try:
        if tree.is_embedded:
            return _change_embedded(tree, node, change)
        if tree.syntax == "yaml" and (node.is_alias or _is_shared(tree.source.text, node)):
            return None
        return change(tree, node)
    except UnwritableError:
        return None


def _change_embedded(tree: Tree, node: Node, change: Change) -> tuple[Edit, ...] | None:
    held, inner, twins = _read_embedded(tree)
    twin = twins.get(id(node))
    edits = None if twin is None else change(inner, twin)
    if edits is None:
        return None
    return tuple(
        Edit(
            Span(held.outer(edit.span.start), held.outer(edit.span.end)),
            spelling.double_quoted("json", edit.text)[1:-1],
        )
        for edit in edits
    )


_last_read: tuple[Tree, tuple[EmbeddedText, Tree, dict[int, Node]]] | None = None


def _read_embedded(tree: Tree) -> tuple[EmbeddedText, Tree, dict[int, Node]]:
    """Return the held text, its own tree, and that tree's nodes by the identity of those of `tree`.

    The last answer is kept: a large model may have many findings, and each of them a fix.
    """
    global _last_read
    from hplint.syntax import json
    from hplint.syntax.embedded import EmbeddedText

    if _last_read is None or _last_read[0] is not tree:
        held = EmbeddedText(tree.source.text)
        inner = json.parse(SourceText(held.text))
        pairs = zip(tree.root.walk(), inner.root.walk()) if tree.root and inner.root else ()
        _last_read = tree, (held, inner, {id(own): twin for own, twin in pairs})
    return _last_read[1]


_last_aliases: tuple[str, set[str]] = "", set()


def _aliases(text: str) -> set[str]:
    """Return the names of a text's aliases; the last answer is kept, since a file may have many fixes."""
    global _last_aliases
    if _last_aliases[0] is not text:
        _last_aliases = text, set(re.compile(_ALIASES).findall(text)) if "&" in text and "*" in text else set()
    return _last_aliases[1]


def _is_shared(text: str, node: Node) -> bool:
    """Whether an alias stands for the node or for something it lies in."""
    aliases = _aliases(text)
    above: Node | None = node if aliases else None
    while above is not None:
        found = re.compile(_OWN_ANCHOR).match(text, above.start)
        if found is not None and found[1] in aliases:
            return True
        above = above.parent
    return False


def _holds_anchor(tree: Tree, start: int, end: int) -> bool:
    """Whether an alias refers to something in the range, which therefore has to stay."""
    if tree.syntax != "yaml":
        return False
    text = tree.source.text
    return not _aliases(text).isdisjoint(re.compile(_ANCHORS).findall(text, start, end))


def _step(tree: Tree) -> str:
    """Return one level of the file's indentation: that of the first nested block; empty in JSON of one line."""
    text = tree.source.text
    for node in islice(tree.root.walk(), 200) if tree.root is not None else ():
        if tree.syntax == "json":
            first = node.entries[0][0] if node.entries else node.items[0] if node.items else None
            outer, inner = (
                brackets.indent(text, node.start),
                "" if first is None else brackets.indent(text, first.start),
            )
            if len(inner) > len(outer) and inner.startswith(outer):
                return inner[len(outer) :]
        elif isinstance(node.key, Node) and node.entries and blocks.is_block(node):
            width = blocks.column(text, node.entries[0][0].start) - blocks.column(text, node.key.start)
            if 1 <= width <= 8:
                return " " * width
    return "" if tree.syntax == "json" else "  "


def _in_brackets(tree: Tree, node: Node) -> bool:
    """Whether commas and brackets, not lines, hold a collection together."""
    return tree.syntax == "json" or node.style != ""


def _render(tree: Tree, value: Any, head: str = "", like: Node | None = None) -> brackets.Render:
    """Return how to spell a value between brackets, behind the text `head`."""

    def render(indent: str | None) -> str:
        step = _step(tree) if tree.syntax == "json" and indent is not None else ""
        if step and indent is not None:
            return head + spelling.json_lines(value, indent, step, tree.source.newline)
        colon = '":' if head.endswith('":') else ""
        return head + spelling.one_line(tree.syntax, value, like, True, colon[1:])

    return render


def _insert_entry(tree: Tree, mapping: Node, key: Any, value: Any) -> tuple[Edit, ...] | None:
    if mapping.kind is not MAP or _index(mapping, key) is not None:
        return None
    if tree.syntax == "cfg":
        return _maybe(_sections().insert_entry(tree.source.text, mapping, key, value, tree.source.newline))
    if tree.syntax == "toml" and not mapping.style:
        return _maybe(_tables().insert_entry(tree.source.text, mapping, key, value, tree.source.newline))
    if _in_brackets(tree, mapping):
        head = spelling.key(tree.syntax, key, True) + _colon(tree, mapping)
        return _insert_in_box(tree, mapping, len(mapping.entries), _render(tree, value, head))
    return _maybe(blocks.insert_entry(tree.source.text, mapping, key, value, len(_step(tree)), tree.source.newline))


def _colon(tree: Tree, mapping: Node) -> str:
    """Return what stands between keys and values, as in the neighbourhood."""
    if tree.syntax == "json":
        near: Node | None = mapping
        while near is not None:
            if near.entries:
                key, value = near.entries[-1]
                return ":" if tree.source.text[key.end : value.start] == ":" else ": "
            near = near.parent
    return " = " if tree.syntax == "toml" else ": "


def _insert_in_box(tree: Tree, node: Node, index: int, render: brackets.Render) -> tuple[Edit, ...] | None:
    box = brackets.read_box(tree.source.text, tree.syntax, node)
    if box is None:
        return None
    expand = None
    if tree.syntax == "json" and not box.items and _step(tree):
        indent = brackets.indent(box.text, box.start)
        if node.parent is None or box.line_start(node.parent.start) < box.line_start(box.start):
            expand = (indent + _step(tree), indent)
    return (brackets.insert(box, index, render, tree.source.newline, expand),)


def _insert_item(tree: Tree, sequence: Node, index: int, value: Any) -> tuple[Edit, ...] | None:
    if sequence.kind is not LIST or tree.syntax == "cfg":
        return None
    if tree.syntax == "toml" and not sequence.style:
        return _maybe(_tables().insert_item(tree.source.text, sequence, index, value, tree.source.newline))
    if _in_brackets(tree, sequence):
        return _insert_in_box(tree, sequence, index, _render(tree, value))
    return _maybe(blocks.insert_item(tree.source.text, sequence, index, value, len(_step(tree)), tree.source.newline))


def _delete(tree: Tree, node: Node, index: int) -> tuple[Edit, ...] | None:
    text = tree.source.text
    if tree.syntax == "cfg":
        return _maybe(_sections().delete_entry(text, node, index)) if node.kind is MAP else None
    start = node.entries[index][0].start if node.kind is MAP else node.items[index].start
    end = node.entries[index][1].end if node.kind is MAP else node.items[index].end
    if _holds_anchor(tree, start, end):
        return None
    if tree.syntax == "toml" and not node.style and tree.root is not None:
        return _maybe(_tables().delete(text, tree.root, node, index))
    if _in_brackets(tree, node):
        box = brackets.read_box(text, tree.syntax, node)
        return None if box is None else (brackets.delete(box, index),)
    return _maybe((blocks.delete_entry if node.kind is MAP else blocks.delete_item)(text, node, index))


def _rename(tree: Tree, mapping: Node, index: int, new: Any) -> tuple[Edit, ...] | None:
    key = mapping.entries[index][0]
    if key.is_alias or key.tag is not None or tree.source.text[key.start] in "&!?|>" or key.start == key.end:
        return None
    if tree.syntax == "toml" and not _tables().can_rename(mapping, index):
        return None
    if tree.syntax == "cfg":
        return (Edit(key.span, new if not mapping.style else spelling.key("json", new)),)
    return (Edit(key.span, spelling.key(tree.syntax, new, _in_brackets(tree, mapping), key)),)


def _move(tree: Tree, sequence: Node, old: int, new: int) -> tuple[Edit, ...] | None:
    if tree.syntax == "cfg":
        return None
    text = tree.source.text
    low, high = min(old, new), max(old, new)
    moved = text[sequence.items[low].start : sequence.items[high].end]
    if tree.syntax == "yaml" and ("&" in moved or "*" in moved) and _aliases(text):
        return None  # an alias must stay behind its anchor
    if tree.syntax == "toml" and not sequence.style and tree.root is not None:
        moved_tables: tuple[Edit, ...] | None = _tables().move_item(text, tree.root, sequence, old, new)
        return moved_tables
    if not _in_brackets(tree, sequence):
        if any(blocks.is_literal(blocks.last_leaf(item)) for item in sequence.items[max(0, low - 1) : high + 1]):
            return None
        return blocks.move_item(text, sequence, old, new, tree.source.newline)
    box = brackets.read_box(text, tree.syntax, sequence)
    return None if box is None else brackets.rotate(box, old, new)


def _set(tree: Tree, node: Node, value: Any) -> tuple[Edit, ...] | None:
    if _holds_anchor(tree, node.start, node.end):
        return None
    parent = node.parent
    if tree.syntax == "cfg":
        return _maybe(_sections().set_value(node, value))
    if tree.syntax == "toml" and node.kind in (MAP, LIST) and not node.style:
        return None  # a table's lines may stand anywhere in the file
    if tree.syntax == "yaml" and (parent is None or not parent.style):
        return _maybe(blocks.set_value(tree.source.text, node, value, len(_step(tree)), tree.source.newline))
    return _set_in_brackets(tree, node, value)


def _set_in_brackets(tree: Tree, node: Node, value: Any) -> tuple[Edit, ...] | None:
    text = tree.source.text
    if node.start == node.end:  # a value left out in YAML
        key = node.key
        if not isinstance(key, Node):
            return None
        colon = ":" if text[key.end : node.start].strip()[:1] == ":" else ""
        spelt = spelling.one_line(tree.syntax, value, None, True)
        if not colon:
            return (Edit(Span(key.end, key.end), ": " + spelt),)
        return (Edit(node.span, spelt if text[node.start - 1].isspace() else " " + spelt),)
    if tree.syntax == "json" and isinstance(value, (dict, list, tuple)):
        indent = brackets.indent(text, node.start)
        several_lines = node.is_scalar or brackets.has_break(text, node) or not (node.entries or node.items)
        return (Edit(node.span, _render(tree, value)(indent if several_lines else None)),)
    return (Edit(node.span, spelling.one_line(tree.syntax, value, node, True)),)
