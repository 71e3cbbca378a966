"""Checks a tree against a JSON Schema of hplint's normal form, and says what is wrong in plain words.

It walks the document, not the schema, so large schemas cost nothing. The keywords are those listed in SUPPORTED; tests
hold the schemas of hplint to them (see `beyond`), and the checks to those of the jsonschema library.

Beyond JSON Schema: `discriminator: {propertyName, default, open, otherwise}` beside `oneOf` or `anyOf` picks the
branch by a property's value; with `open` an unlisted value is accepted unchecked, except where it begins with one of
`closed` and is none of `accepted`, and a map without the property is held to the schema `otherwise`. `x-lax` says
that the loader turns texts into the numbers and truth values that they name, there and below, as pydantic does unless
told not to. `x-ignores` in the schema of a map says that the loader leaves keys that it does not know alone: there a
key is pointed out only where it is a slip of a known one. `x-slips` asks for the same where the program that reads
the file may know keys of its own. `x-open-with` lists keys that bring others with them which the schema does not
know. `x-exact` says that the loader lets no value change the type of its default, as yacs does (hplint.schema.exact).
`x-gone` lists values of an enum that only older versions took: they pass, and nobody is told to write them. `x-forks`
says that programs are built on this one which add keys of their own: a config with a key that is neither known nor a
slip of a known one is for one of them, and is left alone.
"""

from __future__ import annotations

from hplint.facts.names import slip_of
from hplint.records import record
from hplint.schema.exact import as_type, exact_type, is_exactly
from hplint.schema.fits import MAX_UNKNOWN_KEYS, branches_by_value, resolved
from hplint.schema.values import asks_values_alone, becomes, is_missing, is_replaced, is_type, offered, same
from hplint.syntax.tree import BOOL, FLOAT, INTEGER, LIST, MAP, NULL, OTHER, STRING, AllBut, Node
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

SUPPORTED = frozenset((
    "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems", "maxItems",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "anyOf", "oneOf", "$ref",
    "discriminator", "$defs", "$schema", "$id", "title", "description", "default", "examples", "deprecated",
))  # fmt: skip


@record
class Mismatch:
    """A value that its schema does not accept.

    `kind` is one of unknown-key, missing-key, wrong-type, changed-type, not-allowed, out-of-range, wrong-length. `node`
    is the value (for unknown-key the key), `choices` what is accepted there, `wanted` the accepted kinds; `ignored`
    tells that the loader leaves the key alone.
    """

    kind: str
    message: str
    node: Node
    span: Span
    choices: tuple[Any, ...] = ()
    wanted: tuple[str, ...] = ()
    nearest: Any = None
    ignored: bool = False


_WORDS = {
    MAP: "a map", LIST: "a list", STRING: "text", INTEGER: "a whole number", FLOAT: "a number", BOOL: "true or false",
    NULL: "nothing", OTHER: "a date or tagged value",
}  # fmt: skip
_TYPE_WORDS = {
    "object": "a map", "array": "a list", "string": "text", "integer": "a whole number", "number": "a number",
    "boolean": "true or false", "null": "null",
}  # fmt: skip


def check(root: Node, schema: Mapping[str, Any]) -> list[Mismatch]:
    """Return everything in the tree below `root` that `schema` does not accept, in the order of the file.

    Where `hplint.schema.fits` says that the tree fits, there is nothing; that takes a fraction of the time.
    """
    found = list(_Checker(schema).check(root, schema))
    if schema.get("x-forks") and not all(map(_may_be_slip, found)):
        return []
    return sorted(found, key=lambda mismatch: (mismatch.span.start, mismatch.span.end))


def beyond(schema: Any) -> set[str]:
    """Return the keywords of a schema that `check` does not know; its own extensions ("x-...") do not count."""
    unknown = set()
    pending: list[tuple[Any, bool]] = [(schema, True)]
    while pending:
        part, is_schema = pending.pop()
        if isinstance(part, list):
            pending += [(item, is_schema) for item in part]
        elif isinstance(part, dict):
            for key, value in part.items():
                if not is_schema:
                    pending.append((value, True))
                elif key in ("properties", "$defs"):
                    pending.append((value, False))
                elif key not in SUPPORTED and not key.startswith("x-"):
                    unknown.add(key)
                elif key in ("items", "additionalProperties", "anyOf", "oneOf"):
                    pending.append((value, True))
    return unknown


MAX_UNKNOWN = MAX_UNKNOWN_KEYS
"""Of how many unknown keys of one map it is told what they may be slips of; a map with more is none of the format's."""

MAX_TOLD = 1000
"""Of how many unknown keys of one map, and of about how much in one list, it is told: nobody reads on."""

_by_value: dict[int, tuple[list[Any], dict[Any, Any]]] = {}
# Branches by value, for each list of branches by its identity, which is its own as long as the list is kept here.


def is_for_fork(root: Node, schema: Mapping[str, Any]) -> bool:
    """Whether a config has keys that only a program has which is built on the schema's own."""
    return bool(schema.get("x-forks")) and not all(map(_may_be_slip, _Checker(schema).check(root, schema)))


def _may_be_slip(mismatch: Mismatch) -> bool:
    """Whether a mismatch says nothing against the config's being for this very program."""
    return mismatch.kind != "unknown-key" or mismatch.nearest is not None


class _Checker:
    def __init__(self, root_schema: Mapping[str, Any]) -> None:
        self.definitions: Mapping[str, Any] = root_schema.get("$defs", {})
        self.lax = False
        self.exact = bool(root_schema.get("x-exact"))
        self.forks = bool(root_schema.get("x-forks"))
        # Branches within branches would multiply with every level; each is held against a value once.
        self.branch_results: dict[tuple[int, int], list[Mismatch]] = {}

    def resolve(self, schema: Any) -> Any:
        return resolved(schema, self.definitions)

    def check(self, node: Node, schema: Any) -> Iterator[Mismatch]:
        if is_replaced(node):
            return
        schema = self.resolve(schema)
        if schema is True or not schema:
            if schema is False:
                yield _mismatch("not-allowed", "is not allowed here", node)
            return
        if schema.get("x-lax") and not self.lax:
            self.lax = True
            yield from self.check(node, schema)
            self.lax = False
            return
        if node.is_scalar:
            yield from self.check_against(node, schema)
            return
        rest = node.recall(schema, self.lax)
        if rest is None or (rest and not (node.kind is MAP and asks_values_alone(schema))):
            found = list(self.check_against(node, schema))
            if not found:
                node.remember(schema, AllBut(), self.lax)
        elif rest:
            found, accepted = [], []
            for value in rest:
                wrong = list(self.check_value_of(value, schema))
                if not wrong:
                    accepted.append(value)
                found += wrong
            rest[:] = [value for value in rest if value not in accepted]
        else:
            return
        yield from found

    def check_value_of(self, value: Node, schema: Mapping[str, Any]) -> Iterator[Mismatch]:
        """Yield what the schema of a map does not accept of one of its values, its key being accepted."""
        assert isinstance(value.key, Node)
        below = schema.get("properties", {}).get(value.key.value, schema.get("additionalProperties", True))
        yield from self.check(value, below) if isinstance(below, dict) else ()

    def check_against(self, node: Node, schema: Any) -> Iterator[Mismatch]:
        """Yield what a schema, which is no reference any more, does not accept."""
        branches = schema.get("oneOf") or schema.get("anyOf")
        if branches is not None:
            yield from self.check_branches(node, schema, branches)
        wrong = self.check_value(node, schema)
        if wrong is not None:
            yield wrong
            return
        if node.kind is MAP:
            yield from self.check_map(node, schema)
        elif node.kind is LIST:
            yield from self.check_list(node, schema)

    def check_value(self, node: Node, schema: Mapping[str, Any]) -> Mismatch | None:
        """Return what is wrong with the value itself, without looking below it."""
        wanted = schema.get("type")
        if wanted is not None:
            types = (wanted,) if isinstance(wanted, str) else tuple(wanted)
            if self.exact:
                return None if is_exactly(node, types) else _changed_type(node, types)
            if not self.is_of(node, types):
                words = _either(_TYPE_WORDS[name] for name in types)
                return _mismatch("wrong-type", f"must be {words}{_but(node)}", node, offered(schema), types)
        choices = (schema["const"],) if "const" in schema else schema.get("enum")
        if choices is not None and not any(same(node, choice) for choice in choices):
            allowed = offered(schema)
            nearest = _nearest(node.value, allowed)
            hint = f"; did you mean {_quote(nearest)}?" if nearest else f"; use {_listed(allowed)}"
            return _mismatch(
                "not-allowed", f"cannot be {_describe(node)}{hint}", node, choices=allowed, nearest=nearest
            )
        if node.is_number:
            problem = _out_of_range(node.value, schema)
            if problem:
                return _mismatch("out-of-range", f"must be {problem}, not {node.text}", node)
        if node.kind is STRING and len(node.value) < schema.get("minLength", 0):
            return _mismatch("wrong-length", "must not be empty", node)
        return None

    def is_of(self, node: Node, types: tuple[str, ...]) -> bool:
        """Whether a value is of one of the types."""
        return any(is_type(node, name) or (self.lax and becomes(node, name)) for name in types)

    def check_map(self, node: Node, schema: Mapping[str, Any]) -> Iterator[Mismatch]:
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        if any(node.get(name) is not None for name in schema.get("x-open-with", ())):
            others = True
        misspelt = set()
        unknown_keys = 0
        for key, value in node.all_entries():
            below = properties.get(key.value)
            if below is not None:
                yield from self.check(value, below)
            elif others is False and unknown_keys > MAX_TOLD:
                continue
            elif others is False:
                unknown_keys += 1
                unknown = self.unknown_key(node, key, properties if unknown_keys <= MAX_UNKNOWN else {})
                misspelt.add(unknown.nearest)
                yield unknown
            elif others is not True:
                yield from self.check(value, others)
            elif unknown_keys > MAX_UNKNOWN:
                continue
            elif schema.get("x-ignores"):
                unknown_keys += 1
                yield from self.slip(node, key, properties, ignored=True)
            elif schema.get("x-slips"):
                unknown_keys += 1
                yield from self.slip(node, key, properties, ignored=False)
        for name in schema.get("required", ()):
            if node.get(name) is None and name not in misspelt:
                yield _mismatch("missing-key", f"needs the key {_quote(name)}", node)

    def slip(self, node: Node, key: Node, properties: Mapping[str, Any], ignored: bool) -> Iterator[Mismatch]:
        """Yield that a key which is not known can only be a slip of a known one."""
        if isinstance(key.value, str) and not key.value.startswith(("_", "x-", ".")):
            free = [name for name in properties if node.get(name) is None]
            nearest = slip_of(key.value, free)
            if nearest is not None:
                fate = ", and ignored" if ignored else ""
                message = f"{_quote(key.text)} is not a key {_known_where(node)}{fate}; did you mean `{nearest}`?"
                yield Mismatch("unknown-key", message, key, key.span, tuple(properties), (), nearest, ignored=ignored)

    def unknown_key(self, node: Node, key: Node, properties: Mapping[str, Any]) -> Mismatch:
        free = [name for name in properties if node.get(name) is None]
        is_text = isinstance(key.value, str)
        nearest = (slip_of(key.value, free) if self.forks and is_text else _nearest(key.value, free)) if free else None
        hint = f"; did you mean {_quote(nearest)}?" if nearest else ""
        message = f"{_quote(key.text)} is not a key {_known_where(node)}{hint}"
        return Mismatch("unknown-key", message, key, key.span, tuple(properties), (), nearest)

    def check_list(self, node: Node, schema: Mapping[str, Any]) -> Iterator[Mismatch]:
        size = len(node.items)
        if size < schema.get("minItems", 0):
            yield _mismatch("wrong-length", f"needs at least {_items(schema['minItems'])}, not {size}", node)
        if size > schema.get("maxItems", size):
            yield _mismatch("wrong-length", f"takes at most {_items(schema['maxItems'])}, not {size}", node)
        items = schema.get("items")
        if items is not None:
            below = self.resolve(items)
            told = 0
            for run in node.runs():
                if told > MAX_TOLD:
                    break
                if not run.recall(below, self.lax):  # a long list whose items did not change is passed over quickly
                    found = [mismatch for item in run.items for mismatch in self.check(item, below)]
                    yield from found
                    told += len(found)
                    if not found:
                        run.remember(below, True, self.lax)

    def check_branches(self, node: Node, schema: Mapping[str, Any], branches: list[Any]) -> Iterator[Mismatch]:
        discriminator = schema.get("discriminator")
        if discriminator is not None and node.kind is MAP:
            yield from self.check_discriminated(node, discriminator, branches)
            return
        best: list[Mismatch] | None = None
        fitting: list[Any] = []
        for branch in branches:
            resolved = self.resolve(branch)
            wanted = resolved.get("type") if isinstance(resolved, dict) else None
            if isinstance(wanted, str) and not self.is_of(node, (wanted,)):
                continue
            found = self.check_branch(node, branch)
            if not found:
                return
            if self.check_value(node, resolved if isinstance(resolved, dict) else {}) is None:
                fitting.append(branch)
                if best is None or len(found) < len(best):
                    best = found
        if best is not None:
            yield from best
            return
        yield self.no_branch(node, branches)

    def check_branch(self, node: Node, branch: Any) -> list[Mismatch]:
        key = id(node), id(branch)
        if key not in self.branch_results:
            self.branch_results[key] = list(self.check(node, branch))
        return self.branch_results[key]

    def no_branch(self, node: Node, branches: list[Any]) -> Mismatch:
        """Return one mismatch that joins what all branches accept."""
        types: list[str] = []
        choices: list[Any] = []
        ranges: list[Mismatch] = []
        for branch in branches:
            resolved = self.resolve(branch)
            if not isinstance(resolved, dict):
                continue
            wrong = self.check_value(node, resolved)
            if "const" in resolved or "enum" in resolved:
                choices += offered(resolved)
            elif wrong is not None and wrong.kind == "wrong-type":
                types += [name for name in wrong.wanted if name not in types]
            elif wrong is not None:
                ranges.append(wrong)
        if ranges:
            return ranges[0]
        nearest = _nearest(node.value, choices)
        accepted = [_TYPE_WORDS[name] for name in types] + [_quote(choice) for choice in choices[:12]]
        hint = f"; did you mean {_quote(nearest)}?" if nearest else ""
        kind = "not-allowed" if choices and node.kind is STRING else "wrong-type"
        message = f"must be {_either(accepted)}{_but(node)}{hint}"
        return _mismatch(kind, message, node, choices=tuple(choices), wanted=tuple(types), nearest=nearest)

    def branches_by_value(self, name: str, branches: list[Any]) -> dict[Any, Any]:
        """Return the branches by the value of the property `name` that each is for, found once per list."""
        if id(branches) not in _by_value:
            _by_value[id(branches)] = (branches, branches_by_value(name, branches, self.definitions))
        return _by_value[id(branches)][1]

    def check_discriminated(self, node: Node, discriminator: Any, branches: list[Any]) -> Iterator[Mismatch]:
        name = discriminator["propertyName"]
        chosen = node.get(name)
        if chosen is None and "otherwise" in discriminator:
            yield from self.check(node, discriminator["otherwise"])
            return
        if chosen is not None and is_replaced(chosen):
            return
        value = chosen.value if chosen is not None else discriminator.get("default")
        by_value = self.branches_by_value(name, branches)
        if isinstance(value, str) and value in by_value:
            yield from self.check(node, by_value[value])
            return
        known = list(by_value)
        if chosen is not None and discriminator.get("open") and (chosen.is_number or not chosen.is_scalar):
            yield _mismatch("wrong-type", f"must be text{_but(chosen)}", chosen, wanted=("string",))
            return
        if discriminator.get("open") and not is_missing(value, discriminator):
            return
        if chosen is None:
            if value is None:
                yield _mismatch("missing-key", f"needs the key {_quote(name)}", node)
            return
        nearest = _nearest(chosen.value, known)
        said = f"names {_quote(chosen.text)}, which does not exist" if discriminator.get("open") else None
        hint = f"; did you mean {_quote(nearest)}?" if nearest else "" if said else f"; use {_listed(known)}"
        message = f"{said or f'cannot be {_describe(chosen)}'}{hint}"
        yield _mismatch("not-allowed", message, chosen, choices=tuple(known), nearest=nearest)


def _known_where(node: Node) -> str:
    """Return where a map's keys are known, by the key that the map, or the list it is in, stands at."""
    while node.parent is not None and not isinstance(node.key, Node):
        node = node.parent
    return f"of {_quote(node.key.text)}" if isinstance(node.key, Node) else "that is known here"


def _items(count: int) -> str:
    return f"{count} item" if count == 1 else f"{count} items"


def _mismatch(
    kind: str,
    message: str,
    node: Node,
    choices: tuple[Any, ...] = (),
    wanted: tuple[str, ...] = (),
    nearest: Any = None,
) -> Mismatch:
    """Return a mismatch whose message names the key; a map or list is pointed at by its key, not its whole text."""
    key = node.key
    parent = node.parent
    named = key if isinstance(key, Node) else (parent.key if parent is not None and parent.kind is LIST else None)
    subject = f"`{named.text}`" if isinstance(named, Node) else "the config"
    if isinstance(key, int):
        subject = f"item {key + 1} of {subject}"
    span = node.span
    if not node.is_scalar:
        span = key.span if isinstance(key, Node) else Span(node.start, min(node.start + 1, node.end))
    return Mismatch(kind, f"{subject} {message}", node, span, choices, wanted, nearest)


def _changed_type(node: Node, types: tuple[str, ...]) -> Mismatch:
    """Return the mismatch of a value that would change the type of its default."""
    words = _either("a number with a point" if name == "number" else _TYPE_WORDS[name] for name in types)
    read = exact_type(node)
    said = (
        f", which is read as {_TYPE_WORDS[read]}"
        if node.kind is STRING and read in _TYPE_WORDS and read != "string"
        else ""
    )
    mended = as_type(node, types)
    hint = f"; write {mended}" if mended is not None else ""
    return _mismatch("changed-type", f"must stay {words}, not {_describe(node)}{said}{hint}", node, nearest=mended)


def _out_of_range(value: float, schema: Mapping[str, Any]) -> str | None:
    limits: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
        ("minimum", lambda limit: value >= limit, "at least"),
        ("maximum", lambda limit: value <= limit, "at most"),
        ("exclusiveMinimum", lambda limit: value > limit, "greater than"),
        ("exclusiveMaximum", lambda limit: value < limit, "less than"),
    )
    wrong = [f"{word} {schema[name]}" for name, holds, word in limits if name in schema and not holds(schema[name])]
    return " and ".join(wrong) or None


def _but(node: Node) -> str:
    """Return how a sentence on what a value must be goes on, with what it is instead."""
    return ", and is empty" if node.kind is NULL and not node.text else f", not {_describe(node)}"


def _describe(node: Node) -> str:
    if node.kind is NULL:
        return node.text or _WORDS[NULL]
    if not node.is_scalar:
        return _WORDS[node.kind]
    if node.kind is STRING and not node.text:
        return "an empty text"
    shown = node.text if len(node.text) <= 40 else node.text[:37] + "..."
    return f"the text {_quote(shown)}" if node.kind is STRING else shown


def _quote(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else f"`{value}`"


def _either(words: Any) -> str:
    listed = list(dict.fromkeys(words))
    return " or ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


def _listed(choices: Any) -> str:
    """Return choices for a sentence; of those that differ in nothing but case the first."""
    listed = list({quoted.lower(): quoted for quoted in map(_quote, reversed(list(choices)))}.values())[::-1]
    more = f" or {len(listed) - 8} more" if len(listed) > 8 else ""
    return ("one of " if len(listed) > 1 else "") + ", ".join(listed[:8]) + more


def _nearest(word: Any, words: Any) -> str | None:
    """Return the one of `words` that `word` is most likely a misspelling of."""
    if not isinstance(word, str) or len(word) < 3:
        return None
    from difflib import get_close_matches

    texts = [candidate for candidate in words if isinstance(candidate, str)]
    lowered = {candidate.lower(): candidate for candidate in texts}
    if word.lower() in lowered:
        return lowered[word.lower()]
    longer = [text for text in texts if len(word) > 8 and text.startswith(f"{word}_")]
    close = longer[:1] or get_close_matches(word, texts, 1, 0.75)
    return close[0] if close else None
