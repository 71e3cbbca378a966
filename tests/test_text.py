"""Decoding, positions and edits."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hplint.text import Edit, Position, SourceText, Span, UndecodableError, apply_edits, decode

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\x00"))


@given(texts)
@example("a\r\nb\rc\n\u2028d\x85e\n😀f")
def test_positions_count_lines_and_characters(text: str) -> None:
    source = SourceText(text)
    line, column = 1, 1
    for offset in range(len(text) + 1):
        assert source.position(offset) == Position(line, column, offset)
        char = text[offset : offset + 1]
        if char == "\n" or (char == "\r" and text[offset + 1 : offset + 2] != "\n"):
            line, column = line + 1, 1
        else:
            column += 1
    lines = [source.line(number) for number in range(1, line + 1)]
    assert lines == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def test_positions_outside_of_the_text_are_its_ends() -> None:
    source = SourceText("ab\nc")
    assert source.position(99) == Position(2, 2, 4)
    assert source.position(-1) == Position(1, 1, 0)
    assert source.line(0) == source.line(3) == ""


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        ("", "\n"),
        ("a", "\n"),
        ("a\nb\r\n", "\n"),
        ("a\r\nb\n", "\r\n"),
        ("a\rb\r", "\r"),
        ("\n", "\n"),
        ("\r\n", "\r\n"),
        ("\nb\r", "\n"),
        ("\na\r\n", "\n"),
    ],
)
def test_new_lines_end_as_the_first_one_does(text: str, newline: str) -> None:
    assert SourceText(text).newline == newline


MARKS = {
    "utf-8": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "utf-32-le": b"\xff\xfe\x00\x00",
    "utf-32-be": b"\x00\x00\xfe\xff",
}


@given(texts, st.sampled_from(sorted(MARKS)))
def test_a_byte_order_mark_names_the_encoding_and_is_written_back(text: str, encoding: str) -> None:
    data = MARKS[encoding] + text.encode(encoding)
    source = decode(data)
    assert (source.text, source.encoding, source.bom) == (text, encoding, MARKS[encoding])
    assert source.encode(source.text) == data


@given(texts)
def test_without_a_mark_utf_8_is_read(text: str) -> None:
    source = decode(text.encode())
    assert (source.text, source.encoding, source.bom) == (text, "utf-8", b"")
    assert source.encode(text) == text.encode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ['{"a": "é😀"}', "lr: 1", "[x]\n"])
def test_utf_16_is_known_by_its_zero_bytes(text: str, encoding: str) -> None:
    source = decode(text.encode(encoding))
    assert (source.text, source.encoding) == (text, encoding)
    assert source.encode(text) == text.encode(encoding)


def test_a_nul_in_a_config_does_not_make_it_utf_16() -> None:
    assert decode(b"a: 1\x00").text == "a: 1\x00"
    assert decode(b"\x00\x00ab").text == "\x00\x00ab"
    assert decode(b"ab\x00\x00").text == "ab\x00\x00"


@given(
    st.text(alphabet="ab&*#", max_size=12),
    st.tuples(st.integers(0, 12), st.integers(0, 12)),
    st.text(alphabet="ab&*", max_size=4),
)
def test_what_a_text_holds_is_known_after_an_edit(text: str, ends: tuple[int, int], piece: str) -> None:
    start, end = sorted(min(one, len(text)) for one in ends)
    edit = Edit(Span(start, end), piece)
    before, after = SourceText(text), SourceText(apply_edits(text, [edit]))
    marks = ("&", "*", "a&", "ab", "*#b")
    assert [before.holds(mark) for mark in marks] == [mark in text for mark in marks]
    after.follows(before, edit)
    assert [after.holds(mark) for mark in marks] == [mark in after.text for mark in marks]


@pytest.mark.parametrize(
    ("data", "offset", "line", "words"),
    [
        (b"a: 1\nb: caf\xe9\n", 11, 2, "byte 0xe9 is not valid UTF-8"),
        (b"\xef\xbb\xbfa: \xff", 6, 1, "byte 0xff is not valid UTF-8"),
        (b"\xff\xfea\x00\x00\xd8", 4, 1, "UTF-16-LE"),
        (b"\x80\x04K\x01.", 0, 1, "save the file as UTF-8"),
    ],
)
def test_bytes_that_are_no_text_are_named_with_their_place(data: bytes, offset: int, line: int, words: str) -> None:
    with pytest.raises(UndecodableError) as caught:
        decode(data)
    assert (caught.value.offset, caught.value.line) == (offset, line)
    assert words in caught.value.reason


@given(st.binary())
def test_any_bytes_are_text_or_say_where_they_are_not(data: bytes) -> None:
    try:
        source = decode(data)
    except UndecodableError as error:
        place = (error.offset, error.line)
    else:
        assert source.encode(source.text) == data
        return
    assert 0 <= place[0] <= len(data)
    assert 1 <= place[1] <= data.count(b"\n") + 1


@given(st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.text(max_size=3)), max_size=4))
def test_edits_replace_their_spans_and_nothing_else(text: str, raw: list[tuple[int, int, str]]) -> None:
    edits = []
    done = 0
    for gap, length, new in raw:
        start = min(done + gap, len(text))
        end = min(start + length, len(text))
        edits.append(Edit(Span(start, end), new))
        done = end + 1
        if done > len(text):
            break
    expected = text
    for edit in reversed(edits):
        expected = expected[: edit.span.start] + edit.text + expected[edit.span.end :]
    assert apply_edits(text, edits) == expected
    assert apply_edits(text, reversed(edits)) == expected


def test_two_insertions_at_one_place_keep_their_order() -> None:
    assert apply_edits("ab", [Edit(Span(1, 1), "x"), Edit(Span(1, 1), "y")]) == "axyb"


def test_an_insertion_before_a_replacement_is_no_overlap() -> None:
    assert apply_edits("abc", [Edit(Span(1, 2), "X"), Edit(Span(1, 1), "+")]) == "a+Xc"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abc", [Edit(Span(0, 2), ""), Edit(Span(1, 3), "")])
