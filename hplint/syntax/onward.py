"""Reading a YAML text again from an edit on, with what stands before it taken over.

While somebody types, most versions of a text are broken, or hold a key more than the one before, so that no part of it
can take the place of an old one. What stands before the edit is then still what it was. It is read as blanks, but for
the keys and dashes that lead to the edit and those that their collections begin with, so that everything has the place,
and the parser the state, that it has in the whole text. What the blanks stood for is then put back in.
"""

from __future__ import annotations

import re

from hplint.records import record, replace
from hplint.syntax.tree import LIST, MAP, RUN, Node, Tree
from hplint.text import SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Parse = Callable[[SourceText], Tree]

_COLON = re.compile(r"[ \t]*:")
_UNREADABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What the reader refuses before the parser sees it, at a place that depends on how much is read at once."""


@record
class Step:
    """A collection on the way to an edit; `index` counts the values before the one that leads on, which is at `start`.

    `start` is the offset of the key or the dash of that value.
    """

    node: Node
    index: int
    start: int


def read_onward(old: Tree, steps: tuple[Step, ...], source: SourceText, parse: Parse, budget: int) -> Tree | None:
    """Return the tree of `source`, equal to `parse(source)`, out of that of an earlier text; None if that cannot be.

    `steps` lead, the outermost first, to an entry or item of block style. The texts are equal up to its first
    character, and on its line nothing but dashes and blanks is before it. Neither text may hold anchors, nor the new
    one more than `budget` values behind that place.

    Where the new text is broken `old` can be used again; what the trees share is taken back by `take_back`.
    """
    start = steps[-1].start
    kept = _kept(steps, old.source.text)
    if kept is None or _UNREADABLE.search(source.text, start):
        return None
    tree = parse(SourceText(_blanked(old.source, kept, start) + source.text[start:]))
    if not tree.roots or tree.nodes > budget or not _fits(tree.roots[0], steps):
        return None
    _take_over(tree.roots[0], steps)
    nodes = sum(1 + len(node.entries) for root in tree.roots for node in root.walk()) if tree.complete else 0
    return replace(tree, source=source, nodes=nodes, varying=None, is_lent=not tree.complete)


def take_back(tree: Tree) -> None:
    """Let the values of a tree that stand in a later, broken one belong to it again."""
    node = tree.roots[0]
    while not node.is_alias and (first := next(node.children(), None)) is not None:
        if first.parent is not node:
            values = list(node.children())
            count = next((at for at, value in enumerate(values) if value.parent is node), len(values))
            for value in values[:count]:
                _adopt(value, node)
            if count == len(values):
                return
            first = values[count]
        node = first


def _kept(steps: tuple[Step, ...], text: str) -> list[Span] | None:
    """Return the keys and dashes that are not read as blanks; None if they are too odd.

    The last step's own is not among them: there reading goes on.
    """
    kept = []
    for step in steps:
        if step.node.tag is not None:
            return None
        for index in {0, step.index} - ({step.index} if step is steps[-1] else set()):
            span = _mark(step, index, text)
            if span is None:
                return None
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _mark(step: Step, index: int, text: str) -> Span | None:
    """Return the place of a key with its colon or of a dash, None if it is written in a way that is too odd."""
    if step.node.kind is LIST:
        start = step.node.start if index == 0 else step.start
        return Span(start, start + 1) if text[start : start + 1] == "-" else None
    key = step.node.entries[index][0]
    colon = _COLON.match(text, key.end)
    is_asked = text[max(key.start - 80, 0) : key.start].rstrip(" ").endswith("?")
    return Span(key.start, colon.end()) if colon is not None and key.tag is None and not is_asked else None


def _blanked(source: SourceText, kept: list[Span], end: int) -> str:
    """Return the text up to `end` as blanks but for what is kept, every place having the line and column it has."""
    pieces = []
    at = 0
    for span in sorted([*kept, Span(end, end)], key=lambda span: span.start):
        before, here = source.position(at), source.position(span.start)
        breaks = here.line - before.line
        column = here.column - 1 if breaks else 0
        pieces += [" " * (span.start - at - breaks - column), "\n" * breaks, " " * column]
        pieces.append(source.text[span.start : span.end])
        at = span.end
    return "".join(pieces)


def _fits(root: Node, steps: tuple[Step, ...]) -> bool:
    """Whether what was read has the collections that what stands before it can be put into."""
    node = root
    for step in _leading(steps):
        values = list(node.children())
        skipped = 1 if step.index else 0
        if node.kind is not step.node.kind or node.style or node.first != step.node.start:
            return False
        if len(values) <= skipped:
            return step is steps[-1] and not _is_told_late(list(step.node.children())[step.index - 1])
        node = values[skipped]
    return True


def _is_told_late(node: Node) -> bool:
    """Whether the parser only tells the last value in a node once it has seen what follows on another line.

    That is one that is left out, and one that might yet be a key, since the line does not end with it.
    """
    while not node.is_scalar and not node.style:
        *_, node = node.children()
    return node.style != "" or node.tag is not None or node.text == ""


def _take_over(root: Node, steps: tuple[Step, ...]) -> None:
    """Put what stands before an edit into the collections that were read from it on."""
    node = root
    joined = []
    for step in _leading(steps):
        old, index = step.node, step.index
        skipped = 1 if index else 0
        joined.append(node)
        node.below_moved = old.below_moved + old.moved() - node.moved()
        fresh = list(node.children())[skipped:]
        if node.kind is MAP:
            node.entries = [*old.entries[:index], *node.entries[skipped:]]
        else:
            node.items = [*old.items[:index], *fresh]
            for at, value in enumerate(fresh, index):
                value.key = at
            if old.runs_moved is not None:
                runs = len(node.items) // RUN + 1
                node.runs_moved = [*old.runs_moved[: index // RUN + 1], *([0] * runs)][:runs]
        for value in list(old.children())[:index]:
            _adopt(value, node)
        for value in fresh:
            for part in (value.key, value) if isinstance(value.key, Node) else (value,):
                part.move(-part.moved())
        if fresh:
            node = fresh[0]
    for node in reversed(joined):
        node.settle_end()


def _leading(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps down to the last one before which anything stands."""
    count = max((number for number, step in enumerate(steps, 1) if step.index), default=0)
    return steps[:count]


def _adopt(value: Node, parent: Node) -> None:
    value.parent = parent
    if isinstance(value.key, Node):
        value.key.parent = parent
