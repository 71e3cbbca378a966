"""JSON for reports."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def dumps(value: Any, indent: int | None = 1) -> str:
    """Return a value as JSON in ASCII that no CI system takes for a command: `##` is in no part of it."""
    return json.dumps(value, indent=indent, ensure_ascii=True).replace("##", "#\\u0023")
