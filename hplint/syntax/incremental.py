"""Parsing again after an edit: only the part that the edit stands in, where that part can be read alone.

Such a part is a key with its value or an item of YAML's block style, or an object or list of JSON. It is read alone and
takes the place of the old one; what stands behind it is moved. Wherever a part may depend on what is around it
(anchors, further documents, directives, a text that was broken before) the whole text is parsed. Either way the tree is
the one that a full parse gives; a property test holds it to that.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from hplint.records import record, replace
from hplint.syntax.onward import Step, read_onward, take_back
from hplint.syntax.scalars import RESOLVERS
from hplint.syntax.tree import LIST, MAP, MAX_DEPTH, MAX_NODES, Node, Tree
from hplint.text import Edit, SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Parse = Callable[[SourceText], Tree]

_ANCHOR = re.compile(r"(?:^|[\s,\[{:-])[&*]\S")
_DIRECTIVE = re.compile(r"(?:^|[\r\n])%")
_OPEN_ENDED = re.compile(r"(?:^|[\r\n])(?:---|\.\.\.)|(?:^|[\s-])\?(?:\s|$)")
"""Marks between documents, and `? key`, whose missing value stands where the next key begins."""
_ODD_BREAKS = ("\x85", "\u2028", "\u2029", "\ufeff")
"""What ends a line to YAML 1.1, or takes no column, unlike in editors."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./+-]*")
"""What is a scalar wherever a plain one of that kind stands, whatever is around it."""
_MARGIN = 10
"""Close to the largest number of values a full parse decides, which counts them as it goes."""


@record
class _Part:
    """A part of the old text that may be read alone.

    node    the value that it holds
    start   its place in the old text: that of the key or dash of the value in YAML, of the value itself in JSON
    end     likewise
    column  how far its first line is indented
    steps   in YAML the collections around it, the outermost first
    """

    node: Node
    start: int
    end: int
    column: int
    steps: tuple[Step, ...] = ()


def reparse(old: Tree, source: SourceText, parse: Parse, edit: Edit | None = None) -> Tree:
    """Return the tree of `source`, equal to `parse(source)`, out of the tree of an earlier version of the text.

    `edit` is what was changed since, where that is known.

    The scalars of `old` must have been read as those of `parse(source)` are. `old` must not be used any more: its nodes
    live on in the new tree.
    """
    can_keep = old.complete and not old.problems and len(old.roots) == 1
    if not can_keep or old.is_embedded or old.syntax not in ("yaml", "json"):
        return parse(source)
    edit = edit or difference(old.source.text, source.text)
    if edit is None:
        source.tangles = old.source.tangles
        return replace(old, source=source, edited=None)
    source.follows(old.source, edit)
    edit = _before_line_break(old.source.text, edit)
    if old.syntax == "yaml":
        take_back(old)
        _find_tangles(old.source, source, edit)
        tree = None if source.tangles else _with_word_changed(old, edit, source)
        if tree is not None:
            return tree
    parts = list(_yaml_parts(old, edit, source.tangles) if old.syntax == "yaml" else _json_parts(old, edit))
    for part in parts:
        if 2 * (part.end - part.start) > len(source.text):
            break
        tree = _with_part_read_again(old, part, source, parse)
        if tree is not None:
            return tree
    if parts and parts[0].steps and not source.tangles and old.references is None:
        onward = read_onward(old, parts[0].steps, source, parse, MAX_NODES - _MARGIN - old.nodes)
        if onward is not None:
            return onward
    source.tangles = None
    return parse(source)


def difference(old: str, new: str) -> Edit | None:
    """Return the smallest edit that makes `new` out of `old`, None if they are equal."""
    if old == new:
        return None
    shorter = min(len(old), len(new))
    start = _count_equal(shorter, lambda low, high: old[low:high] == new[low:high])
    before, after = len(old), len(new)
    same = _count_equal(
        shorter - start, lambda low, high: old[before - high : before - low] == new[after - high : after - low]
    )
    return Edit(Span(start, before - same), new[start : after - same])


def _before_line_break(text: str, edit: Edit) -> Edit:
    """Return the same change as it is typed: lines come or go behind the end of a line, not in front of the next."""
    start, end = edit.span.start, edit.span.end
    if text[start - 1 : start] == "\n" and (edit.text or text[start:end])[-1] == "\n":
        if start == end:
            return Edit(Span(start - 1, start - 1), "\n" + edit.text[:-1])
        if not edit.text:
            return Edit(Span(start - 1, end - 1), "")
    return edit


def _count_equal(limit: int, are_equal: Callable[[int, int], bool]) -> int:
    """Return the largest count up to `limit` with everything equal below it, found by halving."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if are_equal(low, middle):
            low = middle
        else:
            high = middle - 1
    return low


# -- which part to read again -------------------------------------------------------------------------------------


def _json_parts(old: Tree, edit: Edit) -> Iterator[_Part]:
    """Yield the maps and lists around an edit, the innermost first."""
    around = []
    node: Node | None = old.roots[0]
    while node is not None and not node.is_scalar and node.start < edit.span.start and edit.span.end < node.end:
        around.append(node)
        below = [value for _, value in node.entries] if node.kind is MAP else node.items
        index = bisect_right(below, edit.span.start, key=lambda value: value.start) - 1
        node = below[index] if index >= 0 else None
    return (_Part(node, node.start, node.end, 0) for node in reversed(around))


def _yaml_parts(old: Tree, edit: Edit, tangles: int | None) -> Iterator[_Part]:
    """Yield the entries and items of block style around an edit, the innermost first."""
    text = old.source.text
    found: list[_Part] = []
    steps: tuple[Step, ...] = ()
    node, end = old.roots[0], len(text)
    if tangles == _EVERYWHERE:
        return
    while not node.is_scalar and not node.style:
        if tangles and text[node.start : node.start + 1] in ("&", "!"):
            break  # what an alias elsewhere may stand for
        is_map = node.kind is MAP
        places = [key for key, _ in node.entries] if is_map else node.items
        index = bisect_right(places, edit.span.start, key=lambda place: place.start) - 1
        if index < 0:
            break
        start = places[index].start if is_map else _dash(text, places[index].start)
        after = places[index + 1].start if index + 1 < len(places) else None
        if after is not None:
            behind = after if is_map else _dash(text, after)
            end = _line_start(text, behind) if behind is not None else -1
            if behind is None or text[end:behind].strip(" "):
                break  # what comes behind does not begin a line
        # The edit leaves the first character, and the break of the line that ends the part, as they are.
        if start is None or not start < edit.span.start or edit.span.end > end - (end < len(text)):
            break
        steps = (*steps, Step(node, index, start))
        node = node.entries[index][1] if is_map else node.items[index]
        line = _line_start(text, start)
        if not text[line:start].strip(" -"):
            found.append(_Part(node, start, end, start - line, steps))
    yield from reversed(found)


_NOWHERE, _AT_ANCHORS, _EVERYWHERE = 0, 1, 2
"""Where parts of a YAML text may depend on each other."""


def _find_tangles(old: SourceText, new: SourceText, edit: Edit) -> None:
    """Find out where parts of a text may depend on each other before or after an edit.

    What made them depend may have gone since; that is found out when all has been read again.
    """
    if old.tangles is None:
        old.tangles = _tangles(old.text, 0, len(old.text))
    near = _tangles(new.text, max(edit.span.start - 2, 0), edit.span.start + len(edit.text) + 2)
    new.tangles = max(old.tangles, near)


def _tangles(text: str, start: int, end: int) -> int:
    """Return where parts of a YAML text depend on each other for what stands from `start` to `end`.

    Lines that end where this module does not see it count, too.
    """
    part = text[start:end]
    if ("%" in part and _DIRECTIVE.search(text, start, end)) or (
        not part.isascii() and any(char in part for char in _ODD_BREAKS)
    ):
        return _EVERYWHERE
    return _AT_ANCHORS if ("&" in part or "*" in part) and _ANCHOR.search(text, start, end) else _NOWHERE


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _dash(text: str, item: int) -> int | None:
    """Return the place of the dash before an item that begins at `item`, None if it is not on the same line."""
    at = item - 1
    while at >= 0 and text[at] == " ":
        at -= 1
    return at if at >= 0 and text[at] == "-" else None


# -- a word -------------------------------------------------------------------------------------------------------


def _with_word_changed(old: Tree, edit: Edit, source: SourceText) -> Tree | None:
    """Return the new tree if the edit is within a value of one plain word: most are, and need no parser."""
    node = old.roots[0]
    while not node.is_scalar:
        values = node.items or [value for _, value in node.entries]
        index = bisect_right(values, edit.span.start, key=_start) - 1
        if index < 0:
            return None
        node = values[index]
    start, end = node.start, node.end
    word = source.text[start : end + len(edit.text) - (edit.span.end - edit.span.start)]
    is_within = start <= edit.span.start and edit.span.end <= end and node.parent is not None
    if not is_within or node.style or node.tag is not None or node.is_alias or old.source.text[start:end] != node.text:
        return None
    if not _WORD.fullmatch(node.text) or not _WORD.fullmatch(word):
        return None
    if old.references is not None and not old.references.leave_alone(node):
        return None
    kind, value = RESOLVERS[old.loader](word)
    made = Node(kind, node.first, node.first + len(word), value, word)
    _put(node, None, made)
    _settle(made, node, len(word) - len(node.text))
    return replace(old, source=source, edited=(made, node), varying=None)


def _start(node: Node) -> int:
    return node.start


# -- reading it again ---------------------------------------------------------------------------------------------


def _with_part_read_again(old: Tree, part: _Part, source: SourceText, parse: Parse) -> Tree | None:
    """Return the new tree if `part` can be read alone; None if not, with `old` left as it was."""
    delta = len(source.text) - len(old.source.text)
    text = source.text[part.start : part.end + delta]
    before = old.source.text[part.start : part.end]
    if old.syntax == "yaml" and (_OPEN_ENDED.search(text) or _OPEN_ENDED.search(before)):
        return None  # such a mark in front of the edit made what is behind the part another entry
    if source.tangles and (_ANCHOR.search(text) or _ANCHOR.search(before)):
        return None
    if old.references is not None and not old.references.leave_alone(part.node, text, before):
        return None
    alone = parse(SourceText(" " * part.column + text))
    if not alone.complete or alone.problems or len(alone.roots) != 1:
        return None
    found = _held(alone.roots[0], part) if old.syntax == "yaml" else _same_bracket(alone.roots[0], part, len(text))
    if found is None:
        return None
    key, value = found
    nodes = old.nodes + _count(value) - _count(part.node)
    if nodes > MAX_NODES - _MARGIN or _level(part.node) + _depth(value) > MAX_DEPTH:
        return None
    moved = part.start - part.column - part.node.moved()
    value.move(moved)
    if key is not None:
        key.move(moved)
    _put(part.node, key, value)
    _settle(value, part.node, delta)
    root = value if value.parent is None else old.roots[0]
    return replace(old, source=source, roots=(root,), nodes=nodes, edited=(value, part.node), varying=None)


def _held(root: Node, part: _Part) -> tuple[Node | None, Node] | None:
    """Return the key and value of a part of YAML that was read alone, None if it is not one entry of the same key."""
    if root.style or root.start != part.column:
        return None
    before = part.node.key
    if isinstance(before, Node):
        if root.kind is not MAP or len(root.entries) != 1:
            return None
        key, value = root.entries[0]
        is_same = (key.text, key.style, key.tag) == (before.text, before.style, before.tag)
        return (key, value) if is_same else None
    return (None, root.items[0]) if root.kind is LIST and len(root.items) == 1 else None


def _same_bracket(root: Node, part: _Part, length: int) -> tuple[None, Node] | None:
    """Return a map or list of JSON that was read alone, None if it is another bracket or does not end where it did."""
    is_same = root.kind is part.node.kind and (root.start, root.end) == (0, length)
    return (None, root) if is_same else None


def _put(before: Node, key: Node | None, value: Node) -> None:
    """Put `value`, with its new key if it has one, in the place of the node `before`."""
    parent = before.parent
    value.parent, value.key = parent, before.key
    if parent is None:
        return
    if isinstance(before.key, int):
        parent.items[before.key] = value
        return
    index = _index_of(parent, before)
    if key is None:
        key = parent.entries[index][0]
    key.parent, value.key = parent, key
    parent.entries[index] = (key, value)


def _index_of(parent: Node, value: Node) -> int:
    """Return the place of the entry of a map that holds `value`."""
    return next(index for index, (_, held) in enumerate(parent.entries) if held is value)


def _settle(value: Node, before: Node, delta: int) -> None:
    """Move what stands behind a value in the place of another, and let the collections around it end where they do."""
    below, parent = value, value.parent
    while parent is not None:
        if delta:
            parent.move_behind(below, delta)
        if parent.style:
            parent.last += delta
        else:
            parent.settle_end()
        parent.changed(below, before)
        below = before = parent
        parent = parent.parent


def _count(root: Node) -> int:
    """Return the number of values and keys at and below a node."""
    return sum(1 + len(node.entries) for node in root.walk())


def _depth(root: Node) -> int:
    """Return how many collections stand in each other at and below a node."""
    deepest, level = 0, [] if root.is_scalar else [root]
    while level:
        deepest += 1
        level = [child for node in level for child in node.children() if not child.is_scalar]
    return deepest


def _level(node: Node) -> int:
    """Return how many collections stand around a node."""
    count = 0
    while node.parent is not None:
        node, count = node.parent, count + 1
    return count
