"""Which schemas hold at a place, told from the keys on the way there and from what is written beside them.

Unlike the check of a finished config this copes with half of one: where what is written does not decide between
branches, all branches that it could still become hold.
"""

from __future__ import annotations

from hplint.records import record
from hplint.schema.values import offered
from hplint.syntax.tree import LIST, MAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

_KIND_TYPES = {MAP: "object", LIST: "array"}
_WORDS = {
    "object": "map", "array": "list", "string": "text", "integer": "whole number", "number": "number",
    "boolean": "true or false", "null": "null",
}  # fmt: skip
MAX_SCHEMAS = 400


@record
class Holder:
    """A map or list on the way to a place.

    kind     MAP or LIST
    written  of a map: its keys with their scalar values, None for a value that is no scalar; the key at the place
             itself is left out
    key      the key that leads on, or at the place itself the key being written; None in a list
    """

    kind: str
    written: Mapping[Any, Any]
    key: Any


class Schemas:
    """The schemas of one format; finds those that hold at a place."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.root = schema
        self.definitions: Mapping[str, Any] = schema.get("$defs", {})

    def of_holder(self, path: Sequence[Holder]) -> list[Mapping[str, Any]]:
        """Return the schemas that may hold for the last holder of `path`, without references and branches."""
        found: list[Mapping[str, Any]] = [self.root]
        for index, holder in enumerate(path):
            found = self.expanded(found, holder)
            if index + 1 < len(path):
                found = self.below(found, holder)
        return found

    def of_value(self, path: Sequence[Holder]) -> list[Mapping[str, Any]]:
        """Return the schemas that may hold for the value of the last holder's key, or for an item of it."""
        return self.expanded(self.below(self.of_holder(path), path[-1]), None) if path else [self.root]

    def is_closed(self, path: Sequence[Holder]) -> bool:
        """Whether the last holder of `path` may have no keys but those that its schemas name."""
        found = [schema for schema in self.of_holder(path) if "properties" in schema]
        return bool(found) and all(schema.get("additionalProperties") is False for schema in found)

    def below(self, schemas: Sequence[Mapping[str, Any]], holder: Holder) -> list[Mapping[str, Any]]:
        """Return the schemas of what stands under the holder's key, or of its items, references and all."""
        found: list[Mapping[str, Any]] = []
        closed: list[Mapping[str, Any]] = []
        for schema in schemas:
            if holder.kind is LIST:
                below = schema.get("items")
            else:
                below = schema.get("properties", {}).get(holder.key)
                if below is None and isinstance(schema.get("additionalProperties"), dict):
                    closed.append(schema["additionalProperties"])
            if isinstance(below, dict) and not any(below is known for known in found):
                found.append(below)
        return found or closed

    def expanded(self, schemas: Sequence[Mapping[str, Any]], holder: Holder | None) -> list[Mapping[str, Any]]:
        """Return what `schemas` come to when references are followed and branches chosen by what `holder` is.

        A branch is chosen by the discriminator where it decides, else by how much of what is written it accepts.
        """
        found: list[Mapping[str, Any]] = []
        pending = [(schema, "") for schema in reversed(schemas)]
        seen: set[int] = set()
        while pending and len(found) < MAX_SCHEMAS:
            schema, description = pending.pop()
            if not isinstance(schema, dict) or id(schema) in seen:
                continue
            seen.add(id(schema))
            description = description or schema.get("description", "")
            if "$ref" in schema:
                pending.append((self.resolved(schema), description))
                continue
            branches = schema.get("oneOf") or schema.get("anyOf")
            if branches:
                chosen = self.chosen(schema, branches, holder)
                pending += [(branch, description) for branch in reversed(chosen)]
                if "enum" in schema and all("enum" in self.resolved(branch) for branch in chosen):
                    schema = {key: value for key, value in schema.items() if key != "enum"}  # each has fewer words
            if holder is None or _may_be(schema, holder.kind):
                found.append(
                    {**schema, "description": description} if description != schema.get("description", "") else schema
                )
        return found

    def resolved(self, schema: Any) -> Any:
        """Return the schema that a reference stands for; anything else as it is."""
        for _ in range(100):
            if not isinstance(schema, dict) or "$ref" not in schema:
                return schema
            schema = self.definitions.get(schema["$ref"].removeprefix("#/$defs/"), True)
        return True

    def chosen(self, schema: Mapping[str, Any], branches: Sequence[Any], holder: Holder | None) -> list[Any]:
        """Return the branches that `holder` may be of."""
        if holder is None:
            return list(branches)
        discriminator = schema.get("discriminator")
        if discriminator is not None and holder.kind is MAP:
            name = discriminator["propertyName"]
            if name not in holder.written and holder.key == name:
                return list(branches)
            value = holder.written.get(name, discriminator.get("default"))
            matching = [branch for branch in branches if value in self.constants(branch, name)]
            otherwise = self.resolved(discriminator.get("otherwise"))
            if not matching and otherwise is not None and (value is not None or _says_keys(otherwise)):
                return [otherwise]
            return matching or list(branches)
        # Branches that only ask for keys, such as one of two names of a setting: one that has them all is the one.
        satisfied = [branch for branch in branches if self.is_satisfied(branch, holder)]
        if satisfied:
            return satisfied
        fits = [(self.misfits(branch, holder), branch) for branch in branches]
        least = min(misfit for misfit, _ in fits)
        return [branch for misfit, branch in fits if misfit == least]

    def is_satisfied(self, branch: Any, holder: Holder) -> bool:
        """Whether a branch that asks for keys and nothing else finds them all."""
        return (
            isinstance(branch, dict) and set(branch) == {"required"} and set(branch["required"]) <= set(holder.written)
        )

    def constants(self, branch: Any, name: str) -> Sequence[Any]:
        """Return the values that a branch accepts for its property `name`, where it lists them."""
        resolved = self.resolved(branch)
        if not isinstance(resolved, dict):
            return ()
        listed = self.resolved(resolved.get("properties", {}).get(name, {}))
        if not isinstance(listed, dict):
            return ()
        values: Sequence[Any] = listed.get("enum", [listed["const"]] if "const" in listed else [])
        return values

    def misfits(self, branch: Any, holder: Holder) -> int:
        """Return how much of what is written a branch cannot take."""
        schema = self.resolved(branch)
        if not isinstance(schema, dict):
            return 0
        if not _may_be(schema, holder.kind):
            return 1000
        if holder.kind is LIST:
            return 0
        properties = schema.get("properties", {})
        closed = schema.get("additionalProperties") is False
        wrong = 0
        for key, value in holder.written.items():
            if key not in properties:
                wrong += closed
            elif value is not None:
                constants = self.constants(schema, key)
                wrong += 2 * bool(constants and value not in constants)
        return wrong

    def discriminators(self, path: Sequence[Holder]) -> Iterator[tuple[str, Mapping[Any, Any], Any]]:
        """Yield (property, branches by its values, default) for each discriminator of the last holder of `path`."""
        found: list[Mapping[str, Any]] = [self.root]
        for holder in path[:-1]:
            found = self.below(self.expanded(found, holder), holder)
        pending: list[Any] = list(reversed(found))
        seen: set[int] = set()
        while pending:
            schema = self.resolved(pending.pop())
            if not isinstance(schema, dict) or id(schema) in seen:
                continue
            seen.add(id(schema))
            branches = schema.get("oneOf") or schema.get("anyOf") or ()
            discriminator = schema.get("discriminator")
            if discriminator is None:
                pending += reversed(branches)
                continue
            name = discriminator["propertyName"]
            table: dict[Any, Any] = {}
            for branch in branches:
                for value in self.constants(branch, name):
                    table.setdefault(value, self.resolved(branch))
            yield name, table, discriminator.get("default")


def choices_said(known: Schemas, table: Mapping[Any, Any], name: str) -> dict[Any, str]:
    """Return what the values of a discriminator mean, by its branches: the branch's description or that of the key."""
    said = {}
    for word, branch in table.items():
        key = known.resolved(branch.get("properties", {}).get(name, {})) if isinstance(branch, dict) else {}
        said[word] = (branch.get("description") or key.get("description") or "") if isinstance(branch, dict) else ""
    return said


def _says_keys(schema: Any) -> bool:
    """Whether a schema tells of single keys, itself or in branches."""
    return isinstance(schema, dict) and not schema.keys().isdisjoint(("properties", "anyOf", "oneOf"))


def _may_be(schema: Mapping[str, Any], kind: str) -> bool:
    """Whether a schema accepts a collection of this kind."""
    wanted = schema.get("type")
    if wanted is None:
        return "enum" not in schema and "const" not in schema
    return _KIND_TYPES[kind] in ((wanted,) if isinstance(wanted, str) else wanted)


def types(schemas: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the JSON types that any of the schemas accepts, in their order."""
    found: dict[str, None] = {}
    for schema in schemas:
        wanted = schema.get("type", ())
        found.update(dict.fromkeys((wanted,) if isinstance(wanted, str) else wanted))
    if "number" in found:
        found.pop("integer", None)
    return list(found)


def is_switch(schemas: Sequence[Mapping[str, Any]]) -> bool:
    """Whether any of the schemas asks for true or false: not one that lists its values, or takes anything."""
    return any(
        "boolean" in types([schema])
        and "array" not in types([schema])
        and "enum" not in schema
        and "const" not in schema
        for schema in schemas
    )


def type_words(schemas: Sequence[Mapping[str, Any]]) -> str:
    """Return what kinds of value any of the schemas accepts, in words; empty where they do not say or list them."""
    open_ones = [schema for schema in schemas if "enum" not in schema and "const" not in schema]
    wanted = types(open_ones)
    if set(wanted) >= {"object", "array", "string", "number", "boolean"}:  # anything
        return ""
    words = [_WORDS[name] for name in sorted(wanted, key="null".__eq__) if name in _WORDS]
    return ", ".join(words[:-1]) + (" or " if len(words) > 1 else "") + words[-1] if words else ""


def choices(schemas: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the values that the schemas list, each once, in their order."""
    found: dict[tuple[type, Any], Any] = {}
    for schema in schemas:
        for value in offered(schema):
            if isinstance(value, (str, int, float, bool, type(None))):
                found.setdefault((type(value), value), value)
    return list(found.values())


def first(schemas: Sequence[Mapping[str, Any]], name: str) -> Any:
    """Return the keyword `name` of the first schema that has it, None if none has."""
    return next((schema[name] for schema in schemas if schema.get(name) not in (None, "")), None)
