"""Write schemas/nemo/schema.json: the keys of the sections that NeMo passes on to something with a closed list of them.

    python scripts/generate_nemo_schema.py NEMO

takes a checkout of NVIDIA/NeMo (Apache-2.0), whose dataclasses are read as text. `trainer` becomes the arguments of
Lightning's Trainer (schemas/lightning/schema.json, all its releases), `exp_manager` is merged into ExpManagerConfig,
and `model.optim` and its `sched` become those of an optimizer and a schedule, whose keys are taken together. NeMo's
releases and programs built on it have further keys, so only slips of known ones count, and texts that stand where
numbers are needed.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
NUMBERS = {"integer", "number"}
OF_NEMO = {
    "optim": ("name", "sched", "_target_", "params"),
    "sched": ("name", "args", "t_max", "t_accumulate_grad_batches"),
}
PASSED_ON = ("monitor", "reduce_on_plateau", "iters_per_batch")


def fields(text: str, names: str) -> dict[str, ast.expr]:
    """The annotations of the fields of all dataclasses whose names end so."""
    found = {}
    for node in ast.walk(ast.parse(text)):
        for item in node.body if isinstance(node, ast.ClassDef) and node.name.endswith(names) else ():
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                found[item.target.id] = item.annotation
    return found


def numeric(annotation: ast.expr) -> Any:
    """The schema of a field that takes a number, or none; True for any other."""
    text = ast.unparse(annotation)
    return {"type": ["null", "number"]} if text in ("int", "float", "Optional[int]", "Optional[float]") else True


def types_in(schema: Any) -> set[str]:
    """The types that a schema takes; "object" where it refers to another."""
    if schema is True or "$ref" in schema:
        return {"object"}
    options = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    own = schema.get("type", [] if options else "object")
    return set([own] if isinstance(own, str) else own).union(*map(types_in, options))


def section(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of a section."""
    return {"type": ["null", "object", "string"], "properties": dict(sorted(properties.items())), "x-slips": True}


def main() -> None:
    """Read NeMo's dataclasses and write the schema."""
    nemo = Path(sys.argv[1])
    lightning = json.loads((SCHEMAS / "lightning" / "schema.json").read_text(encoding="utf-8"))
    trainer = {
        name: {"type": ["null", "number"]} if types_in(schema) <= {*NUMBERS, "null"} else True
        for name, schema in lightning["$defs"]["Trainer"]["properties"].items()
    }
    manager = fields((nemo / "nemo/utils/exp_manager.py").read_text("utf-8"), "ExpManagerConfig")
    optim = fields((nemo / "nemo/core/config/optimizers.py").read_text("utf-8"), "Params")
    sched = fields((nemo / "nemo/core/config/schedulers.py").read_text("utf-8"), "Params")
    own = {key: dict.fromkeys(names, True) for key, names in OF_NEMO.items()}
    schedule = section(
        {**{name: numeric(hint) for name, hint in sched.items()}, **own["sched"], **dict.fromkeys(PASSED_ON, True)}
    )
    optimizer = section({**{name: numeric(hint) for name, hint in optim.items()}, **own["optim"], "sched": schedule})
    schema = {
        "x-package": "nemo",
        "x-generator": "scripts/generate_nemo_schema.py",
        "type": "object",
        "properties": {
            "trainer": section(trainer),
            "exp_manager": section(dict.fromkeys(manager, True)),
            "model": {"properties": {"optim": optimizer}},
        },
    }
    (SCHEMAS / "nemo" / "schema.json").write_text(json.dumps(schema, indent=1) + "\n", encoding="utf-8")
    print({"trainer": len(trainer), "exp_manager": len(manager), "optim": len(optim), "sched": len(sched)})


if __name__ == "__main__":
    main()
