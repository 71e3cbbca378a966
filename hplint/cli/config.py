"""`hplint config`: the settings that count for a file or folder, and where each comes from."""

from __future__ import annotations

import json
import os
import sys

from hplint import knowledge
from hplint.cli.main import CLEAN
from hplint.cli.options import Command, Option
from hplint.output.terminal import escape, screen_of
from hplint.settings import Settings, find_settings, settings_file
from hplint.settings_keys import KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.cli.options import Arguments

DESCRIPTION = """\
Shows the settings that count for a file or folder, those of the nearest hplint.toml, or [tool.hplint] in
pyproject.toml, at or above it. Behind each stands the file and line it comes from.
"""

EPILOG = """\
exit status:
  0  the settings were shown
  2  a settings file is wrong

examples:
  hplint config                    for the folder you are in
  hplint config conf/train.yaml    for one file: with the rules that run on it
  hplint config --output-format json
  hplint schema settings           what can be set, as a JSON Schema
"""

COMMAND = Command(
    "config",
    DESCRIPTION,
    "PATH",
    "a file or folder, by default the folder you are in",
    "*",
    (Option("--output-format", "FORMAT", "text (the default) or json", ("text", "json")),),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Show the settings; returns the exit status. Raises SettingsError."""
    paths = arguments.operands or (os.curdir,)
    shown = [_resolved(path) for path in paths]
    if arguments["--output-format"] == "json":
        print(json.dumps(shown if len(shown) > 1 else shown[0], indent=1))
    else:
        print("\n\n".join("\n".join(_lines(entry)) for entry in shown))
    return CLEAN


def _resolved(path: str) -> dict[str, Any]:
    """Return what is to be said of the settings for a path."""
    folder = path if os.path.isdir(path) else os.path.dirname(path) or os.curdir
    settings = find_settings(folder)
    found = settings_file(folder)
    origins = dict(settings.origins)
    values = [
        {"name": name, "value": _value(settings, name), "from": origins.get(name, "default")}
        for name in KEYS
        if name != "extend"
    ]
    inside = "" if os.path.isdir(path) else path
    rules = [rule.code for rule in knowledge.rules() if settings.runs(rule, inside)]
    return {"path": path, "file": None if found is None else found[0], "settings": values, "rules": rules}


def _value(settings: Settings, name: str) -> Any:
    value = getattr(settings, name.replace("-", "_"))
    if name in ("per-file-ignores", "formats", "versions"):
        return {pattern: list(held) if isinstance(held, tuple) else held for pattern, held in value}
    if name == "suppressions":
        return [{"files": one.files, "at": one.at, "rules": list(one.rules), "reason": one.reason} for one in value]
    return list(value) if isinstance(value, tuple) else value


def _lines(entry: dict[str, Any]) -> list[str]:
    screen = screen_of(sys.stdout)
    place = f"come from {entry['file']}" if entry["file"] else "are the defaults; there is no settings file"
    lines = [screen.paint(f"The settings for {escape(entry['path'])} {escape(place)}", "bold")]
    for setting in entry["settings"]:
        said = f"  {setting['name']:<17} {escape(json.dumps(setting['value'], ensure_ascii=False))}"
        lines.append(f"{said}  {screen.paint('# ' + escape(setting['from']), 'dim')}")
    lines.append(f"  {len(entry['rules'])} of {len(knowledge.rules())} rules run")
    return lines
