"""Edits change the one thing they are asked to, and nothing else."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from documents import KEYS, Toml, Yaml, json_layouts, randoms, roots, same, values, without_none
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hplint.syntax import edits
from hplint.syntax import json as hplint_json
from hplint.syntax import toml as hplint_toml
from hplint.syntax import yaml as hplint_yaml
from hplint.syntax.edits.spelling import UnwritableError
from hplint.syntax.tree import LIST, MAP, Node, Tree
from hplint.text import Edit, SourceText, apply_edits

PARSERS = {"yaml": hplint_yaml.parse, "json": hplint_json.parse, "toml": hplint_toml.parse}
ACTIONS = ("set", "insert_entry", "delete_entry", "rename", "insert_item", "delete_item", "move", "set_path")


def parse(syntax: str, text: str) -> Tree:
    return PARSERS[syntax](SourceText(text))


def merged(mapping: Node) -> set[Any]:
    return {key.value for key, _ in mapping.all_entries()} - {key.value for key, _ in mapping.entries}


def nodes_with_paths(node: Node, path: tuple[Any, ...] = ()) -> list[tuple[Node, tuple[Any, ...]]]:
    """Return all nodes written in the text with their keys; what an alias stands for is left out."""
    found = [(node, path)]
    if node.is_alias:
        return found
    for key, value in node.entries:
        if not (key.value == "<<" and key.style == ""):
            found += nodes_with_paths(value, (*path, key.value))
    for index, item in enumerate(node.items):
        found += nodes_with_paths(item, (*path, index))
    return found


def make_change(
    tree: Tree, data: Any, random: Random, action: str, value: Any
) -> tuple[Edit | tuple[Edit, ...] | None, Any, Node] | None:
    """Return an edit of the asked kind at a random place, and the data it should lead to; None if there is no place."""
    assert tree.root is not None
    wanted = {"insert_item": LIST, "delete_item": LIST, "move": LIST}.get(action, MAP)
    places = [
        (node, path)
        for node, path in nodes_with_paths(tree.root)
        if action == "set"
        or (
            node.kind == wanted
            and (node.items or node.entries or action in ("insert_entry", "insert_item", "set_path"))
        )
    ]
    if not places:
        return None
    node, path = random.choice(places)
    data = copy.deepcopy(data)
    if action == "set":
        edit: Edit | tuple[Edit, ...] | None = edits.set_value(tree, node, value)
        if not path:
            return edit, value, node
        holder = at(data, path[:-1])
        holder[path[-1]] = value
        return edit, data, node
    target = at(data, path)
    own = [key.value for key, _ in node.entries if key.value != "<<"]
    if action == "insert_entry":
        new = random.choice(KEYS)
        edit = edits.insert_entry(tree, node, new, value)
        if new in own:
            assert edit is None
            return None
        target[new] = value
    elif action == "set_path":
        steps = tuple(random.choice(KEYS) for _ in range(random.randrange(1, 4)))
        edit = edits.set_path(tree, node, steps, value)
        for step in steps[:-1]:
            if target.get(step) is None:
                target[step] = {}
            target = target[step]
            if not isinstance(target, dict):
                assert edit is None
                return None
        target[steps[-1]] = value
    elif action == "delete_entry":
        if not own:
            return None
        old = random.choice(own)
        edit = edits.delete_entry(tree, node, old)
        del target[old]
    elif action == "rename":
        if not own:
            return None
        old, new = random.choice(own), random.choice(KEYS)
        edit = edits.rename_key(tree, node, old, new)
        if new in target:
            assert edit is None
            return None
        target[new] = target.pop(old)
    elif action == "insert_item":
        index = random.randrange(len(target) + 1)
        edit = edits.insert_item(tree, node, index, value)
        target.insert(index, value)
    elif action == "delete_item":
        index = random.randrange(len(target))
        edit = edits.delete_item(tree, node, index)
        del target[index]
    else:
        index, new_index = random.randrange(len(target)), random.randrange(len(target))
        edit = edits.move_item(tree, node, index, new_index)
        target.insert(new_index, target.pop(index))
    return edit, data, node


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


COMMENT = re.compile(r"#\s?c\d+\.")


def check_change(syntax: str, text: str, random: Random, action: str, value: Any, always: bool) -> None:
    tree = parse(syntax, text)
    assume(tree.complete and not tree.problems and tree.root is not None)
    assert tree.root is not None
    change = make_change(tree, tree.root.data(), random, action, value)
    if change is None:
        return
    edit, expected, node = change
    if edit is None:
        assert not always, "this edit is possible"
        return
    applied = apply_edits(text, (edit,) if isinstance(edit, Edit) else edit)
    after = parse(syntax, applied)
    assert after.problems == ()
    assert after.root is not None
    assert same(after.root.data(), expected), applied
    assert after.is_embedded == tree.is_embedded
    if action in ("insert_entry", "insert_item", "move", "rename") or (action == "set" and node.is_scalar):
        assert sorted(COMMENT.findall(applied)) == sorted(COMMENT.findall(text))
    if "\r" in text and text.count("\r\n") == text.count("\n"):
        assert applied.count("\r\n") == applied.count("\n")


@settings(max_examples=300)
@given(roots, randoms, st.sampled_from(ACTIONS), values)
def test_yaml_changes_exactly_as_asked(data: Any, random: Random, action: str, value: Any) -> None:
    check_change("yaml", Yaml(random).document(data), random, action, value, always=False)


@settings(max_examples=200)
@given(roots, randoms, st.sampled_from(ACTIONS), values)
def test_plain_yaml_can_always_be_changed(data: Any, random: Random, action: str, value: Any) -> None:
    check_change("yaml", Yaml(random, plain=True).document(data), random, action, value, always=action != "move")


@settings(max_examples=200)
@given(roots, json_layouts, randoms, st.sampled_from(ACTIONS), values)
def test_json_changes_exactly_as_asked(data: Any, layout: Any, random: Random, action: str, value: Any) -> None:
    check_change("json", json.dumps(data, **layout), random, action, value, always=True)


@settings(max_examples=300)
@given(roots, json_layouts, st.booleans(), randoms, st.sampled_from(ACTIONS), values)
def test_json_inside_a_string_changes_exactly_as_asked(
    data: Any, layout: Any, ascii_only: bool, random: Random, action: str, value: Any
) -> None:
    text = json.dumps(json.dumps({"root": data}, **layout), ensure_ascii=ascii_only)
    if action == "set":
        assume(parse("json", text).is_embedded)
    check_change("json", text, random, action, {"x": value}, always=True)


@settings(max_examples=200)
@given(roots, randoms, st.sampled_from(ACTIONS), values)
def test_toml_changes_exactly_as_asked(data: Any, random: Random, action: str, value: Any) -> None:
    text = Toml(random).document(without_none(data if isinstance(data, dict) else {"list": data}))
    check_change("toml", text, random, action, without_none(value), always=False)


def edited(syntax: str, text: str, change: Callable[[Tree], Edit | tuple[Edit, ...] | None]) -> str | None:
    """Return the text after a change, None if there is none."""
    edit = change(parse(syntax, text))
    if edit is None:
        return None
    return apply_edits(text, (edit,) if isinstance(edit, Edit) else edit)


def node_at(tree: Tree, *path: str | int) -> Node:
    assert tree.root is not None
    node = tree.root.at(*path)
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("syntax", "before", "path", "value", "after"),
    [
        ("yaml", "lr: 0.1  # high\n", ("lr",), 1e-5, "lr: 1.0e-05  # high\n"),
        ("yaml", "act: 'tanh'\n", ("act",), "relu", "act: 'relu'\n"),
        ("yaml", "act: tanh\n", ("act",), "no", 'act: "no"\n'),
        ("yaml", "act: tanh\n", ("act",), "1e-3", 'act: "1e-3"\n'),
        ("yaml", "act: tanh\n", ("act",), "a: b", 'act: "a: b"\n'),
        ("yaml", "act: # none yet\nb: 1\n", ("act",), "relu", "act: relu # none yet\nb: 1\n"),
        ("yaml", "act:\n", ("act",), {"a": {"b": 1}}, "act:\n  a:\n    b: 1\n"),
        ("yaml", "a: [1, 2]\n", ("a", 1), True, "a: [1, true]\n"),
        ("yaml", "a: |\n  x\n  y\n\nb: 1\n", ("a",), 2, "a: 2\n\nb: 1\n"),
        ("yaml", "a: # why\n  b: 1\n  c: 2 # x\nd: 1\n", ("a",), 5, "a: 5 # why\nd: 1\n"),
        ("yaml", "a:\n- 1\n- 2\nb: 1\n", ("a",), {"c": 1}, "a:\n  c: 1\nb: 1\n"),
        ("yaml", "- a: 1\n  b: 2\n- 3\n", (0,), "x", "- x\n- 3\n"),
        ("json", '{"lr": 0.1}', ("lr",), 1e-5, '{"lr": 1e-05}'),
        ("json", '{"a": "x"}', ("a",), 'é"\n', '{"a": "é\\"\\n"}'),
        ("json", '{\n  "a": null\n}', ("a",), {"b": [1]}, '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}'),
        ("json", '"{\\"lr\\": 0.1}"', ("lr",), "x", '"{\\"lr\\": \\"x\\"}"'),
        ("toml", "lr = 0.1 # high\n", ("lr",), 1e-5, "lr = 1e-05 # high\n"),
        ("toml", "a = 'x'\n", ("a",), "C:\\data", "a = 'C:\\data'\n"),
        ("toml", "a = {b = 1}\n", ("a", "b"), [1, {"c": 2}], "a = {b = [1, {c = 2}]}\n"),
    ],
)
def test_set_value(syntax: str, before: str, path: tuple[str | int, ...], value: Any, after: str) -> None:
    assert edited(syntax, before, lambda tree: edits.set_value(tree, node_at(tree, *path), value)) == after


@pytest.mark.parametrize(
    ("syntax", "before", "path", "value", "after"),
    [
        ("yaml", "a: 1  # one\n", (), 2, "a: 1  # one\nnew: 2\n"),
        ("yaml", "a: 1", (), 2, "a: 1\nnew: 2"),
        ("yaml", "a: 1\r\nb: 2\r\n", (), 2, "a: 1\r\nb: 2\r\nnew: 2\r\n"),
        (
            "yaml",
            "t:\n    a: 1\nb: 2\n",
            ("t",),
            {"x": [1]},
            "t:\n    a: 1\n    new:\n        x:\n            - 1\nb: 2\n",
        ),
        ("yaml", "- a: 1\n- b: 2\n", (0,), 3, "- a: 1\n  new: 3\n- b: 2\n"),
        ("yaml", "a: {b: 1}  # c\n", ("a",), "x, y", 'a: {b: 1, new: "x, y"}  # c\n'),
        ("yaml", "a: {}\n", ("a",), 1, "a: {new: 1}\n"),
        ("yaml", "a:\n  b: |\n    text\nc: 1\n", ("a",), 1, "a:\n  b: |\n    text\n  new: 1\nc: 1\n"),
        ("json", '{"a": 1}', (), 2, '{"a": 1, "new": 2}'),
        ("json", '{"a":1,"b":2}', (), 2, '{"a":1,"b":2,"new":2}'),
        ("json", '{\n\t"a": 1\n}\n', (), {"b": 2}, '{\n\t"a": 1,\n\t"new": {\n\t\t"b": 2\n\t}\n}\n'),
        ("json", '{\n  "a": {}\n}\n', ("a",), 1, '{\n  "a": {\n    "new": 1\n  }\n}\n'),
        ("json", "{}", (), None, '{"new": null}'),
        ("toml", "a = 1 # one\n\n[t]\nb = 2\n", (), 3, "a = 1 # one\nnew = 3\n\n[t]\nb = 2\n"),
        ("toml", "# about\n[t]\nb = 2\n", (), 3, "new = 3\n\n# about\n[t]\nb = 2\n"),
        ("toml", "[t]\nb = 2\n[t.u]\nc = 1\n", ("t",), {"x": 1}, "[t]\nb = 2\nnew = {x = 1}\n[t.u]\nc = 1\n"),
        ("toml", "[t.u]\nc = 1\n", ("t",), 3, "[t]\nnew = 3\n\n[t.u]\nc = 1\n"),
        ("toml", "[o]\nlr.a = 1 # x\n", ("o", "lr"), 3, "[o]\nlr.a = 1 # x\nlr.new = 3\n"),
        ("toml", "a = {b = 1}\n", ("a",), "x", 'a = {b = 1, new = "x"}\n'),
        ("toml", "a = {}\n", ("a",), 1, "a = {new = 1}\n"),
    ],
)
def test_insert_entry(syntax: str, before: str, path: tuple[str | int, ...], value: Any, after: str) -> None:
    assert edited(syntax, before, lambda tree: edits.insert_entry(tree, node_at(tree, *path), "new", value)) == after


@pytest.mark.parametrize(
    ("syntax", "before", "path", "key", "after"),
    [
        ("yaml", "# head\na: 1 # one\n# about b\nb: 2\n", (), "a", "# head\n# about b\nb: 2\n"),
        ("yaml", "a: 1\nb:\n  c: 2\n  d: 3 # x\ne: 4\n", (), "b", "a: 1\ne: 4\n"),
        ("yaml", "a:\n  b: 1 # gone\nc: 2\n", ("a",), "b", "a: {}\nc: 2\n"),
        ("yaml", "a: # kept\n  b: 1\nc: 2\n", ("a",), "b", "a: {} # kept\nc: 2\n"),
        ("yaml", "- a: 1\n  b: 2\n", (0,), "a", "- b: 2\n"),
        ("yaml", "{a: 1, b: 2, c: 3}\n", (), "b", "{a: 1, c: 3}\n"),
        ("yaml", "{a: 1, b: 2}\n", (), "b", "{a: 1}\n"),
        ("yaml", "x: {\n  a: 1, # one\n  b: 2 # two\n}\n", ("x",), "b", "x: {\n  a: 1 # one\n}\n"),
        ("json", '{\n  "a": 1,\n  "b": 2\n}', (), "a", '{\n  "b": 2\n}'),
        ("json", '{\n  "a": 1,\n  "b": 2\n}', (), "b", '{\n  "a": 1\n}'),
        ("json", '{"a": 1}', (), "a", "{}"),
        ("toml", "a = 1 # one\nb = 2\n", (), "a", "b = 2\n"),
        ("toml", "a = 1\n\n# about t\n[t]\nb = 2\n\n[u]\nc = 3\n", (), "t", "a = 1\n\n[u]\nc = 3\n"),
        ("toml", "lr.a = 1\n", ("lr",), "a", "lr = {}\n"),
    ],
)
def test_delete_entry(syntax: str, before: str, path: tuple[str | int, ...], key: str, after: str) -> None:
    assert edited(syntax, before, lambda tree: edits.delete_entry(tree, node_at(tree, *path), key)) == after


def test_one_of_two_equal_keys_is_deleted_by_its_node() -> None:
    tree = parse("yaml", "a: 1\nb: 2\na: 3\n")
    assert tree.root is not None
    assert edits.delete_entry(tree, tree.root, "a") is None
    edit = edits.delete_entry(tree, tree.root, tree.root.entries[0][0])
    assert edit is not None
    assert apply_edits(tree.source.text, [edit]) == "b: 2\na: 3\n"


@pytest.mark.parametrize(
    ("syntax", "before", "path", "old", "after"),
    [
        ("yaml", "old: 1 # x\n", (), "old", "new: 1 # x\n"),
        ("yaml", '{"old":1}\n', (), "old", '{"new":1}\n'),
        ("json", '{"old": 1}', (), "old", '{"new": 1}'),
        ("toml", "old = 1\n", (), "old", "new = 1\n"),
        ("toml", "[a.old]\nb = 1\n", ("a",), "old", "[a.new]\nb = 1\n"),
        ("yaml", "old: 1\nnew: 2\n", (), "old", None),
        ("toml", "[old.a]\n[old.b]\n", (), "old", None),
    ],
)
def test_rename_key(syntax: str, before: str, path: tuple[str | int, ...], old: str, after: str | None) -> None:
    assert edited(syntax, before, lambda tree: edits.rename_key(tree, node_at(tree, *path), old, "new")) == after


LAYER = {"type": "dropout", "rate": 0.5}


@pytest.mark.parametrize(
    ("syntax", "before", "path", "index", "after"),
    [
        ("yaml", "- a: 1 # x\n  b: 2\n- c\n", (), 1, "- a: 1 # x\n  b: 2\n- type: dropout\n  rate: 0.5\n- c\n"),
        ("yaml", "l:\n- a\n", ("l",), 0, "l:\n- type: dropout\n  rate: 0.5\n- a\n"),
        ("yaml", "l: [a, b]\n", ("l",), 2, "l: [a, b, {type: dropout, rate: 0.5}]\n"),
        ("json", "[\n  1\n]", (), 0, '[\n  {\n    "type": "dropout",\n    "rate": 0.5\n  },\n  1\n]'),
        ("json", "[1]", (), 1, '[1, {"type": "dropout", "rate": 0.5}]'),
        ("toml", "a = [1]\n", ("a",), 0, 'a = [{type = "dropout", rate = 0.5}, 1]\n'),
        ("toml", "[[l]]\nx = 1\n", ("l",), 1, '[[l]]\nx = 1\n\n[[l]]\ntype = "dropout"\nrate = 0.5\n'),
        ("toml", "[[l]]\nx = 1\n", ("l",), 0, '[[l]]\ntype = "dropout"\nrate = 0.5\n\n[[l]]\nx = 1\n'),
    ],
)  # fmt: skip
def test_insert_item(syntax: str, before: str, path: tuple[str | int, ...], index: int, after: str) -> None:
    assert edited(syntax, before, lambda tree: edits.insert_item(tree, node_at(tree, *path), index, LAYER)) == after


@pytest.mark.parametrize(
    ("syntax", "before", "path", "index", "after"),
    [
        ("yaml", "l:\n  - a # x\n  # about b\n  - b\n", ("l",), 0, "l:\n  # about b\n  - b\n"),
        ("yaml", "l:\n  - a\nc: 1\n", ("l",), 0, "l: []\nc: 1\n"),
        ("yaml", "l: [a, b, c]\n", ("l",), 2, "l: [a, b]\n"),
        ("json", "[\n  1,\n  2\n]", (), 1, "[\n  1\n]"),
        ("toml", "a = [\n  1, # one\n  2, # two\n]\n", ("a",), 0, "a = [\n  2, # two\n]\n"),
        ("toml", "[[l]]\nx = 1\n\n[[l]]\nx = 2\n", ("l",), 0, "[[l]]\nx = 2\n"),
    ],
)
def test_delete_item(syntax: str, before: str, path: tuple[str | int, ...], index: int, after: str) -> None:
    assert edited(syntax, before, lambda tree: edits.delete_item(tree, node_at(tree, *path), index)) == after


@pytest.mark.parametrize(
    ("syntax", "before", "old", "new", "after"),
    [
        ("yaml", "l:\n  - a: 1\n    b: 2 # x\n  - c\n  - d", 0, 2, "l:\n  - c\n  - d\n  - a: 1\n    b: 2 # x"),
        ("yaml", "l:\n  - a\n  - b # b\n", 1, 0, "l:\n  - b # b\n  - a\n"),
        ("yaml", "l: [a, b, c]\n", 2, 0, "l: [c, a, b]\n"),
        ("json", '{"l": [\n 1,\n {"a": 2}\n]}', 1, 0, '{"l": [\n {"a": 2},\n 1\n]}'),
        (
            "toml",
            "[[l]]\nx = 1 # one\n\n# second\n[[l]]\nx = 2\n",
            1,
            0,
            "# second\n[[l]]\nx = 2\n\n[[l]]\nx = 1 # one\n",
        ),
    ],
)
def test_move_item(syntax: str, before: str, old: int, new: int, after: str) -> None:
    assert edited(syntax, before, lambda tree: edits.move_item(tree, node_at(tree, "l"), old, new)) == after


@pytest.mark.parametrize(
    ("syntax", "before", "path", "after"),
    [
        ("yaml", "a: 1\n", ("t", "o", "lr"), "a: 1\nt:\n  o:\n    lr: 0.1\n"),
        ("yaml", "t:\n  o:\n", ("t", "o", "lr"), "t:\n  o:\n    lr: 0.1\n"),
        ("yaml", "t: {o: {}}\n", ("t", "o", "lr"), "t: {o: {lr: 0.1}}\n"),
        ("yaml", "t:\n  lr: 0.2\n", ("t", "lr"), "t:\n  lr: 0.1\n"),
        ("yaml", "t: 5\n", ("t", "lr"), None),
        ("json", "{}", ("t", "lr"), '{"t": {"lr": 0.1}}'),
        ("json", '{\n  "t": {}\n}', ("t", "o", "lr"), '{\n  "t": {\n    "o": {\n      "lr": 0.1\n    }\n  }\n}'),
        ("toml", "[t]\nx = 1\n", ("t", "o", "lr"), "[t]\nx = 1\no = {lr = 0.1}\n"),
        ("toml", "", ("t", "lr"), "t = {lr = 0.1}\n"),
    ],
)
def test_set_path(syntax: str, before: str, path: tuple[str, ...], after: str | None) -> None:
    assert edited(syntax, before, lambda tree: edits.set_path(tree, node_at(tree), path, 0.1)) == after


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: &x 1\nb: *x\n", ("a",)),
        ("a: &x 1\nb: *x\n", ("b",)),
        ("a: &x {c: 1}\nb: *x\n", ("a", "c")),
        ("a: &x {c: 1}\nb: *x\n", ("b", "c")),
        ("a: &x\n  c: 1\nb:\n  <<: *x\n", ("b", "c")),
        ("a:\n  d: &x 1\nb: *x\n", ("a",)),
    ],
)
def test_what_others_share_is_not_edited(text: str, path: tuple[str, ...]) -> None:
    assert edited("yaml", text, lambda tree: edits.set_value(tree, node_at(tree, *path), 2)) is None


def test_an_own_key_overrides_a_merged_one() -> None:
    text = "a: &x\n  c: 1\nb:\n  <<: *x\n  d: 1\n"
    after = edited("yaml", text, lambda tree: edits.set_path(tree, node_at(tree, "b"), ("c",), 2))
    assert after == "a: &x\n  c: 1\nb:\n  <<: *x\n  d: 1\n  c: 2\n"


def test_deleting_a_key_that_is_merged_too_is_refused() -> None:
    text = "a: &x {c: 1}\nb:\n  <<: *x\n  c: 2\n"
    assert edited("yaml", text, lambda tree: edits.delete_entry(tree, node_at(tree, "b"), "c")) is None


def test_a_line_that_would_become_part_of_a_literal_stops_the_deletion() -> None:
    text = "a: |\n  x\nb: 1\n   # note\nc: 2\n"
    assert edited("yaml", text, lambda tree: edits.delete_entry(tree, node_at(tree), "b")) is None


@pytest.mark.parametrize("value", [None, [None], {"a": None}, "\ud800", object()])
def test_toml_does_not_write_what_it_cannot_say(value: Any) -> None:
    tree = parse("toml", "a = 1\n")
    assert edits.set_value(tree, node_at(tree, "a"), value) is None
    with pytest.raises(UnwritableError):
        edits.literal(tree, value)


@pytest.mark.parametrize("syntax", ["yaml", "json", "toml"])
@given(value=values.map(without_none).filter(lambda value: value is not None))
def test_a_literal_reads_back_as_its_value(syntax: str, value: Any) -> None:
    text = {"yaml": "a: 1\n", "json": '{"a": 1}', "toml": "a = 1\n"}[syntax]
    tree = parse(syntax, text)
    written = text.replace("1", edits.literal(tree, value))
    assert "\n" not in written.rstrip("\n")
    assert same(node_at(parse(syntax, written)).data(), {"a": value})


@given(st.text())
def test_quotes_are_kept_where_they_can_be(value: str) -> None:
    for quote in "'", '"':
        text = f"a: {quote}x{quote}\n"
        after = edited("yaml", text, lambda tree: edits.set_value(tree, node_at(tree, "a"), value))
        assert after is not None
        assert node_at(parse("yaml", after), "a").value == value
        assert after[3] == quote or not value.isprintable()


def test_map_that_the_end_of_the_text_cuts_off_takes_no_entry() -> None:
    tree = parse("json", '{"a": {"b": 40, "c\n": 1}}')  # the quote that opens last is never closed
    assert tree.root is not None
    assert edits.insert_entry(tree, tree.root, "d", 1) is None
