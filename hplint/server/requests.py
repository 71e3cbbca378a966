"""All requests that are not on the way of a keystroke: pygls finds the handler, lsprotocol reads and writes the types.

Importing both takes far longer than a lint run, so this module is imported when the first diagnostics are out.
"""

from __future__ import annotations

import logging
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from hplint import __version__
from hplint.server.errors import INTERNAL_ERROR, INVALID_PARAMS, METHOD_NOT_FOUND, Refused

if TYPE_CHECKING:
    from concurrent.futures import Future

    from hplint.server.session import Session

FEATURES = (
    "code_action",
    "code_lens",
    "command",
    "completion",
    "deferred",
    "document_link",
    "document_symbol",
    "folding_range",
    "hover",
    "inlay_hint",
    "navigation",
    "selection_range",
)
"""The modules of hplint.server.features; each registers its handlers."""


class Server(LanguageServer):
    """pygls' server, of which hplint uses the dispatch of requests: documents, life cycle and transport are its own."""

    session: Session

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what pygls could not do; pygls itself would open a message box."""
        self.session.crashed("a request", error)


class Requests(LanguageServerProtocol):
    """pygls' way from a request to its handler and to the answer, held to the specification.

    pygls 2.1 leaves a request without an answer if its params cannot be decoded, and sends tracebacks to the client.
    """

    _server: Server

    def answer(self, message: dict[str, Any]) -> None:
        """Answer a request. Raises Refused where there is an error to answer with."""
        method = message["method"]
        if method not in self.fm.features:
            raise Refused(METHOD_NOT_FOUND, f"the server has no method {method}")
        try:
            decoded = self.structure_message(_without_diagnostics(message))
        except (JsonRpcInvalidParams, JsonRpcInternalError):
            raise Refused(INVALID_PARAMS, f"the params of {method} are not as specified") from None
        # Not pygls' own handler of a built-in method, such as workspace/executeCommand: that would run no feature.
        self._execute_handler(
            decoded.id,
            self.fm.features[method],
            partial(self._send_handler_result, msg_id=decoded.id),
            (decoded.params,),
        )

    def _send_handler_result(self, future: Future[Any], *, msg_id: Any) -> None:
        """Send a handler's result, or the error that it stopped with, without a traceback."""
        error = future.exception()
        if error is None or isinstance(error, JsonRpcException):
            super()._send_handler_result(future, msg_id=msg_id)
            return
        self._request_futures.pop(msg_id, None)
        if isinstance(error, Refused):
            self._send_response(msg_id, error=types.ResponseError(error.code, error.message))
            return
        self._server.session.crashed("a request", error)
        said = types.ResponseError(INTERNAL_ERROR, "hplint failed at this; its log says where")
        self._send_response(msg_id, error=said)


def _without_diagnostics(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message without the diagnostics that a client sends back with a request for code actions.

    They come back changed by some clients; hplint looks for itself what is found in the range.
    """
    params = message.get("params")
    if not isinstance(params, dict):
        return message
    context = params.get("context")
    if not isinstance(context, dict) or "diagnostics" not in context:
        return message
    return {**message, "params": {**params, "context": {**context, "diagnostics": []}}}


class _Writer:
    """Sends what pygls has to say on the session's connection."""

    def __init__(self, session: Session) -> None:
        self.write = session.write

    def close(self) -> None:
        """Leave the connection open: it is not pygls that ends it."""


def make_requests(session: Session) -> Requests:
    """Return the handler of requests for a session."""
    # pygls logs what clients do wrong with tracebacks, by default to standard error: where a client does not read that,
    # the server would come to a stand.
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    logging.getLogger("pygls").propagate = False
    server = Server("hplint", __version__, protocol_cls=Requests, converter_factory=default_converter)
    server.session = session
    requests = server.protocol
    assert isinstance(requests, Requests)
    requests.client_capabilities = types.ClientCapabilities()
    requests.set_writer(_Writer(session), include_headers=False)
    for name in FEATURES:
        for method, handler in import_module(f"hplint.server.features.{name}").HANDLERS.items():
            server.feature(method)(partial(handler, session))
    return requests
