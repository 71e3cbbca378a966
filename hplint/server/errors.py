"""Why a request is refused, in the numbers of JSON-RPC and LSP 3.17."""

from __future__ import annotations

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_FAILED = -32803
CONTENT_MODIFIED = -32801
CANCELLED = -32800


class Refused(Exception):  # noqa: N818  # not every refusal is an error: a cancelled request is none
    """A request that is answered with an error: its number, and a sentence for the client."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
