"""Facts about the choice of a model and about searches, that follow from others."""

from __future__ import annotations

from hplint.facts import names
from hplint.facts.fact import UNKNOWN, WRITTEN, Fact, derived, inferred
from hplint.facts.graph import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Model, Parameter, Search

_NOT_LINEAR = frozenset(("recurrent", "attention", "embedding", "preprocessing"))
_NOT_LINEAR_OPERATIONS = {
    "pooling": frozenset(("max",)),
    "merge": frozenset(("multiply", "maximum", "minimum", "dot")),
    "normalization": frozenset(("layer", "group", "instance", "rms", "unit")),
}
_HAND_SET = {
    "optimizer": (
        "name", "learning_rate", "momentum", "betas", "beta_1", "beta_2", "epsilon", "weight_decay", "clip_norm",
        "clip_value",
    ),
    "schedule": (
        "name", "warmup_steps", "warmup_ratio", "warmup_epochs", "minimum", "maximum", "factor", "patience",
        "milestones",
    ),
    "run": ("epochs", "max_steps", "batch_size"),
    "early_stopping": ("patience",),
    "model": ("hidden_layers", "hidden_width", "dropout", "trees", "clusters", "hidden_size", "heads"),
    "tuning": ("rank", "alpha", "dropout"),
}  # fmt: skip
_HAND_SET_IN_LAYERS = ("units", "kernel", "activation", "rate", "l1", "l2")

_SMALL_GRID = 50
_SLOW_TRIAL = 3600


# -- model --------------------------------------------------------------------------------------------------------


@derived("Model", "linear", "layer.kind")
def _linear(model: Model) -> Any:
    """Whether nothing between input and output bends: such a network computes what one linear layer can.

    Embeddings, max pooling, products and normalisation by the example's own values count as bends.
    """
    layers = model.parts("layers")
    if not value(model, "complete") or not value(model, "hidden_layers"):
        return UNKNOWN
    because = []
    for layer in layers:
        kind, operation = value(layer, "kind"), value(layer, "operation")
        if kind in _NOT_LINEAR or operation in _NOT_LINEAR_OPERATIONS.get(kind, ()):
            return inferred(False, layer.get("kind"))
        if value(layer, "role") == "output" or (kind == "activation" and _comes_after_output(layer)):
            continue
        if kind in ("dense", "convolution", "activation"):
            activation = layer.get("activation")
            if activation is UNKNOWN:
                return UNKNOWN
            if activation.value != "linear":
                return inferred(False, activation)
            because.append(activation)
    return inferred(True, *because)


def _comes_after_output(layer: Any) -> bool:
    before = layer.get("previous_parametric")
    return not isinstance(before, Fact) and value(before, "role") == "output"


@derived("Model", "first_hidden")
def _first_hidden(model: Model) -> Any:
    """The first dense or convolutional layer that is not an output."""
    for layer in model.parts("layers"):
        if value(layer, "kind") in ("dense", "convolution") and value(layer, "role") == "hidden":
            return layer
    return UNKNOWN


# -- search -------------------------------------------------------------------------------------------------------


@derived("Search", "metric_goal", "metric")
def _metric_goal(search: Search) -> Any:
    """Which direction of the search's metric is better, told by its name."""
    metric = search.get("metric")
    if metric is UNKNOWN or not isinstance(metric.value, str):
        return UNKNOWN
    goal = names.metric_goal(metric.value)
    return UNKNOWN if goal is None else inferred(goal, metric)


@derived("Search", "suggested")
def _suggested(search: Search) -> Any:
    """The algorithm that the search's size and the cost of a trial call for.

    A grid for at most two hyperparameters and few combinations; Bayesian search where a trial takes an hour or more;
    random search otherwise. Sources: OCDevel Machine Learning Guide, episode 28; Bergstra and Bengio, JMLR 2012;
    Google, Deep Learning Tuning Playbook.
    """
    parameters = search.get("parameters")
    if not isinstance(parameters, list) or not parameters:
        return UNKNOWN
    seconds, size = search.get("seconds_per_trial"), search.get("grid_size")
    if seconds is not UNKNOWN and seconds.value is not None and seconds.value >= _SLOW_TRIAL:
        return inferred("bayesian", seconds)
    if len(parameters) <= 2 and size is not UNKNOWN and size.value <= _SMALL_GRID:
        return inferred("grid", size)
    return inferred("random")


@derived("Search", "hand_set")
def _hand_set(search: Search) -> Any:
    """How many hyperparameters the file sets by hand."""
    training = search.training
    if training is None:
        return UNKNOWN
    found = [training.get(part).get(name) for part, facts in _HAND_SET.items() for name in facts]
    found += [layer.get(name) for layer in training.model.parts("layers") for name in _HAND_SET_IN_LAYERS]
    by_hand = [fact for fact in found if fact is not UNKNOWN and fact.origin is WRITTEN]
    return inferred(len(by_hand), *by_hand)


@derived("Parameter", "distinct_values", "values")
def _distinct_values(parameter: Parameter) -> Any:
    """The values to try, each once, in their order; 1, 1.0 and true are three."""
    values = parameter.get("values")
    if values is UNKNOWN or values.value is None:
        return UNKNOWN
    return inferred(list({repr(one): one for one in values.value}.values()), values)


@derived("Parameter", "largest")
def _largest(parameter: Parameter) -> Any:
    """The upper bound, or the largest of the values where all are numbers."""
    high, values = parameter.get("high"), parameter.get("values")
    if high is not UNKNOWN:
        return high
    if values is UNKNOWN or not values.value or not all(type(one) in (int, float) for one in values.value):
        return UNKNOWN
    return inferred(max(values.value), values)


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
