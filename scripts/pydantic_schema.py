"""JSON Schemas that pydantic makes of models and dataclasses, in the form that hplint checks.

The result has no $ref outside of what `factor` makes, no descriptions and no titles, and one schema for each kind of
value where pydantic lists alternatives. A map in whose place pydantic takes other keys without a word has `x-ignores`.
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterable
from typing import Any

from schema_union import LOWER, UPPER, join, split

Schema = dict[str, Any]

_KEPT = ("type", "enum", "const", "required", "minItems", "maxItems", "minLength", *LOWER, *UPPER)


def generator() -> Any:
    """Pydantic's generator of schemas, which goes on where a choice or default has no JSON, such as a torch.dtype."""
    module: Any = importlib.import_module("pydantic.json_schema")  # only these scripts need pydantic
    base = module.GenerateJsonSchema
    # Frameworks keep functions in what they add to a field's schema.
    as_json = importlib.import_module("pydantic_core").to_jsonable_python
    module.to_jsonable_python = functools.partial(as_json, fallback=str)

    def enum_schema(self: Any, schema: Any) -> Any:
        try:
            return base.enum_schema(self, schema)
        except Exception:
            return {"enum": [str(member.value) for member in schema["members"]]}

    def handle_invalid_for_json_schema(self: Any, schema: Any, error_info: str) -> Any:
        return {}  # takes anything

    changes = {
        "enum_schema": enum_schema,
        "handle_invalid_for_json_schema": handle_invalid_for_json_schema,
        "ignored_warning_kinds": {"skipped-choice", "non-serializable-default", "skipped-discriminator"},
    }
    return type("Generator", (base,), changes)


def schema_of(model: Any, by_alias: bool = True) -> Schema:
    """The schema of a pydantic model, or of what a TypeAdapter stands for, in our form."""
    make = model.model_json_schema if hasattr(model, "model_json_schema") else model.json_schema
    raw: Schema = make(schema_generator=generator(), by_alias=by_alias)
    return normal(raw, raw.get("$defs", {}))


def normal(raw: Schema, definitions: Schema) -> Schema:
    """A schema of pydantic's in our form, with what `definitions` holds in place."""
    if "$ref" in raw:
        return normal(definitions[raw["$ref"].removeprefix("#/$defs/")], definitions)
    if "allOf" in raw:
        (only,) = raw["allOf"]
        schema = normal(only, definitions)
    elif "anyOf" in raw or "oneOf" in raw:
        options = [normal(option, definitions) for option in raw.get("anyOf") or raw["oneOf"]]
        schema = either(options)
    else:
        schema = {key: raw[key] for key in _KEPT if key in raw}
        if "pattern" in raw:
            schema.pop("enum", None)
        if "properties" in raw:
            schema["properties"] = {name: normal(value, definitions) for name, value in raw["properties"].items()}
            closed = raw.get("additionalProperties") is False
            schema |= {"additionalProperties": not closed} | ({} if closed else {"x-ignores": True})
        elif isinstance(raw.get("additionalProperties"), dict):
            schema["additionalProperties"] = normal(raw["additionalProperties"], definitions)
        if "prefixItems" in raw:
            items = [normal(item, definitions) for item in raw["prefixItems"]]
            schema["items"] = either(items)
        elif isinstance(raw.get("items"), dict):
            schema["items"] = normal(raw["items"], definitions)
        schema = join(split(schema))
    if isinstance(raw.get("default"), (str, int, float)):
        schema["default"] = raw["default"]
    return schema


def either(options: list[Schema]) -> Schema:
    """A schema that takes what one of the options takes, where of maps each key is looked at for itself."""
    kinds = [split(option) for option in options]
    if None in kinds or not all(options):  # one of them takes anything
        return {}
    said = [kind["object"] for kind in kinds if kind is not None and "properties" in kind.get("object", {})]
    joined = split({"anyOf": options}) or {}
    if len(said) > 1:
        keys = dict.fromkeys(key for one in said for key in one["properties"])
        parts = {key: [one["properties"][key] for one in said if key in one["properties"]] for key in keys}
        required = [key for key in keys if all(key in one.get("required", ()) for one in said)]
        joined["object"] = {
            "properties": {key: either(found) for key, found in parts.items()},
            "additionalProperties": any(one["additionalProperties"] for one in said),
            **({"x-ignores": True} if any(one.get("x-ignores") for one in said) else {}),
            **({"required": required} if required else {}),
        }
    return join(joined)


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for packages that are not installed, so that modules which need them for other work can be imported."""

    def __init__(self, packages: Iterable[str]) -> None:
        self.packages = set(packages)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """Return a module without content for one of the packages."""
        if fullname.partition(".")[0] in self.packages:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        """Return a module whose every name is an empty class."""
        module = _Anything(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


class _Anything(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def imported(module: str) -> Any:
    """Return a module, with stand-ins for the packages that it needs and that are not installed."""
    while True:
        try:
            return importlib.import_module(module)
        except ModuleNotFoundError as error:  # noqa: PERF203  # each time another package is missing
            missing = (error.name or "").partition(".")[0]
            if not missing or missing == module.partition(".")[0]:
                raise
            print(f"a stand-in for {missing}")
            sys.meta_path.append(Absent([missing]))
