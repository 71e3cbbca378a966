"""Write schemas/katib/schema.json from Katib's swagger file.

    python scripts/generate_katib_schema.py KATIB VERSION     KATIB is a checkout of kubeflow/katib at that version

What comes from Kubernetes itself (metadata, containers, the trial's own manifest) is left open. The swagger file says
nothing of closed lists and ranges; schemas/katib/overlay.json adds those that Katib's validator
(pkg/webhook/v1beta1/experiment/validator/validator.go) holds an experiment to.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from merge_patch import merged

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "katib"
ROOT = "v1beta1.Experiment"
KEPT = ("type", "required", "enum", "minimum", "maximum")


def name_of(reference: str) -> str:
    """The name of a definition here: `v1beta1.FeasibleSpace` is FeasibleSpace."""
    return reference.rpartition("/")[2].rpartition(".")[2]


def normal(raw: Schema, known: set[str]) -> Any:
    """The schema in our form; `known` are the definitions there are, others are left open."""
    if "$ref" in raw:
        reference = raw["$ref"].rpartition("/")[2]
        return {"$ref": f"#/$defs/{name_of(reference)}"} if reference in known else True
    schema = {key: raw[key] for key in KEPT if key in raw}
    if "properties" in raw:
        schema["properties"] = {name: normal(below, known) for name, below in raw["properties"].items()}
        schema["additionalProperties"] = False
    elif isinstance(raw.get("additionalProperties"), dict):
        schema["additionalProperties"] = normal(raw["additionalProperties"], known)
    if "items" in raw:
        schema["items"] = normal(raw["items"], known)
    return schema


def used(schema: Any, definitions: dict[str, Schema], found: set[str]) -> set[str]:
    """Add to `found` the names of the definitions that a schema needs, directly or by another."""
    for key, below in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key == "$ref":
            name = below.rpartition("/")[2]
            if name not in found:
                found.add(name)
                used(definitions[name], definitions, found)
        elif isinstance(below, (dict, list)):
            used(below, definitions, found)
    return found


def generate(checkout: Path, version: str) -> str:
    """The text of the schema."""
    raw = json.loads((checkout / "pkg/apis/v1beta1/swagger.json").read_text(encoding="utf-8"))["definitions"]
    raw = {name: below for name, below in raw.items() if "v1beta1." in name}
    definitions = {name_of(name): normal(below, set(raw)) for name, below in raw.items()}
    patches = json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))["merge"]
    definitions = merged(definitions, patches)
    root = definitions.pop(name_of(ROOT))
    needed = used(root, definitions, set())
    head = {"x-package": "kubeflow/katib", "x-version": version, "x-generator": "scripts/generate_katib_schema.py"}
    schema = {**head, **root, "$defs": {name: definitions[name] for name in needed}}
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(generate(Path(sys.argv[1]), sys.argv[2]), encoding="utf-8")
