"""A session with each of the recorded editors: everything works, and nothing goes beyond what the editor offers.

pytest-lsp reads every answer as lsprotocol's types and warns of what breaks the specification or exceeds the client.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import converters, types
from protocol_edits import apply
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient
from pytest_lsp.client import register_lsp_features

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.slow,
    pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning"),
]

PROFILES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "profiles").glob("*.json"))
}
ENCODINGS = {"helix": "utf-8", "neovim-0.12.4": "utf-8", "emacs-30.1": "utf-32"}
"""What is agreed on with those that prefer another than UTF-16."""

TEXT = """\
hplint: 1
task: {kind: binary}
model:
  layers:
    - {type: input, shape: [20]}
    - {type: dense, name: "é😀", units: 64, activation: sigmoid}
    - {type: dense, units: 1, activation: sigmoid}
loss: binary_crossentropy
optimizer:
"""
CONVERTER = converters.get_converter()


class Editor(LanguageClient):
    """A client that knows what the server offers."""

    server: types.ServerCapabilities


def make_editor() -> Editor:
    """Return a client that answers what the server may ask."""
    editor = Editor(converter_factory=default_converter)
    register_lsp_features(editor)
    for method in (
        types.CLIENT_REGISTER_CAPABILITY,
        types.WORKSPACE_INLAY_HINT_REFRESH,
        types.WORKSPACE_CODE_LENS_REFRESH,
    ):
        editor.feature(method)(lambda *_: None)
    return editor


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> Any:
    """The profile of one editor."""
    return PROFILES[request.param]


SERVER = [sys.executable, "-m", "hplint", "server"]


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER, client_factory=make_editor))  # type: ignore[untyped-decorator]  # pytest-lsp has no types
async def client(lsp_client: Editor, profile: Any, tmp_path: Path) -> AsyncIterator[None]:
    """A client that offers what the editor of the profile does, in a session."""
    capabilities = CONVERTER.structure(profile["capabilities"], types.ClientCapabilities)
    about = profile.get("clientInfo")
    result = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            client_info=types.ClientInfo(**about) if about else None,
            workspace_folders=[types.WorkspaceFolder(tmp_path.as_uri(), "project")],
        )
    )
    lsp_client.server = result.capabilities
    yield
    await lsp_client.shutdown_session()


def offered(profile: Any, *path: str) -> Any:
    found = profile["capabilities"]
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found


async def opened(client: Editor, profile: Any, uri: str) -> list[types.Diagnostic]:
    """Open a document; returns its diagnostics, as they come or as they are asked for."""
    item = types.TextDocumentItem(uri, "yaml", 1, TEXT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    provider = client.server.diagnostic_provider
    pulls = bool(offered(profile, "textDocument", "diagnostic")) and bool(
        offered(profile, "workspace", "diagnostics", "refreshSupport")
    )
    assert bool(provider) is pulls
    if pulls:
        report = await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        )
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return list(report.items)
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(client.diagnostics[uri])


async def test_finding_is_shown_and_mended(client: Editor, profile: Any, tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    found = next(one for one in await opened(client, profile, uri) if one.code == "ACT001")
    encoding = next((name for start, name in ENCODINGS.items() if profile["editor"].startswith(start)), "utf-16")
    assert client.server.position_encoding == encoding
    line = TEXT.split("\n")[5]
    before = line[: line.index("sigmoid")]
    units = {"utf-8": len(before.encode()), "utf-16": len(before) + 1, "utf-32": len(before)}
    assert (found.range.start.line, found.range.start.character) == (5, units[encoding])

    shown = "diagnostic" if offered(profile, "textDocument", "diagnostic") else "publishDiagnostics"
    if not offered(profile, "textDocument", shown, "relatedInformation"):
        assert shown == "diagnostic" or found.related_information is None
    if offered(profile, "textDocument", "publishDiagnostics", "codeDescriptionSupport"):
        assert found.code_description is not None
        assert found.code_description.href.endswith("ACT001.md")

    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), found.range, types.CodeActionContext(diagnostics=[found])
    )
    actions = await client.text_document_code_action_async(params) or []
    if not offered(profile, "textDocument", "codeAction", "codeActionLiteralSupport"):
        assert all(isinstance(action, types.Command) for action in actions)
        return
    fix = next(action for action in actions if action.title == "Use relu (ACT001)")
    assert isinstance(fix, types.CodeAction)
    assert fix.edit is not None  # whoever cannot resolve has it at once
    edit = CONVERTER.unstructure(fix.edit)
    assert ("documentChanges" in edit) is bool(offered(profile, "workspace", "workspaceEdit", "documentChanges"))
    assert apply(TEXT, edit, uri, encoding) == TEXT.replace("sigmoid", "relu", 1)


async def test_everything_that_is_offered_answers(client: Editor, profile: Any, tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    await opened(client, profile, uri)
    document = types.TextDocumentIdentifier(uri)
    inside = types.Position(5, 8)
    hover = await client.text_document_hover_async(types.HoverParams(document, inside))
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    formats = offered(profile, "textDocument", "hover", "contentFormat") or []
    assert hover.contents.kind.value in ([*formats, "plaintext"] if formats else ["plaintext"])

    outline = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert outline
    nested = offered(profile, "textDocument", "documentSymbol", "hierarchicalDocumentSymbolSupport")
    assert all(isinstance(one, types.DocumentSymbol if nested else types.SymbolInformation) for one in outline)

    change = types.TextDocumentContentChangePartial(types.Range(types.Position(9, 0), types.Position(9, 0)), "  name: ")
    version = types.VersionedTextDocumentIdentifier(uri=uri, version=2)
    client.text_document_did_change(types.DidChangeTextDocumentParams(version, [change]))
    listed = await client.text_document_completion_async(types.CompletionParams(document, types.Position(9, 8)))
    assert isinstance(listed, types.CompletionList)
    labels = [item.label for item in sorted(listed.items, key=lambda item: item.sort_text or "")]
    assert labels[0] == "adamw"
    snippets = offered(profile, "textDocument", "completion", "completionItem", "snippetSupport")
    everything = types.Range(types.Position(0, 0), types.Position(99, 0))
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(document, everything))
    assert any("weights" in str(hint.label) for hint in hints or ())
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(document))
    assert lenses
    assert lenses[0].command is not None
    assert "binary" in lenses[0].command.title
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
    assert any(fold.start_line == 2 and fold.end_line == 6 for fold in folds or ())
    (grown,) = await client.text_document_selection_range_async(types.SelectionRangeParams(document, [inside])) or ()
    assert grown.parent is not None
    assert not await client.text_document_document_link_async(types.DocumentLinkParams(document))
    assert snippets or all(item.insert_text_format != types.InsertTextFormat.Snippet for item in listed.items)
