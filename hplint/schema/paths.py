"""Which key paths a schema knows, whatever the values beside them are."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


def unknown_step(schema: Mapping[str, Any], path: Sequence[str]) -> tuple[int, tuple[str, ...]] | None:
    """Return the index of the first step of `path` that no branch of `schema` knows, and the keys known in its place.

    None where the path is known, or leads through a place that takes keys of any name.
    """
    definitions = schema.get("$defs", {})
    at: list[Any] = [schema]
    for index, step in enumerate(path):
        properties, is_open = _properties(at, definitions)
        if step not in properties:
            return None if is_open or not properties else (index, tuple(properties))
        at = properties[step]
    return None


def _properties(schemas: list[Any], definitions: Mapping[str, Any]) -> tuple[dict[str, list[Any]], bool]:
    """Return the keys of any of the schemas with what stands below them, and whether other keys may stand there."""
    found: dict[str, list[Any]] = {}
    is_open = False
    pending = list(schemas)
    seen: set[str] = set()
    while pending:
        schema = pending.pop()
        if not isinstance(schema, dict):
            is_open = is_open or schema is True
            continue
        reference = schema.get("$ref")
        if reference is not None:
            if reference not in seen:
                seen.add(reference)
                pending.append(definitions[reference.removeprefix("#/$defs/")])
            continue
        branches = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
        pending += branches
        for name, below in schema.get("properties", {}).items():
            found.setdefault(name, []).append(below)
        if "type" in schema:
            is_map = "object" in schema["type"]  # a type, or a list of types
        else:
            is_map = not branches and "enum" not in schema and "const" not in schema
        is_open = is_open or (is_map and schema.get("additionalProperties") is not False)
    return found, is_open
