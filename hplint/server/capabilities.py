"""What the server offers a client, by what that client can do with it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.server.client import Client

FIX_ALL = "source.fixAll.hplint"
EXPLANATION = "source.explain.hplint"
SEARCH_RANGE = "refactor.rewrite"
CODE_ACTION_KINDS = ("quickfix", SEARCH_RANGE, FIX_ALL, EXPLANATION)
OPEN_RULE_PAGE, EXPLAIN, SHOW_EXPLANATION, DESCRIBE, APPLY_EDIT = COMMANDS = (
    "hplint.server.openRulePage",
    "hplint.server.explain",
    "hplint.server.showExplanation",
    "hplint.server.describe",
    "hplint.server.applyEdit",
)
INCREMENTAL = 2
TRIGGERS = (":", " ", "-", '"', "'", "{", "[", ",", "=")
"""Characters behind which a key, value or item can begin."""


def capabilities(client: Client) -> dict[str, Any]:
    """Return the server's capabilities, as `initialize` answers them."""
    offered: dict[str, Any] = {
        "positionEncoding": client.encoding,
        "textDocumentSync": {"openClose": True, "change": INCREMENTAL, "save": {"includeText": False}},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        "codeActionProvider": {"codeActionKinds": list(CODE_ACTION_KINDS), "resolveProvider": True}
        if client.offers("textDocument", "codeAction", "codeActionLiteralSupport")
        else True,
        "executeCommandProvider": {"commands": list(COMMANDS)},
        "completionProvider": {"triggerCharacters": list(TRIGGERS), "resolveProvider": False},
        "codeLensProvider": {"resolveProvider": False},
        "definitionProvider": True,
        "documentHighlightProvider": True,
        "documentLinkProvider": {"resolveProvider": False},
        "foldingRangeProvider": True,
        "hoverProvider": True,
        "inlayHintProvider": {"resolveProvider": False},
        "referencesProvider": True,
        "renameProvider": {"prepareProvider": True}
        if client.offers("textDocument", "rename", "prepareSupport")
        else True,
        "selectionRangeProvider": True,
        "documentSymbolProvider": True,
    }
    if client.pulls:
        offered["diagnosticProvider"] = {
            "identifier": "hplint",
            "interFileDependencies": True,
            "workspaceDiagnostics": client.pulls_workspace,
        }
    return offered
