"""Write schemas/litgpt/schema.json from the LitGPT that is installed: `pip install litgpt`, then run this.

A config does not say which command reads it, so the schema is the union of what the training commands take by their
signatures, which is how jsonargparse reads them. Optimizers of PyTorch and LitGPT's data modules are checked where
`class_path` names them. schemas/litgpt/overlay.json adds what newer sources take.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import typing
from importlib.metadata import version
from pathlib import Path
from typing import Any

from merge_patch import merged
from torch_schema import optimizers
from typed_schema import schema_of, signature_schema, union, with_default

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "litgpt"
COMMANDS = (
    "litgpt.finetune.lora", "litgpt.finetune.full", "litgpt.finetune.adapter", "litgpt.finetune.adapter_v2",
    "litgpt.pretrain",
)  # fmt: skip


def of_class(found: type) -> Any:
    """The schema of an argument that is an object: dataclasses by their fields, data modules by `class_path`."""
    if dataclasses.is_dataclass(found):
        hints = typing.get_type_hints(found)
        fields = {
            field.name: with_default(schema_of(hints[field.name], of_class), field.default)
            for field in dataclasses.fields(found)
            if field.init
        }
        made = {"type": "object", "properties": fields, "additionalProperties": False}
        return {"anyOf": [made, {"type": "string"}]}  # a text is the path of another file
    if found.__name__ == "DataModule":
        return {"$ref": "#/$defs/data"}
    return True


def by_class(branches: dict[str, Schema]) -> Schema:
    """The schema of an object whose class is named by path, or by its last name alone."""
    made = []
    for path, arguments in branches.items():
        arguments = {key: arguments[key] for key in ("type", "properties", "additionalProperties")}
        names = [path, path.rpartition(".")[2]]
        given = {"class_path": {"enum": names}, "init_args": {"anyOf": [arguments, {"type": "null"}]}}
        made.append({"type": "object", "properties": given})
    one = {"type": "object", "discriminator": {"propertyName": "class_path", "open": True, "otherwise": True}}
    return {"anyOf": [{**one, "oneOf": made}, {"type": ["string", "null"]}]}


def generate() -> str:
    """The text of the schema."""
    properties: dict[str, Any] = {}
    for command in COMMANDS:
        made = signature_schema(importlib.import_module(command).setup, of_class)
        for name, below in made["properties"].items():
            properties[name] = union([properties.get(name), below])
    data = importlib.import_module("litgpt.data")
    modules = {
        f"litgpt.data.{name}": signature_schema(one, of_class)
        for name, one in vars(data).items()
        if inspect.isclass(one) and issubclass(one, data.DataModule) and one is not data.DataModule
    }
    properties["optimizer"] = by_class({f"torch.optim.{name}": made for name, made in optimizers().items()})
    schema = {
        "x-package": "litgpt",
        "x-version": version("litgpt"),
        "x-generator": "scripts/generate_litgpt_schema.py",
        "x-lax": True,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": {"data": by_class(modules)},
    }
    overlay = json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))["merge"]
    return json.dumps(merged(schema, overlay), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(generate(), encoding="utf-8")
