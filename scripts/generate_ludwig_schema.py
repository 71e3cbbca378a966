"""Write schemas/ludwig/schema.json from the Ludwig that is installed.

    python scripts/generate_ludwig_schema.py            add the installed version to the schema in the repository
    python scripts/generate_ludwig_schema.py --fresh    forget the versions added before
    python scripts/generate_ludwig_schema.py --alone    write that of the installed version alone (schema-0-11.json), to
                                                        which a config is held that states the version

Run it inside an environment that can import `ludwig` (0.8 or later; a CPU build of torch is enough). Updating to a new
Ludwig is the first command, alone. What any of the added versions takes is to pass, so the file is their union: to
build it anew, run the oldest version with --fresh first and the newest last. `x-version` in the file names them.

What happens: Ludwig's own JSON Schema for each model type is read; its if/then chains become unions that name the key
they are chosen by (`discriminator`); texts and display hints are dropped; the tree is merged into the one that is in
the file; schemas/ludwig/overlay.json corrects it; equal subtrees are moved to `$defs`.

Merging keeps a limit which only one version states: since Ludwig moved to pydantic many fields have no type or range in
its schema (the learning rate may be -1) though the training code still needs them. Of two limits the wider wins.

In the result, an object with `properties` and `additionalProperties: true` is one where Ludwig ignores any other key
without a word; `false` is one where it stops; an object without `additionalProperties` is a free mapping.

overlay.json: `patches` is a list of {"at", "merge", "why"}. `at` is a path of property names; `*` stands for any one
step and `**` for any number of them, `[]` for the items of a list, `=bert` for the branch of a union with that value.
`merge` is a JSON merge patch (RFC 7396) for each schema found there: null removes a key.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from merge_patch import merged
from schema_defs import children, expand, factor
from schema_union import LOWER, UPPER, join, split, widen_union

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "ludwig"
MODEL_TYPES = ("ecd", "llm", "gbm")  # gbm until 0.10


def normal(raw: Schema) -> Schema:
    """One of Ludwig's schemas in our form, without $ref."""
    if raw.get("allOf"):
        schema = union(raw)
    elif "oneOf" in raw or "anyOf" in raw:
        schema = join(split({"anyOf": [normal(option) for option in raw.get("oneOf") or raw["anyOf"]]}))
    else:
        kept = ("type", "enum", "const", "required", "minItems", "maxItems", *LOWER, *UPPER)
        schema = {key: raw[key] for key in kept if key in raw}
        if raw.get("properties"):
            schema["properties"] = {name: normal(value) for name, value in raw["properties"].items()}
            schema["additionalProperties"] = raw.get("additionalProperties") is not False
        items = raw.get("items")
        if isinstance(items, list):  # a tuple, whose items Ludwig always gives the same schema
            schema |= {"items": normal(items[0]), "minItems": len(items), "maxItems": len(items)}
        elif items:
            schema["items"] = normal(items)
        schema = join(split(schema))
    if raw.get("default") is not None and not isinstance(
        raw["default"], dict
    ):  # a map's defaults stand in its properties
        schema["default"] = raw["default"]
    return schema


def union(raw: Schema) -> Schema:
    """The union that a chain of `if {key: const} then {...}` spells out."""
    (key,) = raw["allOf"][0]["if"]["properties"]
    choice = raw["properties"][key]
    default = choice.get("default")
    always = raw.get("required", [])
    common = {name: normal(value) for name, value in raw["properties"].items() if name != key}
    branches: dict[Any, Schema] = {value: {} for value in choice["enum"]}
    for rule in raw["allOf"]:
        parts = rule["then"].get("properties", {})
        branches[rule["if"]["properties"][key]["const"]] = {name: normal(part) for name, part in parts.items()}

    def branch(value: Any, properties: Schema) -> Schema:
        required = always if value == default or key in always else [*always, key]
        return {
            "type": "object",
            "properties": common | properties | {key: {"const": value}},
            "additionalProperties": True,
        } | ({"required": list(required)} if required else {})

    return {
        "discriminator": {"propertyName": key} | ({} if default is None else {"default": default}),
        "oneOf": [branch(value, properties) for value, properties in branches.items()],
    }


def restore_choices(old: Schema, new: Schema, listed: dict[str, list[str]]) -> None:
    """Give texts of `new` that have no list of choices any more, in place, the one that their key has elsewhere in it.

    `listed` holds those lists by key. Where the old list has a choice beyond them the key means something else.
    """
    before = {name: part for name, part, _ in below(old)}
    for name, part, _ in below(new):
        if name not in before:
            continue
        restore_choices(before[name], part, listed)
        had, has = split(before[name]) or {}, split(part) or {}
        choices = had.get("string", {}).get("enum", [])
        if choices and has.get("string") == {} and set(choices) <= set(listed.get(name, [])):
            for key in ("type", "enum", "anyOf"):
                part.pop(key, None)
            part.update(join(has | {"string": {"enum": listed[name]}}))


def choices_by_key(tree: Schema) -> dict[str, list[str]]:
    """For each key the longest list of texts that it is limited to anywhere in the tree."""
    found: dict[str, list[str]] = {}
    for name, part, _ in below(tree):
        here = {name: (split(part) or {}).get("string", {}).get("enum", [])}
        for lists in (here, choices_by_key(part)):
            for key, choices in lists.items():
                found[key] = max(found.get(key, []), choices, key=len)
    return found


def below(schema: Schema) -> list[Any]:
    """`children`, with the options of an anyOf replaced by what is below them."""
    found: list[Any] = []
    for child in children(schema):
        found += below(child[1]) if child[0] == "|" else [child]
    return found


def apply_patches(tree: Schema, patches: list[Schema]) -> list[str]:
    """Change the tree as the overlay says; the paths where nothing was found (older versions lack some keys)."""
    return [patch["at"] for patch in patches if not apply_at(tree, patch["at"].split("/"), patch["merge"])]


def apply_at(schema: Schema, path: list[str], patch: Schema) -> int:
    """Merge the patch into each schema at the path; the number of them."""
    count = 0
    head, *rest = path
    if head == "**":
        head, *rest = rest
        count += sum(apply_at(child, path, patch) for _, child, _ in below(schema))
    for name, child, replace in below(schema):
        if head not in (name, "*"):
            continue
        if rest:
            count += apply_at(child, rest, patch)
        else:
            replace(merged(child, patch))
            count += 1
    return count


def installed() -> tuple[str, Schema]:
    """The version of the installed Ludwig, and its schema: a union by model type, in our form, without $ref."""
    from importlib import import_module

    branches: list[Schema] = []
    for model_type in MODEL_TYPES:
        try:
            branch = normal(import_module("ludwig.config_validation.validation").get_schema(model_type))
        except KeyError:  # this version has no such models
            continue
        branch["properties"]["model_type"] = {"const": model_type}
        branch["required"] += ["model_type"] if branches else []
        branches.append(branch)
    version = import_module("ludwig.globals").LUDWIG_VERSION
    return version, {"discriminator": {"propertyName": "model_type", "default": MODEL_TYPES[0]}, "oneOf": branches}


def alone(version: str) -> Path:
    """Where the schema of one version alone is kept, for configs that state it."""
    return FOLDER / f"schema-{'-'.join(version.split('.')[:2])}.json"


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
    for path_to in apply_patches(tree, json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))["patches"]):
        print(f"overlay.json: nothing at {path_to} in {version}")
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
    parser.add_argument("--alone", action="store_true", help="write that of the installed version alone, beside it")
    options = parser.parse_args()
    if options.alone:
        path = alone(installed()[0])
        path.write_text(generate(path, fresh=True), encoding="utf-8")
        return
    path = FOLDER / "schema.json"
    path.write_text(generate(path, options.fresh), encoding="utf-8")


if __name__ == "__main__":
    main()
