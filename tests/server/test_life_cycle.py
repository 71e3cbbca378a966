"""Sessions that go wrong: what LSP 3.17 and JSON-RPC say must be answered, and never silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from raw import SECONDS, RawClient

URI = "file:///project/train.yaml"
TEXT = "hplint: 1\noptimizer: {zzzzzz: adam}\n"

HOSTILE: dict[str, dict[str, Any]] = {
    "trace": {"trace": "compact"},
    "symbol kind": {"capabilities": {"textDocument": {"documentSymbol": {"symbolKind": {"valueSet": [99]}}}}},
    "diagnostic tag": {"capabilities": {"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [7]}}}}},
    "documentation format": {
        "capabilities": {"textDocument": {"completion": {"completionItem": {"documentationFormat": ["html"]}}}}
    },
    "hover format": {"capabilities": {"textDocument": {"hover": {"contentFormat": ["html"]}}}},
    "resource operation": {"capabilities": {"workspace": {"workspaceEdit": {"resourceOperations": ["move"]}}}},
    "failure handling": {"capabilities": {"workspace": {"workspaceEdit": {"failureHandling": "shrug"}}}},
    "insert text mode": {"capabilities": {"textDocument": {"completion": {"insertTextMode": 9}}}},
    "folding kind": {"capabilities": {"textDocument": {"foldingRange": {"foldingRangeKind": {"valueSet": 1}}}}},
    "token format": {"capabilities": {"textDocument": {"semanticTokens": {"formats": ["absolute"]}}}},
    "prepare support": {"capabilities": {"textDocument": {"rename": {"prepareSupportDefaultBehavior": 7}}}},
    "encodings": {"capabilities": {"general": {"positionEncodings": ["utf-7", 8]}}},
    "capabilities of another kind": {"capabilities": ["everything"]},
    "no capabilities": {"capabilities": None},
    "folders of another kind": {"workspaceFolders": [1, {"uri": 2}, {"name": "x"}], "rootUri": 5, "rootPath": []},
    "process id": {"processId": "1"},
    "client info": {"clientInfo": "vi"},
    "options": {"initializationOptions": [{"hplint": 1}]},
    "nested jsonrpc": {"initializationOptions": {"jsonrpc": "2.0", "id": 5, "method": "exit"}},
    "empty": {},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_odd_initialize_succeeds(name: str) -> None:
    with RawClient() as client:
        answer = client.request("initialize", HOSTILE[name])
        assert answer["result"]["serverInfo"]["name"] == "hplint"
        client.notify("initialized", {})
        client.open(URI, TEXT)
        assert client.diagnostics()["diagnostics"]
        assert client.leave() == 0


@pytest.mark.parametrize("params", [None, [], "x", 3])
def test_initialize_without_params_is_refused_and_can_be_tried_again(params: Any) -> None:
    with RawClient() as client:
        assert client.request("initialize", params)["error"]["code"] == -32602
        client.initialize()
        assert client.leave() == 0


def test_requests_before_initialize_and_after_shutdown() -> None:
    with RawClient() as client:
        hover = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}
        assert client.request("textDocument/hover", hover)["error"]["code"] == -32002
        assert client.request("shutdown")["error"]["code"] == -32002
        client.open(URI, TEXT)  # a notification before initialize is dropped
        client.initialize()
        assert client.request("initialize", {})["error"]["code"] == -32600
        assert client.request("shutdown")["result"] is None
        assert client.request("textDocument/hover", hover)["error"]["code"] == -32600
        assert client.request("shutdown")["error"]["code"] == -32600
        client.open(URI, TEXT)
        client.notify("exit")
        assert client.process.wait(SECONDS) == 0
        assert not [message for message in client.others if message.get("method")]


def test_exit_without_shutdown_gives_one() -> None:
    with RawClient() as client:
        client.initialize()
        client.notify("exit")
        assert client.process.wait(SECONDS) == 1


def test_end_of_input_ends_the_server() -> None:
    with RawClient() as client:
        client.initialize()
        assert client.process.stdin is not None
        client.process.stdin.close()
        assert client.process.wait(SECONDS) == 1
        assert client.process.stderr is not None
        assert client.process.stderr.read() == b""


def test_server_ends_when_its_parent_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with RawClient() as client:
        client.initialize(processId=parent.pid)
        parent.communicate(b"\n")
        assert client.process.wait(SECONDS) == 1


@pytest.mark.parametrize("header", ["content-length: %d", "CONTENT-LENGTH:%d", "X: y\r\nContent-Length:  %d \r\nZ: 1"])
def test_headers_are_read_whatever_their_case(header: str) -> None:
    with RawClient() as client:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}).encode()
        client.send_bytes((header % len(body)).encode() + b"\r\n\r\n" + body)
        assert "result" in client.answer(1)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"Content-Length: 3\r\n\r\n{{{", -32700),
        (b"Content-Length: 2\r\n\r\n\xff\xfe", -32700),
        (b"Content-Length: 2\r\n\r\n[]", -32600),
        (b"Content-Length: 1\r\n\r\n7", -32600),
        (b"Content-Length: 4\r\n\r\nnull", -32600),
        (b"Content-Length: 2\r\n\r\n{}", -32600),
        (b"Content-Length: 40000\r\n\r\n" + b"[" * 40000, -32700),
        (b'Content-Length: 34\r\n\r\n{"jsonrpc":"2.0","id":1,"method":5}', -32600),
        (b'Content-Length: 39\r\n\r\n{"jsonrpc":"2.0","id":null,"method":"x"}', -32600),
    ],
)
def test_messages_that_are_none_are_answered_and_survived(frame: bytes, code: int) -> None:
    with RawClient() as client:
        body = frame.partition(b"\r\n\r\n")[2]
        frame = b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        client.send_bytes(frame)
        assert client.receive()["error"]["code"] == code
        client.initialize()
        assert client.leave() == 0


@pytest.mark.parametrize(
    "garbage", [b"\r\n\r\n", b"hello\r\n\r\n", b"Content-Length: x\r\n\r\n", b"Content-Length: -5\r\n\r\n"]
)
def test_headers_without_a_length_are_skipped(garbage: bytes) -> None:
    with RawClient() as client:
        client.send_bytes(garbage)
        client.initialize()
        assert client.leave() == 0


def test_params_that_are_not_as_specified_are_refused() -> None:
    with RawClient() as client:
        client.initialize()
        client.open(URI, TEXT)
        client.diagnostics()
        params: Any
        for params in (None, [], {}, {"textDocument": 5}, {"textDocument": {"uri": URI}, "range": {"start": 1}}):
            assert client.request("textDocument/codeAction", params)["error"]["code"] == -32602
        for params in (None, [], {}, {"textDocument": {}}):
            assert client.request("textDocument/diagnostic", params)["error"]["code"] == -32602
        assert client.request("no/such/method", {})["error"]["code"] == -32601
        assert client.request("$/no/such/method", {})["error"]["code"] == -32601
        client.notify("no/such/notification", {"x": 1})
        assert client.leave() == 0


def test_code_actions_whatever_diagnostics_the_client_sends_back() -> None:
    with RawClient() as client:
        client.initialize({"textDocument": {"codeAction": {"codeActionLiteralSupport": {}}}})
        client.open(URI, TEXT)
        place = client.diagnostics()["diagnostics"][0]["range"]
        for sent in ([], [{"range": place, "message": "m", "severity": 5, "tags": [3]}], [5], None):
            params = {"textDocument": {"uri": URI}, "range": place, "context": {"diagnostics": sent}}
            assert isinstance(client.request("textDocument/codeAction", params)["result"], list)


def test_notifications_that_are_not_as_specified_change_nothing() -> None:
    with RawClient() as client:
        client.initialize()
        client.open(URI, TEXT)
        first = client.diagnostics()
        params: Any
        for method in (
            "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave",
            "workspace/didChangeConfiguration", "workspace/didChangeWatchedFiles", "initialized", "$/setTrace",
            "workspace/didChangeWorkspaceFolders", "window/workDoneProgress/cancel", "$/cancelRequest",
            "notebookDocument/didOpen",
        ):  # fmt: skip
            for params in (None, [], 5, {}, {"textDocument": None}, {"changes": [None]}, {"event": 1}, {"id": [1]}):
                client.notify(method, params)
        client.change("file:///never/opened.yaml", 2, {"text": "x"})
        client.change(URI, 2, {"text": TEXT})
        assert client.diagnostics()["diagnostics"] == first["diagnostics"]
        assert not [message for message in client.others if message.get("method") == "window/showMessage"]
        assert client.leave() == 0


def test_older_versions_are_left_out() -> None:
    with RawClient() as client:
        client.initialize({"textDocument": {"publishDiagnostics": {"versionSupport": True}}})
        client.open(URI, TEXT, version=5)
        client.diagnostics()
        client.change(URI, 5, {"text": "hplint: 1\n"})
        client.change(URI, 4, {"text": "hplint: 1\n"})
        client.change(
            URI, 6, {"range": {"start": {"line": 9, "character": 9}, "end": {"line": 9, "character": 9}}, "text": " "}
        )
        published = client.diagnostics()
        assert published["version"] == 6
        assert published["diagnostics"]


def test_cancelled_requests_are_answered_as_such_and_cost_nothing() -> None:
    with RawClient() as client:
        client.initialize()
        body = b"".join(
            b"Content-Length: %d\r\n\r\n%b" % (len(message), message)
            for message in (
                *(_request(f"many-{number}") for number in range(50)),
                *(_cancel(f"many-{number}") for number in range(50)),
                _request("last"),
            )
        )
        client.send_bytes(body)
        answers = {}
        while "last" not in answers:
            message = client.receive()
            answers[message.get("id")] = message
        assert len(answers) == 51
        assert answers["last"]["result"] is None
        cancelled = [one for one in answers.values() if one.get("error", {}).get("code") == -32800]
        assert len(cancelled) >= 40  # the first may be done before its cancellation arrives


def _request(number: str) -> bytes:
    params = {
        "textDocument": {"uri": "file:///x"},
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
        "context": {"diagnostics": []},
    }
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "textDocument/codeAction", "params": params}).encode()


def _cancel(number: str) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": number}}).encode()


def test_exit_does_not_wait_for_long_work(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.yaml").write_text(TEXT)
    with RawClient() as client:
        client.initialize(rootUri=tmp_path.as_uri())
        client.ask("workspace/diagnostic", {"previousResultIds": []})
        started = time.monotonic()
        number = client.ask("shutdown")
        assert client.receive()["error"]["code"] == -32800  # the long request is not left without an answer
        assert "result" in client.answer(number)
        client.notify("exit")
        assert client.process.wait(SECONDS) == 0
        assert time.monotonic() - started < SECONDS / 2


def test_unknown_languages_and_odd_addresses_survive() -> None:
    with RawClient() as client:
        client.initialize({"textDocument": {"codeAction": {"codeActionLiteralSupport": {}}}})
        for uri, language in (
            ("untitled:Untitled-1", "yaml"), ("file:///a/b.py", "python"), ("nonsense", "klingon"), ("", ""),
            ("vscode-notebook-cell:/a.ipynb#X", "python"), ("file://server/share/x.yaml", "yaml"), ("file:", "toml"),
            ("http://[::1", "yaml"), ("file:///%00.yaml", "yaml"), ("file:///" + "x" * 5000 + ".json", "json"),
        ):  # fmt: skip
            client.open(uri, TEXT, language)
            published = client.diagnostics()
            assert published["uri"] == uri
            assert bool(published["diagnostics"]) is (language in ("yaml", "toml", "json"))
            where = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
            params = {"textDocument": {"uri": uri}, "range": where, "context": {"diagnostics": []}}
            assert "result" in client.request("textDocument/codeAction", params)
            client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            assert client.diagnostics() == {"uri": uri, "diagnostics": []}
        assert client.leave() == 0


def test_nothing_that_is_said_holds_a_path_or_a_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import hplint.server.session\n"
        "def broken(*_):\n    raise RuntimeError(f'secret in {__file__}')\n"
        "hplint.server.session.Session.report = broken\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")])))
    log = tmp_path / "log.txt"
    with RawClient("--log-file", str(log)) as client:
        client.initialize()
        client.open(URI, TEXT)
        said = client.notification("window/logMessage")
        assert "RuntimeError" in said["message"]
        where = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        params = {"textDocument": {"uri": URI}, "range": where, "context": {"diagnostics": []}}
        answers = [client.request(f"textDocument/{method}", params) for method in ("diagnostic", "codeAction")]
        assert [answer["error"]["code"] for answer in answers] == [-32603, -32603]
        everything = json.dumps([said, *answers, client.others])
        assert not any(word in everything for word in ("secret", "Traceback", str(tmp_path), os.path.dirname(__file__)))
        assert client.leave() == 0
    assert "RuntimeError: secret" in log.read_text()
