"""Reads the parameters of a Katib experiment, whose numbers are texts, and how its trials refer to them.

Source: Katib 0.19, `pkg/apis/controller/experiments/v1beta1/experiment_types.go` and the experiment's validator.
"""

from __future__ import annotations

import re

from hplint.facts.fact import Place, default, written
from hplint.formats.reading import NOTHING, text, translated
from hplint.formats.searching import begin_search, parameter, state_values
from hplint.scalars import as_number
from hplint.syntax.tree import LIST, MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.facts.parts import Parameter, Search, Training

_PLACEHOLDER = r"\$\{trialParameters\.([^{}]+)\}"
_META = r"\$\{trialSpec\.[^{}]+\}"
"""References to the trial's own name, namespace, labels and so on, which are no hyperparameters."""


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the search of an experiment; a search for an architecture (nasConfig) has no parameters to look at."""
    spec = root.get("spec")
    if spec is None:
        return
    begin_search(training, spec, root.at("spec", "algorithm", "algorithmName"))
    if spec.get("maxTrialCount") is None and spec.at("objective", "goal") is None:
        training.search.state(trials=default(None, "Katib goes on until it is stopped"))
    made = [_parameter(node, description) for node in _maps(spec.get("parameters"))]
    training.search.state(parameters=made)
    if made:
        _references(spec, training.search, {found.name.value for found in made})


def _maps(listed: Node | None) -> Iterator[Node]:
    if listed is not None and listed.kind is LIST:
        yield from (item for item in listed.items if item.kind is MAP and item.get("name") is not None)


def _parameter(node: Node, description: Mapping[str, Any]) -> Parameter:
    name = node.get("name")
    assert name is not None  # by _maps
    made = parameter(str(name.value), name, node)
    kind, space = node.get("parameterType"), node.get("feasibleSpace")
    known = translated(description["parameter_types"])(kind) if kind is not None else NOTHING
    if kind is None or known is NOTHING or space is None or space.kind is not MAP:
        return made
    made.state(kind=written(kind, known))
    if known == "categorical":
        listed = space.get("list")
        if listed is not None:
            state_values(made, listed, space, "list")
        return made
    for fact, key in (("low", "min"), ("high", "max"), ("step", "step")):
        found = space.get(key)
        made.set_place(fact, Place(space, (key,), str))
        value = as_number(found.text) if found is not None and found.is_scalar else None
        if found is not None and value is not None:
            made.state(**{fact: written(found, int(value) if known == "integer" and value.is_integer() else value)})
    distribution = space.get("distribution")
    made.set_place("log", Place(space, ("distribution",), {True: "logUniform", False: "uniform"}))
    if distribution is None:
        made.state(log=default(False, "default of Katib"))
    elif text(distribution) in description["logarithmic"]:
        is_log = description["logarithmic"][distribution.value]
        made.state(distribution=written(distribution, distribution.value), log=written(distribution, is_log))
    return made


def _references(spec: Node, search: Search, names: set[Any]) -> None:
    """State a name that trials refer to and that no hyperparameter has, and a placeholder that nothing fills."""
    declared = spec.at("trialTemplate", "trialParameters")
    trial = spec.at("trialTemplate", "trialSpec")
    fills = set()
    for item in _maps(declared):
        fills.add(str(item.data()["name"]))
        reference = item.get("reference")
        if reference is None or reference.kind is not STRING or re.match(_META, reference.value):
            continue
        if reference.value not in names and "missing_reference" not in search.facts:
            search.state(missing_reference=written(reference, reference.value))
    for node in trial.walk() if trial is not None and declared is not None else ():
        for found in re.findall(_PLACEHOLDER, node.value) if node.kind is STRING else ():
            if found not in fills and "unfilled" not in search.facts:
                search.state(unfilled=written(node, found))
