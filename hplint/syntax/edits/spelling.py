"""How YAML, JSON and TOML spell a value."""

from __future__ import annotations

import re

from hplint.syntax import scalars
from hplint.syntax.tree import STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class UnwritableError(ValueError):
    """The syntax has no spelling for the value, such as None in TOML."""


# What a plain YAML scalar is made of here: fewer characters than YAML allows, but no reader disagrees about these.
_PLAIN = r"[\w./](?:[\w./+@%()=*~$^;-]|:(?=[\w/])| (?=[\w./(]))*\Z"
_NOT_PLAIN_IN_FLOW = r":"
_YAML_11_LETTERS = frozenset("yYnN")
_BARE_TOML_KEY = r"[A-Za-z0-9_-]+\Z"
# Controls, Unicode's line breaks, byte-order marks, halves of surrogate pairs and non-characters.
_UNPRINTABLE = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff"
_ESCAPED = f'["\\\\{_UNPRINTABLE}]'
_PRINTABLE = f"[^{_UNPRINTABLE}]*\\Z"
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_COLONS = {"yaml": ": ", "json": ": ", "toml": " = "}


def one_line(syntax: str, value: Any, like: Node | None = None, inside: bool = False, colon: str = "") -> str:
    """Return `value` spelt in `syntax` on one line.

    `like` is a scalar whose quotes are kept, `inside` tells that the text goes between brackets (where a plain YAML
    scalar may hold less), `colon` is what stands between key and value. Raises UnwritableError.
    """
    if isinstance(value, dict):
        colon = colon or _COLONS[syntax]
        entries = [
            key(syntax, name, True) + colon + one_line(syntax, held, None, True, colon) for name, held in value.items()
        ]
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(one_line(syntax, item, None, True, colon) for item in value) + "]"
    return scalar(syntax, value, like, inside)


def key(syntax: str, name: Any, inside: bool = False, like: Node | None = None) -> str:
    """Return a map's key spelt in `syntax`."""
    if syntax == "yaml":
        return scalar(syntax, name, like, inside)
    if not isinstance(name, str):
        raise UnwritableError(f"{name!r} is no key")
    if syntax == "toml" and re.compile(_BARE_TOML_KEY).match(name) and (like is None or like.style == ""):
        return name
    return scalar(syntax, name, like)


def scalar(syntax: str, value: Any, like: Node | None = None, inside: bool = False) -> str:
    """Return a scalar spelt in `syntax`; see `one_line`."""
    if value is None:
        if syntax == "toml":
            raise UnwritableError("TOML has no null")
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(syntax, value)
    if not isinstance(value, str):
        raise UnwritableError(f"{type(value).__name__} is no value of a config")
    style = like.style if like is not None and like.kind is STRING and like.style in ("'", '"') else ""
    if syntax == "yaml" and not style and _is_plain(value, inside):
        return value
    if style == "'" and re.compile(_PRINTABLE).match(value):
        if syntax == "yaml":
            return "'" + value.replace("'", "''") + "'"
        if syntax == "toml" and "'" not in value:
            return f"'{value}'"
    return double_quoted(syntax, value)


def _float(syntax: str, value: float) -> str:
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        if syntax == "json":
            return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[text]
        return text.replace("inf", ".inf").replace("nan", ".nan") if syntax == "yaml" else text
    if syntax == "yaml" and "." not in text:
        # PyYAML takes 1e-05 for text.
        return text.replace("e", ".0e")
    return text


def _is_plain(text: str, inside: bool) -> bool:
    """Whether every YAML reader takes `text` without quotes for this very text."""
    if not re.compile(_PLAIN).match(text) or text in _YAML_11_LETTERS or not text.strip("."):
        return False
    if inside and re.compile(_NOT_PLAIN_IN_FLOW).search(text):
        return False
    return all(resolve(text)[0] is STRING for resolve in scalars.RESOLVERS.values())


def double_quoted(syntax: str, text: str) -> str:
    """Return `text` between double quotes, with the escapes of `syntax`."""

    def escape(found: re.Match[str]) -> str:
        char = found[0]
        if char in _SHORT_ESCAPES:
            return _SHORT_ESCAPES[char]
        if "\ud800" <= char <= "\udfff" and syntax != "json":
            raise UnwritableError("half of a surrogate pair is no character")
        return f"\\u{ord(char):04x}"

    return f'"{re.compile(_ESCAPED).sub(escape, text)}"'


def json_lines(value: Any, indent: str, step: str, newline: str) -> str:
    """Return `value` as indented JSON whose first line stands in a line indented by `indent`."""
    if not isinstance(value, (dict, list, tuple)) or not value:
        return one_line("json", value)
    inner = indent + step
    if isinstance(value, dict):
        entries = [key("json", name) + ": " + json_lines(held, inner, step, newline) for name, held in value.items()]
    else:
        entries = [json_lines(item, inner, step, newline) for item in value]
    brackets = "{}" if isinstance(value, dict) else "[]"
    return brackets[0] + newline + inner + ("," + newline + inner).join(entries) + newline + indent + brackets[1]


def yaml_block(value: Any, column: int, step: int, newline: str) -> str:
    """Return `value` in block style: what starts at `column` of a line, without that line's indentation."""
    if not isinstance(value, (dict, list, tuple)) or not value:
        return one_line("yaml", value)
    if isinstance(value, dict):
        lines = [
            key("yaml", name) + ":" + yaml_after_colon(held, column, step, newline) for name, held in value.items()
        ]
    else:
        lines = ["- " + yaml_block(item, column + 2, step, newline) for item in value]
    return (newline + " " * column).join(lines)


def yaml_after_colon(value: Any, column: int, step: int, newline: str) -> str:
    """Return what follows `key:` of a map at `column` to give the key `value` in block style."""
    if isinstance(value, (dict, list, tuple)) and value:
        inner = column + step
        return newline + " " * inner + yaml_block(value, inner, step, newline)
    return " " + one_line("yaml", value)
