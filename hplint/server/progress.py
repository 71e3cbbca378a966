"""How far long work is, for a client that wants to see it."""

from __future__ import annotations

import time

from hplint.server.errors import CANCELLED, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.server.session import Session

SECONDS = 0.1
"""How often progress is told."""


class Progress:
    """The progress of one task. Without a token from the client nothing is sent."""

    def __init__(self, session: Session, token: Any, title: str) -> None:
        self._session = session
        self._token = token if isinstance(token, (int, str)) else None
        self._last = 0.0
        self._send({"kind": "begin", "title": title, "cancellable": True, "percentage": 0})

    def report(self, done: int, total: int, message: str) -> None:
        """Tell that `done` of `total` is done. Raises Refused if the user has cancelled the task."""
        if self._token is None:
            return
        if self._token in self._session.cancelled_tokens:
            self.end()
            raise Refused(CANCELLED, "the task was cancelled")
        if time.monotonic() - self._last > SECONDS:
            self._last = time.monotonic()
            self._send({"kind": "report", "message": message, "percentage": 100 * done // max(total, 1)})

    def end(self) -> None:
        """Tell that the task has ended, once; its token is of no use from now on."""
        self._send({"kind": "end"})
        if self._token is not None:
            self._session.cancelled_tokens.discard(self._token)
        self._token = None

    def _send(self, value: dict[str, Any]) -> None:
        if self._token is not None:
            self._session.notify("$/progress", {"token": self._token, "value": value})


def cancel(session: Session, params: Any) -> None:
    """window/workDoneProgress/cancel: the user does not want to wait any longer."""
    token = params.get("token") if isinstance(params, dict) else None
    if isinstance(token, (int, str)):
        session.cancelled_tokens.add(token)
