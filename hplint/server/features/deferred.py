"""codeAction/resolve: edits that take long to work out are made when the user picks the action.

For a client that cannot ask for them then, they are made at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.fixing import fix
from hplint.server.errors import CONTENT_MODIFIED, INVALID_PARAMS, Refused
from hplint.server.features.convert import Change, workspace_edit
from hplint.suppressions import insertion
from hplint.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.lint import Report
    from hplint.server.documents import Document
    from hplint.server.session import Session

    Maker = Callable[[Session, Document, Report, dict[str, Any]], tuple[Edit, ...]]

REASON = "say why here"
"""Stands where the author is to say why a finding is meant."""
IGNORE, FIX_ALL = "ignore", "fix-all"


def with_edit(
    session: Session, document: Document, report: Report, action: types.CodeAction, make: str, **details: Any
) -> types.CodeAction | None:
    """Return `action` with the edit that `make` names, or what it takes to make it later; None if there is none."""
    if can_resolve(session):
        action.data = {"uri": document.uri, "version": document.version, "make": make, **details}
        return action
    edits = _MAKERS[make](session, document, report, details)
    action.edit = workspace_edit(session, Change.of(document, edits))
    return action if edits else None


def can_resolve(session: Session) -> bool:
    """Whether the client asks for the edit of an action once it is chosen."""
    properties = session.client.listed("textDocument", "codeAction", "resolveSupport", "properties")
    return "edit" in properties and session.client.offers("textDocument", "codeAction", "dataSupport")


def resolve(session: Session, action: types.CodeAction) -> types.CodeAction:
    """Return an action with its edit. Raises Refused if the document is another by now.

    One that needs no edit comes back as it is: some clients ask for the edit of every action without one.
    """
    if action.data is None:
        return action
    details = action.data if isinstance(action.data, dict) else {}
    document = session.documents.get(str(details.get("uri")))
    make = _MAKERS.get(str(details.get("make")))
    if make is None:
        raise Refused(INVALID_PARAMS, "this action is none of those that hplint completes")
    report = session.report(document) if document is not None else None
    if document is None or report is None or document.version != details.get("version"):
        raise Refused(CONTENT_MODIFIED, "the document has changed since the action was offered")
    edits = make(session, document, report, details)
    if edits:
        action.edit = workspace_edit(session, Change.of(document, edits))
    return action


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.CODE_ACTION_RESOLVE: resolve}


def _ignored(session: Session, document: Document, report: Report, details: dict[str, Any]) -> tuple[Edit, ...]:
    """Return the edits that put a comment beside the finding of a code at a place."""
    place = (details.get("code"), details.get("start"))
    found = [finding for finding in report.findings if (finding.code, finding.span.start) == place]
    return insertion(report.tree, found[:1], REASON) if report.tree is not None else ()


def _fixed(session: Session, document: Document, report: Report, details: dict[str, Any]) -> tuple[Edit, ...]:
    """Return the edit that applies all safe fixes, as `hplint check --fix` does."""
    settings = session.project.settings(document.path)
    fixed = fix(report, report.path, settings, False, session.neighbours(document.path))
    return (_difference(document.text, fixed.report.source.text),) if fixed.count else ()


_MAKERS: dict[str, Maker] = {IGNORE: _ignored, FIX_ALL: _fixed}


def _difference(before: str, after: str) -> Edit:
    """Return the one edit between two texts, without what both begin and end with."""
    shorter = min(len(before), len(after))
    start = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    end = next((index for index in range(shorter - start) if before[-1 - index] != after[-1 - index]), shorter - start)
    return Edit(Span(start, len(before) - end), after[start : len(after) - end])
