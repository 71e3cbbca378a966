"""Write schemas/ludwig/schema.json from the Ludwig that is installed.

    python scripts/generate_ludwig_schema.py            add the installed version to the schema in the repository
    python scripts/generate_ludwig_schema.py --fresh    forget the versions added before

Run it inside an environment that can import `ludwig` (0.8 or later; a CPU build of torch is enough). Updating to a new
Ludwig is the first command, alone. A configuration that any of the added versions takes is to pass, so the file is the union
of them: run the oldest version with --fresh first and the newest last. `x-version` in the file names them.

What happens: Ludwig's own JSON Schema for each model type is read; its if/then chains become unions that name the key
they are chosen by (`discriminator`); texts and display hints are dropped; the tree is merged into the one already in the
file; schemas/ludwig/overlay.json corrects it; equal subtrees are moved to `$defs`.

Merging keeps a limit which a newer version no longer states: since Ludwig moved to pydantic many fields lost their type or
range in its schema (the learning rate may be -1) though the training code still needs them. Where both state one, the
wider wins.

In the result, an object with `properties` and `additionalProperties: true` is one where Ludwig ignores any other key
without a word; `false` is one where it stops; neither is a free mapping.

overlay.json: `patches` is a list of {"at", "merge", "why"}. `at` is a path of property names where `*` stands for any one name
and `**` for any number of them; a name may also be a value of the discriminator, written `=bert`. `merge` is a JSON merge
patch (RFC 7396) on each schema found there: null removes a key. A patch that finds nothing is an error.
"""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path
from typing import Any

from schema_defs import expand, factor

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "ludwig"
MODEL_TYPES = ("ecd", "llm", "gbm")
KINDS = ("null", "boolean", "number", "string", "array", "object")
OBJECT_KEYS = ("properties", "required", "additionalProperties", "oneOf", "discriminator")
ARRAY_KEYS = ("items", "minItems", "maxItems")
LOWER, UPPER = ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")
KEYS_OF_KIND = {"number": LOWER + UPPER, "array": ARRAY_KEYS, "object": OBJECT_KEYS, "string": ("minLength",)}


# --- a schema as its kinds -------------------------------------------------------------------------------------------
# A value has one JSON type, so a schema splits into what it says of each: {"number": {"type": "integer", "minimum": 1}}.
# `None` stands for a schema that says nothing.

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
    """What a schema in normal form (no $ref) says of each kind it admits, or None if it admits everything."""
    if "anyOf" in schema:
        kinds: dict[str, Schema] = {}
        for option in schema["anyOf"]:
            parts = split(option)
            if parts is None:
                return None
            for kind, part in parts.items():
                kinds[kind] = shared(kinds[kind], part) if kind in kinds else part
        return kinds
    if "const" in schema or "enum" in schema:
        kinds = {}
        for value in schema.get("enum", [schema.get("const")]):
            kinds.setdefault(kind_of(value), {"enum": []})["enum"].append(value)
        for kind in ("null", "boolean"):
            if kind in kinds and (kind == "null" or len(kinds[kind]["enum"]) == 2):
                kinds[kind] = {}
        return kinds
    names = schema.get("type", ["object"] if "properties" in schema or "oneOf" in schema else None)
    if names is None:
        return None
    kinds = {}
    for name in [names] if isinstance(names, str) else names:
        kind = "number" if name == "integer" else name
        part = {key: schema[key] for key in KEYS_OF_KIND.get(kind, ()) if key in schema}
        if kind == "number" and name == "integer":
            part["type"] = "integer"
        kinds[kind] = part
    return kinds


def join(kinds: dict[str, Schema] | None) -> Schema:
    """The schema in normal form for what `split` returned."""
    if kinds is None:
        return {}
    listed: list[Any] = []
    plain: Schema = {}
    names: list[str] = []
    options: list[Schema] = []
    for kind in KINDS:
        if kind not in kinds:
            continue
        part = dict(kinds[kind])
        if "enum" in part:
            listed += part["enum"]
        elif "oneOf" in part:
            options.append(part)
        else:
            names.append(part.pop("type", kind))
            plain.update(part)
    if listed and names and set(names) <= {"null"}:
        listed.append(None)
        names = []
    if listed:
        types = sorted({kind_of(value) for value in listed})
        options.append({"type": types[0] if len(types) == 1 else types, "enum": listed})
    if names:
        options.append({"type": names[0] if len(names) == 1 else sorted(names), **plain})
    return options[0] if len(options) == 1 else {"anyOf": options}


# --- from Ludwig's schema to the normal form -------------------------------------------------------------------------

def normal(raw: Schema) -> Schema:
    """One of Ludwig's schemas, in normal form, without $ref."""
    chain = raw.get("allOf", [])
    if chain:
        schema = union(raw, chain)
    elif "oneOf" in raw or "anyOf" in raw:
        schema = join(split({"anyOf": [normal(option) for option in raw.get("oneOf") or raw["anyOf"]]}))
    else:
        schema = {key: raw[key] for key in ("type", "enum", "const", "required", *LOWER, *UPPER, *ARRAY_KEYS) if key in raw}
        if raw.get("properties"):
            schema["properties"] = {name: normal(value) for name, value in raw["properties"].items()}
            schema["additionalProperties"] = raw.get("additionalProperties") is not False
        if isinstance(schema.get("items"), list):  # a tuple: all of Ludwig's have items of one schema
            length = len(schema["items"])
            schema |= {"items": normal(schema["items"][0]), "minItems": length, "maxItems": length}
        elif isinstance(schema.get("items"), dict):
            schema["items"] = normal(schema["items"])
        schema = join(split(schema))
    if raw.get("default") is not None:
        schema["default"] = raw["default"]
    return schema


def union(raw: Schema, chain: list[Schema]) -> Schema:
    """The union that a chain of `if {key: const} then {...}` spells out."""
    (key,) = chain[0]["if"]["properties"]
    choice = raw["properties"][key]
    default = choice.get("default")
    common = {name: normal(value) for name, value in raw["properties"].items() if name != key}
    required = [name for name in raw.get("required", []) if name != key]
    branches = {value: {} for value in choice["enum"]}
    for rule in chain:
        value = rule["if"]["properties"][key].get("const")
        branches[value] = {name: normal(part) for name, part in rule["then"].get("properties", {}).items()}
    return {
        "discriminator": {"propertyName": key} | ({"default": default} if default is not None else {}),
        "oneOf": [
            {
                "type": "object",
                "properties": common | properties | {key: {"const": value}},
                "required": required + ([] if value == default and key not in raw.get("required", []) else [key]),
                "additionalProperties": True,
            }
            for value, properties in branches.items()
        ],
    }


# --- the union of versions -------------------------------------------------------------------------------------------

def merge(old: Schema, new: Schema) -> Schema:
    """A schema that takes what either takes, but keeps what only the old one limits. The default is the new one's."""
    before, after = split(old), split(new)
    if before is None or after is None:
        kinds = after if before is None else before
    else:
        kinds = {kind: widen(before[kind], after[kind]) if kind in before and kind in after else before.get(kind, after.get(kind, {}))
                 for kind in KINDS if kind in before or kind in after}
    merged = join(kinds)
    default = new.get("default", old.get("default"))
    return merged if default is None else merged | {"default": default}


def widen(old: Schema, new: Schema) -> Schema:
    """`merge` within one kind."""
    if "oneOf" in old and "oneOf" in new:
        return widen_union(old, new)
    if "oneOf" in old or "oneOf" in new:
        return new if "oneOf" in new else old
    out = old | new
    if "type" in old and "type" not in new:  # integer before, any number now
        del out["type"]
    if "enum" in old and "enum" in new:
        out["enum"] = old["enum"] + [value for value in new["enum"] if value not in old["enum"]]
    for keys, wider in ((LOWER, min), (UPPER, max)):
        limits = [schema[key] for schema in (old, new) for key in keys if key in schema]
        if len(limits) == 2:
            widest = wider(limits)
            closed = any(schema.get(keys[0]) == widest for schema in (old, new))
            for key in keys:
                out.pop(key, None)
            out[keys[0] if closed else keys[1]] = widest
    for key, wider in (("minItems", min), ("maxItems", max)):
        if key in old and key in new:
            out[key] = wider(old[key], new[key])
    if "items" in old and "items" in new:
        out["items"] = merge(old["items"], new["items"])
    if "properties" in old and "properties" in new:
        out["properties"] = merge_properties(old["properties"], new["properties"])
        out["required"] = [name for name in old.get("required", []) if name in new.get("required", [])]
        out["additionalProperties"] = old["additionalProperties"] or new["additionalProperties"]
    if not out.get("required", True):
        del out["required"]
    return out


def merge_properties(old: dict[str, Schema], new: dict[str, Schema]) -> dict[str, Schema]:
    """The properties of both, those of both merged."""
    both = {name: merge(old[name], new[name]) for name in old if name in new}
    return copy.deepcopy(old | new) | both


def restore_choices(old: Schema, new: Schema, listed: dict[str, list[str]]) -> None:
    """Give texts of `new` that lost their list of choices, in place, the one which the same key has elsewhere in `new`.

    `listed` holds those lists by key. Where the old list has a choice beyond them the key means something else.
    """
    for name, part, _, _ in steps(new):
        before = next((child for key, child, _, _ in steps(old) if key == name), None)
        if before is None:
            continue
        restore_choices(before, part, listed)
        had, has = split(before), split(part)
        if had and has and "string" in has and "enum" in had.get("string", {}) and "enum" not in has["string"]:
            if set(had["string"]["enum"]) <= set(listed.get(name, [])):
                has["string"] = {"enum": listed[name]}
                default = {"default": part["default"]} if "default" in part else {}
                part.clear()
                part.update(join(has), **default)


def choices_by_key(tree: Schema) -> dict[str, list[str]]:
    """For each key the longest list of texts that it is limited to anywhere in the tree."""
    found: dict[str, list[str]] = {}
    for name, part, _, _ in steps(tree):
        lists = choices_by_key(part)
        lists[name] = max(lists.get(name, []), ((split(part) or {}).get("string", {}).get("enum", [])), key=len)
        for key, choices in lists.items():
            found[key] = max(found.get(key, []), choices, key=len)
    return found


def shared(one: Schema, other: Schema) -> Schema:
    """What two options for a kind have in common: `merge` within one kind, but a limit that either lacks is none."""
    kept = [key for key in one if key in other]
    return widen({key: one[key] for key in kept}, {key: other[key] for key in kept})


def widen_union(old: Schema, new: Schema) -> Schema:
    """Two unions by the same key: the branches of both."""
    key = new["discriminator"]["propertyName"]
    branches = {value: branch for value, branch in by_value(old, key)}
    for value, branch in by_value(new, key):
        branches[value] = widen(branches[value], branch) if value in branches else branch
    for value, branch in branches.items():
        branch["properties"] = branch["properties"] | {key: {"const": value}}
    return {"discriminator": new["discriminator"], "oneOf": list(branches.values())}


def by_value(schema: Schema, key: str) -> list[tuple[Any, Schema]]:
    """The branches of a union, one for each value of its key (a branch may list several)."""
    found = []
    for branch in schema["oneOf"]:
        choice = branch["properties"][key]
        for value in choice.get("enum", [choice.get("const")]):
            found.append((value, copy.deepcopy(branch) | {"properties": branch["properties"] | {key: {"const": value}}}))
    return found


# --- the overlay -----------------------------------------------------------------------------------------------------

def steps(schema: Schema) -> list[tuple[str, Schema, Any, Any]]:
    """The schemas one step below: (name of the step, the schema, its container, its key there)."""
    found: list[tuple[str, Schema, Any, Any]] = []
    for name, child in schema.get("properties", {}).items():
        found.append((name, child, schema["properties"], name))
    if isinstance(schema.get("additionalProperties"), dict):
        found.append(("{}", schema["additionalProperties"], schema, "additionalProperties"))
    if "items" in schema:
        found.append(("[]", schema["items"], schema, "items"))
    for index, branch in enumerate(schema.get("anyOf", [])):
        found += steps(branch)
    key = schema.get("discriminator", {}).get("propertyName")
    for index, branch in enumerate(schema.get("oneOf", [])):
        found.append((f"={branch['properties'][key]['const']}", branch, schema["oneOf"], index))
    return found


def apply_patches(tree: Schema, patches: list[Schema]) -> None:
    """Change the tree as the overlay says. LookupError for a patch that finds nothing."""
    for patch in patches:
        path = patch["at"].split("/")
        count = apply_at(tree, path, patch["merge"])
        if not count:
            raise LookupError(f"overlay.json: nothing at {patch['at']}")


def apply_at(schema: Schema, path: list[str], patch: Schema) -> int:
    """Merge the patch into each schema at the path; the number of them."""
    count = 0
    head, rest = path[0], path[1:]
    for name, child, container, key in steps(schema):
        if head == "**":
            count += apply_at(child, path, patch)
            if rest[0] in (name, "*"):
                count += apply_rest(child, rest[1:], patch, container, key)
        elif head in (name, "*"):
            count += apply_rest(child, rest, patch, container, key)
    return count


def apply_rest(child: Schema, rest: list[str], patch: Schema, container: Any, key: Any) -> int:
    if rest:
        return apply_at(child, rest, patch)
    container[key] = merge_patch(child, patch)
    return 1


def merge_patch(target: Any, patch: Any) -> Any:
    """JSON merge patch, RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result


# --- the whole -------------------------------------------------------------------------------------------------------

def installed() -> tuple[str, Schema]:
    """The version of the installed Ludwig, and its schema: a union by model type, in normal form, without $ref."""
    from ludwig.config_validation.validation import get_schema
    from ludwig.globals import LUDWIG_VERSION

    branches = []
    for model_type in MODEL_TYPES:
        try:
            raw = get_schema(model_type)
        except KeyError:  # this version has no such models
            continue
        branch = normal(raw)
        branch["properties"]["model_type"] = {"const": model_type}
        branch["required"] += ["model_type"] if branches else []
        branches.append(branch)
    return LUDWIG_VERSION, {"discriminator": {"propertyName": "model_type", "default": MODEL_TYPES[0]}, "oneOf": branches}


def generate(path: Path, fresh: bool) -> str:
    """The text of the schema: the file's, unless fresh, with the installed version added."""
    version, tree = installed()
    versions = []
    if not fresh:
        earlier = json.loads(path.read_text(encoding="utf-8"))
        versions = [name for name in earlier["x-version"].split(", ") if name != version]
        before = expand(earlier)
        restore_choices(before, tree, choices_by_key(tree))
        tree = widen_union(before, tree)
    apply_patches(tree, json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))["patches"])
    schema = {
        "x-package": "ludwig",
        "x-version": ", ".join([*versions, version]),
        "x-generator": "scripts/generate_ludwig_schema.py",
        **factor({key: tree[key] for key in ("discriminator", "oneOf")}),
    }
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Add the installed Ludwig to schemas/ludwig/schema.json.")
    parser.add_argument("--fresh", action="store_true", help="leave out the versions that are in the file")
    arguments = parser.parse_args()
    path = FOLDER / "schema.json"
    path.write_text(generate(path, arguments.fresh), encoding="utf-8")


if __name__ == "__main__":
    main()
