"""No text and no offset makes a feature of the editor fail, and long texts cost in proportion to their length."""

from __future__ import annotations

import gc
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint import lint
from hplint.ide.completion import complete
from hplint.ide.document import Document, document
from hplint.ide.folding import folds
from hplint.ide.hints import hints
from hplint.ide.hover import hover
from hplint.ide.lens import lens
from hplint.ide.links import links
from hplint.ide.navigation import occurrences, rename
from hplint.ide.places import places
from hplint.ide.search_range import search_range
from hplint.ide.selection import selections
from hplint.ide.symbols import symbols
from hplint.text import apply_edits

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.*"))
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES if path.suffix in (".yaml", ".json", ".toml")}
HEADS = {"run.yaml": "hplint: 1\n", "run.json": '{"hplint": 1, ', "run.toml": "hplint = 1\n"}


def ask_everything(seen: Document, offset: int) -> None:
    """Call every feature; what it wants to change must be a change that can be made."""
    text = seen.text
    hover(seen, offset)
    symbols(seen)
    lens(seen)
    links(seen)
    occurrences(seen, offset)
    spans = selections(seen, offset)
    assert all(outer.start <= inner.start <= inner.end <= outer.end for inner, outer in zip(spans, spans[1:]))
    assert all(0 <= hint.offset <= len(text) for hint in hints(seen))
    assert all(0 <= fold.start < fold.end <= len(text) for fold in folds(seen))
    found = search_range(seen, offset)
    apply_edits(text, found.edits if found is not None else ())
    apply_edits(text, rename(seen, offset, "another").edits)
    for completion in complete(seen, offset):
        assert completion.label
        assert 0 <= completion.edit.span.start <= completion.edit.span.end <= len(text)
        apply_edits(text, [completion.edit, *completion.edits])


@given(
    st.text(alphabet="ab:-{}[]&*#!|>'\"\\\r\n\t ,$1.=~", max_size=60),
    st.integers(-2, 90),
    st.sampled_from(sorted(HEADS)),
    st.booleans(),
)
def test_any_text(text: str, offset: int, path: str, headed: bool) -> None:
    whole = HEADS[path] + text if headed else text
    ask_everything(document(lint(whole, path)), offset)


@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_examples_with_something_cut_out(name: str, data: st.DataObject) -> None:
    text = TEXTS[name]
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(len(text), start + 40)))
    put = data.draw(st.sampled_from(["", "\n", " ", '"', "{", "]", ":", "- ", "\t"]))
    broken = text[:start] + put + text[stop:]
    ask_everything(document(lint(broken, name)), data.draw(st.sampled_from([start, start + len(put), 0, len(broken)])))


@pytest.mark.parametrize(
    ("path", "opening"),
    [("a.yaml", "["), ("a.yaml", "{a: "), ("a.yaml", "- "), ("a.json", "["), ("a.json", '{"a":'), ("a.toml", "a = [")],
)
def test_deep_nesting(path: str, opening: str) -> None:
    text = HEADS[f"run.{path.rpartition('.')[2]}"] + "a: " * (path == "a.yaml") + opening * 3000
    ask_everything(document(lint(text, path)), len(text))


def test_long_texts_cost_in_proportion() -> None:
    def cost(layers: int) -> float:
        text = "hplint: 1\nmodel:\n  layers:\n" + "    - type: dense\n      units: 32\n" * layers + "      act"
        best = 1e9
        for _ in range(3):
            begin = process_time()
            assert places(text, "yaml", len(text))
            best = min(best, process_time() - begin)
        return best

    assert cost(8000) < 40 * cost(800)


@pytest.mark.parametrize(
    ("syntax", "head", "again"),
    [
        ("yaml", "a", " "),
        ("yaml", "a: ", "&"),
        ("yaml", "", "a:"),
        ("yaml", "a: [", "b, "),
        ("yaml", "a: {", "b: {"),
        ("json", "", "["),
        ("json", '{"a":', "[}"),
        ("toml", "", "a."),
        ("toml", "a = ", "["),
    ],
)
def test_no_repetition_costs_more_than_its_length(syntax: str, head: str, again: str) -> None:
    def cost(times: int) -> float:
        text = head + again * times
        begin = process_time()
        places(text, syntax, len(text))
        return process_time() - begin

    cost(100)
    gc.disable()  # the garbage of all tests before this one is not what is measured
    try:
        assert cost(40_000) < 100 * max(cost(2_000), 0.001)
    finally:
        gc.enable()


def test_a_key_that_is_null_is_no_name_of_a_setting() -> None:
    assert lint("? \n: 1\nbase_model: x\nmicro_batch_size: 1\ndatasets: []\n", "run.yaml").recognition.name
