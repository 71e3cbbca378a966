"""Write schemas/wandb-sweep/schema.json from the W&B `sweeps` that is installed: `pip install sweeps`, then run this.

W&B's schema tries nineteen shapes for a parameter and says of a mistake only that none fits. Here the distribution that
is named decides, and a parameter without one is held to the shapes that need none, so that messages name the key.
schemas/wandb-sweep/overlay.json corrects what the schema says of things the service takes (see `why` in it).
"""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from merge_patch import merged

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "wandb-sweep"
DROPPED = ("$schema", "$id", "format", "propertyNames", "minProperties", "dependencies")
"""Keywords that the checker does not look at; `format` only tells the shapes of ranges apart."""


def normal(raw: Any) -> Any:
    """The schema in our form: definitions renamed, without what the checker does not look at."""
    if isinstance(raw, list):
        return [normal(item) for item in raw]
    if not isinstance(raw, dict):
        return raw.replace("#/definitions/", "#/$defs/") if isinstance(raw, str) else raw
    return {
        "$defs" if key == "definitions" else key: normal(value)
        for key, value in raw.items()
        if key not in DROPPED and not (key in ("title", "description") and isinstance(value, str))
    }


def by_distribution(definitions: dict[str, Schema]) -> Schema:
    """The schema of a parameter: one branch for each distribution, and the shapes that need no name of one."""
    branches: list[Schema] = []
    unnamed: list[Schema] = []
    for reference in definitions["parameter"]["anyOf"]:
        shape = definitions[reference["$ref"].rpartition("/")[2]]
        has_variants = "anyOf" in shape  # which differ in how numbers are written
        shape = shape["anyOf"][0] if has_variants else shape
        named = shape["properties"].get("distribution", {}).get("enum")
        if named is None or has_variants or "default" in shape["properties"]["distribution"]:
            bare = {name: below for name, below in shape["properties"].items() if name != "distribution"}
            required = [name for name in shape["required"] if name != "distribution"]
            unnamed.append({"type": "object", "properties": bare, "required": required, "additionalProperties": False})
        if named is not None:
            (name,) = named
            branches.append({**shape, "properties": {**shape["properties"], "distribution": {"const": name}}})
    # A range is looked at first: of shapes that fit equally badly the first is named.
    unnamed.sort(key=lambda shape: ("min" not in shape["properties"], "probabilities" in shape["properties"]))
    numbers = [shape for shape in unnamed if shape["properties"].get("min") != {"type": "integer"}]
    return {"discriminator": {"propertyName": "distribution", "otherwise": {"anyOf": numbers}}, "oneOf": branches}


def generate() -> str:
    """The text of the schema."""
    raw = json.loads(files("sweeps").joinpath("config/schema.json").read_text(encoding="utf-8"))
    schema = normal(raw)
    definitions = schema["$defs"]
    parameter = by_distribution(definitions)
    schema["$defs"] = {name: below for name, below in definitions.items() if not name.startswith("param_")}
    schema["$defs"]["parameter"] = parameter
    schema = merged(schema, json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))["merge"])
    head = {"x-package": "sweeps", "x-version": version("sweeps"), "x-generator": "scripts/generate_wandb_schema.py"}
    return json.dumps({**head, **schema}, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(generate(), encoding="utf-8")
