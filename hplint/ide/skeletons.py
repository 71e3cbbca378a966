"""The least that a schema asks for, as a template: required keys with their defaults, and places to fill in."""

from __future__ import annotations

from hplint.ide import schemas
from hplint.ide.templates import Hole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from hplint.ide.schemas import Schemas

MAX_LEVELS = 4
MAX_CHOICES = 12


def skeleton(
    known: Schemas,
    found: Sequence[Mapping[str, Any]],
    fixed: Mapping[str, Any] | None = None,
) -> Any:
    """Return the template of a value for which one of the schemas `found` holds.

    `fixed` are keys of a map whose values are settled. A map is {} where nothing is required of it.
    """
    return _template(known, known.expanded(found, None) if fixed is None else found, fixed or {}, 0)


def hole(found: Sequence[Mapping[str, Any]]) -> Any:
    """Return the place to fill in for a scalar: with the default, else the values to choose from."""
    default = schemas.first(found, "default")
    listed = schemas.choices(found)
    if len(listed) == 1 and default is None:
        return listed[0]
    choices = tuple(listed) if 1 < len(listed) <= MAX_CHOICES else ()
    types = schemas.types(found)
    if not choices and types == ["boolean"]:
        choices = (True, False) if default is not False else (False, True)
    if isinstance(default, (str, int, float, bool)):
        return Hole(default, tuple(sorted(choices, key=lambda choice: choice != default)))
    quoted = "string" in types or (bool(listed) and all(isinstance(choice, str) for choice in listed))
    return Hole(None, choices, quoted and not {"object", "array"} & set(types))


def _template(known: Schemas, found: Sequence[Mapping[str, Any]], fixed: Mapping[str, Any], level: int) -> Any:
    types = schemas.types(found)
    scalar = any(name not in ("object", "array", "null") for name in types)
    if not fixed:
        deciding = next((schema for schema in found if "discriminator" in schema), None)
        if deciding is not None and not scalar and "array" not in types:
            return _undecided(known, deciding)
    if fixed or ("object" in types and not scalar and "array" not in types):
        return _map(known, found, fixed, level)
    if types and set(types) <= {"array", "null"} and "array" in types:
        return []
    return hole(found)


def _undecided(known: Schemas, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template of a map whose branch is still to be chosen: the key that decides."""
    name, default = schema["discriminator"]["propertyName"], schema["discriminator"].get("default")
    branches = schema.get("oneOf") or schema.get("anyOf") or ()
    listed = list(dict.fromkeys(value for branch in branches for value in known.constants(branch, name)))
    return {name: Hole(default, tuple(sorted(listed, key=lambda value: value != default)), True)}


def _map(known: Schemas, found: Sequence[Mapping[str, Any]], fixed: Mapping[str, Any], level: int) -> dict[str, Any]:
    """Return the required keys of the first schema that is of a map; `name` comes first, as people write it."""
    resolved = [known.resolved(schema) for schema in found]
    schema = next((each for each in resolved if isinstance(each, dict) and "properties" in each), None)
    if schema is None:
        return dict(fixed)
    required = list(schema.get("required", ()))
    names = [name for name in required if name == "name"]
    names += [name for name in (*fixed, *required) if name not in names]
    made: dict[str, Any] = {}
    for name in names:
        if name in fixed:
            made[name] = fixed[name]
            continue
        below = schema["properties"].get(name)
        value = known.expanded([below], None) if isinstance(below, dict) else []
        made[name] = _template(known, value, {}, level + 1) if level < MAX_LEVELS else Hole()
    return made


def example(templates: Mapping[str, Any], name: str, word: str) -> dict[str, Any] | None:
    """Return a usual way to write the item that `name: word` tells from others, None where the format shows none.

    `templates` are those that fixes insert (format.yaml): their values become places to fill in; what stands for
    something of a neighbour is left out.
    """
    for shown in templates.values():
        for variant in reversed(shown if isinstance(shown, list) else [shown]):
            if isinstance(variant, dict) and variant.get(name) == word:
                made: dict[str, Any] = _filled(variant, name)
                return made
    return None


def _filled(shown: Any, fixed: str) -> Any:
    if isinstance(shown, dict):
        kept = {key: value for key, value in shown.items() if not (isinstance(value, str) and "{" in value)}
        return {key: value if key == fixed else _filled(value, "") for key, value in kept.items()}
    if isinstance(shown, list):
        return [_filled(item, "") for item in shown]
    return Hole(shown)
