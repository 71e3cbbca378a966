"""Writes schemas/detectron2/schema.json and schemas/slowfast/schema.json from the default nodes of the two programs.

    python scripts/generate_yacs_schemas.py DETECTRON2 SLOWFAST

takes checkouts of facebookresearch/detectron2 and facebookresearch/SlowFast (both Apache-2.0). Their defaults are read
as data, statement by statement, and nothing of them is run: a default decides the type that yacs holds a config to, and
every name that is assigned is a key. The nodes that Detectron2's own projects add count as known, and so do the keys of
its configs of version 1, which it still renames (detectron2/config/compat.py).
"""

from __future__ import annotations

import ast
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

HOME = Path(__file__).resolve().parent.parent / "schemas"
ROOTS = ("_C", "cfg")
"""What the sources call the node that everything hangs below."""
NODES = ("CN", "CfgNode")
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", tuple: "array"}
SHARED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "x-exact": True,
    "x-forks": True,
}


def node() -> Schema:
    """Return the schema of a node that holds no keys yet."""
    return {"type": "object", "properties": {}, "additionalProperties": False}


def value_of(said: ast.expr) -> Any:
    """Return the value of an expression as far as it is plain data, else an empty value of its type, else ...."""
    if ast.unparse(said) in ("math.inf", "-math.inf"):
        return math.inf
    try:
        return ast.literal_eval(said)
    except ValueError:
        is_float = isinstance(said, ast.BinOp) and isinstance(said.op, (ast.Div, ast.Pow))
        return math.inf if is_float else [] if isinstance(said, (ast.List, ast.Tuple)) else ...


def schema_of(said: ast.expr) -> Any:
    """Return the schema of what may take the place of a default; True where that says nothing."""
    if isinstance(said, ast.Call) and ast.unparse(said.func) in NODES:
        made = node()
        if any(keyword.arg == "new_allowed" for keyword in said.keywords):
            made["additionalProperties"] = True
        for entry in said.args:
            assert isinstance(entry, ast.Dict)
            for key, value in zip(entry.keys, entry.values):
                assert isinstance(key, ast.Constant)
                made["properties"][key.value] = schema_of(value)
        return made
    value = value_of(said)
    if type(value) not in TYPES:
        return {"type": "object"} if isinstance(value, dict) else True
    made = {"type": TYPES[type(value)]}
    if value not in ([], math.inf, "") and not isinstance(said, (ast.List, ast.Tuple)):
        made["default"] = value
    return made


def path_of(target: ast.expr) -> list[str] | None:
    """Return the steps of an assigned name such as _C.MODEL.DEVICE, without its root; None for any other target."""
    steps: list[str] = []
    while isinstance(target, ast.Attribute):
        steps.insert(0, target.attr)
        target = target.value
    return steps if isinstance(target, ast.Name) and target.id in ROOTS and steps else None


def add(root: Schema, text: str) -> None:
    """Add what a module assigns to `root`; a key that is there with another type may have either."""
    for said in ast.walk(ast.parse(text)):
        for target in said.targets if isinstance(said, ast.Assign) else ():
            steps = path_of(target)
            if steps is None:
                continue
            below = root
            for step in steps[:-1]:
                below = below["properties"].setdefault(step, node())
            assert isinstance(said, ast.Assign)
            made, known = schema_of(said.value), below["properties"].get(steps[-1])
            if known in (None, True):
                below["properties"][steps[-1]] = made
            elif known is not True and made is not True and made["type"] != known["type"]:
                below["properties"][steps[-1]] = {"type": sorted({made["type"], known["type"]})}


def renamed(text: str) -> list[str]:
    """Return the old names of a table of renames."""
    pairs = [said for said in ast.walk(ast.parse(text)) if isinstance(said, ast.Tuple) and len(said.elts) == 2]
    names = [pair.elts[0].value for pair in pairs if isinstance(pair.elts[0], ast.Constant)]
    return [name for name in names if isinstance(name, str) and name.isupper() and "." in name]


def sorted_schema(made: Any) -> Any:
    """Return a schema with its keys in the order of the alphabet, so that it changes no more than it must."""
    if isinstance(made, dict):
        below = {name: sorted_schema(value) for name, value in made.items()}
        return {**below, "properties": dict(sorted(below["properties"].items()))} if "properties" in made else below
    return made


def write(name: str, about: Schema, root: Schema) -> None:
    """Write the schema of one program."""
    text = json.dumps(sorted_schema({**SHARED, **about, **root}), indent=1)
    (HOME / name / "schema.json").write_text(text + "\n", encoding="utf-8")
    print(name, text.count('"type"'))


def commit(folder: Path) -> str:
    """Return the commit that a checkout is at."""
    made = subprocess.run(["git", "-C", str(folder), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True)
    return made.stdout.strip()


def main() -> None:
    """Read both checkouts."""
    detectron2, slowfast = map(Path, sys.argv[1:])
    root = node()
    add(root, (detectron2 / "detectron2/config/defaults.py").read_text("utf-8"))
    for path in sorted((detectron2 / "projects").glob("*/*/config.py")):
        add(root, path.read_text("utf-8"))
    add(root, "_C._BASE_ = None")
    for name in renamed((detectron2 / "detectron2/config/compat.py").read_text("utf-8")):
        add(root, f"_C.{name} = None")
    for name in ("ASPECT_RATIOS", "SIZES", "STRIDES"):  # ConverterV2.upgrade
        add(root, f"_C.MODEL.RPN.ANCHOR_{name} = None\n_C.MODEL.RETINANET.ANCHOR_{name} = None")
    write("detectron2", {"title": "Detectron2", "x-source": f"detectron2 {commit(detectron2)}"}, root)
    root = node()
    add(root, (slowfast / "slowfast/config/defaults.py").read_text("utf-8"))
    add(root, "_C._BASE_ = None")
    write("slowfast", {"title": "SlowFast", "x-source": f"SlowFast {commit(slowfast)}"}, root)


if __name__ == "__main__":
    main()
