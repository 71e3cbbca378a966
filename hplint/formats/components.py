"""Reads objects that a config describes by the path of a class: which optimizer, schedule or loss, and its settings.

`{class_path: torch.optim.Adam, init_args: {lr: 0.1}}` of Lightning and `{_component_: torch.optim.Adam, lr: 0.1}` of
torchtune are the same to rules.
"""

from __future__ import annotations

from hplint import knowledge
from hplint.facts import names
from hplint.facts.fact import Place, default, written
from hplint.formats.reading import state_all
from hplint.records import record
from hplint.syntax.tree import MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Loss, Optimizer, Schedule


@record
class Component:
    """An object described by the path of its class.

    node       the map that describes it
    path       the node that holds the path of its class
    name       the path's last part
    arguments  the map of its arguments; None where there are none
    """

    node: Node
    path: Node
    name: str
    arguments: Node | None


def component(node: Node | None, key: str, arguments: str | None) -> Component | None:
    """Return what a map describes whose `key` names a class; its arguments stand below `arguments` or beside the key.

    None for any other node.
    """
    path = node.get(key) if node is not None and node.kind is MAP else None
    if node is None or path is None or path.kind is not STRING:
        return None
    return Component(node, path, path.value.rpartition(".")[2], node if arguments is None else node.get(arguments))


def state_optimizer(optimizer: Optimizer, found: Component, key: str) -> None:
    """State which optimizer it is and how it is set; what `torch` does not have is known by the field's names."""
    table = knowledge.data("torch")
    name = names.canonical("optimizers", found.name)
    optimizer.__dict__["node"], optimizer.__dict__["label"] = found.node, found.path
    optimizer.set_place("name", Place(found.node, (key,), table["optimizers"]))
    if name is not None:
        optimizer.state(name=written(found.path, name))
    state_all(optimizer, found.arguments, table["optimizer"], "")


def state_schedule(schedule: Schedule, found: Component, known: Mapping[str, Any]) -> None:
    """State which schedule it is and how it is set, by a table from its class to its name and facts."""
    schedule.state(exists=written(found.path, True))
    about = known.get(found.name)
    if about is not None:
        schedule.state(name=written(found.path, about["name"]))
        state_all(schedule, found.arguments, about["facts"], "")


def state_no_schedule(schedule: Schedule, note: str) -> None:
    """State that the learning rate stays as it is."""
    schedule.state(name=default("constant", note), exists=default(False, note))


def state_loss(loss: Loss, found: Component, known: Mapping[str, str]) -> None:
    """State which loss it is, by a table from its class or, for classes of torch, by PyTorch's."""
    name = known.get(found.name) or knowledge.data("torch")["losses"].get(found.name)
    if name is not None:
        loss.state(name=written(found.path, name))
