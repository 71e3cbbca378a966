"""`hplint explain`: one config's walk down the decision tree."""

from __future__ import annotations

import os
import sys

from hplint.cli import files
from hplint.cli.main import CLEAN, UNABLE
from hplint.cli.options import Command, Option
from hplint.explain import explain
from hplint.lint import lint
from hplint.output.terminal import Screen, escape, safe_path, screen_of
from hplint.output.walk import render
from hplint.records import replace
from hplint.settings import SettingsError, find_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.options import Arguments
    from hplint.lint import Report

DESCRIPTION = """\
Asks one training config the questions of the decision tree, in the order a practitioner asks them:
which model, which layers, how large, which activations, what against overfitting, which optimizer, how
to search. Shows each answer with what it rests on, the recommendation, and where the config departs
from it. All rules take part, also those that `hplint check` leaves off by default.

  +  the config follows the recommended path     !  it departs from it     ?  it does not say
"""

EPILOG = """\
exit status:
  0  the walk was drawn
  2  the file could not be read, or is no training config

examples:
  hplint explain train.yaml
  hplint explain train.yaml --format svg --output-file walk.svg    a picture for a report
  hplint tree                                                      the whole tree, without a config
"""

FORMATS = ("text", "svg", "mermaid", "html")

COMMAND = Command(
    "explain",
    DESCRIPTION,
    "FILE",
    "a training config; `-` reads standard input",
    "1",
    (
        Option("--format", "FORMAT", "text (the default), svg, mermaid (for Markdown) or html (a page)", FORMATS),
        Option("--output-file", "PATH", "write to this file", short="-o"),
    ),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Draw the walk; returns the exit status."""
    path: str = arguments.operands[0]
    try:
        content = files.read(files.Target(path, True))
        settings = replace(find_settings(os.path.dirname(path) or os.curdir), select=("ALL",))
    except (files.UnreadableError, SettingsError) as error:
        print(f"hplint: {escape(path)}: {escape(str(error))}", file=sys.stderr)
        return UNABLE
    neighbours = files.neighbours_of(path)
    report = lint(content, "" if path == files.STDIN else path, settings, read_neighbour=neighbours)
    if report.training is None:
        for finding in report.findings:
            line = report.source.position(finding.span.start).line
            print(f"hplint: {escape(path)}:{line}: {escape(finding.message)}", file=sys.stderr)
        if not report.findings:
            print(f"hplint: {escape(path)} is no training config: {report.recognition.reason}", file=sys.stderr)
        return UNABLE
    drawing = _drawing(report, path, arguments["--format"] or "text", to_file=bool(arguments["--output-file"]))
    if arguments["--output-file"]:
        files.write_new(arguments["--output-file"], drawing)
    else:
        sys.stdout.write(drawing)
    return CLEAN


def _drawing(report: Report, path: str, name: str, to_file: bool) -> str:
    known = report.recognition
    steps = explain(report)
    if name != "text":
        from importlib import import_module

        drawn: str = import_module(f"hplint.output.walk_{name}").render(steps, report.source, f"{path} ({known.name})")
        return drawn
    screen = Screen() if to_file else screen_of(sys.stdout)
    head = f"{screen.paint(safe_path(path), 'bold')} is read as {known.name}: {escape(known.reason)}\n\n"
    return head + render(steps, report.source, screen)
