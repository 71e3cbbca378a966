"""Write schemas/hf-trl/versions.json: which keys and values came and went with which version of transformers and TRL.

    pip download --no-deps --dest WHEELS transformers==5.24.0 trl==1.16.0      a new version is one such command
    python scripts/hf_versions.py WHEELS

The classes are read out of the wheels as text, so nothing is installed or run. The file holds, for each package, the
versions that were looked at, and for each key that not all of them have `[first version with it, first without it]`:
null where it was there from the beginning, or still is. The same for the values of optimizers, schedules and
strategies. A key counts as gone only when no trainer's arguments have it any more.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "hf-trl"
FILES = {
    "transformers": r"transformers/(training_args|training_args_seq2seq)\.py",
    "trl": r"trl/(trainer|experimental|scripts|commands|core)/.*\.py",
}
CLASSES = {
    "transformers": r"TrainingArguments|Seq2SeqTrainingArguments",
    "trl": r"(SFT|DPO|GRPO|KTO|ORPO|CPO|Reward|RLOO|GKD|OnlineDPO|Model|_Base|DatasetMixture)Config|ScriptArguments",
}
CHOICES = {
    "OptimizerNames": "optim", "SchedulerType": "lr_scheduler_type", "IntervalStrategy": "eval_strategy",
    "SaveStrategy": "save_strategy", "HubStrategy": "hub_strategy",
}  # fmt: skip


def version_of(wheel: Path) -> tuple[int, ...]:
    """The version in a wheel's file name, as numbers."""
    return tuple(int(part) for part in wheel.name.split("-")[1].split("."))


def fields(package: str, wheel: Path) -> set[str]:
    """The annotated fields of the argument classes in a wheel."""
    found = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if re.fullmatch(FILES[package], name):
                for node in ast.walk(ast.parse(archive.read(name))):
                    if isinstance(node, ast.ClassDef) and re.fullmatch(CLASSES[package], node.name):
                        found |= {
                            item.target.id
                            for item in node.body
                            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
                        }
    return {name for name in found if not name.startswith("_")}


def choices(wheel: Path) -> dict[str, set[str]]:
    """The values of enumerations in a wheel of transformers, by the key that takes them."""
    found: dict[str, set[str]] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in ("transformers/training_args.py", "transformers/trainer_utils.py"):
            for node in ast.walk(ast.parse(archive.read(name))):
                if isinstance(node, ast.ClassDef) and node.name in CHOICES:
                    found[CHOICES[node.name]] = {
                        item.value.value
                        for item in node.body
                        if isinstance(item, ast.Assign)
                        and isinstance(item.value, ast.Constant)
                        and isinstance(item.value.value, str)
                    }
    return found


def spans(by_version: list[tuple[str, set[str]]]) -> dict[str, list[str | None]]:
    """For each name that not all versions have: the first with it, and the first without it after the last with it."""
    table: dict[str, list[str | None]] = {}
    for name in sorted(set().union(*(names for _, names in by_version))):
        has = [name in names for _, names in by_version]
        first, last = has.index(True), len(has) - 1 - has[::-1].index(True)
        added = by_version[first][0] if first else None
        removed = by_version[last + 1][0] if last + 1 < len(has) else None
        if added or removed:
            table[name] = [added, removed]
    return table


def main() -> None:
    """Read all wheels in the folder given and write versions.json."""
    folder = Path(sys.argv[1])
    content: dict[str, Any] = {"x-generator": "scripts/hf_versions.py"}
    others: set[str] = set()  # TRL states some of transformers' own keys again, for other defaults
    for package in FILES:
        wheels = sorted(folder.glob(f"{package}-*.whl"), key=version_of)
        names = [".".join(map(str, version_of(wheel))) for wheel in wheels]
        listed = [fields(package, wheel) - others for wheel in wheels]
        content[package] = {"versions": names, "keys": spans(list(zip(names, listed)))}
        others = others.union(*listed)
        if package == "transformers":
            values = [choices(wheel) for wheel in wheels]
            keys = sorted({key for found in values for key in found} - {"save_strategy"})  # once another enumeration
            content[package]["values"] = {
                key: spans([(name, found.get(key, set())) for name, found in zip(names, values)]) for key in keys
            }
    (FOLDER / "versions.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
