"""Reads configs without a fixed structure by the field's usual key names (schemas/keys.yaml), wherever they stand.

Nothing is filled in, and a name that stands in several places with different values says nothing: such a config may
hold several models, or the same key may mean something else each time.
"""

from __future__ import annotations

from hplint import knowledge
from hplint.facts import names
from hplint.facts.fact import Place, written
from hplint.facts.names import squash
from hplint.formats.read import adopt_written
from hplint.formats.read import read as read_as
from hplint.formats.reading import CONVERSIONS, NOTHING
from hplint.records import record
from hplint.syntax.tree import MAP, STRING, Node, Run, gather

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.facts.parts import Training

_COMPONENT_KEYS = ("_target_", "class_path", "_component_", "name", "type", "_name", "class_name", "NAME", "TYPE")
"""Where a map that describes an optimizer, a schedule or a loss says which one it is."""
_OTHER_SECTIONS = ("eval", "val_", "valid", "test", "infer", "predict", "export", "generation", "benchmark")
"""How the names of sections begin whose keys are about something else than training."""


def read(root: Node, training: Training, description: Mapping[str, Any]) -> None:
    """State every fact that the usual names state without contradiction, unless format.yaml's tables did."""
    _read_sections(root, training)
    if not _usual:
        _usual.append(_UsualNames(knowledge.data("keys")))
    for path, said in gather(root, _usual[0]).items():
        part, _, fact = path.rpartition(".")
        home = training.facts[part]
        agreed = said.anywhere if said.anywhere.is_one else said.on_training
        if agreed is None or not agreed.is_one or fact in home.facts:
            continue
        node = agreed.node
        home.state(**{fact: written(node, agreed.value)})
        if node.parent is not None and isinstance(node.key, Node):
            home.places.setdefault(fact, Place(node.parent, (node.key.value,)))


def _read_sections(root: Node, training: Training) -> None:
    """State what a section says that is passed on to a program whose arguments have names of their own."""
    formats = knowledge.formats()
    for about in formats["generic"]["sections"]:
        found = [node for run in root.runs() for node in _sections(run, about)]
        if len(found) == 1:
            said = read_as(found[0], about["format"], formats[about["format"]])
            adopt_written(training, said)


def _sections(run: Run, about: Mapping[str, Any]) -> list[Node]:
    """Return the maps among a run of the top's values, and right below those, that have enough of a section's keys."""
    found: list[Node] | None = run.recall(about)
    if found is None:
        count, names_of_it = about["at_least"]["count"], about["at_least"]["of"]
        maps = [node for node in run.items if node.kind is MAP and not node.is_alias]
        below = [[value for _, value in node.all_entries()] for node in maps]
        held = [value for values in below for value in values if value.kind is MAP and not value.is_alias]
        found = [node for node in [*maps, *held] if sum(node.get(name) is not None for name in names_of_it) >= count]
        run.remember(about, found)
    return found


@record
class _Agreement:
    """The first value that is said of a fact, the node that says it, and whether all that is said is the same."""

    node: Node
    value: Any
    is_one: bool

    def joined(self, later: _Agreement) -> _Agreement:
        """Return the agreement with what is said later."""
        is_one = self.is_one and later.is_one and self.value == later.value
        return self if is_one is self.is_one else _Agreement(self.node, self.value, is_one)


@record
class _Said:
    """What is said of a fact anywhere, and in sections on training, None if nothing is."""

    anywhere: _Agreement
    on_training: _Agreement | None

    def joined(self, later: _Said) -> _Said:
        """Return this with what is said later."""
        ours, theirs = self.on_training, later.on_training
        on_training = ours.joined(theirs) if ours is not None and theirs is not None else ours or theirs
        return _Said(self.anywhere.joined(later.anywhere), on_training)


class _UsualNames:
    """Gathers what is said of each fact under its usual names, by the paths of the facts."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        self.facts = {squash(name): path for path, entry in table.items() for name in entry["names"]}

    def here(self, node: Node) -> dict[str, _Said]:
        """Return what the entries of a map say."""
        if node.kind is not MAP or node.is_alias:
            return {}
        facts = self.facts
        stated = [
            (facts[name], value)
            for key, value in node.entries
            if key.kind is STRING and (name := squash(key.value)) in facts
        ]
        if not stated or _is_within(node, _OTHER_SECTIONS):
            return {}
        beside = {path for path, _ in stated}
        return self.join(
            [
                {path: _Said(said, said if _is_within(node, ("train",)) else None)}
                for path, value in stated
                if self.table[path].get("beside") in (None, *beside)
                for node, known in _said(value, self.table[path])
                for said in [_Agreement(node, known, known == known)]
            ]
        )

    def join(self, found: list[dict[str, _Said]]) -> dict[str, _Said]:
        """Return what several say together."""
        joined: dict[str, _Said] = {}
        for one in found:
            for path, said in one.items():
                before = joined.get(path)
                joined[path] = said if before is None else before.joined(said)
        return joined


_usual: list[_UsualNames] = []


def _said(node: Node, entry: Mapping[str, Any]) -> Iterator[tuple[Node, Any]]:
    """Yield what a value says in hplint's terms, with the node that says it; nothing where it is not understood."""
    if entry["as"] in names.SECTIONS:
        called = node.key.text if isinstance(node.key, Node) else None
        if node.kind is MAP:
            node = next((below for key in _COMPONENT_KEYS if (below := node.get(key)) is not None), node)
        known = names.canonical(entry["as"], _last_name(node.value)) if node.kind is STRING else None
        if known is not None and called == entry.get("only_under", {}).get(known, called):
            yield node, known
        return
    value = CONVERSIONS[entry["as"]](node)
    if value is NOTHING or value in entry.get("besides", ()):
        return
    if ("over" in entry and value <= entry["over"]) or ("under" in entry and value >= entry["under"]):
        return
    yield node, value


def _last_name(path: str) -> str:
    """Return the name at the end of a path into a package: "torch.optim.Adam" is "Adam"."""
    return path.rpartition(".")[2] if path.replace(".", "").replace("_", "").isalnum() else path


def _is_within(node: Node | None, beginnings: tuple[str, ...]) -> bool:
    """Whether a value stands under a key that begins with one of `beginnings`."""
    while node is not None:
        # A section that is just called `val` is one on validation, one called `values` is not.
        if isinstance(node.key, Node) and f"{node.key.value}_".lower().startswith(beginnings):
            return True
        node = node.parent
    return False
