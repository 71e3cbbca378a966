"""The walk down the decision tree as a page that stands alone: no scripts, nothing to load."""

from __future__ import annotations

from html import escape as quoted

from hplint.explain import DEPARTS, FOLLOWS, HEADING, Step
from hplint.output.terminal import escape
from hplint.output.walk import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.text import SourceText

_STYLE = """\
:root{color-scheme:light dark;--line:#d0d7de;--follows:#1a7f37;--departs:#cf222e;--unknown:#8c959f;--heading:#57606a}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
ol{list-style:none;margin:0;padding-left:1.25rem}body>ol{padding:0}
li{margin:.5rem 0}
details{border:1px solid var(--line);border-left-width:5px;border-radius:6px;padding:.4rem .8rem}
details.follows{border-left-color:var(--follows)}details.departs{border-left-color:var(--departs)}
details.unknown{border-left-color:var(--unknown)}details.heading{border-left-color:var(--heading)}
summary{cursor:pointer}summary strong{margin-right:.6em}p{margin:.2rem 0}h1{font-size:1.3rem;overflow-wrap:anywhere}
.legend span{border-left:5px solid;padding-left:.4rem;margin-right:1.2rem}
.legend .follows{border-color:var(--follows)}.legend .departs{border-color:var(--departs)}
.legend .unknown{border-color:var(--unknown)}
.dim{opacity:.7}.note{color:#0969da}.error{color:#cf222e}.warning{color:#9a6700}.info{color:#0550ae}"""


_LEGEND = (
    f'<p class="legend"><span class="{FOLLOWS}">follows the recommended path</span>'
    f'<span class="{DEPARTS}">departs from it</span><span class="unknown">does not say</span></p>'
)


def render(steps: tuple[Step, ...], source: SourceText, title: str) -> str:
    """Return the page: nested questions with their answers, which open to show why; departures are open."""
    name = quoted(escape(title))
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{name}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>{name}</h1>\n{_LEGEND}"
    ]
    level = -1
    for step in steps:
        if step.level > level:
            parts.append("<ol>")
        else:
            parts.append("</li>" + "</ol></li>" * (level - step.level))
        level = step.level
        shown = " open" if step.state == DEPARTS else ""
        lines = list(said(step, source))
        answer = "" if step.state == HEADING else _line("span", *lines.pop(0))
        below = "".join(_line("p", text, style) for text, style in lines)
        summary = f"<summary><strong>{quoted(step.question)}</strong>{answer}</summary>"
        parts.append(f'<li><details class="{step.state}"{shown}>{summary}{below}</details>')
    parts.append("</li></ol>" * (level + 1) + "\n</body>\n</html>")
    return "\n".join(parts) + "\n"


def _line(tag: str, text: str, style: str) -> str:
    return f'<{tag} class="{style or "plain"}">{quoted(text)}</{tag}>'
