"""Whatever a client sends, each request has one answer, and the server goes on."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from raw import RawClient

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/[bg]*/*"))
BROKEN = [
    "",
    "\ufeff",
    "a: [",
    "{",
    "- - - -",
    "a:\n\tb: 1",
    "a: &x\n  b: *x\n",
    '"',
    "<<<<<<< HEAD\na: 1\n",
    "a: 1\n---\nb: 2\n",
    "\x00",
    "🙂" * 50,
]
METHODS = (
    "textDocument/codeAction", "textDocument/codeLens", "textDocument/completion", "textDocument/definition",
    "textDocument/diagnostic", "textDocument/documentHighlight", "textDocument/documentLink",
    "textDocument/documentSymbol", "textDocument/foldingRange", "textDocument/hover", "textDocument/inlayHint",
    "textDocument/prepareRename", "textDocument/references", "textDocument/rename", "textDocument/selectionRange",
    "workspace/executeCommand", "codeAction/resolve", "workspace/symbol",
)  # fmt: skip
URIS = ["file:///p/a.yaml", "file:///p/b.json", "file:///p/c.toml", "untitled:x", "file:///p/hplint.toml"]


class Chance:
    """Messages by chance, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def position(self) -> Any:
        line, character = self.random.choice((0, 1, 5, 12, 400)), self.random.choice((0, 1, 7, 30, 5000))
        return {"line": line, "character": character}

    def params(self) -> dict[str, Any]:
        """Return params that fit many methods, with a few of them spoilt."""
        params: dict[str, Any] = {
            "textDocument": {"uri": self.random.choice(URIS)},
            "position": self.position(),
            "positions": [self.position(), self.position()],
            "range": {"start": self.position(), "end": self.position()},
            "context": {"diagnostics": [], "includeDeclaration": True},
            "newName": self.random.choice(("new", "", "a b", "é", "x\ny")),
            "command": self.random.choice(("hplint.server.explain", "hplint.server.describe", "nothing")),
            "arguments": [self.random.choice(URIS)],
            "title": "x",
            "data": {"uri": self.random.choice(URIS), "make": self.random.choice(("ignore", "fix-all", "x"))},
        }
        for _ in range(self.random.choice((0, 0, 0, 1, 2))):
            params[self.random.choice(list(params))] = self.random.choice((None, 5, [], {}, "x", {"line": -1}))
        return params

    def text(self) -> str:
        if self.random.random() < 0.3:
            return self.random.choice(BROKEN)
        text = self.random.choice(EXAMPLES).read_text(encoding="utf-8")
        start = self.random.randrange(len(text))
        return text[:start] + self.random.choice(BROKEN) + text[start + self.random.randrange(20) :]


@pytest.mark.parametrize("seed", range(4))
def test_every_request_is_answered_once(seed: int) -> None:
    chance = Chance(seed)
    with RawClient() as client:
        client.initialize(
            {"textDocument": {"diagnostic": {}, "codeAction": {"codeActionLiteralSupport": {}}},
             "workspace": {"diagnostics": {"refreshSupport": True}}}
        )  # fmt: skip
        asked = []
        for number in range(250):
            if number % 10 == 0:
                client.open(
                    chance.random.choice(URIS), chance.text(), chance.random.choice(("yaml", "json", "toml", "x"))
                )
            if number % 7 == 0:
                place = {"start": chance.position(), "end": chance.position()}
                changed = {"text": chance.random.choice(BROKEN), "range": place}
                client.change(chance.random.choice(URIS), number + 2, changed)
            asked.append(client.ask(chance.random.choice(METHODS), chance.params()))
        answers = [client.receive() for _ in asked] + client.others
        while missing := set(asked) - {one.get("id") for one in answers if "method" not in one}:
            answers.append(client.receive())
            assert missing
        answered = [one["id"] for one in answers if "method" not in one]
        assert sorted(answered) == sorted(asked)
        failed = [one["params"]["message"] for one in answers if one.get("method") == "window/logMessage"]
        assert not [text for text in failed if "failed" in text]
        assert not [one for one in answers if one.get("error", {}).get("code") == -32603]
        assert client.leave() == 0
