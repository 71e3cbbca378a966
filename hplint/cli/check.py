"""`hplint check`: lint files and folders, show what was found, fix it."""

from __future__ import annotations

import os
import sys

from hplint import knowledge
from hplint.cli import files
from hplint.cli.main import CLEAN, FOUND, UNABLE
from hplint.cli.options import Command, Option, UsageError
from hplint.findings import INFO, LOW, SAFE, SEVERITIES, UNSAFE
from hplint.formats.recognise import Recognition
from hplint.lint import FAILED, LINTED, SKIPPED, Report, lint
from hplint.output.terminal import escape, screen_of, show_diff
from hplint.records import replace
from hplint.settings import Settings, find_settings
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TextIO

    from hplint.cli.options import Arguments
    from hplint.fixing import Fixed

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


_RULES = "codes (LR001), starts of codes (LR) or names, joined by commas; ALL stands for every rule"

COMMAND = Command(
    "check",
    DESCRIPTION,
    "PATH",
    "files and folders, by default the folder you are in; `-` reads standard input",
    "*",
    (
        Option("--fix", "", "apply the safe fixes: they keep what was meant, or mend what was certainly broken"),
        Option("--unsafe-fixes", "", "with --fix or --diff: also apply the fixes that need your consent"),
        Option("--diff", "", "show what the fixes would change, and write nothing"),
        Option("--select", "RULES", f"run these rules only: {_RULES}", several=True),
        Option("--ignore", "RULES", "do not run these rules", several=True),
        Option(
            "--output-format",
            "FORMAT",
            "full (with excerpts; the default), concise (a line per finding) or json (for programs)",
            ("full", "concise", "json"),
        ),
        Option("--format", "NAME", "read the files as this format, one of those that `hplint formats` lists"),
        Option("--stdin-filename", "PATH", "the name of standard input: it gives the syntax and the settings"),
    ),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Do what the command line asks; returns the exit status. Raises UsageError and SettingsError."""
    if arguments["--unsafe-fixes"] and not (arguments["--fix"] or arguments["--diff"]):
        raise UsageError("--unsafe-fixes needs --fix or --diff")
    if arguments["--fix"] and arguments["--diff"]:
        raise UsageError("--fix writes and --diff only shows; choose one of them")
    settings_of = _settings_finder(arguments)
    targets = files.find_targets(arguments.operands or (os.curdir,), settings_of)
    return _Run(arguments, settings_of).check(targets)


def _settings_finder(arguments: Arguments) -> Callable[[str], Settings]:
    """Return a function from a folder to the settings that count there, the command line's own on top."""
    changes: dict[str, Any] = {}
    for name in ("select", "ignore"):
        if arguments[f"--{name}"]:
            changes[name] = tuple(_rules_named(f"--{name}", arguments[f"--{name}"]))
    wanted = arguments["--format"]
    if wanted is not None:
        if wanted not in knowledge.formats():
            raise UsageError(f"--format: `{wanted}` is no format; known are {', '.join(knowledge.formats())}")
        changes["formats"] = (("*", wanted),)
    found: dict[str, Settings] = {}

    def settings_of(folder: str) -> Settings:
        if folder not in found:
            found[folder] = replace(find_settings(folder), **changes)
        return found[folder]

    return settings_of


def _rules_named(option: str, values: tuple[str, ...]) -> Iterator[str]:
    from hplint.settings_file import unknown_rule

    for name in ",".join(values).split(","):
        entry = name.strip()
        unknown = unknown_rule(entry) if entry else None
        if unknown is not None:
            raise UsageError(f"{option}: {unknown}")
        if entry:
            yield entry


class _Run:
    """One run over all targets: shows each file's findings at once and counts for the end."""

    def __init__(self, arguments: Arguments, settings_of: Callable[[str], Settings]) -> None:
        self.arguments = arguments
        self.settings_of = settings_of
        # What standard input becomes after fixing goes to standard output, so the findings must not.
        fixes_stdin = arguments["--fix"] and files.STDIN in arguments.operands
        self.out: TextIO = sys.stderr if fixes_stdin else sys.stdout
        self.screen = screen_of(self.out)
        self.counts = dict.fromkeys(SEVERITIES, 0)
        self.fixable = {SAFE: 0, UNSAFE: 0}
        self.fixed = 0
        self.configs = 0
        self.unread = 0
        self.findings: list[dict[str, Any]] = []
        self.files: list[dict[str, Any]] = []

    def check(self, targets: list[files.Target]) -> int:
        for target in targets:
            self.file(target)
        if self.arguments["--output-format"] == "json" and not self.arguments["--diff"]:
            from hplint.output import json

            self.out.write(json.render(self.findings, self.files))
        else:
            self.out.flush()
            self.say(self.summary())
        if self.unread:
            return UNABLE
        if self.arguments["--diff"]:
            return FOUND if self.fixed else CLEAN
        return FOUND if any(self.counts[severity] for severity in SEVERITIES if severity != INFO) else CLEAN

    def file(self, target: files.Target) -> None:
        """Lint one file, fix it if that is asked for, and show the outcome."""
        path = self.arguments["--stdin-filename"] or target.path if target.path == files.STDIN else target.path
        settings = self.settings_of(files.folder_of(path))
        try:
            data = files.read(target)
        except files.UnreadableError as error:
            recognition = Recognition(None, LOW, str(error))
            self.show(Report(path, FAILED, recognition, (), SourceText("")), target)
            return
        try:
            report = lint(data, path, settings, read_neighbour=files.neighbours_of(path))
            fixed = self.fixed_of(report, settings)
        except Exception as error:  # a defect of hplint's that one file shows must not keep it from the others
            recognition = Recognition(None, LOW, f"hplint failed on it, which is a defect of hplint: {_traced(error)}")
            report = Report(path, FAILED, recognition, (), SourceText(""))
            fixed = None
        if fixed is not None and files.is_archive(path):
            fixes = "1 fix" if fixed.count == 1 else f"{fixed.count} fixes"
            self.say(f"{escape(path)}: {fixes} not applied; hplint does not write into archives")
        elif self.arguments["--diff"] and fixed is not None:
            from hplint.fixing import unified_diff

            diff = unified_diff(path, report.source.text, fixed.report.source.text)
            self.out.write(show_diff(diff, self.screen) if self.screen.is_terminal else diff)
            self.fixed += fixed.count
        elif self.arguments["--fix"]:
            report = self.write(report, fixed, target, data)
        self.show(report, target)

    def fixed_of(self, report: Report, settings: Settings) -> Fixed | None:
        """Return what fixing makes of a file; None if nothing is to be fixed."""
        if not (self.arguments["--fix"] or self.arguments["--diff"]) or not report.findings:
            return None
        from hplint.fixing import fix

        fixed = fix(report, report.path, settings, self.arguments["--unsafe-fixes"], files.neighbours_of(report.path))
        return fixed if fixed.count else None

    def write(self, report: Report, fixed: Fixed | None, target: files.Target, data: bytes) -> Report:
        """Write the fixed text to where it came from; returns the report on what then stands there."""
        after = data
        if fixed is not None:
            after = fixed.report.source.encode(fixed.report.source.text)
        try:
            if target.path == files.STDIN:
                sys.stdout.buffer.write(after)
                sys.stdout.buffer.flush()
            elif fixed is not None:
                files.write(target.path, data, after)
        except files.UnreadableError as error:
            self.unread += 1
            self.say(f"{escape(report.path)}: {error}")
            return report
        if fixed is None:
            return report
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
            self.unread += report.tree is None or not report.findings
            if not report.findings:
                self.say(f"{escape(report.path)}: {escape(report.recognition.reason)}")
        elif report.status == SKIPPED and target.named:
            self.say(f"{escape(report.path)}: no training config: {escape(report.recognition.reason)}")
        self.configs += report.status == LINTED or bool(report.findings)
        if self.arguments["--diff"]:
            return
        if self.arguments["--output-format"] == "json":
            from hplint.output import json

            self.findings += json.finding_entries(report)
            self.files.append(json.file_entry(report))
        elif report.findings:
            self.out.write(_renderer(self.arguments["--output-format"])(report, self.screen))

    def say(self, message: str) -> None:
        """Tell the user about the run itself, apart from the findings."""
        self.out.flush()
        print(message, file=sys.stderr)

    def summary(self) -> str:
        """Return the last line: what was found and what can be done about it."""
        from hplint.output import summary

        if self.arguments["--diff"]:
            return summary.of_diff(self.configs, self.fixed, self.unread)
        return summary.of_check(self.configs, self.counts, self.fixable, self.fixed, self.unread)


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
