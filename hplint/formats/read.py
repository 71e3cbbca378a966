"""Reads a recognised config into facts."""

from __future__ import annotations

from hplint.facts.fact import WRITTEN, Fact, Part, default
from hplint.facts.parts import empty_training
from hplint.formats.reading import read_parts, state_training
from hplint.formats.recognise import find
from hplint.knowledge import module
from hplint.syntax.tree import LIST, MAP, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.facts.parts import Training


def as_current(root: Node, description: Mapping[str, Any]) -> Node:
    """Return the config as the framework's loader sees it after renaming older keys, where the format has such."""
    if not description.get("upgrades"):
        return root
    upgraded: Node = module(f"hplint.formats.{description['reader']}").upgrade(root)
    return upgraded


def read(root: Node, name: str, description: Mapping[str, Any]) -> Training:
    """Return what the config says, as facts.

    A format without structure is read by the tables of its format.yaml; one with structure names a module of this
    package as its `reader`, whose function `read(root, training, description)` states the rest. Where the config has a
    section that `within` names, that section is all that is read.
    """
    framework, version = description.get("framework", name), str(description.get("version", ""))
    note = f"default of {description.get('title', framework)} {version}".strip()
    training = empty_training(
        format=default(name, "recognised"),
        framework=default(framework, "recognised"),
        framework_version=default(version, "assumed"),
        loader=default(description.get("loader", "pyyaml"), "of the format"),
    )
    root = next((found for key in description.get("within", ()) if (found := _section(root, key)) is not None), root)
    for part in training.facts.values():
        if hasattr(part, "places"):
            part.__dict__["node"] = root
    state_training(training, root, description.get("facts", {}), note)
    for path, entry in description.get("parts", {}).items():
        found = find(root, entry["key"])
        if found is not None and found.kind is LIST:
            owner, _, fact = path.rpartition(".")
            parts = read_parts(entry["part"], found.items, entry["facts"], note)
            (training.facts[owner] if owner else training).state(**{fact: parts})
    if "reader" in description:
        module(f"hplint.formats.{description['reader']}").read(root, training, description)
    training.adopt(training)
    return training


def adopt_written(training: Training, said: Training) -> None:
    """Add what another description has read in a file to the facts of a training, where these do not say it."""
    for group, part in said.facts.items():
        own = training.facts.get(group)
        if isinstance(part, Part) and isinstance(own, Part):
            own.state(**{fact: value for fact, value in part.facts.items() if _counts(value, own.facts.get(fact))})


def _counts(theirs: Any, ours: Any) -> bool:
    """Whether a fact is written, and one that counts more is not."""
    if not isinstance(theirs, Fact) or theirs.origin != WRITTEN:
        return False
    return ours is None or (isinstance(ours, Fact) and ours.origin != WRITTEN)


def _section(root: Node, key: str) -> Node | None:
    found = root.get(key)
    return found if found is not None and found.kind is MAP else None
