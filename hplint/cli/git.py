"""What git knows of the files: which it ignores, which have changed. Without git, nothing is known.

Settings of the repository that would make git run a program are switched off: none of the project's code is run.
"""

from __future__ import annotations

import os

_SAFE = (
    "git", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false", "-c", "safe.bareRepository=explicit",
    "-c", f"core.hooksPath={os.devnull}",
)  # fmt: skip


class GitError(Exception):
    """What git says when it cannot answer."""


def repository(folder: str) -> str | None:
    """Return the root of the repository that `folder` is in, None if there is none."""
    here = os.path.realpath(folder)
    while True:
        if os.path.exists(os.path.join(here, ".git")):
            return here
        parent = os.path.dirname(here)
        if parent == here:
            return None
        here = parent


def ignored(folder: str) -> frozenset[str]:
    """Return the real paths of the files and folders in `folder` that git ignores; a folder stands for all in it."""
    if repository(folder) is None:
        return frozenset()
    try:
        listed = _git(folder, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")
    except GitError:
        return frozenset()
    here = os.path.realpath(folder)
    return frozenset(os.path.normpath(os.path.join(here, name)) for name in listed)


def _without_filters(folder: str) -> list[str]:
    """Return the options that switch off the programs which git lets files go through before it compares them.

    Raises GitError where one has a name that no option can give.
    """
    try:
        keys = _git(folder, "config", "--name-only", "-z", "--get-regexp", r"^filter\.")
    except GitError:  # there is none
        return []
    filters = sorted({key.rpartition(".")[0] for key in keys})
    if any("=" in name or "\n" in name for name in filters):
        raise GitError("the repository's settings name a filter that cannot be switched off")
    settings = ("clean=", "smudge=", "process=", "required=false")
    return [part for name in filters for setting in settings for part in ("-c", f"{name}.{setting}")]


def changed(reference: str | None) -> frozenset[str]:
    """Return the real paths of the files that differ from `reference`, new ones included; None: those that are staged.

    A branch is compared where the working tree left it. Raises GitError.
    """
    root = repository(os.curdir)
    if root is None:
        raise GitError("the folder you are in is no git repository")
    without = _without_filters(root)
    if reference is None:
        names = _git(root, *without, "diff", "--cached", "--name-only", "--diff-filter=d", "--no-ext-diff", "-z")
    else:
        if reference.startswith("-"):
            raise GitError(f"`{reference}` is no branch, tag or commit")
        base = _branched_off(root, reference)
        names = _git(root, *without, "diff", "--name-only", "--diff-filter=d", "--no-ext-diff", "-z", base, "--")
        names += _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(os.path.realpath(os.path.join(root, name)) for name in names)


def _branched_off(root: str, reference: str) -> str:
    """Return the commit at which the working tree left `reference`. Raises GitError."""
    if not _is_commit(root, "HEAD"):
        raise GitError("the repository has no commit yet")
    if not _is_commit(root, reference):
        raise GitError(f"`{reference}` is no branch, tag or commit here")
    try:
        return _git(root, "merge-base", reference, "HEAD")[0].strip()
    except GitError:
        raise GitError(
            f"the history of `{reference}` and of what is checked out have no commit in common; "
            "in a shallow clone, fetch more of it (`fetch-depth: 0` for GitHub's checkout)"
        ) from None


def _is_commit(root: str, name: str) -> bool:
    try:
        return bool(_git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"))
    except GitError:
        return False


def _git(folder: str, *arguments: str) -> list[str]:
    """Return what git prints, split at NULs. Raises GitError."""
    import subprocess

    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}  # nothing is written, so no hook has a reason to run
    try:
        done = subprocess.run([*_SAFE, "-C", folder, *arguments], capture_output=True, check=False, env=environment)
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from None
    if done.returncode:
        said = os.fsdecode(done.stderr).strip().splitlines()
        raise GitError(said[0].removeprefix("fatal: ") if said else f"git ended with {done.returncode}")
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
