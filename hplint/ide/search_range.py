"""Turns the value of a hyperparameter into a range that a search draws from, in the format's own search syntax.

The range comes from schemas/ranges.yaml, how it is written from `search_syntax` of the format:

    search_syntax:
      home: search.parameters        # the map (with `name`: the list) that holds the searched hyperparameters
      name: name                     # the key that names an item of a list
      continuous: {low: "{low}", high: "{high}"}
      log: {low: "{low}", high: "{high}", log: true}
      integer: {type: integer, low: "{low}", high: "{high}"}     # {high:open} for a bound that is left out itself
      categorical: "{values}"        # {low:text}, {values:text}: as texts; {low:exponent}: the power of ten
      new: {metric: "{metric}"}      # what the section holds besides, where there is none yet
"""

from __future__ import annotations

import math
import re

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, Part
from hplint.formats.searching import fact_set_by
from hplint.ide.document import facts_at, locate
from hplint.ide.preferences import preferred
from hplint.ide.templates import spelt
from hplint.ranges import Range, range_for
from hplint.records import record
from hplint.syntax import edits
from hplint.syntax.tree import LIST, MAP, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from hplint.ide.document import Document, Step
    from hplint.ide.schemas import Holder
    from hplint.text import Edit

_HOLE = re.compile(r"\{(low|high|values)(?::(text|open|exponent))?\}\Z")


@record
class SearchRange:
    """What a code action offers: its title, and the edits that write the range."""

    title: str
    edits: tuple[Edit, ...]


def search_range(document: Document, offset: int) -> SearchRange | None:
    """Return how the value at `offset` becomes a range; None where the format has no search or the value no range."""
    tree, syntax = document.report.tree, document.description.get("search_syntax")
    if tree is None or tree.root is None or syntax is None or not tree.complete:
        return None
    steps = locate(tree.roots, offset)
    if not steps or steps[-1].value.is_alias or not steps[-1].value.is_scalar:
        return None
    home = tuple(step for step in syntax["home"].split(".") if step)
    found = _constant(steps, home, syntax) or _setting(document, steps, home)
    if found is None:
        return None
    name, fact, value, entry = found
    drawn = range_of(document, fact, value, offset)
    template = syntax.get(_kind(drawn)) if drawn is not None else None
    if drawn is None or template is None:
        return None
    written = _filled(template, drawn)
    if entry is not None and entry.key is not None and not isinstance(entry.key, int):
        change = edits.set_value(tree, entry, written)
    elif entry is not None:  # an item of a list, which also holds its name
        change = edits.set_value(tree, entry, {syntax["name"]: name, **written})
    else:
        change = _added(document, home, name, written, syntax)
    return SearchRange(_title(name, drawn), (change,)) if change is not None else None


@record
class Suggestion:
    """A hyperparameter that a search could have: its name, what is written for it, the range in words, why."""

    name: str
    written: Any
    title: str
    why: str


def suggestions(document: Document, holders: Sequence[Holder]) -> tuple[Suggestion, ...]:
    """Return what the search that the last of `holders` holds could try besides, what matters most first.

    Empty where that map (or, for searches that are lists, the list) holds no searched hyperparameters.
    """
    syntax = document.description.get("search_syntax")
    keys = tuple(holder.key for holder in holders if holder.kind is MAP and holder.key is not None)
    if syntax is None or not holders or keys != tuple(step for step in syntax["home"].split(".") if step):
        return ()
    if ("name" in syntax) is not (holders[-1].kind is LIST):
        return ()
    there = {fact_set_by(str(key)) for key in holders[-1].written}
    training = document.report.training
    found = []
    for fact, about in knowledge.data("ranges").items():
        part, _, name = fact.partition(".")
        owner = training.facts.get(part) if training is not None else None
        stated = owner.get(name) if isinstance(owner, Part) else UNKNOWN
        drawn = range_for(fact, stated.value if stated.is_known else about.get("usual"))
        template = syntax.get(_kind(drawn)) if drawn is not None else None
        key = _key_of(document, fact)
        if drawn is None or template is None or key is None or fact in there:
            continue
        if "key_paths" in document.description and not stated.is_known:
            continue  # the config has nothing of the kind
        written = _filled(template, drawn)
        if "name" in syntax:
            written = {syntax["name"]: key, **written}
        found.append(Suggestion(key, written, _said(drawn), about["why"]))
    return tuple(found)


def _key_of(document: Document, fact: str) -> str | None:
    """Return what a search calls a hyperparameter: the path of its key in this format, else its usual name."""
    entry = document.description.get("facts", {}).get(fact)
    if entry is not None:
        return str(entry["key"][0] if isinstance(entry["key"], list) else entry["key"])
    if "key_paths" in document.description:
        return None
    usual = knowledge.data("keys").get(fact)
    return str(usual["names"][0]) if usual is not None else None


def _constant(
    steps: list[Step], home: tuple[str, ...], syntax: Mapping[str, Any]
) -> tuple[str, str | None, Any, Node | None] | None:
    """Return what stands as one value among the searched hyperparameters: name, fact, value, and its whole entry."""
    keys = [step.key.value if step.key is not None else None for step in steps]
    depth = len(home)
    if tuple(keys[:depth]) != home or len(steps) <= depth:
        return None
    entry = steps[depth].value
    value = steps[-1].value
    if len(steps) > depth + 2 or (entry.kind is MAP and len(entry.entries) > 2):
        return None  # a range, or something that holds more than one value
    if "name" in syntax:
        named = entry.get(syntax["name"]) if entry.kind is MAP else None
        if named is None or named is value:
            return None
        return str(named.value), fact_set_by(str(named.value)), value.value, entry
    name = str(keys[depth])
    return name, fact_set_by(name), value.value, entry


def _setting(
    document: Document, steps: list[Step], home: tuple[str, ...]
) -> tuple[str, str | None, Any, Node | None] | None:
    """Return a setting of the training, for a search in the same file: its path, fact and value; no entry yet."""
    value = steps[-1].value
    keys = [step.key.value for step in steps if step.key is not None]
    if len(keys) < len(steps) or not home:
        return None  # an item of a list has no path of keys
    path = ".".join(str(key) for key in keys)
    for part, name, fact in facts_at(document.report.training, value):
        about = f"{_owner(part)}.{name}"
        if about in knowledge.data("ranges"):
            root = document.root
            there = root.at(*home) if root is not None else None
            return None if there is not None and there.get(path) is not None else (path, about, fact.value, None)
    return None


def _owner(part: Part) -> str:
    """Return the name that schemas/ranges.yaml gives a part: "early_stopping" for an EarlyStopping."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(part).__name__).lower()


def range_of(document: Document, fact: str | None, value: Any, offset: int) -> Range | None:
    """Return what a search should draw a fact from, around the value it has now; None where nobody knows."""
    about = knowledge.data("ranges").get(fact)
    if about is None or fact is None:
        return None
    if about["scale"] != "words" or not isinstance(value, str):
        return range_for(fact, value)
    owner, _, name = fact.partition(".")
    usual = preferred(document, [f"{owner.title()}.{name}"], offset)
    others = [word for word in usual if word != value][: about["first"] - 1]
    return Range(None, None, False, False, (value, *others), about["why"]) if others else None


def _kind(drawn: Range) -> str:
    """Return the key of `search_syntax` that writes such a range."""
    if drawn.values:
        return "categorical"
    return "integer" if drawn.whole else "log" if drawn.log else "continuous"


def _filled(template: Any, drawn: Range) -> Any:
    """Return a template of `search_syntax` with the bounds or values of a range."""
    if isinstance(template, dict):
        return {key: _filled(value, drawn) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, drawn) for value in template]
    match = _HOLE.match(template) if isinstance(template, str) else None
    if match is None:
        return template
    what, how = match.groups()
    if what == "values":
        return [_text(value) if how == "text" else value for value in drawn.values]
    value = drawn.low if what == "low" else drawn.high
    assert value is not None  # a range without values has bounds
    if how == "open":
        return value + 1
    if how == "exponent":
        return float(f"{math.log10(value):.3g}")
    if how == "text":
        return _text(value)
    return value if drawn.whole else float(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else spelt(value, "json")


def _added(
    document: Document, home: tuple[str, ...], name: str, written: Any, syntax: Mapping[str, Any]
) -> Edit | None:
    """Return the edit that adds a hyperparameter to the search, and the search itself where there is none yet."""
    tree, root = document.report.tree, document.root
    if tree is None or root is None or root.kind is not MAP:
        return None
    there = root.at(*home)
    if "name" in syntax:
        item = {syntax["name"]: name, **written}
        if there is not None and there.kind is LIST:
            return edits.insert_item(tree, there, len(there.items), item)
        return None
    if root.get(home[0]) is None:
        section: Any = {name: written}
        for key in reversed(home[1:]):
            section = {key: section}
        return edits.insert_entry(tree, root, home[0], {**_new(document, syntax.get("new", {})), **section})
    return edits.set_path(tree, root, (*home, name), written)


def _new(document: Document, template: Any) -> Any:
    """Return what a new search holds besides: "{metric}" is what the training watches, "{goal}" its direction."""
    if isinstance(template, dict):
        return {key: _new(document, value) for key, value in template.items()}
    if template not in ("{metric}", "{goal}"):
        return template
    training = document.report.training
    for part, name, goal in (("evaluation", "metric", "metric_goal"), ("early_stopping", "monitor", "monitor_goal")):
        metric = training.facts[part].get(name) if training is not None else UNKNOWN
        better = training.facts[part].get(goal) if training is not None else UNKNOWN
        if metric.is_known and better.is_known and isinstance(metric.value, str):
            return metric.value if template == "{metric}" else better.value
    return "val_loss" if template == "{metric}" else "minimize"


def _title(name: str, drawn: Range) -> str:
    return f"Search {name} {_said(drawn)}"


def _said(drawn: Range) -> str:
    """Return a range in words."""
    if drawn.values:
        return f"among {', '.join(str(value) for value in drawn.values)}"
    return f"from {drawn.low:g} to {drawn.high:g}{' on a log scale' if drawn.log else ''}"
