"""Finds the place of an offset in TOML: by the table headers above it, whatever else in the text is broken."""

from __future__ import annotations

import re

from hplint.ide.brackets import scan
from hplint.ide.place import KEY, VALUE, Place
from hplint.ide.schemas import Holder
from hplint.syntax import scalars
from hplint.syntax.tree import LIST, MAP
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BARE = r"""[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'"""
_KEYS = rf"(?:{_BARE})(?:[ \t]*\.[ \t]*(?:{_BARE}))*"
_LINE = re.compile(
    rf"""(?m)^[ \t]*(?:(?P<header>\[\[?)[ \t]*(?P<table>{_KEYS})?|(?P<key>{_KEYS})[ \t]*=[ \t]*(?P<value>[^\n]*))"""
)
_PART = re.compile(_BARE)
_SCALAR = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([^\s#,\]}]+)""")
_HEADER = re.compile(r"[ \t]*(\[\[?)([^\]\n#]*)")
_WORD = re.compile(r"""["']?[\w.-]*["']?""")
_MULTILINE = ('"""', "'''")


class _Table:
    """A table while the text is being read; `items` are those of an array of tables."""

    __slots__ = ("below", "items", "written")

    def __init__(self) -> None:
        self.written: dict[str, Any] = {}
        self.below: dict[str, _Table] = {}
        self.items: list[_Table] = []

    def at(self, key: str) -> _Table:
        """Return the table under a key, the last one of an array of tables."""
        self.written.setdefault(key, None)
        below = self.below.setdefault(key, _Table())
        return below.items[-1] if below.items else below


def toml_places(text: str, offset: int) -> tuple[Place, ...]:
    """Return the place of an offset in a TOML text."""
    begin = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    root = _Table()
    path: list[tuple[_Table, str, bool]] = []  # tables around the current one, the key that leads on, whether to a list
    current = root
    here: tuple[list[tuple[_Table, str, bool]], _Table] | None = None
    statement: re.Match[str] | None = None
    for match in _LINE.finditer(text):
        if match.start() > offset and here is None:
            here = (list(path), current)
        if match.start() <= offset:
            statement = match
        is_here = begin <= match.start() < end
        if match.group("header"):
            if is_here:
                here = ([], root)
            path, current = _opened(root, match)
        elif not is_here:
            parts = _parts(match.group("key"))
            table = current
            for part in parts[:-1]:
                table = table.at(part)
            table.written[parts[-1]] = _scalar(match.group("value"))
        elif here is None:
            here = (list(path), current)
    around, table = here or (path, current)
    if statement is not None and statement.group("key"):
        found = _in_statement(text, statement, offset, around, table, end)
        if found is not False:
            return (found,) if isinstance(found, Place) else ()
    return _on_line(text, begin, offset, end, around, table, root)


def _opened(root: _Table, match: re.Match[str]) -> tuple[list[tuple[_Table, str, bool]], _Table]:
    """Return the tables around the one that a header opens, and that one."""
    parts = _parts(match.group("table") or "")
    path: list[tuple[_Table, str, bool]] = []
    table = root
    for index, part in enumerate(parts):
        is_last_of_array = index == len(parts) - 1 and match.group("header") == "[["
        table.written.setdefault(part, None)
        below = table.below.setdefault(part, _Table())
        if is_last_of_array:
            below.items.append(_Table())
        path.append((table, part, bool(below.items)))
        table = below.items[-1] if below.items else below
    return path, table


def _parts(keys: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(keys)]


def _scalar(value: str) -> Any:
    match = _SCALAR.match(value)
    if match is None or value[0] in "[{":
        return None
    words = match.group(1) if match.group(1) is not None else match.group(2)
    return words if words is not None else scalars.RESOLVERS["yaml12"](match.group(3))[1]


def _holders(around: list[tuple[_Table, str, bool]]) -> tuple[Holder, ...]:
    """Return the tables around as holders, with one for each array of tables on the way."""
    found: list[Holder] = []
    for table, key, is_array in around:
        found.append(Holder(MAP, {name: value for name, value in table.written.items() if name != key}, key))
        if is_array:
            found.append(Holder(LIST, {}, None))
    return tuple(found)


def _in_statement(
    text: str, statement: re.Match[str], offset: int, around: list[tuple[_Table, str, bool]], table: _Table, end: int
) -> Place | bool | None:
    """Return the place in the value of a statement, None where nothing can be written, False outside of it."""
    at = statement.start("value")
    if offset < at and text[statement.end("key") : offset].strip() != "=":
        return False
    on_its_line = text.rfind("\n", 0, offset) + 1 <= statement.start("key")
    parts = _parts(statement.group("key"))
    path = list(_holders(around))
    for part in parts[:-1]:
        path.append(Holder(MAP, {name: value for name, value in table.written.items() if name != part}, part))
        table = table.at(part)
    written = {name: value for name, value in table.written.items() if name != parts[-1]}
    path.append(Holder(MAP, written, parts[-1]))
    if text[at : at + 1] in ("[", "{") and at < offset:
        stop = end if text[at] == "{" and on_its_line else _next_statement(text, offset)
        place = scan(text, at, stop, offset, "toml", tuple(path))
        return place if place is not None else False
    if not on_its_line:
        return None if text.startswith(_MULTILINE, at) and text.find(text[at : at + 3], at + 3, offset) < 0 else False
    comment = text.find("#", at, offset)
    if comment >= 0 and text[at : at + 1] not in ('"', "'"):
        return None
    if offset <= at:
        gap = "" if text[offset - 1].isspace() else " "
        stop = at + len(_word(text, at, end)) if offset == at else offset
        return Place(VALUE, tuple(path), Span(offset, stop), "", "toml", before=gap)
    stop = max(offset, at + len(_word(text, at, end)))
    return Place(VALUE, tuple(path), Span(at, stop), text[at:offset].lstrip("\"'"), "toml")


def _word(text: str, at: int, end: int) -> str:
    match = _SCALAR.match(text, at, end)
    return match.group() if match is not None else text[at:end].split("#")[0].rstrip()


def _next_statement(text: str, offset: int) -> int:
    """Return where the next statement begins, which ends an array that is never closed."""
    match = _LINE.search(text, text.find("\n", offset) + 1 or len(text))
    while match is not None and match.group("header") and not match.group("table"):
        match = _LINE.search(text, match.end())
    return match.start() if match is not None else len(text)


def _on_line(
    text: str, begin: int, offset: int, end: int, around: list[tuple[_Table, str, bool]], table: _Table, root: _Table
) -> tuple[Place, ...]:
    """Return the place of a key, or of a table's name in a header."""
    line = text[begin:offset]
    header = _HEADER.match(text, begin, end)
    if header is not None and offset >= header.end(1):
        return _in_header(text, header, offset, root) if offset <= header.end(2) else ()
    if "#" in line:
        return ()
    at = begin + len(line) - len(line.lstrip())
    word = _WORD.match(text, at, end)
    stop = max(offset, word.end() if word is not None else offset)
    rest = text[stop:end].lstrip()
    keys = text[at:offset].split(".")
    path = list(_holders(around))
    for part in keys[:-1]:
        name = part.strip(" \"'")
        path.append(Holder(MAP, dict(table.written), name))
        table = table.at(name)
        at += len(part) + 1
    written = dict(table.written)
    written.pop(text[at:stop].strip("\"'"), None)
    path.append(Holder(MAP, written, None))
    followed = rest.startswith("=")
    return (Place(KEY, tuple(path), Span(at, stop), text[at:offset].lstrip("\"'"), "toml", followed=followed),)


def _in_header(text: str, header: re.Match[str], offset: int, root: _Table) -> tuple[Place, ...]:
    """Return the place of a part of a table's name; `head` is the bracket, `after` what closes it."""
    at = header.start(2)
    path: list[Holder] = []
    table = root
    for part in text[at:offset].split(".")[:-1]:
        name = part.strip(" \"'")
        path.append(Holder(MAP, {}, name))
        table = table.at(name)
        if table is not table.at(name) and table.items:
            path.append(Holder(LIST, {}, None))
        at += len(part) + 1
    stop = max(offset, at + len(text[at : header.end(2)].rstrip()))
    path.append(Holder(MAP, {}, None))
    place = Place(
        KEY, tuple(path), Span(at, stop), text[at:offset].strip(), "toml", head=header.group(1), followed=True
    )
    return (place,)
