"""Makes the handler of requests on a thread of its own: its imports take long, and somebody may type meanwhile."""

from __future__ import annotations

import gc
import sys
from threading import Thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.server.requests import Requests
    from hplint.server.session import Session

SWITCH_SECONDS = 0.0005
"""How long the imports may keep a keystroke waiting; Python's own threads take turns ten times as slowly."""

SEARCH_OFTEN = (10_000, 5)
"""The imports leave much garbage: it is searched for in many short steps, none of which is noticed."""


class Preparation:
    """The handler of a session's requests, once it is made."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._thread: Thread | None = None
        self._made: Requests | None = None
        self._error: BaseException | None = None

    @property
    def is_begun(self) -> bool:
        """Whether the handler is being made, or is there."""
        return self._thread is not None

    @property
    def is_done(self) -> bool:
        """Whether the handler is there."""
        return self._made is not None

    def begin(self) -> None:
        """Begin to make the handler, if that has not begun."""
        if self._thread is None:
            self._thread = Thread(target=self._make, daemon=True, name="hplint imports")
            self._thread.start()

    def requests(self) -> Requests:
        """Return the handler, waiting for it where need be. Raises whatever stood in the way."""
        self.begin()
        if self._made is None and self._thread is not None:
            self._thread.join()
        if self._made is None:
            self._thread = None
            raise self._error or RuntimeError("the handler of requests was not made")
        return self._made

    def _make(self) -> None:
        interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.set_threshold(*SEARCH_OFTEN)
        try:
            from hplint.server.requests import make_requests

            self._made = make_requests(self._session)
        except BaseException as error:  # whoever asks for the handler is told
            self._error = error
        finally:
            sys.setswitchinterval(interval)
            gc.set_threshold(*thresholds)
        gc.collect(1)
        gc.freeze()  # what the imports made stays, and needs no search for garbage while somebody types
