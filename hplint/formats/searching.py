"""What readers of searches share: which fact a hyperparameter sets by its name, and how its range is stated."""

from __future__ import annotations

import math

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, Place, default, inferred, written
from hplint.facts.names import squash
from hplint.facts.parts import Parameter
from hplint.formats.reading import CONVERSIONS, fact_of, number
from hplint.scalars import as_number, number_text
from hplint.syntax.tree import LIST, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training

_WHICH = frozenset(("name", "type", "class", "target", "classpath", "component"))
"""Last steps of a path that say which one the step before them is: optimizer.name."""
_LARGEST_EXPONENT = 700  # e**710 is beyond what a float holds
_facts_by_name: dict[str, str] = {}


def fact_set_by(name: str) -> str | None:
    """Return the fact that a searched hyperparameter sets, told by the field's usual names; None for other names.

    `name` may be a path ("optimizer.lr", "model/dropout") or an option of a command line ("--learning-rate").
    """
    if not _facts_by_name:
        for fact, entry in knowledge.data("keys").items():
            _facts_by_name.update({squash(usual): fact for usual in entry["names"]})
    steps = [squash(step) for step in name.lstrip("-").replace("/", ".").split(".") if step]
    if len(steps) > 1 and steps[-1].strip("_") in _WHICH:
        steps.pop()
    fact = _facts_by_name.get(steps[-1]) if steps else None
    if fact is not None and "beside" in knowledge.data("keys")[fact] and not any("optim" in step for step in steps):
        return None  # a name that many things have: it is the optimizer's only where the path says so
    return fact


def begin_search(training: Training, home: Node, label: Node | None) -> None:
    """State that there is a search, described by the map `home` and best pointed at by `label`."""
    search = training.search
    search.__dict__["node"], search.__dict__["label"] = home, label or home
    search.state(exists=written(label or home, True))


def parameter(name: str, said_by: Node, node: Node) -> Parameter:
    """Return a searched hyperparameter called `name`, which the node `said_by` says, described by `node`."""
    made = Parameter(node, said_by)
    made.state(name=written(said_by, name))
    sets = fact_set_by(name)
    if sets is not None:
        made.state(sets=inferred(sets, made.facts["name"]))
    return made


def state_space(made: Parameter, about: Mapping[str, Any], said_by: Node | None) -> None:
    """State the kind and scale that a format's table gives a distribution, named or implied by the node `said_by`."""
    for fact in ("kind", "log"):
        if fact in about:
            made.state(**{fact: written(said_by, about[fact]) if said_by is not None else default(about[fact], "")})


def state_bounds(made: Parameter, home: Node, low: str, high: str) -> None:
    """State the range from two keys of the map `home`."""
    for fact, key in (("low", low), ("high", high)):
        made.set_place(fact, Place(home, (key,)))
        found = fact_of(home.get(key), number)
        if found is not UNKNOWN:
            made.state(**{fact: found})


def state_exponents(made: Parameter, home: Node, low: str, high: str, base: float) -> None:
    """State the range from two keys of `home` that hold exponents of `base`; fixes cannot write such bounds."""
    found = [fact_of(home.get(key), number) for key in (low, high)]
    if UNKNOWN in found or base <= 0:
        return
    made.state(exponents=inferred([fact.value for fact in found], *found), base=inferred(base))
    for fact, exponent in zip(("low", "high"), found):
        if abs(exponent.value * math.log(base)) < _LARGEST_EXPONENT:
            made.state(**{fact: inferred(float(f"{base**exponent.value:.6g}"), exponent)})


def state_values(made: Parameter, listed: Node, home: Node, key: str) -> None:
    """State the values to try from the list `listed`, or a single value; fixes write them to `key` of `home`."""
    if listed.kind is LIST:
        made.set_place("values", Place(home, (key,)))
    made.state(values=written(listed, [item.data() for item in _each(listed)]))
    state_text_values(made, listed)


def state_text_values(made: Parameter, listed: Node) -> None:
    """State which values of a hyperparameter that is a number are text to the loader, such as 1e-4 to PyYAML."""
    sets = made.facts.get("sets", UNKNOWN).value
    if knowledge.data("keys").get(sets, {}).get("as") not in ("number", "integer"):
        return
    found = [item for item in _each(listed) if _is_number_as_text(item)]
    if found:
        made.state(text_value=written(found[0], found[0].text))
    if found and listed.kind is LIST:
        numbers = [as_number(item.text) if _is_number_as_text(item) else item.data() for item in listed.items]
        made.state(number_values=inferred(numbers, *(written(item, item.text) for item in found)))


def _each(listed: Node) -> list[Node]:
    return listed.items if listed.kind is LIST else [listed]


def _is_number_as_text(node: Node) -> bool:
    return node.kind is STRING and node.style == "" and number_text(node.text, []) is not None


def state_constants(training: Training, parameters: list[Parameter]) -> None:
    """State the facts that hyperparameters of one value set for every trial."""
    for made in parameters:
        sets, values = made.facts.get("sets", UNKNOWN), made.facts.get("values", UNKNOWN)
        if made.facts.get("kind", UNKNOWN).value != "constant" or sets is UNKNOWN or values.node is None:
            continue
        path, _, fact = sets.value.rpartition(".")
        found = fact_of(values.node, CONVERSIONS[knowledge.data("keys")[sets.value]["as"]])
        if found is not UNKNOWN and fact not in training.facts[path].facts:
            training.facts[path].state(**{fact: found})
