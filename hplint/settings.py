"""Settings: which rules run, what of their findings counts, and which format a file has.

They stand in `hplint.toml`, or in `pyproject.toml` under `[tool.hplint]`; the file nearest to a config counts.
hplint/settings_file.py reads them, so that a project without settings does not pay for it.
"""

from __future__ import annotations

import os
from fnmatch import fnmatch

from hplint.findings import CONFIDENCES, LOW, SEVERITIES
from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hplint.findings import Finding
    from hplint.rules.rule import Rule
    from hplint.text import Span

FILES = ("hplint.toml", "pyproject.toml")
PROFILES = ("default", "strict", "all")


@record
class SuppressionSetting:
    """Findings to leave out, for files that take no comments: those of `rules` at and below the JSON pointer `at`.

    files   the pattern of the files that are meant
    reason  why
    place   where it stands, such as "hplint.toml:7"
    """

    files: str
    rules: tuple[str, ...]
    at: str = ""
    reason: str = ""
    place: str = "in the settings"


@record
class Settings:
    """What the user wants. Rules are named by code, start of a code or name; "ALL" stands for every rule.

    select            rules that run; empty for those of the profile
    extend_select     rules that run besides
    ignore            rules that do not run
    per_file_ignores  (pattern, rules) pairs: rules that do not run on files that match the pattern
    profile           which rules run when `select` is empty: "default", "strict" (advice too, unless it is of low
                      confidence) or "all"
    min_severity      findings below it do not count
    min_confidence    findings that are less certain do not count
    formats           (pattern, format) pairs: files that match the pattern are read as that format
    own               (folder, fingerprint of its files) pairs: where formats and rules of the project's own stand
    described         (name, description as JSON) pairs: formats of the project's own that the settings describe
    versions          (package, version) pairs: the versions of frameworks that configs are for
    exclude           patterns of paths that are not looked at inside folders
    gitignore         whether what git ignores is left alone inside folders
    suppressions      what is left out of single files
    baseline          the file of findings that are known and not reported again; empty for none
    root              the folder that patterns are relative to
    origins           (key, place) pairs: where each setting that is not the default comes from
    files             the settings files that all this was read from
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    profile: str = "default"
    min_severity: str = SEVERITIES[0]
    min_confidence: str = LOW
    formats: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    own: tuple[tuple[str, str], ...] = ()
    described: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    suppressions: tuple[SuppressionSetting, ...] = ()
    baseline: str = ""
    root: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()

    def runs(self, rule: Rule, path: str = "") -> bool:
        """Whether `rule` runs on the file at `path`."""
        return not self.ignores(rule, path) and self._wants(rule)

    def silences(self, rule: Rule, path: str = "") -> bool:
        """Whether `rule` would run on the file at `path` if it were not ignored."""
        return self.ignores(rule, path) and self._wants(rule)

    def ignores(self, rule: Rule, path: str = "") -> bool:
        """Whether the settings ignore `rule`, everywhere or in the file at `path`."""
        code, name = rule.code, rule.name
        if self.ignore and names_rule(self.ignore, code, name):
            return True
        return bool(self.per_file_ignores and path) and self._ignores_in(path, code, name)

    def _wants(self, rule: Rule) -> bool:
        """Whether `rule` is one of the profile, or selected."""
        code, name = rule.code, rule.name
        if self.extend_select and names_rule(self.extend_select, code, name):
            return True
        if self.select:
            return names_rule(self.select, code, name)
        return rule.enabled or self.profile == "all" or (self.profile == "strict" and rule.confidence != LOW)

    def _ignores_in(self, path: str, code: str, name: str) -> bool:
        return any(
            names_rule(names, code, name) and matches(path, pattern, self.root)
            for pattern, names in self.per_file_ignores
        )

    def counts(self, finding: Finding) -> bool:
        """Whether a finding is severe and certain enough to count."""
        return SEVERITIES.index(finding.severity) >= SEVERITIES.index(self.min_severity) and (
            CONFIDENCES.index(finding.confidence) >= CONFIDENCES.index(self.min_confidence)
        )

    def format_for(self, path: str) -> str | None:
        """Return the format that the settings give the file at `path`, None if its content decides."""
        return next((name for pattern, name in self.formats if matches(path, pattern, self.root)), None)

    def suppressions_for(self, path: str) -> tuple[SuppressionSetting, ...]:
        """Return what the settings leave out of the file at `path`."""
        if not self.suppressions:
            return ()
        relative = _relative(path, self.root)
        return tuple(entry for entry in self.suppressions if _fits(relative, entry.files))

    def excludes(self, path: str) -> bool:
        """Whether a path found in a folder is to be left alone."""
        return any(matches(path, pattern, self.root) for pattern in self.exclude)


class SettingsError(Exception):
    """A settings file that cannot be used: its path, the line, what is wrong and what to do.

    `what` says only what is wrong and what to do, `path` and `span` where, as far as that is known.
    """

    def __init__(self, message: str, what: str = "", path: str = "", span: Span | None = None) -> None:
        super().__init__(message)
        self.what = what or message
        self.path = path
        self.span = span


def names_rule(wanted: tuple[str, ...], code: str, name: str) -> bool:
    """Whether `wanted` (codes, starts of codes, names of rules, ALL) names the rule `code`/`name`."""
    return any(entry == "ALL" or code.startswith(entry) or name == entry for entry in wanted)


def matches(path: str, pattern: str, root: str) -> bool:
    """Whether `path` fits a pattern such as "*.yaml", "conf/**" or "conf/train.yaml", relative to `root`."""
    return _fits(_relative(path, root), pattern)


def _relative(path: str, root: str) -> str:
    relative = os.path.relpath(path, root) if root else path
    return relative.replace(os.sep, "/")


def _fits(relative: str, pattern: str) -> bool:
    plain = pattern.replace("**/", "*").replace("**", "*").rstrip("/")
    name = os.path.basename(relative)
    if "*" not in plain and "?" not in plain and "[" not in plain:  # settings may hold hundreds of plain paths
        relative, name, plain = map(os.path.normcase, (relative, name, plain))
        return plain in (relative, name) or relative.startswith(os.path.normcase(f"{plain}/"))
    return fnmatch(relative, plain) or fnmatch(name, plain) or fnmatch(relative, f"{plain}/*")


def settings_file(folder: str) -> tuple[str, bytes] | None:
    """Return the path and content of the settings file that counts in `folder`, None where there is none."""
    folder = os.path.abspath(folder)
    while True:
        for name in FILES:
            path = os.path.join(folder, name)
            if not os.path.isfile(path):  # a pipe of that name would be waited for
                continue
            try:
                with open(path, "rb") as file:
                    content = file.read()
            except OSError:
                continue
            if name != "pyproject.toml" or b"tool.hplint" in content:
                return path, content
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def find_settings(folder: str) -> Settings:
    """Return the settings that count in `folder`: those of the nearest file above it, else the defaults.

    Raises SettingsError.
    """
    return settings_reader()(folder)


def settings_reader() -> Callable[[str], Settings]:
    """Return a function that does what `find_settings` does, and reads each file once, however many folders ask."""
    read: dict[str, Settings] = {}
    defaults = Settings()

    def find(folder: str) -> Settings:
        found = settings_file(folder)
        if found is None:
            return defaults
        path, content = found
        if path not in read:
            from hplint.settings_file import read_settings, settings_faults

            try:
                read[path] = read_settings(content, path)
            except SettingsError as error:
                faults = settings_faults(content, path)
                said = "\n        ".join(map(str, faults))  # below each other, behind "hplint: "
                raise SettingsError(said, error.what, error.path, error.span) from None
        return read[path]

    return find
