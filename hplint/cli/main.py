"""The entry point: picks the command, and turns whatever stops it into a message and an exit status."""

from __future__ import annotations

import os
import sys

from hplint import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CLEAN, FOUND, UNABLE = 0, 1, 2
"""Exit statuses: nothing to report; findings of severity warning or error; could not do the job."""
INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""

COMMANDS = {
    "check": "find mistakes in training configs, explain them and fix them",
    "init": "ask the tree's questions and write a config that follows the answers",
    "explain": "walk one config down the decision tree: each question, its answer and the evidence",
    "tree": "show the whole decision tree with its rules",
    "rule": "show what a rule means, why it matters and how to mend what it finds",
    "search-space": "turn the hand-set hyperparameters of a config into a search",
    "formats": "list the formats that are understood, or tell why a file was recognised",
    "server": "serve an editor: findings and fixes while you type (language server protocol)",
    "ignore": "suppress everything that is found, with a reason",
    "baseline": "record today's findings, so that only new ones are reported",
    "config": "show the settings that count for a file, and where each comes from",
    "schema": "print the JSON Schema of a format, of the settings, or of the output",
    "completion": "print what lets bash, zsh or fish complete hplint's commands",
}

HELP = f"""\
hplint - a linter for machine-learning training configs

usage: hplint COMMAND [OPTION...] [ARGUMENT...]

hplint reads training configs (YAML, JSON, TOML and .keras archives) and says what will crash, what
will silently train the wrong thing, and why; where it can, it offers the edit. It needs no network,
imports no framework and runs none of the project's code.

commands:
{"".join(f"  {name:<13} {summary}" + chr(10) for name, summary in COMMANDS.items())}
options:
  -V, --version  print the version
  -h, --help     print this help; `hplint COMMAND --help` describes a command

environment:
  NO_COLOR, FORCE_COLOR  no colours, or colours where there is no terminal
  HPLINT_CACHE_DIR       where `hplint check` remembers results

exit status:
  0  nothing to report
  1  findings of severity warning or error (with --diff: there is something to fix)
  2  something could not be read or written, or the command line or the settings are wrong

examples:
  hplint check                        lint every training config below this folder
  hplint check model.json --fix       lint one file and apply the safe fixes
  hplint rule ACT001                  read what a finding means
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command in `argv` (by default the process's own arguments) and return its exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if argv is None:
        _hear_one_interrupt()
    if sys.stdout is None or sys.stderr is None:  # closed by whoever runs hplint
        nowhere = open(os.devnull, "w")  # noqa: SIM115  # open until the process ends
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name no terminal can show must not stop the report
    try:
        status = _run(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whoever read the output has seen enough
        _drop_output()
        return UNABLE
    except KeyboardInterrupt:
        _drop_output()
        if sys.stderr.isatty():
            print(file=sys.stderr)  # the prompt goes below what is on the line
        return INTERRUPTED
    except OSError as error:  # such as a full disk, or a working folder that is gone
        _drop_output()
        place = f" ({error.filename})" if error.filename else ""
        print(f"hplint: cannot go on: {error.strerror or error}{place}", file=sys.stderr)
        return UNABLE
    except Exception as error:  # to a script, the status of a traceback would say that something was found
        from hplint.cli.linting import traced

        print(f"hplint: failed, which is a defect of hplint, please report it: {traced(error)}", file=sys.stderr)
        return UNABLE


def _hear_one_interrupt() -> None:
    """Let the first Ctrl-C end the run and others do nothing: they would come in the midst of tidying up."""
    # The module behind `signal`, which takes longer to import than a config to lint; typeshed leaves it out.
    import _signal  # type: ignore[import-not-found]

    def interrupt(number: int, frame: object) -> None:
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
        raise KeyboardInterrupt

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:  # nobody has it ignored
        _signal.signal(_signal.SIGINT, interrupt)


def _drop_output() -> None:
    """Let what is still to be written go nowhere, so that the interpreter does not try again when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _run(arguments: list[str]) -> int:
    first = arguments[0] if arguments else "--help"
    if first == "help" and len(arguments) > 1:
        return _run([arguments[1], "--help"])
    if first in ("--help", "-h", "help"):
        from hplint.cli.help import laid_out, width_of_terminal

        print(laid_out(HELP, width_of_terminal()), end="")
        return CLEAN if arguments else UNABLE
    if first in ("--version", "-V"):
        print(f"hplint {__version__}")
        return CLEAN
    if first not in COMMANDS:
        return _unknown(first)

    import gc

    from hplint.cli.options import UsageError, parse
    from hplint.knowledge import KnowledgeError, module
    from hplint.settings import SettingsError

    gc.set_threshold(3_000_000, 3)  # what a config leaves behind is taken apart (results.release), not searched for
    command: Any = module(f"hplint.cli.{first.replace('-', '_')}")
    try:
        parsed = parse(command.COMMAND, arguments[1:])
        if parsed["--help"]:
            from hplint.cli.help import help_text, width_of_terminal

            print(help_text(command.COMMAND, width_of_terminal()), end="")
            return CLEAN
        status: int = command.run(parsed)
        gc.freeze()  # the interpreter ends: let it not search for garbage in what it is about to throw away
    except (UsageError, SettingsError, KnowledgeError) as error:
        print(f"hplint: {error}", file=sys.stderr)
        return UNABLE
    return status


def _unknown(word: str) -> int:
    from difflib import get_close_matches

    close = get_close_matches(word, COMMANDS, 1)
    if close:
        hint = f"did you mean `hplint {close[0]}`?"
    elif os.path.exists(word):
        hint = f"did you mean `hplint check {word}`?"
    else:
        hint = f"commands are {', '.join(COMMANDS)}; `hplint --help` describes them"
    print(f"hplint: `{word}` is no command; {hint}", file=sys.stderr)
    return UNABLE
