"""How a Keras model is trained, as far as its config says: losses, metrics, optimizer, schedule."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts import names
from hplint.facts.fact import UNKNOWN, Fact, Place, default, inferred, written
from hplint.facts.parts import Loss, Metric
from hplint.formats.keras_layers import Generation, is_own
from hplint.formats.keras_values import CONVERT, default_value, inner_name, shortened, tables
from hplint.formats.reading import NOTHING
from hplint.syntax.tree import LIST, MAP, NULL, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.facts.parts import Optimizer, Output, Schedule, Training


def signatures(section: str, generation: Generation) -> dict[str, Any]:
    """Return what Keras' signatures say of a section such as "losses": of its Keras 2 where that differs."""
    found = knowledge.data("keras/signatures")
    older = found["keras2"].get(section, {}) if generation.number < 3 else {}
    return {**found[section], **older}


def keras_name(section: str, node: Node | None) -> tuple[Node | None, str | None]:
    """Return the scalar that names a loss or metric and Keras' own name for it; no name for what a user wrote."""
    named = inner_name(node)
    if named is None or node is None or (node.kind is MAP and not is_own(node)):
        return named, None
    known = knowledge.data("keras/signatures")
    table = known["names"][section]
    name = str(named.value)
    if named is node.get("config") and name in tables()["often_redefined"]:
        return named, None
    return named, table.get(name) or known["keras2"]["names"].get(section, {}).get(name)


# -- losses -------------------------------------------------------------------------------------------------------


def read_losses(training: Training, home: Node, outputs: list[Output], generation: Generation) -> None:
    """State the loss of every output: one for all, one each in a list, or by the outputs' names."""
    node = home.get("loss")
    weights = home.get("loss_weights")
    made: list[Loss] = []
    for index, output in enumerate(outputs):
        place, key = _of_output(node, index, len(outputs), str(output.facts["name"].value))
        loss = _loss(home, place, key, generation)
        if weights is not None and weights.kind is LIST and len(outputs) > 1:  # a map may leave outputs out
            loss.state(loss_weights=written(weights, [item.value for item in weights.items]))
        output.state(loss=loss)
        made.append(loss)
    if len(made) == 1:
        training.state(loss=made[0])
    elif node is not None and node.kind is not NULL and not made:
        training.state(loss=_loss(home, node, ("loss",), generation))
    elif made and weights is not None and "loss_weights" in made[0].facts:
        training.loss.state(loss_weights=made[0].facts["loss_weights"])


def _of_output(node: Node | None, index: int, count: int, name: str) -> tuple[Node | None, tuple[str, ...]]:
    """Return the part of `loss` that is for one output, and the path to it where a path of keys leads there."""
    if node is None or node.kind is STRING or node.get("class_name") is not None:
        return node, ("loss",)
    if node.kind is MAP:
        return node.get(name), ("loss", name)
    if node.kind is LIST and len(node.items) == count:
        return node.items[index], ()
    return None, ()


def _loss(home: Node, node: Node | None, path: tuple[str, ...], generation: Generation) -> Loss:
    """Return the facts of one loss: a name, a class with its settings, or a function of the user's."""
    loss = Loss(node or home)
    if node is None or node.kind is NULL:
        return loss
    named, own = keras_name("losses", node)
    known = names.canonical("losses", own) if own is not None and own not in ("crossentropy",) else None
    loss.state(custom=inferred(own is None))
    if named is not None:
        loss.__dict__["label"] = named
    if known is None or named is None:
        return loss
    loss.state(name=written(named, known))
    spelt = tables()["spellings"]["losses"][generation.number]
    settings = node.get("config") if node.kind is MAP else None
    if settings is not None and settings.kind is MAP:
        _state_settings(loss, node, settings, known, generation)
        if path:
            loss.set_place("name", Place(home, path, _classes(node, settings, generation)))
        return loss
    if path:
        loss.set_place("name", Place(home, path, spelt))
    accepted = _settings_of(tables()["spellings"]["loss_classes"].get(known), generation)
    if "from_logits" in accepted:
        loss.state(from_logits=default(False, f"{generation.note} for a loss given by name"))
        if path:
            switched = {True: _with_logits(known, generation), False: spelt.get(known, known)}
            loss.set_place("from_logits", Place(home, path, switched))
    if "label_smoothing" in accepted:
        loss.state(label_smoothing=default(0.0, generation.note))
    return loss


def _state_settings(loss: Loss, node: Node, settings: Node, known: str, generation: Generation) -> None:
    """State what a loss' object sets, and what Keras fills in."""
    class_name = node.get("class_name")
    accepted = _settings_of(class_name.value if class_name is not None else None, generation)
    for fact, kind in (("from_logits", "bool"), ("label_smoothing", "number")):
        found = settings.get(fact)
        if found is not None:
            value = CONVERT[kind](found)
            if value is not NOTHING:
                loss.state(**{fact: written(found, value)})
        elif fact in accepted:
            loss.state(**{fact: default(accepted[fact], generation.note)})
        if found is not None or fact in accepted:
            loss.set_place(fact, Place(settings, (fact,)))


def _settings_of(class_name: Any, generation: Generation) -> Mapping[str, Any]:
    """Return the settings that a class of losses takes, with their defaults."""
    found: Mapping[str, Any] = signatures("losses", generation).get(class_name, {}).get("defaults", {})
    return found


def _classes(node: Node, settings: Node, generation: Generation) -> dict[str, Any]:
    """Return each loss as the object to write in the place of this one, with those of its settings that it takes."""
    taken = {key.value: value for key, value in settings.entries if key.value != "name"}
    made = {}
    for ours, theirs in tables()["spellings"]["loss_classes"].items():
        accepted = _settings_of(theirs, generation)
        kept = {key: value.data() for key, value in taken.items() if key in accepted}
        values = {"class_name": theirs, "config": kept}
        made[ours] = {key.value: values.get(key.value, value.data()) for key, value in node.entries}
    return made


def _with_logits(known: str, generation: Generation) -> dict[str, Any]:
    """Return the object that says what a loss' name cannot: that the model's outputs are logits."""
    made = {"class_name": tables()["spellings"]["loss_classes"][known], "config": {"from_logits": True}}
    return {"module": "keras.losses", **made, "registered_name": None} if generation.number == 3 else made


# -- metrics ------------------------------------------------------------------------------------------------------


def read_metrics(training: Training, home: Node, outputs: list[Output]) -> None:
    """State the metrics, of the training and of each output where they are given by output."""
    found: list[Metric] = []
    is_known = False
    for key in ("metrics", "weighted_metrics"):
        node = home.get(key)
        if node is None:
            continue
        is_known = True
        found += _metrics(node)
        for index, output in enumerate(outputs if len(outputs) > 1 else ()):
            own = _metrics_of_output(node, index, len(outputs), str(output.facts["name"].value))
            if own is not None:
                output.state(metrics=[*output.facts.get("metrics", []), *_metrics(own)])
    if is_known:
        training.state(metrics=found)


def _metrics_of_output(node: Node, index: int, count: int, name: str) -> Node | None:
    """Return the metrics of one output, given by its name or as a list for each output."""
    if node.kind is MAP and node.get("class_name") is None:
        return node.get(name)
    is_by_output = node.kind is LIST and len(node.items) == count and all(item.kind is LIST for item in node.items)
    return node.items[index] if is_by_output else None


def _metrics(node: Node) -> list[Metric]:
    return [_metric(found) for found in _each_metric(node) if found.kind in (STRING, MAP)]


def _each_metric(node: Node) -> Iterator[Node]:
    """Yield the metrics in nested lists and in maps by output."""
    if node.kind is LIST or (node.kind is MAP and node.get("class_name") is None):
        for item in node.children():
            yield from _each_metric(item)
    else:
        yield node


def _metric(node: Node) -> Metric:
    """Return a metric: a name, an object, or a function wrapped in one."""
    wrapped = node.at("config", "fn") if node.kind is MAP else None
    named, own = keras_name("metrics", node)
    if own == "mean_metric_wrapper" and wrapped is not None:
        named, own = keras_name("metrics", wrapped)
    metric = Metric(node, named or node)
    if named is not None:
        plain = own or str(named.value)
        metric.state(name=written(named, names.canonical("metrics", plain) or plain))
    if node.kind is STRING and node.parent is not None and isinstance(node.key, Node):
        metric.set_place("name", Place(node.parent, (str(node.key.value),), tables()["spellings"]["metrics"]))
    return metric


# -- optimizer and schedule ---------------------------------------------------------------------------------------


def read_optimizer(training: Training, home: Node, generation: Generation) -> None:
    """State the optimizer and the schedule that may stand in the place of its learning rate."""
    node = home.get("optimizer") or home.get("optimizer_config")
    for _ in range(4):
        wrapped = node.at("config", "inner_optimizer") if node is not None and node.kind is MAP else None
        node = wrapped or node
    if node is None or node.kind not in (STRING, MAP):
        return
    named = inner_name(node)
    if named is None or (node.kind is MAP and not is_own(node)):
        return
    optimizer = training.optimizer
    optimizer.__dict__["node"], optimizer.__dict__["label"] = node, named
    name = str(named.value).removeprefix("Custom>")  # so Keras 2.11 to 2.15 write optimizers of their own
    defaults, known = _defaults_of(name, generation), names.canonical("optimizers", name)
    if defaults is None or known is None:
        return
    optimizer.state(name=written(named, known))
    if generation.number >= 2:
        optimizer.state(decoupled=inferred(True, note="Keras takes weight decay from the weights themselves"))
    config = node.get("config") if node.kind is MAP else None
    for fact, entry in tables()["optimizer"].items():
        keys = entry["key"] if isinstance(entry["key"], list) else [entry["key"]]
        _state_setting(optimizer, fact, config, keys, entry["as"], defaults, generation)
    _state_betas(optimizer)
    _state_learning_rate(training, config, defaults, generation)


def _defaults_of(class_name: str, generation: Generation) -> Mapping[str, Any] | None:
    """Return the defaults of an optimizer of Keras, by its class or, in any case, its name; None for another's."""
    every = signatures("optimizers", generation)
    lowered = class_name.lower().replace("_", "")
    found = next((entry for name, entry in every.items() if name.lower() == lowered), None)
    return None if found is None else found.get("defaults", {})


def _state_setting(
    optimizer: Optimizer,
    fact: str,
    config: Node | None,
    keys: list[str],
    kind: str,
    defaults: Mapping[str, Any],
    generation: Generation,
) -> None:
    """State a setting of the optimizer: of several keys for it the first that is set."""
    convert = CONVERT[kind]
    there = [key for key in keys if config is not None and config.get(key) is not None]
    used = next((key for key in there if config is not None and config.at(key).kind is not NULL), None)  # type: ignore[union-attr]
    key = used or (there[0] if there else keys[0])
    node = config.get(key) if config is not None else None
    if config is not None and (node is not None or key in defaults):
        optimizer.set_place(fact, Place(config, (key,)))
    if node is not None:
        value = convert(node)
        if value is not NOTHING:
            optimizer.state(**{fact: written(node, value)})
    elif key in defaults and generation.number >= 2:
        value = default_value(defaults[key], convert)
        if value is not NOTHING:
            optimizer.state(**{fact: default(value, generation.note)})


def _state_betas(optimizer: Optimizer) -> None:
    first, second = optimizer.facts.get("beta_1"), optimizer.facts.get("beta_2")
    if first is not None and second is not None:
        optimizer.state(betas=inferred([first.value, second.value], first, second))


def _state_learning_rate(
    training: Training, config: Node | None, defaults: Mapping[str, Any], generation: Generation
) -> None:
    """State the learning rate: a number, or where a schedule stands in its place the rate that it starts from."""
    optimizer = training.optimizer
    keys = tables()["learning_rate"]
    key = next((key for key in keys if config is not None and config.get(key) is not None), keys[0])
    node = config.get(key) if config is not None else None
    if config is not None:
        optimizer.set_place("learning_rate", Place(config, (key,)))
    if node is None:
        if "learning_rate" in defaults and generation.number >= 2:
            optimizer.state(learning_rate=default(defaults["learning_rate"], generation.note))
    elif node.is_number:
        optimizer.state(learning_rate=written(node, shortened(node)))
        _state_decay(training.schedule, config)
    elif node.kind is MAP:
        _read_schedule(training, node, generation)


def _state_decay(schedule: Schedule, config: Node | None) -> None:
    """The `decay` of Keras 1 and 2 divides the rate by 1 + decay x updates."""
    decay = config.get("decay") if config is not None else None
    if decay is not None and decay.is_number and decay.value > 0:
        schedule.state(name=inferred("inverse_time", written(decay, decay.value)), factor=written(decay, decay.value))
        schedule.state(exists=inferred(True, written(decay, decay.value)), interval=inferred("step"))


def _read_schedule(training: Training, node: Node, generation: Generation) -> None:
    schedule, optimizer = training.schedule, training.optimizer
    named, config = node.get("class_name"), node.get("config")
    schedule.__dict__["node"], schedule.__dict__["label"] = node, named or node
    schedule.state(exists=inferred(True, written(named or node, True)), interval=inferred("step"))
    about = tables()["schedules"].get(named.value) if named is not None and is_own(node) else None
    optimizer.places.pop("learning_rate", None)
    if about is None or named is None or config is None or config.kind is not MAP:
        return
    schedule.state(name=written(named, about["name"]))
    for fact, entry in about["facts"].items():
        found = config.get(entry["key"])
        schedule.set_place(fact, Place(config, (entry["key"],)))
        value = CONVERT[entry["as"]](found) if found is not None else NOTHING
        if found is not None and value is not NOTHING:
            schedule.state(**{fact: written(found, value)})
    rate = _first_rate(config)
    if rate is not None and rate.is_number:
        optimizer.state(learning_rate=written(rate, shortened(rate)))
        if isinstance(rate.key, Node) and rate.parent is not None:
            optimizer.set_place("learning_rate", Place(rate.parent, (str(rate.key.value),)))
    _state_minimum(schedule, config, optimizer.facts.get("learning_rate", UNKNOWN))


def _first_rate(config: Node) -> Node | None:
    """Return the rate that training runs at first: after a warm-up where there is one."""
    target = config.get("warmup_target")
    if target is not None and target.is_number:
        return target
    return config.get("initial_learning_rate") or config.at("values", 0)


def _state_minimum(schedule: Schedule, config: Node, rate: Fact[Any]) -> None:
    """A cosine ends at `alpha` times the rate; stepwise rates end at the last one."""
    alpha, last = config.get("alpha"), config.at("values", -1)
    if last is not None and last.is_number:
        schedule.state(minimum=written(last, last.value))
    elif rate is not UNKNOWN and alpha is not None and alpha.is_number:
        schedule.state(minimum=inferred(alpha.value * rate.value, written(alpha, alpha.value), rate))
