"""What every reader of a format is made of: one node made into one fact, with the place where it can be written."""

from __future__ import annotations

from hplint.facts import names
from hplint.facts.fact import UNKNOWN, Place, default, inferred, written
from hplint.facts.parts import PARTS, VOCABULARIES
from hplint.scalars import as_number
from hplint.schema.exact import literal
from hplint.syntax.tree import BOOL, LIST, MAP, NULL, STRING, LooksAt, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from hplint.facts.fact import Fact, Part

    Convert = Callable[[Node], Any]
    """A node's value in hplint's terms, or NOTHING when it says nothing that hplint understands."""
    Entry = tuple[str, Convert, list[tuple[str, ...]], Any, Any]
    """What a table says of a fact: its name, conversion, key paths, default and spellings."""

NOTHING = object()


def number(node: Node) -> Any:
    """A number; a NaN or a value of another kind says nothing."""
    return node.value if node.is_number and node.value == node.value else NOTHING


def numeral(node: Node) -> Any:
    """A number, also one that stands as text, for loaders that turn it into a number."""
    return number(node) if node.kind is not STRING else NOTHING if (made := as_number(node.value)) is None else made


def fraction(node: Node) -> Any:
    """A number, also one written as a quotient such as 1/255."""
    above, slash, below = node.value.partition("/") if node.kind is STRING else ("", "", "")
    try:
        return float(above) / float(below) if slash else number(node)
    except (ValueError, ZeroDivisionError):
        return NOTHING


def integer(node: Node) -> Any:
    """A whole number, also one written as 32.0."""
    value = number(node)
    if isinstance(value, float):
        return int(value) if value.is_integer() else NOTHING
    return value


def number_or_none(node: Node) -> Any:
    """A number, or None for null: switched off."""
    return None if node.kind is NULL else number(node)


def integer_or_none(node: Node) -> Any:
    """A whole number, or None for null: switched off, without a limit, not set."""
    return None if node.kind is NULL else integer(node)


def positive(node: Node) -> Any:
    """A number above zero; zero and below switch a limit off and say nothing."""
    value = number(node)
    return value if value is NOTHING or value > 0 else NOTHING


def limit(node: Node) -> Any:
    """A whole number that limits something, or None where null, 0 or a negative number means without a limit."""
    value = integer_or_none(node)
    return value if value is NOTHING or value is None or value > 0 else None


def switched_number(node: Node) -> Any:
    """A number above 0, or None where null, 0 or a negative number switches something off."""
    value = number_or_none(node)
    return value if value is NOTHING or value is None or value > 0 else None


def count(node: Node) -> Any:
    """A number that counts: 0, or from 1 on; a number below 1 is a share and says nothing here."""
    value = number(node)
    return value if value is not NOTHING and (value == 0 or value >= 1) else NOTHING


def share(node: Node) -> Any:
    """A share between 0 and 1 where one key takes counts and shares; 0 and counts say nothing here."""
    value = number(node)
    return value if value is not NOTHING and 0 < value < 1 else NOTHING


def boolean(node: Node) -> Any:
    """True or false."""
    return node.value if node.kind is BOOL else NOTHING


def text(node: Node) -> Any:
    """A text."""
    return node.value if node.kind is STRING else NOTHING


def presence(node: Node) -> Any:
    """Whether something is switched on by being there: false, null and an empty value switch it off.

    A text such as ${FSDP}, which another value takes the place of, says nothing.
    """
    if node.kind is STRING and "${" in node.value:
        return NOTHING
    return bool(node.value) if node.is_scalar else bool(node.items or node.entries)


def listing(node: Node) -> Any:
    """A list of scalars; a single number or text counts as a list of one."""
    if node.kind is LIST:
        return [item.value for item in node.items] if all(item.is_scalar for item in node.items) else NOTHING
    return [node.value] if node.is_number or node.kind is STRING else NOTHING


def literals(node: Node) -> Any:
    """A list of scalars, or the same as a Python tuple or list in a text, for loaders that evaluate texts."""
    if node.kind is not STRING:
        return listing(node)
    made = literal(node.value)
    is_flat = isinstance(made, (tuple, list)) and all(isinstance(one, (bool, int, float, str)) for one in made)
    return list(made) if is_flat else NOTHING


def values(node: Node) -> Any:
    """The scalars of a list, or of a map whose keys only number them."""
    made = node.items if node.kind is LIST else [below for _, below in node.entries]
    return [item.value for item in made] if made and all(item.is_scalar for item in made) else NOTHING


def numbers(node: Node) -> Any:
    """A list of numbers; a list with anything else in it says nothing."""
    made = [number(item) for item in node.items] if node.kind is LIST else [NOTHING]
    return NOTHING if NOTHING in made else made


def integers(node: Node) -> Any:
    """A list of whole numbers; a single one counts as a list of one."""
    made = [integer(item) for item in (node.items if node.kind is LIST else [node])]
    return NOTHING if NOTHING in made else made


def shape(node: Node) -> Any:
    """A list of whole numbers, with None for a free dimension."""
    made = [integer_or_none(item) for item in node.items] if node.kind is LIST else [NOTHING]
    return NOTHING if NOTHING in made else made


def pairs(node: Node) -> Any:
    """Two whole numbers per dimension, [[1, 1], [0, 2]]; one number counts for both ends of its dimension."""
    made = []
    for item in node.items if node.kind is LIST else [node]:
        ends = [integer(end) for end in item.items] if item.kind is LIST else [integer(item)] * 2
        if len(ends) != 2 or NOTHING in ends:
            return NOTHING
        made.append(ends)
    return made


def named(section: str) -> Convert:
    """Names of a section of names.yaml, in hplint's spelling."""

    def convert(node: Node) -> Any:
        if node.kind is NULL and section == "activations":
            return "linear"
        known = names.canonical(section, node.value) if node.kind is STRING else None
        return NOTHING if known is None else known

    return convert


def word(vocabulary: str) -> Convert:
    """Words of a closed vocabulary of the facts; spaces and hyphens count as underscores."""

    def convert(node: Node) -> Any:
        value = node.value.lower().replace("-", "_").replace(" ", "_") if node.kind is STRING else None
        return value if value in VOCABULARIES[vocabulary] else NOTHING

    return convert


def translated(table: Mapping[Any, Any]) -> Convert:
    """Values looked up in a table from the format's to hplint's."""

    def convert(node: Node) -> Any:
        return table.get(node.value, NOTHING) if node.is_scalar else NOTHING

    return convert


CONVERSIONS: dict[str, Convert] = {
    "number": number, "integer": integer, "bool": boolean, "text": text, "list": listing, "numbers": numbers,
    "values": values, "literals": literals,
    "pairs": pairs, "fraction": fraction, "integers": integers, "shape": shape, "number_or_none": number_or_none,
    "positive": positive, "integer_or_none": integer_or_none, "presence": presence, "limit": limit,
    "switched_number": switched_number, "numeral": numeral, "count": count, "share": share,
    **{section: named(section) for section in names.SECTIONS},
    **{vocabulary: word(vocabulary) for vocabulary in VOCABULARIES},
}  # fmt: skip
"""Conversions by the name that format.yaml uses."""


def fact_of(node: Node | None, convert: Convert) -> Fact[Any]:
    """Return the fact a node states, UNKNOWN for a missing node or one that is not understood."""
    if node is None:
        return UNKNOWN
    value = convert(node)
    return UNKNOWN if value is NOTHING else written(node, value)


def state(
    part: Part,
    fact: str,
    home: Node | None,
    path: str,
    convert: Convert,
    fill: Any = NOTHING,
    note: str = "",
    spellings: Mapping[Any, Any] | None = None,
) -> None:
    """State `fact` of `part` from the key path `path` below the map `home`, and remember where it can be written.

    A missing key gives the framework's default `fill` if there is one; a value that is not understood is unknown.
    """
    if home is None or home.kind is not MAP:
        return
    steps = _steps.get(path)
    if steps is None:
        steps = _steps[path] = tuple(path.split("."))
    _state_at(part, fact, home, steps, convert, fill, note, spellings)


_steps: dict[str, tuple[str, ...]] = {}
"""The paths that readers have asked for, by how they write them."""


def _state_at(
    part: Part,
    fact: str,
    home: Node,
    steps: tuple[str, ...],
    convert: Convert,
    fill: Any,
    note: str,
    spellings: Mapping[Any, Any] | None,
) -> None:
    part.add_places(lambda: [(fact, Place(home, steps, spellings))])
    node = home.at(*steps)
    found = fact_of(node, convert)
    if node is None and fill is not NOTHING:
        found = default(fill, note)
    if found is not UNKNOWN and fact not in part.facts:
        part.state(**{fact: found})


class _Table(LooksAt):
    """A table of format.yaml, as state_all goes through it: by the keys that are written, which are few of a table's.

    entries   all of it
    by_key    what is stated by a key of the map itself and has no default: most of a table
    by_first  the rest, by the first step of each of its paths
    filled    those of the rest with a default: fact, first steps and the default
    """

    __slots__ = ("by_first", "by_key", "entries", "filled", "looks_at", "source")

    def __init__(self, source: Mapping[str, Any]) -> None:
        self.source = source  # kept, since tables are known by their identity
        self.entries = [_entry(fact, about) for fact, about in source.items()]
        self.looks_at = frozenset(path[0] for _, _, paths, _, _ in self.entries for path in paths)
        self.by_key: dict[str, list[tuple[str, Convert]]] = {}
        self.by_first: dict[str, list[Entry]] = {}
        self.filled: list[tuple[str, frozenset[str], Any]] = []
        for entry in self.entries:
            fact, convert, paths, fill, _ = entry
            if fill is NOTHING and len(paths) == 1 and len(paths[0]) == 1:
                self.by_key.setdefault(paths[0][0], []).append((fact, convert))
                continue
            firsts = frozenset(path[0] for path in paths)
            for first in firsts:
                self.by_first.setdefault(first, []).append(entry)
            if fill is not NOTHING:
                self.filled.append((fact, firsts, fill))


_prepared: dict[int, _Table] = {}


def _entry(fact: str, about: Mapping[str, Any]) -> Entry:
    convert = translated(about["values"]) if "values" in about else CONVERSIONS[about["as"]]
    keys = about["key"] if isinstance(about["key"], list) else [about["key"]]
    inverse = {ours: theirs for theirs, ours in reversed(about.get("values", {}).items())}
    paths = [tuple(key.split(".")) for key in keys]
    return fact, convert, paths, about.get("default", NOTHING), inverse or about.get("spellings")


def _prepare(table: Mapping[str, Any]) -> _Table:
    """Return a table as state_all goes through it, made once per table.

    Callers pass tables of the knowledge, or ones that they keep, never one made for a single call.
    """
    if id(table) not in _prepared:
        _prepared[id(table)] = _Table(table)
    return _prepared[id(table)]


def state_all(part: Part, home: Node | None, table: Mapping[str, Any], note: str) -> None:
    """State the facts that a table of format.yaml describes: fact -> {key, as, default, spellings, values}.

    `key` may be a list of alternatives, the first of which is the one that fixes write.
    """
    if home is None or home.kind is not MAP:
        return
    prepared, section = _prepare(table), home
    part.add_places(lambda: _places(section, prepared.entries))
    part.facts.update({**_facts_of(home, prepared, note), **part.facts})


def _facts(home: Node, table: _Table, note: str) -> dict[str, Fact[Any]]:
    """Return what the map `home` states of a table's facts. Descriptions are checked, so that a part has such facts."""
    found: dict[str, Fact[Any]] = {}
    keyed = home.keyed()
    by_key, by_first = table.by_key, table.by_first
    for key, node in keyed.items():
        for fact, convert in by_key.get(key, ()):
            value = convert(node)
            if value is not NOTHING:
                found[fact] = written(node, value)
        for fact, convert, paths, fill, _ in by_first.get(key, ()):
            for path in _chosen(home, paths):
                node_at = home.at(*path)
                value = fill if node_at is None else convert(node_at)
                if value is not NOTHING and fact not in found:
                    found[fact] = default(fill, note) if node_at is None else written(node_at, value)
    for fact, firsts, fill in table.filled:
        if keyed.keys().isdisjoint(firsts):
            found[fact] = default(fill, note)
    return found


def _facts_of(home: Node, table: _Table, note: str) -> dict[str, Fact[Any]]:
    """Return the same, kept with the node."""
    known: tuple[str, dict[str, Fact[Any]]] | None = home.recall(table)
    if known is None or known[0] != note:
        known = note, _facts(home, table, note)
        home.remember(table, known)
    return known[1]


def _places(home: Node, entries: list[Entry]) -> Iterator[tuple[str, Place]]:
    for fact, _, paths, _, spellings in entries:
        for path in _chosen(home, paths):
            yield fact, Place(home, path, spellings)


def _chosen(home: Node, paths: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the alternatives that are there, the first one where none is."""
    return paths if len(paths) == 1 else _present(home, paths) or paths[:1]


def _present(home: Node, paths: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the keys that are there; under an alternative a map is a section of its own and no value."""
    found = [(path, home.at(*path)) for path in paths]
    return [path for path, node in found if node is not None and (path == paths[0] or node.kind is not MAP)]


class _Tables:
    """A table of facts of several parts, by names such as "optimizer.learning_rate", gone through as one.

    owners   part and fact of each name
    by_part  the entries of each part, for its places
    """

    __slots__ = ("by_part", "owners", "table")

    def __init__(self, source: Mapping[str, Any]) -> None:
        self.table = _Table(source)
        self.owners: dict[str, tuple[str, str]] = {}
        self.by_part: dict[str, list[Entry]] = {}
        for path, *rest in self.table.entries:
            part, _, fact = path.rpartition(".")
            self.owners[path] = part, fact
            self.by_part.setdefault(part, []).append((fact, *rest))


_prepared_tables: dict[int, _Tables] = {}


def state_training(training: Part, root: Node, tables: Mapping[str, Any], note: str) -> None:
    """State facts of the single parts of a training: a table by "part.fact", such as "optimizer.learning_rate"."""
    if root.kind is not MAP:
        return
    prepared = _prepared_tables.get(id(tables))
    if prepared is None:
        prepared = _prepared_tables[id(tables)] = _Tables(tables)
    parts = {**training.facts, "": training}
    owners = prepared.owners
    for path, fact in _facts_of(root, prepared.table, note).items():
        owner, name = owners[path]
        parts[owner].facts.setdefault(name, fact)
    for owner, entries in prepared.by_part.items():
        parts[owner].add_places(lambda entries=entries: _places(root, entries))


def read_parts(kind: str, items: list[Node], table: Mapping[str, Any], note: str) -> list[Any]:
    """Return one part of class `kind` for each map in `items`, its facts stated from `table`."""
    made = []
    for item in items:
        if item.kind is MAP:
            part = PARTS[kind](item, item.get("name") or item)
            state_all(part, item, table, note)
            made.append(part)
    return made


def state_splits(datasets: Node | None, training: Any) -> None:
    """State which parts of data sets are used, where each of a list of them has a `split`."""
    facts: list[Fact[Any]] = []
    for run in datasets.runs() if datasets is not None and datasets.kind is LIST else ():
        kept = run.recall(state_splits)
        if kept is None:  # there may be thousands of data sets
            kept = [fact_of(node, text) for item in run.items if (node := item.get("split")) is not None]
            run.remember(state_splits, kept)
        facts += kept
    if facts and UNKNOWN not in facts:
        training.data.state(splits=inferred([fact.value for fact in facts], *facts))
