"""Write schemas/accelerate/schema.json from the installed Accelerate (no accelerator is needed).

Its loader holds the top level of a config to the fields of a dataclass, and types to nothing; `accelerate launch` then
uses what it finds in the sections under the names of its own options. So the schema takes the types that `launch`
computes with, and overlay.json says what it takes beyond them: {"at", "merge", "why"} as for Ludwig, and `properties`
for keys that are renamed before the fields are looked at.
"""

from __future__ import annotations

import dataclasses
import json
import typing
from importlib import import_module
from pathlib import Path
from typing import Any

from generate_ludwig_schema import apply_patches
from pydantic_schema import Schema
from schema_defs import factor

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "accelerate"
# Section -> the title of its options in the help of `accelerate launch`, and what their names may leave out here.
SECTIONS = {
    "deepspeed_config": ("DeepSpeed Arguments", ""),
    "fsdp_config": ("FSDP Arguments", "fsdp_"),
    "megatron_lm_config": ("Megatron-LM Arguments", ""),
    "fp8_config": ("FP8 Arguments", "fp8_"),
    "parallelism_config": ("ParallelismConfig Arguments", ""),
    "mpirun_config": ("MPI Arguments", ""),
    "dynamo_config": ("Resource Selection Arguments", "dynamo_"),
}
TYPES = {int: "integer", float: "number", str: "string", bool: "boolean", dict: "object", list: "array"}


def field(hint: Any) -> Schema:
    """The schema of a field by its annotation; an enumeration is the texts of its members."""
    options = typing.get_args(hint) if typing.get_origin(hint) is typing.Union else (hint,)
    if any(hasattr(option, "__members__") for option in options):
        return {"type": "string", "enum": sorted({member.value for option in options for member in option})}
    names = {TYPES.get(typing.get_origin(option) or option) for option in options} - {None}
    return {"type": sorted([*(name for name in names if name), "null"])}


def section(name: str) -> Schema:
    """The schema of a section: the options of `accelerate launch` that it sets."""
    title, prefix = SECTIONS[name]
    parser = import_module("accelerate.commands.launch").launch_command_parser()
    (group,) = (group for group in parser._action_groups if group.title == title)
    properties: Schema = {}
    for action in group._group_actions:
        if prefix == "dynamo_" and not action.dest.startswith(prefix):
            continue
        schema: Schema = {"type": ["integer", "null", "string"]} if action.type is int else {}
        properties[action.dest] = schema
        if prefix:
            properties[action.dest.removeprefix(prefix)] = schema
    return {"type": ["null", "object"], "properties": properties, "additionalProperties": True, "x-ignores": True}


def config(cls: Any, environment: str) -> Schema:
    """The schema of a config for one environment."""
    hints = typing.get_type_hints(cls)
    properties = {
        found.name: section(found.name) if found.name in SECTIONS else field(hints[found.name])
        for found in dataclasses.fields(cls)
    }
    properties["compute_environment"] = {"const": environment}
    # NO without quotes is false to YAML, which stands for no distribution just as well.
    properties["distributed_type"]["enum"].append(False)
    properties["distributed_type"]["type"] = ["boolean", "string"]
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": ["distributed_type"],
    }


def generate() -> str:
    """The text of the schema."""
    module = import_module("accelerate.commands.config.config_args")
    branches = [config(module.ClusterConfig, "LOCAL_MACHINE"), config(module.SageMakerConfig, "AMAZON_SAGEMAKER")]
    overlay = json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))
    for branch in branches:
        branch["properties"] |= {name: added["schema"] for name, added in overlay["properties"].items()}
    tree = {
        "discriminator": {"propertyName": "compute_environment", "default": "LOCAL_MACHINE"},
        "oneOf": branches,
    }
    for path in apply_patches(tree, overlay["patches"]):
        print(f"overlay.json: nothing at {path}")
    schema = {
        "x-package": "accelerate",
        "x-version": import_module("accelerate").__version__,
        "x-generator": "scripts/generate_accelerate_schema.py",
        **factor(tree),
    }
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(generate(), encoding="utf-8")
