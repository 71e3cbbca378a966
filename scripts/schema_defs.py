"""Moves the equal subtrees of a JSON Schema to `$defs`, and back.

The tree has no $ref; the branches of its unions (`oneOf` with a `discriminator`) each carry one `const`. In the
factored schema every such branch is a definition, branches that differ in their const alone are one with an `enum`, and
any other subtree is a definition where that makes the file smaller.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]

REFERENCE_COST = 40  # characters that {"$ref": "#/$defs/name"} takes with its line break and indentation


def children(schema: Schema) -> list[tuple[str, Schema, Callable[[Schema], None]]]:
    """The schemas directly below one: the step that leads there, itself, and a function that replaces it.

    The step is a property's name, `[]` (items), `{}` (other properties), `|` (an option of anyOf) or `=value`
    (a branch).
    """
    found: list[tuple[str, Schema, Callable[[Schema], None]]] = []

    def add(name: str, container: Any, key: Any) -> None:
        found.append((name, container[key], lambda value: container.__setitem__(key, value)))

    for name in schema.get("properties", {}):
        add(name, schema["properties"], name)
    for step, key in (("[]", "items"), ("{}", "additionalProperties")):
        if isinstance(schema.get(key), dict):
            add(step, schema, key)
    for index in range(len(schema.get("anyOf", []))):
        add("|", schema["anyOf"], index)
    key = schema.get("discriminator", {}).get("propertyName")
    for index, branch in enumerate(schema.get("oneOf", [])):
        choice = branch.get("properties", {}).get(key, {})
        add(f"={choice.get('const', choice.get('enum', [''])[0])}", schema["oneOf"], index)
    return found


def opened(schema: Schema) -> Schema:
    """A copy in which the schemas directly below can be replaced without touching the original."""
    return {key: copy.copy(value) if isinstance(value, (dict, list)) else value for key, value in schema.items()}


def expand(schema: Schema) -> Schema:
    """The tree of a factored schema: no $ref, one const for each branch of a union. The argument is left alone."""
    definitions = schema.get("$defs", {})

    def resolved(part: Schema) -> Schema:
        if "$ref" in part:
            return resolved(definitions[part["$ref"].removeprefix("#/$defs/")])
        part = opened(part)
        if "oneOf" in part:
            part["oneOf"] = [resolved(branch) for branch in part["oneOf"]]
        for step, child, replace in children(part):
            if not step.startswith("="):
                replace(resolved(child))
        key = part.get("discriminator", {}).get("propertyName")
        if key:
            part["oneOf"] = [
                {**copy.deepcopy(branch), "properties": {**copy.deepcopy(branch["properties"]), key: {"const": value}}}
                for branch in part["oneOf"]
                for value in branch["properties"][key].get("enum", [branch["properties"][key].get("const")])
            ]
        return part

    return resolved({key: value for key, value in schema.items() if key != "$defs"})


def join_branches(tree: Schema) -> None:
    """Make one branch, in place, of those branches of a union that differ in their const alone."""
    for _, child, _ in children(tree):
        join_branches(child)
    key = tree.get("discriminator", {}).get("propertyName")
    groups: dict[str, list[Schema]] = {}
    for branch in tree.get("oneOf", []):
        rest = {**branch, "properties": {name: part for name, part in branch["properties"].items() if name != key}}
        groups.setdefault(text_of(rest), []).append(branch)
    if groups:
        tree["oneOf"] = [branches[0] for branches in groups.values()]
        for branches in groups.values():
            values = [branch["properties"][key]["const"] for branch in branches]
            branches[0]["properties"][key] = {"const": values[0]} if len(values) == 1 else {"enum": values}


def text_of(schema: Any) -> str:
    """A text that is the same for equal schemas."""
    return json.dumps(schema, sort_keys=True, separators=(",", ":"))


def factor(tree: Schema) -> Schema:
    """The tree with its repeated subtrees in `$defs`. The argument is left alone."""
    tree = copy.deepcopy(tree)
    join_branches(tree)
    definitions: dict[str, Schema] = {}
    names: dict[str, str] = {}  # text of a schema -> its name in definitions

    counts = Counter[str]()

    def count(part: Schema) -> None:
        text = text_of(part)
        counts[text] += 1
        if counts[text] == 1:  # what is below a repeated subtree is written once
            for _, child, _ in children(part):
                count(child)

    count(tree)

    def written(part: Schema, name: str, is_branch: bool) -> Schema:
        """The part as it stands in the file: itself with its own parts written, or a reference to where that is."""
        text = text_of(part)
        if text in names:
            return {"$ref": f"#/$defs/{names[text]}"}
        copied = opened(part)
        for step, child, replace in children(copied):
            replace(written(child, named(name, step), step.startswith("=")))
        saved = (counts[text] - 1) * len(text_of(copied)) - counts[text] * REFERENCE_COST
        if not is_branch and saved <= 0:
            return copied
        names[text] = unused(name, definitions)
        definitions[names[text]] = copied
        return {"$ref": f"#/$defs/{names[text]}"}

    for step, child, replace in children(tree):
        replace(written(child, named("", step), step.startswith("=")))
    return {**tree, "$defs": definitions}


def named(parent: str, step: str) -> str:
    """The name of a definition: the property's, with the branch's value behind it."""
    if step.startswith("="):
        return f"{parent}_{step[1:]}".lstrip("_")
    return parent if step in ("|", "{}") else f"{parent}_item" if step == "[]" else step


def unused(name: str, taken: dict[str, Schema]) -> str:
    """The name, with a number behind it when it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
