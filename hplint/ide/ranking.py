"""In which order the values of a key are offered: what the decision tree recommends, then what its name speaks of."""

from __future__ import annotations

from hplint.facts.names import canonical, squash
from hplint.ide.preferences import preferred
from hplint.ide.words import section_of
from hplint.syntax.tree import MAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hplint.ide.document import Document
    from hplint.ide.schemas import Holder

_STEM = 5
"""How many letters of a key tell what it is about: `optimizer` and `torch.optim`, `tokenizer` and `token_utils`."""


def ranked(
    document: Document, path: Sequence[Holder], facts: Sequence[str], listed: Sequence[Any], default: Any, offset: int
) -> list[Any]:
    """Return the values of the key at the end of `path`, best first: recommended, default, of its own kind, others.

    Values of the key's own kind matter where one list serves many keys: `torch.optim.SGD` is for `optimizer`, and
    `lightning.pytorch.callbacks.Timer` for `callbacks`. `offset` is where the value is written.
    """
    section = section_of(facts)
    first = preferred(document, facts, offset)
    words = [_word(section, word) for word in first]
    owner = _owner(path)

    def rank(entry: tuple[int, Any]) -> tuple[int, int, int]:
        index, choice = entry
        word = _word(section, choice)
        if word in words:
            return words.index(word), choice not in first, index
        if is_default(choice, default):
            return len(words), 0, index
        distance, depth = _distance(section, owner, choice)
        return len(words) + 1 + distance, depth, index

    return [choice for _, choice in sorted(enumerate(listed), key=rank)]


def _distance(section: str | None, owner: str, choice: Any) -> tuple[int, int]:
    """Return how far a value is from what a key speaks of, and among equals how deep in its package it is."""
    if not isinstance(choice, str):
        return 3, 0
    if section is not None and canonical(section, _last(choice)) is not None:
        return 0, 0
    if not owner or "." not in choice:
        return 3, 0
    package, _, name = choice.lower().rpartition(".")
    if f".{owner}" in package:
        return 0, choice.count(".")
    return (1 if owner in name else 2 if owner[:_STEM] in choice.lower() else 3), choice.count(".")


def is_default(choice: Any, default: Any) -> bool:
    """Whether a value is the default; True is not 1."""
    return default is not None and choice == default and isinstance(choice, bool) == isinstance(default, bool)


def _word(section: str | None, choice: Any) -> Any:
    """Return the field's name for a value, which classes are known by too; a value without one as it is."""
    if not isinstance(choice, str):
        return choice
    return (canonical(section, _last(choice)) if section is not None else None) or squash(choice)


def _last(choice: str) -> str:
    return choice.rpartition(".")[2]


def _owner(path: Sequence[Holder]) -> str:
    """Return the key around the last key of `path`, without the s of a plural; empty at the top."""
    key = next((str(holder.key).lower() for holder in reversed(path[:-1]) if holder.kind is MAP), "")
    return key.removesuffix("s")
