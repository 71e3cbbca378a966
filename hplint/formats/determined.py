"""Reads the hyperparameters of a Determined experiment: nested maps, in which a plain value is a constant.

Source: Determined 0.38, `schemas/expconf/v0/hyperparameter*.json` and `master/pkg/searcher/hyperparameters.go`.
"""

from __future__ import annotations

from hplint.facts.fact import Place, default, written
from hplint.formats.reading import fact_of, integer, text
from hplint.formats.searching import (
    begin_search,
    parameter,
    state_bounds,
    state_constants,
    state_exponents,
    state_space,
    state_values,
)
from hplint.syntax.tree import MAP, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.facts.parts import Parameter, Training

_NO_SEARCH = "single"
_OWN_SEARCH = "custom"


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the search of an experiment, and the constants that all its trials share."""
    searcher = root.get("searcher")
    made = [_parameter(*found, description) for found in _leaves(root.get("hyperparameters"), "")]
    state_constants(training, made)
    method = searcher.get("name") if searcher is not None else None
    if searcher is None or method is None or method.value == _NO_SEARCH:
        for fact in ("metric", "goal", "algorithm", "trials", "parallel"):
            training.search.facts.pop(fact, None)
        training.search.state(exists=default(False, "a single trial is no search"))
        return
    begin_search(training, searcher, method)
    if method.value == _OWN_SEARCH:  # a program draws the trials, from whatever it likes
        return
    training.search.state(parameters=made)
    if method.value == "grid":
        training.search.state(trials=default(None, "a grid ends by itself"))


def _leaves(node: Node | None, prefix: str) -> Iterator[tuple[str, Node, Node]]:
    """Yield name, key and description of each hyperparameter; those in maps below have dotted names."""
    if node is None or node.kind is not MAP:
        return
    for key, below in node.all_entries():
        if below.kind is MAP and below.get("type") is None:
            yield from _leaves(below, f"{prefix}{key.value}.")
        else:
            yield f"{prefix}{key.value}", key, below


def _parameter(name: str, key: Node, node: Node, description: Mapping[str, Any]) -> Parameter:
    made = parameter(name, key, node)
    if node.kind is not MAP:
        made.state(kind=written(node, "constant"), values=written(node, [node.data()]))
        return made
    kind = node.get("type")
    if kind is None or text(kind) not in description["spaces"]:
        return made
    about = description["spaces"][kind.value]
    made.state(distribution=written(kind, kind.value))
    state_space(made, about, None)  # the bounds of another type mean something else, so that no fix may just change it
    listed = node.get("val") or node.get("vals")
    if listed is not None:
        state_values(made, listed, node, "vals")
    base = node.get("base")
    if about.get("exponents") and base is not None and base.is_number:
        state_exponents(made, node, "minval", "maxval", base.value)
    elif not about.get("exponents"):
        state_bounds(made, node, "minval", "maxval")
    made.set_place("count", Place(node, ("count",)))
    if node.get("count") is not None:
        made.state(count=fact_of(node.get("count"), integer))
    return made
