"""The walk down the decision tree as a Mermaid flowchart, which many wikis and Markdown viewers draw."""

from __future__ import annotations

import re

from hplint.explain import DEPARTS, FOLLOWS, HEADING, UNKNOWN_ANSWER, Step
from hplint.output.terminal import escape
from hplint.output.walk import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.text import SourceText

_CLASSES = {
    FOLLOWS: "fill:#dafbe1,stroke:#1a7f37,color:#24292f",
    DEPARTS: "fill:#ffebe9,stroke:#cf222e,color:#24292f",
    UNKNOWN_ANSWER: "fill:#f6f8fa,stroke:#8c959f,color:#24292f",
    HEADING: "fill:#fff,stroke:#57606a,color:#24292f",
}
_SPECIAL = re.compile(r"[^\w ,.:;()=+/?!%'-]")


def render(steps: tuple[Step, ...], source: SourceText, title: str) -> str:
    """Return the chart: the config on top, each question below the one that leads to it."""
    lines = ["flowchart TD", f'  config["{quoted(title)}"]']
    parents = {0: "config"}
    for number, step in enumerate(steps):
        name = f"q{number}"
        told = "<br>".join([f"<b>{quoted(step.question)}</b>", *(quoted(text) for text, _ in said(step, source))])
        lines.append(f'  {name}["{told}"]:::{step.state}')
        lines.append(f"  {parents[step.level]} --> {name}")
        parents[step.level + 1] = name
    lines += [f"  classDef {state} {style}" for state, style in _CLASSES.items()]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return a text that Mermaid shows as it is: all but plain characters as numbers, so that no markup is left."""
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", escape(text))
