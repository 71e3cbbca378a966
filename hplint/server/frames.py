"""Messages on a stream of bytes: header lines, an empty line, then as many bytes of JSON as the header says."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BYTES = 64_000_000
"""No message needs more: hplint reads configs of up to 4,000,000 characters."""
_CHUNK = 65_536


class Frames:
    """Cuts a stream into messages. `receive(n)` returns up to n bytes, and none at the end of the stream."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._buffer = bytearray()

    def next(self) -> bytes | None:
        """Return the next message's bytes; empty for one that is too long to be read; None at the end of the stream."""
        length = None
        while True:
            line = self._line()
            if line is None:
                return None
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
            elif not line and length is not None:
                return self._body(length) if length <= MAX_BYTES else self._skipped(length)

    def _line(self) -> bytes | None:
        while True:
            end = self._buffer.find(b"\n")
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return line.rstrip(b"\r")
            if len(self._buffer) > _CHUNK:  # no header is that long: wait for the next line
                self._buffer.clear()
            if not self._fill():
                return None

    def _body(self, length: int) -> bytes | None:
        while len(self._buffer) < length:
            if not self._fill():
                return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body

    def _skipped(self, length: int) -> bytes | None:
        while len(self._buffer) < length:
            length -= len(self._buffer)
            self._buffer.clear()
            if not self._fill():
                return None
        del self._buffer[:length]
        return b""

    def _fill(self) -> bool:
        chunk = self._receive(_CHUNK)
        self._buffer += chunk
        return bool(chunk)


def framed(body: bytes) -> bytes:
    """Return a message as it goes on the stream."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
