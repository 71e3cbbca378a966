"""The settings that count for a file: those of its project, and those of the editor where the project has none."""

from __future__ import annotations

import os

from hplint.neighbours import is_below
from hplint.server.preferences import Preferences
from hplint.settings import FILES, Settings, SettingsError, find_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from hplint.baseline import Entry
    from hplint.findings import Finding
    from hplint.lint import Report


class Project:
    """Settings by folder, read once and kept until a file changes. `complain` tells the user what cannot be used."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._settings: dict[str, Settings] = {}
        self._baselines: dict[str, Counter[Entry]] = {}
        self._general = Preferences()
        self._by_folder: dict[str, Preferences] = {}

    def preferences(self, path: str) -> Preferences:
        """Return what the editor's settings say for the file at `path`: those of the innermost folder around it."""
        around = [folder for folder in self._by_folder if path and is_below(path, folder)]
        return self._by_folder[max(around, key=len)] if around else self._general

    def looks_through(self, folder: str) -> bool:
        """Whether configs of a workspace folder are looked at that are not open.

        Not those of somebody's whole home, which editors open where a file has no project.
        """
        said = self.preferences(os.path.join(folder, ""))
        return said.enable and said.workspace and (not is_below(_home(), folder) or _is_project(folder))

    def prefer(self, general: Preferences, by_folder: dict[str, Preferences]) -> None:
        """Let other settings of the editor count from now on."""
        self._general, self._by_folder = general, by_folder

    def in_folder(self, folder: str) -> Settings:
        """Return what the settings file says that counts in `folder`; one that cannot be used counts as absent."""
        if folder not in self._settings:
            try:
                self._settings[folder] = find_settings(folder) if folder else Settings()
            except SettingsError as error:
                self._settings[folder] = Settings()
                self._complain(f"settings are not used: {os.path.basename(error.path)}: {error.what}")
        return self._settings[folder]

    def settings(self, path: str) -> Settings:
        """Return the settings that count for the file at `path`."""
        return self.preferences(path).on_top_of(self.in_folder(os.path.dirname(path)))

    def read_again(self) -> bool:
        """Read all settings again; returns whether any are others than before."""
        before, self._settings = self._settings, {}
        self._baselines.clear()
        return any(self.in_folder(folder) != settings for folder, settings in before.items())

    def depends_on(self, path: str) -> bool:
        """Whether settings may change with the file at `path`.

        That are settings files and what they extend, own formats and rules, and baselines.
        """
        if os.path.basename(path) in FILES:
            return True
        known = self._settings.values()
        return any(path == settings.baseline or path in settings.files for settings in known) or any(
            is_below(path, folder) for settings in known for folder, _ in settings.own
        )

    def new_findings(self, report: Report, settings: Settings) -> tuple[Finding, ...]:
        """Return the findings of a report that the baseline in the settings does not know."""
        if not settings.baseline or not report.findings:
            return report.findings
        from hplint.baseline import Baseline, BaselineError, load

        if settings.baseline not in self._baselines:
            try:
                self._baselines[settings.baseline] = load(settings.baseline).left
            except BaselineError:
                self._complain(f"the baseline {os.path.basename(settings.baseline)} cannot be used, so all is shown")
                return report.findings
        return Baseline(settings.baseline, self._baselines[settings.baseline]).new(report)


def _home() -> str:
    return os.path.realpath(os.path.expanduser("~"))


def _is_project(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, name)) for name in (".git", *FILES))
