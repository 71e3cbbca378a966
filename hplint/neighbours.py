"""Reads the files that a config names, and none outside of its project.

A path in a config counts from the folder where training is started, which nothing states. So it is looked for in the
config's own folder and in every folder above it, up to the project's; where that finds several files that differ, there
is no telling which one is meant, and none is read.
"""

from __future__ import annotations

import os
import stat

from hplint.companions import Neighbour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.companions import ReadNeighbour

MAX_BYTES = 1_000_000
"""Configs that others name are small; a larger file is none."""
MAX_FOLDERS = 40
_MARKS = (".git", "hplint.toml", "pyproject.toml", "setup.cfg", "requirements.txt")


def project_of(path: str) -> str:
    """Return the folder of the project that the config at `path` belongs to.

    That is the nearest folder at or above it that has a repository or a project's settings in it; without one, the
    folder that hplint runs in where the config lies below that, else the config's own.
    """
    own = os.path.dirname(os.path.abspath(path))
    folder = own
    for _ in range(MAX_FOLDERS):
        if any(os.path.exists(os.path.join(folder, mark)) for mark in _MARKS):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    here = os.getcwd()
    return here if is_below(own, here) else own


def reader_beside(path: str, root: str | None = None) -> ReadNeighbour:
    """Return what reads the files that the config at `path` names, inside the folder `root` (by default its project).

    A name that leads out of that folder, by `..`, as an absolute path or through a link, is not followed; what is no
    regular file, or larger than MAX_BYTES, is not read.
    """

    def read_neighbour(name: str, exactly: bool = False) -> Neighbour | None:
        top = os.path.realpath(root if root is not None else project_of(path))
        folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
        if not name or "\0" in name or os.path.isabs(name) or not is_below(folder, top):
            return None
        if exactly:
            return _at(os.path.join(folder, name), top, path)
        found: Neighbour | None = None
        for _ in range(MAX_FOLDERS):
            content = _content(os.path.join(folder, name), top)
            if content is not None:
                if found is not None and found.content != content:
                    return None
                found = found or Neighbour(_shown(os.path.join(folder, name), path), content)
            if folder == top:
                break
            folder = os.path.dirname(folder)
        return found

    return read_neighbour


def _at(path: str, top: str, beside: str) -> Neighbour | None:
    """Return the file at `path` and nowhere else; without content where there certainly is none."""
    content = _content(path, top)
    shown = _shown(path, beside)
    if content is not None:
        return Neighbour(shown, content)
    folder = os.path.realpath(os.path.dirname(path))
    if os.path.lexists(path) or not is_below(folder, top) or not _is_in_repository(folder):
        return None
    try:
        names = sorted(name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name)))
    except OSError:
        return None
    return Neighbour(shown, None, tuple(names)) if names else None  # an empty folder may be filled by somebody else


def _is_in_repository(folder: str) -> bool:
    """Whether a folder belongs to a repository, so that what is not in it is missing and not merely left out."""
    for _ in range(MAX_FOLDERS):
        if os.path.exists(os.path.join(folder, ".git")):
            return True
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            break
    return False


def _content(path: str, top: str) -> bytes | None:
    """Return the content of the file at `path`, None unless it is a small regular file inside the folder `top`."""
    real = os.path.realpath(path)
    if not is_below(os.path.dirname(real), top):
        return None
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        if not stat.S_ISREG(os.stat(real).st_mode):  # opening a device can have effects of its own
            return None
        handle = os.open(real, flags)
        with open(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_BYTES:
                return None
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return None
    return content if len(content) <= MAX_BYTES else None


def is_below(folder: str, top: str) -> bool:
    """Whether `folder` is `top` or lies below it; both are absolute and hold no link."""
    try:
        return os.path.commonpath((folder, top)) == os.path.normpath(top)
    except ValueError:  # on different drives
        return False


def _shown(found: str, beside: str) -> str:
    """Return the found path as the config's own path is given: absolute, or relative to the working folder."""
    found = os.path.normpath(found)
    if os.path.isabs(beside):
        return found
    try:
        return os.path.relpath(found)
    except ValueError:  # on another drive
        return found
