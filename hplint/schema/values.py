"""What a schema asks of a value itself: its type, whether it is one of the listed values, whether it counts at all."""

from __future__ import annotations

from hplint.scalars import as_number
from hplint.syntax.tree import BOOL, FLOAT, INTEGER, LIST, MAP, NULL, OTHER, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

TYPES = {
    "object": (MAP,), "array": (LIST,), "string": (STRING,), "integer": (INTEGER,), "number": (INTEGER, FLOAT),
    "boolean": (BOOL,), "null": (NULL,),
}  # fmt: skip
# Texts that pydantic takes for truth values, whatever their case.
TRUTH = frozenset(("true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0"))


_ASKS_MORE = ("oneOf", "anyOf", "discriminator", "enum", "const", "x-open-with")


def asks_values_alone(schema: Mapping[str, Any]) -> bool:
    """Whether a schema asks of a map what keys it has, and then each value something of its own."""
    return not any(word in schema for word in _ASKS_MORE)


def is_missing(value: Any, discriminator: Mapping[str, Any]) -> bool:
    """Whether a value that no branch is for belongs to a package whose names are all listed."""
    closed = tuple(discriminator.get("closed", ()))
    return isinstance(value, str) and value.startswith(closed) and value not in discriminator.get("accepted", ())


def is_replaced(node: Node) -> bool:
    """Whether another value, which the file does not say, takes the place of this one before the loader looks at it."""
    is_template = node.kind in (STRING, OTHER) and any(mark in node.text for mark in ("${", "{{", "{%"))
    return is_template or (node.kind is OTHER and node.text == "???")


def is_type(node: Node, name: str) -> bool:
    """Whether a value is of the type `name` of JSON Schema."""
    if name == "integer" and node.kind is FLOAT:
        return bool(node.value.is_integer())
    return node.kind in TYPES[name]


def becomes(node: Node, name: str) -> bool:
    """Whether a lax loader makes a value of the type `name` out of a value of another type."""
    if node.kind is STRING and name in ("integer", "number"):
        number = as_number(node.value.strip())
        return number is not None and (name == "number" or number.is_integer())
    if node.kind is BOOL:
        return name in ("integer", "number")
    if name == "boolean":
        return node.value in (0, 1) if node.is_number else node.kind is STRING and node.value.lower() in TRUTH
    return False


def same(node: Node, choice: Any) -> bool:
    """Whether a value is the listed one; true is not 1."""
    if not node.is_scalar:
        return isinstance(choice, (dict, list)) and bool(node.data() == choice)
    return bool(node.value == choice) and isinstance(node.value, bool) == isinstance(choice, bool)


def offered(schema: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the values that somebody may be told to write."""
    listed = (schema["const"],) if "const" in schema else schema.get("enum", ())
    return tuple(value for value in listed if value not in schema.get("x-gone", ()))
