"""Facts that follow from others, outside the graph of layers. Importing this module registers every derivation."""

from __future__ import annotations

from hplint.facts import architecture as _architecture  # noqa: F401  # registers how parts fit each other
from hplint.facts import graph as _graph  # noqa: F401  # registers the facts of the graph
from hplint.facts import heads as _heads  # noqa: F401  # registers the facts of losses and outputs
from hplint.facts import images as _images  # noqa: F401  # registers what reaches a layer
from hplint.facts import names
from hplint.facts import scaling as _scaling  # noqa: F401  # registers the facts of scaling
from hplint.facts import search as _search  # noqa: F401  # registers the facts of searches
from hplint.facts import shapes as _shapes  # noqa: F401  # registers shapes
from hplint.facts import sizes as _sizes  # noqa: F401  # registers facts of a model's sizes
from hplint.facts import training as _training  # noqa: F401  # registers facts of optimizer settings and split
from hplint.facts import weights as _weights  # noqa: F401  # registers numbers of weights
from hplint.facts.fact import UNKNOWN, derived, inferred
from hplint.facts.graph import upstream, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import (
        Data,
        EarlyStopping,
        Evaluation,
        Layer,
        Metric,
        Model,
        Optimizer,
        Parameter,
        Run,
        Schedule,
        Search,
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


@derived("Metric", "kind")
def _metric_kind(metric: Metric) -> Any:
    return _about_metric(metric, "kind")


@derived("Metric", "goal")
def _metric_goal(metric: Metric) -> Any:
    return _about_metric(metric, "goal")


def _about_metric(metric: Metric, key: str) -> Any:
    name = metric.get("name")
    known = names.canonical("metrics", name.value) if name is not UNKNOWN else None
    found = names.about("metrics", known).get(key) if known is not None else None
    return UNKNOWN if found is None else inferred(found, name)


# -- optimizer ----------------------------------------------------------------------------------------------------


def _about_optimizer(optimizer: Optimizer, key: str) -> Any:
    name = optimizer.get("name")
    found = names.about("optimizers", name.value).get(key) if name is not UNKNOWN else None
    return UNKNOWN if found is None else inferred(found, name)


@derived("Optimizer", "family")
def _optimizer_family(optimizer: Optimizer) -> Any:
    return _about_optimizer(optimizer, "family")


@derived("Optimizer", "adaptive")
def _adaptive(optimizer: Optimizer) -> Any:
    return _about_optimizer(optimizer, "adaptive")


@derived("Optimizer", "decoupled")
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


@derived("Run", "effective_batch")
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


@derived("Schedule", "warmup_share")
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


@derived("EarlyStopping", "patience_epochs")
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


# -- layers -------------------------------------------------------------------------------------------------------


@derived("Layer", "called")
def _called(layer: Layer) -> Any:
    """By its name, else by its place in its list of layers, else by what it is."""
    name = value(layer, "name")
    place: Any = layer.node.key if layer.node is not None else None
    kind, type_name = value(layer, "kind"), value(layer, "type")
    if name:
        return inferred(f"layer {name}", layer.get("name"))
    is_listed = isinstance(place, int) and type_name
    return inferred(f"layer {place + 1} ({type_name})" if is_listed else f"a {kind or 'custom'} layer")


@derived("Layer", "nearest_activation")
def _nearest_activation(layer: Layer) -> Any:
    text = layer.get("activation_text")
    meant = names.misspelt("activations", text.value) if text is not UNKNOWN else None
    return UNKNOWN if meant is None else inferred(meant, text)


# -- model --------------------------------------------------------------------------------------------------------


@derived("Model", "from_scratch")
def _from_scratch(model: Model) -> Any:
    pretrained = model.get("pretrained")
    return UNKNOWN if pretrained is UNKNOWN else inferred(not pretrained.value, pretrained)


def _layers_of(model: Model) -> list[Layer] | None:
    found = model.get("layers")
    return found if isinstance(found, list) else None


@derived("Model", "complete")
def _complete(model: Model) -> Any:
    layers = _layers_of(model)
    if layers is None:
        return UNKNOWN
    return inferred(all(value(layer, "kind") not in (None, "unknown", "lambda", "model") for layer in layers))


@derived("Model", "sequential")
def _sequential(model: Model) -> Any:
    layers = _layers_of(model)
    if not layers:
        return UNKNOWN
    return inferred(all(len(layer.parts("consumers")) <= 1 and len(layer.parts("inputs")) <= 1 for layer in layers))


def _has(model: Model, kinds: tuple[str, ...]) -> Any:
    """Whether a layer of one of `kinds` is there; false only when every layer is known."""
    layers = _layers_of(model)
    if layers is None:
        return UNKNOWN
    for layer in layers:
        if value(layer, "kind") in kinds:
            return inferred(True, layer.get("kind"))
    return inferred(False) if value(model, "complete") else UNKNOWN


@derived("Model", "normalised")
def _normalised(model: Model) -> Any:
    return _has(model, ("normalization",))


@derived("Model", "recurrent")
def _recurrent(model: Model) -> Any:
    return _has(model, ("recurrent",))


@derived("Model", "convolutional")
def _convolutional(model: Model) -> Any:
    return _has(model, ("convolution",))


@derived("Model", "attentive")
def _attentive(model: Model) -> Any:
    return _has(model, ("attention",))


@derived("Model", "residual")
def _residual(model: Model) -> Any:
    """Whether a skip connection joins a layer's output with what the layer itself was computed from."""
    layers = _layers_of(model)
    if layers is None:
        return UNKNOWN
    for layer in layers:
        if value(layer, "kind") == "merge" and value(layer, "operation") in ("add", "concat"):
            ways = [{id(source), *map(id, upstream(source))} for source in layer.parts("inputs")]
            if any(one & other for index, one in enumerate(ways) for other in ways[:index]):
                return inferred(True, layer.get("operation"))
    return inferred(False) if value(model, "complete") else UNKNOWN


@derived("Model", "depth")
def _model_depth(model: Model) -> Any:
    layers = _layers_of(model)
    if layers is None or not value(model, "complete"):
        return UNKNOWN
    return inferred(max((value(layer, "depth") or 0 for layer in layers), default=0))


@derived("Model", "hidden_layers")
def _hidden_layers(model: Model) -> Any:
    layers = _layers_of(model)
    if layers is None or not value(model, "complete"):
        return UNKNOWN
    return inferred(sum(bool(value(layer, "parametric")) and value(layer, "role") != "output" for layer in layers))


def _sum_of(model: Model, fact: str) -> Any:
    layers = _layers_of(model)
    if not layers:
        return UNKNOWN
    counts = [layer.get(fact) for layer in layers]
    if any(count is UNKNOWN for count in counts):
        return UNKNOWN
    return inferred(sum(count.value for count in counts))


@derived("Model", "parameters")
def _parameters(model: Model) -> Any:
    return _sum_of(model, "parameters")


@derived("Model", "trainable_parameters")
def _trainable_parameters(model: Model) -> Any:
    return _sum_of(model, "trainable_parameters")


@derived("Model", "autoencoder")
def _autoencoder(model: Model) -> Any:
    """Whether the output has the shape of the input and something at most half as large lies between.

    Unknown where a mask of the input's size could be meant (one channel, no vector on the way), or with skip
    connections.
    """
    layers = _layers_of(model)
    if not layers or model.training is None:
        return UNKNOWN
    inputs, outputs = model.training.parts("inputs"), model.training.parts("outputs")
    if len(inputs) != 1 or len(outputs) != 1:
        return UNKNOWN
    final = outputs[0].get("final") if hasattr(outputs[0].get("final"), "facts") else outputs[0].get("layer")
    first, last = inputs[0].get("shape"), final.get("output_shape") if hasattr(final, "facts") else UNKNOWN
    if first is UNKNOWN or last is UNKNOWN:
        return UNKNOWN
    if list(first.value) != list(last.value) or value(outputs[0], "activation") == "softmax":
        return inferred(False, first, last)
    between = [layer.get("output_shape") for layer in layers if layer is not final]
    size = _size(first.value)
    if size is None or any(shape is UNKNOWN for shape in between):
        return UNKNOWN
    small = [shape for shape in between if (_size(shape.value) or size) * 2 <= size]
    if not small:
        return inferred(False, first, last)
    is_mask = len(first.value) > 1 and first.value[-1] == 1 and all(len(shape.value) > 1 for shape in small)
    joined = any(value(layer, "kind") == "merge" for layer in layers)
    return UNKNOWN if is_mask or joined else inferred(True, first, last)


def _size(shape: Any) -> int | None:
    result = 1
    for length in shape:
        if length is None:
            return None
        result *= length
    return result


@derived("Model", "regularised")
def _regularised(model: Model) -> Any:
    layers = _layers_of(model)
    decay = model.training.optimizer.get("weight_decay") if model.training is not None else UNKNOWN
    if decay is not UNKNOWN and decay.value:
        return inferred(True, decay)
    for name in ("dropout", "l1", "l2"):
        if value(model, name):
            return inferred(True, model.get(name))
    if layers is None:
        return UNKNOWN
    for layer in layers:
        if value(layer, "kind") in ("dropout", "noise", "regularization"):
            return inferred(True, layer.get("kind"))
        for name in ("l1", "l2", "rate"):
            if value(layer, name):
                return inferred(True, layer.get(name))
    return inferred(False) if value(model, "complete") else UNKNOWN


# -- search -------------------------------------------------------------------------------------------------------


@derived("Search", "grid_size")
def _grid_size(search: Search) -> Any:
    """Number of combinations: the product of the values of each parameter."""
    size = 1
    because = []
    parameters = search.get("parameters")
    if not isinstance(parameters, list) or not parameters:
        return UNKNOWN
    for parameter in parameters:
        points = _grid_points(parameter)
        if points is None:
            return UNKNOWN
        size *= points
        because.append(parameter.get("values"))
    return inferred(size, *(fact for fact in because if fact is not UNKNOWN))


def _grid_points(parameter: Parameter) -> int | None:
    if value(parameter, "kind") == "constant":
        return 1
    values = value(parameter, "values")
    if isinstance(values, list):
        return len(values)
    points: int | None = value(parameter, "count")
    low, high, step = value(parameter, "low"), value(parameter, "high"), value(parameter, "step")
    if points is None and _is_number(low) and _is_number(high) and _is_number(step) and step > 0:
        points = int((high - low) / step + 1e-9) + 1
    if points is None and value(parameter, "kind") == "integer" and _is_number(low) and _is_number(high):
        points = int(high - low) + 1
    return points


def _is_number(candidate: Any) -> bool:
    return isinstance(candidate, (int, float)) and not isinstance(candidate, bool)
