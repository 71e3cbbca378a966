"""The VS Code extension's own page and description agree with what it declares and with the package."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import hplint
from hplint.server.preferences import HINTS

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "editors" / "vscode"
PACKAGE: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
SETTINGS: dict[str, Any] = PACKAGE["contributes"]["configuration"]["properties"]
README = (EXTENSION / "README.md").read_text(encoding="utf-8")


def test_version_and_licence_are_those_of_the_package() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert PACKAGE["version"] == hplint.__version__
    assert f'license = {{ text = "{PACKAGE["license"]}" }}' in project
    assert "Apache License" in (EXTENSION / "LICENSE").read_text(encoding="utf-8")
    assert f"## {hplint.__version__}\n" in (EXTENSION / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_setting_and_command_is_on_the_page() -> None:
    commands = [f"{one['category']}: {one['title']}" for one in PACKAGE["contributes"]["commands"]]
    assert re.findall(r"^\| `(hplint\.[\w.*]+)`", README, re.M) == list(SETTINGS)
    assert re.findall(r"^\| (hplint: .*?) \|", README, re.M) == commands


def test_every_setting_says_what_it_does() -> None:
    for name, setting in SETTINGS.items():
        assert setting.get("description") or setting.get("markdownDescription"), name
        assert "default" in setting, name


def test_settings_that_name_programs_are_restricted_until_the_workspace_is_trusted() -> None:
    restricted = PACKAGE["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert restricted == ["hplint.path", "hplint.interpreter", "hplint.importStrategy"]


def test_every_kind_of_inlay_hint_can_be_switched_off() -> None:
    prefix = "hplint.inlayHints."
    assert {name.removeprefix(prefix) for name in SETTINGS if name.startswith(prefix)} == set(HINTS)


def test_pictures_and_pages_that_are_named_exist() -> None:
    steps = PACKAGE["contributes"]["walkthroughs"][0]["steps"]
    media = [path for step in steps for name, path in step["media"].items() if name in ("image", "markdown")]
    for path in [PACKAGE["icon"], *media, *re.findall(r"!\[.*?\]\((.*?)\)", README)]:
        assert (EXTENSION / path).is_file(), path
