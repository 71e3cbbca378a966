"""Tells texts that do not parse and are no mistake: templates, data, what other programs read."""

from __future__ import annotations

import re

from hplint.syntax.tree import Problem, Tree
from hplint.text import Span

_TEMPLATE = r"\{\{|\{%"
_COMMENT_LINE = r"(?m)^\s*(//|/\*)"
_PLACEHOLDER = r"[A-Z][A-Z0-9]+(_\w+)*"


def is_foreign(tree: Tree) -> bool:
    """Whether a text that does not parse is none of hplint: a template, commented JSON, data, or of another program."""
    text = tree.source.text
    is_commented_json = tree.syntax == "json" and re.search(_COMMENT_LINE, text) is not None
    is_cfg = tree.syntax == "cfg"  # most files that end so are of other programs, each with a grammar of its own
    return is_cfg or is_commented_json or re.search(_TEMPLATE, text) is not None or _is_data(tree)


def _is_data(tree: Tree) -> bool:
    """Whether a text holds examples, not a config: maps or lists of JSON, each on a line of its own."""
    if tree.syntax != "json" or tree.root is None or tree.root.is_scalar:
        return False
    behind = tree.source.text[tree.root.end :]
    is_whole = all(problem.span.start >= tree.root.end for problem in tree.problems)
    return is_whole and re.match(r"[ \t]*[\r\n]+\s*[{\[]", behind) is not None


def is_to_fill(tree: Tree) -> bool:
    """Whether a script fills in the JSON before it is read: all that is wrong are bare words such as BATCH_SIZE."""
    words = {tree.source.text[problem.span.start : problem.span.end] for problem in tree.problems}
    if tree.syntax != "json" or len(words) < 2 or not any("_" in word for word in words):
        return False
    return all(re.fullmatch(_PLACEHOLDER, word) for word in words)


def as_no_json(tree: Tree) -> tuple[Problem, ...]:
    """Return what is wrong with JSON; of a text that does not even begin like JSON, that alone."""
    word = re.match(r"\s*([^\s{}\[\]\"'/,:]{1,40})", tree.source.text)
    if word is None or len(tree.problems) < 2:
        return tree.problems
    message = f"this is no JSON: it begins with `{word.group(1)}`, where the JSON of a config has {{ or ["
    return (Problem(tree.problems[0].kind, message, Span(*word.span(1))),)
