"""Tables of combinations that frameworks refuse: their conditions, mistakes in them, and every entry of ours."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from hplint import knowledge
from hplint.lint import lint
from hplint.schema.validators import mistakes, refusals
from hplint.syntax import yaml
from hplint.text import SourceText

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLES = ("axolotl", "llamafactory", "accelerate")


def tree_of(text: str) -> Any:
    return yaml.parse(SourceText(text)).root


@pytest.mark.parametrize(
    ("condition", "meets", "does_not"),
    [
        ("set", ["a: 1", "a: x", "a: [1]"], ["a: 0", "a: false", "a:", "a: ''", "a: []", "b: 1", "a: ${A}"]),
        ("unset", ["a: 0", "a:", "b: 1"], ["a: 1", "a: ${A}"]), ("present", ["a: 0", "a: false"], ["a:", "b: 1"]),
        ("absent", ["a:", "b: 1"], ["a: 0"]), ("[1, x]", ["a: 1", "a: x"], ["a: true", "a: 2", "b: 1"]),
        ("[false]", ["a: false"], ["a: 0", "a:"]), ("{not: [x]}", ["a: y", "a: 1"], ["a: x", "a:", "b: 1"]),
        ("{over: 1}", ["a: 2", "a: '2'"], ["a: 1", "a: true", "a: x"]), ("{under: 1}", ["a: 0.5"], ["a: 1"]),
        ("{includes: mpt}", ["a: x/MPT-7b"], ["a: llama"]), ("{lists: liger}", ["a: [x.Liger]"], ["a: [y]", "b: 1"]),
        ("{splits: b}", ["{a: 7, b: 3}"], ["{a: 6, b: 3}", "{a: 7}", "{a: 7, b: 0}"]),
    ],
)  # fmt: skip
def test_conditions(condition: str, meets: list[str], does_not: list[str]) -> None:
    table = [{"when": {"a": tree_of(f"x: {condition}").get("x").data()}, "message": "m", "source": "s"}]
    assert [bool(list(refusals(tree_of(text), table))) for text in meets] == [True] * len(meets)
    assert [bool(list(refusals(tree_of(text), table))) for text in does_not] == [False] * len(does_not)


def test_any_item_of_a_list_may_meet_a_condition() -> None:
    table = [{"when": {"a[].b": ["x"]}, "message": "m", "source": "s"}]
    (refusal,) = refusals(tree_of("a: [{b: y}, {c: x}, {b: x}]"), table)
    assert (refusal.node.value, refusal.node.start) == ("x", 24)
    assert not list(refusals(tree_of("a: [{b: y}]"), table)) + list(refusals(tree_of("a: {b: x}"), table))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{message: m, source: s}", "'when' is missing"), ("{when: {a: set}, source: s}", "'message' is missing"),
        ("{when: {a: sett}, message: m, source: s}", "a condition is one of"),
        ("{when: {a: {more: 1}}, message: m, source: s}", "a condition is one of"),
        ("{when: {b: set}, message: m, source: s}", "has no key 'b'"),
        ("{when: {a: set}, at: c, message: m, source: s}", "has no key 'c'"),
        ("{when: {a: set}, fix: {write: {d: 1}}, message: m, source: s}", "has no key 'd'"),
        ("{when: {a: set}, message: m, source: s, severity: info}", "severity is warning"),
        ("{when: {a: set}, message: m, source: s, code: X}", "unknown key 'code'"), ("text", "is a map"),
    ],
)  # fmt: skip
def test_mistakes_in_a_table_are_told_with_their_place(entry: str, said: str) -> None:
    found = list(mistakes(tree_of(f"- {entry}\n"), {"properties": {"a": {}}}))
    assert any(said in message for _, message in found), found


def sample(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a config that meets the conditions of an entry."""
    config: dict[str, Any] = {}
    for key, wanted in entry["when"].items():
        value: Any = True
        if wanted in ("unset", "absent"):
            continue
        if isinstance(wanted, list):
            value = wanted[0]
        elif isinstance(wanted, dict):
            ((name, other),) = wanted.items()
            value = {"not": "other", "over": 2, "under": 0, "includes": other, "lists": [other], "splits": 7}[name]
            if name == "splits":
                config[other] = 3
        listed, among, key = key.rpartition("[].")
        place = config.setdefault(listed, [{}])[0] if among else config
        *above, last = key.split(".")
        for step in above:
            place = place.setdefault(step, {}) if isinstance(place.get(step, {}), dict) else config
        place[last] = value
    return config


@pytest.mark.parametrize("name", TABLES)
def test_every_entry_finds_what_it_describes(name: str) -> None:
    for entry in knowledge.data(f"{name}/validators"):
        if any(key != other and other.startswith(f"{key}.") for key in entry["when"] for other in entry["when"]):
            continue  # a section and a key in it: the sample cannot be both
        root = tree_of(json.dumps(sample(entry)))
        assert entry["message"] in [refusal.message for refusal in refusals(root, [entry])], entry["when"]


@pytest.mark.parametrize("name", TABLES)
def test_messages_read_well(name: str) -> None:
    for entry in knowledge.data(f"{name}/validators"):
        assert not entry["message"].endswith((".", " ")), entry["message"]
        assert "  " not in entry["message"], entry["message"]
        assert len(entry["message"]) < 130, entry["message"]


def test_the_fix_writes_what_the_table_says() -> None:
    base = "base_model: a/b\ndatasets:\n  - {path: x, type: alpaca}\nlearning_rate: 1e-4\n"
    report = lint(base + "adapter: lora\nload_in_8bit: true\nrl: kto\n", "a.yml")
    (finding,) = [finding for finding in report.findings if finding.code == "SCHEMA007"]
    (edit,) = finding.fixes[0].edits
    assert "remove_unused_columns: false" in edit.text


def test_the_knowledge_is_not_built_from_a_table_with_a_mistake(tmp_path: Any) -> None:
    from hplint.knowledge import KnowledgeError
    from hplint.rules.build import validators

    (tmp_path / "validators.yaml").write_text("- when: {a: set}\n  mesage: m\n  source: s\n")
    with pytest.raises(KnowledgeError, match=r"validators.yaml:2: unknown key 'mesage'"):
        validators(str(tmp_path / "validators.yaml"), str(tmp_path))
