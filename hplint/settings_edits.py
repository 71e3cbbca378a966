"""Changes to a settings file, as edits of its text: what "ignore this" in an editor writes."""

from __future__ import annotations

import os

from hplint.syntax import edits, toml
from hplint.syntax.tree import LIST, MAP
from hplint.text import Edit, SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.syntax.tree import Node, Tree

PYPROJECT = "pyproject.toml"


def ignore_rule(text: str, path: str, code: str) -> Edit | None:
    """Return the edit after which the settings file at `path` ignores a rule; None if it cannot be edited so."""
    tree = toml.parse(SourceText(text))
    table = _table(tree, path)
    if tree.problems or (table is None and _is_pyproject(path)):
        return None
    ignored = table.get("ignore") if table is not None else None
    if ignored is not None:
        return edits.insert_item(tree, ignored, len(ignored.items), code) if ignored.kind is LIST else None
    if table is None or not table.entries:
        return _at_the_end(text, f'ignore = ["{code}"]\n')
    return edits.insert_entry(tree, table, "ignore", [code])


def suppress(text: str, path: str, suppression: dict[str, Any]) -> Edit | None:
    """Return the edit that adds a suppression, as docs/suppressions.md describes it, to the settings file at `path`."""
    tree = toml.parse(SourceText(text))
    table = _table(tree, path)
    if tree.problems:
        return None
    listed = table.get("suppressions") if table is not None else None
    if listed is not None and listed.style == "[":
        return edits.insert_item(tree, listed, len(listed.items), suppression)
    name = "tool.hplint.suppressions" if _is_pyproject(path) else "suppressions"
    lines = [f"{key} = {edits.literal(tree, value)}\n" for key, value in suppression.items()]
    return _at_the_end(text, "".join([f"[[{name}]]\n", *lines]), apart=True)


def _table(tree: Tree, path: str) -> Node | None:
    root = tree.root
    table = root.at("tool", "hplint") if root is not None and _is_pyproject(path) else root
    return table if table is not None and table.kind is MAP else None


def _is_pyproject(path: str) -> bool:
    return os.path.basename(path) == PYPROJECT


def _at_the_end(text: str, added: str, apart: bool = False) -> Edit:
    """Return the edit that puts lines behind a text; `apart` leaves an empty line between."""
    before = "" if not text or text.endswith("\n") else "\n"
    return Edit(Span(len(text), len(text)), before + ("\n" if apart and text.strip() else "") + added)
