"""Facts about the optimizer's settings, the split and what is watched, inferred where no reader states them."""

from __future__ import annotations

from hplint.facts import names
from hplint.facts.fact import UNKNOWN, Fact, derived, inferred, written
from hplint.facts.graph import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Data, EarlyStopping, Evaluation, Optimizer, Run

# The settings that each update rule has no use for (documentation of torch.optim and keras.optimizers).
_IGNORED = {
    "sgd": ("betas", "beta_1", "beta_2", "epsilon", "amsgrad"),
    "adam": ("momentum", "nesterov"),
    "adagrad": ("momentum", "nesterov", "betas", "beta_1", "beta_2", "amsgrad"),
    "adadelta": ("momentum", "nesterov", "betas", "beta_1", "beta_2", "amsgrad"),
    "rmsprop": ("betas", "beta_1", "beta_2", "amsgrad", "nesterov"),
    "lion": ("momentum", "nesterov", "epsilon", "amsgrad"),
}


@derived("Optimizer", "unrecognised")
def _unrecognised(optimizer: Optimizer) -> Any:
    """The optimizer's name as written, where it is none that hplint knows."""
    if optimizer.get("name") is not UNKNOWN:
        return UNKNOWN
    place = optimizer.places.get("name")
    node = place.node.at(*place.path) if place is not None else None
    if node is None or not isinstance(node.value, str):
        return UNKNOWN
    return written(node, node.value)


@derived("Optimizer", "suggestion")
def _suggestion(optimizer: Optimizer) -> Any:
    """The known optimizer that an unknown name can only be a slip of."""
    unknown = optimizer.get("unrecognised")
    if unknown is UNKNOWN:
        return UNKNOWN
    close = names.misspelt("optimizers", unknown.value)
    return UNKNOWN if close is None else inferred(close, unknown)


@derived("Optimizer", "ignored_setting", "betas", "beta_1", "beta_2", "epsilon", "amsgrad", "momentum", "nesterov")
def _ignored_setting(optimizer: Optimizer) -> Any:
    """The first written setting that the optimizer has no use for, by its name."""
    family = value(optimizer, "family")
    for name in _IGNORED.get(family or "", ()):
        found = optimizer.get(name)
        if isinstance(found, Fact) and found.node is not None and found.value not in (None, False):
            if family == "adam" and value(optimizer, "name") == "nadam":
                continue
            return written(found.node, name.replace("_", " "))
    return UNKNOWN


@derived("Data", "share_total", "shares", "training_share")
def _share_total(data: Data) -> Any:
    """The sum of the split's shares."""
    shares = data.get("shares")
    if shares is not UNKNOWN and all(_is_number(share) for share in shares.value):
        return inferred(round(sum(shares.value), 6), shares)
    parts = [data.get(name) for name in ("training_share", "validation_share", "test_share")]
    if any(part is UNKNOWN or not _is_number(part.value) for part in parts):
        return UNKNOWN
    return inferred(round(sum(part.value for part in parts), 6), *parts)


@derived("EarlyStopping", "monitor_goal", "monitor")
def _monitor_goal(stopping: EarlyStopping) -> Any:
    return _goal_of(stopping.get("monitor"))


@derived("Evaluation", "metric_goal", "metric")
def _metric_goal(evaluation: Evaluation) -> Any:
    return _goal_of(evaluation.get("metric"))


def _goal_of(name: Fact[Any]) -> Any:
    """Which direction is better, by the name of what is watched."""
    if name is UNKNOWN or not isinstance(name.value, str):
        return UNKNOWN
    goal = names.metric_goal(name.value)
    return UNKNOWN if goal is None else inferred(goal, name)


@derived("Evaluation", "monitors", "early_stopping.monitor", "schedule.monitor", "metric", "search.metric")
def _monitors(evaluation: Evaluation) -> Any:
    """What early stopping, the schedule, evaluation and search watch, in that order."""
    training = evaluation.training
    if training is None:
        return UNKNOWN
    facts = [
        training.early_stopping.get("monitor"),
        training.schedule.get("monitor"),
        evaluation.get("metric"),
        training.search.get("metric"),
    ]
    found = [fact for fact in facts if fact is not UNKNOWN and fact.node is not None and isinstance(fact.value, str)]
    return inferred([fact.value for fact in found], *found) if found else UNKNOWN


@derived("Evaluation", "spellings_differ", "monitors")
def _spellings_differ(evaluation: Evaluation) -> Any:
    """Whether one metric is watched under two spellings, such as val_loss and val/loss."""
    monitors = evaluation.get("monitors")
    if monitors is UNKNOWN:
        return UNKNOWN
    spelt: dict[str, set[str]] = {}
    for name in monitors.value:
        spelt.setdefault(names.squash(name).replace("/", ""), set()).add(name)
    return inferred(any(len(group) > 1 for group in spelt.values()), monitors)


@derived("Run", "batch_product", "batch_size")
def _batch_product(run: Run) -> Any:
    """Batch per device x accumulation x devices, where all three are written."""
    factors = [run.get(name) for name in ("batch_size", "accumulation", "devices")]
    if any(factor is UNKNOWN or factor.node is None or not _is_number(factor.value) for factor in factors):
        return UNKNOWN
    return inferred(factors[0].value * factors[1].value * factors[2].value, *factors)


def _is_number(candidate: Any) -> bool:
    return isinstance(candidate, (int, float)) and not isinstance(candidate, bool)


@derived("Data", "unscaled")
def _unscaled(data: Data) -> Any:
    """Names of the inputs whose numbers certainly reach the network unscaled, one alone not counted among several."""
    training = data.training
    inputs = training.parts("inputs") if training is not None else []
    found = [source for source in inputs if _is_unscaled(source)]
    several = [source for source in inputs if value(source, "modality") in ("number", "tabular")]
    if not found or (len(several) == 1 and value(found[0], "modality") == "number"):
        return UNKNOWN
    return inferred([value(source, "name") for source in found], *(source.get("scaling") for source in found))


def _is_unscaled(source: Any) -> bool:
    if value(source, "modality") not in ("number", "tabular") or value(source, "scaling") != "none":
        return False
    layer = source.get("layer")
    readers = layer.parts("consumers") if hasattr(layer, "facts") else []
    return not any(value(reader, "kind") == "normalization" for reader in readers)
