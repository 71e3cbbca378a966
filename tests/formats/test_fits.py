"""What is told quickly to fit a schema must be what the checks find nothing wrong with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint import knowledge
from hplint.lint import lint
from hplint.parsing import parse
from hplint.schema.check import _Checker
from hplint.schema.fits import fits
from hplint.settings import Settings
from hplint.text import SourceText

CORPUS = Path(os.environ.get("HPLINT_CORPUS", ""))
EXAMPLES = [
    (example["format"], example["config"], example.get("syntax"))
    for document in knowledge.rule_documents().values()
    for kind in ("invalid", "valid")
    for example in document.get("examples", {}).get(kind, ())
]
WITH_SCHEMA = sorted({name for name, _, _ in EXAMPLES if knowledge.schema(name) is not None})

SCHEMA: dict[str, Any] = {
    "$defs": {
        "tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}, "size": {"minimum": 0}}},
        "one": {"properties": {"type": {"const": "one"}, "rate": {"type": "number"}}, "required": ["rate"]},
        "two": {"properties": {"type": {"enum": ["two", "zwei"]}}, "additionalProperties": False},
    },
    "properties": {
        "tree": {"$ref": "#/$defs/tree"},
        "lax": {"x-lax": True, "properties": {"epochs": {"type": "integer"}, "on": {"type": ["boolean", "null"]}}},
        "list": {"items": {"anyOf": [{"type": "integer"}, {"type": "string", "minLength": 2}]}, "maxItems": 3},
        "slips": {"x-slips": True, "properties": {"learning_rate": {"exclusiveMinimum": 0}}},
        "chosen": {
            "oneOf": [{"$ref": "#/$defs/one"}, {"$ref": "#/$defs/two"}],
            "discriminator": {"propertyName": "type", "default": "one", "open": True},
        },
        "word": {"enum": ["adam", "sgd", 1, True, None]},
    },
    "additionalProperties": False,
}
SCALARS = st.sampled_from(
    ["1", "0", "-1", "2.0", "0.5", "true", "no", "null", "adam", "x", "'7'", "one", "two", "${lr}", "???", "abc"]
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.one_of(
        st.lists(below, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(["left", "size", "epochs", "on", "type", "rate", "learning_rate", "learning_rat", "tree"]),
            below,
            max_size=4,
        ).map(lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"),
    ),
    max_leaves=12,
)
CONFIGS = st.dictionaries(
    st.sampled_from([*SCHEMA["properties"], "other", "wort"]), VALUES, max_size=4
).map(lambda entries: "".join(f"{key}: {value}\n" for key, value in entries.items()))  # fmt: skip


def wrong(text: str, syntax: str, schema: Any) -> list[str]:
    root = parse(SourceText(text), syntax).root
    return [] if root is None else [mismatch.message for mismatch in _Checker(schema).check(root, schema)]


def agrees(text: str, syntax: str, schema: Any) -> bool:
    """Return whether both say the same of a text; to say too seldom that it fits would only cost time."""
    root = parse(SourceText(text), syntax).root
    return root is None or fits(root, schema) == (not wrong(text, syntax, schema)) or "<<" in text


@given(CONFIGS)
def test_it_says_what_the_checks_say(text: str) -> None:
    assert agrees(text, "yaml", SCHEMA)


@pytest.mark.parametrize("text", ["word: adam\n", "list: [1, ab]\ntree: {left: {left: {size: 3}}}\n", "word: true\n"])
def test_what_is_right_fits(text: str) -> None:
    root = parse(SourceText(text), "yaml").root
    assert root is not None
    assert fits(root, SCHEMA)


@pytest.mark.parametrize("name", WITH_SCHEMA)
def test_it_says_of_examples_what_the_checks_say(name: str) -> None:
    for of, text, syntax in EXAMPLES:
        if of == name:
            kind = syntax or ("json" if text.lstrip().startswith(("{", '"')) else "yaml")
            assert agrees(text, kind, knowledge.schema(name))


@pytest.mark.parametrize("name", WITH_SCHEMA)
def test_a_map_whose_values_changed_is_held_against_the_schema_again(name: str) -> None:
    for of, text, syntax in EXAMPLES:
        if of != name or syntax not in (None, "yaml") or text.lstrip().startswith("{"):
            continue
        settings = Settings(select=("SCHEMA",), formats=(("*", name),))
        for new in (text.replace("true", "1.5"), text.replace(": 0", ": [x]"), text.replace(": 1", ": {a: 1}")):
            before = lint(text, "a.yaml", settings)
            assert lint(new, "a.yaml", settings, before=before).findings == lint(new, "a.yaml", settings).findings


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.name, reason="HPLINT_CORPUS names no folder of real configs")
def test_it_says_of_real_configs_what_the_checks_say() -> None:
    for path in sorted(CORPUS.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        found = lint(text, path.name)
        schema = knowledge.schema(found.recognition.name) if found.recognition.name else None
        if schema is not None:
            assert agrees(text, "yaml", schema), path
