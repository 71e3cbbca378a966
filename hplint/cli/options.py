"""Command lines: what a command takes, and how that is read.

The standard library's argparse takes as long to import and set up as hplint takes to lint a config; the little that
the commands need is here.
"""

from __future__ import annotations

from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


@record
class Option:
    """An option, such as `--fix`.

    flag      how it is written
    value     what its value is called in the help; empty for a switch
    help      what it does
    choices   the values it takes; empty for any
    several   whether it may be given more than once; its values are then a list
    bare      the value when none is given; such an option takes one only behind a `=`
    group     the heading it stands under in the help; options of a group stand together
    short     another way to write it, such as "-q"
    """

    flag: str
    value: str
    help: str
    choices: tuple[str, ...] = ()
    several: bool = False
    bare: str = ""
    group: str = ""
    short: str = ""


@record
class Command:
    """What a command takes: `operand` names what is not an option, `count` tells how many: "0", "1" or "*" for any."""

    name: str
    description: str
    operand: str
    operand_help: str
    count: str
    options: tuple[Option, ...]
    epilog: str


class UsageError(Exception):
    """What is wrong with a command line."""


class Arguments:
    """What a command line says: the operands, and each option's value by its name.

    A switch is True or False, an option with a value a text or None, one that may come several times a tuple of texts.
    """

    def __init__(self, operands: list[str], values: dict[str, Any]) -> None:
        self.operands = tuple(operands)
        self.values = values

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


HELP = Option("--help", "", "show this help", short="-h")


def parse(command: Command, words: list[str]) -> Arguments:
    """Return what the words behind the command's name say. Raises UsageError."""
    taken = (*command.options, HELP)
    options = {name: option for option in taken for name in (option.flag, option.short) if name}
    values: dict[str, Any] = {option.flag: _nothing(option) for option in taken}
    operands: list[str] = []
    pending = iter(words)
    for word in pending:
        if word == "--":
            operands += pending
        elif not word.startswith("-") or word == "-":
            operands.append(word)
        else:
            flag, equals, value = word.partition("=")
            option = options.get(flag)
            if option is None:
                raise UsageError(_unknown(flag, options, command))
            _take(option, value if equals else None, pending, values)
    if not values["--help"] and command.count != "*" and len(operands) != int(command.count):
        allowed = f"one {command.operand}" if command.operand else "nothing but options"
        raise UsageError(f"`hplint {command.name}` takes {allowed}; {len(operands)} are given")
    return Arguments(operands, values)


def _nothing(option: Option) -> Any:
    if not option.value:
        return False
    return () if option.several else None


def _take(option: Option, value: str | None, pending: Iterator[str], values: dict[str, Any]) -> None:
    """Put one option's value into `values`, taken from the words behind it unless it stood behind a `=`."""
    flag = option.flag
    if not option.value:
        if value is not None:
            raise UsageError(f"{flag} takes no value")
        values[flag] = True
        return
    if value is None:
        value = option.bare or next(pending, None)
    if value is None:
        raise UsageError(f"{flag} needs a value: {flag} {option.value}")
    if option.choices and value not in option.choices:
        raise UsageError(f"{flag}: `{value}` is none of {', '.join(option.choices)}")
    values[flag] = (*values[flag], value) if option.several else value


def _unknown(flag: str, options: dict[str, Option], command: Command) -> str:
    from difflib import get_close_matches

    close = get_close_matches(flag, [name for name in options if name.startswith("--")], 1)
    hint = f"did you mean {close[0]}?" if close else f"`hplint {command.name} --help` lists them"
    return f"there is no option {flag}; {hint}"
