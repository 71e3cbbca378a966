"""What spaCy refuses in blocks that name a function, `@architectures = "spacy.Tagger.v2"`, or a component's factory.

The arguments of its functions are known (schemas/spacy/functions.json), and confection takes no others: it stops with
a ConfigValidationError. A project may register functions of its own, under any name, so that a name which is not known
is pointed out only where it can only be a slip of a known one.
Sources: spacy 3.8, spacy/language.py: `Language.from_config`; confection 1.3, `registry.resolve`.
"""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.names import slip_of
from hplint.scalars import as_number
from hplint.schema.values import TRUTH
from hplint.syntax.tree import MAP, STRING, Node, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_OF_COMPONENTS = frozenset(("factory", "source", "replace_listeners", "component"))
"""What a component may say besides the arguments of its factory."""


def check(root: Node) -> list[Problem]:
    """Return what is wrong with the names and the arguments of a config's blocks."""
    known = knowledge.data("spacy/functions")
    found: list[Problem] = []
    for node in root.walk():
        if node.kind is MAP and not node.is_alias:
            found += _block(node, known["registries"])
    components = root.get("components")
    for _, node in components.all_entries() if components is not None and components.kind is MAP else ():
        factory = node.get("factory") if node.kind is MAP else None
        if factory is not None and factory.kind is STRING:
            found += _named(factory, known["factories"])
            found += _arguments(node, known["factories"].get(factory.value), _OF_COMPONENTS)
    return found


def _block(node: Node, registries: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield what is wrong with a map that names a function."""
    marks = [(key, value) for key, value in node.entries if isinstance(key.value, str) and key.value[:1] == "@"]
    if len(marks) != 1:
        return
    key, name = marks[0]
    functions = registries.get(key.value[1:])
    if functions is None:
        near = slip_of(key.value[1:], registries)
        if near is not None:
            yield _slip(key, f"@{near}")
    elif name.kind is STRING and "${" not in name.value:
        yield from _named(name, functions)
        yield from _arguments(node, functions.get(name.value), frozenset((key.value,)))


def _named(name: Node, functions: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield that a name is a slip of a known one, other than by its version."""
    if name.value in functions:
        return
    near = slip_of(name.value, functions)
    if near is not None and _without_version(near) != _without_version(name.value):
        message = f"`{name.text}` is not registered in spaCy; did you mean `{near}`?"
        yield Problem("not-allowed", message, name.span, f'"{near}"' if name.style else near)


def _without_version(name: str) -> str:
    return name.rpartition(".v")[0] or name


def _arguments(node: Node, known: Mapping[str, Any] | None, besides: frozenset[str]) -> Iterator[Problem]:
    """Yield the arguments that a function does not have, and texts in the place of numbers and truth values."""
    if known is None or node.get("*") is not None:
        return
    for key, value in node.entries:
        if key.kind is not STRING or key.value in besides or key.value[:1] == "@":
            continue
        if key.value in known:
            yield from _text_for(value, known[key.value])
            continue
        free = [name for name in known if node.get(name) is None]
        near = slip_of(key.value, free)
        if near is not None:
            yield _slip(key, near)
        else:
            message = f"`{key.text}` is not an argument that is known here"
            yield Problem("unknown-key", message, key.span)


def _text_for(value: Node, types: list[str] | None) -> Iterator[Problem]:
    """Yield that a text which says no number stands where one is needed."""
    if types is None or "string" in types or value.kind is not STRING or "${" in value.value:
        return
    if as_number(value.value) is None and not ("boolean" in types and value.value.lower() in TRUTH):
        wanted = "true or false" if "boolean" in types else "a number"
        message = f"`{_name(value)}` must be {wanted}, not the text `{value.text}`"
        yield Problem("wrong-type", message, value.span)


def _name(value: Node) -> str:
    return value.key.text if isinstance(value.key, Node) else ""


def _slip(key: Node, near: str) -> Problem:
    message = f"`{key.text}` is not a key that is known here; did you mean `{near}`?"
    return Problem("unknown-key", message, key.span, near)
