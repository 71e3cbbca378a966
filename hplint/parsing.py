"""Makes the tree of a text, as the loader of its format reads it."""

from __future__ import annotations

from hplint.records import replace
from hplint.syntax.tree import Problem as TextProblem
from hplint.syntax.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.text import Edit, SourceText

SYNTAXES = {
    ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml", ".keras": "json", ".cfg": "cfg", ".conf": "cfg",
}  # fmt: skip
"""File endings that hplint looks at inside folders, and how they are read."""


def syntax_of(path: str, text: str) -> str:
    """Return "yaml", "json", "toml" or "cfg": by the path's ending, else by how the text begins."""
    dot = path.rfind(".")
    known = SYNTAXES.get(path[dot:].lower()) if dot >= 0 else None
    return known or ("json" if text.lstrip()[:1] in ("{", "[", '"') else "yaml")


def parse(source: SourceText, syntax: str, loader: str = "pyyaml") -> Tree:
    """Return the tree of a text in one of the syntaxes of SYNTAXES, plain YAML scalars read as `loader` reads them."""
    if syntax == "json":
        from hplint.syntax import json

        return json.parse(source)
    if syntax == "toml":
        from hplint.syntax import toml

        return toml.parse(source)
    if syntax == "cfg":
        from hplint.syntax import cfg

        return cfg.parse(source)
    from hplint.syntax import yaml

    return yaml.parse(source, loader)


def parse_edited(text: SourceText, syntax: str, old: Tree | None, edit: Edit | None) -> Tree:
    """Return the tree of a text, made out of that of an earlier version where there is one."""
    if old is None or old.syntax != syntax:
        return parse(text, syntax)
    from hplint.syntax.incremental import reparse

    return reparse(old, text, lambda source: parse(source, syntax, old.loader), edit)


def reread(tree: Tree, loader: str) -> Tree:
    """Return the tree with plain YAML scalars read as the format's own loader reads them."""
    if tree.syntax != "yaml" or loader == tree.loader:
        return tree
    from hplint.syntax import yaml

    if tree.is_lent:
        return yaml.parse(tree.source, loader)
    yaml.reread(tree, loader)
    return replace(tree, loader=loader)


def as_loaded(tree: Tree, description: Mapping[str, Any]) -> Tree:
    """Return the tree of a text that is no JSON as YAML, where the format's loader tries that next."""
    if tree.syntax != "json" or not tree.problems or description.get("json_or") != "yaml":
        return tree
    other = parse(tree.source, "yaml", description.get("loader", "pyyaml"))
    return tree if other.problems or not other.complete else other


def interpolated(tree: Tree, description: Mapping[str, Any]) -> tuple[Tree, list[TextProblem]]:
    """Let `${...}` mean what it refers to, and return what refers to nothing where the file alone must have it."""
    if "interpolation" not in description:
        return tree, []
    from hplint.syntax.interpolation import resolve

    if tree.references is None:
        if tree.is_lent and (tree.source.holds("${") or tree.source.holds("???")):
            tree = parse(tree.source, tree.syntax, tree.loader)
        tree = replace(tree, references=resolve(tree))
    if description["interpolation"] != "complete" or not tree.complete or tree.references is None:
        return tree, []
    message = "nothing in this file is called {}, so the config cannot be loaded"
    lost = tree.references.lost
    return tree, [TextProblem("undefined-interpolation", message.format(node.text), node.span) for node in lost]
