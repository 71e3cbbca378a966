"""Mends one file during `hplint check --fix`, or shows what that would change."""

from __future__ import annotations

import sys

from hplint.cli import files
from hplint.fixing import fix, unified_diff
from hplint.lint import lint
from hplint.output.terminal import escape, is_read_by_machine, show_diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.check import CheckRun
    from hplint.fixing import Fixed
    from hplint.lint import Report


def mend(run: CheckRun, target: files.Target, report: Report) -> Report:
    """Fix one file, or show the difference; returns the report on what then stands there."""
    fixed = _fixed(run, target, report) if report.findings else None
    if fixed is not None and files.is_archive(target.path):
        fixes = "1 fix" if fixed.count == 1 else f"{fixed.count} fixes"
        run.say(f"{escape(report.path)}: {fixes} not applied; hplint does not write into archives")
        return report
    if run.arguments["--diff"]:
        if fixed is not None:
            diff = unified_diff(report.path, report.source.text, fixed.report.source.text)
            run.write(diff if is_read_by_machine(run.screen) else show_diff(diff, run.screen))
            run.fixed += fixed.count
        return report
    return _written(run, target, report, fixed)


def _fixed(run: CheckRun, target: files.Target, report: Report) -> Fixed | None:
    """Return what fixing makes of a file; None if nothing is to be fixed."""
    path, settings = target.shown, run.settings_of(files.folder_of(target.shown))
    neighbours = files.neighbours_of(path)
    fresh = lint(report.source, path, settings, read_neighbour=neighbours)
    fixed = fix(fresh, path, settings, run.arguments["--unsafe-fixes"], neighbours)
    return fixed if fixed.count else None


def _written(run: CheckRun, target: files.Target, report: Report, fixed: Fixed | None) -> Report:
    """Write the fixed text to where it came from."""
    data = report.source.encode(report.source.text) if target.content is None else target.content
    after = data if fixed is None else fixed.report.source.encode(fixed.report.source.text)
    try:
        if target.path == files.STDIN:
            sys.stdout.buffer.write(after)
            sys.stdout.buffer.flush()
        elif fixed is not None:
            files.write(target.path, data, after)
    except files.UnreadableError as error:
        run.unread += 1
        run.say(f"{escape(report.path)}: {error}")
        return report
    if fixed is None:
        return report
    run.fixed += fixed.count
    return fixed.report
