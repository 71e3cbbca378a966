"""The decision tree itself: its questions, what the field recommends at each, and the rules that hold configs to it."""

from __future__ import annotations

import re

from hplint.output.terminal import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from hplint.explain import Question

    Documents = Mapping[str, Mapping[str, Any]]
    """The content of every rule file, by code."""


_GO_ON = ("go on", "as above")


def render(tree: Sequence[Question], rules: Documents, screen: Screen) -> str:
    """Return the tree for a terminal."""
    lines: list[str] = []
    for question, level in walk(tree):
        indent = "  " * level
        lines.append(f"{indent}{screen.paint('?', 'bold')} {screen.paint(question.question, 'bold')}")
        lines += [f"{indent}    {screen.paint(f'recommended: {advice}', 'note')}" for advice in advices(question)]
        lines += [f"{indent}    {code} {rules[code]['name']}" for code in question.codes if code in rules]
    lines.append("")
    lines.append(screen.paint("Rules that no single question asks for", "bold"))
    for branch, codes in beside(tree, rules).items():
        lines.append(f"  {branch}")
        lines += [f"    {code} {rules[code]['name']}" for code in codes]
    return "\n".join(lines) + "\n"


def markdown(tree: Sequence[Question], rules: Documents, page_of: str = "") -> str:
    """Return the tree as nested lists; each rule a link to its page where `page_of`, with {} for its code, says so."""
    lines: list[str] = []
    for question, level in walk(tree):
        indent = "    " * level
        lines.append(f"{indent}- **{_marked_up(question.question)}**")
        lines += [f"{indent}    - recommended: {_marked_up(advice)}" for advice in advices(question)]
        linked = [_link(code, rules, page_of) for code in question.codes if code in rules]
        if linked:
            lines.append(f"{indent}    - rules: {', '.join(linked)}")
    lines += ["", "Rules that no single question asks for:", ""]
    for branch, codes in beside(tree, rules).items():
        lines.append(f"- {branch}: " + ", ".join(_link(code, rules, page_of) for code in codes))
    return "\n".join(lines) + "\n"


def _marked_up(text: str) -> str:
    """Return a text of the tree as Markdown: with as little escaped as every reader of Markdown agrees on."""
    return re.sub(r"([\\`*_\[\]])", r"\\\1", text).replace("<", "&lt;")


def _link(code: str, rules: Documents, page_of: str) -> str:
    said = f"{code} {rules[code]['name']}"
    return f"[{said}]({page_of.format(code)})" if page_of else said


def walk(tree: Sequence[Question], level: int = 0) -> Iterator[tuple[Question, int]]:
    """Yield every question with its level, in the order in which they are asked."""
    for question in tree:
        yield question, level
        yield from walk(question.below, level + 1)


def advices(question: Question) -> list[str]:
    """Return what is recommended at a question, each once; not that the next question decides."""
    return list(dict.fromkeys(one.advice for one in question.answers if one.advice not in _GO_ON))


def beside(tree: Sequence[Question], rules: Documents) -> dict[str, list[str]]:
    """Return the codes of the rules that no question names, by branch."""
    asked = {code for question, _ in walk(tree) for code in question.codes}
    found: dict[str, list[str]] = {}
    for code, about in rules.items():
        if code not in asked:
            found.setdefault(about["branch"], []).append(code)
    return found
