"""Writes choices as a W&B sweep over the hyperparameters that matter."""

from __future__ import annotations

from hplint import spaces
from hplint.ranges import HandSet, range_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.init.choices import Choices


def write(choices: Choices) -> str:
    """Return the text of the sweep."""
    found = [HandSet(one.fact, one.key.partition(".")[2], one.value, one.range) for one in choices.searched]
    dropout = range_for("model.dropout", choices.dropout) if choices.dropout else None
    if dropout is not None and choices.dropout is not None:
        found.append(HandSet("model.dropout", "dropout", choices.dropout, dropout))
    minutes = choices.answers.minutes
    how = spaces.plan(len(found), minutes, None, "val_loss", "minimize", None)
    head = "".join(f"# {step.choice}: {step.why}\n" for step in choices.steps if step.question != "search")
    return head + spaces.wandb(found, how)
