"""What the tests of editors share."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, set_up


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk for one editor."""
    return set_up(tmp_path)
