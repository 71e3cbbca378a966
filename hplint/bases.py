"""The configs that a config extends, such as those under Detectron2's `_BASE_`, read together with it.

A format names the key in its format.yaml, `extends: _BASE_`. Its value is a path, or a list of paths, that counts from
the folder of the very file it stands in; what a config says itself beats its bases, and of several the last one counts.
Source: fvcore 0.1.5, fvcore/common/config.py: `CfgNode.load_yaml_with_base`.

The facts of the bases become facts of the config where it says nothing itself, each still written where it is written.
"""

from __future__ import annotations

import posixpath

from hplint.companions import OtherFile
from hplint.facts.fact import default
from hplint.facts.parts import Base
from hplint.formats.read import adopt_written, read
from hplint.records import record
from hplint.syntax.tree import LIST, MAP, STRING, Problem
from hplint.text import SourceText, UndecodableError, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from hplint.companions import ReadNeighbour
    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node, Tree

    Parse = Callable[[SourceText, str, str], Tree]
    """Makes a tree of a text, its syntax and its loader."""

MAX_BASES = 30
"""How many files one config is read together with; nobody's configs stand on more."""
MAX_BYTES = 500_000
"""How large these may be together: they are read again at every edit."""
_ELSEWHERE = ("/", "~", "http://", "https://")
"""How the paths begin that lead out of the project."""


@record
class Chain:
    """The bases of a config.

    bases     what they say, those that count first before the others
    files     the files they were read from
    problems  what is wrong with how they are named
    """

    bases: tuple[Base, ...]
    files: tuple[OtherFile, ...]
    problems: tuple[Problem, ...]


def read_bases(
    root: Node, path: str, description: Mapping[str, Any], read_neighbour: ReadNeighbour | None, parse: Parse
) -> Chain:
    """Return the bases of the config at `path`, as far as they can be read; `description` is its format's."""
    reader = _Reader(description["extends"], description.get("loader", "pyyaml"), read_neighbour, parse)
    own = posixpath.normpath(path.replace("\\", "/"))
    bases = tuple(reader.below(root, _Step(posixpath.basename(own), own, None))) if read_neighbour is not None else ()
    return Chain(bases, tuple(reader.files), tuple(reader.problems))


@record
class _Step:
    """A file on the way to a base: its path from the folder of the config, its path for people, and what extends it."""

    name: str
    path: str
    extended_by: _Step | None

    @property
    def way(self) -> tuple[_Step, ...]:
        """The steps from the config on."""
        return (*(self.extended_by.way if self.extended_by is not None else ()), self)


class _Reader:
    """Follows a key from file to file."""

    def __init__(self, key: str, loader: str, read_neighbour: ReadNeighbour | None, parse: Parse) -> None:
        self.key = key
        self.loader = loader
        self.read_neighbour = read_neighbour
        self.parse = parse
        self.count = 0
        self.size = 0
        self.files: list[OtherFile] = []
        self.problems: list[Problem] = []
        self.at: Node | None = None  # what the config itself names, which stands for what is wrong below it

    def below(self, root: Node, step: _Step) -> Iterator[Base]:
        """Yield the bases of one file."""
        said = root.get(self.key)
        named = [] if said is None else said.items if said.kind is LIST else [said]
        for node in reversed(named):
            if step.extended_by is None:
                self.at = node
            if node.kind is STRING and node.value and not node.value.startswith(_ELSEWHERE) and "${" not in node.value:
                yield from self.read(node.value.replace("\\", "/"), step)

    def read(self, value: str, step: _Step) -> Iterator[Base]:
        """Yield the base that one file names, and its own bases."""
        name = posixpath.normpath(posixpath.join(posixpath.dirname(step.name), value))
        if any(name == before.name for before in step.way):
            self.report_circle(value, step)
            return
        self.count += 1
        neighbour = self.read_neighbour(name, True) if self.read_neighbour and self.count <= MAX_BASES else None
        if neighbour is None:
            return
        path = posixpath.normpath(neighbour.path.replace("\\", "/"))
        if any(path == before.path for before in step.way):
            self.report_circle(value, step)
            return
        if neighbour.content is None:
            near = _nearest(posixpath.basename(name), neighbour.beside)
            mended = posixpath.join(posixpath.dirname(value), near) if near and step.extended_by is None else None
            hint = f"; did you mean {near}?" if near else ""
            who = "this config" if step.extended_by is None else step.name
            self.report("missing-base", f"{value}, which {who} extends, does not exist{hint}", mended)
            return
        self.size += len(neighbour.content)
        if self.size > MAX_BYTES:
            return
        try:
            source = decode(neighbour.content)
        except UndecodableError:
            return
        tree = self.parse(source, "yaml", self.loader)
        if tree.complete and tree.root is not None and tree.root.kind is MAP:
            base = Base(tree.root)
            base.state(path=default(neighbour.path, "read"))
            self.files.append(OtherFile(neighbour.path, source))
            yield base
            yield from self.below(tree.root, _Step(name, path, step))

    def report_circle(self, value: str, step: _Step) -> None:
        names = ", ".join([*(before.name for before in step.way), value])
        self.report("extends-itself", f"configs extend each other in a circle, so that loading never ends: {names}")

    def report(self, kind: str, message: str, mended: str | None = None) -> None:
        """Keep the first problem below each base that the config names: loading stops there."""
        assert self.at is not None
        if all(problem.span != self.at.span for problem in self.problems):
            quote = self.at.style if self.at.style in ("'", '"') else ""
            replacement = None if mended is None else f"{quote}{mended}{quote}"
            self.problems.append(Problem(kind, message, self.at.span, replacement))


def _nearest(name: str, names: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches  # few configs name what is not there

    return next(iter(get_close_matches(name, names, 1, 0.8)), None)


def inherit(training: Training, base: Base, name: str, description: Mapping[str, Any]) -> None:
    """Add what a base says to the facts of the config that extends it, where nothing that counts more says it."""
    assert base.node is not None
    adopt_written(training, read(base.node, name, description))
