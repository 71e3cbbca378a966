"""Addresses of documents, and the paths they stand for."""

from __future__ import annotations

from pygls.uris import from_fs_path, to_fs_path


def path_of(uri: str) -> str:
    """Return the path of a `file:` address; of any other, such as that of a text without a file, an empty text."""
    try:
        return to_fs_path(uri) or ""
    except ValueError:  # no address at all
        return ""


def address_of(uri: str) -> str:
    """Return an address without its scheme, which files and what is shown of them may have in common."""
    return uri.partition(":")[2].removeprefix("//")


def uri_of(path: str) -> str:
    """Return the address of a path."""
    return from_fs_path(path) or ""
