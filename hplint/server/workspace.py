"""What is found in all configs of the workspace's folders, open or not: for clients that pull, and for the others."""

from __future__ import annotations

import os
import threading

from hplint.cli import files
from hplint.cli.data_files import holds_data
from hplint.lint import lint
from hplint.records import replace
from hplint.server.documents import Document
from hplint.server.errors import Refused
from hplint.server.progress import Progress
from hplint.server.pull import report_of
from hplint.server.settings_document import settings_findings
from hplint.server.uris import address_of, uri_of
from hplint.settings import Settings, SettingsError, settings_reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from hplint.server.session import Session

REPORTS_AT_ONCE = 20
"""How many files a partial result tells of."""
WALK_SECONDS = 0.01
TITLE = "hplint: looking through the workspace"
TOKEN = "hplint-workspace"
"""Of the progress that is shown to clients that do not pull."""


def workspace_diagnostic(session: Session, params: Any) -> Generator[bool, None, dict[str, Any]]:
    """Find what is in all configs, in steps; returns the report.

    A step yields True when there is more to do at once, and False when it waits for something to change: clients ask
    again as soon as they have an answer, so an answer that tells nothing new is held back.
    """
    params = params if isinstance(params, dict) else {}
    known = _previous(params.get("previousResultIds"))
    progress = Progress(session, params.get("workDoneToken"), TITLE)
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
        uris = yield from _configs(session)
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


def push_workspace(session: Session) -> Generator[bool, None, None]:
    """Send what is found in configs that are not open, in steps as above, and again whenever the disk has changed.

    For clients that do not pull it. The progress of the first time is shown to those that can show it.
    """
    agreed: list[Any] = []
    if session.client.offers("window", "workDoneProgress"):
        session.ask("window/workDoneProgress/create", {"token": TOKEN}, agreed.append)
    progress = Progress(session, None, TITLE)
    while True:
        stamp = session.disk
        uris = yield from _configs(session)
        sent = {uri for uri in session.pushed if uri not in uris and uri not in session.documents}
        for uri in sent:
            _push(session, uri, [])
        for number, (uri, path) in enumerate(uris.items(), 1):
            if agreed and number == 1:
                progress = Progress(session, TOKEN, TITLE)
                agreed.clear()
            try:
                progress.report(number, len(uris), os.path.basename(path))
            except Refused:  # the user does not want to wait for it; what is left follows with the next change
                break
            if uri not in session.documents:
                report = document_report(session, uri, path, session.pushed.get(uri))
                if report is None:
                    _push(session, uri, [])
                elif report["kind"] == "full":
                    _push(session, uri, report["items"], report["resultId"])
            yield True
            if session.disk != stamp:
                break
        progress.end()
        while session.disk == stamp:
            yield False


def _push(session: Session, uri: str, items: list[dict[str, Any]], result: str = "") -> None:
    """Send the diagnostics of a file that is not open; nothing about one of which there is and was nothing to say."""
    if items or session.pushed.pop(uri, ""):
        session.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": items})
    if items:
        session.pushed[uri] = result


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
    if holds_data(report):
        report = replace(report, findings=())
    # What is found in an archive has no place in the file itself: it is shown at its start.
    text = "" if files.is_archive(path) else report.source.text
    unopened = Document(uri, path, "", 0, text, session.client.encoding)
    found = session.project.new_findings(report, settings) or tuple(settings_findings(text, path))
    made = report_of([session.diagnostic(finding, report, unopened) for finding in found], previous)
    session.results[path] = (stamp, made["resultId"])
    return {"version": None, **made}


def _configs(session: Session) -> Generator[bool, None, dict[str, str]]:
    """Find the configs in the workspace's folders, as `hplint check` does, as the client calls them: paths by address.

    The disk is read by another thread. None where the user's settings have the workspace left alone.
    """
    found: list[str] = []
    folders = [folder for folder in session.folders if session.project.looks_through(folder)]

    def find() -> None:  # nothing of the session is touched here: it belongs to the thread that serves
        found.extend(target.path for target in files.find_targets(folders, _settings_reader()) if target.fault is None)

    walk = threading.Thread(target=find, daemon=True)
    walk.start()
    while walk.is_alive():
        walk.join(WALK_SECONDS)
        yield True
    opened = {document.path: document.uri for document in session.documents.values() if document.path}
    # An archive is open as the text inside it, under an address of another scheme.
    inside = {address_of(document.uri) for document in session.documents.values() if not document.path}
    uris = {opened.get(path) or uri_of(path): path for path in found}
    return {uri: path for uri, path in uris.items() if not (files.is_archive(path) and address_of(uri) in inside)}


def _settings_reader() -> Callable[[str], Settings]:
    """Return what reads a folder's settings; what is wrong with them is told when a file there is linted."""
    find = settings_reader()

    def settings_in(folder: str) -> Settings:
        try:
            return find(folder)
        except SettingsError:
            return Settings()

    return settings_in


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
