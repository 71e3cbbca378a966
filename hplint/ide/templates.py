"""What completion inserts for several keys at once, written out in any syntax: as plain text and as a snippet."""

from __future__ import annotations

import re

from hplint.records import record
from hplint.syntax.edits import spelling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

_SNIPPET_SPECIAL = re.compile(r"([\\$}])")
_CHOICE_SPECIAL = re.compile(r"([\\$},|])")
MAX_CHOICES = 30


@record
class Hole:
    """A value that the user fills in.

    default  what stands there until then, a value; None for nothing
    choices  values to choose from
    quoted   a text without a default, to be written between quotes where the syntax needs them
    """

    default: Any = None
    choices: tuple[Any, ...] = ()
    quoted: bool = False


@record
class Written:
    """A template written out: as plain text, and as a snippet with places to fill in, empty where there are none."""

    plain: str
    snippet: str


def write(
    template: Any, syntax: str, indent: str = "", step: str = "  ", newline: str = "\n", key: str | None = None
) -> Written:
    """Return a template (maps, lists, values and Holes) spelt in `syntax`: "yaml" for a block, "flow", "json", "toml".

    With `key` it is written as the value of that key. `indent` stands before every further line of a block.
    """
    if key is not None:
        template = {key: template}
    if syntax == "yaml" and isinstance(template, dict) and template:
        pieces = list(_block(template, indent, step, newline))
    elif key is not None:
        pieces = list(_entry(key, template[key], syntax))
    else:
        pieces = list(_inline(template, syntax))
    return _numbered(pieces)


def _numbered(pieces: Sequence[str | Hole | tuple[Hole, str]]) -> Written:
    plain: list[str] = []
    snippet: list[str] = []
    count = 0
    for piece in pieces:
        if isinstance(piece, str):
            plain.append(piece)
            snippet.append(_escaped(piece))
            continue
        hole, syntax = piece if isinstance(piece, tuple) else (piece, "yaml")
        count += 1
        default = "" if hole.default is None else spelt(hole.default, syntax)
        quotes = '"' if hole.quoted and hole.default is None and syntax in ("json", "toml") else ""
        plain.append(f"{quotes}{default}{quotes}")
        if hole.choices and len(hole.choices) <= MAX_CHOICES:
            listed = ",".join(_CHOICE_SPECIAL.sub(r"\\\1", spelt(choice, syntax)) for choice in hole.choices)
            snippet.append(f"${{{count}|{listed}|}}")
        elif default:
            snippet.append(f"${{{count}:{_escaped(default)}}}")
        else:
            snippet.append(f"{quotes}${count}{quotes}")
    return Written("".join(plain), "".join(snippet) if count else "")


def _escaped(words: str) -> str:
    """Return words that a snippet takes as they are."""
    return _SNIPPET_SPECIAL.sub(r"\\\1", words)


def spelt(value: Any, syntax: str) -> str:
    """Return a value as `syntax` writes it, on one line; empty where it cannot be written."""
    try:
        return spelling.one_line("yaml" if syntax == "flow" else syntax, value, None, syntax != "yaml")
    except spelling.UnwritableError:
        return ""


def key_text(key: Any, syntax: str) -> str:
    """Return a key as `syntax` writes it."""
    try:
        return spelling.key("yaml" if syntax == "flow" else syntax, key, syntax != "yaml")
    except spelling.UnwritableError:
        return str(key)


def _entry(key: str, value: Any, syntax: str) -> Iterator[Any]:
    yield key_text(key, syntax) + (" = " if syntax == "toml" else ": ")
    yield from _inline(value, syntax)


def _inline(value: Any, syntax: str) -> Iterator[Any]:
    if isinstance(value, Hole):
        yield (value, syntax)
    elif isinstance(value, dict):
        yield "{"
        yield Hole() if not value else ""
        for index, (key, below) in enumerate(value.items()):
            yield ", " if index else ""
            yield from _entry(key, below, syntax)
        yield "}"
    elif isinstance(value, list):
        yield "["
        yield Hole() if not value else ""
        for index, below in enumerate(value):
            yield ", " if index else ""
            yield from _inline(below, syntax)
        yield "]"
    else:
        yield spelt(value, syntax)


def _block(value: Mapping[str, Any], indent: str, step: str, newline: str) -> Iterator[Any]:
    """Yield the lines of a block map whose first line stands in place already."""
    for index, (key, below) in enumerate(value.items()):
        yield newline + indent if index else ""
        yield key_text(key, "yaml") + ":"
        yield from _behind_colon(below, indent, step, newline)


def _behind_colon(value: Any, indent: str, step: str, newline: str) -> Iterator[Any]:
    inner = indent + step
    if isinstance(value, dict):
        yield newline + inner
        yield from _block(value, inner, step, newline) if value else [Hole()]
    elif isinstance(value, list) and (not value or any(isinstance(item, dict) for item in value)):
        for item in value or [Hole()]:
            yield newline + inner + "- "
            if isinstance(item, dict) and item:
                yield from _block(item, inner + "  ", step, newline)
            else:
                yield from _inline(item, "flow")
    else:
        yield " "
        yield from _inline(value, "yaml" if isinstance(value, Hole) or not isinstance(value, (dict, list)) else "flow")
