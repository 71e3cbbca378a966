"""The types of values to a loader that evaluates texts as Python literals and lets no value change its type.

Source: yacs 0.1.8, `CfgNode._decode_cfg_value` (texts go through `ast.literal_eval`, in quotes or not) and
`_check_and_coerce_cfg_value_type` (the default's type stays: lists and tuples take each other's place, None any value's
but a node's, and no whole number takes the place of a float).
"""

from __future__ import annotations

from hplint.syntax.tree import BOOL, FLOAT, INTEGER, LIST, MAP, NULL, OTHER, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_LITERAL = 10_000
"""Characters up to which a text is taken for a literal; longer ones are texts."""
_KINDS = {MAP: "object", LIST: "array", INTEGER: "integer", FLOAT: "number", BOOL: "boolean", NULL: "null"}
_TYPES = {
    bool: "boolean", int: "integer", float: "number", str: "string", list: "array", tuple: "array", type(None): "null",
}  # fmt: skip
_BEGIN = frozenset("0123456789+-.([{'\" ")
_CONSTANTS = frozenset(("True", "False", "None"))


def exact_type(node: Node) -> str | None:
    """Return the JSON type of what the loader makes of a value, "other" for what has none, such as a date.

    None for a value with a tag of its own, which may become anything.
    """
    if node.kind is STRING:
        return _TYPES.get(type(literal(node.value)), "other")
    return None if node.kind is OTHER and node.tag is not None else _KINDS.get(node.kind, "other")


def literal(text: str) -> Any:
    """Return what a text stands for as a Python literal, the text itself where it is none."""
    if text not in _CONSTANTS and (text[:1] not in _BEGIN or len(text) > MAX_LITERAL):
        return text
    import ast  # few texts begin as a literal does
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python speaks up about odd backslashes
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return text


def is_exactly(node: Node, types: tuple[str, ...]) -> bool:
    """Whether a value may take the place of a default of one of `types`; a value that has no type is not judged."""
    found = exact_type(node)
    return found is None or found in types or (found == "null" and types != ("object",))


def as_type(node: Node, types: tuple[str, ...]) -> float | int | None:
    """Return the same number as one of `types`, None for any other value and where it would not be the same."""
    if node.kind is INTEGER and types == ("number",):
        return float(node.value) if abs(node.value) < 2**53 else None
    is_whole = node.kind is FLOAT and node.value.is_integer() and abs(node.value) < 2**53
    return int(node.value) if is_whole and types == ("integer",) else None
