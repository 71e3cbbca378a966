"""Which range and scale to search a hyperparameter in, given the value that is set by hand (schemas/ranges.yaml)."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, WRITTEN, Fact, Part
from hplint.records import record
from hplint.rules.rule import path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Training


@record
class Range:
    """A range to search.

    low, high  the bounds, both included; None where `values` are tried
    log        whether values are drawn evenly by their power of ten
    whole      whether only whole numbers are tried
    values     the values to try; empty for a range
    why        why it is searched, and so
    """

    low: float | None
    high: float | None
    log: bool
    whole: bool
    values: tuple[Any, ...]
    why: str


@record
class HandSet:
    """A hyperparameter that a config sets by hand, and how to search it.

    fact   what it sets, such as "optimizer.learning_rate"
    key    the dotted path of its key in the config
    value  what it is set to
    """

    fact: str
    key: str
    value: float
    range: Range


def range_for(fact: str, value: Any) -> Range | None:
    """Return how to search the hyperparameter that sets `fact` to `value`; None where it is better not searched."""
    about = knowledge.data("ranges").get(fact)
    if about is None or isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value != value:
        return None
    if "within" not in about:  # names, of which a number is none
        return None
    least, most = about["within"]
    whole = about.get("whole", False)
    if value == 0:
        if "zero" not in about:
            return None
        low, high = about["zero"]
        return Range(low, high, about["scale"] == "log" and low > 0, whole, (), about["why"])
    if about["scale"] == "halving":
        tried = [value * 2**step for step in range(-about["steps"], about["steps"] + 1)]
        values = tuple(
            dict.fromkeys(round(one) if whole else _rounded(one, whole) for one in tried if least <= one <= most)
        )
        return Range(None, None, False, whole, values, about["why"]) if len(values) > 1 else None
    if about["scale"] == "log":
        low, high = value / about["times"], value * about["times"]
    else:
        low, high = value - about["plus"], value + about["plus"]
    low, high = _rounded(max(low, least), whole), _rounded(min(high, most), whole)
    if not low <= value <= high or low == high:
        return None
    return Range(low, high, about["scale"] == "log", whole, (), about["why"])


def _rounded(number: float, whole: bool) -> float:
    """Return a number as people write it: two digits that count, or a whole number."""
    if whole:
        return round(number) if number < 100 else int(float(f"{number:.2g}"))
    short = float(f"{number:.2g}")
    return int(short) if short.is_integer() else short


def hand_set(training: Training) -> list[HandSet]:
    """Return what a config sets by hand and a search could set, the one that matters most first.

    What stands inside a list, such as a layer's units, has no key of its own and is left out.
    """
    found = []
    for fact in knowledge.data("ranges"):
        part, _, name = fact.partition(".")
        owner = training.facts.get(part)
        stated = owner.get(name) if isinstance(owner, Part) else UNKNOWN  # a layer is one of many
        if not isinstance(stated, Fact) or stated is UNKNOWN or stated.origin is not WRITTEN or stated.node is None:
            continue
        if path_of(stated.node, training) is not None:  # inherited, so that there is nothing here to turn into a range
            continue
        path = stated.node.path()
        searched = range_for(fact, stated.value)
        if searched is not None and path and all(isinstance(step, str) for step in path):
            found.append(HandSet(fact, ".".join(map(str, path)), stated.value, searched))
    return found
