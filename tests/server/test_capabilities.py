"""What the server offers it can do, and the other way round."""

from __future__ import annotations

import json

from lsprotocol import types

from hplint.server.capabilities import capabilities
from hplint.server.client import Client
from hplint.server.loop import LONG_REQUESTS, REQUESTS
from hplint.server.requests import make_requests
from hplint.server.session import Session

METHODS = {
    "codeActionProvider": {"textDocument/codeAction", "codeAction/resolve"},
    "codeLensProvider": {"textDocument/codeLens"},
    "completionProvider": {"textDocument/completion"},
    "definitionProvider": {"textDocument/definition"},
    "diagnosticProvider": {"textDocument/diagnostic", "workspace/diagnostic"},
    "documentHighlightProvider": {"textDocument/documentHighlight"},
    "documentLinkProvider": {"textDocument/documentLink"},
    "documentSymbolProvider": {"textDocument/documentSymbol"},
    "executeCommandProvider": {"workspace/executeCommand"},
    "foldingRangeProvider": {"textDocument/foldingRange"},
    "hoverProvider": {"textDocument/hover"},
    "inlayHintProvider": {"textDocument/inlayHint"},
    "referencesProvider": {"textDocument/references"},
    "renameProvider": {"textDocument/rename", "textDocument/prepareRename"},
    "selectionRangeProvider": {"textDocument/selectionRange"},
}
EVERYTHING = {
    "textDocument": {
        "diagnostic": {},
        "codeAction": {"codeActionLiteralSupport": {}},
        "rename": {"prepareSupport": True},
    },
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


def test_each_offer_has_its_handlers_and_each_handler_its_offer() -> None:
    offered = capabilities(Client({"capabilities": EVERYTHING}))
    providers = {name for name in offered if name.endswith("Provider")}
    assert providers == set(METHODS)
    handled = {*make_requests(Session(lambda _: None)).fm.features, *REQUESTS, *LONG_REQUESTS}
    assert handled == set().union(*METHODS.values())


def test_offers_are_as_the_protocol_has_them() -> None:
    from lsprotocol import converters

    for said in (EVERYTHING, {}):
        offered = capabilities(Client({"capabilities": said}))
        read = converters.get_converter().structure(json.loads(json.dumps(offered)), types.ServerCapabilities)
        assert read.position_encoding == types.PositionEncodingKind.Utf16
        assert (read.diagnostic_provider is None) is (said == {})
