"""Lines of a config with parts of them underlined, and small diffs; long lines are cut to a window."""

from __future__ import annotations

from itertools import zip_longest

from hplint.output.terminal import columns, escape
from hplint.records import record
from hplint.text import Edit, SourceText, Span, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.output.terminal import Screen

MAX_DIFF_LINES = 12
_CUT = "…"


@record
class Mark:
    """A part of the text to underline with `char`, and what to say behind the line."""

    span: Span
    char: str
    style: str
    label: str = ""


def excerpt(source: SourceText, marks: list[Mark], screen: Screen, gutter: int) -> list[str]:
    """Return the lines that `marks` stand on, each with its marks below it; gaps between lines are shown as `...`.

    `gutter` is the number of columns for line numbers.
    """
    room = screen.width - gutter - 3
    by_line: dict[int, list[Mark]] = {}
    for mark in marks:
        by_line.setdefault(source.position(mark.span.start).line, []).append(mark)
    shown: list[str] = []
    before = 0
    for number in sorted(by_line):
        if before and number > before + 1:
            shown.append(screen.paint("." * min(3, gutter + 1), "gutter"))
        before = number
        line = source.line(number)
        same_window = columns(escape(line)) <= room
        groups = [by_line[number]] if same_window else [[mark] for mark in by_line[number]]
        for group in groups:
            shown += _marked_line(source, number, line, group, screen, gutter, room)
    return shown


def _marked_line(
    source: SourceText, number: int, line: str, marks: list[Mark], screen: Screen, gutter: int, room: int
) -> list[str]:
    start = source.line_starts[number - 1]
    first = marks[0]
    left, right = window(line, first.span.start - start, first.span.end - start, room)
    head = _CUT if left else ""
    tail = _CUT if right < len(line) else ""
    bar = screen.paint("|", "gutter")
    label = screen.paint(str(number).rjust(gutter), "gutter")
    shown = [f"{label} {bar} {head}{escape(line[left:right])}{tail}".rstrip()]
    for mark in marks:
        begin = min(max(mark.span.start - start, left), right)
        end = min(max(mark.span.end - start, begin), right)
        indent = columns(head + escape(line[left:begin]))
        under = mark.char * max(1, columns(escape(line[begin:end])))
        said = f" {mark.label}" if mark.label else ""
        shown.append(f"{' ' * gutter} {bar} {' ' * indent}{screen.paint(under + said, mark.style)}")
    return shown


def window(line: str, start: int, end: int, room: int) -> tuple[int, int]:
    """Return the part [left, right) of a line to show so that [start, end) is in view, in about `room` columns."""
    if columns(escape(line)) <= room:
        return 0, len(line)
    end = min(max(end, start), len(line))
    free = max(room - 2 - columns(escape(line[start:end])), 0)
    left = _reach(line, start, -1, free // 2)
    right = _reach(line, end, 1, free - columns(escape(line[left:start])))
    if end - start > room:  # the marked part alone is too long: show how it begins
        right = _reach(line, start, 1, room - 2)
    return left, right


def _reach(line: str, at: int, step: int, room: int) -> int:
    """Return how far from `at` in direction `step` the text fits into `room` columns."""
    while 0 <= at + min(step, 0) < len(line):
        room -= columns(escape(line[at + min(step, 0)]))
        if room < 0:
            break
        at += step
    return at


def small_diff(source: SourceText, edits: tuple[Edit, ...], screen: Screen, gutter: int) -> list[str]:
    """Return what `edits` change as a few lines with `-` and `+`."""
    room = screen.width - gutter - 3
    shown: list[str] = []
    shift = 0
    for group in _by_lines(source, edits):
        first = source.position(group[0].span.start).line
        last = max(source.position(edit.span.end).line for edit in group)
        start = source.line_starts[first - 1]
        end = source.line_starts[last] if last < len(source.line_starts) else len(source.text)
        old = source.text[start:end]
        new = apply_edits(old, [Edit(Span(e.span.start - start, e.span.end - start), e.text) for e in group])
        removed, added = _changed(_lines(old), _lines(new))
        skipped = removed[0]
        lefts = [_left(*pair, room) for pair in zip_longest(removed[1], added[1], fillvalue="")]
        for sign, number, lines in (("-", first + skipped, removed[1]), ("+", first + skipped + shift, added[1])):
            for index, line in enumerate(lines):
                shown.append(_diff_line(sign, number + index, line, lefts[index], screen, gutter, room))
        shift += len(_lines(new)) - len(_lines(old))
    if len(shown) > MAX_DIFF_LINES:
        more = len(shown) - MAX_DIFF_LINES
        shown[MAX_DIFF_LINES:] = [f"{' ' * gutter} {screen.paint(f'{_CUT} and {more} more lines', 'dim')}"]
    return shown


def _by_lines(source: SourceText, edits: tuple[Edit, ...]) -> list[list[Edit]]:
    """Return the edits in the order of the text, those that share a line together."""
    groups: list[list[Edit]] = []
    reached = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if groups and source.position(edit.span.start).line <= reached:
            groups[-1].append(edit)
        else:
            groups.append([edit])
        reached = max(reached, source.position(edit.span.end).line)
    return groups


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def _changed(old: list[str], new: list[str]) -> tuple[tuple[int, list[str]], tuple[int, list[str]]]:
    """Return the lines that differ, with the number of equal lines before them."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return (head, old[head : len(old) - tail]), (head, new[head : len(new) - tail])


def _left(old: str, new: str, room: int) -> int:
    """Return where to begin showing two versions of a line, so that the first difference is in view in both."""
    if max(columns(escape(old)), columns(escape(new))) <= room:
        return 0
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    return _reach(old, start, -1, room // 2)


def _diff_line(sign: str, number: int, line: str, left: int, screen: Screen, gutter: int, room: int) -> str:
    right = _reach(line, left, 1, room - 2)
    body = (_CUT if left else "") + escape(line[left:right]) + (_CUT if right < len(line) else "")
    painted = screen.paint(f"{sign} {body}".rstrip(), "added" if sign == "+" else "removed")
    return f"{screen.paint(str(number).rjust(gutter), 'gutter')} {painted}"
