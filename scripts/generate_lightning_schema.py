"""Write schemas/lightning/schema.json: what LightningCLI takes, from the source of Lightning and the installed PyTorch.

    python scripts/generate_lightning_schema.py VERSION SOURCE [OLDER ...]

SOURCE is the folder that holds the package `lightning` at VERSION; OLDER are wheels of pytorch-lightning before it,
whose arguments are accepted too: a config says nothing of the release it was written for. Run it in an environment
that has torch.

The trainer's arguments, and the classes of callbacks, loggers, profilers, strategies, optimizers and schedules, are
checked wherever `class_path` names them, in full or by the last name alone, as jsonargparse finds them. Classes of the
user's own are left open. schemas/lightning/overlay.json adds what annotations do not say.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from merge_patch import merged
from source_schema import Source, arguments, from_folder, from_wheel, widened
from torch_schema import optimizers, schedules

Schema = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "lightning"
CURRENT, FORMER = "lightning.pytorch", "pytorch_lightning"
KINDS = ("callbacks", "loggers", "profilers", "strategies")
SUBCOMMANDS = ("fit", "validate", "test", "predict")
KEY = "class_path"


def classes(source: Source) -> dict[str, Schema]:
    """The arguments of every class of a release that a config may name, and of its trainer, by path."""
    found, _ = source.components()
    prefix = CURRENT if source.package == "lightning" else FORMER
    wanted = tuple(f"{prefix}.{kind}." for kind in (*KINDS, "trainer.trainer"))
    return {
        path.replace(FORMER, CURRENT, 1): arguments(one)
        for path, one in found.items()
        if path.startswith(wanted) and path.rpartition(".")[2][0].isupper()
    }


def branch(paths: list[str], made: Schema) -> Schema:
    """The branch for a class: its arguments stand below init_args."""
    given = {"type": "object", **{key: made[key] for key in ("properties", "additionalProperties")}}
    keys = {KEY: {"enum": paths}, "init_args": {"anyOf": [given, {"type": "null"}]}, "dict_kwargs": {"type": "object"}}
    return {"type": "object", "properties": keys, "x-slips": True}


def generate(version: str, source: Source, older: list[Source]) -> str:
    """The text of the schema."""
    former = [classes(release) for release in older]
    current = {path: widened(made, former, path) for path, made in classes(source).items()}
    trainer = current.pop(f"{CURRENT}.trainer.trainer.Trainer")
    for release in former:
        for path, made in release.items():
            current.setdefault(path, widened(made, former, path))
    branches = []
    taken: set[str] = set()
    for prefix, made in (("torch.optim", optimizers()), ("torch.optim.lr_scheduler", schedules())):
        for name, below in made.items():
            short = [name] if name not in taken else []
            taken.add(name)
            if name == "ReduceLROnPlateau":  # Lightning's own, which names the metric to watch
                below["properties"]["monitor"] = {"type": "string"}
                short.append("lightning.pytorch.cli.ReduceLROnPlateau")
            branches.append(branch([f"{prefix}.{name}", *short], below))
    by_name: dict[str, list[str]] = {}
    for path in sorted(current, key=len):
        by_name.setdefault(path.rpartition(".")[2], []).append(path)
    for name, paths in sorted(by_name.items()):
        spellings = [spelt for path in paths for spelt in (path, path.replace(CURRENT, FORMER, 1))]
        if name not in taken and paths[0].count(".") == CURRENT.count(".") + 2 and paths[0].split(".")[2] in KINDS:
            branches.append(branch([*spellings, name], current[paths[0]]))
    anything = {"$ref": "#/$defs/value"}
    open_map = {"type": "object", "additionalProperties": anything}
    named = {"propertyName": KEY, "open": True, "otherwise": open_map}
    plain = {"type": ["string", "number", "boolean", "null"]}
    component = {"type": "object", "discriminator": named, "oneOf": branches}
    given = {"type": "object", **{key: trainer[key] for key in ("properties", "additionalProperties")}, "x-slips": True}
    whole = {"anyOf": [{"$ref": "#/$defs/Trainer"}, {"type": ["string", "null", "boolean"]}]}
    section: Schema = {"type": "object", "properties": {"trainer": whole}, "additionalProperties": anything}
    schema = {
        "x-package": "lightning",
        "x-version": version,
        "x-generator": "scripts/generate_lightning_schema.py",
        "x-lax": True,
        **section,
        "properties": {
            **section["properties"],
            "seed_everything": {"type": ["boolean", "integer", "null"]},
            **{name: {"anyOf": [{"$ref": "#/$defs/Section"}, plain]} for name in SUBCOMMANDS},
        },
        "$defs": {
            "value": {"anyOf": [plain, {"type": "array", "items": anything}, {"$ref": "#/$defs/component"}]},
            "component": component,
            "Trainer": given,
            "Section": section,
        },
    }
    overlay = json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))["merge"]
    return json.dumps(merged(schema, overlay), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    older = [from_wheel(FORMER, Path(path)) for path in sys.argv[3:]]
    text = generate(sys.argv[1], from_folder("lightning", Path(sys.argv[2])), older)
    (FOLDER / "schema.json").write_text(text, encoding="utf-8")
