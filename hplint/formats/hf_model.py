"""A transformers model config: the dropout that counts and the largest token that it names."""

from __future__ import annotations

from hplint.facts.fact import inferred, written
from hplint.syntax.tree import INTEGER, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:  # readers take three
    """State the architecture and the largest of the special tokens."""
    kind = root.get("model_type")
    if kind is not None and kind.kind is STRING:
        training.model.state(architecture=written(kind, kind.value), family=inferred("neural_network"))
    tokens = [node for key, node in root.entries if str(key.value).endswith("_token_id") and node.kind is INTEGER]
    if tokens:
        largest = max(tokens, key=lambda node: int(node.value))
        training.model.state(largest_token=written(largest, largest.value))
