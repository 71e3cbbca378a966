"""What the server knows while it runs: the client, its open documents, the settings of their folders."""

from __future__ import annotations

import json
import os

from hplint.companions import Neighbour
from hplint.ide.document import document as see
from hplint.lint import Report, lint
from hplint.neighbours import is_below, reader_beside
from hplint.parsing import SYNTAXES
from hplint.records import replace
from hplint.server.client import Client
from hplint.server.diagnostics import diagnostic
from hplint.server.documents import Document
from hplint.server.project import Project
from hplint.server.settings_document import is_settings, settings_findings
from hplint.server.uris import uri_of
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from tempfile import TemporaryDirectory
    from typing import Any

    from hplint.companions import ReadNeighbour
    from hplint.facts.parts import Training
    from hplint.findings import Finding
    from hplint.ide.document import Document as Seen
    from hplint.server.preferences import Preferences

LANGUAGES = {"yaml": "yaml", "json": "json", "jsonc": "json", "toml": "toml", "dockercompose": "yaml"}
"""The client's names of languages, and how a document is read whose name has no ending that tells."""

REFRESHES = {"diagnostic": ("diagnostics",), "inlayHint": ("inlayHint",), "codeLens": ("codeLens",)}
"""What a client can be told to ask for again, and where in its capabilities it says so."""

ERROR_LEVEL, WARNING_LEVEL, INFO_LEVEL = 1, 2, 3


class Session:
    """The state of one client's server. `write` sends a message's bytes."""

    def __init__(self, write: Callable[[bytes], None], log_file: str | None = None) -> None:
        self.write = write
        self._log_file = log_file
        self.client = Client({})
        self.documents: dict[str, Document] = {}
        self.folders: list[str] = []
        self.generation = 0
        """Grows whenever something may be found elsewhere than before: texts, files, settings, folders."""
        self.disk = 0
        """Grows with all of these but the texts of open documents."""
        self._pages: TemporaryDirectory[str] | None = None
        self.cancelled_tokens: set[int | str] = set()
        """Tokens of progress that the user wants to stop."""
        self.results: dict[str, Any] = {}
        """What was last told of files that are not open; kept by hplint.server.workspace."""
        self.pushed: dict[str, str] = {}
        """What a client that does not pull the workspace was last told of files that are not open, by address."""
        self.project = Project(lambda text: self.log(text, WARNING_LEVEL))
        self._spent: list[Training] = []
        """The facts of texts that have changed since."""
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
        message = {"id": self._last_id, "method": method, "params": params}
        self.send(message if params is not None else {"id": self._last_id, "method": method})

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
        if self._log_file is not None:
            _append(self._log_file, what, error)
        traceback = error.__traceback__
        while traceback is not None and traceback.tb_next is not None:
            traceback = traceback.tb_next
        place = ""
        if traceback is not None:
            code = traceback.tb_frame.f_code
            place = f" in {os.path.basename(code.co_filename)}, line {traceback.tb_lineno}"
        self.log(f"{what} failed: {type(error).__name__}{place}", ERROR_LEVEL)

    def set_preferences(self, general: Preferences, by_folder: dict[str, Preferences]) -> None:
        """Let other settings of the editor count from now on."""
        paths = [document.path for document in self.documents.values()]
        before = [self.project.preferences(path) for path in paths]
        self.project.prefer(general, by_folder)
        self.disk_changed()
        if [self.project.preferences(path) for path in paths] != before:
            self._look_again(list(self.documents.values()))

    def disk_changed(self) -> None:
        """Take note that other things may be found in files that are not open."""
        self.generation += 1
        self.disk += 1

    def files_changed(self, paths: list[str]) -> None:
        """Take note that files have changed on the disk; without `paths` it is not known which."""
        self.disk_changed()
        if (not paths or any(map(self.project.depends_on, paths))) and self.project.read_again():
            self._look_again(list(self.documents.values()))
            return
        beside = {document.path for document in self.documents.values()}
        if not beside.issuperset(paths):
            held = [document for document in self.documents.values() if not _others(document).isdisjoint(paths)]
            self._look_again(held)

    def text_changed(self, document: Document) -> None:
        """Show what is found in a document that was opened or changed, and in those that it is held together with."""
        self.generation += 1
        self._show(document)
        for other in self.documents.values():
            if other is not document and document.path and document.path in _others(other):
                other.seen = None
                self._show(other)

    def _show(self, document: Document) -> None:
        if not self.client.pulls:
            self.publish(document)

    def _look_again(self, documents: list[Document]) -> None:
        """Let what is shown of documents follow what else has changed."""
        for document in documents:
            document.seen = None
            self._show(document)
        for shown, path in REFRESHES.items() if documents else ():
            if self.client.offers("workspace", *path, "refreshSupport"):
                self.ask(f"workspace/{shown}/refresh", None, lambda _: None)

    @property
    def has_shown(self) -> bool:
        """Whether any document has been linted."""
        return any(document.seen is not None for document in self.documents.values())

    def report(self, document: Document) -> Report | None:
        """Return what is found in a document as it is now; None for a language that hplint does not read."""
        seen = (document.version, document.text)
        if document.seen != seen:
            if document.report is not None and document.report.training is not None:
                self._spent.append(document.report.training)
            document.seen, document.report = seen, None
            name = _name_of(document) if self.project.preferences(document.path).enable else None
            settings = self.project.settings(document.path)
            made = None
            if name is not None and not (document.path and settings.excludes(document.path)):
                beside = self.neighbours(document.path)
                before, document.whole = document.whole, None  # spent, even if hplint fails halfway
                edited = document.edited
                edit = edited[1] if edited and before is not None and edited[0] is before.source.text else None
                made = lint(SourceText(document.text), name, settings, None, beside, before, edit)
                document.whole = made if made.tree is not None and made.tree.complete else before
                made = replace(made, findings=self.project.new_findings(made, settings))
            document.report = made
        report: Report | None = document.report
        return report

    def seen(self, document: Document | None) -> Seen | None:
        """Return a document as the features of hplint.ide look at it; None where there is nothing to look at."""
        report = self.report(document) if document is not None else None
        if document is None or report is None:
            return None
        if document.view is None or document.view.report is not report:
            document.view = see(report, document.view, self.project.settings(document.path))
        view: Seen = document.view
        return view

    def let_go(self) -> None:
        """Give back the memory of what is not needed any more; left to Python, that may happen while somebody types."""
        for training in self._spent:
            training.release()
        self._spent.clear()

    def folder_of(self, path: str) -> str | None:
        """Return the innermost workspace folder around a path, None if there is none."""
        return max((folder for folder in self.folders if is_below(path, folder)), key=len, default=None)

    def folder_of_pages(self) -> str:
        """Return a folder for pages that are made to be shown; it goes when the server ends."""
        if self._pages is None:
            from tempfile import TemporaryDirectory

            self._pages = TemporaryDirectory(prefix="hplint-", ignore_cleanup_errors=True)
        return self._pages.name

    def neighbours(self, path: str) -> ReadNeighbour | None:
        """Return what reads the files that a config names, as the client has them open, in its workspace folder."""
        if not path:
            return None
        read_file = reader_beside(path, self.folder_of(path))

        def read_neighbour(name: str, exactly: bool = False) -> Neighbour | None:
            found = read_file(name, exactly)
            opened = self.documents.get(uri_of(found.path)) if found is not None else None
            return found if found is None or opened is None else Neighbour(found.path, opened.text.encode())

        return read_neighbour

    def diagnostic(self, finding: Finding, report: Report | None, document: Document) -> dict[str, Any]:
        """Return a finding in a document as the client can show it."""
        return diagnostic(finding, report, document, self.client)

    def diagnostics(self, document: Document) -> list[dict[str, Any]]:
        """Return the diagnostics of a document as it is now."""
        report = self.report(document)
        found = [self.diagnostic(finding, report, document) for finding in report.findings] if report else []
        if is_settings(document.path) and not found:  # what is wrong with the TOML itself is found already
            about = settings_findings(document.text, document.path)
            found += [self.diagnostic(finding, report, document) for finding in about]
        return found

    def publish(self, document: Document) -> None:
        """Send the diagnostics of a document to a client that waits for them to come."""
        params: dict[str, Any] = {"uri": document.uri, "diagnostics": self.diagnostics(document)}
        if self.client.takes_versions:
            params["version"] = document.version
        self.notify("textDocument/publishDiagnostics", params)


def _append(path: str, what: str, error: BaseException) -> None:
    """Append the whole story of an error to a log; a log that cannot be written must not stop the server."""
    import time
    import traceback

    story = "".join(traceback.format_exception(error))
    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {what} failed\n{story}\n")
    except OSError:
        return


def _others(document: Document) -> set[str]:
    """Return the paths of the other files that were read to lint a document."""
    report: Report | None = document.report
    return {other.path for other in report.others} if report is not None else set()


def _name_of(document: Document) -> str | None:
    """Return the path that tells how a document is read, None if neither its name nor its language does."""
    dot = document.path.rfind(".")
    if dot >= 0 and document.path[dot:].lower() in SYNTAXES:
        return document.path
    syntax = LANGUAGES.get(document.language)
    return f"{document.path}.{syntax}" if syntax is not None else None
