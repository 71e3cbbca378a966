"""The outline of a config."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hplint import lint
from hplint.ide.document import document
from hplint.ide.symbols import MAX_SYMBOLS, Symbol, symbols

NETWORK = """\
hplint: 1
inputs:
  - {name: photo, modality: image, shape: [28, 28, 1]}
model:
  layers:
    - {type: conv2d, filters: 8, kernel: 3, activation: relu}
    - flatten
    - {type: dense, name: digit, units: 10}
loss: sparse_categorical_crossentropy
search:
  parameters:
    optimizer.learning_rate: {low: 1e-5, high: 1e-2, log: true}
"""


def outline(text: str, path: str = "run.yaml") -> tuple[Symbol, ...]:
    return symbols(document(lint(text, path)))


def find(found: tuple[Symbol, ...], *path: str) -> Symbol:
    symbol = next(symbol for symbol in found if symbol.name == path[0])
    return find(symbol.children, *path[1:]) if len(path) > 1 else symbol


def lines(found: tuple[Symbol, ...]) -> list[str]:
    return [f"{symbol.kind} {symbol.name}: {symbol.detail}".rstrip(": ") for symbol in found]


def test_layers_stand_by_name_with_their_shapes() -> None:
    assert lines(find(outline(NETWORK), "model", "layers").children) == [
        "layer conv2d: 8 relu → (26, 26, 8)",
        "layer flatten: → (5408)",
        "layer digit: dense 10 linear → (10)",
    ]


def test_inputs_and_searched_parameters_are_told_apart() -> None:
    found = outline(NETWORK)
    assert lines(find(found, "inputs").children) == ["input photo: image (28, 28, 1)"]
    assert lines(find(found, "search", "parameters").children) == [
        "parameter optimizer.learning_rate: continuous 1e-05 0.01"
    ]


def test_top_level_values_show_what_they_are() -> None:
    assert find(outline(NETWORK), "loss").detail == "sparse_categorical_crossentropy"


def test_the_selection_is_the_name_inside_the_whole() -> None:
    layer = find(outline(NETWORK), "model", "layers", "digit")
    assert NETWORK[layer.selection.start : layer.selection.end] == "digit"
    assert NETWORK[layer.span.start : layer.span.end] == "{type: dense, name: digit, units: 10}"


def test_a_file_of_no_known_format_has_an_outline_too() -> None:
    assert lines(outline("a: 1\nb:\n  c: [1, 2]\n")) == ["value a: 1", "section b"]


def test_every_document_of_a_file_is_in_it() -> None:
    assert lines(outline("a: 1\n---\nb: 2\n")) == ["value a: 1", "value b: 2"]


def test_a_huge_file_has_a_bounded_outline() -> None:
    text = "".join(f"k{number}: {{a: {{b: 1}}}}\n" for number in range(4000))

    def count(found: tuple[Symbol, ...]) -> int:
        return sum(1 + count(symbol.children) for symbol in found)

    assert count(outline(text)) == MAX_SYMBOLS


@given(st.text(alphabet="ab:-{}[]&*#|'\"=\n\t ,1", max_size=80), st.sampled_from(["a.yaml", "a.json", "a.toml"]))
def test_any_text_has_an_outline_whose_places_nest(text: str, path: str) -> None:
    def check(found: tuple[Symbol, ...]) -> None:
        for symbol in found:
            assert symbol.name
            assert 0 <= symbol.span.start <= symbol.selection.start
            assert symbol.selection.end <= symbol.span.end <= len(text)
            check(symbol.children)

    check(outline(text, path))
