"""Write the schemas of Hugging Face's formats from the packages that are installed.

    python scripts/generate_hf_schemas.py

Run it inside an environment that can import `transformers`, `trl` and `peft` (a CPU build of torch is enough). Updating
to new versions is this command alone. It writes schema.json of schemas/hf-trl, schemas/peft and schemas/hf-model, with
package and version in it. overlay.json beside it holds what the classes do not say: its `properties` take the place of
the generated ones, `describe` gives keys their descriptions, and the rest is a JSON merge patch (RFC 7396).

A type of the classes becomes what the loaders take, which is more: words such as "yes" for truth values, and null for
everything (most arguments are only looked at where they are set). Keys that a trainer's arguments had in earlier
versions (versions.json) are known and take anything. Scripts have arguments of their own, so other keys are open;
`x-slips` lets a key be told as misspelt that is nearly a known one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import typing
from importlib import import_module
from pathlib import Path
from typing import Any

from merge_patch import merged

Schema = dict[str, Any]

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
TRAINERS = (
    "transformers:TrainingArguments", "transformers:Seq2SeqTrainingArguments", "trl:SFTConfig", "trl:DPOConfig",
    "trl:GRPOConfig", "trl:KTOConfig", "trl:RewardConfig", "trl:RLOOConfig", "trl:DistillationConfig",
    "trl:ModelConfig", "trl:ScriptArguments", "trl.scripts.utils:DatasetMixtureConfig",
    "trl.experimental.cpo:CPOConfig",
    "trl.experimental.orpo:ORPOConfig", "trl.experimental.gkd:GKDConfig",
    "trl.experimental.online_dpo:OnlineDPOConfig",
)  # fmt: skip


def class_at(place: str) -> Any:
    """The class at "module:name", None where this version has none."""
    module, _, name = place.partition(":")
    try:
        return getattr(import_module(module), name, None)
    except ImportError:
        return None


def types_of(hint: Any) -> set[str]:
    """The JSON types of a type hint; all of them for one that is none of JSON's."""
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint) or hint
    if origin is typing.Annotated:
        return types_of(arguments[0])
    if origin is typing.Literal:
        return {"string" if isinstance(value, str) else "boolean" for value in arguments}
    if arguments and (origin is typing.Union or type(hint).__name__ == "UnionType"):
        return set().union(*map(types_of, arguments))
    known: dict[Any, str] = {
        bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null", dict: "object",
        list: "array", tuple: "array", set: "array",
    }  # fmt: skip
    if origin in known:
        return {known[origin]}
    if isinstance(origin, type) and issubclass(origin, str):  # an enumeration of texts
        return {"string"}
    return {"object", "array", "string", "number", "integer", "boolean", "null"}


def argument(types: set[str]) -> Schema:
    """What the parsers take for an argument of these types."""
    taken = set(types) | {"null"}
    if len(taken) > 6:
        return {}
    if "number" in taken:
        taken.discard("integer")
    if taken == {"boolean", "null"}:
        return {"type": ["boolean", "null"], "x-lax": True}
    if "string" in taken:
        taken |= {"number"}
        taken.discard("integer")
    if "object" in taken:
        taken.add("string")
    if "array" in taken:
        taken.add("string")
    return {"type": sorted(taken)}


def fields(cls: Any) -> dict[str, set[str]]:
    """The JSON types of the fields of a dataclass."""
    names: dict[str, Any] = {"torch": import_module("torch"), "typing": typing, **vars(typing)}
    for base in reversed(cls.__mro__):
        names |= vars(import_module(base.__module__))
    return {field.name: types_of(_hint(field.type, names)) for field in dataclasses.fields(cls) if field.init}


def _hint(hint: Any, names: dict[str, Any]) -> Any:
    """A type hint that may be written as text; object, which is any type, where its names are not to be found."""
    if not isinstance(hint, str):
        return hint
    try:
        return eval(hint, names)  # the framework's own annotations
    except NameError:
        return object


def joined(tables: list[dict[str, set[str]]]) -> dict[str, set[str]]:
    """The types that a field has in any of the tables."""
    found: dict[str, set[str]] = {}
    for table in tables:
        for name, types in table.items():
            found[name] = found.get(name, set()) | types
    return found


def trainer_schema() -> Schema:
    """The arguments of all trainers together, those of earlier versions included."""
    classes = [cls for cls in map(class_at, TRAINERS) if cls is not None]
    known = joined([fields(cls) for cls in classes])
    properties = {name: argument(types) for name, types in sorted(known.items())}
    versions = json.loads((SCHEMAS / "hf-trl" / "versions.json").read_text(encoding="utf-8"))
    for package in ("transformers", "trl"):
        for name in versions[package]["keys"]:
            properties.setdefault(name, {"deprecated": True})
    values = versions["transformers"]["values"]
    for name, enumeration in (
        ("eval_strategy", "transformers.trainer_utils:IntervalStrategy"),
        ("logging_strategy", "transformers.trainer_utils:IntervalStrategy"),
        ("save_strategy", "transformers.trainer_utils:SaveStrategy"),
        ("hub_strategy", "transformers.trainer_utils:HubStrategy"),
        ("lr_scheduler_type", "transformers.trainer_utils:SchedulerType"),
        ("optim", "transformers.training_args:OptimizerNames"),
    ):
        now = [member.value for member in class_at(enumeration)]
        properties[name] = {"type": "string", "enum": [*now, *(old for old in values.get(name, {}) if old not in now)]}
    properties["evaluation_strategy"] = properties["eval_strategy"]
    accelerator = fields(class_at("transformers.trainer_pt_utils:AcceleratorConfig"))
    properties["accelerator_config"] = {
        "type": ["object", "string", "null"],
        "properties": {name: argument(types) for name, types in sorted(accelerator.items())},
        "additionalProperties": False,
    }
    return {"type": "object", "properties": properties, "additionalProperties": True, "x-slips": True}


def adapter_schema() -> Schema:
    """A union by `peft_type` of the adapters' fields, as they stand in a file."""
    mapping = import_module("peft.mapping").PEFT_TYPE_TO_CONFIG_MAPPING
    branches = []
    for kind in sorted(mapping, key=lambda kind: str(kind.value)):
        properties: dict[str, Schema] = {}
        for name, types in sorted(fields(mapping[kind]).items()):
            taken = types | {"null"} | ({"number"} if name.endswith("alpha") else set())
            if "array" in taken:  # a set, which the file holds as a list
                taken.add("string")
            if "number" in taken:
                taken.discard("integer")
            properties[name] = {} if len(taken) > 6 else {"type": sorted(taken)}
            if taken == {"boolean", "null"}:
                properties[name] = {"type": ["boolean", "integer", "null"]}
            if name.endswith("dropout"):
                properties[name] |= {"minimum": 0, "maximum": 1}
        properties["task_type"] = {"enum": [*(str(task.value) for task in class_at("peft:TaskType")), None]}
        properties["peft_type"] = {"const": str(kind.value)}
        if kind.value == "LORA":  # its layers refuse another one when they are made
            properties["bias"] = {"enum": ["none", "all", "lora_only"]}
        branches.append({"type": "object", "properties": properties, "additionalProperties": True, "x-slips": True})
    return {"discriminator": {"propertyName": "peft_type", "open": True}, "oneOf": branches}


def model_schema() -> Schema:
    """The fields of all model types together: a type counts where all that have the field agree on it."""
    mapping = import_module("transformers.models.auto.configuration_auto").CONFIG_MAPPING
    tables = []
    for kind in list(mapping.keys()):
        with contextlib.suppress(ImportError, TypeError, AttributeError):  # needs a package that is not installed
            tables.append(fields(mapping[kind]))
    counts: dict[str, int] = {}
    for table in tables:
        for name in table:
            counts[name] = counts.get(name, 0) + 1
    known = joined(tables)
    properties = {}
    for name, types in sorted(known.items()):
        taken = types | {"null"}
        if "number" in taken:
            taken.discard("integer")
        narrow = taken <= {"boolean", "null"} or taken <= {"integer", "number", "null"}
        if narrow and counts[name] >= 3:
            properties[name] = {"type": sorted(taken)}
    return {"type": "object", "properties": properties, "additionalProperties": True}


def write(folder: str, packages: tuple[str, ...], schema: Schema) -> None:
    """Write schema.json of a format, its overlay merged in."""
    overlay = json.loads((SCHEMAS / folder / "overlay.json").read_text(encoding="utf-8"))
    properties = schema.get("properties", {})
    properties.update(overlay.pop("properties", {}))
    for name, description in overlay.pop("describe", {}).items():
        properties[name] = {**properties[name], "description": description}
    versions = ", ".join(f"{name} {import_module(name).__version__}" for name in packages)
    head = {"x-package": ", ".join(packages), "x-version": versions, "x-generator": "scripts/generate_hf_schemas.py"}
    text = json.dumps({**head, **merged(schema, overlay)}, indent=1, sort_keys=True)
    (SCHEMAS / folder / "schema.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Write the three schemas."""
    write("hf-trl", ("transformers", "trl"), trainer_schema())
    write("peft", ("peft",), adapter_schema())
    write("hf-model", ("transformers",), model_schema())


if __name__ == "__main__":
    main()
