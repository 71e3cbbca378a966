"""Axolotl's configs, where tables do not reach: the adapter, attention, fused losses, and what evaluation reads.

Source: axolotl 0.19.0, utils/schemas/ (config.py, validation.py, enums.py).
"""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, default, inferred, written
from hplint.formats.reading import state_splits
from hplint.syntax.tree import LIST, NULL, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node

# Older switches and what `attn_implementation` calls them.
_ATTENTION = {
    "xformers_attention": "xformers",
    "sage_attention": "sage",
    "flex_attention": "flex_attention",
    "flash_attention": "flash_attention_2",
    "sdp_attention": "sdpa",
    "eager_attention": "eager",
}
# Kernels that take the place of the cross-entropy, of which one may be on; some need no word but their plugin's.
_FUSED_LOSSES = (
    "cut_cross_entropy",
    "chunked_cross_entropy",
    "liger_cross_entropy",
    "liger_fused_linear_cross_entropy",
)
_PREFERENCE = ("dpo", "ipo", "kto", "orpo", "simpo")
_REINFORCED = ("grpo", "gdpo", "ebft")


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State what several keys say together."""
    state_splits(root.get("datasets"), training)
    note = f"default of {description['title']} {description['version']}"
    _read_trainer(root, training, note)
    _read_adapter(root, training, note)
    _read_data(root, training, note)
    _read_kernels(root, training)
    _read_precision(root, training, note)


def _read_trainer(root: Node, training: Training, note: str) -> None:
    """State the trainer, the task, and that training starts from a pretrained model."""
    training.evaluation.state(saves_at_end=default(True, "the Trainer of Hugging Face"))
    trainer = root.get("rl")
    name = trainer.value if trainer is not None and trainer.kind is STRING else None
    if name in _PREFERENCE + _REINFORCED and trainer is not None:
        training.tuning.state(trainer=written(trainer, name))
        kind = "preference_optimisation" if name in _PREFERENCE else "reinforcement_learning"
        training.task.state(kind=inferred(kind, written(trainer, name)))
    elif trainer is None or trainer.kind is NULL:
        reward = next((node for key in ("reward_model", "process_reward_model") if _on(node := root.get(key))), None)
        training.tuning.state(trainer=default("sft", note) if reward is None else written(reward, "reward"))
        training.task.state(kind=inferred("language_modelling" if reward is None else "reward_modelling"))
    base = root.get("base_model")
    if base is not None and base.kind is STRING and not _on(root.get("reinit_weights")):
        because = written(base, base.value)
        training.model.state(pretrained=inferred(True, because), family=inferred("neural_network", because))


def _read_adapter(root: Node, training: Training, note: str) -> None:
    """State the adapter, how many bits its base model has, and which modules it is added to."""
    adapter, tuning = root.get("adapter"), training.tuning
    if adapter is None or adapter.value in (None, "", False):
        absent = default("none", note) if adapter is None else written(adapter, "none")
        tuning.state(adapter=absent, method=default("full", note))
    elif isinstance(adapter.value, str):
        dora = root.get("peft_use_dora")
        name = adapter.value if adapter.value in ("lora", "qlora") else "other"
        tuning.state(
            adapter=written(dora, "dora") if _on(dora) and dora is not None else written(adapter, name),
            method=written(adapter, adapter.value),
        )
    loaded = {4: root.get("load_in_4bit"), 8: root.get("load_in_8bit")}
    bits = next(((bits, node) for bits, node in loaded.items() if node is not None and _on(node)), None)
    if bits is not None:
        tuning.state(quantization_bits=written(bits[1], bits[0]))
    for fact, key in (("modules_to_save", "lora_modules_to_save"), ("target_modules", "lora_target_modules")):
        if root.get(key) is None:
            tuning.state(**{fact: default([], note)})
    linear, targets = root.get("lora_target_linear"), root.get("lora_target_modules")
    if targets is not None and targets.kind is STRING and targets.value != "all-linear":
        tuning.state(target_pattern=written(targets, targets.value))
    if linear is not None and _on(linear) and (targets is None or targets.kind is NULL):
        tuning.state(target_modules=written(linear, ["all-linear"]))


def _read_data(root: Node, training: Training, note: str) -> None:
    """State whether data streams in, and whether there are examples to evaluate on."""
    data = training.data
    streamed = next((node for key in ("streaming", "pretraining_dataset") if _on(node := root.get(key))), None)
    switch = root.get("streaming")
    data.state(streaming=default(False, note) if streamed is None else written(streamed, True))
    if switch is not None and switch.value is False and streamed is None:
        data.state(streaming=written(switch, False))
    share, tests = root.get("val_set_size"), root.get("test_datasets")
    if tests is not None and tests.kind is LIST and tests.items:
        data.state(has_validation=written(tests, True))
    elif share is not None and share.is_number:
        data.state(has_validation=written(share, share.value > 0))
    elif share is None and (tests is None or tests.kind is NULL):
        data.state(has_validation=default(False, note))


def _read_kernels(root: Node, training: Training) -> None:
    """State the attention, and the fused losses that are on."""
    chosen = root.get("attn_implementation")
    old = next(
        ((node, name) for key, name in _ATTENTION.items() if (node := root.get(key)) is not None and _on(node)), None
    )
    if chosen is not None and chosen.kind is STRING:
        training.tuning.state(attention=written(chosen, chosen.value))
    elif old is not None:
        training.tuning.state(attention=written(*old))
    losses = [(key, node) for key in _FUSED_LOSSES if (node := root.get(key)) is not None and _on(node)]
    if losses:
        training.tuning.state(fused_losses=written(losses[-1][1], [key for key, _ in losses]))


def _read_precision(root: Node, training: Training, note: str) -> None:
    """State what a number format that is not named is."""
    precision = training.precision
    bf16 = root.get("bf16")
    if root.get("fp16") is None and root.get("float16") is None:
        precision.state(fp16=default(False, note))
    if bf16 is not None and bf16.value == "full":
        precision.state(bf16=written(bf16, True))
        training.tuning.state(pure_bf16=written(bf16, True))
    betas = [training.optimizer.facts.get(name, UNKNOWN) for name in ("beta_1", "beta_2")]
    if UNKNOWN not in betas:
        training.optimizer.state(betas=inferred([fact.value for fact in betas], *betas))


def _on(node: Node | None) -> bool:
    """Whether the loader takes a value for switched on."""
    if node is None:
        return False
    if not node.is_scalar:
        return bool(node.entries or node.items)
    return bool(node.value) and str(node.value).lower() not in ("false", "no", "off", "0")
