"""Write ``schemas/keras/schema.json`` from ``signatures.json`` and ``overlay.json``.

    python scripts/generate_keras_schema.py               # from the two files: needs no Keras
    python scripts/generate_keras_schema.py --introspect  # first read the installed Keras (see keras_signatures.py)

The signatures say which classes and arguments exist; the overlay says what kind of value an argument of that name
holds. An argument the overlay does not name is known by name only and any value of it is accepted, except that a
boolean default makes it a flag. Arguments of Keras 1, 2 and 3 stand side by side, because a file rarely says for
which of them it was written.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "schemas" / "keras"
# (kind of class, name of the definition that chooses among its classes)
CHOICES = (
    ("layers", "layer"),
    ("optimizers", "optimizer_object"),
    ("schedules", "schedule"),
    ("losses", "loss_object"),
    ("initializers", "initializer_object"),
    ("regularizers", "regularizer_object"),
)

Schema = dict[str, Any]


def reference(name: str) -> Schema:
    """Return the schema that stands for the definition ``name``; the kind ``any`` needs none."""
    return {} if name == "any" else {"$ref": f"#/$defs/{name}"}


def canonical(signatures: Schema, kind: str, name: str) -> str:
    """Return the class that ``name`` is an alias of, or ``name``."""
    for table in (signatures[kind], signatures["keras2"][kind]):
        if isinstance(table.get(name), str):
            return str(table[name])
    return name


def versions(signatures: Schema, kind: str, name: str) -> list[Schema]:
    """Return the signatures of the class ``name`` stands for, in Keras 3 and where it differs in Keras 2."""
    own = canonical(signatures, kind, name)
    return [table[own] for table in (signatures[kind], signatures["keras2"][kind]) if isinstance(table.get(own), dict)]


def required(found: list[Schema], renamed: dict[str, str]) -> Schema:
    """Return the ``required`` part of a config: the arguments every version asks for.

    An argument that Keras 1 called otherwise may stand under its old name; then the alternatives become an ``anyOf``.
    """
    asked = [set(signature.get("required", [])) for signature in found]
    names = sorted(set.intersection(*asked)) if asked else []
    old: dict[str, list[str]] = {}
    for before, now in renamed.items():
        old.setdefault(now, []).append(before)
    if not names:
        return {}
    if any(name in old for name in names):
        return {"anyOf": [{"required": names}, {"required": sorted(old.get(name, [name])[0] for name in names)}]}
    return {"required": names}


def config(kind: str, name: str, signatures: Schema, overlay: Schema) -> Schema:
    """Return the schema of the config of class ``name``: every argument name known, the certain ones checked."""
    found = versions(signatures, kind, name)
    own = canonical(signatures, kind, name)
    kinds = overlay["arguments"].get(kind, {})
    special = overlay["classes"].get(own, {}) if kind in ("layers", "optimizers") else {}
    renamed = overlay["keras1"]["renamed"].get(own, {}) if kind == "layers" else {}
    defaults: dict[str, list[Any]] = {}
    for signature in found:
        for argument in signature.get("required", []):
            defaults.setdefault(argument, []).append(None)
        for argument, value in signature.get("defaults", {}).items():
            defaults.setdefault(argument, []).append(value)
    if kind == "layers":
        for base in (signatures["base"]["layers"], signatures["keras2"]["base"]["layers"]):
            for argument, value in base.items():
                defaults.setdefault(argument, []).append(value)
        everywhere = overlay["keras1"]["renamed"]["*"]
        present = {old for old, now in everywhere.items() if now in defaults}
        for argument in sorted({*renamed, *present, *overlay["keras1"]["classes"].get(name, [])}):
            defaults.setdefault(argument, []).append(None)
    if kind == "optimizers":
        for argument in ("lr", "decay"):
            defaults.setdefault(argument, [None])
    properties = {}
    for argument, values in sorted(defaults.items()):
        chosen = special.get(argument) or kinds.get(argument)
        if chosen is None:
            chosen = "flag" if all(isinstance(value, bool) for value in values) else "any"
        properties[argument] = reference(chosen)
    loose = kind == "layers" and (own in overlay["redefined"] or own in signatures["operations"])
    return {"type": "object", "properties": properties, **({} if loose else required(found, renamed))}


def choice(definitions: Schema, kind: str, signatures: Schema, overlay: Schema, named: Schema) -> Schema:
    """Return the schema that picks the class by ``class_name``; any other class name is accepted unchecked.

    Classes whose configs are alike share one branch, which is added to ``definitions``.
    """
    groups: dict[str, list[str]] = {}
    names = {*signatures[kind], *signatures["keras2"][kind]}
    if kind == "layers":
        names = (names | set(overlay["keras1"]["classes"])) - set(overlay["internal"])
    for name in sorted(names):
        groups.setdefault(json.dumps(config(kind, name, signatures, overlay), sort_keys=True), []).append(name)
    branches = dict(named)
    for text, members in groups.items():
        label = min((member for member in members if canonical(signatures, kind, member) == member), default=members[0])
        spelled = set(members)
        if kind == "optimizers":  # matched in any case; Keras 2.11 to 2.15 register their own as custom
            spelled |= {form for member in members for form in (member.lower(), f"Custom>{member}")}
        branches[label if kind == "layers" else f"{kind}.{label}"] = {
            "type": "object",
            "properties": {
                "class_name": {"enum": sorted(spelled)},
                "config": json.loads(text),
            },
            "required": ["class_name", "config"] if kind == "layers" else ["class_name"],
        }
    definitions.update(branches)
    return {
        "discriminator": {"propertyName": "class_name", "open": True},
        "anyOf": [*({"$ref": f"#/$defs/{name}"} for name in sorted(branches)), {"$ref": "#/$defs/unlisted"}],
    }


def models() -> Schema:
    """Return the branches of the two classes that hold layers."""
    layers = {"$ref": "#/$defs/layers"}
    ends = {"type": ["array", "object"]}
    common = {"name": reference("text"), "trainable": reference("flag"), "layers": layers}
    functional = {"type": "object", "properties": {**common, "input_layers": ends, "output_layers": ends}}

    def branch(classes: list[str], inner: Schema) -> Schema:
        return {
            "type": "object",
            "properties": {"class_name": {"enum": classes}, "config": inner},
            "required": ["class_name", "config"],
        }

    held = {**common, "build_input_shape": {}, "batch_input_shape": reference("shape"), "dtype": reference("dtype")}
    return {
        "Functional": branch(["Functional", "Model"], functional),
        "Sequential": branch(
            ["Sequential"], {"anyOf": [{"type": "object", "properties": held, "required": ["layers"]}, layers]}
        ),
    }


def build(signatures: Schema, overlay: Schema) -> Schema:
    """Return the whole schema: a model as JSON, alone or inside the topology of a TensorFlow.js file."""
    definitions: Schema = {name: value for name, value in overlay["definitions"].items() if name != "any"}
    held = models()
    definitions["unlisted"] = {"type": "object", "properties": {"class_name": {"type": ["string", "null"]}}}
    for kind, name in CHOICES:
        picked = choice(definitions, kind, signatures, overlay, held if kind == "layers" else {})
        definitions[name] = {"type": "object", **picked}
    definitions["layer"]["properties"] = {
        "name": reference("text"),
        "module": reference("text"),
        "registered_name": reference("text"),
        "inbound_nodes": {"type": "array"},
        "build_config": {"type": ["object", "null"]},
    }
    definitions["layer"]["required"] = ["class_name"]
    training = {"loss": reference("loss"), "metrics": {}, "weighted_metrics": {}, "loss_weights": {}}
    definitions["compile_config"] = {
        "type": ["object", "null"],
        "properties": {
            **training,
            "optimizer": reference("optimizer"),
            "run_eagerly": reference("flag"),
            "steps_per_execution": {"type": ["integer", "string", "null"]},
            "jit_compile": {"type": ["boolean", "string", "null"]},
        },
    }
    definitions["training_config"] = {
        "type": ["object", "null"],
        "properties": {**training, "optimizer_config": reference("optimizer"), "sample_weight_mode": {}},
    }
    properties = {
        **definitions["layer"]["properties"],
        "compile_config": reference("compile_config"),
        "training_config": reference("training_config"),
        "keras_version": reference("text"),
        "backend": reference("text"),
    }
    chosen = {
        "discriminator": {"propertyName": "class_name", "open": True},
        "anyOf": [reference("Functional"), reference("Sequential"), reference("unlisted")],
    }
    definitions["model"] = {
        "type": "object",
        "properties": {**properties, "model_config": {"$ref": "#/$defs/model"}},
        **chosen,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "x-generator": "scripts/generate_keras_schema.py",
        "x-package": signatures["x-package"],
        "x-version": signatures["x-version"],
        "$defs": definitions,
        "type": "object",
        "properties": {
            **properties,
            "modelTopology": {"$ref": "#/$defs/model"},
            "weightsManifest": {"type": "array"},
            "format": reference("text"),
        },
        **chosen,
    }


def generate() -> str:
    """Return the text of ``schema.json`` for the two files as they are."""
    signatures = json.loads((FOLDER / "signatures.json").read_text("utf-8"))
    overlay = json.loads((FOLDER / "overlay.json").read_text("utf-8"))
    return json.dumps(build(signatures, overlay), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file, after reading the installed Keras when asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--introspect", action="store_true", help="read the signatures of the installed Keras first")
    if parser.parse_args().introspect:
        import keras_signatures

        keras_signatures.main()
    (FOLDER / "schema.json").write_text(generate(), "utf-8")


if __name__ == "__main__":
    main()
