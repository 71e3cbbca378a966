"""Whether the editor that started the server still runs: one that crashed says no goodbye."""

from __future__ import annotations

import os


def is_alive(process_id: int | None) -> bool:
    """Whether a process runs. Where that cannot be asked it counts as running: then the end of the input tells."""
    if process_id is None or os.name == "nt":  # Windows: asking by signal would end the process
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
