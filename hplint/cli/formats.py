"""`hplint formats`: what is understood, and why a file is taken for what it is taken for."""

from __future__ import annotations

import sys

from hplint import knowledge
from hplint.cli import files
from hplint.cli.main import CLEAN, UNABLE
from hplint.cli.options import Command
from hplint.lint import FAILED, lint
from hplint.output.terminal import escape, screen_of
from hplint.records import replace
from hplint.settings import SettingsError, find_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.options import Arguments

DESCRIPTION = """\
Without files, lists the formats that hplint understands. With files, tells the format of each, how sure
that is, and what in the file says so. A file's format can be stated where its content does not tell:

  in the file           # hplint: format=NAME
  in hplint.toml        formats = {"conf/*.yaml" = "NAME"}
  on the command line   hplint check --format NAME
"""

EPILOG = """\
exit status:
  0  every file was read, also those that are no training config
  2  a file could not be read

examples:
  hplint formats
  hplint formats conf/train.yaml
"""

COMMAND = Command("formats", DESCRIPTION, "FILE", "a file; `-` reads standard input", "*", (), EPILOG)


def run(arguments: Arguments) -> int:
    """List the formats, or tell those of the files; returns the exit status."""
    screen = screen_of(sys.stdout)
    if not arguments.operands:
        for name, description in knowledge.formats().items():
            title = f"{description['title']} {description.get('version', '')}".strip()
            print(f"{screen.paint(f'{name:<12}', 'bold')} {title}")
        return CLEAN
    status = CLEAN
    for path in arguments.operands:
        try:
            content = files.read(files.Target(path, True))
            # No rule runs: only what the file is matters here.
            settings = replace(find_settings(files.folder_of(path)), ignore=("ALL",))
            report = lint(content, path, settings)
        except (files.UnreadableError, SettingsError) as error:
            print(f"hplint: {escape(path)}: {escape(str(error))}", file=sys.stderr)
            status = UNABLE
            continue
        if report.status == FAILED:
            status = UNABLE
        known = report.recognition
        name = known.name or ("unreadable" if report.status == FAILED else "no training config")
        said = f"{screen.paint(name, 'bold')} (confidence {known.confidence}): {escape(known.reason)}"
        print(f"{escape(path)}: {said}")
    return status
