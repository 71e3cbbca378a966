"""Where the client is: standard input and output, a TCP socket or a WebSocket. Each serves one client."""

from __future__ import annotations

import os
import re
import sys

from hplint.records import record
from hplint.server.frames import MAX_BYTES, Frames, framed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


@record
class Connection:
    """Both ways to the client: `read` returns a message's bytes, None when the client is gone; `write` sends one."""

    read: Callable[[], bytes | None]
    write: Callable[[bytes], None]


def serve_stdio(serve: Callable[[Connection], int]) -> int:
    """Serve the client at standard input and output; returns the exit status."""
    # Whatever prints must not end up between messages; and the reader waits without holding a buffer's lock, so that
    # the interpreter can end while it waits.
    output = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    source = os.dup(sys.stdin.fileno())

    def write(body: bytes) -> None:
        _write_all(lambda data: os.write(output, data), framed(body))

    return serve(Connection(Frames(lambda size: os.read(source, size)).next, write))


def _write_all(write: Callable[[memoryview], int], data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[write(rest) :]


def serve_tcp(serve: Callable[[Connection], int], host: str, port: int) -> int:
    """Wait for a client on a TCP port and serve it; returns the exit status. Port 0 takes a free one."""
    import socket

    with socket.create_server((host, port)) as listener:
        _say_where("tcp", *listener.getsockname()[:2])
        client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(size: int) -> bytes:
        try:
            return client.recv(size)
        except OSError:
            return b""

    with client:
        return serve(Connection(Frames(receive).next, lambda body: client.sendall(framed(body))))


_OWN_PAGES = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
"""Pages that may connect: those of this machine. Any page that a browser shows could try, and ask about files here."""


def serve_websocket(serve: Callable[[Connection], int], host: str, port: int) -> int:
    """Wait for a client on a WebSocket and serve it, a message of text a message; returns the exit status."""
    from threading import Event, Thread

    from websockets.exceptions import ConnectionClosed
    from websockets.sync.server import ServerConnection
    from websockets.sync.server import serve as listen

    statuses: list[int] = []
    done = Event()  # the server must not be shut down by the thread that serves, for which that would wait

    def serve_client(socket: ServerConnection) -> None:
        def read() -> bytes | None:
            try:
                message = socket.recv()
            except ConnectionClosed:
                return None
            return message.encode() if isinstance(message, str) else message

        def write(body: bytes) -> None:
            try:
                socket.send(body.decode())
            except ConnectionClosed:
                raise BrokenPipeError from None

        try:
            statuses.append(serve(Connection(read, write)))
        finally:
            done.set()

    with listen(serve_client, host, port, max_size=MAX_BYTES, origins=[None, _OWN_PAGES]) as server:
        _say_where("ws", *server.socket.getsockname()[:2])
        Thread(target=server.serve_forever, daemon=True).start()
        done.wait()
    return statuses[0] if statuses else 1


def _say_where(scheme: str, host: str, port: int) -> None:
    print(f"hplint server: waiting at {scheme}://{host}:{port}", file=sys.stderr, flush=True)
