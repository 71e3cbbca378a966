"""The one kind of tree that YAML, JSON and TOML are read into."""

from __future__ import annotations

from hplint.records import record
from hplint.text import SourceText, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Protocol, TypeVar

    from hplint.syntax.interpolation import References

    T = TypeVar("T")

    class Gatherer(Protocol[T]):
        """What is to be found out, see `gather`."""

        def here(self, node: Node) -> T:
            """Return what a scalar says, empty if nothing, or a collection without what stands below it."""

        def join(self, found: list[T]) -> T:
            """Return what several say together, in the order of the file."""


MAP, LIST = "map", "list"
STRING, INTEGER, FLOAT, BOOL, NULL, OTHER = "string", "integer", "float", "bool", "null", "other"
"""Kinds of scalars; OTHER is a date, or a value with an application's own tag."""

MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 100
MAX_NODES = 400_000
MAX_EXPANDED_NODES = 1_000_000

# What a node that is no collection holds: shared, so that a scalar costs one object and not three.
_NOTHING: Any = ()


@record
class Problem:
    """Something wrong with the text itself, or with a value against its schema.

    `kind` is a short name that rules of subject `problem` tell apart, `message` a sentence for the user and
    `replacement` the text that would mend `span`, where there is exactly one.
    """

    kind: str
    message: str
    span: Span
    replacement: str | None = None


RUN = 64
"""How many values of a collection are remembered things about together."""


class LooksAt:
    """What is remembered by such an object was found out from the values of these keys alone."""

    looks_at: frozenset[Any]


class AllBut(list["Node"]):
    """What holds of a map and all below it, apart from what these values of it say."""


class Remembering:
    """Keeps what was found out from nodes that have not changed."""

    __slots__ = ("_memory",)

    _memory: dict[tuple[int, bool], tuple[object, Any]] | None

    def remember(self, about: object, found: Any, way: bool = False) -> None:
        """Keep what was found out by `about`, such as a schema, from the nodes and what stands below them alone.

        `way` tells apart two ways in which `about` can be used.
        """
        if self._memory is None:
            self._memory = {}
        self._memory[id(about), way] = (about, found)  # who is kept has an identity of its own

    def recall(self, about: object, way: bool = False) -> Any:
        """Return what was kept for `about`, None if nothing was, or a node has changed since."""
        kept = self._memory.get((id(about), way)) if self._memory is not None else None
        return kept[1] if kept is not None else None


class Run(Remembering):
    """A few values of a collection that stand behind each other: after an edit the others are not asked one by one."""

    __slots__ = ("items",)

    def __init__(self, items: list[Node]) -> None:
        self.items = items
        self._memory = None


_LARGEST = 10**308


def integer(number: int) -> tuple[str, Any]:
    """Return kind and value of an integer; infinity for one that no float holds, so that arithmetic is safe with it."""
    if -_LARGEST <= number <= _LARGEST:
        return INTEGER, number
    return FLOAT, float("inf") if number > 0 else float("-inf")


class Node(Remembering):
    """A value of a config, with its place.

    kind        MAP, LIST or the kind of a scalar, as the config's loader would see it
    value       the Python value of a scalar; None for collections
    start, end  character offsets; quotes and brackets are inside
    text        the scalar as written, without quotes; for a tagged or dated scalar too
    style       "" for plain, else the quote or block indicator, "{" or "[" for a flow collection
    entries     (key, value) pairs of a map, duplicates kept
    items       the values of a list
    parent      the collection that the node is written in; None for a root
    key         the node's key in a map, its index in a list
    is_alias    the node stands for an anchored one elsewhere, whose children it shares
    tag         an explicit tag, such as "!ref"

    `first` and `last` are start and end before what moved the collections around the node: an edit of a long text moves
    all that stands behind it, so a collection keeps how far what stands below it was moved (`below_moved`), and a list
    how far the items of each of its runs were (`runs_moved`, None for none).
    """

    __slots__ = (
        "_index", "_runs", "below_moved", "entries", "first", "is_alias", "items", "key", "kind", "last", "parent",
        "runs_moved", "style", "tag", "text", "value",
    )  # fmt: skip

    below_moved: int
    runs_moved: list[int] | None

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        value: Any = None,
        text: str = "",
        style: str = "",
        tag: str | None = None,
    ) -> None:
        self.kind = kind
        self.first = start
        self.last = end
        self.value = value
        self.text = text
        self.style = style
        self.tag = tag
        self.entries: list[tuple[Node, Node]] = [] if kind is MAP else _NOTHING
        self.items: list[Node] = [] if kind is LIST else _NOTHING
        if kind is MAP or kind is LIST:
            self.below_moved = 0
            self.runs_moved = None
        self.parent: Node | None = None
        self.key: Node | int | None = None
        self.is_alias = False
        self._index: dict[Any, Node] | None = None
        self._memory = None
        self._runs: list[Run] | None = None

    def __repr__(self) -> str:
        return f"Node({self.kind}, {self.start}:{self.end}, {self.data()!r})"

    @property
    def start(self) -> int:
        """The offset at which the node starts."""
        return self.first + self.moved()

    @property
    def end(self) -> int:
        """The offset behind the node."""
        return self.last + self.moved()

    @property
    def span(self) -> Span:
        """The node's place in the text."""
        moved = self.moved()
        return Span(self.first + moved, self.last + moved)

    def moved(self) -> int:
        """Return how far the collections around the node were moved since its place was noted."""
        moved = 0
        node, around = self, self.parent
        while around is not None:
            moved += around.below_moved
            if around.runs_moved is not None and isinstance(node.key, int):
                moved += around.runs_moved[node.key // RUN]
            node, around = around, around.parent
        return moved

    def move(self, delta: int) -> None:
        """Move the node and all that stands below it."""
        self.first += delta
        self.last += delta
        if self.kind is MAP or self.kind is LIST:
            self.below_moved += delta

    def move_behind(self, below: Node, delta: int) -> None:
        """Move what stands behind `below`, a value of this collection."""
        if isinstance(below.key, int):
            at = below.key // RUN
            for item in self.items[below.key + 1 : (at + 1) * RUN]:
                item.move(delta)
            if self.runs_moved is None:
                self.runs_moved = [0] * (len(self.items) // RUN + 1)
            for run in range(at + 1, len(self.runs_moved)):
                self.runs_moved[run] += delta
            return
        for key, value in reversed(self.entries):
            if value is below:
                return
            key.move(delta)
            value.move(delta)

    def settle_end(self) -> None:
        """Let a collection of block style end where the last of its values does."""
        if self.kind is MAP:
            end = max(self.entries[-1][0].end, self.entries[-1][1].end)
        else:
            end = max(self.start, self.items[-1].end)
        self.last += end - self.end

    @property
    def is_scalar(self) -> bool:
        """Whether the node is neither a map nor a list."""
        return self.kind is not MAP and self.kind is not LIST

    @property
    def is_number(self) -> bool:
        """Whether the loader reads a number (true and false are none)."""
        return self.kind is INTEGER or self.kind is FLOAT

    def get(self, key: Any) -> Node | None:
        """Return the value of `key` in a map as the loader would choose it; None if absent or no map.

        Of duplicate keys the last counts; a key of the map itself beats a merged one (`<<`).
        """
        return self.keyed().get(key)

    def keyed(self) -> dict[Any, Node]:
        """Return what `get` gives for every key of a map; to be looked at only."""
        if self._index is None:
            self._index = {key.value: value for key, value in self.entries}
            if "<<" in self._index:  # most likely a merge
                self._index = {key.value: value for key, value in self.all_entries()}
        return self._index

    def runs(self) -> list[Run]:
        """Return the values of a collection in runs of RUN; to be looked at only."""
        if self._runs is None:
            values = self.items or [value for _, value in self.entries]
            self._runs = [Run(values[at : at + RUN]) for at in range(0, len(values), RUN)]
        return self._runs

    def changed(self, below: Node | None = None, before: Node | None = None) -> None:
        """Forget what was found out about the node; for whoever changes it, or what stands below it.

        `below` is the only child that has changed, where there is but one, and `before` what stood in its place.
        """
        key = below.key if below is not None else None
        if below is None or not isinstance(key, Node) or key.value == "<<":
            self._index = None
            self._memory = None
        else:
            if self._index is not None and self._index.get(key.value) is before:
                self._index[key.value] = below
            if self._memory is not None:
                self._memory = {way: kept for way, kept in self._memory.items() if _survives(kept, below, before)}
        if self._runs is not None:
            at = self._place_of(below)
            if below is None or at is None:
                self._runs = None
            else:
                first = at - at % RUN
                values = self._runs[at // RUN].items
                values[at - first] = below
                self._runs[at // RUN] = Run(values)

    def _place_of(self, below: Node | None) -> int | None:
        """Return how many values stand before `below`, None if it is no value of this collection."""
        if self.kind is LIST:
            return below.key if below is not None and isinstance(below.key, int) else None
        return next((at for at, (_, value) in enumerate(self.entries) if value is below), None)

    def release(self) -> None:
        """Let go of everything below a map or list that nobody is going to look at any more."""
        self.entries, self.items = _NOTHING, _NOTHING
        self._index = self._memory = self._runs = None

    def at(self, *path: str | int) -> Node | None:
        """Return the node at `path` below this one, None where a step is missing."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            if isinstance(step, int):
                node = node.items[step] if -len(node.items) <= step < len(node.items) else None
            else:
                node = node.get(step)
        return node

    def all_entries(self) -> Iterator[tuple[Node, Node]]:
        """Yield the entries of a map, merged ones (`<<`) first, so that later ones override earlier ones."""
        if not any(_is_merge(key, value) for key, value in self.entries):
            return iter(self.entries)
        made: list[tuple[Node, Node]] = []
        pending: list[Node | list[tuple[Node, Node]]] = [self]  # maps to look at, and entries whose turn is next
        while pending:
            next_one = pending.pop()
            if isinstance(next_one, list):
                made += next_one
                continue
            sources: list[Node] = []
            own: list[tuple[Node, Node]] = []
            for key, value in next_one.entries:
                if _is_merge(key, value):
                    sources += reversed(value.items) if value.kind is LIST else (value,)
                else:
                    own.append((key, value))
            pending.append(own)
            pending += reversed(sources)
        return iter(made)

    def key_node(self, key: str) -> Node | None:
        """Return the node of the key `key` as written in this map itself (the last one), None if absent."""
        return next((written for written, _ in reversed(self.entries) if written.value == key), None)

    def data(self) -> Any:
        """Return the plain Python value of the node and everything below it."""
        if self.kind is MAP:
            return {key.value: value.data() for key, value in self.all_entries()}
        if self.kind is LIST:
            return [item.data() for item in self.items]
        return self.value

    def children(self) -> Iterator[Node]:
        """Yield the values directly below this node, as written."""
        if self.kind is MAP:
            for _, value in self.entries:
                yield value
        else:
            yield from self.items

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it in the order of the text; aliases are not followed."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            if not node.is_alias:
                pending.extend(reversed(list(node.children())))

    def path(self) -> tuple[str | int, ...]:
        """Return the keys and indices that lead from the root to this node, as written."""
        steps: list[str | int] = []
        node: Node | None = self
        while node is not None and node.key is not None:
            steps.append(node.key if isinstance(node.key, int) else str(node.key.value))
            node = node.parent
        return tuple(reversed(steps))


def _survives(kept: tuple[object, Any], below: Node, before: Node | None) -> bool:
    """Whether what was found out about a map still holds once `below`, a value of it, has changed."""
    about, found = kept
    if isinstance(found, AllBut):
        found[:] = [*(value for value in found if value is not before and value is not below), below]
        return True
    assert isinstance(below.key, Node)
    return isinstance(about, LooksAt) and below.key.value not in about.looks_at


def gather(node: Node, by: Gatherer[T]) -> T:
    """Return what `by` finds out from a node and all below it, aliases aside; kept with what does not change."""
    if node.is_scalar:
        return by.here(node)
    found: T | None = node.recall(by)
    if found is None:
        parts = [by.here(node)]
        if node.is_alias:
            return parts[0]
        values = node.items or [value for _, value in node.entries]
        if len(values) <= RUN:
            parts += _gathered(values, by)
        else:
            for run in node.runs():
                kept: T | None = run.recall(by)
                if kept is None:
                    kept = by.join(_gathered(run.items, by))
                    run.remember(by, kept)
                parts.append(kept)
        found = by.join(parts)
        node.remember(by, found)
    return found


def _is_merge(key: Node, value: Node) -> bool:
    """Whether an entry is YAML's `<<`, which brings the entries of another map."""
    return key.value == "<<" and key.style == "" and key.kind is STRING and value.kind in (MAP, LIST)


def _gathered(values: list[Node], by: Gatherer[T]) -> list[T]:
    """Return what is found out from each of some values, but for scalars that say nothing: most say nothing."""
    found = []
    for value in values:
        if value.kind is MAP or value.kind is LIST:
            found.append(gather(value, by))
        elif said := by.here(value):
            found.append(said)
    return found


@record
class Tree:
    """A parsed file: its documents' roots, and what is wrong with the text.

    `syntax` is "yaml", "json" or "toml". `roots` holds one node per document; a broken text yields what could be
    read before (and, where possible, after) the break. `complete` tells whether the whole text was read.
    `is_embedded` tells of JSON inside a JSON string. `nodes` counts values and keys, where a syntax is read again in
    parts. `loader` is the one that plain YAML scalars are read as, and `references` what hplint.syntax.interpolation
    has let nodes mean since, None where nothing refers to anything. `is_lent` tells of a tree whose nodes belong to
    another one, so that what they mean must not be changed. `edited` is the value that was read again after an edit and
    what stood in its place, all else being as it was; None where all was read. `varying` are the plain YAML scalars
    that loaders may read differently, None where only a look at all of them would tell.
    """

    source: SourceText
    syntax: str
    roots: tuple[Node, ...]
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    is_embedded: bool = False
    nodes: int = 0
    loader: str = "pyyaml"
    references: References | None = None
    is_lent: bool = False
    edited: tuple[Node, Node] | None = None
    varying: tuple[Node, ...] | None = None

    @property
    def root(self) -> Node | None:
        """The first document."""
        return self.roots[0] if self.roots else None
