"""PEFT adapter configs: what the keys mean depends on the kind of adapter."""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, inferred
from hplint.formats.reading import state_training

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State the settings of LoRA, and what an adapter implies of the model."""
    tuning = training.tuning
    adapter = tuning.get("adapter")
    if adapter is UNKNOWN:
        return
    training.model.state(pretrained=inferred(True, adapter), family=inferred("neural_network", adapter))
    if adapter.value == "lora":
        note = f"default of {description['title']} {description['version']}"
        state_training(training, root, description["lora"], note)
        dora = root.get("use_dora")
        if dora is not None and dora.value is True:
            tuning.facts["adapter"] = Fact("dora", adapter.origin, adapter.node)
    tuning.state(method=tuning.facts["adapter"])
