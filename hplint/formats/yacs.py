"""Reads what tables cannot say of configs that yacs merges into default nodes."""

from __future__ import annotations

from hplint.facts.fact import default, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State what counts the steps of the schedule, and that LARS takes the place of the optimizer it wraps."""
    if "interval" in description:
        training.schedule.state(interval=default(description["interval"], f"how {description['title']} counts"))
    lars = root.at("SOLVER", "LARS_ON")  # SlowFast, slowfast/models/optimizer.py
    if lars is not None and lars.value is True:
        training.optimizer.state(name=written(lars, "lars"))
