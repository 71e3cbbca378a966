"""Write schemas/axolotl/schema.json from Axolotl's own models, those of its plugins among them.

Axolotl needs CUDA to install. Its models do not, so that its wheel, unpacked, does:

    pip download --no-deps axolotl && unzip axolotl-*.whl -d axolotl
    pip install torch transformers accelerate datasets peft pillow pydantic addict
    python scripts/generate_axolotl_schema.py axolotl

The result differs from what pydantic gives in three ways. The arguments of every plugin are merged in. What
overlay.json says is applied, where the loader differs from its own schema: a list of {"at", "merge", "why"}, as for
Ludwig, and keys that only a validator knows. And `x-plugins` tells which plugin each of their keys belongs to:
without it the loader ignores the key.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from generate_ludwig_schema import apply_patches
from pydantic_schema import imported, schema_of
from schema_defs import factor

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "axolotl"


def plugins(package: Path) -> dict[str, Any]:
    """The plugins that bring arguments of their own: the plugin's class, with its module -> the model of its arguments.

    The arguments stand in a file of their own, which needs nothing of what the plugins themselves do.
    """
    found = {}
    for path in sorted((package / "axolotl" / "integrations").glob("*/*.py")):
        text = path.read_text(encoding="utf-8")
        arguments = re.search(r'return "(axolotl\.integrations\.[\w.]+)"', text)
        plugin = re.search(r"^class (\w+)\(BasePlugin\)", text, re.MULTILINE)
        if arguments and plugin and "def get_input_args" in text:
            name = f"axolotl.integrations.{path.parent.name}.{plugin[1]}"
            spec = spec_from_file_location(f"{path.parent.name}_args", path.parent / "args.py")
            assert spec is not None
            assert spec.loader is not None
            module = module_from_spec(spec)
            sys.modules[spec.name] = module  # where pydantic looks up the types that annotations name
            spec.loader.exec_module(module)
            found[name] = getattr(module, arguments[1].rpartition(".")[2])
    return found


def generate(package: Path) -> str:
    """The text of the schema."""
    sys.path.insert(0, str(package))
    model = imported("axolotl.utils.schemas.config").AxolotlInputConfig
    tree = schema_of(model)
    tree["properties"] = {name: {} for name in model.model_fields} | tree["properties"]  # older names are left alone
    owners: dict[str, str] = {}
    for plugin, arguments in plugins(package).items():
        for key, part in schema_of(arguments)["properties"].items():
            if key not in tree["properties"]:
                tree["properties"][key] = part
                owners[key] = plugin
    overlay = json.loads((FOLDER / "overlay.json").read_text(encoding="utf-8"))
    tree["properties"] |= {name: added["schema"] for name, added in overlay["properties"].items()}
    for path in apply_patches(tree, overlay["patches"]):
        print(f"overlay.json: nothing at {path}")
    metadata = next(package.glob("axolotl-*.dist-info")) / "METADATA"
    version = re.search(r"^Version: (.+)$", metadata.read_text(encoding="utf-8"), re.MULTILINE)
    schema = {
        "x-package": "axolotl",
        "x-version": version[1] if version else "",
        "x-generator": "scripts/generate_axolotl_schema.py",
        "x-lax": True,
        "x-plugins": owners,
        **factor(tree),
    }
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(generate(Path(sys.argv[1]).resolve()), encoding="utf-8")
