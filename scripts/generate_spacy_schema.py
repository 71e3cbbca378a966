"""Write schemas/spacy/schema.json and functions.json from the installed spaCy.

    pip install spacy spacy-legacy spacy-transformers
    python scripts/generate_spacy_schema.py

schema.json holds the sections that spaCy's own pydantic models describe (spacy/schemas.py). functions.json holds what a
block such as `@architectures = "spacy.Tagger.v2"` may say: for each registry, the arguments of each function with their
types, or null where it takes any; and the same of the factories of components.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
import typing
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "spacy"
SECTIONS = {
    "nlp": "ConfigSchemaNlp", "training": "ConfigSchemaTraining", "initialize": "ConfigSchemaInit",
    "pretraining": "ConfigSchemaPretrain",
}  # fmt: skip
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
NOT_SAID = {"nlp", "name"}
"""Arguments of factories that spaCy gives itself."""


def types_of(hint: Any) -> list[str] | None:
    """The JSON types that an annotation takes; None where that is more than plain values."""
    if typing.get_origin(hint) is typing.Annotated:
        return types_of(typing.get_args(hint)[0])
    if type(hint) is not type and typing.get_args(hint) and "Union" in str(typing.get_origin(hint)):
        listed = [types_of(option) for option in typing.get_args(hint)]
        return None if None in listed else sorted({name for types in listed for name in types or ()})
    return [TYPES[hint]] if hint in TYPES else None


def schema_of(hint: Any) -> Any:
    """The schema of an annotation; True where it takes more than plain values and lists of texts."""
    types = types_of(hint)
    if types is not None:
        return {"type": types[0] if len(types) == 1 else types}
    if typing.get_origin(hint) is list and types_of(typing.get_args(hint)[0]) == ["string"]:
        return {"type": "array", "items": {"type": "string"}}
    return True


def section(model: Any) -> Any:
    """The schema of a section. Other keys are left alone by confection 1, and refused by the releases before it."""
    properties = {name: schema_of(field.annotation) for name, field in sorted(model.model_fields.items())}
    return {"type": "object", "properties": properties, "x-ignores": True}


def arguments(function: Any) -> dict[str, list[str] | None] | None:
    """The arguments of a function with the types they take, None where it takes any."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a class that is written in C
        return None
    try:
        hints = typing.get_type_hints(function)
    except (TypeError, NameError):  # a name that is there for type checkers alone
        hints = {}
    if any(one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL) for one in parameters):
        return None
    return {one.name: types_of(hints.get(one.name)) for one in parameters}


def registries(registry: Any) -> dict[str, dict[str, Any]]:
    """The functions of each registry; those of spacy-legacy are found under the names they had in spaCy, too."""
    import_module("spacy.registrations").populate_registry()
    lang = import_module("spacy.lang")
    for module in pkgutil.iter_modules(lang.__path__):
        import_module(f"spacy.lang.{module.name}")
    found = {}
    for name in registry.get_registry_names():
        if name in ("factories", "internal_factories", "languages"):
            continue
        functions = {key: arguments(made) for key, made in sorted(getattr(registry, name).get_all().items())}
        for key in list(functions):
            if key.startswith("spacy-legacy."):
                functions.setdefault(key.replace("spacy-legacy.", "spacy."), functions[key])
        found[name] = functions
    return found


def factories(spacy: Any) -> dict[str, Any]:
    """The arguments of the factories of components, without those that spaCy gives itself."""
    found = {}
    spacy.blank("en")
    for name, function in sorted(spacy.util.registry.factories.get_all().items()):
        said = arguments(function)
        found[name] = None if said is None else {key: said[key] for key in said if key not in NOT_SAID}
    return found


def main() -> None:
    """Write both files."""
    spacy = import_module("spacy")
    schemas, registry = import_module("spacy.schemas"), import_module("spacy.util").registry
    made = factories(spacy)
    tables = registries(registry)
    head = {"x-package": "spacy", "x-version": spacy.__version__, "x-generator": "scripts/generate_spacy_schema.py"}
    sections = {name: section(getattr(schemas, model)) for name, model in SECTIONS.items()}
    lang = sections["nlp"]["properties"]["lang"]
    lang["type"] = [lang["type"], "null"]  # spaCy's own default config leaves it open
    schema = {**head, "x-lax": True, "type": "object", "properties": sections}
    (FOLDER / "schema.json").write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    content = {**head, "registries": tables, "factories": made}
    (FOLDER / "functions.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print({name: len(functions) for name, functions in tables.items()}, len(content["factories"]))


if __name__ == "__main__":
    main()
