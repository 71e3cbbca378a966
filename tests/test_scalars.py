"""How numbers and lists are spelt so that every loader reads them, and which key paths a schema knows."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from hplint.lint import lint
from hplint.scalars import list_text, number_text
from hplint.schema.paths import unknown_step
from hplint.syntax.scalars import RESOLVERS, varies


@given(
    st.from_regex(r"[-+]?([0-9]{1,4}(\.[0-9]{0,4})?|\.[0-9]{1,4})[eE][-+]?[0-9]{1,2}", fullmatch=True)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr)
)
def test_a_number_is_spelt_so_that_every_loader_reads_it(text: str) -> None:
    spelt = number_text(text, ["number"])
    assert spelt is not None
    for value in (yaml.safe_load(spelt), json.loads(spelt)):
        assert type(value) in (int, float)
        assert value == pytest.approx(float(text), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "wanted", "spelt"),
    [
        ("1e-3", ["number"], "1.0e-3"),
        ("5E5", ["number", "string"], "5.0E+5"),
        ("1e3", ["integer"], "1000"),
        ("1e-3", ["integer"], None),
        ("0.001", ["number"], "0.001"),
        ("010", ["integer"], "10"),
        ("1_000", ["integer"], "1000"),
        ("inf", ["number"], None),
        ("nan", ["number"], None),
        ("auto", ["number"], None),
        ("\u0661e5", ["number"], None),
    ],
)
def test_a_number_keeps_its_look(text: str, wanted: list[str], spelt: str | None) -> None:
    assert number_text(text, wanted) == spelt


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("(0.9, 0.999)", "[0.9, 0.999]"),
        ("(3,3)", "[3, 3]"),
        ("(3,)", "[3]"),
        ("64, 32", "[64, 32]"),
        ("(1e-3, 1)", "[1.0e-3, 1]"),
        ("(3)", None),
        ("(a, b)", None),
        ("3", None),
        ("()", None),
    ],
)
def test_a_tuple_becomes_a_list(text: str, listed: str | None) -> None:
    assert list_text(text) == listed


def _spelling(config: str, path: str) -> list[str]:
    return [finding.code for finding in lint(config, path).findings if finding.code.startswith("YAML")]


@pytest.mark.parametrize(
    "value", ["1e-3", "010", "1:30", "None", "on", "inf", "(1, 2)", "2024-01-01", '"0.001"', "3.10"]
)
def test_where_anything_may_stand_nothing_is_wanted(value: str) -> None:
    """A place that takes any value gives no reason to complain of text that a person may have meant as text."""
    kinds = {"010": ["YAML003"], "1:30": ["YAML004"]}
    assert _spelling(f"hplint: 1\nextra: {{note: {value}}}\n", "a.yaml") == kinds.get(value, [])


def test_a_merge_is_no_duplicate() -> None:
    merged = "hplint: 1\nextra:\n  a: &a {x: 1, y: 2}\n  b:\n    <<: *a\n    x: 3\n"
    assert _spelling(merged, "a.yaml") == []
    assert _spelling(merged + "    x: 4\n", "a.yaml") == ["YAML005"]


SCHEMA = {
    "$defs": {"adam": {"type": "object", "additionalProperties": False, "properties": {"betas": {"type": "array"}}}},
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "trainer": {
            "anyOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"epochs": {"type": "integer"}, "optimizer": {"oneOf": [{"$ref": "#/$defs/adam"}]}},
                },
            ]
        },
        "anything": {"type": "object"},
        "anything at all": {},
    },
}


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("trainer.epochs", None),
        ("trainer.optimizer.betas", None),
        ("trainer.epoch", 1),
        ("trainer.optimizer.beta", 2),
        ("trainr.epochs", 0),
        ("anything.goes", None),
        ("anything at all.goes", None),
        ("trainer.epochs.more", None),
    ],
)
def test_unknown_steps_are_found(path: str, step: int | None) -> None:
    found = unknown_step(SCHEMA, path.split("."))
    assert (None if found is None else found[0]) == step


def test_the_keys_that_are_known_instead_are_named() -> None:
    assert unknown_step(SCHEMA, ["trainer", "epoch"]) == (1, ("epochs", "optimizer"))


@pytest.mark.parametrize("loader", RESOLVERS)
@given(text=st.from_regex(r"[-+]?[0-9._:eExob]{1,9}|[a-zA-Z~<=.]{0,5}|20[0-9]{2}-[01][0-9]-[0-3][0-9]", fullmatch=True))
@example(text="1" * 5000)
@example(text="on")
def test_what_does_not_vary_all_loaders_read_alike(loader: str, text: str) -> None:
    if not varies(text):
        assert RESOLVERS[loader](text) == RESOLVERS["pyyaml"](text)
