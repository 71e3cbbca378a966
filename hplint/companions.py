"""The second file that a config names, such as the DeepSpeed JSON of a trainer, read together with it.

A format lists in its format.yaml where such a file is named: `companions: [{key: deepspeed, format: deepspeed}]`. The
value is a path, or the other file's content in place. What it says becomes `training.companion`, a description of its
own, so that rules can hold the two together.
"""

from __future__ import annotations

from hplint.facts.fact import default
from hplint.findings import HIGH
from hplint.formats.read import read
from hplint.formats.recognise import find
from hplint.records import record
from hplint.syntax.tree import MAP, STRING
from hplint.text import SourceText, UndecodableError, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node, Tree


@record
class Neighbour:
    """Another file of the same project.

    path     the path by which people know it
    content  what it holds, None where there certainly is no such file
    beside   the names of the files in the folder where it would be, where there is none
    """

    path: str
    content: bytes | None
    beside: tuple[str, ...] = ()


@record
class OtherFile:
    """A file that was read together with a config: the path by which people know it, and its text."""

    path: str
    source: SourceText


if TYPE_CHECKING:

    class ReadNeighbour(Protocol):
        """Reads the file that a config names; None where there is none that may be read.

        With `exactly`, its path counts from the config's own folder and from nowhere else.
        """

        def __call__(self, name: str, exactly: bool = False, /) -> Neighbour | None: ...


@record
class Companion:
    """What a second file says; `file` is None where its content stands in the config itself."""

    training: Training
    file: OtherFile | None


def read_companion(
    root: Node,
    description: Mapping[str, Any],
    formats: Mapping[str, Any],
    read_neighbour: ReadNeighbour | None,
    parse: Callable[[SourceText, str], Tree],
) -> Companion | None:
    """Return what the first companion that the config names says; None where it names none, or none that is readable.

    `formats` holds all descriptions by name; `parse(source, syntax)` makes a tree.
    """
    for entry in description.get("companions", ()):
        node = find(root, entry["key"])
        if node is None or entry["format"] not in formats:
            continue
        if node.kind is MAP:
            return Companion(_described(node, entry["format"], formats, None), None)
        if node.kind is STRING and read_neighbour is not None:
            neighbour = read_neighbour(node.value)
            made = None if neighbour is None else _from_file(neighbour, entry["format"], formats, parse)
            if made is not None:
                return made
    return None


def _from_file(
    neighbour: Neighbour, name: str, formats: Mapping[str, Any], parse: Callable[[SourceText, str], Tree]
) -> Companion | None:
    if neighbour.content is None:
        return None
    try:
        source = decode(neighbour.content)
    except UndecodableError:
        return None
    tree = parse(source, "json" if neighbour.path.lower().endswith(".json") else "yaml")
    if not tree.complete or tree.root is None or tree.root.kind is not MAP:
        return None  # checked on its own, it shows what is wrong with it
    return Companion(_described(tree.root, name, formats, neighbour.path), OtherFile(neighbour.path, source))


def _described(root: Node, name: str, formats: Mapping[str, Any], path: str | None) -> Training:
    training = read(root, name, formats[name])
    training.__dict__["node"] = root
    training.state(path=default(path, HIGH))
    return training
