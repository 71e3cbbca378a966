"""Edits change the one thing they are asked to, and nothing else."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import Any

from documents import KEYS, Toml, Yaml, json_layouts, randoms, roots, same, values, without_none
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hplint.syntax import edits
from hplint.syntax import json as hplint_json
from hplint.syntax import toml as hplint_toml
from hplint.syntax import yaml as hplint_yaml
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


@settings(max_examples=1500)
@given(roots, randoms, st.sampled_from(ACTIONS), values)
def test_yaml_changes_exactly_as_asked(data: Any, random: Random, action: str, value: Any) -> None:
    check_change("yaml", Yaml(random).document(data), random, action, value, always=False)


@settings(max_examples=800)
@given(roots, randoms, st.sampled_from(ACTIONS), values)
def test_plain_yaml_can_always_be_changed(data: Any, random: Random, action: str, value: Any) -> None:
    check_change("yaml", Yaml(random, plain=True).document(data), random, action, value, always=action != "move")


@settings(max_examples=600)
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


@settings(max_examples=800)
@given(roots, randoms, st.sampled_from(ACTIONS), values)
def test_toml_changes_exactly_as_asked(data: Any, random: Random, action: str, value: Any) -> None:
    text = Toml(random).document(without_none(data if isinstance(data, dict) else {"list": data}))
    check_change("toml", text, random, action, without_none(value), always=False)
