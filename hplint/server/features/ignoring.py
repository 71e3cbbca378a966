"""Code actions that leave a finding be: with a comment beside it, or in the project's settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types

from hplint.server.documents import Document
from hplint.server.features.convert import Change, diagnostic_of, workspace_edit
from hplint.server.features.deferred import IGNORE, REASON, with_edit
from hplint.server.uris import path_of, uri_of
from hplint.settings import FILES, settings_file
from hplint.settings_edits import ignore_rule, suppress
from hplint.suppressions import pointer_of
from hplint.text import UndecodableError, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hplint.findings import Finding
    from hplint.lint import Report
    from hplint.server.session import Session
    from hplint.text import Edit


def ignore_actions(
    session: Session, document: Document, report: Report, finding: Finding
) -> Iterator[types.CodeAction]:
    """Yield the ways to leave a finding be."""
    takes_comments = report.tree is not None and report.tree.syntax != "json"
    if takes_comments:
        action = _action(document, finding, f"Ignore {finding.code} here", None)
        made = with_edit(session, document, report, action, IGNORE, code=finding.code, start=finding.span.start)
        if made is not None:
            yield made
    target = _settings_file(session, document)
    if target is None:
        return
    path, uri, text = target
    name = os.path.basename(path)
    if not takes_comments and report.tree is not None:
        entry = {
            "files": os.path.relpath(document.path, os.path.dirname(path)).replace(os.sep, "/"),
            "at": pointer_of(report.tree, finding),
            "rules": [finding.code],
            "reason": REASON,
        }
        edit = suppress(text or "", path, entry)
        yield from _in_settings(session, document, finding, uri, text, edit, f"Ignore {finding.code} here, in {name}")
    edit = ignore_rule(text or "", path, finding.code)
    yield from _in_settings(session, document, finding, uri, text, edit, f"Ignore {finding.code} everywhere, in {name}")


def _settings_file(session: Session, document: Document) -> tuple[str, str, str | None] | None:
    """Return the path, address and text of the settings file that counts for a document; no text if it is to be made.

    None where there is no place for one, or the client cannot make it.
    """
    if not document.path:
        return None
    found = settings_file(os.path.dirname(document.path))
    if found is None:
        folder = session.folder_of(document.path)
        can_create = "create" in session.client.listed("workspace", "workspaceEdit", "resourceOperations")
        if folder is None or not can_create:
            return None
        path = os.path.join(folder, FILES[0])
        return None if os.path.lexists(path) else (path, uri_of(path), None)
    path, content = found
    opened = next((other for other in session.documents.values() if path_of(other.uri) == path), None)
    if opened is not None:
        return path, opened.uri, opened.text
    try:
        return path, uri_of(path), decode(content).text
    except UndecodableError:
        return None


def _in_settings(
    session: Session, document: Document, finding: Finding, uri: str, text: str | None, edit: Edit | None, title: str
) -> Iterator[types.CodeAction]:
    if edit is not None:
        opened = session.documents.get(uri)
        unopened = Document(uri, "", "", 0, text, session.client.encoding) if text is not None else None
        change = Change(uri, opened.version if opened else None, opened or unopened, (edit,))
        yield _action(document, finding, title, workspace_edit(session, change))


def _action(document: Document, finding: Finding, title: str, edit: types.WorkspaceEdit | None) -> types.CodeAction:
    return types.CodeAction(
        title=title, kind=types.CodeActionKind.QuickFix, diagnostics=[diagnostic_of(document, finding)], edit=edit
    )
