"""workspace/executeCommand: what is done when the user picks it, beyond an edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from lsprotocol import types

from hplint import knowledge
from hplint.explain import explain
from hplint.lint import lint
from hplint.output.walk_page import walk_page
from hplint.records import replace
from hplint.server.capabilities import APPLY_EDIT, DESCRIBE, EXPLAIN, OPEN_RULE_PAGE, SHOW_EXPLANATION
from hplint.server.errors import INVALID_PARAMS, REQUEST_FAILED, Refused
from hplint.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.server.session import Session


def execute_command(session: Session, params: types.ExecuteCommandParams) -> Any:
    """Run a command of the server. Raises Refused for one that there is not, or that is called wrongly."""
    given = next(iter(params.arguments or (None,)))
    if params.command == APPLY_EDIT and isinstance(given, dict):
        return apply_edit(session, given)
    command = _COMMANDS.get(params.command)
    if command is None:
        raise Refused(INVALID_PARAMS, f"there is no command {params.command}")
    if not isinstance(given, str):
        raise Refused(INVALID_PARAMS, f"{params.command} needs one text")
    return command(session, given)


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.WORKSPACE_EXECUTE_COMMAND: execute_command}


def apply_edit(session: Session, edit: dict[str, Any]) -> None:
    """Let the client make the edit of a code action, where it takes actions as commands only."""
    session.ask("workspace/applyEdit", {"edit": edit}, lambda _: None)


def open_rule_page(session: Session, code: str) -> None:
    """Let the client show a rule's page, which comes with hplint."""
    if code not in knowledge.rule_documents():
        raise Refused(INVALID_PARAMS, f"there is no rule {code}")
    shown = {"uri": knowledge.page_url(code), "external": False, "takeFocus": True}
    session.ask("window/showDocument", shown, lambda _: None)


def explain_config(session: Session, uri: str) -> dict[str, str] | None:
    """Write the walk down the decision tree for an open document, as a page, and return the page and its address.

    The page is a temporary file that goes when the server ends; asking again writes it anew. None for what is no
    training config.
    """
    document = session.documents.get(uri)
    report = session.report(document) if document is not None else None
    if document is None or report is None:
        return None
    everything = replace(session.project.settings(document.path), select=("ALL",))
    neighbours = session.neighbours(document.path)
    # Read anew: the tree of the report goes on into the next version's, and must not be looked at in another way.
    whole = lint(SourceText(document.text), report.path, everything, read_neighbour=neighbours)
    if whole.training is None:
        return None
    name = Path(document.path).name or "untitled"
    folder = Path(session.folder_of_pages(), f"{crc32(uri.encode()):08x}")
    reading = f"Read as {whole.recognition.name}: {whole.recognition.reason}."
    page = walk_page(name, reading, explain(whole), whole.source, document.path, str(folder))
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text(page, encoding="utf-8")
    return {"title": name, "uri": path.as_uri(), "markdown": page}


def show_explanation(session: Session, uri: str) -> None:
    """Let the client show the walk of an open document."""
    page = explain_config(session, uri)
    if page is None:
        raise Refused(REQUEST_FAILED, "this is no training config, so there is nothing to explain")
    session.ask("window/showDocument", {"uri": page["uri"], "external": False, "takeFocus": True}, lambda _: None)


def describe(session: Session, uri: str) -> dict[str, str | None] | None:
    """Return what an open document is taken for: format and title (None: no training config) and the reason.

    None for a document that hplint does not read.
    """
    document = session.documents.get(uri)
    report = session.report(document) if document is not None else None
    if report is None:
        return None
    name, reason = report.recognition.name, report.recognition.reason
    title = knowledge.formats().get(name, {}).get("title", name) if name is not None else None
    return {"format": name, "title": title, "reason": reason}


_COMMANDS: dict[str, Callable[[Session, str], Any]] = {
    OPEN_RULE_PAGE: open_rule_page,
    EXPLAIN: explain_config,
    SHOW_EXPLANATION: show_explanation,
    DESCRIBE: describe,
}
