"""Reads which components a torchtune config names: optimizer, schedule, loss, and the adapter by the model's name."""

from __future__ import annotations

from math import isfinite

from hplint.facts.fact import UNKNOWN, inferred, written
from hplint.formats.components import component, state_loss, state_no_schedule, state_optimizer, state_schedule
from hplint.syntax.tree import NULL, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training

KEY = "_component_"


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the facts of a recipe's config; one without an optimizer trains nothing."""
    optimizer = component(root.get("optimizer"), KEY, None)
    if optimizer is None:
        return
    state_optimizer(training.optimizer, optimizer, KEY)
    scheduler = root.get("lr_scheduler")
    schedule = component(scheduler, KEY, None)
    if schedule is not None:
        state_schedule(training.schedule, schedule, description["schedules"])
    elif scheduler is None or scheduler.kind is NULL:
        state_no_schedule(training.schedule, "torchtune keeps the learning rate unless lr_scheduler is there")
    loss = component(root.get("loss"), KEY, None)
    if loss is not None:
        state_loss(training.loss, loss, description["losses"])
        trainer = description["trainers"].get(loss.name)
        if trainer is not None:
            training.tuning.state(trainer=written(loss.path, trainer))
    _length(training, root)
    _model(training, root, description)


def _length(training: Training, root: Node) -> None:
    """State the cap on steps where the steps of an epoch have one."""
    per_epoch, epochs = root.get("max_steps_per_epoch"), training.run.get("epochs")
    if per_epoch is not None and per_epoch.is_number and epochs is not UNKNOWN:
        cap = written(per_epoch, per_epoch.value)
        steps = per_epoch.value * epochs.value
        if isfinite(steps):
            training.run.state(max_steps=inferred(int(steps), cap, epochs))


def _model(training: Training, root: Node, description: Mapping[str, Any]) -> None:
    model = component(root.get("model"), KEY, None)
    if model is None:
        return
    tuning = training.tuning
    kind, _, rest = model.name.partition("_")
    adapter = description["adapters"].get(kind)
    dora = model.node.get("use_dora")
    if adapter is not None and dora is not None and dora.value is True:
        adapter = "dora"
    tuning.state(adapter=written(model.path, adapter or "none"), method=written(model.path, adapter or "full"))
    tuning.state(base_model=written(model.path, rest if adapter else model.name))
    if kind.startswith("q") and adapter is not None:
        tuning.state(quantization_bits=written(model.path, 4))
    checkpointer = root.get("checkpointer")
    if checkpointer is not None:
        training.model.state(pretrained=inferred(True, written(checkpointer, True)))
