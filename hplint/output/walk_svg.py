"""The walk down the decision tree as a picture for a report: SVG that stands alone, with nothing to load."""

from __future__ import annotations

from xml.sax.saxutils import escape as quoted

from hplint.explain import DEPARTS, FOLLOWS, HEADING, UNKNOWN_ANSWER, Step
from hplint.output.terminal import columns, escape
from hplint.output.walk import said, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.text import SourceText

_WIDTH, _MARGIN, _INDENT, _LINE, _PAD, _GAP = 860, 24, 36, 18, 12, 12
_CHARACTER = 7.3
"""The mean width of a character at the size of the text, in pixels; wide characters take two."""
_COLOURS = {FOLLOWS: "#1a7f37", DEPARTS: "#cf222e", UNKNOWN_ANSWER: "#8c959f", HEADING: "#57606a"}
_STYLES = {
    "dim": "#6e7781",
    "note": "#0969da",
    "error": "#cf222e",
    "warning": "#9a6700",
    "info": "#0550ae",
    "": "#24292f",
}
_LEGEND = ((FOLLOWS, "follows the recommended path"), (DEPARTS, "departs from it"), (UNKNOWN_ANSWER, "does not say"))


def render(steps: tuple[Step, ...], source: SourceText, title: str) -> str:
    """Return the drawing: a card per question, its colour telling whether the config follows the tree."""
    shapes: list[str] = []
    top = _MARGIN + 2 * _LINE + _GAP
    anchors: dict[int, int] = {}
    for step in steps:
        left = _MARGIN + _INDENT * step.level
        room = int((_WIDTH - _MARGIN - left - 2 * _PAD) / _CHARACTER)
        lines = [(piece, "bold") for piece in wrapped(escape(step.question), room)]
        lines += [(piece, style) for text, style in said(step, source) for piece in wrapped(text, room)]
        height = 2 * _PAD + _LINE * len(lines) - 4
        colour = _COLOURS[step.state]
        if step.level:
            shapes.append(_branch(left, top, anchors[step.level - 1]))
        anchors[step.level] = top + height
        shapes.append(
            f'<rect x="{left}" y="{top}" width="{_WIDTH - _MARGIN - left}" height="{height}" rx="6" class="card"/>'
            f'<rect x="{left}" y="{top}" width="5" height="{height}" rx="2" fill="{colour}"/>'
        )
        for number, (text, style) in enumerate(lines):
            shapes.append(_text(text, style, left + _PAD + 4, top + _PAD + 9 + _LINE * number))
        top += height + _GAP
    head = _text(escape(title), "bold", _MARGIN, _MARGIN + 10) + _legend(_MARGIN + 10 + _LINE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top + _MARGIN}" width="{_WIDTH}" '
        f'height="{top + _MARGIN}" role="img" font-family="system-ui, sans-serif" font-size="13">\n'
        f"<title>{quoted(escape(title))}</title>\n"
        "<style>.card{fill:#fff;stroke:#d0d7de}.line{fill:none;stroke:#d0d7de}</style>\n"
        f'<rect width="100%" height="100%" fill="#f6f8fa"/>\n{head}\n' + "\n".join(shapes) + "\n</svg>\n"
    )


def _branch(left: int, top: int, above: int) -> str:
    x = left - _INDENT // 2
    return f'<path class="line" d="M{x} {above} V{top + 16} H{left}"/>'


def _text(text: str, style: str, x: int, y: int) -> str:
    look = 'font-weight="600" fill="#24292f"' if style == "bold" else f'fill="{_STYLES[style]}"'
    return f'<text x="{x}" y="{y}" {look} xml:space="preserve">{quoted(text)}</text>'


def _legend(y: int) -> str:
    x, shapes = _MARGIN, []
    for state, words in _LEGEND:
        shapes.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" rx="2" fill="{_COLOURS[state]}"/>')
        shapes.append(_text(words, "dim", x + 16, y))
        x += 40 + int(_CHARACTER * columns(words))
    return "".join(shapes)
