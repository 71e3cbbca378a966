"""What editor features look at: one version of a text, what lint made of it, and the schema of its format."""

from __future__ import annotations

import os
from functools import lru_cache

from hplint import knowledge
from hplint.facts.fact import WRITTEN, Fact, Part
from hplint.facts.parts import Layer
from hplint.formats.recognise import recognise
from hplint.ide.advice import first_sentence
from hplint.ide.recovered import recovered
from hplint.lint import own_of
from hplint.records import record
from hplint.settings import FILES
from hplint.settings_keys import schema
from hplint.syntax.tree import LIST, MAP, Node
from hplint.versions import schema_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.lint import Report
    from hplint.settings import Settings


@record
class Document:
    """One version of a text.

    report       what `hplint.lint` made of it
    format       the format's name, None for no training config
    description  the content of the format's format.yaml
    schema       the format's JSON Schema, None where it has none
    """

    report: Report
    format: str | None
    description: Mapping[str, Any]
    schema: Mapping[str, Any] | None

    @property
    def roots(self) -> tuple[Node, ...]:
        """The trees of its documents; of a broken text what its lines still say."""
        return _roots(self.report)

    @property
    def root(self) -> Node | None:
        """The first document's tree."""
        return self.roots[0] if self.roots else None

    @property
    def text(self) -> str:
        """The text of this version."""
        return self.report.source.text


def document(report: Report, last: Document | None = None, settings: Settings | None = None) -> Document:
    """Return the document of a linted text.

    `last` is the document of an earlier version: its format stands in where this version is too broken to tell.
    `settings` are those it was linted with: they may add formats of a project's own. hplint's settings themselves
    (hplint.toml, pyproject.toml) are a document with a schema and no format.
    """
    if os.path.basename(report.path) in FILES:
        return Document(report, None, {}, _settings_schema(os.path.basename(report.path)))
    own = own_of(settings) if settings is not None else None
    formats = {**own.formats, **knowledge.formats()} if own is not None else knowledge.formats()
    name = report.recognition.name
    tree = report.tree
    is_broken = tree is not None and not tree.complete
    if name is None and is_broken and last is not None:
        name = last.format
    if name is None and tree is not None and (is_broken or len(tree.roots) > 1):
        clues = knowledge.clues() if own is None else formats
        found = (recognise(root, clues, tree.syntax).name for root in _roots(report))
        name = next((each for each in found if each is not None), None)
    description = formats.get(name, {}) if name is not None else {}
    own_schema = own.schemas.get(name) if own is not None and name is not None else None
    schema = own_schema
    if schema is None and name is not None:
        schema = knowledge.schema(name)
        if tree is not None and settings is not None:
            schema = schema_for(name, description, tree, settings)
    return Document(report, name, description, schema)


@lru_cache(maxsize=2)
def _settings_schema(name: str) -> Mapping[str, Any]:
    """Return the schema of a settings file, with every rule as an example of what can be named."""
    made = schema()
    documents = knowledge.rule_documents()
    rule = made["$defs"]["rule"]
    rule["examples"] = list(dict.fromkeys([*rule["examples"], *documents]))
    rule["x-says"] = {code: f"{about['name']}: {first_sentence(about['why'])}" for code, about in documents.items()}
    if name == "hplint.toml":
        return made
    below = {key: value for key, value in made.items() if key != "$defs"}
    tool = {"type": "object", "properties": {"hplint": below}}
    return {"type": "object", "properties": {"tool": tool}, "$defs": made["$defs"]}


def _roots(report: Report) -> tuple[Node, ...]:
    tree = report.tree
    if tree is None:
        return ()
    if tree.syntax != "yaml" or tree.complete:
        return tree.roots
    return _recovered(report.source.text) or tree.roots


_recovered = lru_cache(maxsize=4)(
    recovered
)  # a broken text is asked about several times before the next key is pressed


@record
class Step:
    """One step from a collection down to what it holds.

    holder  the map or list
    key     the node of the key in a map, None in a list
    value   the value or item
    """

    holder: Node
    key: Node | None
    value: Node


def locate(roots: Sequence[Node], offset: int) -> list[Step]:
    """Return the steps from a root to the innermost key, value or item that `offset` stands in or just behind."""
    steps: list[Step] = []
    node = next((root for root in reversed(roots) if root.start <= offset), None)
    while node is not None and not node.is_alias:
        found = _step(node, offset)
        if found is None:
            break
        steps.append(found)
        in_key = found.key is not None and found.key.start <= offset <= found.key.end
        node = None if in_key else found.value
    return steps if node is None or node.is_scalar else _anywhere(roots, offset) or steps


def _anywhere(roots: Sequence[Node], offset: int) -> list[Step]:
    """Return the steps to the key or scalar at an offset that stands outside of what holds it: TOML's tables may."""
    for root in roots:
        for node in root.walk():
            key = node.key if isinstance(node.key, Node) else None
            in_key = key is not None and key.start <= offset <= key.end
            if in_key or (node.is_scalar and node.start <= offset <= node.end and not node.is_alias):
                steps: list[Step] = []
                below: Node | None = node
                while below is not None and below.parent is not None:
                    steps.append(Step(below.parent, below.key if isinstance(below.key, Node) else None, below))
                    below = below.parent
                return steps[::-1]
    return []


def _step(holder: Node, offset: int) -> Step | None:
    """Return the entry or item of `holder` around `offset`; where two touch, the one that begins there."""
    found: Step | None = None
    if holder.kind is MAP:
        for key, value in holder.entries:
            if key.start <= offset <= max(key.end, value.end) and _is_inside(key, value, offset):
                found = Step(holder, key, value)
    elif holder.kind is LIST:
        for value in holder.items:
            if value.start <= offset <= value.end:
                found = Step(holder, None, value)
    return found


def _is_inside(key: Node, value: Node, offset: int) -> bool:
    """Whether `offset` stands in the key, the value or the room between them (tables of TOML may stand elsewhere)."""
    return offset <= key.end or value.start <= offset <= value.end or key.end < offset < value.start


def parts_of(training: Training, around: Node | None = None) -> Iterator[Part]:
    """Yield the description of a training and every part that it states, each once.

    With `around` layers are left out that stand elsewhere than around that node: a network has many.
    """
    seen: set[int] = set()
    pending: list[Part] = [training]
    while pending:
        part = pending.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if around is not None and type(part) is Layer and not _is_around(part.node, around):
            continue
        yield part
        for found in reversed(list(part.facts.values())):
            if isinstance(found, Part):
                pending.append(found)
            elif type(found) is list:
                pending += [below for below in found if isinstance(below, Part)]


def _is_around(node: Node | None, inner: Node) -> bool:
    return node is None or node.start <= inner.start <= node.end


def facts_at(training: Training | None, node: Node) -> list[tuple[Part, str, Fact[Any]]]:
    """Return the facts that were read from `node`, with their parts and names."""
    if training is None:
        return []
    return [
        (part, name, fact)
        for part in parts_of(training, node)
        for name, fact in part.facts.items()
        if isinstance(fact, Fact) and fact.node is node and fact.origin is WRITTEN
    ]
