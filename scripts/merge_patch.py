"""JSON merge patches (RFC 7396), by which overlays correct generated schemas."""

from __future__ import annotations

from typing import Any


def merged(value: Any, patch: Any) -> Any:
    """Return `value` with `patch` merged into it: maps key by key, null removes a key, anything else replaces."""
    if not isinstance(patch, dict):
        return patch
    made = dict(value) if isinstance(value, dict) else {}
    for key, below in patch.items():
        if below is None:
            made.pop(key, None)
        else:
            made[key] = merged(made.get(key), below)
    return made
