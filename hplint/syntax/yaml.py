"""YAML: libyaml's event stream made into a tree in one iterative pass.

Events, not `yaml.compose`: composing recurses in C and brings the process down on deep nesting.
"""

from __future__ import annotations

import re

import yaml
from yaml import events as ev

from hplint.syntax import scalars
from hplint.syntax.tree import (
    FLOAT,
    INTEGER,
    LIST,
    MAP,
    MAX_DEPTH,
    MAX_EXPANDED_NODES,
    MAX_NODES,
    NULL,
    OTHER,
    STRING,
    Node,
    Problem,
    Tree,
)  # fmt: skip
from hplint.text import SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CORE_TAG = "tag:yaml.org,2002:"

MAX_PROBLEMS = 20
_UNCLOSED_QUOTE = "a quote is opened and never closed"

# What libyaml and PyYAML say, and what it means for someone writing a config.
_PLAIN_WORDS = (
    ("cannot start any token", "this character cannot start a value; put the value in quotes"),
    (
        "mapping values are not allowed",
        "a second ':' where a value is expected; quote the value or check the indentation",
    ),
    (
        "did not find expected key",
        "this line does not fit the lines above it; check the indentation and unclosed quotes",
    ),
    ("did not find expected '-' indicator", "a list item is expected here; check the indentation"),
    ("did not find expected ',' or ']'", "a list opened with '[' is not closed; add ',' or ']'"),
    ("did not find expected ',' or '}'", "a map opened with '{' is not closed; add ',' or '}'"),
    ("could not find expected ':'", "a key without ':'; add ':' after it, followed by a space"),
    ("found unexpected end of stream", _UNCLOSED_QUOTE),
    ("found unexpected document indicator", _UNCLOSED_QUOTE),
    ("did not find expected node content", "a value is expected here"),
    ("block sequence entries are not allowed", "a list cannot begin here; put each '- ' on a line of its own below"),
    ("mapping keys are not allowed", "a '?' cannot begin a value; put the value in quotes"),
    ("expected comment or line break", "text behind '|' or '>'; it belongs on the next line, indented"),
    ("did not find expected <document start>", "a further document begins with a line '---'"),
    ("found unknown directive name", "a line that begins with '%' is a directive of YAML, and this one is unknown"),
    ("found incompatible YAML document", "a version of YAML that no reader supports; remove the line"),
    ("found undefined tag handle", "a tag whose handle is not declared"),
    (
        "found unknown escape character",
        "an unknown escape in double quotes; write the backslash twice or use single quotes",
    ),
    ("control characters are not allowed", "a control character; remove it"),
)


class _OverBudgetError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def parse(source: SourceText, loader: str = "pyyaml") -> Tree:
    """Return the tree of a YAML text, its scalars read as `loader` would (a key of scalars.RESOLVERS).

    Never raises for the text's sake: what is wrong with it is in the tree's problems.
    """
    builder = _Builder(loader)
    complete = False
    try:
        # Windows' "end of file" byte and NUL are refused by the reader with a position of its own.
        events = _Loader(source.text)
        try:
            builder.read(events.get_event)
            complete = True
        finally:
            events.dispose()
    except _OverBudgetError as over:
        builder.problems.append(over.problem)
    except yaml.MarkedYAMLError as error:
        builder.problems.append(_marked_problem(source, error))
    except yaml.reader.ReaderError as error:
        builder.problems.append(_reader_problem(source, error))
    except UnicodeEncodeError as error:
        message = "half of a surrogate pair, which is no character; remove it"
        builder.problems.append(Problem("invalid-yaml", message, Span(error.start, error.start + 1)))
    except RecursionError:  # only PyYAML's pure-Python parser recurses
        builder.problems.append(_too_deep(0))
    builder.close()
    roots, problems = tuple(builder.roots), tuple(builder.problems)
    return Tree(
        source, "yaml", roots, problems, complete,
        nodes=builder.expanded, loader=loader, varying=tuple(builder.varying),
    )  # fmt: skip


def reread(tree: Tree, loader: str) -> None:
    """Let the plain scalars of a tree mean what they mean to another loader."""
    resolve = scalars.RESOLVERS[loader]
    for node in tree.varying if tree.varying is not None else _scalars(tree):
        if not node.text or node.style or node.tag is not None:
            continue
        kind, value = resolve(node.text)
        if node.kind is kind and node.value == value:
            continue
        node.kind, node.value = kind, value
        around: Node | None = node
        while around is not None:
            around.changed()
            around = around.parent


def _scalars(tree: Tree) -> Iterator[Node]:
    """Yield all scalars of a tree, keys included."""
    for root in tree.roots:
        for node in root.walk():
            if node.is_scalar:
                yield node
            yield from (key for key, _ in node.entries)


def _too_deep(at: int) -> Problem:
    message = f"nested more than {MAX_DEPTH} levels deep; hplint reads no further"
    return Problem("too-deep", message, Span(at, at + 1))


def _marked_problem(source: SourceText, error: Any) -> Problem:
    mark = error.problem_mark or error.context_mark
    at = min(mark.index if mark is not None else 0, len(source.text))
    line_start = source.line_starts[source.position(at).line - 1]
    indent = source.text[line_start:at]
    if source.text[at : at + 1] == "\t" and not indent.strip():
        stop = at + len(source.text[at:]) - len(source.text[at:].lstrip("\t"))
        message = "a tab in the indentation; YAML indents with spaces only"
        return Problem("tab-indent", message, Span(at, stop), _spaces_for(source.text, line_start, at, stop))
    said = f"{error.problem or ''} {error.context or ''}"
    if "maximum nesting depth" in said:  # newer versions of libyaml have a limit of their own
        return _too_deep(at)
    words = next((plain for theirs, plain in _PLAIN_WORDS if theirs in said), (error.problem or "cannot be read"))
    context = error.context_mark
    if words is _UNCLOSED_QUOTE and context is not None:
        return Problem("invalid-yaml", words, Span(context.index, context.index + 1))
    if context is not None and error.problem_mark is not None and context.line != mark.line:
        words += f" (what is being read starts on line {context.line + 1})"
    while at > 0 and at >= len(source.text.rstrip()) and at == len(source.text):
        at -= 1
    return Problem("invalid-yaml", words, Span(at, min(at + 1, len(source.text))))


def _spaces_for(text: str, line_start: int, at: int, stop: int) -> str | None:
    """Return the spaces that the tabs from `at` to `stop` stand for, None where two levels are as likely.

    A tab is a level where lines are indented by tabs throughout. A single such line goes as deep as the line above, and
    one step deeper where that one opens a collection.
    """
    above = [line for line in text[:line_start].splitlines() if line.strip() and not line.lstrip().startswith("#")]
    depths = [len(line) - len(line.lstrip(" ")) for line in above]
    step = min((depth for depth in depths if depth), default=2)
    by_tabs = step * (stop - at)
    width = by_tabs
    if len(re.findall(r"(?m)^ *\t", text)) == 1 and above:
        opens = re.search(r":\s*(#.*)?$", above[-1]) is not None
        width = depths[-1] + (step if opens else 2 if above[-1].lstrip().startswith("- ") else 0)
        if not opens and width != by_tabs and by_tabs in depths and by_tabs < depths[-1]:
            return None
    return " " * max(width - (at - line_start), 0)


def _reader_problem(source: SourceText, error: Any) -> Problem:
    position = error.position
    at = min(position if isinstance(position, int) else 0, len(source.text))
    # libyaml counts bytes here and PyYAML characters: find the character itself.
    code = error.character if isinstance(error.character, int) else ord(error.character or "\0")
    found = source.text.find(chr(code))
    at = found if found >= 0 else at
    message = f"the character U+{code:04X} is not allowed in YAML; remove it or write it as an escape in double quotes"
    return Problem("invalid-yaml", message, Span(at, at + 1))


class _Builder:
    """Turns events into nodes, one at a time, with an explicit stack."""

    def __init__(self, loader: str) -> None:
        self.roots: list[Node] = []
        self.problems: list[Problem] = []
        self.stack: list[Node] = []
        self.keys: list[Node | None] = []
        self.anchors: dict[str, Node] = {}
        self.sizes: dict[int, int] = {}
        self.nodes = 0
        self.expanded = 0
        self.resolve = scalars.RESOLVERS[loader]
        self.resolved = scalars.resolved(loader)
        self.varying: list[Node] = []

    def read(self, get_event: Any) -> None:
        """Take in all events. Plain and quoted scalars, by far the most, are added here without further calls."""
        scalar_event, known, stack, keys = ev.ScalarEvent, self.resolved, self.stack, self.keys
        added, room = 0, MAX_NODES  # scalars that were added here and are not counted yet, and how many may be
        while True:
            event = get_event()
            kind: Any = type(event)
            if kind is not scalar_event or event.tag is not None or event.anchor is not None or added >= room:
                self.nodes += added
                self.expanded += added
                added = 0
                if event is None or kind is ev.StreamEndEvent:
                    return
                self.feed(event)
                room = MAX_NODES - self.nodes if stack else 0
                continue
            text, style = event.value, event.style
            if style:
                node = Node(STRING, event.start_mark.index, event.end_mark.index, text, text, style)
            else:
                kind, value, varies = known.get(text) or self.resolve_plain(text)
                node = Node(kind, event.start_mark.index, event.end_mark.index, value, text)
                if varies:
                    self.varying.append(node)
            added += 1
            node.parent = parent = stack[-1]
            key = keys[-1]
            if parent.kind is LIST:
                node.key = len(parent.items)
                parent.items.append(node)
            elif key is None:
                keys[-1] = node
            elif key.kind is MAP or key.kind is LIST:
                keys[-1] = None
                self.put(parent, key, node)
            else:
                keys[-1] = None
                node.key = key
                parent.entries.append((key, node))

    def feed(self, event: Any) -> None:
        """Take in one event."""
        kind = type(event)
        if kind is ev.ScalarEvent:
            self.add(self.scalar(event), event.anchor)
        elif kind is ev.MappingStartEvent:
            self.open(MAP, "{" if event.flow_style else "", event)
        elif kind is ev.SequenceStartEvent:
            self.open(LIST, "[" if event.flow_style else "", event)
        elif kind is ev.MappingEndEvent or kind is ev.SequenceEndEvent:
            self.end(event.end_mark.index)
        elif kind is ev.AliasEvent:
            self.alias(event)
        elif kind is ev.DocumentStartEvent:
            self.anchors = {}

    def report(self, kind: str, message: str, span: Span) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(kind, message, span))

    def scalar(self, event: Any) -> Node:
        """Return the node of any scalar."""
        text = event.value
        start, end = event.start_mark.index, event.end_mark.index
        style = event.style or ""
        tag = event.tag
        if tag is not None and tag != "!":
            return _tagged(text, start, end, style, tag, self.resolve)
        if style:
            return Node(STRING, start, end, text, text, style)
        kind, value, varies = self.resolve_plain(text)
        node = Node(kind, start, end, value, text)
        if varies:
            self.varying.append(node)
        return node

    def resolve_plain(self, text: str) -> tuple[str, Any, bool]:
        """Return kind and value of a plain scalar, and whether other loaders may read it differently."""
        if text not in self.resolved:
            self.resolved[text] = (*self.resolve(text), scalars.varies(text))
        return self.resolved[text]

    def open(self, kind: str, style: str, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _OverBudgetError(_too_deep(event.start_mark.index))
        tag = event.tag if event.tag != "!" else None
        node = Node(kind, event.start_mark.index, event.end_mark.index, style=style, tag=tag)
        self.add(node, event.anchor)
        self.stack.append(node)
        self.keys.append(None)
        self.sizes[id(node)] = self.expanded

    def end(self, at: int) -> None:
        node = self.stack.pop()
        pending = self.keys.pop()
        if pending is not None:  # a break between a key and its value
            self.put(node, pending, Node(NULL, pending.end, pending.end))
        if node.style:
            node.last = at
        elif node.kind is MAP and node.entries:
            node.last = max(node.entries[-1][1].last, node.entries[-1][0].last)
        elif node.items:
            node.last = max(node.last, node.items[-1].last)
        self.sizes[id(node)] = self.expanded - self.sizes[id(node)] + 1

    def alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        target = self.anchors.get(event.anchor)
        node = Node(NULL, start, end)
        if target is None:
            message = f"the alias *{event.anchor} has no anchor &{event.anchor} above it"
            self.report("invalid-yaml", message, Span(start, end))
        elif target in self.stack:
            message = f"the alias *{event.anchor} stands inside the value it names, which would never end"
            self.report("self-reference", message, Span(start, end))
        else:
            node = Node(target.kind, start, end, target.value, target.text, target.style, target.tag)
            node.entries, node.items = target.entries, target.items
            node.is_alias = True
            if node.is_scalar and scalars.varies(node.text):
                self.varying.append(node)
            self.expanded += self.sizes.get(id(target), 1)
            if self.expanded > MAX_EXPANDED_NODES:
                message = f"aliases expand to more than {MAX_EXPANDED_NODES:,} values; hplint reads no further"
                raise _OverBudgetError(Problem("alias-expansion", message, Span(start, end)))
        self.add(node, None)

    def add(self, node: Node, anchor: str | None) -> None:
        self.nodes += 1
        self.expanded += 1
        if self.nodes > MAX_NODES:
            message = f"more than {MAX_NODES:,} values; hplint reads no further"
            raise _OverBudgetError(Problem("too-large", message, Span(node.start, node.end)))
        if anchor is not None:
            if anchor in self.anchors:
                message = f"the anchor &{anchor} is there already, which PyYAML refuses; give one of them another name"
                self.report("invalid-yaml", message, Span(node.start, node.start + 1 + len(anchor)))
            self.anchors[anchor] = node
        if not self.stack:
            self.roots.append(node)
            return
        parent = self.stack[-1]
        if parent.kind is LIST:
            node.parent, node.key = parent, len(parent.items)
            parent.items.append(node)
            return
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = node
            node.parent = parent
        else:
            self.keys[-1] = None
            self.put(parent, key, node)

    def put(self, parent: Node, key: Node, value: Node) -> None:
        if key.kind is MAP or key.kind is LIST:
            message = "a list or map cannot be a key in a training config"
            self.report("invalid-yaml", message, key.span)
            key = Node(STRING, key.start, key.end, "", "")
        key.parent, value.parent, value.key = parent, parent, key
        parent.entries.append((key, value))

    def close(self) -> None:
        """Close what a break in the text left open, so that what was read so far is a tree."""
        known = len(self.problems)
        while self.stack:
            self.end(self.stack[-1].end)
        del self.problems[known:]  # half a key, for instance, is no fault besides the break


def _tagged(text: str, start: int, end: int, style: str, tag: str, resolve: Any) -> Node:
    """Return a scalar with an explicit tag: a core one decides its kind, any other makes it opaque."""
    if not tag.startswith(_CORE_TAG):
        return Node(OTHER, start, end, text, text, style, tag)
    name = tag[len(_CORE_TAG) :]
    if name in ("float", "int"):
        try:
            value = float(text) if name == "float" else resolve(text)[1]
        except ValueError:
            value = text
        kind = {float: FLOAT, int: INTEGER}.get(type(value))
        return Node(kind or STRING, start, end, value if kind is not None else text, text, style, tag)
    if name == "null":
        return Node(NULL, start, end, None, text, style, tag)
    if name == "bool":
        kind, value = resolve(text)
        return Node(kind, start, end, value, text, style, tag)
    return Node(STRING if name == "str" else OTHER, start, end, text, text, style, tag)
