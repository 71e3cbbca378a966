"""Facts that follow from others, outside the graph of layers. Importing this module registers every derivation."""

from __future__ import annotations

from hplint.facts import adapters as _adapters  # noqa: F401  # registers facts on adapters
from hplint.facts import architecture as _architecture  # noqa: F401  # registers how parts fit each other
from hplint.facts import companion as _companion  # noqa: F401  # registers what two files say of the same thing
from hplint.facts import graph as _graph  # noqa: F401  # registers the facts of the graph
from hplint.facts import heads as _heads  # noqa: F401  # registers the facts of losses and outputs
from hplint.facts import model as _model  # noqa: F401  # registers the facts of layers alone and of models
from hplint.facts import names
from hplint.facts import references as _references  # noqa: F401  # registers names that lead nowhere
from hplint.facts import scaling as _scaling  # noqa: F401  # registers the facts of scaling
from hplint.facts import search as _search  # noqa: F401  # registers the facts of searches
from hplint.facts import shapes as _shapes  # noqa: F401  # registers shapes
from hplint.facts import sizes as _sizes  # noqa: F401  # registers facts of a model's sizes
from hplint.facts import training as _training  # noqa: F401  # registers facts of optimizer settings and split
from hplint.facts import tuning as _tuning  # noqa: F401  # registers facts of fine-tuning and number formats
from hplint.facts import weights as _weights  # noqa: F401  # registers numbers of weights
from hplint.facts.fact import UNKNOWN, derived, inferred
from hplint.facts.graph import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import (
        Data,
        EarlyStopping,
        Evaluation,
        Metric,
        Optimizer,
        Run,
        Schedule,
        Task,
    )  # fmt: skip


# -- task ---------------------------------------------------------------------------------------------------------


@derived("Task", "kind")
def _task_kind(task: Task) -> Any:
    outputs = task.training.parts("outputs") if task.training is not None else []
    return outputs[0].get("task") if len(outputs) == 1 else UNKNOWN


@derived("Task", "classes")
def _task_classes(task: Task) -> Any:
    outputs = task.training.parts("outputs") if task.training is not None else []
    if len(outputs) == 1 and outputs[0].get("classes") is not UNKNOWN:
        return outputs[0].get("classes")
    return task.training.data.get("classes") if task.training is not None else UNKNOWN


@derived("Task", "supervised")
def _supervised(task: Task) -> Any:
    kind = task.get("kind")
    if kind is UNKNOWN:
        return UNKNOWN
    unsupervised = kind.value in ("clustering", "dimensionality_reduction", "self_supervised", "reconstruction")
    return inferred(not unsupervised, kind)


@derived("Task", "modality")
def _modality(task: Task) -> Any:
    inputs = task.training.parts("inputs") if task.training is not None else []
    found = [source.get("modality") for source in inputs]
    if not found or any(fact is UNKNOWN for fact in found):
        return UNKNOWN
    kinds = {"tabular" if fact.value in ("number", "category", "binary") else fact.value for fact in found}
    return inferred(kinds.pop() if len(kinds) == 1 else "mixed", *found)


# -- metrics ------------------------------------------------------------------------------------------------------


@derived("Metric", "kind", "name")
def _metric_kind(metric: Metric) -> Any:
    return names.told_of("metrics", metric.get("name"), "kind")


@derived("Metric", "goal", "name")
def _metric_goal(metric: Metric) -> Any:
    return names.told_of("metrics", metric.get("name"), "goal")


# -- optimizer ----------------------------------------------------------------------------------------------------


@derived("Optimizer", "family", "name")
def _optimizer_family(optimizer: Optimizer) -> Any:
    return names.told_of("optimizers", optimizer.get("name"), "family")


@derived("Optimizer", "adaptive", "name")
def _adaptive(optimizer: Optimizer) -> Any:
    return names.told_of("optimizers", optimizer.get("name"), "adaptive")


@derived("Optimizer", "decoupled", "name")
def _decoupled(optimizer: Optimizer) -> Any:
    name = optimizer.get("name")
    return UNKNOWN if name is UNKNOWN else inferred(bool(names.about("optimizers", name.value).get("decoupled")), name)


@derived("Optimizer", "clipped")
def _clipped(optimizer: Optimizer) -> Any:
    norm, by_value = optimizer.get("clip_norm"), optimizer.get("clip_value")
    if any(fact is not UNKNOWN and fact.value for fact in (norm, by_value)):
        return inferred(True, *(fact for fact in (norm, by_value) if fact is not UNKNOWN))
    return UNKNOWN if norm is UNKNOWN or by_value is UNKNOWN else inferred(False, norm, by_value)


# -- run ----------------------------------------------------------------------------------------------------------


@derived("Run", "effective_batch", "batch_size")
def _effective_batch(run: Run) -> Any:
    """Examples per update: batch per device x accumulation x devices."""
    factors = [run.get("batch_size"), run.get("accumulation"), run.get("devices")]
    if any(factor is UNKNOWN or not _is_number(factor.value) for factor in factors):
        return UNKNOWN
    return inferred(factors[0].value * factors[1].value * factors[2].value, *factors)


@derived("Run", "steps_per_epoch")
def _steps_per_epoch(run: Run) -> Any:
    """Updates per epoch: examples / effective batch, rounded up."""
    batch = run.get("effective_batch")
    samples = run.training.data.get("samples") if run.training is not None else UNKNOWN
    if batch is UNKNOWN or samples is UNKNOWN or not _is_number(samples.value) or batch.value < 1:
        return UNKNOWN
    return inferred(int(-(-samples.value // batch.value)), samples, batch)


@derived("Run", "total_steps")
def _total_steps(run: Run) -> Any:
    """Updates in all: the cap on steps, else epochs x updates per epoch."""
    cap = run.get("max_steps")
    if cap is not UNKNOWN and _is_number(cap.value) and cap.value > 0:
        return inferred(cap.value, cap)
    epochs, per_epoch = run.get("epochs"), run.get("steps_per_epoch")
    if epochs is UNKNOWN or per_epoch is UNKNOWN or not _is_number(epochs.value):
        return UNKNOWN
    return inferred(int(epochs.value * per_epoch.value), epochs, per_epoch)


@derived("Schedule", "warmup_share", "warmup_ratio", "warmup_steps", "warmup_epochs")
def _warmup_share(schedule: Schedule) -> Any:
    """Warm-up as a share of all steps."""
    ratio = schedule.get("warmup_ratio")
    if ratio is not UNKNOWN and _is_number(ratio.value) and ratio.value > 0:
        return inferred(ratio.value, ratio)
    run = schedule.training.run if schedule.training is not None else None
    if run is None:
        return UNKNOWN
    for own, whole in (("warmup_steps", "total_steps"), ("warmup_epochs", "epochs")):
        part, all_of_it = schedule.get(own), run.get(whole)
        are_numbers = _is_number(part.value) and _is_number(all_of_it.value)
        if UNKNOWN not in (part, all_of_it) and are_numbers and all_of_it.value > 0:
            return inferred(part.value / all_of_it.value, part, all_of_it)
    return UNKNOWN


@derived("EarlyStopping", "patience_epochs", "patience")
def _patience_epochs(stopping: EarlyStopping) -> Any:
    patience, per_epoch = stopping.get("patience"), stopping.get("evaluations_per_epoch")
    if patience is UNKNOWN or per_epoch is UNKNOWN or not _is_number(patience.value) or not per_epoch.value:
        return UNKNOWN
    return inferred(patience.value / per_epoch.value, patience, per_epoch)


@derived("Evaluation", "goal")
def _evaluation_goal(evaluation: Evaluation) -> Any:
    greater, mode = evaluation.get("greater_is_better"), evaluation.get("mode")
    if greater is not UNKNOWN and isinstance(greater.value, bool):
        return inferred("maximize" if greater.value else "minimize", greater)
    goals = {"min": "minimize", "max": "maximize"}
    return inferred(goals[mode.value], mode) if mode is not UNKNOWN and mode.value in goals else UNKNOWN


# -- data ---------------------------------------------------------------------------------------------------------


@derived("Data", "features")
def _features(data: Data) -> Any:
    inputs = data.training.parts("inputs") if data.training is not None else []
    modalities = [source.get("modality") for source in inputs]
    if not modalities or any(value(source, "modality") not in ("number", "category", "binary") for source in inputs):
        return UNKNOWN
    return inferred(len(inputs), *modalities)


@derived("Data", "sequence_length")
def _sequence_length(data: Data) -> Any:
    inputs = data.training.parts("inputs") if data.training is not None else []
    known = [fact for fact in (source.get("sequence_length") for source in inputs) if fact is not UNKNOWN]
    return inferred(max(fact.value for fact in known), *known) if known else UNKNOWN


@derived("Data", "has_validation")
def _has_validation(data: Data) -> Any:
    for name in ("validation_share", "validation_path"):
        found = data.get(name)
        if found is not UNKNOWN:
            return inferred(bool(found.value), found)
    return UNKNOWN


@derived("Data", "augmented")
def _augmented(data: Data) -> Any:
    training = data.training
    if training is None:
        return UNKNOWN
    layers = training.model.parts("layers")
    if any(value(layer, "kind") == "augmentation" for layer in layers):
        return inferred(True)
    known = [source.get("augmented") for source in training.parts("inputs")]
    if any(fact is not UNKNOWN and fact.value for fact in known):
        return inferred(True, *(fact for fact in known if fact is not UNKNOWN))
    return UNKNOWN if not known or UNKNOWN in known else inferred(False, *known)


def _is_number(candidate: Any) -> bool:
    return isinstance(candidate, (int, float)) and not isinstance(candidate, bool)
