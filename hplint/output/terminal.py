"""Text for terminals: colours, widths of characters, and nothing that a config could do to the screen."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

TAB = "    "
PIPE_WIDTH = 100
"""Columns to use where there is no terminal to ask."""

_CODES = {
    "error": "1;31", "warning": "1;33", "info": "1;36", "bold": "1", "gutter": "34", "removed": "31", "added": "32",
    "note": "36", "dim": "2",
}  # fmt: skip


class Screen:
    """What is written to: whether it is a terminal, whether it shows colours, and how many columns it has."""

    __slots__ = ("colours", "is_terminal", "width")

    def __init__(self, is_terminal: bool = False, colours: bool = False, width: int = PIPE_WIDTH) -> None:
        self.is_terminal = is_terminal
        self.colours = colours
        self.width = width

    def paint(self, text: str, style: str) -> str:
        """Return `text` in a style (a key of _CODES), unchanged without colours."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colours and text else text


def screen_of(stream: TextIO, colours: str = "auto") -> Screen:
    """Return the screen behind a stream, with colours "always", "never" or "auto".

    "auto" means on terminals; NO_COLOR (https://no-color.org) and TERM=dumb switch colours off, FORCE_COLOR on.
    """
    try:
        is_terminal = stream.isatty()
        width = os.get_terminal_size(stream.fileno()).columns if is_terminal else PIPE_WIDTH
    except (OSError, ValueError):  # a stream without a file, or a terminal that does not tell
        is_terminal, width = False, PIPE_WIDTH
    wanted = is_terminal and os.environ.get("TERM") != "dumb"
    wanted = (wanted or bool(os.environ.get("FORCE_COLOR"))) and not os.environ.get("NO_COLOR")
    shown = colours == "always" or (colours == "auto" and wanted)
    return Screen(is_terminal, shown, max(60, min(width or PIPE_WIDTH, 160)))


def is_read_by_machine(screen: Screen) -> bool:
    """Whether output may be meant for a program such as `patch`: not on a terminal, nor in the log of a CI system."""
    return not screen.is_terminal and not any(os.environ.get(name) for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"))


def show_diff(text: str, screen: Screen) -> str:
    """Return a unified diff as a terminal may show it: control characters written out, changes coloured."""
    styles = {"-": "removed", "+": "added", "@": "note"}
    lines = text.split("\n")
    return "\n".join(
        screen.paint(escape(line), styles[line[0]]) if line[:1] in styles else escape(line) for line in lines
    )


def escape(text: str) -> str:
    """Return `text` on one line with control and format characters written out, so that it cannot steer a terminal.

    Nor can it speak to a CI system that reads the output: Azure Pipelines and GitHub Actions obey `##vso[...]` and
    `##[...]` anywhere in a line.
    """
    if "##" in text and "[" in text:
        return "".join(_shown(char) for char in text).replace("##", "#\\x23")
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def safe_path(path: str) -> str:
    """Return a path to begin a line with: GitHub Actions obey a line that begins with `::`."""
    shown = escape(path)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def _shown(char: str) -> str:
    return char if char.isprintable() else TAB if char == "\t" else _written_out(char)


def _written_out(char: str) -> str:
    code = ord(char)
    known = {10: "\\n", 13: "\\r"}.get(code)
    return known or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def columns(text: str) -> int:
    """Return how many columns an escaped text takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in ("W", "F") else 1 for char in text
    )
