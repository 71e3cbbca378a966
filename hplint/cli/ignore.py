"""`hplint ignore`: suppresses everything that is found, with a reason."""

from __future__ import annotations

import os
import sys

from hplint.cli import files
from hplint.cli.choosing import settings_finder, targets_of
from hplint.cli.linting import lint_target
from hplint.cli.main import CLEAN, UNABLE
from hplint.cli.options import Command, Option, UsageError
from hplint.lint import FAILED, lint
from hplint.output.terminal import escape, safe_path
from hplint.settings import settings_file
from hplint.suppressions import insertion, pointer_of
from hplint.text import SourceText, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.options import Arguments
    from hplint.findings import Finding
    from hplint.lint import Report
    from hplint.settings import Settings

DESCRIPTION = """\
Adds a comment `# hplint: ignore[CODE] reason` beside everything that is found, so that nothing is reported
any more. JSON has no comments: what is found there is added to the settings, by JSON pointer.
"""

EPILOG = """\
exit status:
  0  everything that was found is suppressed
  2  something could not be suppressed, read or written, or the command line or the settings are wrong

examples:
  hplint ignore conf/ --reason "as in the paper"
  hplint ignore --select LR001 --reason "warm-up is in the code" train.yaml
"""

COMMAND = Command(
    "ignore",
    DESCRIPTION,
    "PATH",
    "files and folders, by default the folder you are in",
    "*",
    (
        Option("--reason", "TEXT", "why; it stands behind the rule's code for whoever reads the config next"),
        Option("--select", "RULES", "suppress the findings of these rules only", several=True),
        Option("--ignore", "RULES", "but not those of these rules", several=True),
    ),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Insert the suppressions; returns the exit status. Raises UsageError and SettingsError."""
    reason = " ".join((arguments["--reason"] or "").split())
    if not reason:
        raise UsageError('--reason is missing: say why, as in --reason "as in the paper"')
    if not reason.isprintable():
        raise UsageError("--reason: characters that can be printed only; it becomes a comment")
    if files.STDIN in arguments.operands:
        raise UsageError("standard input cannot be changed; name files or folders")
    settings_of = settings_finder(arguments)
    pending: dict[str, list[str]] = {}
    done = left = unread = 0
    for target in targets_of(arguments, settings_of):
        report = lint_target(target, settings_of, None)
        if report.status == FAILED and not report.findings:
            unread += 1
            print(f"{safe_path(report.path)}: {escape(report.recognition.reason)}", file=sys.stderr)
        if not report.findings or report.tree is None:
            left += len(report.findings)
            continue
        if report.tree.syntax == "json":
            path, entries = _for_settings(report, reason)
            pending.setdefault(path, []).extend(entries)
            done += len(report.findings)
            continue
        rest = _commented(report, settings_of(files.folder_of(report.path)), reason)
        done += len(report.findings) - len(rest)
        left += len(rest)
        for finding in rest:
            line = report.source.position(finding.span.start).line
            said = f"{finding.code} cannot be suppressed by a comment here; use `ignore-file` or the settings"
            print(f"{safe_path(report.path)}:{line}: {said}", file=sys.stderr)
    for path, entries in pending.items():
        _append(path, "".join(entries))
    print(f"{done} finding{'' if done == 1 else 's'} suppressed", file=sys.stderr)
    return UNABLE if left or unread else CLEAN


def _commented(report: Report, settings: Settings, reason: str) -> tuple[Finding, ...]:
    """Write comments into a file for its findings; returns those that are still found."""
    source = report.source
    if report.tree is None:
        return report.findings
    rest: tuple[Finding, ...] = ()
    while True:  # comments that turn out to do nothing are left out the next time round
        wanted = tuple(finding for finding in report.findings if finding not in rest)
        text = apply_edits(source.text, insertion(report.tree, wanted, reason)) if wanted else source.text
        after = SourceText(text, source.encoding, source.bom)
        left = lint(after, report.path, settings, read_neighbour=files.neighbours_of(report.path)).findings
        still = {_known_by(finding, after) for finding in left}
        vain = tuple(finding for finding in wanted if _known_by(finding, source) in still)
        if not vain:
            break
        rest += vain
    if text != source.text:
        try:
            files.write(report.path, source.encode(source.text), source.encode(text))
        except files.UnreadableError as error:
            print(f"{safe_path(report.path)}: {error}", file=sys.stderr)
            return report.findings
    return rest


def _known_by(finding: Finding, source: SourceText) -> tuple[str, str, str]:
    """Return what a finding keeps when comments are added: its rule, its message and its line without comments."""
    line = source.line(source.position(finding.span.start).line)
    return (finding.code, finding.message, line.partition("# hplint:")[0].strip())


def _for_settings(report: Report, reason: str) -> tuple[str, list[str]]:
    """Return the settings file that counts for a JSON file, and what to add to it."""
    found = settings_file(files.folder_of(report.path))
    path = found[0] if found is not None else os.path.abspath("hplint.toml")
    name = os.path.relpath(report.path, os.path.dirname(path)).replace(os.sep, "/")
    table = "tool.hplint.suppressions" if os.path.basename(path) == "pyproject.toml" else "suppressions"
    by_pointer: dict[str, list[str]] = {}
    for finding in report.findings if report.tree is not None else ():
        codes = by_pointer.setdefault(pointer_of(report.tree, finding) if report.tree is not None else "", [])
        if finding.code not in codes:
            codes.append(finding.code)
    entries = []
    for pointer, codes in by_pointer.items():
        at = f"at = {_quoted(pointer)}\n" if pointer else ""
        rules = ", ".join(map(_quoted, codes))
        entries.append(f"\n[[{table}]]\nfiles = {_quoted(name)}\n{at}rules = [{rules}]\nreason = {_quoted(reason)}\n")
    return path, entries


def _quoted(text: str) -> str:
    """Return a text as a string of TOML."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _append(path: str, text: str) -> None:
    """Add tables to a settings file, which is made where there is none. Raises UsageError."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            before = file.read()
    except FileNotFoundError:
        files.write_new(path, text.lstrip("\n"))
        print(f"{escape(os.path.relpath(path))}: made for what stands in JSON, which has no comments", file=sys.stderr)
        return
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    gap = "" if before.endswith("\n") or not before else "\n"
    try:
        files.write(path, before.encode(), f"{before}{gap}{text}".encode())
    except files.UnreadableError as error:
        raise UsageError(f"{path}: {error}") from None
