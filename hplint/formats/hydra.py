"""Reads what Hydra's configs say by the field's usual names, and the search that its Optuna sweeper makes.

A searched hyperparameter is an override whose value is a sweep: `interval(0.1, 0.5)`, `tag(log, interval(1e-5, 1e-1))`,
`range(1, 8)`, `int(interval(4, 16))`, `choice(adam, sgd)` or `1, 2, 4`.
Source: Hydra 1.3, `hydra_plugins/hydra_optuna_sweeper/_impl.py` and the grammar of extended overrides.
"""

from __future__ import annotations

import re

from hplint.facts.fact import default, inferred, written
from hplint.formats import generic
from hplint.formats.reading import integer, state, translated
from hplint.formats.searching import begin_search, parameter
from hplint.scalars import as_number
from hplint.syntax.tree import LIST, MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Parameter, Training

_CALL = r"(\w+)\((.*)\)\Z"
_GOALS = {"minimize": "minimize", "maximize": "maximize"}


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the facts of a config and of its search."""
    generic.read(root, training, description)
    sweeper = root.at("hydra", "sweeper")
    params = sweeper.get("params") if sweeper is not None else None
    if sweeper is None or params is None or params.kind is not MAP or sweeper.get("n_trials") is None:
        return
    search = training.search
    begin_search(training, sweeper, params.key if isinstance(params.key, Node) else params)
    sampler = _sampler(root, description)
    if sampler is not None:
        search.state(algorithm=sampler)
    state(search, "goal", sweeper, "direction", translated(_GOALS))
    state(search, "trials", sweeper, "n_trials", integer)
    state(search, "parallel", sweeper, "n_jobs", integer)
    search.state(metric=default("the task's result", "what the task function returns"))
    search.state(parameters=[_parameter(key, node) for key, node in params.all_entries()])


def _sampler(root: Node, description: Mapping[str, Any]) -> Any:
    """Return the algorithm that the defaults list chooses as the sampler; TPE where it chooses none."""
    listed = root.get("defaults")
    for item in listed.items if listed is not None and listed.kind is LIST else ():
        for key, value in item.entries:
            if str(key.value).removeprefix("override").strip() == "hydra/sweeper/sampler":
                known = description["samplers"].get(value.value)
                return None if known is None else written(value, known)
    return default("tpe", "default of Hydra's Optuna sweeper")


def _parameter(key: Node, node: Node) -> Parameter:
    made = parameter(str(key.value).lstrip("+~"), key, node)
    if not node.is_scalar:
        return made
    text = written(node, node.text)
    if node.kind is not STRING:
        made.state(kind=inferred("constant", text), values=written(node, [node.value]))
        return made
    facts = _space(node.text)
    if facts:
        made.state(**{name: inferred(value, text) for name, value in facts.items()})
    return made


def _space(text: str) -> dict[str, Any]:
    """Return what a sweep says, by the names of facts; empty where it is not understood."""
    call = re.match(_CALL, text.strip(), re.DOTALL)
    name, inside = (call[1], _split(call[2])) if call is not None else ("choice", _split(text))
    if name == "tag" and inside:
        log = "log" in (item.strip() for item in inside[:-1])
        return {**_space(inside[-1]), **({"log": True} if log else {})}
    if name == "int" and len(inside) == 1:
        return {**_space(inside[0]), "kind": "integer"}
    if name == "float" and len(inside) == 1:
        return _space(inside[0])
    if name in ("shuffle", "sort", "glob"):
        return {}
    if name == "choice":
        values = [_value(item) for item in inside]
        return {"kind": "categorical" if len(values) > 1 else "constant", "values": values, "distribution": "choice"}
    numbers = [as_number(item.rpartition("=")[2].strip()) for item in inside]
    if name not in ("interval", "range") or len(numbers) < 2 or None in numbers:
        return {}
    low, high, step = numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else None
    whole = name == "range" and all(number.is_integer() for number in numbers if number is not None)
    facts = {"kind": "integer" if whole else "continuous", "low": low, "high": high, "log": False, "distribution": name}
    if name == "range":
        facts["step"] = step or 1.0
    return facts


def _split(text: str) -> list[str]:
    """Return the parts between the commas outside of brackets and quotes."""
    parts, depth, quote, begin = [], 0, "", 0
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and not depth:
            parts.append(text[begin:at])
            begin = at + 1
    return [*parts, text[begin:]] if text.strip() else []


def _value(text: str) -> Any:
    number = as_number(text.strip())
    return text.strip().strip("\"'") if number is None else number
