"""The field's names (schemas/names.yaml): one spelling for each activation, loss, optimizer, schedule, metric."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, inferred

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hplint.facts.fact import Fact

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


def told_of(section: str, name: Fact[Any], key: str) -> Fact[Any]:
    """Return what names.yaml says under `key` of the thing that a fact names, as a fact that follows from it."""
    known = canonical(section, name.value) if isinstance(name.value, str) else None  # None stands for none at all
    found = about(section, known).get(key) if known is not None else None
    return UNKNOWN if found is None else inferred(found, name)


def misspelt(section: str, name: str) -> str | None:
    """Return the one canonical name that `name` can only be a slip of.

    A slip is a letter too many, too few, wrong or out of order.

    None for a known name, for one that is near to no name or to several, and for short names, which are near to many.
    """
    written = squash(name)
    if canonical(section, name) is not None or len(written) < 4:
        return None
    near = {
        known for spelling, known in _spellings[section].items() if len(spelling) > 3 and _is_slip(written, spelling)
    }
    return near.pop() if len(near) == 1 else None


def slip_of(word: str, words: Iterable[str]) -> str | None:
    """Return the one of `words` that `word` can only be a slip of, None if it is near to no word or to several."""
    near = slips_of(word, words)
    return near.pop() if len(near) == 1 else None


def slips_of(word: str, words: Iterable[str]) -> set[str]:
    """Return all of `words` that `word` can be a slip of; none for short ones, which are near to many."""
    if len(word) < 5:
        return set()
    return {known for known in words if len(known) > 4 and _is_slip(word.lower(), known.lower())}


def _is_slip(a: str, b: str) -> bool:
    """Whether one letter, or the order of two neighbours, is all that `a` and `b` differ in."""
    if abs(len(a) - len(b)) > 1:
        return False
    same = next((at for at, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[same:], b[same:]
    swapped = len(rest_a) > 1 and rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]


def about(section: str, name: str) -> dict[str, Any]:
    """Return what names.yaml says of a canonical name; empty for an unknown one."""
    found: dict[str, Any] = knowledge.data("names")[section].get(name, {})
    return found


def _without_split(name: str) -> str:
    """Return a metric's name without the split that it was measured on: "eval_wer" is "wer"."""
    for prefix in ("eval_", "val_", "valid_", "validation_", "test_", "dev_"):
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


def metric_goal(name: str) -> str | None:
    """Return "minimize" or "maximize" for a metric's name as written anywhere, None when the name does not tell."""
    bare = name.rpartition("/")[2]
    known = canonical("metrics", name) or canonical("metrics", bare) or canonical("metrics", _without_split(bare))
    if known is not None:
        return str(about("metrics", known)["goal"])
    last = squash(name)
    if last.startswith("neg") or "reward" in last:
        return None
    if last.endswith(("loss", "error", "perplexity")):
        return "minimize"
    return "maximize" if last.endswith(("accuracy", "acc", "f1", "auc", "auroc")) else None
