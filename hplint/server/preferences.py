"""What the user sets in the editor, under `hplint`. What the project's settings file says comes first."""

from __future__ import annotations

from hplint.records import record, replace
from hplint.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HINTS = {
    "shapes": "shapes",
    "parameters": "weights",
    "batch": "batch",
    "steps": "steps",
    "grid": "grid",
    "defaults": "defaults",
}
"""The kinds of hplint.ide.hints by the settings that switch them off."""


@record
class Preferences:
    """Settings of the editor.

    enable      whether anything is found and offered at all
    select      as in the settings file; counts in folders without one
    ignore      as in the settings file; counts in folders without one
    hints       the kinds of inlay hints that are shown
    code_lens   whether the first line tells format, task and model
    workspace   whether configs are looked at that are not open
    """

    enable: bool = True
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    hints: tuple[str, ...] = tuple(HINTS.values())
    code_lens: bool = True
    workspace: bool = True

    def on_top_of(self, project: Settings) -> Settings:
        """Return the settings that count: the project's; where it has none, those of the editor."""
        return project if project.root else replace(project, select=self.select, ignore=self.ignore)


def read_preferences(said: Any) -> Preferences:
    """Return what the client's settings say; whatever is not as described counts as not said."""
    if isinstance(said, dict) and isinstance(said.get("hplint"), dict):
        said = said["hplint"]
    if not isinstance(said, dict):
        return Preferences()
    values: dict[str, Any] = {}
    for name, key in (("enable", "enable"), ("code_lens", "codeLens"), ("workspace", "workspaceDiagnostics")):
        if isinstance(said.get(key), bool):
            values[name] = said[key]
    for name in ("select", "ignore"):
        if isinstance(said.get(name), list):
            values[name] = tuple(entry for entry in said[name] if isinstance(entry, str) and entry)
    hints = said.get("inlayHints")
    if isinstance(hints, bool):
        values["hints"] = tuple(HINTS.values()) if hints else ()
    elif isinstance(hints, dict):
        values["hints"] = tuple(kind for name, kind in HINTS.items() if hints.get(name) is not False)
    return Preferences(**values)
