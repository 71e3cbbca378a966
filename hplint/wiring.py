"""Wires the layers that a fix makes into a graph of layers, each of which names what it reads."""

from __future__ import annotations

from hplint.facts.graph import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.fact import Part


def put_before(part: Part, made: list[Any], wires: Mapping[str, Any]) -> Any:
    """Let `made` read in turn what `part` reads, and return what `part` is then to read itself; None if it cannot be.

    `wires` is how a format writes it: `key` names what a layer reads, `names` are the places of its own name, and
    `call` is the key of arguments that another class may not take. A layer that joins several or is called several
    times is left alone.
    """
    calls = part.node.get(wires["key"]) if part.node is not None else None
    inputs, own = part.parts("inputs"), value(part, "name")
    source = value(inputs[0], "name") if len(inputs) == 1 else None
    if calls is None or len(calls.items) != 1 or not isinstance(source, str) or not isinstance(own, str):
        return None
    read = source
    for number, layer in enumerate(made):
        layer[wires["key"]] = _reading(calls.data(), source, read, wires.get("call"))
        named = _at(layer, wires["names"][-1]) or f"before_{own}_{number}"
        read = name(layer, named, wires)
    return _reading(calls.data(), source, read, None)


def put_instead(part: Part, made: list[Any], wires: Mapping[str, Any]) -> bool:
    """Let `made` read in turn what the layer `part` reads, and the last bear its name; return whether that can be."""
    if put_before(part, made, wires) is None:
        return False
    name(made[-1], value(part, "name"), wires)
    return True


def name(layer: Any, named: str, wires: Mapping[str, Any]) -> str:
    """Write the name of a layer in all the places where it stands; return it."""
    for path in wires["names"]:
        *above, key = path.split(".")
        at = layer
        for step in above:
            at = at.setdefault(step, {})
        at[key] = named
    return named


def _at(layer: Any, path: str) -> Any:
    for step in path.split("."):
        layer = layer.get(step) if isinstance(layer, dict) else None
    return layer


def _reading(calls: Any, source: str, read: str, call: str | None) -> Any:
    """Return what a layer reads with `read` in the place of `source`, and without the arguments under `call`."""
    if isinstance(calls, dict):
        return {key: {} if key == call else _reading(inner, source, read, call) for key, inner in calls.items()}
    if isinstance(calls, list):
        return [_reading(inner, source, read, call) for inner in calls]
    return read if calls == source and isinstance(calls, str) else calls
