"""`hplint baseline`: records the findings of today, so that only new ones are reported from now on."""

from __future__ import annotations

import os
import sys

from hplint.baseline import DEFAULT, BaselineError, dump, entries_of, load
from hplint.cli import files
from hplint.cli.choosing import settings_finder, targets_of
from hplint.cli.linting import default_jobs, lint_all
from hplint.cli.main import CLEAN, UNABLE
from hplint.cli.options import Command, Option, UsageError
from hplint.lint import FAILED
from hplint.output.terminal import escape, safe_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.linting import SettingsOf
    from hplint.cli.options import Arguments
    from hplint.lint import Report
    from hplint.settings import Settings

DESCRIPTION = """\
Writes the findings of today into a file, the baseline. With `baseline = "hplint-baseline.json"` in the
settings, or `hplint check --baseline hplint-baseline.json`, only other findings are reported from then on.

A known finding stays known when lines above it come or go and when its file is renamed. A baseline only
ever shrinks: where there is one, this command takes out what was mended and adds nothing.
"""

EPILOG = """\
exit status:
  0  the baseline was written
  2  a file could not be read or written, or the command line or the settings are wrong

examples:
  hplint baseline                     record every finding below this folder, or forget what was mended
  hplint baseline --output known.json conf/
"""

COMMAND = Command(
    "baseline",
    DESCRIPTION,
    "PATH",
    "files and folders, by default the folder of the baseline",
    "*",
    (Option("--output", "PATH", f"the baseline, by default that of the settings, else {DEFAULT}"),),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Write the baseline; returns the exit status. Raises UsageError and SettingsError."""
    settings_of = settings_finder(arguments)
    here = settings_of(os.curdir)
    path: str = arguments["--output"] or here.baseline or os.path.join(_folder(here), DEFAULT)
    if os.path.isdir(path):
        raise UsageError(f"--output: {path} is a folder; name a file")
    folder = os.path.dirname(os.path.abspath(path))
    if not arguments.operands:
        arguments = type(arguments)([os.path.relpath(folder)], arguments.values)
    reports = _linted(arguments, settings_of)
    unread = [report for report in reports if report.status == FAILED and not report.findings]
    for report in unread:
        print(f"{safe_path(report.path)}: {escape(report.recognition.reason)}", file=sys.stderr)
    try:
        old = load(path) if os.path.exists(path) else None
    except BaselineError as error:
        raise UsageError(str(error)) from None
    if old is None:
        known = entries_of(reports, folder)
        said = f"{_findings(sum(known.values()))} known from now on"
    else:
        new = sum(len(old.new(report)) for report in reports)
        known = old.shrunk()
        said = f"{_findings(old.gone())} gone, {_findings(sum(known.values()))} still known"
        said += f"; {_findings(new)} new and not added, since a baseline only shrinks" if new else ""
    files.write_new(path, dump(known))
    print(f"{escape(os.path.relpath(path))}: {said}", file=sys.stderr)
    _tell_how(path, here)
    return UNABLE if unread else CLEAN


def _linted(arguments: Arguments, settings_of: SettingsOf) -> list[Report]:
    from hplint.cli.results import lean

    targets = targets_of(arguments, settings_of)
    return [lean(report) for report in lint_all(targets, settings_of, None, default_jobs())]


def _findings(number: int) -> str:
    return f"{number} finding is" if number == 1 else f"{number} findings are"


def _folder(settings: Settings) -> str:
    return settings.root or os.curdir


def _tell_how(path: str, settings: Settings) -> None:
    """Say how to use the baseline, unless the settings use it already."""
    if os.path.abspath(path) != settings.baseline:
        inside = os.path.relpath(path, _folder(settings)).replace(os.sep, "/")
        print(f'use it with `baseline = "{inside}"` in hplint.toml, or with --baseline', file=sys.stderr)
