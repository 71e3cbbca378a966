"""`hplint explain`: one config's walk down the decision tree."""

from __future__ import annotations

import os
import sys

from hplint.cli import files
from hplint.cli.main import CLEAN, UNABLE
from hplint.cli.options import Command
from hplint.explain import explain
from hplint.lint import lint
from hplint.output.terminal import escape, screen_of
from hplint.output.walk import render
from hplint.records import replace
from hplint.settings import SettingsError, find_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.options import Arguments

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
"""

COMMAND = Command("explain", DESCRIPTION, "FILE", "a training config; `-` reads standard input", "1", (), EPILOG)


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
    screen = screen_of(sys.stdout)
    print(screen.paint(escape(path), "bold") + f" is read as {report.recognition.name}: {report.recognition.reason}\n")
    sys.stdout.write(render(explain(report), report.source, screen))
    return CLEAN
