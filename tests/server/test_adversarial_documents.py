"""An editor that opens a file made to bring a server down has all its questions answered."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest
from adversarial import FILES
from raw import RawClient

CPU_SECONDS = 60
MEMORY = 3_000_000_000
NAMES = (
    "billion-laughs.yaml", "brackets-100k.yaml", "maps-1900.yaml", "self.yaml", "nul.yaml", "10-mb.yaml",
    "line-5-mb.yaml", "open-quote.yaml", "conflicts.yaml",
)  # fmt: skip
LANGUAGES = {".json": "json", ".toml": "toml"}
METHODS = (
    "diagnostic", "hover", "completion", "documentSymbol", "inlayHint", "codeLens", "foldingRange", "codeAction",
    "documentLink",
)  # fmt: skip


def params(uri: str) -> dict[str, Any]:
    """Return params that fit all the methods."""
    start, end = {"line": 0, "character": 0}, {"line": 60, "character": 0}
    place = {"line": 2, "character": 4}
    return {
        "textDocument": {"uri": uri},
        "position": place,
        "range": {"start": start, "end": end},
        "context": {"diagnostics": [], "triggerKind": 1},
    }


@pytest.mark.parametrize("name", NAMES)
def test_document_is_answered_for_while_it_is_edited(tmp_path: Path, name: str) -> None:
    text = FILES[name]().decode("utf-8", errors="replace")
    uri = (tmp_path / name).as_uri()
    with RawClient() as client:
        resource.prlimit(client.process.pid, resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.prlimit(client.process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        client.initialize()
        client.open(uri, text, LANGUAGES.get(Path(name).suffix, "yaml"))
        for version in (2, 3):
            for method in METHODS:
                answer = client.request(f"textDocument/{method}", params(uri))
                assert "result" in answer, (method, answer)
            place = {"line": 1, "character": 0}
            client.change(uri, version, {"range": {"start": place, "end": place}, "text": '"'})
        assert client.leave() == 0
