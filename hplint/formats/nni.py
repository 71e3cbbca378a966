"""Reads NNI's search spaces, alone in a file or inside an experiment's config.

Source: NNI 3.0, `nni/common/hpo_utils/validation.py` and `nni/experiment/config/`.
"""

from __future__ import annotations

from hplint.facts.fact import Place, default, written
from hplint.formats.reading import fact_of, number, text
from hplint.formats.searching import begin_search, parameter, state_space, state_values
from hplint.syntax.tree import LIST, MAP, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Parameter, Training

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the search of an experiment, or of a search space without one."""
    search = training.search
    is_space = description.get("is_space", False)
    space = root if is_space else root.get("searchSpace")
    tuner = root.get("tuner") or root.get("advisor")
    begin_search(training, root, None if is_space else tuner)
    if space is not None and space.kind is MAP:
        made = [_parameter(key, node, description) for key, node in space.all_entries() if node.kind is MAP]
        search.state(parameters=made)
    search.state(metric=default("default", "what trials report as their result"))
    if is_space:
        return
    for key in ("maxExperimentDuration", "maxExecDuration"):
        found = root.get(key)
        seconds = _seconds(found) if found is not None else None
        if found is not None and seconds is not None:
            search.state(hours=written(found, seconds / 3600))
    if root.get("maxTrialNumber") is None and root.get("maxTrialNum") is None:
        search.state(trials=default(None, "default of NNI 3.0"))


def _seconds(node: Node) -> float | None:
    """Return the seconds of a duration such as 10, 30m or 1h."""
    if node.is_number:
        return float(node.value)
    count, unit = node.text[:-1].strip(), node.text[-1:]
    return float(count) * _SECONDS[unit] if unit in _SECONDS and count.replace(".", "", 1).isdigit() else None


def _parameter(key: Node, node: Node, description: Mapping[str, Any]) -> Parameter:
    made = parameter(str(key.value), key, node)
    kind, listed = node.get("_type"), node.get("_value")
    if kind is None or listed is None or listed.kind is not LIST or text(kind) not in description["spaces"]:
        return made
    about = description["spaces"][kind.value]
    made.state(distribution=written(kind, kind.value))
    state_space(made, about, kind)
    if about["kind"] == "categorical":
        state_values(made, listed, node, "_value")
        return made
    scales = {False: kind.value.replace("log", ""), True: _logarithmic(kind.value)}
    made.set_place("log", Place(node, ("_type",), scales))
    names = ("step",) if about.get("bounds") == "none" else ("low", "high", "step")
    items = listed.items[2:] if about.get("bounds") == "none" else listed.items
    for fact, item in zip(names, items):
        made.state(**{fact: fact_of(item, number)})
    if "high" in made.facts and about.get("open") and isinstance(made.facts["high"].value, int):
        made.facts["high"] = written(listed.items[1], made.facts["high"].value - 1)
        made.places.pop("high", None)
    return made


def _logarithmic(name: str) -> str:
    plain = name.replace("log", "")
    return plain.replace("uniform", "loguniform").replace("normal", "lognormal")
