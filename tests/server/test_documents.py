"""Texts under edits, and positions in the three encodings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint.server.documents import Document
from hplint.server.errors import Refused
from hplint.server.positions import ENCODINGS, Lines
from hplint.text import SourceText

TEXTS = st.text(st.sampled_from("ab: \n\r\té😀\u0085\u2028\u000b￿𐀀"), max_size=40)
NUMBERS = st.integers(0, 12)


def document(text: str, encoding: str = "utf-16") -> Document:
    return Document("file:///a.yaml", "/a.yaml", "yaml", 1, text, encoding)


def lines(text: str) -> list[str]:
    """Return the lines of a text with their ends, as the protocol defines them: LF, CR LF and CR end one."""
    starts = SourceText(text).line_starts
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)])]


def as_a_client_would(text: str, line: int, column: int, encoding: str) -> int:
    """Return the offset of a position, worked out from the encoded line."""
    every = lines(text)
    if line >= len(every):
        return len(text)
    body = every[line].rstrip("\r\n")
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    coded = body.encode(encoding + ("-le" if size > 1 else ""))[: column * size]
    before = coded.decode(encoding + ("-le" if size > 1 else ""), "ignore")
    return sum(len(other) for other in every[:line]) + len(before)


@given(TEXTS, st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, TEXTS), max_size=8), st.sampled_from(ENCODINGS))
def test_incremental_changes_lead_to_the_text_of_a_full_one(
    text: str, edits: list[tuple[int, int, int, int, str]], encoding: str
) -> None:
    edited = document(text, encoding)
    expected = text
    for version, (line, column, to_line, to_column, new) in enumerate(edits, 2):
        place = {
            "start": {"line": line, "character": column},
            "end": {"line": to_line, "character": to_column},
        }
        edited.change(version, [{"range": place, "text": new}])
        ends = sorted(
            as_a_client_would(expected, *position, encoding) for position in ((line, column), (to_line, to_column))
        )
        expected = expected[: ends[0]] + new + expected[ends[1] :]
        assert edited.text == expected
        fresh = document(expected, encoding)
        assert [edited.lines.start(at) for at in range(len(edited.lines))] == SourceText(expected).line_starts
        places = range(len(expected) + 1)
        assert [edited.position(at) for at in places] == [fresh.position(at) for at in places]


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_positions_lead_back_to_their_offset(text: str, encoding: str) -> None:
    made = document(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":  # no position stands between the two
            assert made.offset(*made.position(offset)) == offset


def test_position_behind_the_end_of_a_line_is_its_end() -> None:
    made = document("abc\r\nde")
    assert made.offset(0, 99) == 3
    assert made.offset(1, 99) == 7
    assert made.offset(99, 0) == 7
    made.change(
        2, [{"range": {"start": {"line": 1, "character": 99}, "end": {"line": 1, "character": 99}}, "text": "X"}]
    )
    assert made.text == "abc\r\ndeX"


def test_columns_count_units_of_the_encoding() -> None:
    text = "k: é😀x"
    ends = {encoding: document(text, encoding).position(len(text))[1] for encoding in ENCODINGS}
    assert ends == {"utf-8": 10, "utf-16": 7, "utf-32": 6}
    half = {encoding: document(text, encoding).offset(0, 5) for encoding in ENCODINGS}
    assert half == {"utf-8": 4, "utf-16": 4, "utf-32": 5}  # inside é😀: the place before the broken character


def test_only_line_breaks_of_the_protocol_break_lines() -> None:
    text = "a\u000bb\u000cc\u001cd\u001ee\u0085f\u2028g\u2029h\ni\rj\r\nk"
    assert len(Lines(text)) == 4


@pytest.mark.parametrize(
    "change",
    [
        None,
        {},
        {"text": 1},
        {"text": "x", "range": 1},
        {"text": "x", "range": {"start": {"line": 0, "character": 0}}},
        {"text": "x", "range": {"start": {"line": "0", "character": 0}, "end": {"line": 0, "character": 0}}},
    ],
)
def test_what_is_no_change_is_refused_and_changes_nothing(change: Any) -> None:
    made = document("abc")
    with pytest.raises(Refused):
        made.change(2, [change])
    assert (made.text, made.version) == ("abc", 1)


def test_halves_of_surrogate_pairs_do_not_stop_anything() -> None:
    made = document("a: \ud83d")
    made.change(2, [{"text": "b: \udc00"}])
    made.text.encode()
