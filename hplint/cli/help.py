"""The pages that `--help` shows, laid out for the terminal they are shown on."""

from __future__ import annotations

import re
from textwrap import fill, wrap

from hplint.cli.options import HELP, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NARROW, WIDE = 80, 100
"""The fewest and the most columns of a page: nobody reads longer lines with ease."""

_COLUMN = 27
_TWO_COLUMNS = re.compile(r"( +\S.*?  +)(\S.*)")


def width_of_terminal() -> int:
    """Return how many columns a page may have: those of the terminal, within bounds; the fewest where there is none."""
    from shutil import get_terminal_size

    return max(NARROW, min(get_terminal_size((NARROW, 24)).columns, WIDE))


def help_text(command: Command, width: int = NARROW) -> str:
    """Return a command's page."""
    operand = f"[{command.operand}...]" if command.operand and command.count == "*" else command.operand
    lines = list(_entry(command.operand, command.operand_help, width)) if command.operand else []
    group = ""
    for option in (*command.options, HELP):
        if option.group and option.group != group:
            group = option.group
            lines += ["", f"{group}:"]
        lines += _entry(_written(option), option.help, width)
    options = "\n".join(lines).lstrip("\n")
    return (
        f"usage: hplint {command.name} [OPTION...] {operand}".rstrip() + "\n\n"
        f"{laid_out(command.description, width)}\n{options}\n\n{laid_out(command.epilog, width)}"
    )


def laid_out(text: str, width: int) -> str:
    """Return a text in lines of at most `width` columns.

    Paragraphs are filled. A line that is indented stays a line; where it has two columns, what is too long for the
    second one goes on below it.
    """
    parts: list[str] = []
    for paragraph in text.split("\n\n"):
        lines = paragraph.split("\n")
        if any(line.startswith(" ") for line in lines):
            parts.append("\n".join(_indented(line, width) for line in lines))
        else:
            ending = "\n" if paragraph.endswith("\n") else ""
            parts.append(fill(paragraph, width, break_long_words=False, break_on_hyphens=False) + ending)
    return "\n\n".join(parts)


def _indented(line: str, width: int) -> str:
    columns = _TWO_COLUMNS.fullmatch(line)
    if len(line) <= width or columns is None:
        return line
    first, second = columns.groups()
    if len(first) <= width * 0.6:
        return fill(second, width, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False)
    return first.rstrip() + "\n" + fill(second, width, initial_indent=" " * 6, subsequent_indent=" " * 6)


def _written(option: Option) -> str:
    """Return an option as it is written."""
    flag = f"{option.short}, {option.flag}" if option.short else option.flag
    return f"{flag}[={option.value}]" if option.bare else f"{flag} {option.value}".strip()


def _entry(name: str, said: str, width: int) -> Iterator[str]:
    lines = wrap(said, width - _COLUMN, break_on_hyphens=False)
    if len(name) > _COLUMN - 3:
        yield f"  {name}"
    else:
        yield f"  {name:<{_COLUMN - 3}} {lines.pop(0)}"
    for line in lines:
        yield " " * _COLUMN + line
