"""Which files are looked at, and how they are read and written."""

from __future__ import annotations

import os
import stat
import sys

from hplint.parsing import SYNTAXES
from hplint.records import record
from hplint.settings import FILES
from hplint.syntax.tree import MAX_CHARACTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hplint.companions import Neighbour, ReadNeighbour
    from hplint.settings import Settings

STDIN = "-"
MAX_BYTES = 4 * MAX_CHARACTERS
"""A text file with more bytes than this has too many characters in every encoding, so it is not read at all."""

SKIPPED_FOLDERS = frozenset(("__pycache__", "build", "dist", "node_modules", "site-packages", "venv"))
"""Folders that hold no config of the project itself. Those whose name starts with a dot are left out as well."""


@record
class Target:
    """A file to look at.

    named    the user asked for it
    fault    why it cannot be read, if that is known
    content  what was read already, as from standard input
    name     what to call it instead of its path
    """

    path: str
    named: bool
    fault: str | None = None
    content: bytes | None = None
    name: str = ""

    @property
    def shown(self) -> str:
        """What to call it."""
        return self.name or self.path


def folder_of(path: str) -> str:
    """Return the folder whose settings count for the file at `path`; for standard input, the working folder."""
    return os.path.dirname(path) or os.curdir


class UnreadableError(Exception):
    """A file that cannot be read or written, with the reason."""


def find_targets(
    paths: Iterable[str],
    settings_of: Callable[[str], Settings],
    stdin_name: str | None = None,
    leave_out_named: bool = False,
) -> list[Target]:
    """Return the files that `paths` stand for, each once, sorted by path.

    A folder stands for all configs in it and below; `settings_of(folder)` gives the settings that count there. Links
    to folders are not followed, so loops of links do no harm; a file that several links lead to is looked at once.
    What the settings exclude is left out inside folders; with `leave_out_named`, also among `paths`.
    """
    found: dict[object, Target] = {}
    for path in paths:
        if path == STDIN:
            content = sys.stdin.buffer.read() if sys.stdin is not None else None
            fault = "standard input is closed" if content is None else None
            found[STDIN] = Target(STDIN, True, fault, content, stdin_name or "")
        elif os.path.isdir(path):
            for target in _in_folder(os.path.normpath(path), settings_of):
                found.setdefault(_identity(target.path), target)
        elif not (leave_out_named and _is_excluded(path, settings_of)):
            found[_identity(path)] = Target(path, True)
    return sorted(found.values(), key=lambda target: target.path)


def _is_excluded(path: str, settings_of: Callable[[str], Settings]) -> bool:
    """Whether the settings exclude a file, or a folder that it lies in."""
    settings = settings_of(folder_of(path))
    path = os.path.normpath(path)
    while path not in ("", os.curdir, os.sep):
        if settings.excludes(path):
            return True
        path = os.path.dirname(path)
    return False


def _identity(path: str) -> object:
    """Return what two paths of one file have in common."""
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return os.path.abspath(path)
    return (about.st_dev, about.st_ino) if about.st_ino else os.path.realpath(path)


def _in_folder(top: str, settings_of: Callable[[str], Settings]) -> list[Target]:
    found: list[Target] = []
    ignored = _Ignored(top)
    real_top = os.path.realpath(top)

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
            and not (settings.gitignore and ignored.holds(os.path.join(inside, name)))
        )
        for name in sorted(files):
            path = os.path.join(inside, name)
            if (
                os.path.splitext(name)[1].lower() in SYNTAXES
                and not settings.excludes(path)
                and not _is_special(path)
                and not (os.path.islink(path) and _leads_out(path, real_top))
                and not (settings.gitignore and ignored.holds(path))
            ):
                found.append(Target(path, False))
    return found


def projects_in(top: str) -> Iterator[str]:
    """Yield the folders at and below `top` that have a settings file."""
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS]
        if any(name in names for name in FILES):
            yield folder


class _Ignored:
    """What git ignores below a folder; git is asked when the first path is."""

    def __init__(self, top: str) -> None:
        self.top = top
        self.paths: frozenset[str] | None = None

    def holds(self, path: str) -> bool:
        """Whether git ignores a path, which must not lie in a folder that is ignored."""
        if self.paths is None:
            from hplint.cli import git

            self.paths = git.ignored(self.top) if git.repository(self.top) is not None else frozenset()
            self.real_top = os.path.realpath(self.top)
        if not self.paths:
            return False
        inside = os.path.relpath(path, self.top)
        return os.path.normpath(os.path.join(self.real_top, inside)) in self.paths


def _leads_out(path: str, top: str) -> bool:
    """Whether a link leads to a file outside of the folder `top`."""
    return not os.path.realpath(path).startswith(top.rstrip(os.sep) + os.sep)


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
    if target.content is not None:
        return target.content
    if target.path == STDIN:
        if sys.stdin is None:
            raise UnreadableError("standard input is closed")
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

    def read_neighbour(name: str, exactly: bool = False) -> Neighbour | None:
        from hplint.neighbours import reader_beside  # few configs name another file

        return reader_beside(path)(name, exactly)

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


def write_new(path: str, text: str) -> None:
    """Write a file of hplint's own making, at once. Raises UsageError."""
    from hplint.cli.options import UsageError

    temporary = f"{path}.{os.urandom(8).hex()}"
    try:
        if os.path.exists(path) and _is_special(path):  # such as /dev/stdout, which nothing may take the place of
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            return
        with open(temporary, "x", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {_reason(error)}") from None
    finally:
        _remove(temporary)


def write(path: str, before: bytes, after: bytes) -> None:
    """Replace the content `before` of a file by `after`, at once and with the file's mode. Raises UnreadableError.

    A file that no longer holds `before` is left alone. A link stays a link: what it leads to is replaced.
    """
    path = os.path.realpath(path)
    # Known before it is there, so that it is taken away whenever Ctrl-C comes.
    temporary = os.path.join(os.path.dirname(path), f".hplint-{os.urandom(8).hex()}")
    try:
        if not os.access(path, os.W_OK):  # which its folder would let pass
            raise UnreadableError("it cannot be written: it is read-only")
        mode = stat.S_IMODE(os.stat(path).st_mode)
        with open(temporary, "xb", opener=_for_owner) as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        with open(path, "rb") as file:
            if file.read() != before:
                raise UnreadableError("it changed while hplint was reading it, so it was not fixed; run hplint again")
        os.replace(temporary, path)
    except OSError as error:
        raise UnreadableError(f"it cannot be written: {_reason(error)}") from None
    finally:
        _remove(temporary)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _remove(path: str) -> None:
    """Remove a file that may not be there."""
    try:
        os.unlink(path)
    except OSError:
        return


def _reason(error: OSError | ValueError) -> str:
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return said[:1].lower() + said[1:]
