"""A long session: random edits of many documents, with requests, cancellations and changes of settings in between.

    HPLINT_SOAK_EDITS=10000 python -m pytest -s tests/server/test_soak.py     the whole session
    HPLINT_SOAK_SEED=7 ...                                                   another one

The run that belongs to the tests is short; documents are those of examples/, and of the corpus where there is one.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from raw import EDITS_WHEN_CHOSEN, RawClient

from hplint.text import SourceText

EDITS = int(os.environ.get("HPLINT_SOAK_EDITS", "4000"))
SEED = int(os.environ.get("HPLINT_SOAK_SEED", "1"))
DOCUMENTS = 50
LARGEST = 12_000
EDITS_AT_ONCE = 10
"""After how many edits all that was asked is waited for."""
CANCELLED, CONTENT_MODIFIED, REQUEST_FAILED = -32800, -32801, -32803
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("[bg]*/*"))
ENDINGS = (".yaml", ".yml", ".json", ".toml", ".cfg")
PIECES = (
    "\n", "\n\n", " ", "  ", ":", ": ", "-", "- ", '"', "'", "{", "}", "[", "]", ",", "0", "1e-3", "-5", "e", "é", "😀",
    "\t", "# x", "# hplint: ignore[ALL] so", "adam", "sigmoid", "null", "\u0085", "\r\n", "&a ", "*a", "<<: ", "---\n",
    "learning_rate: 10\n", "layers:\n", "${a.b}", '"a": 1,', "[x]\n", "x = 1\n", "| \n", "!!int ", "\ufeff", "\x00",
)  # fmt: skip
METHODS = (
    "hover", "completion", "documentSymbol", "codeAction", "diagnostic", "codeLens", "documentLink", "foldingRange",
    "inlayHint", "definition", "references", "documentHighlight", "prepareRename", "rename", "selectionRange",
)  # fmt: skip
LANGUAGES = {".json": "json", ".toml": "toml", ".cfg": "ini"}
SETTINGS = ("", "select = ['ALL']\n", "ignore = ['ACT']\n", "min-confidence = 'high'\n", "not toml [")
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-32"]},
    "textDocument": {
        "diagnostic": {},
        "codeAction": EDITS_WHEN_CHOSEN,
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
    "workspace": {"workspaceEdit": {"documentChanges": True}, "diagnostics": {"refreshSupport": True}},
}


class Opened:
    """A document as the client has it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.uri = path.as_uri()
        self.first = self.text = text
        self.version = 1

    def position(self, offset: int) -> dict[str, int]:
        place = SourceText(self.text).position(offset)
        return {"line": place.line - 1, "character": place.column - 1}


class Session:
    """What is done by chance, the same for the same seed, and what came of it."""

    def __init__(self, client: RawClient, folder: Path, documents: list[Opened]) -> None:
        self.client = client
        self.folder = folder
        self.documents = documents
        self.random = random.Random(SEED)
        self.waiting: set[int] = set()
        self.outcomes: Counter[Any] = Counter()
        self.failures: list[Any] = []
        self.memory: list[float] = []

    def open(self, document: Opened) -> None:
        self.client.open(document.uri, document.text, LANGUAGES.get(document.path.suffix, "yaml"), document.version)

    def edit(self, document: Opened) -> None:
        """Type, delete or undo everything."""
        text = document.text
        if len(text) > 2 * LARGEST or self.random.random() < 0.03:
            changes: list[dict[str, Any]] = [{"text": document.first}]
            document.text = document.first
        else:
            changes = []
            for _ in range(self.random.choice((1, 1, 1, 2, 3))):
                start = self.random.randint(0, len(document.text))
                end = min(len(document.text), start + self.random.choice((0, 0, 0, 1, 2, 9, 60)))
                piece = self.random.choice(PIECES) if start == end or self.random.random() < 0.4 else ""
                place = {"start": document.position(start), "end": document.position(end)}
                # An offset inside of a CR LF has no position of its own: what the client means is what it says.
                source = SourceText(document.text)
                start, end = (_offset(source, place[side]) for side in ("start", "end"))
                changes.append({"range": place, "text": piece})
                document.text = document.text[:start] + piece + document.text[end:]
        document.version += 1
        self.client.change(document.uri, document.version, *changes)

    def ask(self, method: str, document: Opened) -> None:
        start, end = sorted(self.random.randint(0, len(document.text)) for _ in range(2))
        place = document.position(start)
        params = {
            "textDocument": {"uri": document.uri},
            "position": place,
            "positions": [place],
            "range": {"start": place, "end": document.position(end)},
            "context": {"diagnostics": [], "includeDeclaration": True, "triggerKind": 1},
            "newName": "renamed",
        }
        number = self.client.ask(f"textDocument/{method}", params)
        self.waiting.add(number)
        if self.random.random() < 0.15:
            self.client.notify("$/cancelRequest", {"id": number})

    def set_otherwise(self) -> None:
        """Change the settings: those of the project, or those of the editor."""
        if self.random.random() < 0.5:
            path = self.folder / "hplint.toml"
            path.write_text(self.random.choice(SETTINGS))
            self.client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 2}]})
        else:
            hplint = {"enable": self.random.random() < 0.8, "inlayHints": {"shapes": self.random.random() < 0.5}}
            self.client.notify("workspace/didChangeConfiguration", {"settings": {"hplint": hplint}})

    def reopen(self, document: Opened) -> None:
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": document.uri}})
        document.version = 1
        self.open(document)

    def settle(self) -> None:
        """Wait for every answer, each of which comes once, and look at the memory."""
        while self.waiting:
            message = self.client.receive()
            if "method" in message:
                if "id" in message:
                    self.client.send({"jsonrpc": "2.0", "id": message["id"], "result": None})
                elif message["method"] == "window/logMessage" and "failed" in message["params"]["message"]:
                    self.failures.append(message["params"]["message"])
                continue
            self.waiting.remove(message["id"])  # a second answer to one request would not be found there
            error = message.get("error")
            self.outcomes["result" if error is None else error["code"]] += 1
            if error is not None and error["code"] not in (CANCELLED, CONTENT_MODIFIED, REQUEST_FAILED):
                self.failures.append(error)
        pages = int(Path(f"/proc/{self.client.process.pid}/statm").read_text().split()[1])
        self.memory.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)

    def run(self, edits: int) -> None:
        for number in range(edits):
            document = self.random.choice(self.documents)
            self.edit(document)
            for _ in range(self.random.choice((0, 1, 2))):
                other = document if self.random.random() < 0.8 else self.random.choice(self.documents)
                self.ask(self.random.choice(METHODS), other)
            if self.random.random() < 0.01:
                self.set_otherwise()
            if self.random.random() < 0.02:
                self.reopen(self.random.choice(self.documents))
            if number % EDITS_AT_ONCE == EDITS_AT_ONCE - 1:
                self.settle()


def _offset(source: SourceText, place: dict[str, int]) -> int:
    starts = source.line_starts
    line = place["line"]
    end = starts[line] + len(source.line(line + 1))
    return min(starts[line] + place["character"], end)


def texts() -> dict[str, str]:
    """Return the documents to begin with, by name: of each format in turn, so that all are there."""
    paths = list(EXAMPLES)
    corpus = os.environ.get("HPLINT_CORPUS")
    if corpus:
        formats = [sorted(folder.rglob("*.*")) for folder in sorted(Path(corpus).iterdir()) if folder.is_dir()]
        chance = random.Random(SEED)
        paths += [chance.choice(files) for _ in range(3) for files in formats if files]
    found: dict[str, str] = {}
    for path in paths:
        if path.suffix in ENDINGS and path.stat().st_size <= LARGEST:
            text = path.read_bytes().decode("utf-8", errors="replace").replace("\ufffd", "?")
            found.setdefault(f"{len(found):02d}-{path.name}", text)
    while len(found) < DOCUMENTS:
        name, text = random.Random(len(found)).choice(list(found.items())[: len(EXAMPLES)])
        found[f"{len(found):02d}-{name[3:]}"] = text
    return dict(list(found.items())[:DOCUMENTS])


def said_by_command_line(folder: Path) -> dict[str, set[tuple[Any, ...]]]:
    """Return what `hplint check` says of each file of a folder."""
    command = [sys.executable, "-m", "hplint", "check", ".", "--output-format", "json", "--no-cache"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    said: dict[str, set[tuple[Any, ...]]] = {}
    for finding in json.loads(run.stdout)["findings"]:
        start, end = finding["span"]["start"], finding["span"]["end"]
        place = (start["line"] - 1, start["column"] - 1, end["line"] - 1, end["column"] - 1)
        said.setdefault(finding["path"], set()).add((finding["code"], finding["message"], *place))
    return said


def shown(items: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Return diagnostics in the same form."""
    ends = [(item["range"]["start"], item["range"]["end"]) for item in items]
    return {
        (item["code"], item["message"], start["line"], start["character"], end["line"], end["character"])
        for item, (start, end) in zip(items, ends)
    }


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs a system that tells the memory of a process")
def test_long_session(tmp_path: Path) -> None:
    documents = [Opened(tmp_path / name, text) for name, text in texts().items()]
    with RawClient() as client:
        client.initialize(CAPABILITIES, rootUri=tmp_path.as_uri())
        session = Session(client, tmp_path, documents)
        for document in documents:
            session.open(document)
            for method in METHODS:
                session.ask(method, document)
            session.settle()
        session.memory.clear()  # all is imported now, and every document has been read

        session.run(EDITS)

        (tmp_path / "hplint.toml").write_text("")
        uri = (tmp_path / "hplint.toml").as_uri()
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]})
        client.notify("workspace/didChangeConfiguration", {"settings": {"hplint": {"enable": True}}})
        session.settle()
        for document in documents:
            document.path.write_bytes(document.text.encode())
        by_command = said_by_command_line(tmp_path)
        for document in documents:
            answer = client.request("textDocument/diagnostic", {"textDocument": {"uri": document.uri}})
            assert shown(answer["result"]["items"]) == by_command.get(document.path.name, set()), document.text
        assert client.leave() == 0
    third = max(1, len(session.memory) // 3)
    before, after = median(session.memory[:third]), median(session.memory[-third:])
    print(
        f"{EDITS} edits, {sum(session.outcomes.values())} requests: {dict(session.outcomes)}; "
        f"memory {before:.0f} MB in the first third, {after:.0f} MB in the last, {max(session.memory):.0f} MB at most"
    )
    assert session.failures == []
    assert after <= before * 1.1 + 10
