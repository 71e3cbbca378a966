"""The schema and the documentation of hplint's own format agree with its tables and with the facts."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from hplint_documents import ROOT, every_fact, keys_of, resolved, schema_of, tree_of

from hplint import knowledge
from hplint.facts.parts import VOCABULARIES
from hplint.lint import lint
from hplint.schema.check import beyond, check

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_everything_fits_the_schema() -> None:
    assert check(tree_of(every_fact()), schema_of()) == []
    jsonschema.Draft202012Validator(schema_of()).validate(tree_of(every_fact()).data())


def test_schema_is_in_normal_form() -> None:
    assert beyond(schema_of()) == set()
    jsonschema.Draft202012Validator.check_schema(schema_of())


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema that has properties, with the path to it."""
    if isinstance(schema, dict):
        if "properties" in schema and isinstance(schema["properties"], dict):
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from objects(value, f"{path}/{index}")


def test_every_property_is_described_in_a_sentence() -> None:
    found = 0
    for path, schema in objects(schema_of()):
        for key, value in schema["properties"].items():
            description = resolved(value).get("description", "")
            assert re.match(r"[A-Za-z0-9`'].*[.)]\Z", description), f"{path}/{key}: {description!r}"
            found += 1
    assert found > 300


def test_only_custom_layers_take_unknown_keys() -> None:
    free = {path for path, schema in objects(schema_of()) if schema.get("additionalProperties", True) is not False}
    assert free == {"/$defs/custom_layer"}


def enums(schema: Any) -> Iterator[tuple[Any, ...]]:
    """Yield every list of accepted values."""
    if isinstance(schema, dict):
        if isinstance(schema.get("enum"), list):
            yield tuple(schema["enum"])
        for value in schema.values():
            yield from enums(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from enums(value)


FOLLOWED = {
    "TaskKind", "Modality", "Family", "Labels", "Scaling", "Goal", "Split", "SearchAlgorithm", "ParameterKind",
    "Adapter",
}  # fmt: skip


@pytest.mark.parametrize("vocabulary", sorted(FOLLOWED))
def test_enums_are_the_vocabularies(vocabulary: str) -> None:
    assert VOCABULARIES[vocabulary] in set(enums(schema_of()))


def test_strategies_are_the_vocabulary_and_the_no_that_yaml_reads_as_false() -> None:
    assert (False, *VOCABULARIES["Strategy"]) in set(enums(schema_of()))


def test_recognition_knows_all_kinds_and_families() -> None:
    clauses = knowledge.formats()["hplint"]["recognise"]
    words = {key: tuple(values) for clause in clauses for key, values in clause["has"].items()}
    assert words["task.kind"] == VOCABULARIES["TaskKind"]
    assert words["model.family"] == VOCABULARIES["Family"]


def test_schema_and_tables_know_the_same_layers() -> None:
    tables = knowledge.data("hplint/layers")
    definitions = schema_of()["$defs"]
    branches = {
        kind: resolved(branch)["properties"]
        for branch in definitions["layer_map"]["oneOf"]
        for kind in resolved(branch)["properties"]["type"]["enum"]
    }
    assert set(branches) == set(tables["layers"]) == set(definitions["layer"]["anyOf"][0]["enum"])
    unread = {
        "inputs", "layers", "shares", "backward", "mask_value", "direction", "strength", "function", "architecture",
        "class", "stddev", "sequence_length", "output_size",
    }  # fmt: skip
    for kind, facts in tables["layers"].items():
        table = {
            **tables["every"], **tables["kinds"].get(facts["kind"], {}),
            **tables["operations"].get(facts.get("operation"), {}),
        }  # fmt: skip
        keys = {key for entry in table.values() for key in keys_of(entry)}
        assert set(branches[kind]) - keys <= unread, kind


def test_every_section_of_the_schema_is_read() -> None:
    description = knowledge.formats()["hplint"]
    read_keys = {key for entry in description["facts"].values() for key in keys_of(entry)}
    properties = schema_of()["properties"]
    for section in set(properties) - {"hplint", "name", "description", "extra", "inputs", "outputs", "metrics"}:
        for key, value in resolved(properties[section])["properties"].items():
            below = resolved(value).get("properties", {})
            for path in [f"{section}.{key}.{inner}" for inner in below] or [f"{section}.{key}"]:
                assert path in read_keys | {"model.layers", "search.parameters"}, path


def test_the_documentation_names_every_key_of_the_sections() -> None:
    with open(os.path.join(ROOT, "docs", "formats", "hplint.md"), encoding="utf-8") as file:
        text = file.read()
    for section, value in schema_of()["properties"].items():
        assert f"`{section}`" in text
        for key in resolved(value).get("properties", {}):
            assert f"`{key}`" in text, f"{section}.{key}"
    for kind in knowledge.data("hplint/layers")["layers"]:
        assert f"`{kind}`" in text, kind


def test_the_documentation_says_what_the_schema_says() -> None:
    with open(os.path.join(ROOT, "docs", "formats", "hplint.md"), encoding="utf-8") as file:
        text = file.read()
    for section, value in schema_of()["properties"].items():
        for key, below in resolved(resolved(value).get("items", value)).get("properties", {}).items():
            assert resolved(below)["description"] in text or key == "layers", f"{section}.{key}"


def test_examples_in_the_documentation_are_clean() -> None:
    with open(os.path.join(ROOT, "docs", "formats", "hplint.md"), encoding="utf-8") as file:
        blocks = re.findall(r"```yaml\n(.*?)```", file.read(), re.DOTALL)
    assert len(blocks) > 10
    for block in blocks:
        root = tree_of(block)
        assert yaml.safe_load(block) is not None
        assert check(root, schema_of()) == []
        if "hplint" in block.split(":")[0]:
            assert lint(block, "a.yaml").findings == ()
