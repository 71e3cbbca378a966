"""Values that stand for others: `${optimizer.lr}` of OmegaConf and Hydra, `${paths.train}` of spaCy.

A text that is wholly one reference reads as the node it refers to, a map or list included; references inside a longer
text are filled in. What the file alone cannot say (`${oc.env:HOME}`, what is given on the command line, a reference
that leads back to itself, the mandatory value `???`) becomes a value of no known kind (OTHER).
Sources: OmegaConf 2.3, grammar of interpolations and `_resolve_interpolation_from_parse_tree`; confection 0.1,
`Config.interpolate`.
"""

from __future__ import annotations

import re

from hplint.records import record
from hplint.syntax.tree import LIST, MAP, MAX_CHARACTERS, MAX_EXPANDED_NODES, OTHER, STRING, Node, Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MARK = "${"
_MANDATORY = "???"
_REFERENCE = r"(?<!\\)\$\{([^{}]*)\}"
_PATH = r"\.*[\w@-]+(?:\.[\w@-]+|\[[\w@-]+\])*\Z"
_MAX_STEPS = 120  # from node to node below or referred to; no config is as deep as that


@record
class References:
    """What the references of a tree led to: `lost` are those that lead nowhere.

    `seen` are the ids of all nodes on their ways, `targets` of those at the ends.
    """

    lost: list[Node]
    seen: set[int]
    targets: set[int]

    def leave_alone(self, node: Node, *texts: str) -> bool:
        """Whether they are unchanged when `node` is replaced: none is in its `texts` or leads to it."""
        if any(mark in text for text in texts for mark in (_MARK, _MANDATORY)):
            return False
        around = node.parent
        while around is not None:
            if id(around) in self.targets:
                return False
            around = around.parent
        return not any(id(one) in self.seen for one in node.walk())


def resolve(tree: Tree) -> References | None:
    """Let the values of a tree that stand for others mean what those say; None where there are none.

    A reference with a colon is one to a resolver (`${oc.env:HOME}`), except in files of sections, where it is a dot.
    """
    root = tree.root
    if root is None or not (tree.source.holds(_MARK) or tree.source.holds(_MANDATORY)):
        return None
    resolver = _Resolver(root, tree.syntax == "cfg")
    for node in list(root.walk()):
        if not _is_plain(node):
            resolver.expand(node, 0)
    return References(resolver.lost, resolver.seen, resolver.targets)


def _is_plain(node: Node) -> bool:
    """Whether a scalar stands for nothing else, as nearly all do."""
    if node.kind is STRING:
        return _MARK not in node.value and node.value != _MANDATORY
    return node.kind is not MAP and node.kind is not LIST


class _Resolver:
    def __init__(self, root: Node, with_colons: bool) -> None:
        self.root = root
        self.with_colons = with_colons
        self.lost: list[Node] = []
        self.seen: set[int] = set()
        self.targets: set[int] = set()
        self.sizes: dict[int, int | None] = {}
        self.added = 0
        self.written = 0

    def expand(self, node: Node, steps: int) -> int | None:
        """Return the number of nodes at and below `node` once its references are resolved.

        None where that is still being found out, so that a reference to it would lead back to itself.
        """
        if id(node) in self.sizes:
            return self.sizes[id(node)]
        if steps > _MAX_STEPS:
            return None
        self.sizes[id(node)] = None
        size = 1
        if node.kind is STRING and not node.is_alias and _MARK in node.value:
            size = self.refer(node, steps)
        elif node.kind is STRING and node.value == _MANDATORY:
            _unknown(node)
        elif not node.is_scalar and not node.is_alias:
            size += sum(1 if _is_plain(child) else self.expand(child, steps + 1) or 1 for child in node.children())
        self.sizes[id(node)] = size
        return size

    def refer(self, node: Node, steps: int) -> int:
        """Make `node` read as what its text refers to; return the number of nodes that are there then."""
        found = list(re.finditer(_REFERENCE, node.value))
        whole = len(found) == 1 and found[0].group(0) == node.value.strip()
        paths = [self.path(match.group(1).strip()) for match in found]
        targets = [self.target(node, path, steps) if path is not None else None for path in paths]
        known = [target for target in targets if target is not None and target.kind is not OTHER]
        if whole and targets == [None] and paths != [None]:
            self.lost.append(node)
        if len(known) < len(found) or node.value.count(_MARK) > len(found):
            _unknown(node)
        elif whole:
            return self.read_as(node, known[0], steps)
        elif all(target.is_scalar for target in known):
            values = [_spelt(target.value) for target in known]
            self.written += len(node.value) + sum(map(len, values))  # texts of texts of texts grow without end
            if self.written > MAX_CHARACTERS:
                _unknown(node)
                return 1
            spelt = iter(values)
            node.value = re.sub(_REFERENCE, lambda _: next(spelt), node.value)
            node.is_alias = True  # what an edit would have to change stands elsewhere
        else:
            _unknown(node)
        return 1

    def read_as(self, node: Node, target: Node, steps: int) -> int:
        size = self.expand(target, steps + 1)
        if size is None or self.added + size > MAX_EXPANDED_NODES:
            _unknown(node)
            return 1
        self.added += size
        node.kind, node.value, node.is_alias = target.kind, target.value, True
        if not target.is_scalar:
            node.entries, node.items = target.entries, target.items
            node.below_moved, node.runs_moved = 0, None
            node.changed()
        return size

    def path(self, reference: str) -> str | None:
        """Return the path that a reference is, None where it is something else, such as a call of a resolver."""
        if self.with_colons:
            reference = reference.replace(":", ".")
        return reference if re.match(_PATH, reference) else None

    def target(self, node: Node, path: str, steps: int) -> Node | None:
        """Return the node that a path written in `node` leads to, None where there is none in this file."""
        dots = len(path) - len(path.lstrip("."))
        at: Node | None = self.root if not dots else node
        for _ in range(dots):
            at = at.parent if at is not None else None
        for step in path.lstrip(".").replace("[", ".").replace("]", "").split("."):
            at = _child(at, step) if at is not None else None
            self.seen.add(id(at))
            if at is not None and self.expand(at, steps + 1) is None and at.kind is STRING:
                _unknown(at)
            if at is not None and at.kind is OTHER:
                return at
        self.targets.add(id(at))
        return at


def _child(node: Node, step: str) -> Node | None:
    if node.kind is LIST:
        return node.items[int(step)] if step.isdigit() and int(step) < len(node.items) else None
    if node.kind is not MAP:
        return None
    found = node.get(step)
    return node.get(int(step)) if found is None and step.isdigit() else found


def _unknown(node: Node) -> None:
    node.kind, node.value = OTHER, node.text


def _spelt(value: Any) -> str:
    return "null" if value is None else str(value)
