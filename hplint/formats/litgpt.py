"""Reads what LitGPT's configs leave to the command: which is told by the keys they have.

Source: LitGPT 0.5.11, `litgpt/finetune/lora.py` and `litgpt/pretrain.py`.
"""

from __future__ import annotations

from hplint.facts import names
from hplint.facts.fact import default, inferred, written
from hplint.formats.components import component, state_optimizer
from hplint.formats.reading import number, state
from hplint.syntax.tree import STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the facts of one run of fine-tuning, or of pretraining where no checkpoint is named."""
    note = f"LitGPT {description['version']} trains so"
    _optimizer(training, root)
    training.schedule.state(name=default("cosine", note), exists=default(True, note))
    training.task.state(kind=default("language_modelling", note))
    start = root.get("checkpoint_dir")
    if start is None:
        first = root.get("initial_checkpoint_dir")
        state(training.schedule, "minimum", root.get("train"), "min_lr", number)
        if root.get("model_name") is not None:
            training.model.state(pretrained=default(first is not None and first.value is not None, note))
        return
    training.model.state(pretrained=written(start, True))
    rank, quantize = root.get("lora_r"), root.get("quantize")
    bits = description["quantized_bits"].get(quantize.value) if quantize is not None else None
    if quantize is not None and bits is not None:
        training.tuning.state(quantization_bits=written(quantize, bits))
    if rank is not None:
        adapter = "qlora" if bits == 4 else "lora"
        training.tuning.state(adapter=inferred(adapter, written(rank, rank.value)), method=inferred(adapter))


def _optimizer(training: Training, root: Node) -> None:
    """State the optimizer, which is a class with arguments or a name alone."""
    node = root.get("optimizer")
    found = component(node, "class_path", "init_args")
    if found is not None:
        state_optimizer(training.optimizer, found, "class_path")
    elif node is not None and node.kind is STRING:
        known = names.canonical("optimizers", node.value.rpartition(".")[2])
        if known is not None:
            training.optimizer.state(name=written(node, known))
