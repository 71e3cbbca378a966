"""A schema made of a format's tables, for formats without one and for places that a schema leaves open."""

from __future__ import annotations

from hplint.facts.parts import VOCABULARIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_TYPES: dict[str, Any] = {
    "number": "number", "integer": "integer", "bool": "boolean", "list": "array", "numbers": "array",
    "integers": "array", "shape": "array", "pairs": "array", "number_or_none": ["number", "null"],
    "integer_or_none": ["integer", "null"], "fraction": "number",
}  # fmt: skip
_made: dict[int, tuple[Mapping[str, Any], dict[str, Any]]] = {}


def table_schema(description: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a JSON Schema of the keys that a format's tables read: the first name of each; made once per format."""
    if id(description) not in _made:
        schema = _map()
        for entry in description.get("facts", {}).values():
            _add(schema, entry)
        for listed in description.get("parts", {}).values():
            item = _map()
            for entry in listed["facts"].values():
                _add(item, entry)
            *outer, last = listed["key"].split(".")
            _section(schema, outer)["properties"][last] = {"type": "array", "items": item}
        _made[id(description)] = (description, schema)
    return _made[id(description)][1]


def _map() -> dict[str, Any]:
    return {"type": "object", "properties": {}}


def _add(schema: dict[str, Any], entry: Mapping[str, Any]) -> None:
    key = entry["key"][0] if isinstance(entry["key"], list) else entry["key"]
    *outer, last = key.split(".")
    if not last or "[" in key or "*" in key:
        return
    leaf: dict[str, Any] = {}
    read_as = entry.get("as")
    if read_as in _TYPES:
        leaf["type"] = _TYPES[read_as]
    elif "values" in entry:
        leaf["enum"] = list(entry["values"])
    elif read_as in VOCABULARIES:
        leaf.update(type="string", enum=list(VOCABULARIES[read_as]))
    elif read_as is not None:
        leaf["type"] = "string"
    if "default" in entry:
        leaf["default"] = entry["default"]
    _section(schema, outer)["properties"].setdefault(last, leaf)


def _section(schema: dict[str, Any], path: list[str]) -> dict[str, Any]:
    """Return the schema of the map at a path, with those missing on the way."""
    for step in path:
        below = schema["properties"].setdefault(step, _map())
        if "properties" not in below:  # a section that may also be a single value
            schema["properties"][step] = below = {**_map(), "type": ["object", "string"]}
        schema = below
    return schema
