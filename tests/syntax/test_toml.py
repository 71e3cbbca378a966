"""The TOML reader: the values of the standard library, with positions."""

from __future__ import annotations

import importlib
import sys
import time
from random import Random
from typing import Any

import pytest
from documents import Toml, randoms, roots, same, without_none
from hypothesis import example, given
from hypothesis import strategies as st

from hplint.syntax import toml as hplint_toml
from hplint.syntax.tree import Tree
from hplint.text import SourceText

tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


def parse(text: str) -> Tree:
    return hplint_toml.parse(SourceText(text))


def plain(value: Any) -> Any:
    """Return tomllib's data with dates as text, as the tree has them."""
    if isinstance(value, dict):
        return {key: plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, bool, int, float)) else "a date"


def dateless(tree: Tree) -> Any:
    assert tree.root is not None
    for node in tree.root.walk():
        if node.kind == "other":
            node.value = "a date"
    return tree.root.data()


tables = roots.map(lambda value: without_none(value if isinstance(value, dict) else {"list": value}))


@given(tables, randoms)
def test_reads_what_the_standard_library_reads_and_places_every_value(data: dict[str, Any], random: Random) -> None:
    text = Toml(random).document(data)
    assert same(tomllib.loads(text), data), "the document says what it should"
    tree = parse(text)
    assert tree.problems == ()
    assert tree.root is not None
    assert same(tree.root.data(), data)
    for node in tree.root.walk():
        written = text[node.start : node.end]
        for key, held in node.entries:
            assert list(tomllib.loads(text[key.start : key.end] + " = 1")) == [key.value]
            assert held.parent is node
            assert held.key is key
        if node.is_scalar or node.style:
            assert same(tomllib.loads(f"x = {written}")["x"], node.data())
        elif node.text.startswith("["):
            assert written.startswith(node.text)
            assert all(node.end >= held.end for _, held in node.entries if held.is_scalar or held.style)


pieces = st.lists(
    st.sampled_from([
        "a", "b.c", '"q k"', "''", "=", " = ", ".", "\n", "\n", "\r\n", "[a]\n", "[a.b]\n", "[[t]]\n", "[t.u]\n", "[",
        "]", "{", "}", ",", "1", "-1_0", "0x1F", "1e5", ".5", "inf", "nan", "true", "True", "'s'", '"x\\n"', '"\\q"',
        '"', "'''", '"""', "#c", "2024-01-02", "07:32:00", "1979-05-27 07:32:00Z", "a = 1\n", "b = [1, 2]\n", "\\",
        "c = {d = 1}\n", "e.f = 'x'\n", "\t", "\x00", "\u2028",
    ]),
    max_size=14,
).map("".join)  # fmt: skip


@given(pieces | st.text())
@example("a = 1\r")
@example("a = " + "1" * 5000)
@example('a = """x\\\n   y"""""')
@example("a = '''\r\nx''''\n")
@example("[[a]]\n[a.b]\n[[a]]\n[a.b]\n")
@example("[a.b]\n[a]\nb.c = 1\n")
def test_any_text_is_read_and_is_complete_exactly_when_the_standard_library_reads_it(text: str) -> None:
    tree = parse(text)
    try:
        value = tomllib.loads(text)
    except ValueError:
        assert not tree.complete
        (problem,) = tree.problems
        assert problem.kind in ("invalid-toml", "toml-bare-dot")
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
    else:
        assert tree.complete
        assert tree.problems == ()
        assert same(dateless(tree), plain(value))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb = \nc = 2\n", 2, "no value here"),
        ("a = 1\nb = relu\n", 2, "quotes"),
        ("a = 1\nb = [1, 2\nc = 3\n", 2, "add ']'"),
        ("a = [\n\n", 1, "no value here"),
        ("a = 1\nb = 'x\nc = 1\n", 2, "quote"),
        ("a = 1\nb = 'x", 2, "quote"),
        ("[a]\nx = 1\n[a]\ny = 1\n", 3, "join the two"),
        ("a = 1\nb = 1\na = 2\n", 3, "remove one of the two"),
        ("a = 1\nlr: 2\n", 2, "key = value"),
        ("a = 1 2\n", 1, "more text after the value"),
        ('a = "C:\\data"\n', 1, "backslash"),
        ("a = 2024-13-01\n", 1, ""),
        ("a\n", 1, "without '='"),
        ("[a\nb = 1\n", 1, "add ']'"),
    ],
)
def test_says_where_and_what_to_do(text: str, line: int, words: str) -> None:
    tree = parse(text)
    (problem,) = tree.problems
    assert tree.source.position(problem.span.start).line == line
    assert words in problem.message
    assert problem.span.start < problem.span.end


def test_a_line_that_cannot_be_read_is_left_out() -> None:
    tree = parse("a = 1\nb = relu\n[t]\nc = 2\n")
    assert tree.root is not None
    assert tree.root.data() == {"a": 1, "t": {"c": 2}}


def test_a_table_reaches_from_its_header_to_its_last_entry() -> None:
    text = "x = 1\n[a.b] # c\ny = 1\nz.w = [\n 2 ]\n\n[a.b.c]\nq = 1\n"
    root = parse(text).root
    assert root is not None
    table, below = root.at("a", "b"), root.at("a", "b", "c")
    assert table is not None
    assert below is not None
    assert text[table.start : table.end] == "[a.b] # c\ny = 1\nz.w = [\n 2 ]"
    assert text[below.start : below.end] == "[a.b.c]\nq = 1"


def test_dates_are_kept_as_text() -> None:
    root = parse("a = 1979-05-27 07:32:00Z\nb = 07:32:00.5\n").root
    assert root is not None
    assert [(value.kind, value.value) for _, value in root.entries] == [
        ("other", "1979-05-27 07:32:00Z"),
        ("other", "07:32:00.5"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "{b=" * 100_000,
        ".".join("a" * 100_000) + " = 1",
        "[" + ".".join("a" * 100_000) + "]",
    ],
)
def test_deep_nesting_is_one_problem_at_once(text: str) -> None:
    began = time.perf_counter()
    tree = parse(text)
    assert time.perf_counter() - began < 1
    assert [problem.kind for problem in tree.problems] == ["too-deep"]
    assert not tree.complete


@pytest.mark.parametrize(
    "text", ["'''\n" * 50_000, 'a = """x\n' * 50_000, "a = [1,\n" * 50_000, '"' * 200_000, "a = '\n" * 50_000]
)
def test_rubbish_is_given_up_quickly(text: str) -> None:
    began = time.perf_counter()
    tree = parse(text)
    assert time.perf_counter() - began < 3
    assert len(tree.problems) == 1
