"""JSON Schemas from Python's type hints: of functions and classes by their signatures, of dataclasses by their fields.

What a hint leaves open, or names by a class that no text can be, stays open: a schema accepts all that the code does.
"""

from __future__ import annotations

import enum
import inspect
import pathlib
import types
import typing
from collections import abc
from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]
ClassSchema = Callable[[type], Any]
"""What the schema of a class is, for classes that are no plain data; None where no value of a config can be one."""

PLAIN: dict[Any, Schema] = {
    bool: {"type": "boolean"}, int: {"type": "integer"}, float: {"type": "number"}, str: {"type": "string"},
    type(None): {"type": "null"}, dict: {"type": "object"}, list: {"type": "array"}, tuple: {"type": "array"},
    set: {"type": "array"}, pathlib.Path: {"type": "string"},
}  # fmt: skip
_LISTS = (list, tuple, set, frozenset, abc.Sequence, abc.Iterable, abc.Collection, abc.MutableSequence)
_MAPS = (dict, abc.Mapping, abc.MutableMapping)


def schema_of(hint: Any, class_schema: ClassSchema) -> Any:
    """The schema of what a hint accepts; True where that is anything, None where it is nothing a config can hold."""
    if hint in (Any, inspect.Parameter.empty) or isinstance(hint, (str, typing.TypeVar)):
        return True
    if hint in PLAIN:
        return dict(PLAIN[hint])
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return schema_of(inside[0], class_schema)
    if origin is typing.Literal:
        return {"enum": list(inside)}
    if origin in (typing.Union, types.UnionType):
        return union([schema_of(part, class_schema) for part in inside])
    if origin in _LISTS or hint in _LISTS:
        items = schema_of(inside[0], class_schema) if inside and origin is not tuple else True
        return {"type": "array"} if items in (True, None) else {"type": "array", "items": items}
    if origin in _MAPS or hint in _MAPS:
        return {"type": "object"}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [member.name for member in hint] + [member.value for member in hint]}
    return class_schema(hint) if isinstance(hint, type) else True


def union(options: list[Any]) -> Any:
    """The schema that accepts what any of the options does; types that need no more than their name are one list."""
    flat = [part for option in options if option is not None for part in _parts(option)]
    if not flat:
        return None
    if True in flat:
        return True
    bare = list(dict.fromkeys(part["type"] for part in flat if set(part) == {"type"}))
    if "number" in bare and "integer" in bare:
        bare.remove("integer")
    others = [part for index, part in enumerate(flat) if set(part) != {"type"} and part not in flat[:index]]
    joined = [*others, *([{"type": bare[0] if len(bare) == 1 else bare}] if bare else [])]
    return joined[0] if len(joined) == 1 else {"anyOf": joined}


def _parts(option: Any) -> list[Any]:
    """The options that a schema stands for, each of one type."""
    if option is True:
        return [True]
    if set(option) == {"anyOf"}:
        return [part for below in option["anyOf"] for part in _parts(below)]
    if set(option) == {"type"} and isinstance(option["type"], list):
        return [{"type": name} for name in option["type"]]
    return [option]


def with_default(schema: Any, default: Any) -> Any:
    """The schema with its default, where that is plain data; a default of None is accepted whatever the hint says."""
    if schema is True or schema is None:
        return True
    if default is None:
        schema = union([schema, {"type": "null"}])
    if type(default) in (bool, int, float, str):
        schema = {**schema, "default": default}
    elif isinstance(default, (list, tuple)) and all(type(item) in (bool, int, float, str) for item in default):
        schema = {**schema, "default": list(default)}
    return schema


def signature_schema(target: Callable[..., Any], class_schema: ClassSchema) -> Schema:
    """The schema of the keyword arguments that a function or class takes."""
    function = getattr(target, "__init__") if isinstance(target, type) else target  # noqa: B009  # mypy holds the plain attribute unsound
    try:
        hints = typing.get_type_hints(function)
    except Exception:  # a hint that names what is imported for type checkers only
        hints = {}
    properties: dict[str, Any] = {}
    required = []
    is_open = False
    for name, found in inspect.signature(target).parameters.items():
        if found.kind in (found.VAR_POSITIONAL, found.VAR_KEYWORD):
            is_open = is_open or found.kind is found.VAR_KEYWORD
            continue
        properties[name] = with_default(schema_of(hints.get(name, found.annotation), class_schema), found.default)
        if found.default is found.empty:
            required.append(name)
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": is_open}
    return {**schema, "required": required} if required else schema
