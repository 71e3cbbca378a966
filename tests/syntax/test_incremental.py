"""A tree made out of that of an earlier text is the one that parsing the whole text gives, node for node."""

from __future__ import annotations

import json as standard_json
from random import Random
from typing import Any

import pytest
from documents import Yaml, randoms, roots
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hplint.syntax import json, yaml
from hplint.syntax.incremental import difference, reparse
from hplint.syntax.tree import Node, Tree
from hplint.text import SourceText, apply_edits

YAML = """\
# a training config
model_type: ecd
input_features:
  - name: title
    type: text   # the heading
    encoder: {type: parallel_cnn, dropout: 0.1}
  - name: body
    type: text
    preprocessing:
      tokenizer: space
      sequence: [1, 2,
        3]
note: |
  several lines
    of text

  and more
other: >-
  folded
  text
plain: this goes
  on here
quoted: "a text
  with a break"
list:
- a
- b: 1
  c: 2
-
  d: 3
- - 1
  - 2
empty:
learning_rate: 1e-3
trainer:
    epochs: 10
    batch_size: 32
"""
JSON = standard_json.dumps(
    {"class_name": "Sequential", "config": {"layers": [{"units": 3, "name": "a b"}, {}, [], [1, [2, {"x": None}]]]}},
    indent=1,
)
PIECES = [
    "a", "1", " ", "  ", "\n", "\n  ", "\n    ", "\r\n", ":", ": ", "- ", "\n- ", "\n  - x", "[", "]", "{", "}", ",",
    '"', "'", "#", " # no", "|", ">", "|\n", "&a ", "*a", "!t ", "---", "\n---\n", "...\n", "%", "%YAML 1.1\n", "\t",
    "?", "? ", "key: value\n", "\nkey: 2", "<<: ", "null", "é", "\x85", "\u2028", "\ufeff", "\\", "0.5", "true",
    ',"k":1', "\r",
]  # fmt: skip
EDITS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 6), st.sampled_from([*PIECES, ""])), min_size=1, max_size=6
)


def parse_json(source: SourceText) -> Tree:
    return json.parse(source)


def parse_yaml(source: SourceText) -> Tree:
    return yaml.parse(source, "omegaconf")


def described(tree: Tree) -> Any:
    """Return all there is to a tree as plain data."""
    return tree.syntax, tree.complete, tree.problems, tree.is_embedded, [_described(root) for root in tree.roots]


def _described(node: Node) -> Any:
    at_key = _alone(node.key) if isinstance(node.key, Node) else node.key
    entries = [] if node.is_alias else [(_alone(key), _described(value)) for key, value in node.entries]
    items = [] if node.is_alias else [_described(item) for item in node.items]
    if not node.is_alias:
        assert all(key.parent is node and value.parent is node and value.key is key for key, value in node.entries)
        assert all(item.parent is node for item in node.items)
    return _alone(node), at_key, entries, items


def _alone(node: Node) -> Any:
    value = repr(node.value)
    return node.kind, node.start, node.end, value, node.text, node.style, node.tag, node.is_alias


def edited(text: str, edit: tuple[int, int, str]) -> str:
    at, length, new = edit
    at %= len(text) + 1
    return text[:at] + new + text[at + length :]


def check_script(text: str, edits: list[tuple[int, int, str]], parse: Any) -> None:
    """Check that after each edit the tree is right; each is made out of the last one that is not broken."""
    good = parse(SourceText(text))
    for edit in edits:
        text = edited(text, edit)
        tree = reparse(good, SourceText(text), parse)
        whole = parse(SourceText(text))
        assert described(tree) == described(whole)
        assert tree.source.text == text
        if not tree.problems:
            assert tree.nodes == whole.nodes
        if tree.complete and not tree.problems:
            good = tree


@settings(max_examples=400)
@given(EDITS)
def test_yaml_is_read_again_as_from_nothing(edits: list[tuple[int, int, str]]) -> None:
    check_script(YAML, edits, parse_yaml)


@settings(max_examples=100)
@given(EDITS)
@example([(842, 0, "?"), (837, 6, "a")])  # `? key` comes, and goes again with an edit in front of it
def test_yaml_with_other_line_breaks(edits: list[tuple[int, int, str]]) -> None:
    check_script(YAML.replace("\n", "\r\n"), edits, parse_yaml)


@settings(max_examples=100)
@given(EDITS)
def test_yaml_with_anchors_and_documents(edits: list[tuple[int, int, str]]) -> None:
    check_script("---\n" + YAML.replace("epochs: 10", "epochs: &n 10\n    again: *n"), edits, parse_yaml)


@settings(max_examples=200)
@given(roots, randoms, EDITS)
def test_any_yaml_is_read_again_as_from_nothing(value: Any, random: Random, edits: list[Any]) -> None:
    check_script(Yaml(random).document(value), edits, parse_yaml)


@settings(max_examples=200)
@given(EDITS)
def test_json_is_read_again_as_from_nothing(edits: list[tuple[int, int, str]]) -> None:
    check_script(JSON, edits, parse_json)


@given(st.text("ab\n", max_size=20), st.text("ab\n", max_size=20))
def test_difference_is_what_changed(old: str, new: str) -> None:
    edit = difference(old, new)
    assert (edit is None) == (old == new)
    if edit is not None:
        assert apply_edits(old, [edit]) == new
        removed = old[edit.span.start : edit.span.end]
        assert removed[:1] != edit.text[:1] or not removed
        assert removed[-1:] != edit.text[-1:] or not removed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("epochs: 10", "epochs: 12"),
        ("dropout: 0.1", "dropout: 0.25"),
        ("  with a break", "  with\n  two breaks"),
        ("type: text   #", "type: number   #"),
        ("- - 1\n", "- - 1\n  - 5\n"),
        ("3]", "3, 4]"),
        ("  and more", "  and more\n\n  of it"),
    ],
)
def test_only_what_an_edit_stands_in_is_read_again(old: str, new: str) -> None:
    read: list[int] = []

    def parse(source: SourceText) -> Tree:
        read.append(len(source.text))
        return parse_yaml(source)

    tree = reparse(parse(SourceText(YAML)), SourceText(YAML.replace(old, new)), parse)
    assert described(tree) == described(parse_yaml(SourceText(YAML.replace(old, new))))
    assert sum(read[1:]) < len(YAML) / 2


def test_unchanged_values_are_the_same_nodes() -> None:
    before = parse_yaml(SourceText(YAML))
    assert before.root is not None
    kept = [before.root.at("note"), before.root.at("input_features", 0), before.root.at("trainer", "epochs")]
    after = reparse(before, SourceText(YAML.replace("type: text\n", "type: image\n")), parse_yaml)
    assert after.root is not None
    assert [after.root.at("note"), after.root.at("input_features", 0), after.root.at("trainer", "epochs")] == kept
    assert after.root.at("input_features", 1, "type").data() == "image"  # type: ignore[union-attr]  # it is there


LONG = (
    "x:\n  items:\n"
    + "".join(f"  - a: {n}\n    b: [x, {n}]\n" for n in range(150))
    + "  z: 1\ny: {a: 1}\nmade: !new:a.B\nlast: 1\n"
)


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_what_stands_in_long_lists_moves_along(edits: list[tuple[int, int, str]]) -> None:
    check_script(LONG, edits, parse_yaml)


ANCHORED = """\
base: &base
  a: 1
  deep: {b: 2}
  list: &list
    - x
    - y: 3
first:
  <<: *base
  a: 2
second:
  plain: 3
  lists: [*list, 4]
third: "& no *anchor"
glob: a/*.txt
"""


@settings(max_examples=300)
@given(EDITS)
def test_yaml_with_anchors_is_read_again_as_from_nothing(edits: list[tuple[int, int, str]]) -> None:
    check_script(ANCHORED, edits, parse_yaml)
