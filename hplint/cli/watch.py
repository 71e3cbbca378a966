"""Lints again whenever a file changes."""

from __future__ import annotations

import os
import time

from hplint.settings import FILES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hplint.cli.files import Target
    from hplint.settings import Settings

SECONDS = 0.4
"""How often the files are looked at, at most."""
SHARE = 5
"""The time between two looks is this many times that of a look: a large project must not keep a core busy."""

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
            start = time.monotonic()
            now = stamps(paths())
            seconds = time.monotonic() - start
            if now != before:
                before = now
                run()
                before = {**stamps(paths()), **now}  # what a run finds out to be read has not changed
            wait(max(SECONDS, SHARE * seconds))
    except KeyboardInterrupt:
        return


def read_for(targets: Iterable[Target], settings_of: Callable[[str], Settings] | None) -> list[str]:
    """Return the files that the findings in `targets` may depend on, but for those that a config names.

    Those are the targets, and whatever settings, own rules and baselines count there, or would count if they were
    there. Without `settings_of`, because settings are wrong, only where settings may stand.
    """
    from hplint.own import own_files

    paths = [target.path for target in targets]
    folders = {os.path.dirname(os.path.abspath(path)) for path in paths} | {os.getcwd()}
    found = set(paths)
    for settings in [settings_of(folder) for folder in sorted(folders)] if settings_of is not None else []:
        found.update(settings.files, filter(None, [settings.baseline]))
        for folder, _ in settings.own:
            found.update(own_files(folder))
    for folder in tuple(folders):  # settings count from any folder above
        while folder not in (os.path.dirname(folder), ""):
            folder = os.path.dirname(folder)
            folders.add(folder)
    return [*sorted(found), *(os.path.join(folder, name) for folder in sorted(folders) for name in FILES)]


def stamps(paths: Iterable[str]) -> dict[str, tuple[int, int, int] | None]:
    """Return what changes when a file does: its time of change, size and identity; None where there is no file."""
    return {path: _stamp(path) for path in paths}


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return (about.st_mtime_ns, about.st_size, about.st_ino)
