"""`hplint init`: asks the decision tree's questions and writes a config that follows the answers."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from hplint import knowledge
from hplint.cli import files
from hplint.cli.main import CLEAN
from hplint.cli.options import Command, Option, UsageError
from hplint.init.answers import QUESTIONS, AnswerError, answers_of, checked
from hplint.init.choices import NETWORK, choose
from hplint.output.terminal import screen_of
from hplint.output.tree import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.options import Arguments
    from hplint.init.answers import Ask
    from hplint.init.choices import Choices

FORMATS = {
    "hplint": ("native", "train.yaml", False, True),
    "keras": ("keras", "model.json", True, False),
    "ludwig": ("ludwig", "ludwig.yaml", True, True),
    "wandb-sweep": ("sweep", "sweep.yaml", True, True),
}
"""The formats that can be written: the module, the usual name of the file, whether they hold nothing but networks, and
whether they can name a pretrained model."""

DESCRIPTION = """\
Asks the questions of the decision tree, in the order a practitioner asks them, says what the field
recommends at each step and why, and writes a config to start from. Questions that an option answers are
not asked; without a terminal, the options have to answer all that have no default.
"""

EPILOG = """\
exit status:
  0  the config was written
  2  it was not: an answer is missing or wrong, or the file is there already

examples:
  hplint init
  hplint init --task multiclass --classes 10 --modality image --format keras
  hplint init --task regression --modality tabular --features 12 -o -
"""


def _help(ask: Ask) -> str:
    """Return a question as the help of its option."""
    said = ask.text[:1].lower() + ask.text[1:]
    return f"{said} {', '.join(ask.choices)}" if ask.choices else said


COMMAND = Command(
    "init",
    DESCRIPTION,
    "",
    "",
    "*",
    (
        *(
            Option(f"--{ask.field}", "WORD" if ask.choices else "NUMBER", _help(ask), ask.choices, group="answers")
            for ask in QUESTIONS
        ),
        Option("--format", "NAME", f"{', '.join(FORMATS)}; by default hplint's own", tuple(FORMATS), group="the file"),
        Option("--name", "TEXT", "what to call the run", group="the file"),
        Option(
            "--output-file", "PATH", "where to write, by default a file named by the format; `-` prints it", short="-o"
        ),
        Option("--force", "", "write over a file that is there"),
    ),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Ask, and write the config; returns the exit status. Raises UsageError."""
    if arguments.operands:
        raise UsageError("`hplint init` takes no file; --output-file says where to write")
    module, usual, only_networks, can_be_pretrained = FORMATS[arguments["--format"] or "hplint"]
    path: str = arguments["--output-file"] or usual
    if path != files.STDIN and os.path.exists(path) and not arguments["--force"]:
        raise UsageError(f"{path} is there already; name another with --output-file, or write over it with --force")
    name = _name(arguments["--name"] or "my-run")
    choices = choose(answers_of(_said(arguments), name), only_networks, can_be_pretrained)
    if only_networks and choices.family != NETWORK:
        raise UsageError(f"--format {arguments['--format']} cannot say {choices.family}; hplint's own format can")
    _show(choices)
    text: str = import_module(f"hplint.init.{module}").write(choices)
    if path == files.STDIN:
        sys.stdout.write(text)
    else:
        files.write_new(path, text)
        print(
            f"\nwrote {path}; `hplint check {path}` finds nothing in it, `hplint explain {path}` walks it",
            file=sys.stderr,
        )
    return CLEAN


def _name(given: str) -> str:
    if not given.replace("-", "").replace("_", "").isalnum() or not given.isascii():
        raise UsageError("--name: letters, digits, `-` and `_` only")
    return given


def _said(arguments: Arguments) -> dict[str, str]:
    """Return the answers: of the options first, else of the person at the terminal, else the defaults."""
    said: dict[str, str] = {}
    for ask in QUESTIONS:
        if not ask.when(said):
            continue
        given = arguments[f"--{ask.field}"]
        if given is None and sys.stdin.isatty():
            said[ask.field] = _asked(ask)
            continue
        try:
            said[ask.field] = checked(ask, given or "")
        except AnswerError as error:
            raise UsageError(f"--{ask.field}: {error}") from None
    return said


def _asked(ask: Ask) -> str:
    """Return what a person answers, asking again until it can be used."""
    screen = screen_of(sys.stderr)
    print(f"\n{screen.paint(ask.text, 'bold')} {screen.paint(ask.why, 'dim')}", file=sys.stderr)
    hint = f"[{', '.join(ask.choices)}]" if ask.choices else "[a number]"
    empty = f" (Enter: {ask.default or 'not known'})" if ask.default is not None else ""
    while True:
        print(f"{hint}{empty} > ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError("the input has ended, so nothing was written")
        try:
            return checked(ask, line)
        except AnswerError as error:
            print(str(error), file=sys.stderr)


def _show(choices: Choices) -> None:
    """Say what was chosen at each question of the tree, and why."""
    screen = screen_of(sys.stderr)
    questions = {question.id: question.question for question, _ in walk(knowledge.data("tree"))}
    for step in choices.steps:
        print(f"{screen.paint(questions[step.question], 'bold')}\n  {step.choice}: {step.why}", file=sys.stderr)
