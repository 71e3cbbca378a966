"""What the tests of the command line share: the outcome of a run, and the type of the fixture that makes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Outcome(NamedTuple):
    """What a run of the command line gave."""

    status: int
    out: str
    err: str


Run = Callable[..., Outcome]
