"""Config files of sections, `[training.optimizer]` with `key = value` lines: a tree with positions.

Values are JSON where they can be, as thinc and spaCy read them (confection `Config.interpret_config`), and text
otherwise; a dotted section stands below the sections that its name begins with. Lines that begin with "#" or ";" are
comments, and a more deeply indented line goes on with the value above it, as in Python's configparser. Keys before
the first section are those of the file itself, which is all that LightGBM's files have.
"""

from __future__ import annotations

import re

from hplint.syntax import json
from hplint.syntax.tree import MAP, MAX_DEPTH, MAX_NODES, STRING, Node, Problem, Tree
from hplint.text import SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION = r"\[([^\]\r\n]+)\]\s*(?:[#;].*)?\Z"
_ENTRY = r"([^=:\s][^=:]*?)\s*[=:]\s*"
_COMMENT_BEHIND = re.compile(r"\s#")
MAX_PROBLEMS = 20


def parse(source: SourceText) -> Tree:
    """Return the tree of a file of sections. Never raises for the text's sake: its problems say what is wrong."""
    text = source.text
    root = Node(MAP, 0, len(text))
    section, indent, problems = root, -1, []
    pending: tuple[Node, Node, int, int] | None = None  # section, key, and where its value begins and ends
    entries: list[tuple[Node, Node, int, int]] = []
    for start, line in _lines(source):
        content = line.strip()
        if not content or content[0] in "#;":
            continue
        at = start + len(line) - len(line.lstrip())
        if pending is not None and at - start > indent:
            pending = (*pending[:3], start + len(line.rstrip()))
            continue
        if pending is not None:
            entries.append(pending)
            pending = None
        heading = re.match(_SECTION, content)
        if heading is not None:
            section = _section(root, heading[1], at + 1)
            continue
        entry = re.match(_ENTRY, content)
        if entry is None:
            message = "this line is neither a [section] nor `key = value`"
            problems.append(Problem("invalid-cfg", message, Span(at, at + len(content))))
            if len(problems) >= MAX_PROBLEMS:
                break
            continue
        indent = at - start
        key = Node(STRING, at, at + len(entry[1]), entry[1], entry[1])
        pending = (section, key, at + entry.end(), at + len(content))
    if pending is not None:
        entries.append(pending)
    for section, key, start, end in entries[:MAX_NODES]:
        value = _value(text, start, end)
        key.parent = value.parent = section
        value.key = key
        section.entries.append((key, value))
    _close(root)
    return Tree(source, "cfg", (root,), tuple(problems), complete=not problems)


def _lines(source: SourceText) -> Iterator[tuple[int, str]]:
    """Yield the offset and text of each line, without its break."""
    starts = [*source.line_starts, len(source.text)]
    for start, end in zip(starts, starts[1:]):
        yield start, source.text[start:end].rstrip("\r\n")


def _section(root: Node, name: str, start: int) -> Node:
    """Return the map that a heading opens, made with those above it where they are not there yet."""
    node = root
    for step in name.split(".")[:MAX_DEPTH]:
        below = node.get(step)
        if below is None or below.kind is not MAP:
            key = Node(STRING, start, start + len(step), step, step)
            below = Node(MAP, start, start + len(step))
            key.parent, below.parent, below.key = node, node, key
            node.entries.append((key, below))
            node.keyed()[step] = below  # asked a moment ago, so that it is there; made anew it would take ever longer
        node = below
        start += len(step) + 1
    return node


def _value(text: str, start: int, end: int) -> Node:
    """Return the value in a range: JSON where it is, text otherwise."""
    written = text[start:end]
    tree = json.parse(SourceText(written)) if written else None
    if tree is None or tree.root is None or tree.problems or tree.is_embedded:
        comment = _COMMENT_BEHIND.search(written, max(written.rfind("\n"), 0))
        bare = written[: comment.start()].rstrip() if comment is not None else written
        plain = json.parse(SourceText(bare)) if bare != written and bare else None
        if plain is None or plain.root is None or plain.problems or plain.is_embedded:
            return Node(STRING, start, start + len(bare), bare, bare)
        tree = plain
    assert tree.root is not None  # both ways here looked at it
    tree.root.move(start)
    return tree.root


def _close(root: Node) -> None:
    """Let each section reach to the end of what it holds."""
    for node in reversed([node for node in root.walk() if node.kind is MAP and not node.style]):
        node.last = max([node.end, *(value.end for _, value in node.entries)])
        node.changed()
