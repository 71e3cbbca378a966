"""What may be begun on a blank line of YAML: its indentation, the line above and the line below leave few places."""

from __future__ import annotations

from hplint.ide.lines import Level, Lines, Token, has_value, holders, indent_of, step_of, width
from hplint.ide.place import ITEM, KEY, Place
from hplint.ide.schemas import Holder
from hplint.records import record
from hplint.syntax.tree import LIST, MAP
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NO_TOKEN = Token(MAP, 0, -1, -1, -1, "")


@record
class Gap:
    """A blank line: where it begins and ends, and the offset on it."""

    begin: int
    offset: int
    end: int


def blank_places(lines: Lines, line: int, gap: Gap) -> tuple[Place, ...]:
    """Return what may be being written on a blank line below `line`, most likely first."""
    column = width(lines.text[gap.begin : gap.offset])
    if line < 0:
        return (_above_everything(lines, gap),)
    levels = lines.levels(line, list(lines.tokens(line)))
    if not levels:
        return ()
    last = levels[-1].token
    below = lines.columns[line + 1] if line + 1 < len(lines.columns) else -1
    is_list_of_key = last.kind is MAP and below == last.column >= column and _begins_list(lines, line + 1)
    if not has_value(lines, last) and (column > last.column or below > last.column) and not is_list_of_key:
        return _inside(lines, levels, line, below if below > last.column else column, gap)
    if below > column and any(level.column == below for level in levels):
        column = below
    chosen = [level for index, level in enumerate(levels) if column > _owner_column(levels, index)]
    innermost = chosen[-1] if chosen else levels[0]
    index = levels.index(innermost)
    found = [_beside(lines, levels, index, gap)]
    if innermost.kind is LIST and index > 0 and levels[index - 1].column == innermost.column:
        found.append(_beside(lines, levels, index - 1, gap))
    return tuple(found)


def _above_everything(lines: Lines, gap: Gap) -> Place:
    """Return the place of a key above the first line of the document."""
    if not lines.columns:
        return _entry(lines, gap, (), {}, lines.text[gap.begin : gap.offset])
    written = lines.entries(Level(MAP, lines.columns[0], 0, _NO_TOKEN))
    return _entry(lines, gap, (), written, lines.text[lines.starts[0] : lines.firsts[0]])


def _begins_list(lines: Lines, line: int) -> bool:
    tokens = lines.tokens(line)
    return bool(tokens) and tokens[0].kind is LIST


def _owner_column(levels: list[Level], index: int) -> int:
    """Return the column a line has to stand further in than, to belong to a block."""
    if index == 0:
        return -1
    outer = levels[index - 1].column
    return outer - 1 if levels[index].kind is LIST and outer == levels[index].column else outer


def _beside(lines: Lines, levels: list[Level], index: int, gap: Gap) -> Place:
    """Return the place of a further entry of an open block."""
    level = levels[index]
    outer = holders(lines, levels[:index])
    if level.kind is LIST:
        return _item(lines, gap, outer, indent_of(lines, level))
    return _entry(lines, gap, outer, lines.entries(level), indent_of(lines, level))


def _inside(lines: Lines, levels: list[Level], line: int, column: int, gap: Gap) -> tuple[Place, ...]:
    """Return the place of an entry below a key or dash that has nothing yet, or whose entries begin further down.

    `column` is where entries stand there.
    """
    last = levels[-1].token
    outer = holders(lines, levels)
    below = line + 1
    if below < len(lines.columns) and lines.columns[below] == column > last.column:
        tokens = lines.tokens(below)
        indent = lines.text[lines.starts[below] : lines.firsts[below]]
        if tokens and tokens[0].kind is LIST:
            return (_item(lines, gap, outer, indent),)
        written = lines.entries(Level(MAP, column, below, tokens[0])) if tokens else {}
        return (_entry(lines, gap, outer, written, indent, last.kind is LIST, not tokens),)
    if last.kind is MAP and width(lines.text[gap.begin : gap.offset]) <= last.column:
        return ()
    return (_entry(lines, gap, outer, {}, lines.text[gap.begin : gap.offset], last.kind is LIST, True),)


def _item(lines: Lines, gap: Gap, outer: tuple[Holder, ...], indent: str) -> Place:
    """Return the place of a new item, dash and all, of the list inside `outer`."""
    edits, before = _shifted(lines, gap, indent)
    path = (*outer, Holder(LIST, {}, None), Holder(MAP, {}, None))
    span = Span(gap.offset, gap.end)
    return Place(
        ITEM, path, span, "", "yaml", f"{indent}  ", step_of(lines), head="- ", before=before, edits=edits
    )  # fmt: skip


def _entry(
    lines: Lines,
    gap: Gap,
    outer: tuple[Holder, ...],
    written: dict[str, Any],
    indent: str,
    is_behind_dash: bool = False,
    is_new: bool = False,
) -> Place:
    """Return the place of a key in a map that has the keys `written`; the first of it may begin an item."""
    edits, before = _shifted(lines, gap, indent)
    role = ITEM if is_behind_dash else KEY
    path = (*outer, Holder(MAP, written, None))
    span = Span(gap.offset, gap.end)
    return Place(role, path, span, "", "yaml", indent, step_of(lines), is_new, before=before, edits=edits)


def _shifted(lines: Lines, gap: Gap, indent: str) -> tuple[tuple[Edit, ...], str]:
    """Return how a blank line gets its indentation: by an edit before the text, or with the text itself."""
    if gap.begin == gap.offset:
        return (), indent
    is_right = lines.text[gap.begin : gap.offset] == indent
    return (() if is_right else (Edit(Span(gap.begin, gap.offset), indent),)), ""
