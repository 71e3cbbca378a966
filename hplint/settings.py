"""Settings: which rules run, and which format a file has where its content should not decide.

They stand in `hplint.toml`, or in `pyproject.toml` under `[tool.hplint]`; the file nearest to a config counts.
"""

from __future__ import annotations

import os
from fnmatch import fnmatch

from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILES = ("hplint.toml", "pyproject.toml")
KEYS = ("select", "ignore", "formats", "exclude")


@record
class SuppressionSetting:
    """Findings to leave out, for files that take no comments: those of `rules` at and below the JSON pointer `at`.

    files   the pattern of the files that are meant
    reason  why
    """

    files: str
    rules: tuple[str, ...]
    at: str = ""
    reason: str = ""


@record
class Settings:
    """What the user wants.

    select   prefixes of codes, or names, that run; empty for those on by default; "ALL" for every rule
    ignore   prefixes of codes, or names, that do not run
    formats  (pattern, format) pairs: files that match the pattern are read as that format
    exclude  patterns of paths that are not looked at inside folders
    root     the folder that patterns are relative to
    suppressions  what is left out of single files
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    formats: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    root: str = ""
    suppressions: tuple[SuppressionSetting, ...] = ()

    def runs(self, code: str, name: str, enabled: bool) -> bool:
        """Whether the rule `code`/`name` runs; `enabled` tells whether it is on by default."""
        if names_rule(self.ignore, code, name):
            return False
        return names_rule(self.select, code, name) if self.select else enabled

    def format_for(self, path: str) -> str | None:
        """Return the format that the settings give the file at `path`, None if its content decides."""
        return next((name for pattern, name in self.formats if matches(path, pattern, self.root)), None)

    def suppressions_for(self, path: str) -> tuple[SuppressionSetting, ...]:
        """Return what the settings leave out of the file at `path`."""
        return tuple(entry for entry in self.suppressions if matches(path, entry.files, self.root))

    def excludes(self, path: str) -> bool:
        """Whether a path found in a folder is to be left alone."""
        return any(matches(path, pattern, self.root) for pattern in self.exclude)


class SettingsError(Exception):
    """A settings file that cannot be used: its path, the line, what is wrong and what to do."""


def names_rule(wanted: tuple[str, ...], code: str, name: str) -> bool:
    """Whether `wanted` (codes, starts of codes, names of rules, ALL) names the rule `code`/`name`."""
    return any(entry == "ALL" or code.startswith(entry) or name == entry for entry in wanted)


def matches(path: str, pattern: str, root: str) -> bool:
    """Whether `path` fits a pattern such as "*.yaml", "conf/**" or "conf/train.yaml", relative to `root`."""
    relative = os.path.relpath(path, root) if root else path
    relative = relative.replace(os.sep, "/")
    plain = pattern.replace("**/", "*").replace("**", "*").rstrip("/")
    return fnmatch(relative, plain) or fnmatch(os.path.basename(relative), plain) or fnmatch(relative, f"{plain}/*")


def find_settings(folder: str) -> Settings:
    """Return the settings that count in `folder`: those of the nearest file above it, else the defaults.

    Raises SettingsError.
    """
    folder = os.path.abspath(folder)
    while True:
        for name in FILES:
            path = os.path.join(folder, name)
            try:
                with open(path, "rb") as file:
                    content = file.read()
            except OSError:
                continue
            if name == "pyproject.toml" and b"[tool.hplint" not in content:
                continue
            return read_settings(content, path)
        parent = os.path.dirname(folder)
        if parent == folder:
            return Settings()
        folder = parent


def read_settings(content: bytes, path: str) -> Settings:
    """Return the settings in a TOML file. Raises SettingsError with the line of what is wrong."""
    from hplint.syntax import toml
    from hplint.text import UndecodableError, decode

    try:
        source = decode(content)
    except UndecodableError as error:
        raise SettingsError(f"{path}:{error.line}: {error.reason}") from None
    tree = toml.parse(source)

    def fail(offset: int, message: str) -> SettingsError:
        return SettingsError(f"{path}:{source.position(offset).line}: {message}")

    for problem in tree.problems:
        raise fail(problem.span.start, problem.message)
    root = tree.root
    if os.path.basename(path) == "pyproject.toml":
        root = root.at("tool", "hplint") if root is not None else None
    if root is None or root.kind != "map":
        return Settings(root=os.path.dirname(path))
    values: dict[str, Any] = {"root": os.path.dirname(path)}
    for key, node in root.entries:
        if key.value not in KEYS:
            from difflib import get_close_matches

            close = get_close_matches(str(key.value), KEYS, 1)
            hint = f"; did you mean `{close[0]}`?" if close else f"; known are {', '.join(KEYS)}"
            raise fail(key.start, f"`{key.text}` is not a setting of hplint{hint}")
        if key.value == "formats":
            from hplint import knowledge

            if node.kind != "map":
                raise fail(node.start, '`formats` is a table of patterns, such as {"conf/*.yaml" = "ludwig"}')
            for _, name in node.entries:
                if name.value not in knowledge.formats():
                    known = ", ".join(knowledge.formats())
                    raise fail(name.start, f"`{name.text}` is not a format of hplint; known are {known}")
            values["formats"] = tuple((str(pattern.value), str(name.value)) for pattern, name in node.entries)
        else:
            if node.kind != "list" or not all(item.kind == "string" for item in node.items):
                raise fail(node.start, f'`{key.value}` is a list of texts, such as ["ACT", "LR001"]')
            values[str(key.value)] = tuple(str(item.value) for item in node.items)
    return Settings(**values)
