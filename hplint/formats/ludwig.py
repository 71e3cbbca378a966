"""Reads what the tables of schemas/ludwig/format.yaml cannot say: features, their encoders and decoders as a graph of
layers, the kind of model, early stopping, the schedule and hyperopt.

Ludwig's losses take logits and apply sigmoid or softmax themselves, so a head ends linear and is right to.
"""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, Place, default, inferred, written
from hplint.facts.parts import Input, Loss, Output, Parameter
from hplint.formats import ludwig_layers
from hplint.formats.ludwig_upgrade import upgrade
from hplint.formats.reading import (
    NOTHING,
    fact_of,
    integer,
    listing,
    number,
    state,
    state_all,
    text,
    translated,
)  # fmt: skip
from hplint.formats.searching import state_text_values
from hplint.schema.paths import unknown_step
from hplint.syntax.tree import LIST, MAP, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training

__all__ = ["read", "upgrade"]


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the facts of a Ludwig config whose older keys have been upgraded."""
    note = f"default of Ludwig {description['version']}"
    kind = _text(root, "model_type") or "ecd"
    if kind == "gbm":
        rate = training.optimizer.get("learning_rate")
        training.optimizer.facts.clear()  # boosting has a learning rate, and no optimizer
        if rate is not UNKNOWN:
            training.optimizer.state(learning_rate=rate)
    _defaults(training, kind, description, note)
    _model(root, training, kind, note)
    _split(training)
    _schedule(root, training, description, note)
    _stopping(root, training)
    inputs = [_input(node, root, description, note) for node in _features(root, "input_features")]
    outputs = [_output(node, root, kind, description, note) for node in _features(root, "output_features")]
    training.state(inputs=inputs, outputs=outputs)
    if kind == "ecd":
        training.model.state(layers=ludwig_layers.build(root, inputs, outputs, description, note))
    _search(root, training, description)


def _text(node: Node | None, *path: str) -> str | None:
    found = node.at(*path) if node is not None else None
    return found.value if found is not None and isinstance(found.value, str) else None


def _features(root: Node, key: str) -> list[Node]:
    found = root.get(key)
    return [item for item in found.items if item.kind is MAP] if found is not None and found.kind is LIST else []


def _defaults(training: Training, kind: str, description: Mapping[str, Any], note: str) -> None:
    """Fill in what depends on the kind of model and on the optimizer, where the file is silent."""
    for path, value in description["model_types"].get(kind, {}).items():
        part, _, fact = path.partition(".")
        _fill(training.get(part), fact, value, note)
    name = training.optimizer.get("name")
    for fact, value in description["optimizer_defaults"].get(name.value if name is not UNKNOWN else "", {}).items():
        _fill(training.optimizer, fact, value, note)


def _fill(part: Any, fact: str, value: Any, note: str) -> None:
    place = part.places.get(fact)
    is_silent = place is None or place.node.at(*place.path) is None
    if fact not in part.facts and is_silent:
        part.state(**{fact: default(value, note)})


def _model(root: Node, training: Training, kind: str, note: str) -> None:
    node = root.get("model_type")
    family = "gradient_boosting" if kind == "gbm" else "neural_network"
    training.model.state(family=written(node, family) if node is not None else default(family, note))
    if kind == "llm":
        base = root.get("base_model")
        if base is not None:
            training.model.state(pretrained=inferred(True, written(base, base.value)), architecture=fact_of(base, text))
        method = _text(root, "adapter", "type") or ("full" if _text(root, "trainer", "type") == "finetune" else None)
        if method is not None:
            training.tuning.state(method=inferred(method))
    combiner = root.get("combiner")
    if combiner is not None and _text(combiner, "type") == "concat":
        training.model.set_place("hidden_layers", Place(combiner, ("num_fc_layers",)))
        training.model.set_place("hidden_width", Place(combiner, ("output_size",)))
    _regularization(root, training)


def _regularization(root: Node, training: Training) -> None:
    """The trainer's L1 or L2 over all weights; L2 when the type is not given."""
    strength = root.at("trainer", "regularization_lambda")
    kind = root.at("trainer", "regularization_type")
    names = {"l1": ("l1",), "l2": ("l2",), "l1_l2": ("l1", "l2")}.get(kind.value if kind is not None else "l2", ())
    for name in names:
        state(training.model, name, root, "trainer.regularization_lambda", number)
    if strength is None:
        training.model.state(l1=default(0.0, "off unless set"), l2=default(0.0, "off unless set"))


def _split(training: Training) -> None:
    shares = training.data.get("shares")
    split = training.data.get("split")
    if shares is not UNKNOWN and len(shares.value) == 3 and split is not UNKNOWN and split.value != "fixed":
        names = ("training_share", "validation_share", "test_share")
        training.data.state(**{name: inferred(share, shares) for name, share in zip(names, shares.value)})


def _schedule(root: Node, training: Training, description: Mapping[str, Any], note: str) -> None:
    """The decay, or, where reducing on a plateau is on (more than 0 times), the plateau schedule."""
    schedule = training.schedule
    home = root.at("trainer", "learning_rate_scheduler")
    decay = home.get("decay") if home is not None else None
    plateau = home.get("reduce_on_plateau") if home is not None else None
    if decay is not None and isinstance(decay.value, str):
        name = description["schedules"].get(decay.value)
        schedule.state(exists=written(decay, True), **({"name": written(decay, name)} if name else {}))
    elif plateau is not None and plateau.is_number and plateau.value > 0:
        schedule.state(name=written(plateau, "plateau"), exists=written(plateau, True))
        state(schedule, "factor", home, "reduce_on_plateau_rate", number, 0.1, note)
        state(schedule, "patience", home, "reduce_on_plateau_patience", integer, 10, note)
    elif decay is None or decay.value is None:
        schedule.state(name=default("constant", note), exists=default(False, note))


def _stopping(root: Node, training: Training) -> None:
    """Early stopping counts rounds of evaluation; -1 switches it off, and so do all search schedulers but fifo."""
    stopping, run = training.early_stopping, training.run
    patience = stopping.get("patience")
    if patience is not UNKNOWN and isinstance(patience.value, int):
        is_on = patience.value > 0
        stopping.state(enabled=inferred(is_on, patience))
        if not is_on:
            stopping.facts["patience"] = inferred(None, patience, note="switched off")
    per_epoch, steps = run.get("checkpoints_per_epoch"), run.get("steps_per_checkpoint")
    if per_epoch is not UNKNOWN and steps is not UNKNOWN and steps.value == 0:
        stopping.state(evaluations_per_epoch=inferred(per_epoch.value or 1, per_epoch, steps))


def _setting(feature: Node, root: Node, section: str, key: str) -> Node | None:
    """Return a feature's own setting, else that of its type in `defaults`."""
    own = feature.at(section, key)
    kind = _text(feature, "type")
    return own if own is not None or kind is None else root.at("defaults", kind, section, key)


def _input(node: Node, root: Node, description: Mapping[str, Any], note: str) -> Input:
    made = Input(node, node.get("name") or node.get("type"))
    state_all(made, node, _input_table(description), note)
    kind = _text(node, "type") or ""
    usual = description["encoders"].get(kind)
    state(made, "encoder", node, "encoder.type", text, NOTHING if usual is None else usual, note)
    inherited = _setting(node, root, "encoder", "type")
    if inherited is not None and made.get("encoder").node is None:
        made.facts["encoder"] = fact_of(inherited, text)
    settings = node.get("encoder")
    if kind == "image" and settings is not None and settings.kind is MAP and len(settings.entries) > 1:
        # The settings of one encoder mean nothing to another, so a fix writes the whole anew.
        made.set_place("encoder", Place(node, ("encoder",), {"stacked_cnn": {"type": "stacked_cnn"}}))
    _preprocessing(made, node, root, kind, description, note)
    return made


_input_tables: dict[int, tuple[Mapping[str, Any], dict[str, Any]]] = {}
"""What inputs state, by the description that it is made of."""


def _input_table(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of what an input states: there may be thousands of inputs."""
    known = _input_tables.get(id(description))
    if known is None:
        table = {
            "name": {"key": "name", "as": "text"},
            "modality": {"key": "type", "values": description["modalities"]},
            "tied": {"key": "tied", "as": "text"},
            "pretrained": {"key": "encoder.use_pretrained", "as": "bool"},
            "trainable": {"key": "encoder.trainable", "as": "bool"},
        }
        known = _input_tables[id(description)] = description, table
    return known[1]


def _preprocessing(made: Input, node: Node, root: Node, kind: str, description: Mapping[str, Any], note: str) -> None:
    """State how values are scaled, and the shape of images, as far as the file says."""
    if kind == "number":
        found = _setting(node, root, "preprocessing", "normalization")
        spellings = {ours: theirs for theirs, ours in description["normalizations"].items()}
        made.set_place("scaling", Place(node, ("preprocessing", "normalization"), spellings))
        if found is None:
            made.state(scaling=default("standard", note))
        elif found.value is None:
            made.state(scaling=written(found, "none"))
        elif found.value in description["normalizations"]:
            made.state(scaling=written(found, description["normalizations"][found.value]))
    if kind == "image":
        made.state(scaling=default("unit", f"{note}: pixels are divided by 255"))
        sizes = [_setting(node, root, "preprocessing", key) for key in ("height", "width", "num_channels")]
        if all(size is not None and size.is_number for size in sizes):
            values = [size.value for size in sizes if size is not None]
            made.state(shape=written(sizes[0], values), channels=written(sizes[2], values[2]))  # type: ignore[arg-type]  # none is None here
        augmentation = node.get("augmentation")
        if augmentation is not None:
            made.state(augmented=written(augmentation, bool(augmentation.items or augmentation.value)))
        else:
            made.state(augmented=default(False, note))
    if kind in ("sequence", "text", "timeseries"):
        length = _setting(node, root, "preprocessing", "max_sequence_length")
        if length is not None and length.is_number:
            made.state(sequence_length=written(length, length.value))


def _output(node: Node, root: Node, kind: str, description: Mapping[str, Any], note: str) -> Output:
    made = Output(node, node.get("name") or node.get("type"))
    state(made, "name", node, "name", text)
    feature = _text(node, "type") or ""
    about = description["outputs"].get(feature)
    loss = Loss(node, node.at("loss", "type") or node.get("loss") or made.label)
    made.state(loss=loss)
    spellings = {ours: theirs for theirs, ours in description["losses"].items()}
    usual = about["loss"] if about is not None else NOTHING
    if kind == "llm" and feature == "text":
        usual = "next_token_softmax_crossentropy"
    state(loss, "name", node, "loss.type", translated(description["losses"]), usual, note, spellings)
    inherited = _setting(node, root, "loss", "type")
    if inherited is not None and loss.get("name").node is None:
        loss.facts["name"] = fact_of(inherited, translated(description["losses"]))
    loss.state(from_logits=default(True, "Ludwig's losses take logits"))
    state(loss, "class_weights", node, "loss.class_weights", listing)
    _weighting(loss, node, root)
    if about is None:
        return made
    type_node = node.get("type")
    if type_node is not None:
        made.state(task=written(type_node, _task(about["task"], node, root, loss)))
    if "units" in about:
        made.state(units=default(about["units"], f"a {feature} feature has one"))
    state(made, "units", node, "preprocessing.vector_size", integer)
    made.state(activation=default("linear", f"Ludwig's loss takes logits; predictions are {about['says']}"))
    made.state(bias=default(True, note))
    vocabulary = node.at("preprocessing", "vocab")
    if vocabulary is not None and vocabulary.kind is LIST:
        made.state(classes=written(vocabulary, len(vocabulary.items)))
    return made


def _task(usual: str, node: Node, root: Node, loss: Loss) -> str:
    """Return what a head predicts: as its type says, unless trainer, decoder or loss make it something else."""
    if _text(root, "trainer", "type") in ("dpo", "kto", "orpo", "grpo"):
        return "preference_optimisation"
    if _text(root, "model_type") == "llm" and usual == "generation":
        return "language_modelling"
    if _text(node, "decoder", "type") == "tagger":
        return "sequence_labelling"
    name = loss.get("name")
    is_vector_of_classes = usual == "regression" and name is not UNKNOWN and name.value == "softmax_crossentropy"
    return "multiclass" if is_vector_of_classes else usual


def _weighting(loss: Loss, node: Node, root: Node) -> None:
    for path in (("loss", "class_weights"), ("loss", "positive_class_weight")):
        found = node.at(*path)
        if found is not None and found.kind != "null":
            loss.state(weighted=written(found, True))
            return
    for key in ("oversample_minority", "undersample_majority"):
        found = root.at("preprocessing", key)
        if found is not None and found.is_number:
            loss.state(weighted=written(found, True))
            return
    loss.state(weighted=default(False, "off unless set"))


def _search(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    search = training.search
    home = root.get("hyperopt")
    if home is None or home.kind is not MAP:
        for fact in ("metric", "goal", "split"):
            search.facts.pop(fact, None)
        search.state(exists=default(False, "no hyperopt section"))
        return
    search.__dict__["node"], search.__dict__["label"] = home, home.key if isinstance(home.key, Node) else home
    search.state(exists=written(home, True))
    listed = home.get("parameters")
    entries = listed.entries if listed is not None and listed.kind is MAP else []
    parameters = [_parameter(key, node, root, description) for key, node in entries if node.kind is MAP]
    search.state(parameters=parameters)
    is_grid = [node.get("space") is not None and _text(node, "space") == "grid_search" for _, node in entries]
    algorithm = home.at("search_alg", "type")
    if algorithm is None or algorithm.value == "variant_generator":
        # Ludwig's own generator walks through grid_search spaces and draws the others at random.
        chosen = "grid" if is_grid and all(is_grid) else "random"
        origin = [written(algorithm, algorithm.value)] if algorithm is not None else []
        if not any(is_grid) or all(is_grid):
            search.state(algorithm=inferred(chosen, *origin, note="by the spaces of its parameters"))
    else:
        state(search, "algorithm", home, "search_alg.type", translated(description["search_algorithms"]))
    if search.get("trials") is UNKNOWN and home.at("executor", "num_samples") is None:
        search.facts["trials"] = default(1 if any(is_grid) else 10, "default of Ludwig's executor")
    budget = home.at("executor", "time_budget_s")
    if budget is not None and budget.is_number:
        search.state(hours=written(budget, budget.value / 3600))


def _parameter(key: Node, node: Node, root: Node, description: Mapping[str, Any]) -> Parameter:
    made = Parameter(node, key)
    made.state(name=written(key, key.value))
    sets = description["searched"].get(key.value)
    if sets is not None:
        made.state(sets=inferred(sets, written(key, key.value)))
    space = node.get("space")
    about = description["spaces"].get(space.value if space is not None else None)
    if space is not None and about is not None:
        made.state(distribution=written(space, space.value), kind=written(space, about["kind"]))
        if "log" in about:
            made.state(log=written(space, about["log"]))
            state(made, "log", node, "space", text, spellings=_other_scale(space.value))
    state(made, "low", node, "lower", number)
    state(made, "high", node, "upper", number)
    state(made, "step", node, "q", number)
    state(made, "base", node, "base", number)
    for name in ("categories", "values"):
        state(made, "values", node, name, _scalars)
        listed = node.get(name)
        if listed is not None and listed.kind is LIST:
            state_text_values(made, listed)
    current = root.at(*str(key.value).split("."))
    if current is not None and current.is_number:
        made.state(current=written(current, current.value))
    _state_missing(made, str(key.value), root)
    return made


def _state_missing(parameter: Parameter, name: str, root: Node) -> None:
    """State that a key path is none of Ludwig's where it is nearly one that its schema has."""
    schema, kind = knowledge.schema("ludwig"), _text(root, "model_type") or "ecd"
    if schema is None or kind not in schema["$defs"]:
        return
    steps = name.split(".")
    found = unknown_step({"$defs": schema["$defs"], "$ref": f"#/$defs/{kind}"}, steps)
    if found is None:
        return
    from difflib import get_close_matches

    index, known = found
    close = get_close_matches(steps[index], known, 1, 0.85)
    if close:
        suggestion = ".".join([*steps[:index], close[0], *steps[index + 1 :]])
        because = parameter.facts["name"]
        parameter.state(exists=inferred(False, because), suggestion=inferred(suggestion, because))


def _scalars(node: Node) -> Any:
    return [item.data() for item in node.items] if node.kind is LIST else NOTHING


def _other_scale(space: str) -> dict[Any, Any]:
    """Return how the space is spelt on a linear and on a logarithmic scale."""
    plain = space.replace("log", "")
    logarithmic = plain.replace("uniform", "loguniform").replace("randint", "lograndint")
    return {False: plain, True: logarithmic}
