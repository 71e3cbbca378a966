"""Reads the parameters of a W&B sweep: nested maps, with a distribution that follows from how the bounds are written.

Source: sweeps 0.3.0, `config/schema.json` (which shape means which distribution) and `params.py` (what each draws).
"""

from __future__ import annotations

import math

from hplint.facts.fact import Place, default, inferred, written
from hplint.formats.reading import fact_of, listing, number
from hplint.formats.searching import begin_search, parameter, state_bounds, state_exponents, state_space, state_values
from hplint.syntax.tree import INTEGER, LIST, MAP, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.facts.parts import Parameter, Training

_BY_KEY = (("value", "constant"), ("probabilities", "categorical_w_probabilities"), ("values", "categorical"))


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the search of a sweep."""
    begin_search(training, root, root.key_node("method"))
    parameters = root.get("parameters")
    made = [_parameter(name, key, node, description) for name, key, node in _leaves(parameters, "")]
    training.search.state(parameters=made)


def _leaves(node: Node | None, prefix: str) -> Iterator[tuple[str, Node, Node]]:
    """Yield name, key and description of each parameter; those nested below others have dotted names."""
    if node is None or node.kind is not MAP:
        return
    for key, below in node.all_entries():
        nested = below.get("parameters")
        if below.kind is MAP and nested is not None and nested.kind is MAP:
            yield from _leaves(nested, f"{prefix}{key.value}.")
        elif below.kind is MAP:
            yield f"{prefix}{key.value}", key, below


def _parameter(name: str, key: Node, node: Node, description: Mapping[str, Any]) -> Parameter:
    made = parameter(name, key, node)
    stated = node.get("distribution")
    low, high = node.get("min"), node.get("max")
    distribution, said_by = (stated.value, stated) if stated is not None else _implied(node)
    about = description["spaces"].get(distribution)
    if about is None or said_by is None:
        return made
    if stated is not None:
        made.state(distribution=written(stated, distribution))
        state_space(made, about, stated)
    else:
        origin = fact_of(said_by, lambda one: one.value)
        made.state(distribution=inferred(distribution, origin), kind=inferred(about["kind"], origin))
        if "log" in about:
            made.state(log=inferred(about["log"], origin))
    if low is not None and high is not None:
        made.state(bounds_are_integers=written(low, low.kind is INTEGER and high.kind is INTEGER))
    if about.get("exponents"):
        state_exponents(made, node, "min", "max", math.e)
    elif "bounds" not in about:
        state_bounds(made, node, "min", "max")
    made.set_place("kind", Place(node, ("distribution",), {"continuous": "uniform", "integer": "int_uniform"}))
    made.set_place("log", Place(node, ("distribution",), {True: "log_uniform_values", False: "uniform"}))
    made.set_place("distribution", Place(node, ("distribution",)))
    if about.get("quantized"):
        step = node.get("q")
        made.state(step=fact_of(step, number) if step is not None else default(1.0, "default of W&B sweeps"))
    for name in ("values", "value"):
        found = node.get(name)
        if found is not None:
            state_values(made, found, node, name)
    if node.get("probabilities") is not None:
        made.state(probabilities=fact_of(node.get("probabilities"), listing))
    return made


def _implied(node: Node) -> tuple[str, Node | None]:
    """Return the distribution that a parameter without one has, and the node that shows it.

    Whole bounds draw whole numbers, and a single value is a constant.
    """
    for key, meaning in _BY_KEY:
        found = node.get(key)
        if found is not None:
            return (meaning, found) if key == "value" or found.kind is LIST else ("", None)
    low, high = node.get("min"), node.get("max")
    if low is None or high is None or not (low.is_number and high.is_number):
        return "", None
    return ("int_uniform" if low.kind is INTEGER and high.kind is INTEGER else "uniform"), low
