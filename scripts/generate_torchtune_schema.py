"""Write schemas/torchtune/schema.json from torchtune's source, without importing it (it needs a GPU's packages).

    python scripts/generate_torchtune_schema.py VERSION SOURCE [OLDER ...]

SOURCE is the folder that holds the package `torchtune` at VERSION; OLDER are wheels of releases before it. Run it in an
environment that has torch, whose optimizers are components too.

A config names components by path (`_component_: torchtune.models.llama3.lora_llama3_8b`) and gives their arguments
beside it. The arguments of each component that SOURCE has are checked; those it had in an older release pass too. A
path below `torchtune` that neither SOURCE nor an older release has leads nowhere; one that only an older release has is
accepted with any arguments.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from source_schema import Source, arguments, from_folder, from_wheel, widened
from torch_schema import optimizers, schedules
from typed_schema import union

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "torchtune"
PACKAGE = "torchtune"
KEY = "_component_"
FOREIGN = ("torchao", "torch", "bitsandbytes")
"""Packages whose classes torchtune makes its own by importing them."""


def generate(version: str, source: Source, older: list[Source]) -> str:
    """The text of the schema."""
    current, accepted = source.components(FOREIGN)
    former = []
    for release in older:
        components, foreign = release.components(FOREIGN)
        former.append({path: arguments(one) for path, one in components.items()})
        accepted |= foreign | set(components)
    branches: dict[str, Schema] = {}
    for path, definition in sorted(current.items()):
        made = widened({"type": "object", **arguments(definition)}, former, path)
        for name, below in made["properties"].items():  # nothing holds a value to its annotation, and null means none
            made["properties"][name] = union([below, {"type": "null"}])
        known = branches.setdefault(json.dumps(made, sort_keys=True) + str(id(definition)), made)
        known["properties"].setdefault(KEY, {"enum": []})["enum"].append(path)
    for prefix, classes in (("torch.optim", optimizers()), ("torch.optim.lr_scheduler", schedules())):
        for name, made in classes.items():
            branches[name] = {**made, "properties": {**made["properties"], KEY: {"enum": [f"{prefix}.{name}"]}}}
            branches[name].pop("required", None)  # the recipe passes what it has to work on
    anything = {"$ref": "#/$defs/value"}
    component = {
        "type": "object",
        "discriminator": {
            "propertyName": KEY, "open": True, "closed": [f"{PACKAGE}."], "accepted": sorted(accepted - set(current)),
            "otherwise": {"type": "object", "additionalProperties": anything},
        },
        "oneOf": list(branches.values()),
    }  # fmt: skip
    plain = {"type": ["string", "number", "boolean", "null"]}
    value = {"anyOf": [plain, {"type": "array", "items": anything}, component]}
    head = {"x-package": PACKAGE, "x-version": version, "x-generator": "scripts/generate_torchtune_schema.py"}
    root = {"type": "object", "additionalProperties": anything, "$defs": {"value": value}}
    return json.dumps({**head, **root}, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    older = [from_wheel(PACKAGE, Path(path)) for path in sys.argv[3:]]
    (FOLDER / "schema.json").write_text(
        generate(sys.argv[1], from_folder(PACKAGE, Path(sys.argv[2])), older), encoding="utf-8"
    )
