"""Turns what a command line says about rules, settings and files into settings and targets."""

from __future__ import annotations

import os

from hplint import knowledge
from hplint.cli import files
from hplint.cli.options import UsageError
from hplint.lint import own_of
from hplint.records import replace
from hplint.settings import Settings, settings_reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from hplint.cli.options import Arguments
    from hplint.own import Own

    SettingsOf = Callable[[str], Settings]

_RULE_LISTS = ("select", "extend-select", "ignore")


def settings_finder(arguments: Arguments) -> SettingsOf:
    """Return a function from a folder to the settings that count there, the command line's own on top.

    Raises UsageError for what the command line has wrong.
    """
    given = arguments.values
    find = _finder(given.get("--config"), bool(given.get("--isolated")))
    changes: dict[str, Any] = {}
    for name in _RULE_LISTS:
        if given.get(f"--{name}"):
            changes[name.replace("-", "_")] = tuple(_rules_named(f"--{name}", given[f"--{name}"], arguments, find))
    for name in ("profile", "min-severity", "min-confidence"):
        if given.get(f"--{name}"):
            changes[name.replace("-", "_")] = given[f"--{name}"]
    if given.get("--no-gitignore"):
        changes["gitignore"] = False
    wanted = given.get("--format")
    if wanted is not None:
        if wanted not in knowledge.formats():
            known = [*knowledge.formats(), *(name for own in _own(arguments, find) for name in own.formats)]
            if wanted not in known:
                raise UsageError(f"--format: `{wanted}` is no format; known are {', '.join(known)}")
        changes["formats"] = (("*", wanted),)
    excluded = tuple(given.get("--exclude") or ())
    by_folder: dict[str, Settings] = {}
    by_file: dict[tuple[str, ...], Settings] = {}

    def settings_of(folder: str) -> Settings:
        if folder not in by_folder:
            settings = find(folder)
            if settings.files not in by_file:
                by_file[settings.files] = replace(settings, exclude=settings.exclude + excluded, **changes)
            by_folder[folder] = by_file[settings.files]
        return by_folder[folder]

    return settings_of


def _finder(config: str | None, is_isolated: bool) -> SettingsOf:
    if config is not None and is_isolated:
        raise UsageError("--config names a settings file and --isolated wants none; choose one of them")
    if is_isolated:
        return lambda folder: Settings()
    if config is None:
        return settings_reader()
    from hplint.settings_file import read_settings

    try:
        with open(config, "rb") as file:
            only = read_settings(file.read(), config)
    except OSError as error:
        raise UsageError(f"--config: {config} cannot be read: {error.strerror}") from None
    return lambda folder: only


def _own(arguments: Arguments, find: SettingsOf) -> list[Own]:
    """Return the formats and rules that the projects add which the command line speaks of, those inside others too."""
    folders = {os.curdir}
    for path in arguments.operands or (os.curdir,):
        folders.add(path if os.path.isdir(path) else files.folder_of(path))
        folders.update(files.projects_in(path))
    found = (own_of(find(folder)) for folder in sorted(folders))
    return [own for own in found if own is not None]


def _rules_named(option: str, values: tuple[str, ...], arguments: Arguments, find: SettingsOf) -> Iterator[str]:
    from hplint.settings_file import unknown_rule

    for name in ",".join(values).split(","):
        entry = name.strip()
        unknown = unknown_rule(entry) if entry else None
        if unknown is not None:
            unknown = unknown_rule(entry, tuple(rule for own in _own(arguments, find) for rule in own.rules))
        if unknown is not None:
            raise UsageError(f"{option}: {unknown}")
        if entry:
            yield entry


def targets_of(arguments: Arguments, settings_of: SettingsOf) -> list[files.Target]:
    """Return the files that the command line means. Raises UsageError and SettingsError."""
    given = arguments.values
    found = files.find_targets(
        arguments.operands or (os.curdir,),
        settings_of,
        given.get("--stdin-filename"),
        bool(given.get("--force-exclude")),
    )
    reference = given.get("--changed")
    if reference is None and not given.get("--staged"):
        return found
    if reference is not None and given.get("--staged"):
        raise UsageError("--changed looks at the working tree and --staged at the next commit; choose one of them")
    if files.STDIN in arguments.operands:
        raise UsageError("--changed and --staged choose among files, and standard input is none; leave one of them out")
    for path in arguments.operands:  # it could be a branch
        if reference == "HEAD" and not os.path.lexists(path):
            raise UsageError(f"--changed: there is no `{path}` here; a branch or commit is given as --changed={path}")
    from hplint.cli.git import GitError, changed

    try:
        wanted = changed(reference)
    except GitError as error:
        raise UsageError(f"{'--staged' if reference is None else '--changed'}: {error}") from None
    return [target for target in found if os.path.realpath(target.path) in wanted or not _is_there(target)]


def _is_there(target: files.Target) -> bool:
    return target.fault is None and os.path.lexists(target.path)
