"""Reads a settings file; hplint/settings_keys.py holds the table of all there is to set."""

from __future__ import annotations

import os

from hplint import knowledge
from hplint.settings import Settings, SettingsError, SuppressionSetting, names_rule
from hplint.settings_keys import KEYS, RENAMES, SUPPRESSION_KEYS, Key
from hplint.syntax import toml
from hplint.syntax.tree import BOOL, LIST, MAP, STRING, Node
from hplint.text import SourceText, Span, UndecodableError, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Any

    from hplint.own import Own, OwnError
    from hplint.rules.rule import Rule

MAX_EXTENDED = 10
"""How many settings files may build on each other; more is a mistake, such as two that extend each other."""


INSTALLED = "installed"
"""The version of a package that stands for the one beside hplint."""


def read_settings(content: bytes, path: str) -> Settings:
    """Return the settings in a TOML file, with what it extends. Raises SettingsError with the line of what is wrong."""
    return _Reader(path, content).settings(())


def settings_faults(content: bytes, path: str) -> tuple[SettingsError, ...]:
    """Return what keeps a settings file from being used: each setting that is wrong; empty if all are right."""
    try:
        read_settings(content, path)
    except SettingsError as error:
        try:
            found = tuple(_Reader(path, content).faults())
        except SettingsError:  # the file cannot be read at all
            found = ()
        return found or (error,)
    return ()


class _Reader:
    """One settings file being read."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = os.path.abspath(path)
        self.shown = os.path.relpath(path) if not os.path.relpath(path).startswith("..") else path
        self.root = os.path.dirname(self.path)
        self.names: set[str] = set()  # of rules, as far as they are known to exist: the same ones come again and again
        self.own: tuple[tuple[str, str], ...] = ()
        self.described: tuple[tuple[str, str], ...] = ()
        try:
            self.source: SourceText = decode(content)
        except UndecodableError as error:
            raise SettingsError(f"{self.shown}:{error.line}: {error.reason}") from None

    def fail(self, node: Node, message: str) -> SettingsError:
        return self.failed_at(node.span, message)

    def failed_at(self, span: Span, message: str) -> SettingsError:
        line = self.source.position(span.start).line
        return SettingsError(f"{self.shown}:{line}: {message}", message, self.path, span)

    def table(self) -> Node | None:
        """Return the table with the settings, None where the file has none."""
        tree = toml.parse(self.source)
        for problem in tree.problems:
            raise self.failed_at(problem.span, problem.message)
        root = tree.root
        if os.path.basename(self.path) == "pyproject.toml":
            root = root.at("tool", "hplint") if root is not None else None
        if root is not None and root.kind is not MAP:
            raise self.fail(root, "the settings of hplint are a table, [tool.hplint]")
        return root

    def value(self, key: Node, node: Node) -> Any:
        """Return what one setting says."""
        name = str(key.value)
        if name not in KEYS:
            hint = _hint(name, KEYS)
            if name == "tool":
                hint = "; in this file the settings stand at the top, without [tool.hplint]"
            raise self.fail(key, f"`{key.text}` is not a setting of hplint{hint}")
        return _READERS[KEYS[name].kind](self, node, name, KEYS[name])

    def faults(self) -> Iterator[SettingsError]:
        """Yield what is wrong with the settings, each looked at alone."""
        try:
            root = self.table()
        except SettingsError as error:
            yield error
            return
        looked_at = (self.fault(key, node) for key, node in _in_order(root)) if root is not None else ()
        yield from (fault for fault in looked_at if fault is not None)

    def fault(self, key: Node, node: Node) -> SettingsError | None:
        """Return what is wrong with one setting, None if nothing is."""
        try:
            self.value(key, node)
        except SettingsError as error:
            return error
        return None

    def settings(self, above: tuple[str, ...]) -> Settings:
        """Return what the file says on top of what it extends; `above` are the files that led here."""
        root = self.table()
        if root is None:
            return Settings(root=self.root, files=(self.path,))
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}
        for key, node in _in_order(root):
            name = str(key.value)
            values[name] = self.value(key, node)
            origins[name] = f"{self.shown}:{self.source.position(key.start).line}"
        if "baseline" in values:
            self.confine_baseline(values["baseline"], root.get("baseline") or root)
        if "extend" in values:
            extend = root.get("extend")
            base = self.extended(values.pop("extend"), extend if extend is not None else root, above)
        else:
            base = Settings()
        values["described"] = self.described
        values["files"] = (self.path,)
        return _merged(base, values, self.root, origins)

    def confine_baseline(self, name: str, node: Node) -> None:
        """Refuse a baseline that is no file of the project, such as a device that has no end."""
        path = os.path.realpath(os.path.join(self.root, name))
        confines = workspace(self.root)
        if os.path.commonpath((path, confines)) != confines:
            raise self.fail(node, f"`{name}` lies outside of {confines}; a baseline stands in its own project")
        if os.path.exists(path) and not os.path.isfile(path):
            raise self.fail(node, f"`{name}` is no regular file; `hplint baseline` makes one")

    def extended(self, name: str, node: Node, above: tuple[str, ...]) -> Settings:
        """Return the settings of the file that this one builds on, their patterns made relative to this one."""
        path = os.path.realpath(os.path.join(self.root, name))
        confines = workspace(self.root)
        if os.path.commonpath((path, confines)) != confines:
            raise self.fail(node, f"`{name}` lies outside of {confines}; settings extend files of their own project")
        if path == self.path or path in above or len(above) >= MAX_EXTENDED:
            raise self.fail(node, f"`{name}` leads back here: settings that extend each other have no end")
        if os.path.exists(path) and not os.path.isfile(path):  # a pipe would be waited for
            raise self.fail(node, f"`{name}` is no regular file")
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as error:
            raise self.fail(node, f"`{name}` cannot be read: {error.strerror}") from None
        return _moved(_Reader(path, content).settings((*above, self.path)), self.root)

    # -- one function for each kind of value --------------------------------------------------------------------------

    def text(self, node: Node, name: str, key: Key) -> str:
        if node.kind is not STRING or not node.value:
            raise self.fail(node, f"`{name}` is a text in quotes")
        return str(node.value)

    def switch(self, node: Node, name: str, key: Key) -> bool:
        if node.kind is not BOOL:
            raise self.fail(node, f"`{name}` is true or false")
        return bool(node.value)

    def choice(self, node: Node, name: str, key: Key) -> str:
        if node.value not in key.choices:
            hint = _hint(str(node.value), key.choices, "one of")
            raise self.fail(node, f"`{name}`: `{node.text}` is none of its values{hint}")
        return str(node.value)

    def patterns(self, node: Node, name: str, key: Key) -> tuple[str, ...]:
        if node.kind is not LIST or not all(item.kind is STRING for item in node.items):
            example = '["ACT", "LR001"]' if key.kind == "rules" else '["vendor", "conf/old/*.yaml"]'
            raise self.fail(node, f"`{name}` is a list of texts, such as {example}")
        return tuple(str(item.value) for item in node.items)

    def rules(self, node: Node, name: str, key: Key) -> tuple[str, ...]:
        found = self.patterns(node, name, Key("rules", ""))
        for item in node.items:
            if item.value not in self.names:
                unknown = unknown_rule(str(item.value), self.added_rules())
                if unknown is not None:
                    raise self.fail(item, f"`{name}`: {unknown}")
                self.names.add(item.value)
        return found

    def rules_by_pattern(self, node: Node, name: str, key: Key) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if node.kind is not MAP:
            raise self.fail(node, f'`{name}` is a table of patterns, such as {{"tests/**" = ["LR"]}}')
        return tuple(
            (str(pattern.value), self.rules(item, f"{name}.{pattern.value}", key)) for pattern, item in node.entries
        )

    def formats(self, node: Node, name: str, key: Key) -> tuple[tuple[str, str], ...]:
        if node.kind is not MAP:
            raise self.fail(node, f'`{name}` is a table of patterns, such as {{"conf/*.yaml" = "ludwig"}}')
        for described, description in node.entries:
            if description.kind is MAP:
                self.described += ((str(described.value), self.description(described, description)),)
        known = (*knowledge.formats(), *(self.added().formats if self.own or self.described else ()))
        patterns = [(pattern, wanted) for pattern, wanted in node.entries if wanted.kind is not MAP]
        for _, wanted in patterns:
            if wanted.value not in known:
                hint = _hint(str(wanted.value), known)
                raise self.fail(wanted, f"`{wanted.text}` is not a format of hplint{hint}")
        return tuple((str(pattern.value), str(wanted.value)) for pattern, wanted in patterns)

    def versions(self, node: Node, name: str, key: Key) -> tuple[tuple[str, str], ...]:
        if node.kind is not MAP:
            raise self.fail(node, f'`{name}` is a table of packages, such as {{transformers = "4.46"}}')
        described = knowledge.formats().values()
        known = [
            package for about in described for key in ("versions_of", "schemas_of") for package in about.get(key, ())
        ]
        for package, version in node.entries:
            if package.value not in known:
                hint = _hint(str(package.value), known)
                raise self.fail(package, f"hplint knows no versions of `{package.text}`{hint}")
            if version.kind is not STRING or not (str(version.value)[:1].isdigit() or version.value == INSTALLED):
                raise self.fail(
                    version, f'the version of `{package.text}` is a text in quotes, such as "4.46", or "{INSTALLED}"'
                )
        stated = [(str(package.value), str(version.value)) for package, version in node.entries]
        found = [(name, _installed(name) if version == INSTALLED else version) for name, version in stated]
        return tuple((name, version) for name, version in found if version is not None)

    def description(self, name: Node, node: Node) -> str:
        """Return the description of a format as JSON."""
        import json

        from hplint.formats.describe import DescriptionError, description_of

        if name.value in knowledge.formats():
            raise self.fail(name, f"hplint has a format {name.text} already; choose another name")
        try:
            return json.dumps(description_of(node))
        except DescriptionError as error:
            raise self.fail(error.node, error.message) from None

    def folders(self, node: Node, name: str, key: Key) -> tuple[tuple[str, str], ...]:
        from hplint.own import OwnError, fingerprint

        found = []
        for item, text in zip(node.items, self.patterns(node, name, Key("patterns", ""))):
            path = os.path.realpath(os.path.join(self.root, text))
            confines = workspace(self.root)
            if os.path.commonpath((path, confines)) != confines:
                raise self.fail(item, f"`{text}` lies outside of {confines}; own rules stand in their own project")
            if not os.path.isdir(path):
                raise self.fail(item, f"`{text}` is no folder; it should hold `formats/` or `rules/`")
            try:
                found.append((path, fingerprint(path)))
            except OwnError as error:
                raise _in_own_file(error) from None
        self.own = tuple(found)
        self.added()
        return self.own

    def added_rules(self) -> tuple[Rule, ...]:
        """Return the rules that the project adds; few projects do, and reading them takes the reader of YAML."""
        return self.added().rules if self.own or self.described else ()

    def added(self) -> Own:
        """Return what the project adds, as far as it has been read."""
        from hplint.own import OwnError, load

        try:
            return load(self.own, self.described)
        except OwnError as error:
            raise _in_own_file(error) from None

    def suppressions(self, node: Node, name: str, key: Key) -> tuple[SuppressionSetting, ...]:
        if node.kind is not LIST or not all(item.kind is MAP for item in node.items):
            raise self.fail(node, f"`{name}` is a list of tables, each with `files` and `rules`")
        return tuple(self.suppression(item) for item in node.items)

    def suppression(self, node: Node) -> SuppressionSetting:
        found: dict[str, Any] = {}
        for key, value in node.entries:
            name = str(key.value)
            if name not in SUPPRESSION_KEYS:
                raise self.fail(key, f"`{name}` is no key of a suppression{_hint(name, SUPPRESSION_KEYS)}")
            if name != "at" or value.value != "":
                found[name] = _READERS[SUPPRESSION_KEYS[name].kind](self, value, name, SUPPRESSION_KEYS[name])
        for name in ("files", "rules"):
            if name not in found:
                raise self.fail(node, f"a suppression needs `{name}`: {SUPPRESSION_KEYS[name].help}")
        if not found.get("at", "/").startswith("/"):
            at = node.get("at")
            raise self.fail(at if at is not None else node, "`at` is a JSON pointer, such as /config/layers/3")
        line = self.source.position(node.start).line
        return SuppressionSetting(**found, place=f"{os.path.basename(self.path)}:{line}")


def _in_order(root: Node) -> list[tuple[Node, Node]]:
    """Return the settings with what a project adds first: other settings name its rules and formats."""
    return sorted(root.entries, key=lambda entry: entry[0].value not in ("own", "formats"))


_READERS: dict[str, Callable[[_Reader, Node, str, Key], Any]] = {
    "text": _Reader.text,
    "switch": _Reader.switch,
    "choice": _Reader.choice,
    "patterns": _Reader.patterns,
    "rules": _Reader.rules,
    "rules by pattern": _Reader.rules_by_pattern,
    "formats": _Reader.formats,
    "versions": _Reader.versions,
    "folders": _Reader.folders,
    "suppressions": _Reader.suppressions,
}


def _in_own_file(error: OwnError) -> SettingsError:
    return SettingsError(str(error), f"line {error.line}: {error.message}", os.path.abspath(error.path))


def _installed(package: str) -> str | None:
    """Return the version of a package beside which hplint is installed, None where there is none; nothing is run."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def workspace(folder: str) -> str:
    """Return the folder that settings of `folder` may read other files in: the repository's root, else `folder`."""
    top = os.path.realpath(folder)
    here = top
    while True:
        if any(os.path.exists(os.path.join(here, name)) for name in (".git", ".hg", ".svn")):
            return here
        parent = os.path.dirname(here)
        if parent == here:
            return top
        here = parent


def unknown_rule(entry: str, own: tuple[Rule, ...] = ()) -> str | None:
    """Return what is wrong with the name of a rule, None if there are rules of that name, hplint's or one's own."""
    rules = (*knowledge.rules(), *own)
    if any(names_rule((entry,), rule.code, rule.name) for rule in rules):
        return None
    names = [word for rule in rules for word in (rule.code, rule.name)]
    close = _close(entry, names) or _close(entry.upper(), names)
    return f"`{entry}` names no rule; " + (f"did you mean `{close}`?" if close else "`hplint rule` lists them")


def _hint(wrong: str, known: Collection[str], word: str = "known are") -> str:
    close = RENAMES.get(wrong) if word != "one of" and RENAMES.get(wrong) in known else _close(wrong, known)
    return f"; did you mean `{close}`?" if close else f"; {word} {', '.join(known)}"


def _close(wrong: str, known: Collection[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(wrong, known, 1)), None)


_ADDED = ("formats", "versions", "own", "described", "per_file_ignores", "extend_select", "suppressions", "files")
"""What settings add to what they extend; everything else replaces it."""


def _merged(base: Settings, values: dict[str, Any], root: str, origins: dict[str, str]) -> Settings:
    """Return the settings `values` on top of `base`: lists replace, tables and what extends add."""
    from hplint.records import replace

    changes: dict[str, Any] = {name.replace("-", "_"): value for name, value in values.items()}
    for name in _ADDED:
        if name in changes:
            changes[name] = changes[name] + getattr(base, name)
    if "baseline" in changes:
        changes["baseline"] = os.path.join(root, changes["baseline"])
    places = {**dict(base.origins), **origins}
    return replace(base, root=root, origins=tuple(sorted(places.items())), **changes)


def _moved(base: Settings, root: str) -> Settings:
    """Return settings whose patterns are relative to `root`."""
    from hplint.records import replace

    def moved(pattern: str) -> str:
        if "/" not in pattern.strip("/") or base.root == root:  # a bare name means files everywhere
            return pattern
        return f"{os.path.relpath(base.root, root).replace(os.sep, '/')}/{pattern}"

    return replace(
        base,
        root=root,
        exclude=tuple(moved(pattern) for pattern in base.exclude),
        formats=tuple((moved(pattern), name) for pattern, name in base.formats),
        per_file_ignores=tuple((moved(pattern), names) for pattern, names in base.per_file_ignores),
        suppressions=tuple(replace(entry, files=moved(entry.files)) for entry in base.suppressions),
    )
