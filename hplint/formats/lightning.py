"""Reads what Lightning CLI's configs say by classes: callbacks, optimizer, schedule, loss, and clipping.

Source: Lightning 2.6.6, `lightning/pytorch/cli.py` (optimizer and lr_scheduler beside the model step once an epoch).
"""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, default, inferred, written
from hplint.formats.components import component, state_loss, state_optimizer, state_schedule
from hplint.formats.reading import fact_of, integer, named, number, number_or_none, state, state_all
from hplint.syntax.tree import INTEGER, LIST, MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.formats.components import Component

KEY, ARGUMENTS = "class_path", "init_args"
_LOSSES = ("criterion", "loss_fn", "loss")
_RATES = ("lr", "learning_rate")


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the facts of the section that trains; `root` is `fit` where the config has one for each subcommand."""
    note = f"default of Lightning {description['version']}"
    trainer = root.get("trainer")
    _clipping(training, trainer)
    _devices(training, trainer)
    _callbacks(training, trainer, description, note)
    _model(training, root)
    optimizer = component(root.get("optimizer"), KEY, ARGUMENTS)
    if optimizer is not None:
        state_optimizer(training.optimizer, optimizer, KEY)
    schedule = component(root.get("lr_scheduler"), KEY, ARGUMENTS)
    if schedule is not None:
        state_schedule(training.schedule, schedule, knowledge.data("torch")["schedules"])
        training.schedule.state(interval=default("epoch", note))
        _waves(training)


def _waves(training: Training) -> None:
    """A cosine whose half wave fits several times into the run goes up and down on purpose."""
    half, epochs = training.schedule.get("total_epochs"), training.run.get("epochs")
    if half is UNKNOWN or epochs is UNKNOWN or not half.value or not epochs.value:
        return
    if training.schedule.get("name").value == "cosine" and epochs.value >= 2 * half.value:
        training.schedule.state(restarts=inferred(epochs.value % half.value == 0, half, epochs))


def _clipping(training: Training, trainer: Node | None) -> None:
    """Clip by norm unless the algorithm is `value`."""
    algorithm = trainer.get("gradient_clip_algorithm") if trainer is not None else None
    fact = "clip_value" if algorithm is not None and algorithm.value == "value" else "clip_norm"
    state(training.optimizer, fact, trainer, "gradient_clip_val", number_or_none)


def _devices(training: Training, trainer: Node | None) -> None:
    """Devices of all nodes, where both are numbers; -1 and "auto" stand for all that there are."""
    if trainer is None:
        return
    devices, nodes = trainer.get("devices"), trainer.get("num_nodes")
    if devices is not None and devices.kind is INTEGER and devices.value > 0:
        count = nodes.value if nodes is not None and nodes.kind is INTEGER else 1
        if nodes is None or nodes.kind is INTEGER:
            training.run.state(devices=inferred(devices.value * count, written(devices, devices.value)))


def _callbacks(training: Training, trainer: Node | None, description: Mapping[str, Any], note: str) -> None:
    for found in _listed(trainer):
        about = description["callbacks"].get(found.name)
        if about is None:
            continue
        part = training.facts[about["part"]]
        if part.facts.get("monitor") or part.facts.get("metric"):
            continue  # of several callbacks of a kind the first speaks
        part.__dict__["node"], part.__dict__["label"] = found.node, found.path
        state_all(part, found.arguments, about["facts"], note)
        if about["part"] == "early_stopping":
            part.state(enabled=written(found.path, True))
            rounds = trainer.get("check_val_every_n_epoch") if trainer is not None else None
            if rounds is None:
                part.state(evaluations_per_epoch=default(1.0, note))
            elif rounds.kind is INTEGER and rounds.value > 0:
                part.state(evaluations_per_epoch=inferred(1 / rounds.value, written(rounds, rounds.value)))


def _listed(trainer: Node | None) -> Iterator[Component]:
    """Yield the callbacks that name their class."""
    callbacks = trainer.get("callbacks") if trainer is not None else None
    if callbacks is None:
        return
    for node in callbacks.items if callbacks.kind is LIST else [callbacks]:
        found = component(node, KEY, ARGUMENTS)
        if found is not None:
            yield found


def _model(training: Training, root: Node) -> None:
    """State the loss and the learning rate that the model's own arguments name."""
    arguments = root.at("model", ARGUMENTS)
    if arguments is None or arguments.kind is not MAP:
        return
    for name in _LOSSES:
        node = arguments.get(name)
        loss = component(node, KEY, ARGUMENTS)
        if loss is not None:
            state_loss(training.loss, loss, {})
        elif node is not None and node.kind is STRING:
            found = fact_of(node, named("losses"))
            if found.is_known:
                training.loss.state(name=found)
    optimizer = component(arguments.get("optimizer"), KEY, ARGUMENTS)
    if optimizer is not None:
        state_optimizer(training.optimizer, optimizer, KEY)
    for name in _RATES:
        if arguments.get(name) is not None and optimizer is None:
            state(training.optimizer, "learning_rate", arguments, name, number)
    classes = arguments.get("num_classes")
    if classes is not None and classes.kind is INTEGER:
        training.task.state(classes=fact_of(classes, integer))
