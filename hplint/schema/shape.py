"""Whether what somebody wrote as a JSON Schema has the shape of one, so that checks can rely on it."""

from __future__ import annotations

from hplint.syntax.tree import BOOL, LIST, MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


def _may_be_schema(node: Node) -> bool:
    return node.kind is MAP or node.kind is BOOL


_SHAPES: tuple[tuple[tuple[str, ...], str, Callable[[Node], bool]], ...] = (
    (("properties", "$defs", "discriminator"), "an object", lambda node: node.kind is MAP),
    (
        ("required", "x-open-with"),
        "a list of names",
        lambda node: node.kind is LIST and all(item.kind is STRING for item in node.items),
    ),
    (("enum", "examples"), "a list", lambda node: node.kind is LIST),
    (("anyOf", "oneOf"), "a list of schemas", lambda node: node.kind is LIST and all(map(_may_be_schema, node.items))),
    (("items", "additionalProperties"), "a schema", lambda node: _may_be_schema(node)),
    (
        ("minItems", "maxItems", "minLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        "a number",
        lambda node: node.is_number,
    ),
    (("$ref", "title", "description"), "a text", lambda node: node.kind is STRING),
    (
        ("type",),
        f"one of {', '.join(_TYPES)}, or a list of them",
        lambda node: all(item.kind is STRING and item.value in _TYPES for item in (node.items or [node])),
    ),
)
"""What the values of keywords are: the keywords, in words, and a test."""


def misshapen(root: Node) -> Iterator[tuple[Node, Node, str]]:
    """Yield the keywords of a schema whose values are not of the kind that they take: key, value, what is wanted."""
    shapes = {name: (words, fits) for names, words, fits in _SHAPES for name in names}
    pending = [root]
    while pending:
        schema = pending.pop()
        for key, value in schema.entries:
            words, fits = shapes.get(str(key.value), ("", None))
            if fits is not None and not fits(value):
                yield key, value, words
            elif key.value in ("properties", "$defs"):
                for name, below in value.entries:
                    if not _may_be_schema(below):
                        yield name, below, "a schema"
                    pending.append(below)
            elif key.value in ("items", "additionalProperties"):
                pending.append(value)
            elif key.value in ("anyOf", "oneOf"):
                pending += value.items
