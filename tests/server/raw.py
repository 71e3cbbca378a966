"""A client of raw bytes: it can send what no well-behaved client would."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue
from typing import Any

SECONDS = 60.0
"""How long an answer may take before a test fails: nothing here is a measurement."""


EDITS_WHEN_CHOSEN = {
    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
    "dataSupport": True,
    "resolveSupport": {"properties": ["edit"]},
}
"""What an editor says under `codeAction` that lets edits be made when they are chosen."""


class RawClient:
    """Runs `hplint server` and talks JSON-RPC to it, well-formed or not."""

    def __init__(self, *arguments: str, cwd: Path | None = None) -> None:
        command = [sys.executable, "-m", "hplint", "server", *arguments]
        self.process = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.others: list[dict[str, Any]] = []
        """Notifications and requests of the server that were not waited for."""
        self._received: Queue[dict[str, Any] | None] = Queue()
        self._last_id = 0
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while True:
            length = 0
            while (line := self.process.stdout.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not line:
                self._received.put(None)
                return
            self._received.put(json.loads(self.process.stdout.read(length)))

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any = None) -> int:
        self._last_id += 1
        self.send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        return self._last_id

    def receive(self) -> dict[str, Any]:
        message = self._received.get(timeout=SECONDS)
        assert message is not None, "the server ended"
        return message

    def answer(self, number: Any) -> dict[str, Any]:
        """Return the answer to the request `number`."""
        while True:
            message = self.receive()
            if "method" not in message and message.get("id") == number:
                return message
            self.others.append(message)

    def request(self, method: str, params: Any = None) -> dict[str, Any]:
        """Return the whole answer to a request, result or error."""
        return self.answer(self.ask(method, params))

    def notification(self, method: str) -> Any:
        """Return the params of the next such notification."""
        while True:
            message = self.receive()
            if message.get("method") == method:
                return message.get("params")
            self.others.append(message)

    def initialize(self, capabilities: Any = None, **params: Any) -> dict[str, Any]:
        """Begin a session; returns the server's capabilities."""
        answer = self.request(
            "initialize", {"processId": None, "rootUri": None, "capabilities": capabilities or {}, **params}
        )
        self.notify("initialized", {})
        result: dict[str, Any] = answer["result"]["capabilities"]
        return result

    def open(self, uri: str, text: str, language: str = "yaml", version: int = 1) -> None:
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: Any) -> None:
        item = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": item, "contentChanges": list(changes)})

    def diagnostics(self) -> Any:
        """Return the params of the next publishDiagnostics."""
        return self.notification("textDocument/publishDiagnostics")

    def leave(self) -> int:
        """End the session as specified; returns the exit status."""
        assert self.request("shutdown")["result"] is None
        self.notify("exit")
        status = self.process.wait(timeout=SECONDS)
        assert self.process.stderr is not None
        assert self.process.stderr.read() == b""  # a client need not read it, and a full pipe would stop the server
        return status
