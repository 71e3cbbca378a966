"""Findings in the project's own settings, while hplint.toml or pyproject.toml is edited."""

from __future__ import annotations

import os

from hplint.findings import ERROR, HIGH, Finding
from hplint.settings import FILES
from hplint.text import Span

CODE = "settings"


def is_settings(path: str) -> bool:
    """Whether the file at `path` may hold settings of hplint."""
    return os.path.basename(path) in FILES


def settings_findings(text: str, path: str) -> list[Finding]:
    """Return what keeps the settings in `text` from being used; nothing for a file without any."""
    if not is_settings(path) or (os.path.basename(path) != FILES[0] and "[tool.hplint" not in text):
        return []
    from hplint.settings_file import settings_faults

    first_line = Span(0, text.find("\n") if "\n" in text else len(text))
    here = os.path.abspath(path)
    return [
        Finding(CODE, CODE, ERROR, HIGH, fault.what, fault.span)
        if fault.span and fault.path == here
        else Finding(CODE, CODE, ERROR, HIGH, str(fault), first_line)
        for fault in settings_faults(text.encode(), path)
    ]
