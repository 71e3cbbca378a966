"""The JSON reader: the values and errors of Python's json, with positions."""

from __future__ import annotations

import json
import math
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hplint.syntax import json as hplint_json
from hplint.syntax.tree import MAX_DEPTH, Node, Tree
from hplint.text import Edit, SourceText, apply_edits

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=()), max_size=8)
    | st.sampled_from(['"', "\\", "\n", "é", "😀", "\ud800", "\x7f", "\u2028", "//", "'"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)
layouts = st.sampled_from(
    [
        {"indent": None, "separators": (",", ":")},
        {"indent": None},
        {"indent": 2},
        {"indent": "\t"},
        {"indent": 1, "separators": (" ,", " : ")},
        {"indent": 2, "ensure_ascii": False},
    ]
)


def parse(text: str) -> Tree:
    return hplint_json.parse(SourceText(text))


def root(text: str) -> Node:
    tree = parse(text)
    assert tree.problems == ()
    assert tree.root is not None
    return tree.root


def same(left: Any, right: Any) -> bool:
    """Equality that tells 1 from 1.0 and True, -0.0 from 0.0, and takes NaN for itself."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float):
        return repr(left) == repr(right)
    return bool(left == right)


@given(values, layouts)
def test_reads_what_python_reads_and_places_every_value(value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(value, **layout)
    tree = parse(text)
    assert tree.complete
    assert tree.root is not None
    if tree.is_embedded:
        return
    assert same(tree.root.data(), json.loads(text))
    for node in tree.root.walk():
        assert same(json.loads(text[node.start : node.end]), node.data())
        for key, held in node.entries:
            assert json.loads(text[key.start : key.end]) == key.value == key.text
            assert held.parent is node
            assert held.key is key
        for index, held in enumerate(node.items):
            assert held.parent is node
            assert held.key == index


near_json = st.text("{}[],:\"\\ \n\r\t\x00\x0b\x1f\x7f\ufeff\u2028\u00a0'#/*+-.eE0129abx", max_size=40)
pieces = st.lists(
    st.sampled_from([
        *'{}[],:"= \n', "\ufeff", '"a"', '"b\\n"', '"\\ud83d\\ude00"', '"\\x"', '"\\u12"', '"a": 1', '{"a": [1, 2]}',
        "1", "-1.5e3", "01", "1.", ".5", "-", "+1", "1e5", "0x1F", "1_0", "true", "True", "null", "None", "nan", "NaN",
        "Infinity", "-Infinity", "//c\n", "/*c*/", "/*", "#c", "'a'", "'it\\'s \"x\"'", "'", "word", "a/b",
    ]),
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=200)
@given(
    st.one_of(
        st.text(),
        near_json,
        pieces,
        st.tuples(values, st.integers(0, 200)).map(lambda one: json.dumps(one[0])[: one[1]]),
    )
)
@example("")
@example("\ufeff{}")
@example("1" * 5000)
@example("-" + "1" * 5000)
@example("[1e999, -0, -0.0]")
@example('"{\\"a\\"')
@example('["\\ud800", "\\udc00\\ud800", "\\ud83d\\ude00"]')
def test_any_text_is_read_and_is_complete_exactly_when_python_reads_it(text: str) -> None:
    tree = parse(text)
    try:
        value = json.loads(text)
    except ValueError:
        assert not tree.complete
        assert tree.problems
        for problem in tree.problems:
            assert 0 <= problem.span.start <= problem.span.end <= len(text)
        for node in tree.root.walk() if tree.root else ():
            assert 0 <= node.start <= node.end <= len(text)
    else:
        assert tree.complete
        assert tree.problems == ()
        assert tree.root is not None
        if not tree.is_embedded:
            assert same(tree.root.data(), value)


@given(values, layouts, st.sampled_from([*",:{}[]", "x", "//c\n"]), st.integers(0))
def test_a_single_slip_is_mended_by_the_replacements(value: Any, layout: dict[str, Any], slip: str, place: int) -> None:
    """Where each problem offers a replacement, applying all of them gives valid JSON."""
    text = json.dumps(value, **layout)
    place %= len(text) + 1
    broken = text[:place] + slip + text[place:]
    problems = parse(broken).problems
    if problems and all(problem.replacement is not None for problem in problems):
        mended = apply_edits(broken, [Edit(one.span, one.replacement or "") for one in problems])
        json.loads(mended)


@pytest.mark.parametrize(
    ("text", "span", "replacement", "words"),
    [
        ('{"a": 1,}', ",", "", "comma after the last value"),
        ('[1, 2 ,\n]', ",", "", "comma after the last value"),
        ('{"a": 1 "b": 2}', "", ",", "comma is missing"),
        ('{"a" 1}', "", ":", "':' is missing after the key 'a'"),
        ('{"a": 1, // rate\n"b": 2}', "// rate", "", "comment"),
        ('{"a": 1 /* x */}', "/* x */", "", "comment"),
        ("{\"a\": 'it\\'s'}", "'it\\'s'", '"it\'s"', "single quotes"),
        ('{a: 1}', "a", '"a"', 'write "a"'),
        ('{1: 2}', "1", '"1"', "key must be text"),
        ('{"a": True}', "True", "true", "written true"),
        ('{"a": None}', "None", "null", "written null"),
        ('{"a": .5}', ".5", "0.5", "write 0.5"),
        ('{"a": 1.}', "1.", "1.0", "write 1.0"),
        ('{"a": 1_000}', "1_000", "1000", "write 1000"),
        ('{"a": relu}', "relu", '"relu"', "without quotes"),
        ('{"a": "C:\\data"}', '"C:\\data"', '"C:\\\\data"', "backslash"),
        ('{"a": "b\tc"}', '"b\tc"', '"b\\tc"', "control character"),
        ('{"a": [1, 2}', "", "]", "the '[' of line 1 is not closed"),
        ('{"a": 1}}', "}", "", "closes nothing"),
        ('[1,,2]', ",", "", "no value before it"),
        ('{"a":\u00a01}', "\u00a0", " ", "U+00A0"),
        ('{"a": 1', "{", None, "add '}'"),
        ('{"a": , "b": 2}', '"a"', None, "'a' has no value"),
        ('{"a": 1} {"b": 2}', "{", None, "single value"),
        ("", "", None, "no value"),
    ],
)  # fmt: skip
def test_says_what_to_do_about_a_slip(text: str, span: str, replacement: str | None, words: str) -> None:
    (problem,) = parse(text).problems
    assert problem.kind == "invalid-json"
    assert words in problem.message
    assert text[problem.span.start : problem.span.end] == span
    assert problem.replacement == replacement


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"a": 1, "b": [1, 2,], // c\n "c": \'x\',}', {"a": 1, "b": [1, 2], "c": "x"}),
        ('{"a": {"b": [1, 2', {"a": {"b": [1, 2]}}),
        ('{"a": {"b": [1, 2}, "c": 3}', {"a": {"b": [1, 2]}, "c": 3}),
        ('{"a": , "b": 2}', {"a": None, "b": 2}),
        ('{"a": "x,\n"b": 2}', {"a": "x", "b": 2}),
        ('{lr: 1e-3, loss: mse}', {"lr": 1e-3, "loss": "mse"}),
        ('{"a": True, "b": nan', {"a": True, "b": math.nan}),
    ],
)  # fmt: skip
def test_reads_on_after_a_slip(text: str, data: Any) -> None:
    tree = parse(text)
    assert not tree.complete
    assert tree.root is not None
    assert same(tree.root.data(), data)


def test_numbers_keep_their_spelling() -> None:
    node = root("[1e-3, 10, NaN, -Infinity, 1E5, 123456789012345678901234567890]")
    assert [(item.kind, item.text) for item in node.items] == [
        ("float", "1e-3"),
        ("integer", "10"),
        ("float", "NaN"),
        ("float", "-Infinity"),
        ("float", "1E5"),
        ("integer", "123456789012345678901234567890"),
    ]


def test_duplicate_keys_are_kept_and_the_last_counts() -> None:
    node = root('{"a": 1, "b": 2, "a": 3}')
    assert [key.value for key, _ in node.entries] == ["a", "b", "a"]
    assert node.data() == {"a": 3, "b": 2}


models = st.dictionaries(st.text(max_size=4), values, min_size=1, max_size=3)


@given(models, layouts, st.booleans(), st.sampled_from(["", " \n"]))
def test_a_model_inside_a_string_is_read_in_place(model: Any, layout: Any, ascii_only: bool, around: str) -> None:
    text = around + json.dumps(around + json.dumps(model, **layout), ensure_ascii=ascii_only) + around
    tree = parse(text)
    assert tree.is_embedded
    assert tree.root is not None
    assert same(tree.root.data(), json.loads(json.loads(text)))
    for node in tree.root.walk():
        assert same(json.loads(json.loads('"' + text[node.start : node.end] + '"')), node.data())
        for key, _ in node.entries:
            assert json.loads(json.loads('"' + text[key.start : key.end] + '"')) == key.value


def test_a_string_that_only_looks_like_a_model_stays_a_string() -> None:
    for text in ('"{x"', '"plain"', '"[1]"', '"{\\"a\\": 1,}"'):
        tree = parse(text)
        assert not tree.is_embedded
        assert tree.root is not None
        assert tree.root.kind == "string"


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_deep_nesting_is_one_problem_at_once(text: str) -> None:
    began = time.perf_counter()
    tree = parse(text)
    assert time.perf_counter() - began < 1
    assert [problem.kind for problem in tree.problems] == ["too-deep"]
    assert not tree.complete


def test_the_deepest_allowed_nesting_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse(text).complete
    assert not parse(f"[{text}]").complete


def test_a_huge_file_is_one_problem() -> None:
    tree = parse("[" + "1," * 450_000 + "1]")
    assert [problem.kind for problem in tree.problems] == ["too-large"]


@pytest.mark.parametrize(
    "text", ['"' * 200_001, "'" * 200_000, "/*" * 200_000, "/" * 200_000, "\\" * 200_000, '"\\' * 100_000]
)
def test_rubbish_is_given_up_quickly(text: str) -> None:
    began = time.perf_counter()
    tree = parse(text)
    assert time.perf_counter() - began < 2
    assert 1 <= len(tree.problems) <= hplint_json.MAX_PROBLEMS
