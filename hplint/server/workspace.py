"""workspace/diagnostic: what is found in all configs of the workspace's folders, open or not."""

from __future__ import annotations

import os
import threading

from hplint.cli import files
from hplint.lint import lint
from hplint.server.documents import Document
from hplint.server.progress import Progress
from hplint.server.pull import report_of
from hplint.server.uris import uri_of
from hplint.settings import Settings, SettingsError, find_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from hplint.server.session import Session

REPORTS_AT_ONCE = 20
"""How many files a partial result tells of."""
WALK_SECONDS = 0.01


def workspace_diagnostic(session: Session, params: Any) -> Generator[bool, None, dict[str, Any]]:
    """Find what is in all configs, in steps; returns the report.

    A step yields True when there is more to do at once, and False when it waits for something to change: clients ask
    again as soon as they have an answer, so an answer that tells nothing new is held back.
    """
    params = params if isinstance(params, dict) else {}
    known = _previous(params.get("previousResultIds"))
    progress = Progress(session, params.get("workDoneToken"), "hplint: looking through the workspace")
    sender = _Sender(session, params.get("partialResultToken"))
    try:
        return (yield from _look(session, known, progress, sender))
    finally:
        progress.end()


def _look(
    session: Session, known: dict[str, str], progress: Progress, sender: _Sender
) -> Generator[bool, None, dict[str, Any]]:
    while True:
        generation = session.generation
        paths = yield from _configs(session)
        opened = {document.path: document.uri for document in session.documents.values()}
        uris = {opened.get(path) or uri_of(path): path for path in paths}
        for number, (uri, path) in enumerate(uris.items(), 1):
            report = document_report(session, uri, path, known.get(uri))
            if report is not None:
                sender.add({"uri": uri, **report})
            progress.report(number, len(uris), os.path.basename(path))
            yield True
        for uri in known:
            if uri not in uris:
                sender.add({"uri": uri, "version": None, "kind": "full", "items": []})
        progress.end()
        if sender.is_new or not known:
            return {"items": sender.rest()}
        sender.drop()
        while session.generation == generation:
            yield False


def document_report(session: Session, uri: str, path: str, previous: str | None) -> dict[str, Any] | None:
    """Return the report on one file, as the client has it if it is open; None if it cannot be read."""
    document = session.documents.get(uri)
    if document is not None:
        return {"version": document.version, **report_of(session.diagnostics(document), previous)}
    settings = session.project.settings(path)
    try:
        about = os.stat(path)
        stamp = (about.st_mtime_ns, about.st_size, settings)
        if previous is not None and session.results.get(path) == (stamp, previous):
            return {"version": None, "kind": "unchanged", "resultId": previous}
        content = files.read(files.Target(path, False))
    except (OSError, files.UnreadableError):
        return None
    report = lint(content, path, settings, read_neighbour=session.neighbours(path))
    unopened = Document(uri, path, "", 0, report.source.text, session.client.encoding)
    found = session.project.new_findings(report, settings)
    made = report_of([session.diagnostic(finding, report, unopened) for finding in found], previous)
    session.results[path] = (stamp, made["resultId"])
    return {"version": None, **made}


def _configs(session: Session) -> Generator[bool, None, list[str]]:
    """Find the configs in the workspace's folders, as `hplint check` does; the disk is read by another thread."""
    found: list[str] = []
    folders = list(session.folders)

    def find() -> None:  # nothing of the session is touched here: it belongs to the thread that serves
        targets = files.find_targets(folders, _settings_in)
        found.extend(target.path for target in targets if target.fault is None and not files.is_archive(target.path))

    walk = threading.Thread(target=find, daemon=True)
    walk.start()
    while walk.is_alive():
        walk.join(WALK_SECONDS)
        yield True
    return found


def _settings_in(folder: str) -> Settings:
    """Return the settings that count in a folder; what is wrong with them is told when a file there is linted."""
    try:
        return find_settings(folder)
    except SettingsError:
        return Settings()


class _Sender:
    """Collects reports, and sends them in part where the client wants that."""

    def __init__(self, session: Session, token: Any) -> None:
        self._session = session
        self._token = token if isinstance(token, (int, str)) else None
        self._reports: list[dict[str, Any]] = []
        self.is_new = False

    def add(self, report: dict[str, Any]) -> None:
        self._reports.append(report)
        self.is_new = self.is_new or report["kind"] == "full"
        if self._token is not None and self.is_new and len(self._reports) >= REPORTS_AT_ONCE:
            self._flush()

    def rest(self) -> list[dict[str, Any]]:
        """Return what belongs in the answer: nothing, where all is sent in parts."""
        if self._token is not None and self._reports:
            self._flush()
        return self._reports

    def drop(self) -> None:
        """Forget reports that tell nothing new."""
        self._reports = []

    def _flush(self) -> None:
        self._session.notify("$/progress", {"token": self._token, "value": {"items": self._reports}})
        self._reports = []


def _previous(listed: Any) -> dict[str, str]:
    """Return the ids of the results that the client has, by address."""
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    found = ((entry.get("uri"), entry.get("value")) for entry in entries)
    return {uri: value for uri, value in found if isinstance(uri, str) and isinstance(value, str)}
