"""`hplint check`: lint files and folders, show what was found, fix it."""

from __future__ import annotations

import sys

from hplint.cli import files
from hplint.cli.check_options import COMMAND, NEVER
from hplint.cli.choosing import settings_finder, targets_of
from hplint.cli.linting import default_jobs, lint_all
from hplint.cli.main import CLEAN, FOUND, UNABLE
from hplint.cli.options import UsageError
from hplint.cli.results import lean, release
from hplint.findings import SAFE, SEVERITIES, UNSAFE, WARNING
from hplint.lint import FAILED, LINTED, SKIPPED, Report
from hplint.output import BY_FILE, module_name
from hplint.output.terminal import escape, safe_path, screen_of
from hplint.records import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO

    from hplint.baseline import Baseline
    from hplint.cli.cache import Cache
    from hplint.cli.options import Arguments
    from hplint.settings import Settings

__all__ = ["COMMAND", "run"]


def run(arguments: Arguments) -> int:
    """Do what the command line asks; returns the exit status. Raises UsageError and SettingsError."""
    if arguments["--unsafe-fixes"] and not (arguments["--fix"] or arguments["--diff"]):
        raise UsageError("--unsafe-fixes needs --fix or --diff")
    if arguments["--fix"] and arguments["--diff"]:
        raise UsageError("--fix writes and --diff only shows; choose one of them")
    if arguments["--statistics"] and arguments["--output-format"] not in (None, "full", "json"):
        raise UsageError("--statistics is shown as text or, with --output-format json, as JSON")
    if arguments["--watch"]:
        return _watch(arguments)
    settings_of = settings_finder(arguments)
    return CheckRun(arguments, settings_of).check(targets_of(arguments, settings_of))


def _watch(arguments: Arguments) -> int:
    from hplint.cli.watch import CLEAR, read_for, watch
    from hplint.settings import SettingsError

    if files.STDIN in arguments.operands or arguments["--output-file"]:
        raise UsageError("--watch needs files to look at, and shows them on the terminal")
    others: set[str] = set()
    runs = 0

    def once() -> None:
        nonlocal runs
        if sys.stdout.isatty():
            sys.stdout.write(CLEAR)
        try:
            settings_of = settings_finder(arguments)
            run = CheckRun(arguments, settings_of)
            run.check(targets_of(arguments, settings_of))
            others.clear()
            others.update(run.others)
        except (SettingsError, UsageError) as error:  # a file is being edited, unless it was wrong from the start
            if runs == 0 and isinstance(error, UsageError):
                raise
            print(f"hplint: {error}", file=sys.stderr)
        runs += 1
        sys.stdout.flush()

    def paths() -> list[str]:
        given = [path for path in (arguments["--config"], arguments["--baseline"]) if path]
        try:
            settings_of = settings_finder(arguments)
            return [*read_for(targets_of(arguments, settings_of), settings_of), *others, *given]
        except SettingsError as error:
            return [*read_for([], None), error.path, *given]
        except UsageError:
            return given

    watch(once, paths)
    return CLEAN


class CheckRun:
    """One run over all targets: shows each file's findings and counts for the end."""

    def __init__(self, arguments: Arguments, settings_of: Callable[[str], Settings]) -> None:
        self.arguments = arguments
        self.settings_of = settings_of
        # What standard input becomes after fixing goes to standard output, so the findings must not.
        fixes_stdin = arguments["--fix"] and files.STDIN in arguments.operands
        self.file: Any = None
        self.out: TextIO = sys.stderr if fixes_stdin else sys.stdout
        if arguments["--output-file"]:
            from io import StringIO

            self.out = self.file = StringIO()
        self.screen = screen_of(self.out, arguments["--color"] or "auto")
        self.counts = dict.fromkeys(SEVERITIES, 0)
        self.fixable = {SAFE: 0, UNSAFE: 0}
        self.fixed = 0
        self.configs = 0
        self.unread = 0
        self.name: str = arguments["--output-format"] or "full"
        self.shows_by_file = self.name in BY_FILE and not (arguments["--statistics"] or arguments["--diff"])
        self.reports: list[Report] = []
        self.baselines: dict[str, Baseline] = {}
        self.others: set[str] = set()
        self.data: list[str] = []
        self.progress: Any = None

    def check(self, targets: list[files.Target]) -> int:
        """Lint all targets and show what is found; returns the exit status."""
        found = lint_all(targets, self.settings_of, self.cache(), self.jobs())
        if len(targets) > 1 and sys.stderr.isatty():
            from hplint.cli.progress import Progress

            self.progress = Progress(len(targets))
            found = self.progress.over(found)
        for target, report in zip(targets, found):
            self.one(target, report)
        self.finish()
        if self.unread:
            return UNABLE
        if self.arguments["--diff"]:
            return FOUND if self.fixed else CLEAN
        return self.status()

    def status(self) -> int:
        """Return the exit status that the findings give."""
        level = self.arguments["--fail-on"] or WARNING
        if self.arguments["--exit-zero"] or level == NEVER:
            return CLEAN
        return FOUND if any(self.counts[name] for name in SEVERITIES[SEVERITIES.index(level) :]) else CLEAN

    def cache(self) -> Cache | None:
        """Return the cache; fixing needs more than is remembered."""
        if any(self.arguments[flag] for flag in ("--no-cache", "--fix", "--diff")):
            return None
        from hplint.cli.cache import open_cache

        return open_cache()

    def jobs(self) -> int:
        """Return how many processes may be used."""
        given = self.arguments["--jobs"]
        if given is None:
            return default_jobs()
        if not given.isdigit() or int(given) == 0:
            raise UsageError(f"--jobs: `{given}` is no number of processes")
        return min(int(given), default_jobs())

    def one(self, target: files.Target, report: Report) -> None:
        """Fix one file if that is asked for, and show the outcome."""
        if report.status == FAILED and not target.named and _holds_data(report):
            self.data.append(report.path)
            return
        if (self.arguments["--fix"] or self.arguments["--diff"]) and (report.findings or target.path == files.STDIN):
            from hplint.cli import fixing

            report = fixing.mend(self, target, report)
        self.show(self.without_known(report), target)

    def without_known(self, report: Report) -> Report:
        """Return a report without the findings that the baseline knows."""
        path = self.arguments["--baseline"] or self.settings_of(files.folder_of(report.path)).baseline
        if not path or self.arguments["--no-baseline"] or report.status == SKIPPED:
            return report
        if path not in self.baselines:
            from hplint.baseline import BaselineError, load

            try:
                self.baselines[path] = load(path)
            except BaselineError as error:
                raise UsageError(str(error)) from None
        return replace(report, findings=self.baselines[path].new(report))

    def show(self, report: Report, target: files.Target) -> None:
        """Count the findings in one file, show them, and say why it was not linted if that matters."""
        self.others.update(other.path for other in report.others)
        for finding in report.findings:
            self.counts[finding.severity] += 1
            applicable = [fix.applicability for fix in finding.fixes]
            if SAFE in applicable or UNSAFE in applicable:
                self.fixable[SAFE if SAFE in applicable else UNSAFE] += 1
        if report.status == FAILED:
            self.unread += report.tree is None or not report.findings
        if report.status == FAILED and not report.findings:
            self.say(f"{safe_path(report.path)}: {escape(report.recognition.reason)}")
        elif report.status == SKIPPED and target.named and not self.arguments["--quiet"]:
            self.say(f"{safe_path(report.path)}: no training config: {escape(report.recognition.reason)}")
        self.configs += report.status == LINTED or bool(report.findings)
        if not self.shows_by_file:
            self.reports.append(lean(report))
        elif report.findings:
            self.write(_module(self.name).render(report, self.screen))
        release(report)

    def write(self, text: str) -> None:
        """Write to where the report goes."""
        if self.progress is not None:
            self.progress.clear()
        self.out.write(text)

    def finish(self) -> None:
        """Write what concerns all files, and the summary."""
        from hplint.output import summary

        if self.arguments["--statistics"]:
            from hplint.output import statistics

            self.out.write(statistics.render(self.reports, self.screen, self.name == "json"))
        elif not self.shows_by_file and not self.arguments["--diff"]:
            document = _module(self.name).document
            self.out.write(document(self.reports, self.rules()) if self.name == "sarif" else document(self.reports))
        if self.file is not None:
            files.write_new(self.arguments["--output-file"], self.file.getvalue())
        if self.arguments["--quiet"] or (not self.shows_by_file and self.file is None and not self._is_for_people()):
            return
        if self.data:
            self.say(summary.of_data(self.data))
        if self.arguments["--diff"]:
            self.say(summary.of_diff(self.configs, self.fixed, self.unread))
            return
        gone = sum(baseline.gone() for baseline in self.baselines.values())
        self.say(summary.of_check(self.configs, self.counts, self.fixable, self.fixed, self.unread, gone))

    def rules(self) -> dict[str, dict[str, Any]]:
        """Return the contents of the files of all rules by code, those of the projects' own rules included."""
        from hplint.knowledge import rule_documents
        from hplint.lint import own_of

        found = rule_documents()
        for folder in {files.folder_of(report.path) for report in self.reports if report.findings or report.suppressed}:
            own = own_of(self.settings_of(folder))
            found = {**own.documents, **found} if own is not None else found
        return found

    def _is_for_people(self) -> bool:
        return bool(self.arguments["--diff"] or (self.arguments["--statistics"] and self.name != "json"))

    def say(self, message: str) -> None:
        """Tell the user about the run itself, apart from the findings."""
        if self.progress is not None:
            self.progress.clear()
        self.out.flush()
        print(message, file=sys.stderr)


def _holds_data(report: Report) -> bool:
    from hplint.cli.data_files import holds_data  # few files cannot be read

    return holds_data(report)


def _module(name: str) -> Any:
    """Return the module of an output format."""
    from hplint.knowledge import module

    return module(module_name(name))
