"""Which files are looked at, and how they are read and written."""

from __future__ import annotations

import os
import stat
import sys

from hplint.lint import SYNTAXES
from hplint.records import record
from hplint.syntax.tree import MAX_CHARACTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hplint.companions import Neighbour, ReadNeighbour
    from hplint.settings import Settings

STDIN = "-"
MAX_BYTES = 4 * MAX_CHARACTERS
"""A text file with more bytes than this has too many characters in every encoding, so it is not read at all."""

SKIPPED_FOLDERS = frozenset(("__pycache__", "build", "dist", "node_modules", "site-packages", "venv"))
"""Folders that hold no config of the project itself. Those whose name starts with a dot are left out as well."""


@record
class Target:
    """A file to look at. `named` tells that the user asked for it; `fault` why it cannot be read, if that is known."""

    path: str
    named: bool
    fault: str | None = None


def folder_of(path: str) -> str:
    """Return the folder whose settings count for the file at `path`; for standard input, the working folder."""
    return os.path.dirname(path) or os.curdir


class UnreadableError(Exception):
    """A file that cannot be read or written, with the reason."""


def find_targets(paths: Iterable[str], settings_of: Callable[[str], Settings]) -> list[Target]:
    """Return the files that `paths` stand for, each once, sorted by path.

    A folder stands for all configs in it and below; `settings_of(folder)` gives the settings that count there. Links
    to folders are not followed, so loops of links do no harm.
    """
    found: dict[str, Target] = {}
    for path in paths:
        if path != STDIN and os.path.isdir(path):
            for target in _in_folder(os.path.normpath(path), settings_of):
                found.setdefault(os.path.abspath(target.path), target)
        else:
            found[STDIN if path == STDIN else os.path.abspath(path)] = Target(path, True)
    return sorted(found.values(), key=lambda target: target.path)


def _in_folder(top: str, settings_of: Callable[[str], Settings]) -> list[Target]:
    found: list[Target] = []

    def cannot_list(error: OSError) -> None:
        found.append(Target(str(error.filename), True, f"the folder cannot be listed: {_reason(error)}"))

    for folder, folders, files in os.walk(top, onerror=cannot_list):
        settings = settings_of(folder)
        inside = "" if folder == os.curdir else os.path.normpath(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in SKIPPED_FOLDERS
            and not settings.excludes(os.path.join(inside, name))
        )
        for name in files:
            path = os.path.join(inside, name)
            if os.path.splitext(name)[1].lower() in SYNTAXES and not settings.excludes(path) and not _is_special(path):
                found.append(Target(path, False))
    return found


def _is_special(path: str) -> bool:
    """Whether `path` is a pipe, socket or device: opening it could wait for ever. A broken link is none."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False


def read(target: Target) -> bytes:
    """Return the content of a target; of a .keras archive, its config.json. Raises UnreadableError."""
    if target.fault is not None:
        raise UnreadableError(target.fault)
    if target.path == STDIN:
        return sys.stdin.buffer.read()
    try:
        about = os.stat(target.path)
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableError(f"it is no regular file; pipe its content to `hplint check {STDIN}` instead")
        if is_archive(target.path):
            return _config_in_archive(target.path)
        if about.st_size > MAX_BYTES:
            size = f"{about.st_size / 1e6:,.0f} MB"
            raise UnreadableError(f"it has {size}; hplint reads configs of up to {MAX_CHARACTERS:,} characters")
        with open(target.path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise UnreadableError(f"it cannot be read: {_reason(error)}") from None


def neighbours_of(path: str) -> ReadNeighbour | None:
    """Return what reads the files that the config at `path` names; None where it has no place in a project."""
    if path == STDIN or is_archive(path):
        return None

    def read_neighbour(name: str) -> Neighbour | None:
        from hplint.neighbours import reader_beside  # few configs name another file

        return reader_beside(path)(name)

    return read_neighbour


def is_archive(path: str) -> bool:
    """Whether the file at `path` holds its config inside an archive, so that fixes cannot be written."""
    return path.lower().endswith(".keras")


def _config_in_archive(path: str) -> bytes:
    from hplint.formats.keras_archive import config_of

    with open(path, "rb") as file:
        config = config_of(file)
    if config is None:
        raise UnreadableError("there is no readable config.json in it, as .keras archives have one")
    return config


def write(path: str, before: bytes, after: bytes) -> None:
    """Replace the content `before` of a file by `after`, at once and with the file's mode. Raises UnreadableError.

    A file that no longer holds `before` is left alone. A link stays a link: what it leads to is replaced.
    """
    from tempfile import mkstemp

    path = os.path.realpath(path)
    temporary = None
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
        handle, temporary = mkstemp(prefix=".hplint-", dir=os.path.dirname(path))
        with open(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        with open(path, "rb") as file:
            if file.read() != before:
                raise UnreadableError("it changed while hplint was reading it, so it was not fixed; run hplint again")
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise UnreadableError(f"it cannot be written: {_reason(error)}") from None
    finally:
        if temporary is not None:
            os.unlink(temporary)


def _reason(error: OSError | ValueError) -> str:
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return said[:1].lower() + said[1:]
