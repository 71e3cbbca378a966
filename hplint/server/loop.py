"""One message after the other, each request answered.

A thread reads ahead: a request that is cancelled while others are done is never begun, and of changes that wait
in a row only the last is linted. All else happens on one thread, so that nothing needs a lock. Long work, such as
linting a whole workspace, is done in steps while no message waits.
"""

from __future__ import annotations

import gc
import json
import threading
from collections import deque
from contextlib import suppress
from queue import Empty, SimpleQueue

from hplint.server import configuration, lifecycle, parent, progress, pull, sync, workspace
from hplint.server.errors import (
    CANCELLED,
    INTERNAL_ERROR,
    INVALID_REQUEST,
    NOT_INITIALIZED,
    PARSE_ERROR,
    Refused,
)
from hplint.server.preparing import Preparation
from hplint.server.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from hplint.server.endpoints import Connection
    from hplint.server.requests import Requests

    Handler = Callable[[Session, Any], Any]

NEW, RUNNING, SHUT_DOWN = "new", "running", "shut down"
REST_SECONDS = 3.0
"""After how long without a message the server tidies up, and looks whether the editor that started it still runs."""
PAUSE_SECONDS = 0.25
"""After how long without a message there is time for slow imports: whoever types does not pause for so long."""
GRACE_SECONDS = 0.03
"""How long the slow imports wait for requests that do not need them."""

REQUESTS: dict[str, Handler] = {"textDocument/diagnostic": pull.document_diagnostic}
"""Requests that are answered with plain JSON; all others go through pygls."""

LONG_REQUESTS: dict[str, Callable[[Session, Any], Generator[bool, None, Any]]] = {
    "workspace/diagnostic": workspace.workspace_diagnostic,
}
"""Requests that are worked on in steps, while no message waits."""

PUSHING = None
"""Stands for the id of a request where long work is the server's own."""

NOTIFICATIONS: dict[str, Handler] = {
    "initialized": lifecycle.initialized,
    "textDocument/didOpen": sync.did_open,
    "textDocument/didChange": sync.did_change,
    "textDocument/didClose": sync.did_close,
    "textDocument/didSave": configuration.did_save,
    "window/workDoneProgress/cancel": progress.cancel,
    "workspace/didChangeConfiguration": configuration.did_change_configuration,
    "workspace/didChangeWatchedFiles": configuration.did_change_watched_files,
    "workspace/didChangeWorkspaceFolders": configuration.did_change_workspace_folders,
}


def serve(connection: Connection, log_file: str | None = None) -> int:
    """Serve a client until it leaves; returns the exit status: 0 if it said so before it left, else 1.

    What goes wrong inside hplint is appended to `log_file`, if there is one, with tracebacks.
    """
    return _Loop(connection, log_file).run()


class _Loop:
    def __init__(self, connection: Connection, log_file: str | None) -> None:
        self._connection = connection
        self._session = Session(connection.write, log_file)
        self._incoming: SimpleQueue[Any] = SimpleQueue()
        self._waiting: deque[Any] = deque()
        self._cancelled: set[int | str] = set()
        self._state = NEW
        self._jobs: dict[int | str | None, tuple[str, Generator[bool, None, Any]]] = {}
        """Long requests by id, the one that is worked on first; and what is worked on without any."""
        self._is_idle = True
        self._is_rested = False
        self._preparation = Preparation(self._session)

    def run(self) -> int:
        gc.set_threshold(50_000, 10)  # many short searches for garbage: somebody who types notices a long one
        threading.Thread(target=self._read, daemon=True, name="hplint reader").start()
        try:
            while self._wait():
                if not self._waiting:
                    self._work()
                    continue
                message = self._waiting.popleft()
                if message is None or _method(message) == "exit":
                    break
                self._handle(message)
                self._is_idle = not self._jobs
                self._is_rested = False
        except (BrokenPipeError, ConnectionResetError):  # the client is gone
            pass
        return 0 if self._state == SHUT_DOWN else 1

    def _read(self) -> None:
        """Put what comes in into the queue; None at the end. Runs on its own thread."""
        while True:
            body = self._connection.read()
            if body is None:
                self._incoming.put(None)
                return
            try:
                message = json.loads(body)
            except (ValueError, RecursionError):
                message = Refused(PARSE_ERROR, "the message is no JSON that can be read")
            if message is None:  # which would stand for the end
                message = Refused(INVALID_REQUEST, "the message names no method")
            if _method(message) == "$/cancelRequest":
                self._cancelled.add(_cancelled_id(message))
            self._incoming.put(message)

    def _wait(self) -> bool:
        """Wait until there is something to do; False if the process that started the server is gone."""
        if not self._waiting and self._incoming.empty():
            self._session.let_go()
        while not self._waiting and self._is_idle:
            is_shown = not self._preparation.is_begun and self._session.has_shown
            self._fetch(PAUSE_SECONDS if is_shown else REST_SECONDS)
            if self._waiting:
                break
            if is_shown:  # the first diagnostics are out, so that there is time for what other requests need
                self._preparation.begin()
            elif not parent.is_alive(self._session.client.process_id):
                return False
            elif not self._is_rested:
                self._is_rested = True
                _tidy()
        while not self._incoming.empty():
            self._fetch(0)
        return True

    def _fetch(self, seconds: float) -> None:
        """Let the next message that has come in wait its turn; if there is none within `seconds`, do nothing."""
        with suppress(Empty):
            self._waiting.append(self._incoming.get(timeout=seconds))

    def _work(self) -> None:
        """Take the next step of the long requests: of the first that has anything to do."""
        if self._session.has_shown and not self._preparation.is_begun:  # long work leaves no pause for it
            self._preparation.begin()
        self._is_idle = not any(self._step(number, method, job) for number, (method, job) in list(self._jobs.items()))

    def _step(self, number: int | str | None, method: str, job: Generator[bool, None, Any]) -> bool:
        """Take a step of a long request, and answer it if that was the last; False if it waits for a change."""
        try:
            return next(job)
        except StopIteration as end:
            del self._jobs[number]
            self._session.send({"id": number, "result": end.value})
        except (BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            del self._jobs[number]
            self._failed(number, method, error)
        return True

    def _handle(self, message: Any) -> None:
        method = _method(message)
        if isinstance(message, Refused):
            self._refuse(None, message)
        elif method is not None and "id" in message:
            self._request(message, message["id"], method)
        elif method is not None:
            self._notification(method, message.get("params"))
        elif isinstance(message, dict) and ("result" in message or "error" in message):
            self._guarded("an answer", lambda: self._session.answered(message))
        else:
            self._refuse(None, Refused(INVALID_REQUEST, "the message names no method"))

    def _request(self, message: dict[str, Any], number: Any, method: str) -> None:
        if type(number) not in (int, str):
            self._refuse(None, Refused(INVALID_REQUEST, "the id of a request is a whole number or a text"))
            return
        try:
            self._answer(message, number, method)
        except (BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            self._failed(number, method, error)
        self._cancelled.discard(number)

    def _failed(self, number: int | str | None, method: str, error: Exception) -> None:
        """Answer a request with the error that it ended in."""
        if isinstance(error, Refused):
            self._refuse(number, error)
            return
        self._session.crashed(method, error)
        if number is not PUSHING:
            self._refuse(number, Refused(INTERNAL_ERROR, f"hplint failed at {method}; its log says where"))

    def _answer(self, message: dict[str, Any], number: int | str, method: str) -> None:
        """Answer a request. Raises Refused where there is an error to answer with."""
        params = message.get("params")
        if number in self._cancelled:
            raise Refused(CANCELLED, "the request was cancelled")
        if self._state == NEW:
            if method != "initialize":
                raise Refused(NOT_INITIALIZED, "the first request is initialize")
            result = lifecycle.initialize(self._session, params)
            self._state = RUNNING
        elif self._state == SHUT_DOWN:
            raise Refused(INVALID_REQUEST, "the server is shut down; all that it still takes is exit")
        elif method == "initialize":
            raise Refused(INVALID_REQUEST, "the server is initialized already")
        elif method == "shutdown":
            self._state = SHUT_DOWN
            result = None
            for waiting in list(self._jobs):
                self._cancel(waiting)
        elif method in REQUESTS:
            result = REQUESTS[method](self._session, params)
        elif method in LONG_REQUESTS:
            self._jobs[number] = (method, LONG_REQUESTS[method](self._session, params))
            return
        else:
            self._requests().answer(message)
            return
        self._session.send({"id": number, "result": result})

    def _notification(self, method: str, params: Any) -> None:
        if self._state != RUNNING:
            return
        if method == "$/cancelRequest":
            cancelled = _cancelled_id({"params": params})
            self._cancelled.discard(cancelled)  # its request has been answered by now, or is a long one
            self._cancel(cancelled)
        elif method == "textDocument/didChange":
            self._guarded(method, lambda: sync.did_change(self._session, params, self._is_overtaken(params)))
        elif method in NOTIFICATIONS:
            self._guarded(method, lambda: NOTIFICATIONS[method](self._session, params))
        if method == "initialized" and not self._session.client.pulls_workspace:
            self._jobs[PUSHING] = ("looking through the workspace", workspace.push_workspace(self._session))

    def _cancel(self, number: int | str | None) -> None:
        """Stop working on a long request, if it is one."""
        _, job = self._jobs.pop(number, ("", None))
        if job is not None:
            job.close()
        if job is not None and number is not PUSHING:
            self._refuse(number, Refused(CANCELLED, "the request was cancelled"))

    def _is_overtaken(self, params: Any) -> bool:
        """Whether another change of the same document waits."""
        uri = _uri(params)
        return any(
            _method(later) == "textDocument/didChange" and _uri(later.get("params")) == uri for later in self._waiting
        )

    def _guarded(self, what: str, action: Callable[[], Any]) -> None:
        """Do what has no answer: whatever goes wrong is logged."""
        try:
            action()
        except Refused as refusal:
            self._session.log(f"{what} was left out: {refusal.message}")
        except (BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            self._session.crashed(what, error)

    def _refuse(self, number: int | str | None, refusal: Refused) -> None:
        self._session.send({"id": number, "error": {"code": refusal.code, "message": refusal.message}})

    def _requests(self) -> Requests:
        """Return the handler of all other requests; it is waited for if it is still being made."""
        if not self._preparation.is_done:
            self._answer_pulls()
        return self._preparation.requests()

    def _answer_pulls(self) -> None:
        """Answer the pulls of diagnostics that wait, as far as they are about the texts as they are now."""
        self._fetch(GRACE_SECONDS)
        for message in list(self._waiting):
            if message is None or _method(message) in NOTIFICATIONS:
                break
            if _method(message) == "textDocument/diagnostic":
                self._waiting.remove(message)
                self._handle(message)


def _tidy() -> None:
    """Search everything for garbage, so that the searches while somebody types look at what is new only."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _method(message: Any) -> str | None:
    method = message.get("method") if isinstance(message, dict) else None
    return method if isinstance(method, str) else None


def _uri(params: Any) -> Any:
    item = params.get("textDocument") if isinstance(params, dict) else None
    return item.get("uri") if isinstance(item, dict) else None


def _cancelled_id(message: Any) -> int | str:
    """Return the id that a $/cancelRequest names; an empty text, which is no request's, if it names none."""
    params = message.get("params")
    number = params.get("id") if isinstance(params, dict) else None
    return number if isinstance(number, (int, str)) else ""
