"""Write schemas/nni-experiment/schema.json from the NNI that is installed: `pip install nni`, then run this.

NNI's config classes are dataclasses. In files their fields are written in camelCase or with underscores. The training
services and storages are told apart by `platform` and `storageType`. Configs of NNI 1 (with `trainingServicePlatform`)
are converted when they are loaded; of them the schema knows what the conversion refuses.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import pkgutil
import re
import typing
from importlib.metadata import version
from pathlib import Path
from typing import Any

from typed_schema import schema_of, with_default

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "nni-experiment"


class Definitions:
    """The schemas of config classes, made as they are asked for."""

    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}
        self.kinds: dict[str, str] = {}

    def of(self, found: type) -> Any:
        """A reference to the schema of a config class; any other class is left open."""
        if not dataclasses.is_dataclass(found):
            return True
        name = found.__name__.lstrip("_")
        if name not in self.made:
            self.made[name] = {}
            self.made[name] = self.fields(found)
        return {"$ref": f"#/$defs/{name}"}

    def fields(self, found: type) -> Schema:
        hints = typing.get_type_hints(found)
        properties, required = {}, []
        for field in dataclasses.fields(found):
            key = re.sub("_+([a-z0-9])", lambda match: match[1].upper(), field.name)
            is_fixed = key in ("platform", "storageType") and isinstance(field.default, str)
            schema = {"const": field.default} if is_fixed else schema_of(hints[field.name], self.of)
            properties[key] = schema if is_fixed else with_default(schema, field.default)
            properties.setdefault(field.name, properties[key])
            if field.default is dataclasses.MISSING:
                required.append(key)
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def subclasses(base: type) -> list[type]:
    """All classes below a class that stand for one kind of service or storage, by name."""
    children: list[type] = base.__subclasses__()
    found = [base, *(below for child in children for below in subclasses(child))]
    return sorted({one for one in found if "Config" in one.__name__}, key=lambda one: one.__name__)


def one_of(definitions: Definitions, base: type, key: str) -> Schema:
    """The union of the classes below a class, told apart by the value that each fixes for a key."""
    branches = [definitions.of(found) for found in subclasses(base)]
    fixed = [
        branch for branch in branches if "const" in definitions.made[branch["$ref"][8:]]["properties"].get(key, {})
    ]
    return {"type": "object", "discriminator": {"propertyName": key, "open": True}, "oneOf": fixed}


def first_form(current: Schema) -> Schema:
    """The schema of a config of NNI 1, by the names that `nni.experiment.config.convert` gives its keys now."""
    renamed = {
        "maxExecDuration": "maxExperimentDuration", "maxTrialNum": "maxTrialNumber",
        "searchSpacePath": "searchSpaceFile", "logDir": "experimentWorkingDirectory",
    }  # fmt: skip
    same = ("experimentName", "trialConcurrency", "nniManagerIp", "debug", "logLevel", "useAnnotation")
    properties = {old: current[new] for old, new in {**renamed, **{name: name for name in same}}.items()}
    trial = {"command": "trialCommand", "codeDir": "trialCodeDirectory", "gpuNum": "trialGpuNumber"}
    properties["trial"] = {"type": "object", "properties": {old: current[new] for old, new in trial.items()}}
    text = {"type": "string"}
    for kind in ("tuner", "assessor", "advisor"):
        builtin = f"builtin{kind.title()}Name"
        named = {builtin: text, "classArgs": {"type": ["object", "null"]}, "className": text, "classFileName": text}
        chosen = [{"required": [builtin]}, {"required": ["codeDir", "classFileName", "className"]}]
        properties[kind] = {"type": "object", "properties": {**named, "codeDir": text}, "anyOf": chosen}
    return {"type": "object", "properties": properties, "required": ["trialConcurrency"], "additionalProperties": True}


def converted_platforms() -> list[str]:
    """The training services that the conversion of NNI 1's configs knows."""
    source = inspect.getsource(importlib.import_module("nni.experiment.config.convert").to_v2)
    (listed,) = re.findall(r"assert platform in \[([^\]]*)\]", source)
    return re.findall(r"'(\w+)'", listed)


def generate() -> str:
    """The text of the schema."""
    package = importlib.import_module("nni.experiment.config.training_services")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    config = importlib.import_module("nni.experiment.config.experiment_config").ExperimentConfig
    services = importlib.import_module("nni.experiment.config.training_service").TrainingServiceConfig
    storages = importlib.import_module("nni.experiment.config.shared_storage").SharedStorageConfig
    definitions = Definitions()
    current = definitions.fields(config)
    service = one_of(definitions, services, "platform")
    current["properties"]["trainingService"] = {"anyOf": [service, {"type": "array", "items": service}]}
    current["properties"]["sharedStorage"] = {"anyOf": [one_of(definitions, storages, "storageType"), {"type": "null"}]}
    a_tuner = {"anyOf": [{"required": ["tuner"]}, {"required": ["advisor"]}]}
    first = first_form(current["properties"])
    first["properties"] |= {
        "trainingServicePlatform": {"enum": converted_platforms()},
        "multiPhase": {"enum": [False, None]},
    }
    first |= a_tuner
    for name in ("trialConcurrency", "maxTrialNumber"):
        limited = current["properties"][name]
        current["properties"][name] = {**limited, "minimum": 1}
    for found in subclasses(services):  # what a service lacks is taken from the experiment
        shared = definitions.made[found.__name__]
        shared["required"] = [key for key in shared["required"] if key not in current["properties"]]
    schema = {
        "discriminator": {"propertyName": "trainingServicePlatform", "otherwise": {**current, **a_tuner}},
        "oneOf": [first],
        "$defs": definitions.made,
    }
    head = {"x-package": "nni", "x-version": version("nni"), "x-generator": "scripts/generate_nni_schema.py"}
    return json.dumps({**head, **schema}, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(generate(), encoding="utf-8")
