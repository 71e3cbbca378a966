"""Takes the model's config out of a .keras archive."""

from __future__ import annotations

from hplint.syntax.tree import MAX_CHARACTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

_MEMBER = "config.json"
_MAX_BYTES = 4 * MAX_CHARACTERS


def config_of(file: BinaryIO) -> bytes | None:
    """Return the content of the config.json in an archive, without reading the weights beside it.

    None when the file is no such archive, its config is missing, locked or damaged, or unpacks to more than hplint
    reads: the size that the archive states is not believed.
    """
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(file) as archive:
            member = archive.getinfo(_MEMBER)
            if member.file_size > _MAX_BYTES:
                return None
            with archive.open(member) as packed:
                content = packed.read(_MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        return None
    return content if len(content) <= _MAX_BYTES else None
