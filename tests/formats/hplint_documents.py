"""Reading hplint's own format in tests: texts as trees and facts, the schema, the document that says everything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from hplint import knowledge
from hplint.formats.read import read
from hplint.parsing import parse
from hplint.text import SourceText

if TYPE_CHECKING:
    from hplint.facts.parts import Training
    from hplint.syntax.tree import Node

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def tree_of(text: str, syntax: str = "yaml") -> Node:
    """Return the root of a text, read with the format's loader."""
    if syntax == "yaml":
        from hplint.syntax.yaml import parse as parse_yaml

        root = parse_yaml(SourceText(text), "omegaconf").root
    else:
        root = parse(SourceText(text), syntax).root
    assert root is not None
    return root


def training_of(text: str) -> Training:
    """Return the facts of a config in hplint's own format, nothing derived yet."""
    return read(tree_of(text), "hplint", knowledge.formats()["hplint"])


def every_fact() -> str:
    """Return the document that says everything."""
    with open(os.path.join(HERE, "every_fact.yaml"), encoding="utf-8") as file:
        return file.read()


def schema_of() -> dict[str, Any]:
    """Return the format's schema."""
    found = knowledge.schema("hplint")
    assert found is not None
    return found


def resolved(schema: Any) -> Any:
    """Return a schema with its reference followed."""
    while "$ref" in schema:
        schema = schema_of()["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return schema


def keys_of(entry: dict[str, Any]) -> list[str]:
    """Return the keys of an entry of a table."""
    return entry["key"] if isinstance(entry["key"], list) else [entry["key"]]
