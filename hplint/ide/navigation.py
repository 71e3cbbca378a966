"""Where a name comes from and where it is used; renaming it everywhere at once.

What refers to what: aliases to anchors (YAML), `${path.to.key}` to keys, names that a format declares (layers,
features), and keys that are dotted paths to other keys (searched parameters).
"""

from __future__ import annotations

import re

from hplint.ide.names import Pattern as NamePattern
from hplint.ide.names import Use, patterns, steps_of, uses
from hplint.records import record
from hplint.syntax.edits import spelling
from hplint.syntax.tree import LIST, MAP, Node
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hplint.ide.document import Document

_ANCHOR = re.compile(r"(?:![^\s,\[\]{}]*\s+)?&([^\s,\[\]{}]+)")
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)")
_NAME = re.compile(r"[^\s,\[\]{}&*!|>'\"%@`#:]+\Z")
_INTERPOLATION = r"(?<!\\)\$\{([^${}:]+)\}"
_IN_SECTIONS = r"\$\{([^${}]+)\}"
"""In files of sections a colon divides the section from the key."""
_PATH_STEP = re.compile(r"\[(-?\d+)\]|[^.:#\[\]]+")


MAX_DOCUMENTS = 100
"""In how many of the documents of a file names are looked for."""


@record
class Occurrence:
    """A place where something stands or is referred to.

    target  what it is, the same for all occurrences of one thing; names only compare
    span    the name there, without quotes
    is_definition  whether the thing itself is here
    quoted  the node whose spelling a new name has to keep, None for anchors and parts of paths
    """

    target: tuple[str, str, int]
    span: Span
    is_definition: bool
    quoted: Node | None = None


@record
class Rename:
    """The edits that rename, or why it cannot be done."""

    edits: tuple[Edit, ...]
    refusal: str = ""


def occurrences(document: Document, offset: int) -> tuple[Occurrence, ...]:
    """Return all occurrences of what stands at `offset`, its definitions included, in the order of the text."""
    return _occurrences(list(_everything(document)), offset)


def _occurrences(everything: list[Occurrence], offset: int) -> tuple[Occurrence, ...]:
    here = [found for found in everything if found.span.start <= offset <= found.span.end]
    if not here:
        return ()
    target = min(here, key=lambda found: found.span.end - found.span.start).target
    found = {(one.span.start, one.span.end): one for one in everything if one.target == target}
    return tuple(found[place] for place in sorted(found))


def definitions(document: Document, offset: int) -> tuple[Span, ...]:
    """Return where what stands at `offset` is defined."""
    return tuple(found.span for found in occurrences(document, offset) if found.is_definition)


def renamable(document: Document, offset: int) -> Span | None:
    """Return the text that a rename at `offset` replaces, None where there is nothing to rename."""
    return _renamable(occurrences(document, offset), offset)


def _renamable(found: tuple[Occurrence, ...], offset: int) -> Span | None:
    if not found or not any(one.is_definition for one in found) or found[0].target[0] == "searched":
        return None
    return next((one.span for one in found if one.span.start <= offset <= one.span.end), None)


def rename(document: Document, offset: int, name: str) -> Rename:
    """Return the edits that give what stands at `offset` another name everywhere."""
    everything = list(_everything(document))
    found = _occurrences(everything, offset)
    if _renamable(found, offset) is None:
        return Rename((), "there is no name here that other places refer to")
    kind, old, scope = found[0].target
    if not name.strip() or "\n" in name or (kind in ("anchor", "key") and not _NAME.match(name)):
        return Rename((), f"`{name}` cannot be a name here")
    taken = {one.target for one in everything if one.is_definition}
    if name != old and (kind, name, scope) in taken:
        return Rename((), f"there is a {kind} called `{name}` already")
    syntax = document.report.tree.syntax if document.report.tree is not None else "yaml"
    edits = []
    for one in found:
        spelt = name
        if one.quoted is not None:
            try:
                inside = one.quoted.parent is not None and bool(one.quoted.parent.style)
                spelt = spelling.scalar(syntax, name, one.quoted, inside)
            except spelling.UnwritableError:
                return Rename((), f"`{name}` cannot be written in {syntax.upper()}")
            edits.append(Edit(one.quoted.span, spelt))
        else:
            edits.append(Edit(one.span, spelt))
    return Rename(tuple(edits))


def _everything(document: Document) -> Iterator[Occurrence]:
    """Yield every occurrence of everything that is named in the file."""
    syntax = document.report.tree.syntax if document.report.tree is not None else "yaml"
    names = patterns(document.description)
    searched = tuple(
        NamePattern("searched", False, steps_of(path)) for path in document.description.get("key_paths", ())
    )
    for index, root in enumerate(document.roots[:MAX_DOCUMENTS]):
        if syntax == "yaml" and "&" in document.text:
            yield from _anchors(document, root, index)
        if "${" in document.text or "reference_pattern" in document.description:
            yield from _interpolations(document, root, index)
        named = uses(root, names)
        for use in named:
            yield Occurrence((use.kind, use.name, use.scope), _inner(use.node), use.is_declared, use.node)
        for use in uses(root, searched):
            yield from _key_path(root, use, named)


def _inner(node: Node) -> Span:
    quoted = node.style in ('"', "'") and node.end - node.start >= 2
    return Span(node.start + quoted, node.end - quoted)


def _anchors(document: Document, root: Node, index: int) -> Iterator[Occurrence]:
    text = document.text
    for node in _nodes(root):
        alias = _ALIAS.match(text, node.start, node.end) if text.startswith("*", node.start) else None
        anchor = (
            _ANCHOR.match(text, node.start) if alias is None and text[node.start : node.start + 1] in "&!" else None
        )
        match = alias or anchor
        if match is not None:
            span = Span(match.start(1), match.end(1))
            yield Occurrence(("anchor", match.group(1), index), span, anchor is not None)


def _nodes(root: Node) -> Iterator[Node]:
    for node in root.walk():
        yield node
        if not node.is_alias:
            for key, _ in node.entries:
                yield key


def _interpolations(document: Document, root: Node, index: int) -> Iterator[Occurrence]:
    """Yield the keys that `${...}` lead through, and the parts of the paths that name them."""
    sections = document.report.tree is not None and document.report.tree.syntax == "cfg"
    usual = _IN_SECTIONS if sections else _INTERPOLATION
    pattern = re.compile(document.description.get("reference_pattern", usual))
    seen: set[int] = set()
    for node in root.walk():
        if not node.is_scalar and not node.is_alias:  # what refers to a map or list reads like it
            continue
        for match in pattern.finditer(document.text, node.start, node.end):
            path = match.group(1)
            holder = _start(root, node, path)
            for step in _PATH_STEP.finditer(path):
                item = int(step.group(1)) if step.group(1) else None
                below = None
                if holder is not None and item is not None:
                    below = holder.at(item) if holder.kind is LIST else None
                elif holder is not None and holder.kind is MAP:
                    below = holder.get(step.group())
                    key = below.key if below is not None else None
                    if isinstance(key, Node):
                        target = ("key", step.group(), id(key))
                        start = match.start(1) + step.start()
                        yield Occurrence(target, Span(start, start + len(step.group())), False)
                        if id(key) not in seen:
                            seen.add(id(key))
                            yield Occurrence(target, _inner(key), True)
                holder = below


def _start(root: Node, node: Node, path: str) -> Node | None:
    """Return where a path begins: at the top, or with leading dots at the map around its node, one up for each more."""
    dots = len(path) - len(path.lstrip("."))
    holder: Node | None = root
    if dots:
        holder = node.parent
        for _ in range(dots - 1):
            holder = holder.parent if holder is not None else None
    return holder


def _key_path(root: Node, use: Use, named: list[Use]) -> Iterator[Occurrence]:
    """Yield what a dotted path refers to: a key of the file, or where its first part is a declared name, that thing."""
    steps = use.name.split(".")
    span = _inner(use.node)
    found = root.at(*steps)
    if found is not None and isinstance(found.key, Node) and found.key is not use.node:
        target = ("searched", use.name, 0)
        yield Occurrence(target, span, False)
        yield Occurrence(target, _inner(found.key), True)
        return
    thing = next((one for one in named if one.is_declared and one.name == steps[0]), None)
    if thing is not None:
        yield Occurrence((thing.kind, thing.name, thing.scope), Span(span.start, span.start + len(steps[0])), False)
