"""Formats and rules of a project's own, beside those of hplint.

A folder that the settings name holds `formats/<name>/format.yaml`, where wanted with a `schema.json`, and rule files
in `rules/`, written as hplint's own are (docs/your-own.md). A small format may stand in the settings themselves. All
of it is data: conditions are checked and compiled by hplint/rules/language.py, and no code of the project is run.
"""

from __future__ import annotations

import json
import os

from hplint import knowledge
from hplint.formats.describe import DescriptionError, description_of
from hplint.records import record
from hplint.syntax import yaml
from hplint.syntax.tree import MAP, Node
from hplint.text import SourceText, UndecodableError, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hplint.rules.rule import Rule

MAX_FILES = 1000
MAX_BYTES = 1_000_000
MAX_KEPT = 8
MAX_BRANCHES = 1000
"""How many schemas one value may be held against; more is a slip, or meant to keep an editor busy."""


class OwnError(Exception):
    """A file of a project's own knowledge that cannot be used: path, line, what is wrong and what to do."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        self.message = message


@record
class Own:
    """What a project adds: descriptions and schemas of formats by name, rules, and their whole files by code."""

    formats: dict[str, dict[str, Any]]
    schemas: dict[str, dict[str, Any]]
    rules: tuple[Rule, ...]
    documents: dict[str, dict[str, Any]]


NOTHING = Own({}, {}, (), {})
_loaded: dict[tuple[tuple[str, str], ...], Own] = {}


def own_files(folder: str) -> Iterator[str]:
    """Yield the files of a project's own knowledge in `folder`, sorted; links that lead out of it are left alone."""
    top = os.path.realpath(folder)
    found = []
    for here, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [os.path.join(here, name) for name in names if name.endswith((".yaml", ".yml", ".json"))]
        if len(found) > MAX_FILES:
            raise OwnError(folder, 1, f"more than {MAX_FILES:,} files; this folder is for formats and rules only")
    for path in sorted(found):
        if os.path.commonpath((os.path.realpath(path), top)) == top and os.path.isfile(path):
            yield path


def fingerprint(folder: str) -> str:
    """Return a text that changes when a file of the folder does."""
    from hashlib import sha256

    digest = sha256()
    for path in own_files(folder):
        digest.update(path.encode(errors="surrogateescape") + b"\0" + _content(path) + b"\0")
    return digest.hexdigest()[:16]


def load(folders: tuple[tuple[str, str], ...], described: tuple[tuple[str, str], ...] = ()) -> Own:
    """Return what a project adds: the folders with their fingerprints, and descriptions as JSON by name.

    Raises OwnError for the first file that cannot be used.
    """
    if not folders and not described:
        return NOTHING
    key = (*folders, ("", ""), *described)
    if key not in _loaded:
        made = Own({name: json.loads(text) for name, text in described}, {}, (), {})
        for folder, _ in folders:
            made = _joined(made, _read(folder))
        while len(_loaded) >= MAX_KEPT:  # a folder may change often while an editor runs
            del _loaded[next(iter(_loaded))]
        _loaded[key] = made
    return _loaded[key]


def _joined(one: Own, other: Own) -> Own:
    codes = {rule.code for rule in one.rules}
    return Own(
        {**one.formats, **other.formats},
        {**one.schemas, **other.schemas},
        (*one.rules, *(rule for rule in other.rules if rule.code not in codes)),
        {**other.documents, **one.documents},
    )


def _read(folder: str) -> Own:
    formats: dict[str, dict[str, Any]] = {}
    schemas: dict[str, dict[str, Any]] = {}
    rules: list[Rule] = []
    documents: dict[str, dict[str, Any]] = {}
    for path in own_files(folder):
        steps = os.path.relpath(path, os.path.realpath(folder)).split(os.sep)
        if len(steps) == 3 and steps[0] == "formats" and steps[2] == "format.yaml":
            formats[_format_name(path, steps[1])] = _description(path)
        elif len(steps) == 3 and steps[0] == "formats" and steps[2] == "schema.json":
            schemas[steps[1]] = _schema(path)
        elif steps[0] == "rules" and path.endswith((".yaml", ".yml")):
            rule, document = _rule(path, rules)
            rules.append(rule)
            documents[rule.code] = document
    return Own(formats, schemas, tuple(rules), documents)


def _format_name(path: str, name: str) -> str:
    if name in knowledge.formats():
        raise OwnError(_shown(path), 1, f"hplint has a format {name} already; give the folder another name")
    return name


def _description(path: str) -> dict[str, Any]:
    tree = yaml.parse(_source(path))
    for problem in tree.problems:
        raise OwnError(_shown(path), tree.source.position(problem.span.start).line, problem.message)
    try:
        return description_of(tree.root if tree.root is not None else Node(MAP, 0, 0))
    except DescriptionError as error:
        raise OwnError(_shown(path), tree.source.position(error.node.start).line, error.message) from None


def _schema(path: str) -> dict[str, Any]:
    from hplint.schema.check import beyond
    from hplint.schema.shape import misshapen
    from hplint.syntax import json as json_syntax

    source = _source(path)
    tree = json_syntax.parse(source)
    for problem in tree.problems:
        raise OwnError(_shown(path), source.position(problem.span.start).line, problem.message)
    if tree.root is None or tree.root.kind is not MAP:
        raise OwnError(_shown(path), 1, "a JSON Schema is an object")
    schema: dict[str, Any] = tree.root.data()
    for key, value, wanted in misshapen(tree.root):
        message = f"`{key.text}` must be {wanted}, as JSON Schema has it"
        raise OwnError(_shown(path), source.position(value.start).line, message)
    unknown = sorted(beyond(schema))
    if unknown:
        names = ", ".join(f"`{name}`" for name in unknown)
        words = f"hplint's checks know no {names}; docs/your-own.md lists what they know"
        node = next((key for map_ in tree.root.walk() for key, _ in map_.entries if key.value == unknown[0]), tree.root)
        raise OwnError(_shown(path), source.position(node.start).line, words)
    for node in tree.root.walk():
        target = node.get("$ref") if node.kind is MAP else None
        known = {f"#/$defs/{name}" for name in schema.get("$defs", {})}
        if target is not None and target.value not in known:
            message = f"`{target.text}` leads nowhere; a $ref names an entry of $defs in the same file, as #/$defs/name"
            raise OwnError(_shown(path), source.position(target.start).line, message)
    definitions = schema.get("$defs", {})
    for name in definitions:
        if _branches({"$ref": f"#/$defs/{name}"}, definitions, (), {}) > MAX_BRANCHES:
            raise OwnError(_shown(path), 1, f"`{name}` in $defs leads back to itself, or branches without end")
    return schema


def _branches(schema: Any, definitions: dict[str, Any], above: tuple[str, ...], known: dict[str, int]) -> int:
    """Return how many schemas one value is held against, those behind $ref, anyOf and oneOf included."""
    if not isinstance(schema, dict):
        return 1
    name = schema.get("$ref")
    if name is not None:
        if name in above:
            return MAX_BRANCHES + 1
        if name not in known:
            known[name] = _branches(definitions[name.removeprefix("#/$defs/")], definitions, (*above, name), known)
        return known[name]
    below = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return 1 + sum(_branches(branch, definitions, above, known) for branch in below)


def _rule(path: str, before: list[Rule]) -> tuple[Rule, dict[str, Any]]:
    """Return a rule and the whole content of its file."""
    from hplint.rules.build import vocabularies
    from hplint.rules.load import RuleError, compile_rule, load_rule

    try:
        file = load_rule(_source(path).text, _shown(path), vocabularies(knowledge.data("names")))
        rule = compile_rule(file)
    except RuleError as error:
        raise OwnError(error.file, error.line, error.message) from None
    if any(rule.code == other.code for other in (*knowledge.rules(), *before)):
        raise OwnError(_shown(path), 1, f"the code {rule.code} is taken; use a prefix of your own, such as TEAM001")
    return rule, file.document


def _source(path: str) -> SourceText:
    try:
        return decode(_content(path))
    except UndecodableError as error:
        raise OwnError(_shown(path), error.line, error.reason) from None


def _content(path: str) -> bytes:
    try:
        if os.path.getsize(path) > MAX_BYTES:
            raise OwnError(_shown(path), 1, f"larger than {MAX_BYTES:,} bytes, which no format or rule is")
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise OwnError(_shown(path), 1, f"cannot be read: {error.strerror}") from None


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
