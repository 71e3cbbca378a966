"""Lints again whenever a file changes."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SECONDS = 0.4
"""How often the files are looked at."""

CLEAR = "\x1b[2J\x1b[3J\x1b[H"
"""Clears a terminal."""


def watch(
    run: Callable[[], None], paths: Callable[[], Iterable[str]], wait: Callable[[float], None] = time.sleep
) -> None:
    """Call `run` now and whenever one of `paths()` appears, changes or goes, until Ctrl-C.

    Files are looked at, not listened to: that works on every system and file system alike.
    """
    try:
        before = None
        while True:
            now = stamps(paths())
            if now != before:
                before = now
                run()
            wait(SECONDS)
    except KeyboardInterrupt:
        return


def stamps(paths: Iterable[str]) -> dict[str, tuple[int, int, int] | None]:
    """Return what changes when a file does: its time of change, size and identity; None where there is no file."""
    return {path: _stamp(path) for path in paths}


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return (about.st_mtime_ns, about.st_size, about.st_ino)
