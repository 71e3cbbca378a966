"""LLaMA-Factory's configs, where tables do not reach: the method of tuning, attention, tokens, and what is newer in v1.

Source: llamafactory 0.9.5, hparams/ and v1/config/.
"""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Place, default, inferred, written
from hplint.syntax.tree import BOOL, LIST, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node

_TASKS = {
    "pt": "language_modelling",
    "sft": "language_modelling",
    "rm": "reward_modelling",
    "ppo": "reinforcement_learning",
    "dpo": "preference_optimisation",
    "kto": "preference_optimisation",
}
_ATTENTION = {"sdpa": "sdpa", "fa2": "flash_attention_2", "fa3": "flash_attention_3", "disabled": "eager"}
_NEWER = ("model", "peft_config", "dist_config", "kernel_config", "train_dataset", "quant_config", "init_config")


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State what several keys say together, and the defaults of the two generations of arguments."""
    note = f"default of {description['title']} {description['version']}"
    is_newer = root.get("model_name_or_path") is None and any(root.get(key) is not None for key in _NEWER)
    _read_run(training, is_newer, note)
    _read_task(root, training)
    _read_tuning(root, training, is_newer, note)
    _read_tokens(root, training)
    _read_data(root, training, is_newer, note)
    _read_precision(root, training, is_newer, note)


def _read_run(training: Training, is_newer: bool, note: str) -> None:
    run = training.run
    for name, value in (("batch_size", 1 if is_newer else 8), ("accumulation", 1)):
        if name not in run.facts and not (is_newer and name == "accumulation"):
            run.state(**{name: default(value, note)})
    if not is_newer:
        strategy = training.evaluation.facts.get("strategy", UNKNOWN)
        if strategy is UNKNOWN:
            training.evaluation.state(strategy=default("no", note))
        if training.evaluation.facts.get("save_strategy", UNKNOWN) is UNKNOWN:
            training.evaluation.state(save_strategy=default("steps", note))
        if "save_steps" not in training.evaluation.facts:
            training.evaluation.state(save_steps=default(500, note))
        training.evaluation.state(saves_at_end=default(True, "the Trainer of Hugging Face"))


def _read_task(root: Node, training: Training) -> None:
    """State the task by the stage, and that training starts from a pretrained model."""
    stage = root.get("stage")
    if stage is not None and stage.value in _TASKS:
        training.task.state(kind=inferred(_TASKS[stage.value], written(stage, stage.value)))
    base = root.get("model_name_or_path") or root.get("model")
    scratch = root.get("train_from_scratch")
    if base is not None and base.kind is STRING and (scratch is None or scratch.value is False):
        because = written(base, base.value)
        training.model.state(pretrained=inferred(True, because), family=inferred("neural_network", because))


def _read_tuning(root: Node, training: Training, is_newer: bool, note: str) -> None:
    """State the adapter and the modules that it is added to, and the attention."""
    tuning = training.tuning
    method = root.at("peft_config", "name") if is_newer else root.get("finetuning_type")
    if method is not None and method.kind is STRING:
        adapter = {"lora": "lora", "full": "none", "freeze": "none"}.get(method.value, "other")
        dora = root.get("use_dora")
        tuning.state(method=written(method, method.value))
        if adapter == "lora" and dora is not None and dora.value is True:
            tuning.state(adapter=written(dora, "dora"))
        else:
            tuning.state(adapter=written(method, adapter))
        tuning.set_place("adapter", Place(root, ("finetuning_type",), {"lora": "lora", "none": "full"}))
    elif method is None:
        usual = "none" if is_newer else "lora"
        tuning.state(adapter=default(usual, note), method=default("full" if is_newer else "lora", note))
        tuning.set_place("adapter", Place(root, ("finetuning_type",), {"lora": "lora", "none": "full"}))
    for fact, key in (("target_modules", "lora_target"), ("modules_to_save", "additional_target")):
        names = _names(root.get(key))
        if names is not None:
            tuning.state(**{fact: written(root.get(key) or root, ["all-linear"] if names == ["all"] else names)})
        elif root.get(key) is None:
            tuning.state(**{fact: default(["all-linear"] if fact == "target_modules" else [], note)})
        tuning.set_place(fact, Place(root, (key,), {"all-linear": "all"} if fact == "target_modules" else None))
    attention = root.get("flash_attn")
    if attention is not None and attention.value in _ATTENTION:
        tuning.state(attention=written(attention, _ATTENTION[attention.value]))
    for key, name in (("use_unsloth", "unsloth"), ("use_kt", "ktransformers")):
        switch = root.get(key)
        if switch is not None and switch.value is True:
            tuning.state(backend=written(switch, name))
    stage = root.get("stage")
    if stage is not None and stage.value not in ("pt", "sft"):
        tuning.facts.pop("packing", None)  # which other stages leave alone
    neat = root.get("neat_packing")
    if neat is not None and neat.value is True:
        tuning.state(packing=written(neat, True))


def _read_tokens(root: Node, training: Training) -> None:
    """State the tokens that are added to the vocabulary."""
    for key in ("add_tokens", "add_special_tokens", "new_special_tokens"):
        names = _names(root.get(key))
        if names:
            training.tuning.state(new_tokens=written(root.get(key) or root, names))
            return


def _read_data(root: Node, training: Training, is_newer: bool, note: str) -> None:
    """State whether there are examples to evaluate on."""
    share, other = root.get("val_size"), root.get("eval_dataset")
    if other is not None and other.value not in (None, ""):
        training.data.state(has_validation=written(other, True))
    elif share is not None and share.is_number:
        training.data.state(has_validation=written(share, share.value > 0))
    elif share is None and not is_newer:
        training.data.state(has_validation=default(False, note))


def _read_precision(root: Node, training: Training, is_newer: bool, note: str) -> None:
    """State the number formats that are not named."""
    precision = training.precision
    for name in ("fp16", "bf16"):
        if root.get(name) is None:
            precision.state(**{name: default(is_newer and name == "bf16", note)})
    pure = root.get("pure_bf16")
    if pure is not None and pure.kind is BOOL and pure.value:
        precision.state(mixed=written(pure, False))
    elif any(precision.facts.get(name, UNKNOWN).value is True for name in ("fp16", "bf16")):
        precision.state(mixed=default(True, note))


def _names(node: Node | None) -> list[str] | None:
    """Return the names in a list, or in a text that separates them by commas."""
    if node is None:
        return None
    if node.kind is LIST:
        return [str(item.value) for item in node.items if item.is_scalar]
    return [name.strip() for name in node.value.split(",")] if node.kind is STRING else None
