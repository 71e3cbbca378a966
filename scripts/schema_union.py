"""The union of two versions of a JSON Schema: what either version takes, the result takes.

Schemas are trees without $ref. The branches of a union (`oneOf` with a `discriminator`) each name one value of its key.

A value has one JSON type, so a schema splits into what it says of each: {"number": {"type": "integer", "minimum": 1}}.
Keywords of different types do not meet, which makes such a split easy to widen. None stands for a schema that says
nothing.
"""

from __future__ import annotations

import copy
from typing import Any

Schema = dict[str, Any]

KINDS = ("null", "boolean", "number", "string", "array", "object")
LOWER, UPPER = ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")
KEYS_OF_KIND = {
    "number": (*LOWER, *UPPER),
    "string": ("minLength",),
    "array": ("items", "minItems", "maxItems"),
    "object": ("properties", "required", "additionalProperties", "x-ignores", "oneOf", "discriminator"),
}


def kind_of(value: Any) -> str:
    """The JSON type of a value, one of KINDS."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def split(schema: Schema) -> dict[str, Schema] | None:
    """What a schema says of each kind that it admits, or None if it admits everything."""
    kinds: dict[str, Schema] = {}
    if "anyOf" in schema:
        for option in schema["anyOf"]:
            parts = split(option)
            if parts is None:
                return None
            for kind, part in parts.items():
                kinds[kind] = shared(kinds[kind], part) if kind in kinds else part
    elif "const" in schema or "enum" in schema:
        for value in schema.get("enum", [schema.get("const")]):
            kinds.setdefault(kind_of(value), {"enum": []})["enum"].append(value)
        if "null" in kinds:
            kinds["null"] = {}
        if len(kinds.get("boolean", {}).get("enum", ())) == 2:
            kinds["boolean"] = {}
    else:
        names = schema.get("type", "object" if "properties" in schema or "oneOf" in schema else None)
        if names is None:
            return None
        for name in [names] if isinstance(names, str) else names:
            kind = "number" if name == "integer" else name
            kinds[kind] = {key: schema[key] for key in KEYS_OF_KIND.get(kind, ()) if key in schema}
            if name == "integer":
                kinds[kind]["type"] = "integer"
    return kinds


def join(kinds: dict[str, Schema] | None) -> Schema:
    """The schema for what `split` returned."""
    listed: list[Any] = []
    names: list[str] = []
    plain: Schema = {}
    options: list[Schema] = []
    for kind in KINDS:
        part = dict((kinds or {}).get(kind, {}))
        if "enum" in part:
            listed += part["enum"]
        elif "oneOf" in part:
            options.append(part)
        elif kind in (kinds or {}):
            names.append(part.pop("type", kind))
            plain.update(part)
    if listed and names == ["null"]:
        listed.append(None)
        names = []
    if listed:
        options.append({"type": one_or_more(kind_of(value) for value in listed), "enum": listed})
    if names:
        options.append({"type": one_or_more(names), **plain})
    if len(options) > 1:
        return {"anyOf": options}
    return options[0] if options else {}


def one_or_more(names: Any) -> str | list[str]:
    """The names sorted, or the only one."""
    found = sorted(set(names))
    return found[0] if len(found) == 1 else found


def merge(old: Schema, new: Schema) -> Schema:
    """A schema that takes what either takes, save that a limit which only one of them states is kept.

    The default is the new one's.
    """
    before, after = split(old), split(new)
    kinds = before if after is None else after
    if before is not None and after is not None:
        kinds = before | after | {kind: widen(before[kind], after[kind]) for kind in before if kind in after}
    default = new.get("default", old.get("default"))
    return join(kinds) | ({} if default is None else {"default": default})


def widen(old: Schema, new: Schema) -> Schema:
    """`merge` within one kind."""
    if "oneOf" in old and "oneOf" in new:
        return widen_union(old, new)
    if "oneOf" in old or "oneOf" in new:
        return new if "oneOf" in new else old
    out = old | new
    if ("type" in old) != ("type" in new):  # whole numbers in one version, any number in the other
        del out["type"]
    if "enum" in old and "enum" in new:
        out["enum"] = old["enum"] + [value for value in new["enum"] if value not in old["enum"]]
    for keys, wider in ((LOWER, min), (UPPER, max)):
        limits = [schema[key] for schema in (old, new) for key in keys if key in schema]
        if len(limits) == 2:
            widest = wider(limits)
            closed = any(schema.get(keys[0]) == widest for schema in (old, new))
            out = {key: value for key, value in out.items() if key not in keys}
            out[keys[0] if closed else keys[1]] = widest
    for key, wider in (("minItems", min), ("maxItems", max)):
        if key in old and key in new:
            out[key] = wider(old[key], new[key])
    if "items" in old and "items" in new:
        out["items"] = merge(old["items"], new["items"])
    if "properties" in old and "properties" in new:
        both = {name: merge(old["properties"][name], part) for name, part in new["properties"].items()
                if name in old["properties"]}  # fmt: skip
        out["properties"] = copy.deepcopy(old["properties"] | new["properties"]) | both
        out["additionalProperties"] = old["additionalProperties"] or new["additionalProperties"]
        out["required"] = [name for name in old.get("required", []) if name in new.get("required", [])]
    if out.get("required") == []:
        del out["required"]
    return out


def shared(one: Schema, other: Schema) -> Schema:
    """What two options for a kind have in common: `widen`, but a limit that either lacks is none."""
    kept = [key for key in one if key in other]
    return widen({key: one[key] for key in kept}, {key: other[key] for key in kept})


def widen_union(old: Schema, new: Schema) -> Schema:
    """Two unions by the same key: the branches of both, with the default of the new."""
    key = new["discriminator"]["propertyName"]
    before, after = by_value(old, key), by_value(new, key)
    both = {value: widen(before[value], branch) for value, branch in after.items() if value in before}
    for value in both:
        both[value]["properties"][key] = {"const": value}
    branches = before | after | both
    for value in after.keys() - before.keys():
        properties = branches[value]["properties"]
        for name, part in properties.items():
            # A newer branch shares many properties with the others; what these were limited to before holds for it too.
            like = (other for other in both if after[other]["properties"].get(name) == part)
            sibling = next(like, None)
            if sibling is not None:
                properties[name] = copy.deepcopy(both[sibling]["properties"][name])
    return {"discriminator": new["discriminator"], "oneOf": list(branches.values())}


def by_value(schema: Schema, key: str) -> dict[Any, Schema]:
    """Copies of the branches of a union, by the value of its key."""
    return {branch["properties"][key]["const"]: copy.deepcopy(branch) for branch in schema["oneOf"]}
