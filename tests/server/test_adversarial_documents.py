"""An editor that opens a file made to bring a server down has all its questions answered."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest
from adversarial import FILES
from raw import EDITS_WHEN_CHOSEN, RawClient

CPU_SECONDS = 120
"""Many times what such a document may take, by which one that hangs is known."""
MEGABYTES = 300
"""How much more memory than an empty session a document may take at the most."""
QUICK = (
    "billion-laughs.yaml", "brackets-100k.yaml", "maps-1900.yaml", "self.yaml", "nul.yaml", "10-mb.yaml",
    "line-5-mb.yaml", "open-quote.yaml", "conflicts.yaml", "extreme.yaml", "extreme.json", "surrogates.json",
)  # fmt: skip
"""Those that take a second or two; benchmarks/adversarial_files.py asks all, and tells which cost too much."""
LANGUAGES = {".json": "json", ".toml": "toml"}
METHODS = (
    "diagnostic", "hover", "completion", "documentSymbol", "inlayHint", "codeLens", "foldingRange", "codeAction",
    "documentLink", "definition", "references", "documentHighlight", "prepareRename", "selectionRange",
)  # fmt: skip
CAPABILITIES = {
    "textDocument": {
        "diagnostic": {},
        "codeAction": EDITS_WHEN_CHOSEN,
    },
    "window": {"showDocument": {"support": True}},
}
"""Those of an editor that lets edits be made when they are chosen; without them the server makes them at once."""


def params(uri: str, line: int) -> dict[str, Any]:
    """Return params that fit all the methods, about the lines from `line` on."""
    place = {"line": line, "character": 4}
    return {
        "textDocument": {"uri": uri},
        "position": place,
        "positions": [place],
        "range": {"start": {"line": line, "character": 0}, "end": {"line": line + 60, "character": 0}},
        "context": {"diagnostics": [], "triggerKind": 1, "includeDeclaration": True},
    }


def peak(process: int) -> float:
    """Return the most memory that a process has had, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def edit_and_ask(client: RawClient, name: str) -> None:
    """Open a document, break it and mend it, and ask everything about its top, its middle and its end."""
    text = FILES[name]().decode("utf-8", errors="replace")
    uri = f"file:///project/{name}"
    resource.prlimit(client.process.pid, resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    client.request("workspace/symbol", {"query": "x"})  # all is imported now
    before = peak(client.process.pid)
    client.open(uri, text, LANGUAGES.get(Path(name).suffix, "yaml"))
    place = {"line": 1, "character": 0}
    edits = ({"start": place, "end": place}, '"'), ({"start": place, "end": {"line": 1, "character": 1}}, "")
    for version in range(3):
        for line in (0, text.count("\n") // 2, text.count("\n")):
            for method in METHODS:
                answer = client.request(f"textDocument/{method}", params(uri, line))
                assert "result" in answer, (method, answer)
        if version < 2:
            client.change(uri, version + 2, dict(zip(("range", "text"), edits[version])))
    assert peak(client.process.pid) - before < MEGABYTES
    assert client.leave() == 0


@pytest.mark.parametrize("capabilities", [{}, CAPABILITIES], ids=["old client", "new client"])
@pytest.mark.parametrize("name", QUICK)
def test_document_is_answered_for_while_it_is_edited(name: str, capabilities: dict[str, Any]) -> None:
    with RawClient() as client:
        client.initialize(capabilities)
        edit_and_ask(client, name)
