"""Documents that the client opens, changes and closes, and their diagnostics."""

from __future__ import annotations

from hplint.server.documents import Document
from hplint.server.errors import INVALID_PARAMS, Refused
from hplint.server.uris import path_of, uri_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.server.session import Session


def did_open(session: Session, params: Any) -> None:
    """A document is opened: from now on the client's text counts, not the disk's."""
    item = _object(params, "textDocument")
    uri, version = _text(item, "uri"), item.get("version")
    language = item.get("languageId")
    document = Document(
        uri,
        path_of(uri),
        language if isinstance(language, str) else "",
        version if type(version) is int else 0,
        _text(item, "text"),
        session.client.encoding,
    )
    session.documents[uri] = document
    session.text_changed(document)
    if session.client.pulls and session.pushed.pop(uri, ""):  # from now on the client pulls it
        session.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})
    if session.pushed and uri not in session.pushed and uri_of(document.path) in session.pushed:
        session.disk_changed()  # the client spells the address in another way


def did_change(session: Session, params: Any, overtaken: bool = False) -> None:
    """A document is changed. If the next change waits already (`overtaken`), diagnostics wait for that."""
    item = _object(params, "textDocument")
    document = session.documents.get(_text(item, "uri"))
    if document is None:
        return
    version, changes = item.get("version"), params.get("contentChanges")
    if type(version) is not int:
        version = document.version + 1
    elif version <= document.version:
        session.log(f"a change to version {version} came after version {document.version} and was left out")
        return
    if not isinstance(changes, list):
        raise Refused(INVALID_PARAMS, "contentChanges is not a list")
    document.change(version, changes)
    if not overtaken:
        session.text_changed(document)


def did_close(session: Session, params: Any) -> None:
    """A document is closed: what was said of it is taken back."""
    uri = document_uri(params)
    if session.documents.pop(uri, None) is None:
        return
    if not session.client.pulls:
        session.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})
        session.pushed.pop(uri, None)
    session.disk_changed()  # what is found in the file itself counts again


def document_uri(params: Any) -> str:
    """Return the address of the document that params are about. Raises Refused if they name none."""
    return _text(_object(params, "textDocument"), "uri")


def _object(params: Any, name: str) -> dict[str, Any]:
    found = params.get(name) if isinstance(params, dict) else None
    if not isinstance(found, dict):
        raise Refused(INVALID_PARAMS, f"{name} is not an object")
    return found


def _text(item: dict[str, Any], name: str) -> str:
    found = item.get(name)
    if not isinstance(found, str):
        raise Refused(INVALID_PARAMS, f"{name} is not a text")
    return found
