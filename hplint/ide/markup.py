"""Text with a little structure, written once and shown as Markdown or as plain text."""

from __future__ import annotations

import re

from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# What starts a heading, list or rule counts at the start only, "_" only where it is not inside a word.
_SPECIAL = re.compile(r"([\\`*\[\]<>|~&$]|^\s*[-#+=]|^\s*\d+(?=[.)])|\b_|_\b|(?<=\W)_|_(?=\W))")
_TICKS = re.compile(r"`+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
MAX_CODE = 200


@record
class Markup:
    """The same text as Markdown, in which nothing of a config can act as Markdown or HTML, and as plain text."""

    markdown: str
    plain: str


EMPTY = Markup("", "")


def text(words: str) -> Markup:
    """Return words that are ours or the user's, with everything special to Markdown escaped.

    Words between backquotes, as descriptions have them, become code.
    """
    clean = _CONTROL.sub(" ", words)
    pieces = clean.split("`")
    if len(pieces) % 2 == 0:
        return _escaped(clean)
    return joined(code(piece) if index % 2 else _escaped(piece) for index, piece in enumerate(pieces) if piece)


def _escaped(words: str) -> Markup:
    return Markup(_SPECIAL.sub(_escape, words), words)


def _escape(found: re.Match[str]) -> str:
    words = found.group()
    return f"{words}\\" if words.strip().isdigit() else f"{words[:-1]}\\{words[-1]}"


def code(words: str) -> Markup:
    """Return words as code of one line, however many backquotes they hold."""
    clean = _CONTROL.sub(" ", words)
    if len(clean) > MAX_CODE:
        clean = clean[: MAX_CODE - 3] + "..."
    if not clean.strip():
        return Markup("", clean)
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(clean)), default=0))
    pad = " " if clean[0] == "`" or clean[-1] == "`" else ""
    return Markup(f"{fence}{pad}{clean}{pad}{fence}", clean)


def bold(words: str) -> Markup:
    """Return words in bold."""
    made = text(words)
    return Markup(f"**{made.markdown}**", made.plain)


def link(words: str, target: str) -> Markup:
    """Return words that lead to `target`, an address of our own."""
    return Markup(f"[{text(words).markdown}](<{target}>)", words)


def joined(pieces: Iterable[Markup], between: str = "") -> Markup:
    """Return the pieces one after another, leaving out empty ones; `between` must mean nothing to Markdown."""
    kept = [piece for piece in pieces if piece.plain]
    return Markup(between.join(piece.markdown for piece in kept), between.join(piece.plain for piece in kept))


def paragraphs(pieces: Iterable[Markup]) -> Markup:
    """Return the pieces as paragraphs."""
    return joined(pieces, "\n\n")


def bullets(pieces: Iterable[Markup]) -> Markup:
    """Return the pieces as a list."""
    return joined((Markup(f"- {piece.markdown}", f"- {piece.plain}") for piece in pieces if piece.plain), "\n")
