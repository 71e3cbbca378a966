"""The YAML reader: the values of PyYAML, with positions, and one clear problem for whatever a file may hold."""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest
import yaml
from documents import Yaml, randoms, roots, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hplint.syntax import scalars
from hplint.syntax import yaml as hplint_yaml
from hplint.syntax.tree import LIST, MAP, MAX_DEPTH, MAX_EXPANDED_NODES, STRING, Node, Tree
from hplint.text import SourceText


class Loader(yaml.CSafeLoader):
    """PyYAML's loader with dates left as text, as the tree has them."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def parse(text: str) -> Tree:
    return hplint_yaml.parse(SourceText(text))


def data(tree: Tree) -> list[Any]:
    return [root.data() for root in tree.roots]


@settings(max_examples=150)
@given(roots, randoms)
def test_reads_what_pyyaml_reads_and_places_every_value(value: Any, random: Random) -> None:
    text = Yaml(random).document(value)
    loaded = list(yaml.load_all(text, Loader))
    tree = parse(text)
    assert tree.complete
    assert tree.problems == ()
    assert same(data(tree), loaded)
    for root in tree.roots:
        for node in root.walk():
            check_place(text, node)
            for key, held in node.entries:
                check_place(text, key)
                assert key.end <= held.start
                assert held.parent is node or node.is_alias
            for before, after in zip(node.items, node.items[1:]):
                assert before.end <= after.start


def check_place(text: str, node: Node) -> None:
    """The text of a node, read alone, is the node's value; what an alias or a block stands for needs its place."""
    written = text[node.start : node.end]
    if node.is_alias:
        assert written.startswith("*")
    elif node.is_scalar and written and node.style not in ("|", ">") and not written.startswith("&"):
        ((alone),) = yaml.load_all(f"- {written}", Loader)
        assert same(alone, [node.value])
    elif node.style == "{":
        assert written.endswith("}") or not written.startswith("{")
    elif node.style == "[":
        assert written.endswith("]")


soup = st.lists(
    st.sampled_from([
        "a", "b", ": ", ":", "\n", "\n  ", "\n- ", "- ", "? ", "[", "]", "{", "}", ", ", ",", "'", '"', "|\n", ">-\n",
        "#", " #c\n", "&x ", "*x", "&y ", "*y ", "<<: ", "!!str ", "!t ", "! ", "\t", "---\n", "...\n", "%YAML 1.1\n",
        "1", "1.5", "1e3", "-.5", ".5", "0x_", "yes", "~", "é", "😀", "\x85", "\u2028", "\r\n", "\r", "\x00", "\x1b",
        "\ufffe", "\\", "\\x41", "2024-01-01", "1:30", "=", "@", "`", "%",
    ]),
    max_size=16,
).map("".join)  # fmt: skip


@settings(max_examples=250)
@given(soup | st.text(st.characters(exclude_characters="\ufeff")))
@example("")
@example("a: ! 1")
@example("a: &x 1\nb: &x 2")
@example("a: !!null x")
@example("- 190:20:30.15\n- -1:30.5\n- 010\n- 08\n- 1_000\n- .5e+3\n- -.5\n- ._1")
def test_any_text_is_read_and_is_complete_exactly_when_pyyaml_reads_it(text: str) -> None:
    tree = parse(text)
    for problem in tree.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
    for root in tree.roots:
        for node in root.walk():
            assert 0 <= node.start <= node.end <= len(text)
    try:
        list(yaml.compose_all(text, Loader))
    except (yaml.YAMLError, UnicodeEncodeError):
        assert tree.problems
        return
    assert tree.complete
    try:
        loaded = list(yaml.load_all(text, Loader))
    except Exception:  # keys and tags that PyYAML has no value for, and numbers it fails on, such as 0x_
        return
    if not any(problem.kind == "self-reference" for problem in tree.problems):
        assert tree.problems == ()
        if "!" not in text:
            assert same(data(tree), loaded)


numbers = st.text("0123456789-+._eE:xobaf", min_size=1, max_size=8) | st.floats().map(repr) | st.integers().map(str)


@settings(max_examples=250)
@given(
    numbers | st.sampled_from(["yes", "On", "y", "null", "Null", "~", ".inf", "-.INF", "+.Inf", ".NaN", "nan", "0o7"])
)
def test_plain_scalars_mean_what_they_mean_to_pyyaml(text: str) -> None:
    try:
        loaded = yaml.load(f"[{text}]", Loader)
    except (yaml.YAMLError, ValueError):
        return
    if isinstance(loaded, list) and len(loaded) == 1 and not isinstance(loaded[0], dict):
        assert same(scalars.pyyaml(text)[1], loaded[0])


@pytest.mark.parametrize(
    ("text", "pyyaml", "omegaconf", "yaml12"),
    [
        ("1e-3", "string", "float", "float"),
        ("1.0e-3", "float", "float", "float"),
        ("1.5e3", "string", "float", "float"),
        ("-.5", "string", "string", "float"),
        ("no", "bool", "bool", "string"),
        ("y", "string", "string", "string"),
        ("010", "integer", "integer", "integer"),
        ("1_000", "integer", "integer", "string"),
        ("1:30", "integer", "integer", "string"),
        ("2024-01-31", "other", "string", "string"),
        ("2024-1-31", "string", "string", "string"),
        ("2024-1-31 10:00:00", "other", "string", "string"),
    ],
)
def test_the_loader_decides_what_a_scalar_is(text: str, pyyaml: str, omegaconf: str, yaml12: str) -> None:
    kinds = [hplint_yaml.parse(SourceText(f"a: {text}"), loader).root for loader in ("pyyaml", "omegaconf", "yaml12")]
    assert [root.entries[0][1].kind for root in kinds if root] == [pyyaml, omegaconf, yaml12]


def timed(text: str, seconds: float = 2) -> Tree:
    began = time.perf_counter()
    tree = parse(text)
    assert time.perf_counter() - began < seconds
    return tree


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "\n".join(" " * depth + f"k{depth}:" for depth in range(3000)),
        "? " * 100_000,
    ],
)
def test_deep_nesting_is_one_problem_at_once(text: str) -> None:
    tree = timed(text)
    assert [problem.kind for problem in tree.problems] == ["too-deep"]
    assert not tree.complete


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).complete
    assert not parse("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).complete


def test_an_alias_bomb_is_one_problem_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 10)]
    tree = timed("\n".join(lines))
    assert [problem.kind for problem in tree.problems] == ["alias-expansion"]


def test_a_thousand_faults_are_twenty_problems() -> None:
    assert len(timed("- *x\n" * 1000).problems) == hplint_yaml.MAX_PROBLEMS == 20


def test_many_small_aliases_are_no_bomb() -> None:
    tree = timed("base: &b {lr: 1, wd: 2}\nruns:\n" + "- *b\n" * 1000)
    assert tree.problems == ()
    assert tree.complete
    assert MAX_EXPANDED_NODES > 3000


@pytest.mark.parametrize("text", ["a: &x\n  b: *x\n", "&x [*x]", "a: &x {b: [*x]}", "&x\n<<: *x\n"])
def test_a_value_inside_itself_is_one_problem(text: str) -> None:
    tree = timed(text)
    assert [problem.kind for problem in tree.problems] == ["self-reference"]
    data(tree)


def test_a_huge_file_is_one_problem() -> None:
    tree = timed("[" + "1," * 450_000 + "1]", seconds=20)
    assert [problem.kind for problem in tree.problems] == ["too-large"]


@pytest.mark.parametrize(
    ("text", "kind", "place", "words"),
    [
        ("a: 1\n\tb: 2\n", "tab-indent", "\t", "tab"),
        ("a:\n\t- 1\n", "tab-indent", "\t", "tab"),
        ("a: 'x\nb: 1\nc: 2\n", "invalid-yaml", "'", "never closed"),
        ('a: 1\nb: "x\nc: 2\n', "invalid-yaml", '"', "never closed"),
        ("a: [1, 2\nb: 3\n", "invalid-yaml", ":", "closed"),
        ("a: lr: 1\n", "invalid-yaml", ":", "second ':'"),
        ("a: 1\n b: 2\n", "invalid-yaml", ":", "second ':'"),
        ("a:\n  b: 1\n c: 2\n", "invalid-yaml", "c", "indentation"),
        ("a: @x\n", "invalid-yaml", "@", "quotes"),
        ("a: %x\n", "invalid-yaml", "%", "quotes"),
        ("a: x\x00y\n", "invalid-yaml", "\x00", "U+0000"),
        ("é: 1\na: \x07\n", "invalid-yaml", "\x07", "U+0007"),
        ('a: "C:\\data"\n', "invalid-yaml", "\\", "backslash"),
        ("a: *x\n", "invalid-yaml", "*x", "no anchor"),
        ("a: &x 1\nb: &x 2\n", "invalid-yaml", "&x", "another name"),
        ("? [a]\n: 1\n", "invalid-yaml", "[a]", "key"),
        ("a: - 1\n", "invalid-yaml", "-", "line of its own"),
        ("- a\nb: 1\n", "invalid-yaml", "b", "list item"),
        ("a: 1\n...\nb: 2\n", "invalid-yaml", "b", "'---'"),
        ("a: \ud800\n", "invalid-yaml", "\ud800", "no character"),
    ],
)
def test_says_where_and_what_to_do(text: str, kind: str, place: str, words: str) -> None:
    (problem,) = parse(text).problems
    assert problem.kind == kind
    assert text[problem.span.start : problem.span.end] == place
    assert words in problem.message


def test_what_stands_before_a_break_is_kept() -> None:
    tree = parse("model: cnn\ntraining:\n  lr: 0.1\n  bad: 'x\n")
    assert not tree.complete
    assert data(tree) == [{"model": "cnn", "training": {"lr": 0.1, "bad": None}}]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_every_line_break_of_yaml_ends_a_line(line_break: str) -> None:
    text = f"😀: 1 # é{line_break}b: [x,{line_break} y]{line_break}"
    tree = parse(text)
    assert data(tree) == [{"😀": 1, "b": ["x", "y"]}]
    node = tree.roots[0].at("b", 1)
    assert node is not None
    assert text[node.start : node.end] == "y"


def test_several_documents_are_several_roots() -> None:
    text = "a: &x 1\n---\nb: &x 2\nc: *x\n...\n---\n"
    assert data(parse(text)) == [{"a": 1}, {"b": 2, "c": 2}, None]


def test_duplicate_keys_are_kept_and_the_last_counts() -> None:
    (root,) = parse("a: 1\nb: 2\na: 3\n").roots
    assert [key.value for key, _ in root.entries] == ["a", "b", "a"]
    assert root.data() == {"a": 3, "b": 2}


def test_merged_keys_yield_to_own_ones() -> None:
    text = "base: &b {lr: 1, wd: 2}\nother: &o {lr: 3, bs: 4}\nrun:\n  <<: [*b, *o]\n  wd: 5\n"
    (root,) = parse(text).roots
    # Of merged maps the first counts, as YAML's merge type and PyYAML up to 6.0.3 have it; 6.0.4 takes the last.
    assert root.data()["run"] == {"lr": 1, "wd": 5, "bs": 4}
    assert yaml.safe_load(text)["run"] in ({"lr": 1, "wd": 5, "bs": 4}, {"lr": 3, "wd": 5, "bs": 4})


def test_aliases_share_what_they_stand_for() -> None:
    text = "a: &x {b: [1]}\nc: *x\n"
    (root,) = parse(text).roots
    first, second = root.get("a"), root.get("c")
    assert first is not None
    assert second is not None
    assert second.is_alias
    assert second.entries is first.entries
    assert text[second.start : second.end] == "*x"
    assert [node.kind for node in root.walk()] == [MAP, MAP, LIST, "integer", MAP]


def test_tags_are_kept_and_never_run() -> None:
    tree = parse("a: !!python/object/apply:os.system [ls]\nb: !ref <lr>\nc: !!float 1\nd: !!str 1\n")
    assert tree.problems == ()
    root = tree.roots[0]
    assert [(value.kind, value.tag, value.value) for _, value in root.entries] == [
        ("list", "tag:yaml.org,2002:python/object/apply:os.system", None),
        ("other", "!ref", "<lr>"),
        ("float", "tag:yaml.org,2002:float", 1.0),
        ("string", "tag:yaml.org,2002:str", "1"),
    ]


@pytest.mark.parametrize("text", ["!!int on", '!!int ""', "!!int !!int x", "!!float ~", "!!int x"])
def test_value_that_is_not_what_its_tag_says_is_text(text: str) -> None:
    tree = parse(f"a: {text}\n")
    assert all(isinstance(node.value, str) for root in tree.roots for node in root.walk() if node.kind is STRING)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("a:\n\tb: 1\n", "a:\n  b: 1\n"),
        ("a:\n    b:\n\tc: 1\n", "a:\n    b:\n        c: 1\n"),
        ("a:\n    b: 1\n\tc: 1\n", "a:\n    b: 1\n    c: 1\n"),
        ("a:\n  - b: 1\n\tc: 1\n", "a:\n  - b: 1\n    c: 1\n"),
        ("a:\n\tb:\n\t\tc: 1\n", "a:\n  b:\n\t\tc: 1\n"),
        ("a:\n    b:\n        c: 1\n\td: 1\n", None),
    ],
)
def test_a_tab_becomes_as_many_spaces_as_its_line_needs(text: str, mended: str | None) -> None:
    (problem,) = parse(text).problems
    if mended is None:
        assert problem.replacement is None
    else:
        assert problem.replacement is not None
        assert text[: problem.span.start] + problem.replacement + text[problem.span.end :] == mended
