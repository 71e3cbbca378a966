"""Write schemas/determined/schema.json from Determined's own JSON Schemas.

    python scripts/generate_determined_schema.py DETERMINED VERSION

DETERMINED is a checkout of determined-ai/determined at that version.

The 66 schemas use keywords of Determined's own, which become ours here:

union                 branches told apart by a key (`const:type=int`) become a `discriminator`, others an `anyOf`
optionalRef           the schema of a value that may also be null
eventuallyRequired    a key that must be there once templates are merged: required in a searcher, whose name is given
checks, compareProperties, disallowProperties, if/then
                      conditions on several keys are left to rules, such as SRCH002 and SRCH004
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "determined"
TYPES = ("string", "number", "boolean", "null", "array", "object")
KEPT = (
    "type",
    "enum",
    "const",
    "required",
    "additionalProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minLength",
)


def reference(raw: str) -> Schema:
    """A reference to the schema of a file: .../v0/device.json is device."""
    return {"$ref": f"#/$defs/{raw.rpartition('/')[2].removesuffix('.json')}"}


def normal(raw: Any) -> Any:
    """The schema in our form."""
    if not isinstance(raw, dict):
        return raw
    if "$ref" in raw:
        return reference(raw["$ref"])
    if "optionalRef" in raw:
        return {"anyOf": [reference(raw["optionalRef"]), {"type": "null"}]}
    if "union" in raw:
        return union(raw["union"]["items"])
    if "union" in raw.get("then", {}):  # the whole union is for maps that name their kind; others hold what all may
        chosen = union(raw["then"]["union"]["items"])
        unnamed = normal({key: below for key, below in raw.items() if key != "then"})
        return {**chosen, "discriminator": {**chosen["discriminator"], "otherwise": unnamed}}
    if "not" in raw and set(raw["not"]) == {"type"}:
        refused = raw["not"]["type"]
        return {"type": [name for name in TYPES if name not in refused and name != refused]}
    if "allOf" in raw and "type" not in raw:
        return normal(raw["allOf"][0])
    schema = {key: raw[key] for key in KEPT if key in raw and not isinstance(raw[key], dict)}
    if "properties" in raw:
        schema["properties"] = {name: normal(below) for name, below in raw["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(raw.get(key), dict):
            schema[key] = normal(raw[key])
    for key in ("anyOf", "oneOf"):
        if key in raw:
            schema["anyOf"] = [normal(branch) for branch in raw[key]]
    return schema


def union(items: list[Schema]) -> Schema:
    """The union of branches: by the value of a key where that tells them apart."""
    by_value = [item for item in items if item["unionKey"].startswith("const:")]
    others = [item for item in items if not item["unionKey"].startswith("const:")]
    if not by_value:
        return {"anyOf": [normal(item) for item in others]}
    key = by_value[0]["unionKey"].removeprefix("const:").partition("=")[0]
    named: Schema = {"propertyName": key}
    chosen: Schema = {"type": "object", "discriminator": named, "oneOf": [normal(item) for item in by_value]}
    if not others:
        return chosen
    named["otherwise"] = normal(others[0])  # a map without the key is one of its own kind
    return {"anyOf": [chosen, *(normal(item) for item in others[1:])]}


def generate(checkout: Path, version: str) -> str:
    """The text of the schema."""
    definitions: dict[str, Schema] = {}
    for path in sorted((checkout / "schemas/expconf/v0").glob("*.json")):
        if not path.stem.startswith(("test-", "check-grid")):
            raw = json.loads(path.read_text(encoding="utf-8"))
            if path.stem.startswith("searcher-"):
                raw["required"] = [*raw.get("required", []), *raw.get("eventuallyRequired", [])]
            definitions[path.stem] = normal(raw)
    root = definitions.pop("experiment")
    head = {"x-package": "determined-ai/determined", "x-version": version}
    head["x-generator"] = "scripts/generate_determined_schema.py"
    return json.dumps({**head, **root, "$defs": definitions}, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(generate(Path(sys.argv[1]), sys.argv[2]), encoding="utf-8")
