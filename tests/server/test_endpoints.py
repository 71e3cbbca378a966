"""The command line of the server, and the ways to reach it besides standard input and output."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from typing import Any

import pytest

from hplint.cli.main import main
from hplint.server.frames import Frames, framed

SECONDS = 60.0


def started(*arguments: str) -> tuple[subprocess.Popen[bytes], str, int]:
    """Return a server and the address at which it waits."""
    command = [sys.executable, "-m", "hplint", "server", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert process.stderr is not None
    said = process.stderr.readline().decode()
    found = re.search(r"://(.+):(\d+)$", said.strip())
    assert found is not None, said
    return process, found.group(1), int(found.group(2))


def request(number: int, method: str, params: Any = None) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()


def notification(method: str) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "method": method}).encode()


def test_over_tcp() -> None:
    process, host, port = started("--tcp", "0")
    assert host == "127.0.0.1"
    with socket.create_connection((host, port), SECONDS) as client:
        frames = Frames(client.recv)
        client.sendall(framed(request(1, "initialize", {})))
        assert json.loads(frames.next() or b"")["result"]["serverInfo"]["name"] == "hplint"
        client.sendall(framed(request(2, "shutdown")) + framed(notification("exit")))
        assert json.loads(frames.next() or b"")["result"] is None
    assert process.wait(SECONDS) == 0


def test_over_websocket() -> None:
    from websockets.sync.client import connect

    process, host, port = started("--ws", "127.0.0.1:0")
    with connect(f"ws://{host}:{port}") as client:
        client.send(request(1, "initialize", {}).decode())
        answer = client.recv(SECONDS)
        assert isinstance(answer, str)  # browsers' editors take text
        assert json.loads(answer)["result"]["serverInfo"]["name"] == "hplint"
        client.send(request(2, "textDocument/hover", {}))  # bytes are taken as well
        assert json.loads(client.recv(SECONDS))["error"]["code"] == -32602
        client.send(request(3, "shutdown").decode())
        client.recv(SECONDS)
        client.send(notification("exit").decode())
    assert process.wait(SECONDS) == 0


def test_pages_from_elsewhere_may_not_connect() -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect
    from websockets.typing import Origin

    process, host, port = started("--ws", "0")
    for page in ("https://example.com", "http://localhost.example.com"):
        with pytest.raises(InvalidStatus), connect(f"ws://{host}:{port}", origin=Origin(page)):
            pass
    with connect(f"ws://{host}:{port}", origin=Origin("http://localhost:8000")) as client:
        client.send(notification("exit").decode())
    assert process.wait(SECONDS) == 1


@pytest.mark.parametrize("way", ["--tcp", "--ws"])
def test_client_that_hangs_up_ends_the_server(way: str) -> None:
    process, host, port = started(way, "0")
    if way == "--tcp":
        socket.create_connection((host, port), SECONDS).close()
    else:
        from websockets.sync.client import connect

        with connect(f"ws://{host}:{port}"):
            pass
    assert process.wait(SECONDS) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tcp", "x"], "`x` is no port"),
        (["--ws", "70000"], "`70000` is no port"),
        (["--tcp", "1", "--ws", "2"], "exclude each other"),
        (["file.yaml"], "nothing but options"),
    ],
)
def test_wrong_command_lines_say_what_is_wrong(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["server", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["server", "--tcp", str(taken.getsockname()[1])]) == 2
    assert "cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("cut", [1, 3, 7, 1000])
def test_frames_come_in_any_pieces(cut: int) -> None:
    stream = framed(b"{}") + b"content-length: 3\nX: y\n\nabc" + framed(b"\xc3\xa9")
    pieces = [stream[at : at + cut] for at in range(0, len(stream), cut)]
    frames = Frames(lambda _: pieces.pop(0) if pieces else b"")
    assert [frames.next() for _ in range(4)] == [b"{}", b"abc", b"\xc3\xa9", None]


def test_frame_of_absurd_length_is_skipped() -> None:
    stream = b"Content-Length: 70000000\r\n\r\n" + b"x" * 70_000_000 + framed(b"{}")
    at = 0

    def receive(size: int) -> bytes:
        nonlocal at
        at += size
        return stream[at - size : at]

    frames = Frames(receive)
    assert [frames.next() for _ in range(3)] == [b"", b"{}", None]
