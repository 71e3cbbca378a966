"""textDocument/codeAction: what can be done about the findings in a range.

They are found anew: clients send diagnostics back changed, or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from hplint.findings import DISPLAY, SAFE
from hplint.fixing import MAX_ROUNDS, without_overlaps
from hplint.ide.search_range import search_range
from hplint.server.capabilities import APPLY_EDIT, EXPLANATION, FIX_ALL, OPEN_RULE_PAGE, SEARCH_RANGE, SHOW_EXPLANATION
from hplint.server.features import deferred
from hplint.server.features.convert import Change, diagnostic_of, span_of, workspace_edit
from hplint.server.features.deferred import with_edit
from hplint.server.features.ignoring import ignore_actions
from hplint.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hplint.findings import Finding, Fix
    from hplint.lint import Report
    from hplint.server.documents import Document
    from hplint.server.session import Session

MAX_FINDINGS = 30
"""For how many findings of a range actions are offered: a menu is to be read."""
MAX_READ = 300_000
"""How many characters are read again at the most to offer edits at once, to clients that cannot ask for them later."""


def code_action(session: Session, params: types.CodeActionParams) -> list[types.CodeAction | types.Command] | None:
    """Return what can be done about the findings that touch a range of an open document."""
    document = session.documents.get(params.text_document.uri)
    report = session.report(document) if document is not None else None
    if document is None or report is None:
        return None
    wanted = _Wanted(params.context.only)
    span = span_of(document, params.range)
    touched = [finding for finding in report.findings if _touches(finding.span, span)][:MAX_FINDINGS]
    actions: list[types.CodeAction] = []
    if wanted(types.CodeActionKind.QuickFix):
        for finding in touched:
            actions += _fixes(session, document, finding)
        for code in dict.fromkeys(finding.code for finding in touched):
            actions += _fixes_of_rule(session, document, report, code)
        few = touched if deferred.can_resolve(session) else touched[: MAX_READ // (1 + len(document.text))]
        for finding in few:
            actions += ignore_actions(session, document, report, finding)
        actions += _rule_pages(session, document, touched)
    if wanted(SEARCH_RANGE):
        actions += _search_range(session, document, span.start)
    if wanted(FIX_ALL):
        actions += _fix_all(session, document, report)
    # Editors mark every place with actions, so that of the whole file is offered beside a finding, or when asked for.
    if wanted(EXPLANATION) and (touched or params.context.only) and report.training is not None:
        actions += _explanation(session, document)
    takes_actions = session.client.offers("textDocument", "codeAction", "codeActionLiteralSupport")
    return list(actions) if takes_actions else _commands_only(session, actions)


HANDLERS: dict[str, Callable[[Session, Any], Any]] = {types.TEXT_DOCUMENT_CODE_ACTION: code_action}


def _commands_only(session: Session, actions: list[types.CodeAction]) -> list[types.CodeAction | types.Command]:
    """Return actions for a client that knows commands only."""
    can_edit = session.client.offers("workspace", "applyEdit")
    made: list[types.CodeAction | types.Command] = []
    for action in actions:
        if action.command is not None:
            made.append(action.command)
        elif action.edit is not None and can_edit:
            made.append(types.Command(action.title, APPLY_EDIT, arguments=[action.edit]))
    return made


class _Wanted:
    """Tells whether actions of a kind are asked for: without `only` all are."""

    def __init__(self, only: Any) -> None:
        self._only = [str(getattr(kind, "value", kind)) for kind in only] if only is not None else None

    def __call__(self, kind: str) -> bool:
        kind = str(getattr(kind, "value", kind))
        if self._only is None:
            return True
        return any(not only or kind == only or kind.startswith(f"{only}.") for only in self._only)


def _touches(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _fixes(session: Session, document: Document, finding: Finding) -> Iterator[types.CodeAction]:
    """Yield an action for each fix of a finding; the first safe one is the one to prefer."""
    preferred = next((one for one in finding.fixes if one.applicability == SAFE), None)
    for one in finding.fixes:
        if one.applicability == DISPLAY:
            continue
        label = finding.code if one.applicability == SAFE else f"{finding.code}, unsafe: check the result"
        yield types.CodeAction(
            title=f"{one.title} ({label})",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic_of(document, finding)],
            is_preferred=True if one is preferred else None,
            edit=workspace_edit(session, Change.of(document, one.edits)),
        )


def _fixes_of_rule(session: Session, document: Document, report: Report, code: str) -> Iterator[types.CodeAction]:
    """Yield the action that applies the safe fixes of one rule everywhere in the file, if there are several."""
    fixes = [one for finding in report.findings if finding.code == code for one in _safe(finding)[:1]]
    chosen = without_overlaps(fixes)
    if len(chosen) > 1:
        yield types.CodeAction(
            title=f"Fix all {len(chosen)} findings of {code} in this file",
            kind=types.CodeActionKind.QuickFix,
            edit=workspace_edit(session, Change.of(document, [edit for one in chosen for edit in one.edits])),
        )


def _fix_all(session: Session, document: Document, report: Report) -> Iterator[types.CodeAction]:
    """Yield the action that applies all safe fixes, as `hplint check --fix` does, if there are any."""
    is_short = deferred.can_resolve(session) or MAX_ROUNDS * len(document.text) <= MAX_READ
    if is_short and any(_safe(finding) for finding in report.findings):
        action = types.CodeAction(title="Apply all safe fixes of hplint", kind=FIX_ALL)
        made = with_edit(session, document, report, action, deferred.FIX_ALL)
        if made is not None:
            yield made


def _search_range(session: Session, document: Document, offset: int) -> Iterator[types.CodeAction]:
    """Yield the action that turns the value at `offset` into a range that a search draws from, if it can be."""
    seen = session.seen(document)
    found = search_range(seen, offset) if seen is not None else None
    if found is not None:
        edit = workspace_edit(session, Change.of(document, found.edits))
        yield types.CodeAction(title=found.title, kind=SEARCH_RANGE, edit=edit)


def _rule_pages(session: Session, document: Document, touched: list[Finding]) -> Iterator[types.CodeAction]:
    """Yield the actions that show rules' pages, where the client can show a document."""
    if not _can_show(session):
        return
    for code, finding in {finding.code: finding for finding in touched}.items():
        title = f"Show what {code} means"
        yield types.CodeAction(
            title=title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic_of(document, finding)],
            command=types.Command(title, OPEN_RULE_PAGE, arguments=[code]),
        )


def _explanation(session: Session, document: Document) -> Iterator[types.CodeAction]:
    """Yield the action that shows the walk down the decision tree: about the whole file, and so no quick fix."""
    if _can_show(session):
        title = "Explain this config"
        command = types.Command(title, SHOW_EXPLANATION, arguments=[document.uri])
        yield types.CodeAction(title=title, kind=EXPLANATION, command=command)


def _can_show(session: Session) -> bool:
    return session.client.offers("window", "showDocument", "support")


def _safe(finding: Finding) -> list[Fix]:
    return [one for one in finding.fixes if one.applicability == SAFE]
