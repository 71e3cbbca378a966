"""`hplint check`: lint files and folders, show what was found, fix it."""

from __future__ import annotations

import os
import sys

from hplint import knowledge
from hplint.cli import files
from hplint.cli.main import CLEAN, FOUND, UNABLE
from hplint.findings import INFO, LOW, SAFE, SEVERITIES, UNSAFE
from hplint.formats.recognise import Recognition
from hplint.lint import FAILED, SKIPPED, Report, lint
from hplint.output.terminal import escape, screen_of
from hplint.records import replace
from hplint.settings import Settings, SettingsError, find_settings
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator
    from typing import Any, TextIO

DESCRIPTION = """\
Lints training configs: YAML, JSON, TOML and .keras archives.

A folder stands for every such file in it and below, without hidden folders, virtual environments and
the like. A file's content decides which format it is read as; one that is no training config is left
alone. Settings come from the nearest hplint.toml, or [tool.hplint] in pyproject.toml, at or above a file.
"""

EPILOG = """\
severities:
  error    it will crash, or silently train something else than the config says
  warning  nearly always a mistake
  info     advice; most of it runs only when selected

exit status:
  0  no findings of severity warning or error (with --diff: nothing to fix)
  1  findings of severity warning or error (with --diff: there is something to fix)
  2  a file could not be read or written, or the command line or the settings are wrong

examples:
  hplint check                                  every training config below this folder
  hplint check conf/ model.json --fix           apply the safe fixes
  hplint check --diff --unsafe-fixes conf/      see what the fixes would change
  hplint check --select ALL --ignore TRAIN      everything, advice too, but the TRAIN rules
  hplint check - --stdin-filename train.yaml    lint standard input
"""


def describe(parser: ArgumentParser) -> None:
    """Add the options and the words of this command."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    add = parser.add_argument
    add("paths", nargs="*", default=[os.curdir], metavar="PATH", help="files and folders; `-` reads standard input")
    add("--fix", action="store_true", help="apply the safe fixes: they keep what was meant, or mend what was broken")
    add("--unsafe-fixes", action="store_true", help="with --fix or --diff: also apply fixes that need your consent")
    add("--diff", action="store_true", help="show what the fixes would change, and write nothing")
    rules = "rules by code (LR001), start of code (LR) or name, joined by commas; ALL stands for every rule"
    add("--select", action="append", metavar="RULES", help=f"run these rules only: {rules}")
    add("--ignore", action="append", metavar="RULES", help="do not run these rules")
    add("--output-format", choices=("full", "concise", "json"), default="full", metavar="FORMAT",
        help="full (with excerpts; the default), concise (a line per finding) or json (for programs)")  # fmt: skip
    add("--format", metavar="NAME", help="read the files as this format, one of those that `hplint formats` lists")
    add("--stdin-filename", metavar="PATH", help="the name of standard input: gives its syntax and its settings")


def run(arguments: Namespace) -> int:
    """Do what the command line asks; returns the exit status."""
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        return _refuse("--unsafe-fixes needs --fix or --diff")
    if arguments.fix and arguments.diff:
        return _refuse("--fix writes and --diff only shows; choose one of them")
    try:
        settings_of = _settings_finder(arguments)
        targets = files.find_targets(arguments.paths, settings_of)
        return _Run(arguments, settings_of).check(targets)
    except (SettingsError, UsageError) as error:
        return _refuse(str(error))


class UsageError(Exception):
    """What is wrong with the command line."""


def _refuse(message: str) -> int:
    print(f"hplint: {message}", file=sys.stderr)
    return UNABLE


def _settings_finder(arguments: Namespace) -> Callable[[str], Settings]:
    """Return a function from a folder to the settings that count there, the command line's own on top."""
    changes: dict[str, Any] = {}
    for option in ("select", "ignore"):
        if getattr(arguments, option) is not None:
            changes[option] = tuple(_rules_named(option, getattr(arguments, option)))
    if arguments.format is not None:
        if arguments.format not in knowledge.formats():
            known = ", ".join(knowledge.formats())
            raise UsageError(f"--format: `{arguments.format}` is no format; known are {known}")
        changes["formats"] = (("*", arguments.format),)
    found: dict[str, Settings] = {}

    def settings_of(folder: str) -> Settings:
        if folder not in found:
            found[folder] = replace(find_settings(folder), **changes)
        return found[folder]

    return settings_of


def _rules_named(option: str, values: list[str]) -> Iterator[str]:
    rules = knowledge.rules()
    for name in ",".join(values).split(","):
        entry = name.strip()
        if entry and not any(Settings(select=(entry,)).runs(rule.code, rule.name, False) for rule in rules):
            raise UsageError(f"--{option}: `{entry}` names no rule; `hplint rule` lists them")
        if entry:
            yield entry


class _Run:
    """One run over all targets: shows each file's findings at once and counts for the end."""

    def __init__(self, arguments: Namespace, settings_of: Callable[[str], Settings]) -> None:
        self.arguments = arguments
        self.settings_of = settings_of
        # What standard input becomes after fixing goes to standard output, so the findings must not.
        fixes_stdin = arguments.fix and files.STDIN in arguments.paths
        self.out: TextIO = sys.stderr if fixes_stdin else sys.stdout
        self.screen = screen_of(self.out)
        self.counts = dict.fromkeys(SEVERITIES, 0)
        self.fixable = {SAFE: 0, UNSAFE: 0}
        self.fixed = 0
        self.configs = 0
        self.differs = False
        self.unable = False
        self.findings: list[dict[str, Any]] = []
        self.files: list[dict[str, Any]] = []

    def check(self, targets: list[files.Target]) -> int:
        for target in targets:
            self.file(target)
        if self.arguments.output_format == "json" and not self.arguments.diff:
            from hplint.output import json

            self.out.write(json.render(self.findings, self.files))
        else:
            self.out.flush()
            self.say(self.summary())
        if self.unable:
            return UNABLE
        if self.arguments.diff:
            return FOUND if self.differs else CLEAN
        return FOUND if any(self.counts[severity] for severity in SEVERITIES if severity != INFO) else CLEAN

    def file(self, target: files.Target) -> None:
        """Lint one file, fix it if that is asked for, and show the outcome."""
        path = self.arguments.stdin_filename or target.path if target.path == files.STDIN else target.path
        settings = self.settings_of(os.path.dirname(path) or os.curdir)
        try:
            data = files.read(target)
        except files.UnreadableError as error:
            recognition = Recognition(None, LOW, str(error))
            self.show(Report(path, FAILED, recognition, (), SourceText("")), target)
            return
        try:
            report = lint(data, path, settings)
            if self.arguments.fix or self.arguments.diff:
                report = self.fix(report, target, data, settings)
        except Exception as error:  # a defect of hplint's that one file shows must not keep it from the others
            recognition = Recognition(None, LOW, f"hplint failed on it, which is a defect of hplint: {_traced(error)}")
            report = Report(path, FAILED, recognition, (), SourceText(""))
        self.show(report, target)

    def fix(self, report: Report, target: files.Target, data: bytes, settings: Settings) -> Report:
        """Write or show what the fixes make of a file; returns the report on what then stands in it."""
        from hplint.cli import fixing

        fixed = fixing.fix(report, report.path, settings, self.arguments.unsafe_fixes)
        source = fixed.report.source
        to_stdout = target.path == files.STDIN and self.arguments.fix
        if fixed.count and files.is_archive(report.path):
            fixes = "1 fix" if fixed.count == 1 else f"{fixed.count} fixes"
            self.say(f"{escape(report.path)}: {fixes} not applied; hplint does not write into archives")
            return report
        if fixed.count and self.arguments.diff:
            self.differs = True
            self.out.write(fixing.unified_diff(report.path, report.source.text, source.text))
        elif fixed.count and not to_stdout:
            try:
                files.write(target.path, data, source.encode(source.text))
            except files.UnreadableError as error:
                self.unable = True
                self.say(f"{escape(report.path)}: {error}")
                return report
        if to_stdout:
            sys.stdout.buffer.write(source.encode(source.text) if fixed.count else data)
        self.fixed += fixed.count
        return fixed.report

    def show(self, report: Report, target: files.Target) -> None:
        """Show the findings in one file, and say why it was not linted if that matters."""
        for finding in report.findings:
            self.counts[finding.severity] += 1
            applicable = [fix.applicability for fix in finding.fixes]
            if SAFE in applicable or UNSAFE in applicable:
                self.fixable[SAFE if SAFE in applicable else UNSAFE] += 1
        if report.status == FAILED:
            was_read = report.tree is not None
            self.unable = self.unable or not was_read or not report.findings
            if not report.findings:
                self.say(f"{escape(report.path)}: {escape(report.recognition.reason)}")
        elif report.status == SKIPPED and target.named:
            self.say(f"{escape(report.path)}: no training config: {escape(report.recognition.reason)}")
        self.configs += report.status != SKIPPED
        if self.arguments.diff:
            return
        if self.arguments.output_format == "json":
            from hplint.output import json

            self.findings += json.finding_entries(report)
            self.files.append(json.file_entry(report))
        elif report.findings:
            self.out.write(_renderer(self.arguments.output_format)(report, self.screen))

    def say(self, message: str) -> None:
        """Tell the user about the run itself, apart from the findings."""
        self.out.flush()
        print(message, file=sys.stderr)

    def summary(self) -> str:
        """Return the last line: what was found and what can be done about it."""
        from hplint.output.summary import summarise

        return summarise(self.configs, self.counts, self.fixable, self.fixed, self.arguments.diff)


def _traced(error: Exception) -> str:
    """Return what went wrong and where in hplint, on one line."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    place = f" ({step.tb_frame.f_code.co_filename}:{step.tb_lineno})" if step is not None else ""
    return f"{type(error).__name__}: {error}{place}"


def _renderer(name: str) -> Any:
    if name == "concise":
        from hplint.output import concise

        return concise.render
    from hplint.output import full

    return full.render
