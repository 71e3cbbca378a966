"""A baseline: the findings that a project knows of and has not mended yet. Only others are reported.

An entry is a finding by its file, rule, message and the text of its line, with the number of times it occurs. So it
stays with the finding when lines above come or go, and when the file is renamed. A baseline only ever shrinks.
"""

from __future__ import annotations

import json
import os
from collections import Counter

from hplint.output.places import posix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hplint.findings import Finding
    from hplint.lint import Report

VERSION = 1
DEFAULT = "hplint-baseline.json"

if TYPE_CHECKING:
    Entry = tuple[str, str, str, str]
    """The path (with forward slashes, relative to the baseline's folder), code, message and line of a finding."""


class BaselineError(Exception):
    """A baseline that cannot be used, with the reason."""


class Baseline:
    """Known findings, and which of them have been met."""

    def __init__(self, path: str, known: Counter[Entry]) -> None:
        self.path = path
        self.folder = os.path.dirname(os.path.abspath(path))
        self.left = known.copy()
        self.met: Counter[Entry] = Counter()
        self.linted: set[str] = set()

    def new(self, report: Report) -> tuple[Finding, ...]:
        """Return the findings of a report that are not known; each known one counts as often as it is known."""
        path = self.relative(report.path)
        self.linted.add(path)
        found = [(finding, entry_of(report, finding, path)) for finding in report.findings]
        strangers = [(finding, entry) for finding, entry in found if not self._take(entry, entry)]
        return tuple(finding for finding, entry in strangers if not self._take_renamed(entry))

    def _take(self, known: Entry, entry: Entry) -> bool:
        if self.left[known] <= 0:
            return False
        self.left[known] -= 1
        self.met[entry] += 1
        return True

    def _take_renamed(self, entry: Entry) -> bool:
        """Whether the finding is known of a file that is no longer there, and so may have been renamed."""
        for known in sorted(self.left):
            if known[1:] == entry[1:] and self.left[known] > 0 and not self._exists(known[0]):
                return self._take(known, entry)
        return False

    def _exists(self, path: str) -> bool:
        return os.path.exists(os.path.join(self.folder, path))

    def relative(self, path: str) -> str:
        """Return a path as the baseline writes it."""
        return posix(os.path.relpath(path, self.folder))

    def gone(self) -> int:
        """Return how many known findings of the files that were linted, or are no longer there, have not been met."""
        return sum(
            count
            for entry, count in self.left.items()
            if count > 0 and (entry[0] in self.linted or not self._exists(entry[0]))
        )

    def shrunk(self) -> Counter[Entry]:
        """Return what is still to be known: what was met, under its present path, and what was not looked at."""
        rest = Counter({
            entry: count
            for entry, count in self.left.items()
            if count > 0 and entry[0] not in self.linted and self._exists(entry[0])
        })  # fmt: skip
        return self.met + rest


def entry_of(report: Report, finding: Finding, path: str) -> Entry:
    """Return the entry for a finding of the file that the baseline calls `path`."""
    line = report.source.line(report.source.position(finding.span.start).line).strip()
    return (path, finding.code, finding.message, line)


def entries_of(reports: Iterable[Report], folder: str) -> Counter[Entry]:
    """Return the entries for all findings of some reports, for a baseline in `folder`."""
    relative = Baseline(os.path.join(folder, DEFAULT), Counter()).relative
    return Counter(
        entry_of(report, finding, relative(report.path)) for report in reports for finding in report.findings
    )


def load(path: str) -> Baseline:
    """Return the baseline in a file. Raises BaselineError."""
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except OSError as error:
        raise BaselineError(
            f"the baseline {path} cannot be read: {error.strerror}; `hplint baseline` makes it"
        ) from None
    except (ValueError, RecursionError):
        raise BaselineError(f"the baseline {path} is no JSON; delete it, and `hplint baseline` makes it anew") from None
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise BaselineError(
            f"the baseline {path} is of another version; delete it, and `hplint baseline` makes it anew"
        )
    try:
        known = Counter({_entry(item): int(item["count"]) for item in document["findings"]})
    except (KeyError, TypeError, ValueError, OverflowError):
        raise BaselineError(f"the baseline {path} is not as `hplint baseline` wrote it; make it anew") from None
    return Baseline(path, known)


def _entry(item: Any) -> Entry:
    return (str(item["path"]), str(item["code"]), str(item["message"]), str(item["line"]))


def dump(known: Counter[Entry]) -> str:
    """Return a baseline as text, in an order that makes for small diffs."""
    findings = [
        {"path": path, "code": code, "message": message, "line": line, "count": known[path, code, message, line]}
        for path, code, message, line in sorted(known)
    ]
    return json.dumps({"version": VERSION, "findings": findings}, indent=1, ensure_ascii=True) + "\n"
