"""Write schemas/llamafactory/schema.json from LLaMA-Factory's argument classes, those of its v1 among them.

Much of what a config may hold is Hugging Face's, and depends on the installed transformers: run it with the oldest and
the newest version that LLaMA-Factory takes, and what either knows is in the result. So is what a later run with another
version of LLaMA-Factory knows, such as the development version. Its wheel, unpacked, is enough:

    pip download --no-deps llamafactory && unzip llamafactory-*.whl -d llamafactory
    pip install torch "transformers<5" accelerate peft trl datasets omegaconf pillow pydantic
    DISABLE_VERSION_CHECK=1 python scripts/generate_llamafactory_schema.py llamafactory --fresh
    pip install transformers==5.6.0
    DISABLE_VERSION_CHECK=1 python scripts/generate_llamafactory_schema.py llamafactory

What releases before these took comes from scripts/llamafactory_versions.py.

All classes of one file format are one map here, since no file says which command it is for. overlay.json says what the
code takes beyond the annotations of its classes, such as a list where a text is split at its commas, and which keys
other packages bring.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import sys
import typing
from pathlib import Path
from typing import Any

from generate_ludwig_schema import apply_patches
from llamafactory_versions import add_earlier
from pydantic_schema import Schema, either, imported, schema_of
from schema_defs import expand, factor
from schema_union import merge

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "llamafactory"
CLASSES = {
    "llamafactory.hparams": (
        "ModelArguments", "DataArguments", "TrainingArguments", "FinetuningArguments", "GeneratingArguments",
        "EvaluationArguments", "RayArguments",
    ),
    "llamafactory.v1.config.model_args": ("ModelArguments",),
    "llamafactory.v1.config.data_args": ("DataArguments",),
    "llamafactory.v1.config.training_args": ("TrainingArguments",),
    "llamafactory.v1.config.sample_args": ("SampleArguments",),
}  # fmt: skip

# Where one of these stands, Megatron's arguments take the place of transformers' (mcore_adapter, USE_MCA=1).
MEGATRON = (
    "tensor_model_parallel_size", "pipeline_model_parallel_size", "expert_model_parallel_size",
    "context_parallel_size", "sequence_parallel", "use_distributed_optimizer",
)  # fmt: skip


def fields_of(cls: Any) -> dict[str, Schema]:
    """The schema of each field that the constructor of a dataclass takes."""
    adapter = imported("pydantic").TypeAdapter
    hints = typing.get_type_hints(cls)
    found = {}
    for field in dataclasses.fields(cls):
        if not field.init:
            continue
        try:
            schema = schema_of(adapter(hints[field.name]))
        except Exception as error:  # a type that has no JSON
            print(f"{cls.__name__}.{field.name}: {type(error).__name__}, so it takes anything")
            schema = {}
        if field.default is None and schema:
            schema = either([schema, {"type": "null"}])
        if isinstance(field.default, (str, int, float)) and schema:
            schema["default"] = getattr(field.default, "value", field.default)
        found[field.name] = schema
    return found


def installed(package: Path) -> Schema:
    """The schema of a config for the installed versions."""
    sys.path.insert(0, str(package))
    properties: dict[str, Schema] = {}
    for module, names in CLASSES.items():
        for name in names:
            for key, schema in fields_of(getattr(imported(module), name)).items():
                properties[key] = either([properties[key], schema]) if key in properties else schema
    return {"type": "object", "properties": properties, "additionalProperties": False}


def generate(package: Path, fresh: bool) -> str:
    """The text of the schema: the file's, unless fresh, with what the installed versions take added."""
    path = FOLDER / "schema.json"
    tree = installed(package)
    environment = (package / "llamafactory" / "extras" / "env.py").read_text(encoding="utf-8")
    versions = {
        "x-version": re.findall(r'^VERSION = "(.+)"$', environment, re.MULTILINE),
        "x-transformers": [imported("transformers").__version__],
    }
    if not fresh:
        earlier = json.loads(path.read_text(encoding="utf-8"))
        versions = {key: list(dict.fromkeys([*earlier[key].split(", "), *new])) for key, new in versions.items()}
        tree = merge(expand({key: value for key, value in earlier.items() if not key.startswith("x-")}), tree)
    overlay = json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))
    tree["properties"] |= {name: added["schema"] for name, added in overlay["properties"].items()}
    for missing in apply_patches(tree, overlay["patches"]):
        print(f"overlay.json: nothing at {missing}")
    add_earlier(tree["properties"])
    schema = {
        "x-package": "llamafactory",
        **{key: ", ".join(names) for key, names in versions.items()},
        "x-open-with": list(MEGATRON),
        "x-generator": "scripts/generate_llamafactory_schema.py",
        **factor(tree),
    }
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Add the installed versions to schemas/llamafactory/schema.json.")
    parser.add_argument("package", type=Path)
    parser.add_argument("--fresh", action="store_true", help="leave out the versions that are in the file")
    options = parser.parse_args()
    text = generate(options.package.resolve(), options.fresh)
    (FOLDER / "schema.json").write_text(text, encoding="utf-8")
