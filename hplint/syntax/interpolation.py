"""Values that stand for others: `${optimizer.lr}` of OmegaConf and Hydra, `${paths.train}` of spaCy.

A value that is one reference to a scalar means that scalar. Any other text with a reference in it means something that
the file alone does not say: what refers to a whole section, an environment variable or a resolver, or has words around
it, becomes a value of no known kind.
Sources: OmegaConf 2.3, variable interpolation; confection 0.1, `Config.interpolate`.
"""

from __future__ import annotations

import re

from hplint.syntax.tree import LIST, OTHER, STRING, Node, Tree

_MARK = "${"
_REFERENCE = r"\$\{\s*([\w@-]+(?:[.:\[][\w@-]+\]?)*)\s*\}\Z"
_STEP = r"[\w@-]+"
MAX_CHAIN = 50
"""References that lead to references; a longer chain, or one that leads back to itself, says nothing."""


def resolve(tree: Tree) -> list[Node]:
    """Let the values of a tree that stand for others mean what those say; returns those that lead nowhere.

    A reference with a colon is one to a resolver (`${oc.env:HOME}`), except in files of sections, where it is a dot.
    """
    root = tree.root
    if root is None or _MARK not in tree.source.text:
        return []
    waiting = [node for node in root.walk() if node.kind is STRING and not node.is_alias and _MARK in node.value]
    paths = {id(node): _path(node.value, tree.syntax == "cfg") for node in waiting}
    lost: list[Node] = []
    meant: list[tuple[Node, Node | None]] = []
    for node in waiting:
        target: Node | None = node
        for _ in range(MAX_CHAIN):
            path = paths.get(id(target))
            if target is None or path is None:
                break
            target = _at(root, path)
            if target is None and id(node) in paths:
                lost.append(node)
        meant.append((node, target if target is not None and target.is_scalar and id(target) not in paths else None))
    for node, target in meant:
        node.kind, node.value = (OTHER, node.text) if target is None else (target.kind, target.value)
        node.is_alias = target is not None  # what an edit would have to change stands elsewhere
    return lost


def _path(text: str, with_colons: bool) -> list[str] | None:
    """Return the steps of a text that is one reference and nothing else; None for any other."""
    found = re.match(_REFERENCE, text.strip())
    if found is None or (":" in found[1] and not with_colons):
        return None
    return re.findall(_STEP, found[1])


def _at(root: Node, path: list[str]) -> Node | None:
    node: Node | None = root
    for step in path:
        if node is None:
            return None
        if node.kind is LIST:
            node = node.items[int(step)] if step.isdigit() and int(step) < len(node.items) else None
        else:
            node = node.get(step)
    return node
