"""A line that tells how far a long run is, on a terminal only."""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO, TypeVar

    T = TypeVar("T")

QUIET_SECONDS = 0.5
"""A run that ends sooner shows nothing."""
_EVERY = 0.05
_BAR = 24


class Progress:
    """Shows how many of `total` files are done, on standard error where that is a terminal."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total = total
        self.done = 0
        self.stream = sys.stderr if stream is None else stream
        self.next = time.monotonic() + QUIET_SECONDS
        self.is_shown = False
        self.is_terminal = self.stream.isatty()

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """Yield `items`, counting them."""
        try:
            for item in items:
                self.done += 1
                if self.is_terminal and time.monotonic() >= self.next:
                    self.show()
                yield item
        finally:
            self.clear()

    def show(self) -> None:
        """Draw the line."""
        self.next = time.monotonic() + _EVERY
        full = _BAR * self.done // max(self.total, 1)
        self.stream.write(f"\r[{'#' * full}{'.' * (_BAR - full)}] {self.done:,} of {self.total:,} files\x1b[K")
        self.stream.flush()
        self.is_shown = True

    def clear(self) -> None:
        """Take the line away, before something else is written to the same terminal."""
        if self.is_shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self.is_shown = False
