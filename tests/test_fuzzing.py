"""A few trials of every entry; `python benchmarks/fuzz.py --minutes 30` makes many more."""

from __future__ import annotations

import os
from random import Random

import pytest
from fuzzing import COSTLY, TRIALS

COUNT = int(os.environ.get("HPLINT_FUZZ_TRIALS", "40"))


@pytest.mark.parametrize("entry", TRIALS)
def test_nothing_gives_way(entry: str) -> None:
    for seed in range(COUNT // COSTLY.get(entry, 1)):
        TRIALS[entry](Random(seed))
