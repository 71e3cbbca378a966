"""hplint's own format, where tables do not reach: heads, metrics, the search, and what leaving a section out means."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts import names
from hplint.facts.fact import UNKNOWN, default, inferred, written
from hplint.facts.graph import place_of_activation, trace_back
from hplint.facts.names import squash
from hplint.facts.parts import Input, Loss, Metric, Output, Parameter
from hplint.facts.scaling import scaling_by_layers
from hplint.formats.hplint_layers import Network, stated
from hplint.formats.reading import fact_of, listing, number, state_all
from hplint.syntax.tree import INTEGER, LIST, MAP, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Layer, Training
    from hplint.syntax.tree import Node

_SECTIONS = {
    "run": ("training",), "tuning": ("fine_tuning",), "early_stopping": ("training", "early_stopping"),
    "precision": ("training", "precision"),
}  # fmt: skip
"""Where a part stands whose section is not called like it."""
_WITH_MOMENTUM = ("sgd", "rmsprop", "lars")
_loss_table: dict[str, Any] = {}
_STEP_COUNTS = (
    ("run", "max_steps"), ("run", "logging_steps"), ("evaluation", "steps"), ("evaluation", "save_steps"),
    ("schedule", "warmup_steps"), ("schedule", "total_steps"),
)  # fmt: skip


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State what the tables of format.yaml cannot: see docs/formats/hplint.md."""
    note = f"what hplint's format means by leaving the key out, version {description['version']}"
    for name, part in training.facts.items():
        section = root.at(*_SECTIONS.get(name, (name,)))
        if section is not None and hasattr(part, "places"):
            part.__dict__["label"] = section.key
    network = _read_network(root, training, note)
    _read_metrics(root, training, description, note)
    _read_inputs(training, network.layers)
    _read_outputs(root, training, network.layers, description, note)
    _read_optimizer(root, training, note)
    _read_sections(root, training, note)
    _read_search(root, training, description, note)


# -- network ------------------------------------------------------------------------------------------------------


def _read_network(root: Node, training: Training, note: str) -> Network:
    network = Network(training, knowledge.data("hplint/layers"), note)
    items = root.at("model", "layers")
    if items is None or items.kind is not LIST:
        return network
    network.read(items.items)
    training.model.state(layers=network.layers)
    if stated(training.model, "family") is UNKNOWN:
        training.model.state(family=inferred("neural_network", written(items, None), note="it has layers"))
    return network


def _read_inputs(training: Training, layers: list[Layer]) -> None:
    """Join inputs with their layers; without the section `inputs`, make one input for each layer of type input."""
    heads = [layer for layer in layers if layer.facts["kind"].value == "input"]
    inputs = training.parts("inputs")
    if not inputs and heads:
        inputs = [Input(layer.node, layer.label) for layer in heads]
        training.state(inputs=inputs)
    for source in inputs:
        layer = _layer_of(source, inputs, heads)
        if layer is not None and stated(source, "layer") is UNKNOWN:
            source.state(layer=layer)
        layer = stated(source, "layer")
        if layer is UNKNOWN:
            continue
        for ours, theirs in (("shape", "declared_shape"), ("name", "name")):
            if stated(source, ours) is UNKNOWN and stated(layer, theirs) is not UNKNOWN:
                source.state(**{ours: layer.facts[theirs]})
        if stated(layer, "declared_shape") is UNKNOWN and stated(source, "shape") is not UNKNOWN:
            layer.state(declared_shape=source.facts["shape"])
        scaling = stated(source, "scaling")
        by_layers = scaling_by_layers(layer)
        if by_layers is not UNKNOWN and (scaling is UNKNOWN or scaling.value == "none"):
            source.state(scaling=by_layers)
    modality = stated(training.task, "modality")
    if len(inputs) == 1 and stated(inputs[0], "modality") is UNKNOWN and modality is not UNKNOWN:
        inputs[0].state(modality=modality)


def _layer_of(source: Input, inputs: list[Input], heads: list[Layer]) -> Layer | None:
    """Return the layer of type input that an input describes: of its own node, of its name, or the only one."""
    for layer in heads:
        if layer.node is source.node:
            return layer
        name, other = stated(source, "name"), stated(layer, "name")
        if UNKNOWN not in (name, other) and name.value == other.value:
            return layer
    return heads[0] if len(heads) == len(inputs) == 1 else None


# -- heads --------------------------------------------------------------------------------------------------------


def _read_outputs(
    root: Node, training: Training, layers: list[Layer], description: Mapping[str, Any], note: str
) -> None:
    """State what every head ends in and is trained by; without the section `outputs`, the last layers are the heads."""
    ends = [layer for layer in layers if stated(layer, "consumers") == []]
    outputs = training.parts("outputs")
    implied = not outputs
    if implied:
        has_loss = root.get("loss") is not None
        outputs = [Output(end.node, end.label) for end in ends] or ([Output(root.get("loss"))] if has_loss else [])
        training.state(outputs=outputs)
    if not _loss_table:
        facts = description["facts"].items()
        _loss_table.update((path[5:], entry) for path, entry in facts if path.startswith("loss."))
    for index, output in enumerate(outputs):
        own = output.node.get("loss") if output.node is not None and not implied else None
        if own is None:
            output.state(loss=training.loss)
        else:
            loss = Loss(own, own.key if own.kind is MAP else own)
            state_all(loss, output.node, _loss_table, note)
            _complete_loss(loss, own)
            output.state(loss=loss)
            if len(outputs) == 1:
                training.state(loss=loss)
        end = _end_of(output, index, ends, layers, len(outputs))
        if end is not None:
            _state_end(output, end)
        metrics = output.node.get("metrics") if output.node is not None and not implied else None
        if metrics is not None and metrics.kind is LIST:
            output.state(metrics=_metrics(metrics, description, note))
    _complete_loss(training.loss, root.get("loss"))
    if len(outputs) == 1:
        for ours, of_task in (("task", "kind"), ("classes", "classes"), ("exclusive", "exclusive")):
            if stated(outputs[0], ours) is UNKNOWN and stated(training.task, of_task) is not UNKNOWN:
                outputs[0].state(**{ours: training.task.facts[of_task]})
                place = training.task.places.get(of_task)
                if place is not None:
                    outputs[0].set_place(ours, place)


def _complete_loss(loss: Loss, node: Node | None) -> None:
    """State that a loss is custom when its name is none that hplint knows, and weighted when it has weights."""
    name = node.get("name") if node is not None and node.kind is MAP else node
    if stated(loss, "custom") is UNKNOWN and name is not None and name.kind is STRING:
        loss.state(custom=written(name, names.canonical("losses", name.value) is None))
    weights = stated(loss, "class_weights")
    if stated(loss, "weighted") is UNKNOWN and weights is not UNKNOWN:
        loss.state(weighted=inferred(True, weights))


def _end_of(output: Output, index: int, ends: list[Layer], layers: list[Layer], count: int) -> Layer | None:
    """Return the last layer of a head: the one its `layer` (or its name) names, else by order."""
    wanted = output.node.get("layer") if output.node is not None else None
    if wanted is not None and wanted.kind is STRING:
        return next((layer for layer in layers if _is_named(layer, wanted.value)), None)
    if output.node is not None and any(layer.node is output.node for layer in ends):
        return next(layer for layer in ends if layer.node is output.node)
    name = stated(output, "name")
    by_name = next((layer for layer in ends if name is not UNKNOWN and _is_named(layer, name.value)), None)
    return by_name or (ends[index] if len(ends) == count else None)


def _is_named(layer: Layer, name: str) -> bool:
    known = stated(layer, "name")
    return known is not UNKNOWN and bool(known.value == name)


def _state_end(output: Output, end: Layer) -> None:
    """State the last layer with weights and the activation applied last; what the head itself says goes first."""
    output.state(final=end)
    layer, activation = trace_back(end)
    if layer is not None:
        output.state(layer=layer)
        places = {**layer.places, "activation": place_of_activation(end, activation)}
        for name in ("activation", "units", "bias"):
            place = places.get(name)
            if place is not None and stated(output, name) is UNKNOWN:
                output.set_place(name, place)
    if stated(output, "activation") is UNKNOWN and activation is not UNKNOWN:
        output.state(activation=activation)
    if stated(output, "name") is UNKNOWN and stated(end, "name") is not UNKNOWN:
        output.state(name=end.facts["name"])


def _read_metrics(root: Node, training: Training, description: Mapping[str, Any], note: str) -> None:
    node = root.get("metrics")
    if node is not None and (node.kind is LIST or node.kind is STRING):
        training.state(metrics=_metrics(node, description, note))


def _metrics(node: Node, description: Mapping[str, Any], note: str) -> list[Metric]:
    """Return the metrics of a list of names or maps, or of a single name."""
    made = []
    for item in node.items if node.kind is LIST else [node]:
        metric = Metric(item, item.get("name") or item)
        if item.kind is STRING:
            metric.state(name=written(item, item.value))
        state_all(metric, item, description["metric_facts"], note)
        made.append(metric)
    return made


# -- optimizer, schedule and run ----------------------------------------------------------------------------------


def _read_optimizer(root: Node, training: Training, note: str) -> None:
    """State a second learning rate beside the first, and momentum 0 of an optimizer that has one when none is given."""
    optimizer = training.optimizer
    first, second = root.at("optimizer", "learning_rate"), root.at("training", "learning_rate")
    if first is not None and second is not None and first.value != second.value:
        optimizer.state(other_learning_rates=fact_of(second, listing))
    name, section = stated(optimizer, "name"), root.get("optimizer")
    has_momentum = name is not UNKNOWN and names.about("optimizers", name.value).get("family") in _WITH_MOMENTUM
    if has_momentum and section is not None and section.get("momentum") is None:
        optimizer.state(momentum=default(0.0, note))


def _read_sections(root: Node, training: Training, note: str) -> None:
    """State whether there is a schedule, early stopping, a search; what counts steps; and what fine-tuning implies."""
    schedule, stopping, search = root.get("schedule"), root.at("training", "early_stopping"), root.get("search")
    if schedule is None:
        training.schedule.state(exists=default(False, note), name=default("constant", note))
    else:
        name = stated(training.schedule, "name")
        training.schedule.state(exists=written(schedule, name is UNKNOWN or name.value != "constant"))
    if stated(training.early_stopping, "enabled") is UNKNOWN:
        enabled = default(False, note) if stopping is None else written(stopping, True)
        training.early_stopping.state(enabled=enabled)
    _state_evaluations(training, note)
    training.search.state(exists=default(False, note) if search is None else written(search, True))
    counts = [stated(training.facts[part], name) for part, name in _STEP_COUNTS]
    known = [fact for fact in counts if fact is not UNKNOWN]
    if known:
        training.run.state(step_counts=inferred([fact.value for fact in known], *known))
    tuning = root.get("fine_tuning")
    if tuning is not None:
        because = written(tuning, None)
        for name, value in (("pretrained", True), ("family", "neural_network")):
            if stated(training.model, name) is UNKNOWN:
                training.model.state(**{name: inferred(value, because, note="it is fine-tuned")})


def _state_evaluations(training: Training, note: str) -> None:
    """State how often early stopping looks: once an epoch, unless the evaluation says otherwise."""
    stated_strategy = stated(training.evaluation, "strategy")
    by_steps = stated(training.evaluation, "steps") is not UNKNOWN
    if stated(training.early_stopping, "evaluations_per_epoch") is not UNKNOWN or by_steps:
        return
    if stated_strategy is UNKNOWN:
        training.early_stopping.state(evaluations_per_epoch=default(1, note))
    elif stated_strategy.value == "epoch":
        training.early_stopping.state(evaluations_per_epoch=inferred(1, stated_strategy))


# -- search -------------------------------------------------------------------------------------------------------


def _read_search(root: Node, training: Training, description: Mapping[str, Any], note: str) -> None:
    search = root.get("search")
    if search is None or search.kind is not MAP:
        return
    if search.get("trials") is None and search.get("hours") is None:
        training.search.state(trials=default(None, note))
    parameters = search.get("parameters")
    if parameters is not None and parameters.kind is MAP:
        paths = _paths(description)
        made = [_parameter(key, node, root, description, note, paths) for key, node in parameters.all_entries()]
        training.search.state(parameters=made)


def _paths(description: Mapping[str, Any]) -> dict[str, str]:
    """Return the facts by the key paths that state them, such as training.epochs -> run.epochs."""
    made: dict[str, str] = {}
    for fact, entry in description["facts"].items():
        for key in entry["key"] if isinstance(entry["key"], list) else [entry["key"]]:
            made.setdefault(key, fact)
    return made


def _parameter(
    key: Node, node: Node, root: Node, description: Mapping[str, Any], note: str, paths: Mapping[str, str]
) -> Parameter:
    parameter = Parameter(node, key)
    parameter.state(name=written(key, str(key.value)))
    if node.kind is MAP:
        state_all(parameter, node, description["parameter_facts"], note)
    elif node.kind is LIST:
        parameter.state(values=fact_of(node, listing))
    elif node.is_scalar:
        parameter.state(values=written(node, [node.value]))
    _state_kind(parameter, node, note)
    path = _resolve(key.value, paths)
    if path is not None:
        if stated(parameter, "sets") is UNKNOWN:
            parameter.state(sets=inferred(paths[path], parameter.facts["name"]))
        current = root.at(*path.split("."))
        if current is not None and current.is_scalar:
            parameter.state(current=fact_of(current, _as_is))
        parameter.state(exists=inferred(True, parameter.facts["name"]))
    elif "." in str(key.value) and stated(parameter, "sets") is UNKNOWN:
        _state_missing(parameter, str(key.value), root, paths)
    return parameter


def _as_is(node: Node) -> Any:
    """The value as the loader reads it."""
    return node.value


def _state_kind(parameter: Parameter, node: Node, note: str) -> None:
    """State the kind where `type` does not: by values, or by how the bounds are written."""
    low, high = node.get("low"), node.get("high")
    values, distribution = stated(parameter, "values"), stated(parameter, "distribution")
    whole = low is not None and high is not None and low.kind is INTEGER and high.kind is INTEGER
    if low is not None and high is not None:
        parameter.state(bounds_are_integers=written(low, whole))
    if stated(parameter, "kind") is UNKNOWN:
        if values is not UNKNOWN:
            kind = "constant" if len(values.value) == 1 else "categorical"
            parameter.state(kind=inferred(kind, values))
        elif low is not None and high is not None:
            parameter.state(kind=inferred("integer" if whole else "continuous", fact_of(low, number)))
    if stated(parameter, "log") is UNKNOWN and distribution is not UNKNOWN:
        parameter.state(log=inferred(squash(distribution.value).startswith("log"), distribution))
    elif node.kind is MAP and node.get("log") is None and low is not None:
        parameter.state(log=default(False, note))


def _resolve(name: Any, paths: Mapping[str, str]) -> str | None:
    """Return the key path a parameter's name means: written out, or the one fact whose key it ends with."""
    if name in paths:
        return str(name)
    ending = [path for path in paths if path.rpartition(".")[2] == name]
    return ending[0] if len({paths[path] for path in ending}) == 1 else None


def _state_missing(parameter: Parameter, name: str, root: Node, paths: Mapping[str, str]) -> None:
    """State that a key path is none of the format's, and which one is nearest."""
    node: Node | None = root
    for step in name.replace("[", ".").replace("]", "").split("."):
        node = node.at(int(step) if step.isdigit() else step) if node is not None else None
    parameter.state(exists=inferred(node is not None, parameter.facts["name"]))
    if node is None:
        from difflib import get_close_matches

        close = get_close_matches(name, paths, 1, 0.75)
        if close:
            parameter.state(suggestion=inferred(close[0], parameter.facts["name"]))
