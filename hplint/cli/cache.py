"""Remembers what linting a file gave, so that a file that has not changed is not linted again.

An entry's name is a digest of all that the result depends on: the file's content and path, the settings, and hplint
itself with its rules and schemas. So an entry is never out of date, only unused. Each is a file of its own that appears
whole; runs at the same time do each other no harm. Nothing can go wrong but that a file is linted once more.
"""

from __future__ import annotations

import os
import sys

from hplint import __version__, knowledge
from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.cli.results import Packed
    from hplint.settings import Settings

VARIABLE = "HPLINT_CACHE_DIR"
MAX_AGE = 14 * 24 * 3600
"""Seconds after which an entry is thrown away."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@record
class Cache:
    """A folder of entries that one hplint has written."""

    folder: str

    def name(self, content: bytes, path: str, settings: Settings) -> str:
        """Return the name of the entry for a file."""
        said = "\0".join((path, os.path.abspath(path), _written(settings))).encode("utf-8", "surrogatepass")
        return digest(len(said).to_bytes(8, "little") + said + content)

    def get(self, name: str) -> Packed | None:
        """Return the entry `name`, None if there is none."""
        import marshal

        try:
            with open(os.path.join(self.folder, name[:2], name), "rb") as file:
                kept, packed = marshal.loads(file.read())
        except (OSError, ValueError, EOFError, TypeError):
            return None
        return packed if kept == name else None

    def put(self, name: str, packed: Packed) -> None:
        """Keep an entry; where that cannot be, it is not kept."""
        import marshal

        folder = os.path.join(self.folder, name[:2])
        temporary = os.path.join(folder, f".{name}.{os.getpid()}")
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            with open(temporary, "wb") as file:
                file.write(marshal.dumps((name, packed)))
            os.replace(temporary, os.path.join(folder, name))
        except (OSError, ValueError):
            return


_last_written: list[tuple[Settings, str]] = []
"""The last settings as text: the files of a run share them, and they can be long."""


def _written(settings: Settings) -> str:
    if not _last_written or _last_written[0][0] is not settings:
        _last_written[:] = [(settings, repr(settings))]
    return _last_written[0][1]


def open_cache() -> Cache | None:
    """Return the cache of this hplint; None where there is no place for one."""
    top = _place()
    if top is None:
        return None
    folder = os.path.join(top, _stamp())
    if _is_foreign(top):
        return None
    if not os.path.isdir(folder):
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
        except OSError:
            return None
        _forget_old(top)
    return Cache(folder)


def _is_foreign(folder: str) -> bool:
    """Whether a folder belongs to somebody else, whose entries are not to be believed."""
    try:
        return hasattr(os, "getuid") and os.stat(folder).st_uid != os.getuid()
    except OSError:
        return False


def _place() -> str | None:
    """Return the folder of all caches: HPLINT_CACHE_DIR, else the user's own folder for caches."""
    given = os.environ.get(VARIABLE)
    if given is not None:
        return os.path.abspath(given) if given else None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "hplint") if os.path.isabs(base) else None


def _stamp() -> str:
    """Return a name that differs whenever hplint, its rules, its schemas or the reader of YAML do."""
    made = [os.path.join(_PACKAGE, name) for name in ("lint.py", "_knowledge/formats.py", "_knowledge/rules.py")]
    if knowledge.is_checkout():  # where any module may change, and rules and schemas are compiled when they have
        knowledge.clues()  # which remakes them first
        folders = sorted(os.walk(_PACKAGE))
        made = [
            os.path.join(folder, name) for folder, _, names in folders for name in sorted(names) if name[-3:] == ".py"
        ]
    made += [os.path.join(folder, "yaml", "__init__.py") for folder in sys.path]
    about = f"{__version__} {sys.version_info[:2]} {[_trace_of(path) for path in made]}"
    return f"{__version__}-{digest(about.encode())}"


def _trace_of(path: str) -> tuple[int, int]:
    """Return what changes when a file does."""
    try:
        about = os.stat(path)
    except OSError:
        return (0, 0)
    return (about.st_mtime_ns, about.st_size)


def digest(content: bytes) -> str:
    """Return a text of 40 letters that differs whenever `content` does."""
    from _blake2 import blake2b  # hashlib takes longer to import than many configs take to lint

    found: str = blake2b(content, digest_size=20).hexdigest()
    return found


def _forget_old(top: str) -> None:
    """Delete the entries that were made long ago, whichever hplint has made them."""
    import time

    oldest = time.time() - MAX_AGE
    for folder, folders, files in os.walk(top, topdown=False):
        for file in files:
            _delete(os.unlink, os.path.join(folder, file), oldest)
        for name in folders:
            _delete(os.rmdir, os.path.join(folder, name), oldest)


def _delete(how: Callable[[str], None], path: str, oldest: float) -> None:
    try:
        if os.stat(path).st_mtime < oldest:
            how(path)
    except OSError:
        return
