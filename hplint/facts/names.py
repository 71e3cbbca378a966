"""The field's names (schemas/names.yaml): one spelling for each activation, loss, optimizer, schedule, metric."""

from __future__ import annotations

from hplint import knowledge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SECTIONS = ("activations", "losses", "optimizers", "schedules", "initializers", "metrics")
"""The sections of names.yaml."""

_SQUASH = str.maketrans("", "", " _-.")
_spellings: dict[str, dict[str, str]] = {}


def squash(name: str) -> str:
    """Return `name` without what spellings differ in: case, spaces, "_", "-" and "."."""
    return name.lower().translate(_SQUASH)


def canonical(section: str, name: str) -> str | None:
    """Return hplint's name for `name` in a section of names.yaml ("activations", "losses", ...), None if unknown."""
    if section not in _spellings:
        table = {}
        for known, about in knowledge.data("names")[section].items():
            for spelling in (known, *about.get("also", ())):
                table[squash(spelling)] = known
        _spellings[section] = table
    return _spellings[section].get(squash(name))


def about(section: str, name: str) -> dict[str, Any]:
    """Return what names.yaml says of a canonical name; empty for an unknown one."""
    found: dict[str, Any] = knowledge.data("names")[section].get(name, {})
    return found


def metric_goal(name: str) -> str | None:
    """Return "minimize" or "maximize" for a metric's name as written anywhere, None when the name does not tell."""
    known = canonical("metrics", name) or canonical("metrics", name.rpartition("/")[2])
    if known is not None:
        return str(about("metrics", known)["goal"])
    last = squash(name)
    if last.startswith("neg") or "reward" in last:
        return None
    if last.endswith(("loss", "error", "perplexity")):
        return "minimize"
    return "maximize" if last.endswith(("accuracy", "acc", "f1", "auc", "auroc")) else None
