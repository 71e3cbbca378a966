"""Findings in the project's own settings, while hplint.toml or pyproject.toml is edited."""

from __future__ import annotations

import os

from hplint.findings import ERROR, HIGH, Finding
from hplint.settings import FILES, SettingsError
from hplint.text import Span

CODE = "settings"


def is_settings(path: str) -> bool:
    """Whether the file at `path` may hold settings of hplint."""
    return os.path.basename(path) in FILES


def settings_findings(text: str, path: str) -> list[Finding]:
    """Return what keeps the settings in `text` from being used; nothing for a file without any."""
    if os.path.basename(path) != FILES[0] and "[tool.hplint" not in text:
        return []
    from hplint.settings_file import read_settings

    try:
        read_settings(text.encode(), path)
    except SettingsError as error:
        is_here = error.path == os.path.abspath(path) and error.span is not None
        span = (
            error.span
            if is_here and error.span is not None
            else Span(0, text.find("\n") if "\n" in text else len(text))
        )
        return [Finding(CODE, CODE, ERROR, HIGH, error.what, span)]
    return []
