"""Hugging Face training arguments, where tables do not reach: which trainer reads the file, and the adapter."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, Place, default, inferred, written
from hplint.formats.reading import boolean, fact_of, state_splits
from hplint.syntax.tree import BOOL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the trainer by its keys, the adapter by its switches, and what mixed precision and the best model mean."""
    note = f"default of {description['title']} {description['version']}"
    _read_trainer(root, training, description)
    _fill_in(root, training, description, note)
    _read_model(root, training)
    _read_adapter(root, training, description, note)
    _read_precision(training, note)
    state_splits(root.get("datasets"), training)
    _read_evaluation(root, training, note)


def _read_trainer(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State which trainer it is, where a key says so that only this one has, and the task that follows."""
    for about in description["trainers"]:
        if any(root.get(key) is not None for key in about.get("unless", ())):
            continue
        found = next((node for node in map(root.get, about["keys"]) if node is not None), None)
        if found is not None:
            because = written(found, found.value)
            training.tuning.state(trainer=inferred(about["trainer"], because, note="only this trainer has the key"))
            training.task.state(kind=inferred(about["task"], because))
            return
    found = next((node for node in map(root.get, description["preference_keys"]) if node is not None), None)
    if found is not None:
        training.task.state(kind=inferred("preference_optimisation", written(found, found.value)))


def _fill_in(root: Node, training: Training, description: Mapping[str, Any], note: str) -> None:
    """State what the trainer fills in itself, where it is known which one it is."""
    trainer = training.tuning.facts.get("trainer", UNKNOWN)
    for path, value in description["trainer_defaults"].get(trainer.value, {}).items():
        part, _, fact = path.partition(".")
        keys = description["facts"][path]["key"]
        is_written = any(root.get(key) is not None for key in (keys if isinstance(keys, list) else [keys]))
        if not is_written and fact not in training.facts[part].facts:
            training.facts[part].state(**{fact: default(value, note)})


def _read_model(root: Node, training: Training) -> None:
    """State that training starts from a pretrained network, where the file names one."""
    base = root.get("model_name_or_path")
    if base is not None and isinstance(base.value, str):
        because = written(base, base.value)
        training.model.state(pretrained=inferred(True, because), family=inferred("neural_network", because))
        training.model.state(architecture=because)
    attention = root.get("use_flash_attention_2")
    if attention is not None and attention.value is True:
        training.tuning.state(attention=written(attention, "flash_attention_2"))


def _read_adapter(root: Node, training: Training, description: Mapping[str, Any], note: str) -> None:
    """State the adapter: LoRA where `use_peft` is on, on quantised weights or with a direction of its own."""
    tuning = training.tuning
    bits = {4: fact_of(root.get("load_in_4bit"), boolean), 8: fact_of(root.get("load_in_8bit"), boolean)}
    loaded = next((number for number, fact in bits.items() if fact.value is True), None)
    if loaded is not None:
        tuning.state(quantization_bits=written(bits[loaded].node or root, loaded))
    tuning.add_places(lambda: [("adapter", Place(root, ("use_peft",), {"lora": True, "none": False}))])
    switch = fact_of(root.get("use_peft"), boolean)
    if switch is UNKNOWN:
        is_script = any(root.get(key) is not None for key in description["script_keys"])
        if is_script and not any(root.get(key) is not None for key in description["adapter_keys"]):
            tuning.state(adapter=default("none", note), method=default("full", note))
        return
    dora = fact_of(root.get("use_dora"), boolean)
    if not switch.value:
        tuning.state(adapter=_as(switch, "none"), method=_as(switch, "full"))
        return
    name = "dora" if dora.value is True else "qlora" if loaded == 4 else "lora"
    tuning.state(adapter=_as(switch, name), method=_as(switch, name))


def _as(fact: Fact[Any], value: Any) -> Fact[Any]:
    """Return the fact that the place of `fact` states `value`."""
    return Fact(value, fact.origin, fact.node)


def _read_precision(training: Training, note: str) -> None:
    """State whether precision is mixed: fp16 or bf16 is on. TRL's trainers turn bf16 on by themselves."""
    precision = training.precision
    switches = [precision.facts.get(name, UNKNOWN) for name in ("fp16", "bf16")]
    on = next((fact for fact in switches if fact.value is True), None)
    if on is not None:
        precision.state(mixed=inferred(True, on))
        other = "bf16" if on is switches[0] else "fp16"
        if precision.facts.get(other, UNKNOWN) is UNKNOWN:
            precision.state(**{other: default(False, note)})


def _read_evaluation(root: Node, training: Training, note: str) -> None:
    """State the metric that decides where none is named, and leave out intervals that do not count."""
    evaluation = training.evaluation
    best, metric = (evaluation.facts.get(name, UNKNOWN) for name in ("load_best", "metric"))
    if metric is not UNKNOWN and root.get("greater_is_better") is None:
        goal = "minimize" if metric.value.endswith("loss") else "maximize"
        evaluation.state(default_goal=inferred(goal, metric, note="only a metric whose name ends in loss is minimised"))
    if root.get("metric_for_best_model") is None and best.value is True:
        evaluation.state(metric=default("loss", note))
    logging, interval = root.get("logging_strategy"), root.get("logging_steps")
    counts = logging is None or logging.value == "steps"
    if interval is not None and interval.is_number and interval.kind is not BOOL and counts:
        training.run.state(logging_steps=written(interval, interval.value))
