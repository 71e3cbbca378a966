"""A fact: a value, where it was read, and how it is known."""

from __future__ import annotations

from hplint.syntax.tree import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, Generic, TypeVar

    T = TypeVar("T", covariant=True)

    class _Generic(Generic[T]):
        """Lets annotations say `Fact[float]`."""

else:
    T = None

    class _Generic:
        __slots__ = ()
        __class_getitem__ = classmethod(lambda cls, _: cls)


WRITTEN = "written"
"""The value stands in the file."""
DEFAULT = "default"
"""The file is silent and the framework, at the version in `note`, fills in the value."""
INFERRED = "inferred"
"""The value follows from other facts, listed in `because`."""


class Fact(_Generic[T]):
    """A value and its origin.

    value    what is known; None means definitely absent (a layer without a next one, a run without a schedule)
    origin   WRITTEN, DEFAULT or INFERRED
    node     the value's node in the file, for written facts
    because  the facts an inferred value follows from
    note     for people: the framework version of a default, the reason of an inference
    """

    __slots__ = ("because", "node", "note", "origin", "value")

    def __init__(
        self,
        value: T,
        origin: str = WRITTEN,
        node: Node | None = None,
        because: tuple[Fact[Any], ...] = (),
        note: str = "",
    ) -> None:
        self.value = value
        self.origin = origin
        self.node = node
        self.because = because
        self.note = note

    def __repr__(self) -> str:
        return "UNKNOWN" if self is UNKNOWN else f"Fact({self.value!r}, {self.origin})"

    @property
    def is_known(self) -> bool:
        """Whether this is anything but UNKNOWN."""
        return self is not UNKNOWN


UNKNOWN: Fact[Any] = Fact(None, "unknown")
"""What nobody stated and nothing implies. Not None, not False: conditions on it are neither true nor false."""


def written(node: Node, value: Any) -> Fact[Any]:
    """Return the fact that `node` states `value`."""
    return Fact(value, WRITTEN, node)


def default(value: Any, note: str) -> Fact[Any]:
    """Return the fact that the framework fills in `value`; `note` names framework and version."""
    return Fact(value, DEFAULT, note=note)


def inferred(value: Any, *because: Fact[Any], note: str = "") -> Fact[Any]:
    """Return the fact that `value` follows from the facts `because`."""
    return Fact(value, INFERRED, because=because, note=note)


class Place:
    """Where a fact can be written: the key path `path` below the map `node`, values spelt by `spellings`.

    `spellings` maps hplint's names to the format's; None means values are written as they are. A value missing from
    the table cannot be written, so a fix that needs it is not offered. A function spells any value, such as a number
    as text.
    """

    __slots__ = ("node", "path", "spellings")  # every fact has a place: no record, whose making takes longer

    def __init__(
        self, node: Node, path: tuple[str, ...], spellings: Mapping[Any, Any] | Callable[[Any], Any] | None = None
    ) -> None:
        self.node = node
        self.path = path
        self.spellings = spellings


DERIVED: dict[tuple[str, str], Callable[[Any], Any]] = {}
"""Derived facts: (part's class name, fact's name) -> function of the part. Filled by `derived`."""
RESTS_ON: dict[tuple[str, str], tuple[str, ...]] = {}
"""The facts without all of which a derived one stays unknown, where `derived` was told of any."""


def derived(part: str, name: str, *rests_on: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Register the decorated function as the way to infer fact `name` of parts of class `part`.

    It runs at most once per part, only when asked for, and only when no reader stated the fact. It returns a Fact, a
    Part, a list of parts, or UNKNOWN.

    `rests_on` names facts of the same part, or of others as "model.l1" or "layer.kind" (of any layer). Where none of
    them is known the function returns UNKNOWN, so that rules on the fact need not be asked of such a config
    (hplint/rules/needs.py). Without `rests_on` nothing is known of that.
    """

    def register(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        DERIVED[(part, name)] = function
        if rests_on:
            RESTS_ON[(part, name)] = rests_on
        return function

    return register


class Part:
    """A group of facts, such as the optimizer or one layer.

    Facts are attributes (`optimizer.learning_rate`); one that nobody stated and nothing implies is UNKNOWN.

    node      the map or value of the config that the part was read from
    label     the node that best stands for the part when something is to be underlined
    training  the description the part belongs to
    places    where facts of the part can be written, for fixes
    """

    def __init__(self, node: Node | None = None, label: Node | None = None, **facts: Any) -> None:
        own = self.__dict__
        own["facts"] = facts
        own["node"] = node
        own["label"] = label or node
        own["known_places"] = {}
        own["further_places"] = []
        own["training"] = None

    if TYPE_CHECKING:
        facts: dict[str, Any]
        node: Node | None
        label: Node | None
        training: Any

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in fact_types(type(self)):
            raise AttributeError(f"{type(self).__name__} has no fact {name!r}")
        return self.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("facts are set by readers with state() and never change afterwards")

    def __repr__(self) -> str:
        own = {name: value for name, value in self.facts.items() if isinstance(value, Fact) and value is not UNKNOWN}
        return f"{type(self).__name__}({', '.join(f'{name}={fact.value!r}' for name, fact in own.items())})"

    @property
    def places(self) -> dict[str, Place]:
        """Where facts of the part can be written, by their names."""
        known: dict[str, Place] = self.__dict__["known_places"]
        further = self.__dict__["further_places"]
        while further:
            for name, place in further.pop(0)():
                known.setdefault(name, place)
        return known

    def set_place(self, name: str, place: Place) -> None:
        """Note where the fact `name` can be written."""
        self.__dict__["known_places"][name] = place

    def add_places(self, made: Callable[[], Iterable[tuple[str, Place]]]) -> None:
        """Have `made()` say where further facts can be written; it runs only when somebody asks."""
        self.__dict__["further_places"].append(made)

    def get(self, name: str) -> Any:
        """Return the fact, part or list called `name`: stated, else derived, else UNKNOWN."""
        facts = self.facts
        if name in facts:
            return facts[name]
        facts[name] = UNKNOWN  # a derivation that comes back here finds the question open
        derive = DERIVED.get((type(self).__name__, name))
        if derive is not None:
            try:
                facts[name] = derive(self)
            except ArithmeticError:  # numbers beyond all training, such as 10^308 units in each of two layers
                return UNKNOWN
        return facts[name]

    def parts(self, name: str) -> list[Any]:
        """Return the list of parts called `name`, empty when it is unknown."""
        found = self.get(name)
        return found if isinstance(found, list) else []

    def state(self, **facts: Any) -> None:
        """Record `facts`; for readers, before anything is derived."""
        known = fact_types(type(self))
        if not facts.keys() <= known.keys():
            unknown = next(name for name in facts if name not in known)
            raise AttributeError(f"{type(self).__name__} has no fact {unknown!r}")
        self.facts.update(facts)

    def adopt(self, training: Any) -> None:
        """Make this part and all below it belong to `training`."""
        pending: list[Part] = [self]
        while pending:
            part = pending.pop()
            if part.training is training:
                continue
            part.__dict__["training"] = training
            for value in part.facts.values():
                if type(value) is not Fact:
                    below = value if isinstance(value, list) else (value,)
                    pending += [other for other in below if isinstance(other, Part)]

    def release(self) -> None:
        """Take apart this part and all below it; none of them may be used any more."""
        pending: list[Part] = [self]
        while pending:
            part = pending.pop()
            facts, part.__dict__["facts"] = part.facts, {}
            part.__dict__["training"] = None
            for value in facts.values():
                if type(value) is not Fact:
                    below = value if isinstance(value, list) else (value,)
                    pending += [other for other in below if isinstance(other, Part)]

    def known(self) -> Iterator[tuple[str, Any]]:
        """Yield the names and values of everything stated or inferred so far."""
        return ((name, value) for name, value in self.facts.items() if value is not UNKNOWN)


_types: dict[type, dict[str, str]] = {}


def fact_types(part: type) -> dict[str, str]:
    """Return the facts of a class of parts with their types as text, such as {"rate": "Fact[float]"}."""
    if part not in _types:
        _types[part] = dict(part.__annotations__)
    return _types[part]
