"""What the server knows while it runs: the client, its open documents, the settings of their folders."""

from __future__ import annotations

import json
import os

from hplint.companions import Neighbour
from hplint.lint import SYNTAXES, Report, lint
from hplint.neighbours import is_below, reader_beside
from hplint.server.client import Client
from hplint.server.diagnostics import diagnostic
from hplint.server.documents import Document
from hplint.server.uris import uri_of
from hplint.settings import Settings, SettingsError, find_settings
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hplint.companions import ReadNeighbour

LANGUAGES = {"yaml": "yaml", "json": "json", "jsonc": "json", "toml": "toml", "dockercompose": "yaml"}
"""The client's names of languages, and how a document is read whose name has no ending that tells."""

ERROR_LEVEL, WARNING_LEVEL, INFO_LEVEL = 1, 2, 3


class Session:
    """The state of one client's server. `write` sends a message's bytes."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.write = write
        self.client = Client({})
        self.documents: dict[str, Document] = {}
        self.folders: list[str] = []
        self._settings: dict[str, Settings] = {}
        self._asked: dict[int, Callable[[Any], None]] = {}
        self._last_id = 0

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self.write(json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode())

    def notify(self, method: str, params: Any) -> None:
        """Tell the client something."""
        self.send({"method": method, "params": params})

    def ask(self, method: str, params: Any, then: Callable[[Any], None]) -> None:
        """Ask the client something; `then` gets the result, and is not called if the client refuses."""
        self._last_id += 1
        self._asked[self._last_id] = then
        self.send({"id": self._last_id, "method": method, "params": params})

    def answered(self, message: dict[str, Any]) -> None:
        """Take the client's answer to a question; one to no question is ignored."""
        number = message.get("id")
        then = self._asked.pop(number, None) if type(number) is int else None
        if then is not None and "error" not in message:
            then(message.get("result"))

    def log(self, text: str, level: int = INFO_LEVEL) -> None:
        """Write a line to the client's log of this server."""
        self.notify("window/logMessage", {"type": level, "message": text})

    def crashed(self, what: str, error: BaseException) -> None:
        """Log that something went wrong that should not have; the client is told where in hplint, and no more."""
        traceback = error.__traceback__
        while traceback is not None and traceback.tb_next is not None:
            traceback = traceback.tb_next
        place = ""
        if traceback is not None:
            code = traceback.tb_frame.f_code
            place = f" in {os.path.basename(code.co_filename)}, line {traceback.tb_lineno}"
        self.log(f"{what} failed: {type(error).__name__}{place}", ERROR_LEVEL)

    def settings(self, path: str) -> Settings:
        """Return the settings that count for the file at `path`; those that cannot be used count as absent."""
        folder = os.path.dirname(path) if path else ""
        if folder not in self._settings:
            try:
                self._settings[folder] = find_settings(folder) if folder else Settings()
            except SettingsError as error:
                self._settings[folder] = Settings()
                self.log(f"settings are not used: {os.path.basename(str(error))}", WARNING_LEVEL)
        return self._settings[folder]

    def report(self, document: Document) -> Report | None:
        """Return what is found in a document as it is now; None for a language that hplint does not read."""
        seen = (document.version, document.text)
        if document.seen != seen:
            document.seen = seen
            name = _name_of(document)
            made = None
            if name is not None:
                beside = self.neighbours(document)
                made = lint(SourceText(document.text), name, self.settings(document.path), read_neighbour=beside)
            document.report = made
        report: Report | None = document.report
        return report

    def neighbours(self, document: Document) -> ReadNeighbour | None:
        """Return what reads the files that a document names, as the client has them open, in its workspace folder."""
        if not document.path:
            return None
        roots = [folder for folder in self.folders if is_below(document.path, folder)]
        read_file = reader_beside(document.path, max(roots, key=len, default=None))

        def read_neighbour(name: str) -> Neighbour | None:
            found = read_file(name)
            opened = self.documents.get(uri_of(found.path)) if found is not None else None
            return found if found is None or opened is None else Neighbour(found.path, opened.text.encode())

        return read_neighbour

    def diagnostics(self, document: Document) -> list[dict[str, Any]]:
        """Return the diagnostics of a document as it is now."""
        report = self.report(document)
        return [diagnostic(finding, report, document, self.client) for finding in report.findings] if report else []

    def publish(self, document: Document) -> None:
        """Send the diagnostics of a document to a client that waits for them to come."""
        params: dict[str, Any] = {"uri": document.uri, "diagnostics": self.diagnostics(document)}
        if self.client.takes_versions:
            params["version"] = document.version
        self.notify("textDocument/publishDiagnostics", params)


def _name_of(document: Document) -> str | None:
    """Return the path that tells how a document is read, None if neither its name nor its language does."""
    dot = document.path.rfind(".")
    if dot >= 0 and document.path[dot:].lower() in SYNTAXES:
        return document.path
    syntax = LANGUAGES.get(document.language)
    return f"{document.path}.{syntax}" if syntax is not None else None
