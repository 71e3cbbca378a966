"""What each fact means and which rules speak of it: compiled for editors out of hplint/facts/parts.py and the rules."""

from __future__ import annotations

import ast
import re

from hplint.facts import derive as _derive  # noqa: F401  # registers the derived facts
from hplint.facts.fact import DERIVED
from hplint.facts.parts import PARTS
from hplint.findings import SEVERITIES
from hplint.rules.language import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_COMMENT = re.compile(r"#:\s*(.*)")
_DERIVED = re.compile(r"\s*\(derived[^()]*\)")


def meanings(source: str) -> dict[str, str]:
    """Return what each fact means, by "Part.fact": the `#:` comments of the module of parts whose text is `source`."""
    lines = source.splitlines()
    found = {}
    for part in ast.parse(source).body:
        if not isinstance(part, ast.ClassDef) or part.name not in PARTS:
            continue
        for statement in part.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                comment = _COMMENT.search(lines[(statement.end_lineno or statement.lineno) - 1])
                said = _DERIVED.sub("", comment.group(1)).strip() if comment is not None else ""
                if said:
                    found[f"{part.name}.{statement.target.id}"] = said
    return found


def rules_by_fact(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the codes of the rules that speak of each fact, by "Part.fact", the most telling first.

    A rule that looks at a fact and points at it tells most; then come those that only point at it, then those that only
    look at it. Rows of the decision tree itself come before others, then severity counts.
    """
    ranked: dict[str, list[tuple[tuple[int, int, int, str], str]]] = {}
    for code, document in documents.items():
        names = scope(document["subject"])
        at = document["at"] if isinstance(document["at"], list) else [document["at"]]
        pointed = {near for path in at for fact in _facts(path, names) for near in (fact, _plain(fact))}
        looked = {near for fact in _facts(document["when"], names) for near in (fact, _plain(fact))}
        weight = (0 if document.get("tree") else 1, SEVERITIES[::-1].index(document["severity"]), code)
        for fact in pointed | looked:
            closeness = 2 if fact not in pointed else 0 if fact in looked else 1
            ranked.setdefault(fact, []).append(((closeness, *weight), code))
    return {fact: tuple(code for _, code in sorted(codes)) for fact, codes in sorted(ranked.items())}


def _plain(fact: str) -> str:
    """Return the fact that a derived one is a reading of: the activation, of the effective activation; else itself."""
    part, _, name = fact.partition(".")
    plain = name.partition("_")[2]
    return f"{part}.{plain}" if (part, name) in DERIVED and plain in PARTS[part].__annotations__ else fact


def _facts(expression: str, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the facts ("Part.fact") that a condition or a dotted path names."""
    tree = ast.parse(" ".join(expression.split()), mode="eval")
    types = dict(names)
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name):
            types[node.target.id] = _type(node.iter, types).removeprefix("list[").removesuffix("]")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = _type(node.value, types)
            if owner in PARTS and PARTS[owner].__annotations__.get(node.attr, "").startswith("Fact["):
                yield f"{owner}.{node.attr}"


def _type(node: ast.expr, types: Mapping[str, str]) -> str:
    """Return the class of parts that an expression is, "list[...]" for a list of them, "" for anything else."""
    if isinstance(node, ast.Name):
        return types.get(node.id, "")
    if isinstance(node, ast.Subscript):
        return _type(node.value, types).removeprefix("list[").removesuffix("]")
    if isinstance(node, ast.Attribute):
        owner = _type(node.value, types)
        return str(PARTS[owner].__annotations__.get(node.attr, "")) if owner in PARTS else ""
    return ""
