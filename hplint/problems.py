"""What is wrong with a config by its grammar, schema and framework, as parts that rules are asked about."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, Part, Place, default, written
from hplint.facts.parts import Problem, Training
from hplint.syntax.tree import STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.schema.check import Mismatch
    from hplint.syntax.tree import Problem as TextProblem


def text_part(problem: TextProblem) -> Part:
    part = Problem(Node(STRING, problem.span.start, problem.span.end))
    part.state(kind=default(problem.kind, "found"), message=default(problem.message, "found"))
    part.state(replacement=default(problem.replacement, "found"))
    return part


def checked_part(problem: TextProblem, description: Mapping[str, Any]) -> Part:
    part = text_part(problem)
    part.state(part=default("training", "found"))
    part.state(refused=default(bool(description.get("refuses_unknown_keys")), "of the format"))
    return part


def mismatch_part(mismatch: Mismatch, kinds: Mapping[int, str], description: Mapping[str, Any]) -> Part:
    place = Node(STRING, mismatch.span.start, mismatch.span.end)
    part = Problem(mismatch.node, place)
    part.state(kind=default(mismatch.kind, "found"), message=default(mismatch.message, "found"))
    around: Node | None = mismatch.node
    while around is not None and id(around) not in kinds:
        around = around.parent
    described = "training" if around is None else kinds[id(around)]
    part.state(replacement=default(mismatch.nearest, "found"), part=default(described, "found"))
    refused = bool(description.get("refuses_unknown_keys")) and not mismatch.ignored
    if description.get("has_forks") and mismatch.nearest is None:  # the key may be one of theirs
        refused = False
    part.state(refused=default(refused, "of the format"))
    return part


def kinds_of_parts(training: Training) -> dict[int, str]:
    """Return what the nodes describe that stand for a part of a list, such as "parameter" or "layer", by their ids."""
    listed = [*training.parts("inputs"), *training.parts("outputs"), *training.model.parts("layers")]
    return {id(part.node): type(part).__name__.lower() for part in [*listed, *training.search.parts("parameters")]}


def refusal_parts(root: Node, name: str) -> list[Part]:
    """Return the combinations of keys that the framework refuses."""
    from hplint.schema.validators import refusals, without_plugin  # few formats have such a table

    made: list[Part] = []
    owners = (knowledge.schema(name) or {}).get("x-plugins", {})
    for refusal in (*refusals(root, knowledge.data(f"{name}/validators")), *without_plugin(root, owners)):
        key = refusal.node.key
        part = Problem(refusal.node, refusal.node if refusal.node.is_scalar or not isinstance(key, Node) else key)
        part.state(kind=default("refused-combination", "found"), message=default(refusal.message, "found"))
        part.state(refused=default(not refusal.warns, "found"), key=default(refusal.key, "found"))
        part.state(droppable=default(refusal.removable, "found"))
        culprit = root.at(*refusal.key.split("."))
        part.state(current=UNKNOWN if culprit is None else written(culprit, culprit.text))
        part.state(new_value=UNKNOWN if refusal.value is None else default(refusal.value, "found"))
        part.set_place("current", Place(root, tuple(refusal.key.split("."))))
        made.append(part)
    return made
