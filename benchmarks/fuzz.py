"""Feeds hplint by chance until the time is over, and prints what gave way, each once, with how to have it again.

    python benchmarks/fuzz.py --minutes 30 [ENTRY...]
    python benchmarks/fuzz.py ENTRY --seed 123        one trial again, with its traceback

The entries are those of tests/fuzzing.py.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fuzzing import CHECKOUT, COSTLY, TRIALS  # stands in tests/, which is no package


def place_of(error: BaseException) -> str:
    """Return where in hplint an error came from, the innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[::-1]
    own = [frame for frame in frames if frame.filename.startswith(str(CHECKOUT / "hplint"))] or frames
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in own[:4])


def main() -> int:
    """Run trials and print; returns 1 if any gave way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("entries", nargs="*", choices=[[], *TRIALS], metavar="ENTRY")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, help="the one trial to run")
    parser.add_argument("--first", type=int, default=0, help="the seed to begin with")
    options = parser.parse_args()
    entries = options.entries or list(TRIALS)
    if options.seed is not None:
        TRIALS[entries[0]](Random(options.seed))
        return 0
    seen: dict[str, int] = {}
    counts = dict.fromkeys(entries, 0)
    slowest: dict[str, tuple[float, int]] = dict.fromkeys(entries, (0.0, 0))
    stop = time.monotonic() + 60 * options.minutes
    seed = options.first
    while time.monotonic() < stop:
        for entry in entries:
            if entry in COSTLY and seed % COSTLY[entry] and len(entries) > 1:
                continue
            before = time.process_time()
            try:
                TRIALS[entry](Random(seed))
            except Exception as error:
                what = f"{entry}: {type(error).__name__} in {place_of(error)}"
                if what not in seen:
                    print(
                        f"{what}: {str(error)[:300]!r}\n  python benchmarks/fuzz.py {entry} --seed {seed}", flush=True
                    )
                seen[what] = seen.get(what, 0) + 1
            counts[entry] += 1
            slowest[entry] = max(slowest[entry], (time.process_time() - before, seed))
        seed += 1
    for entry, count in counts.items():
        print(f"{entry:<16}{count:>7} trials, the slowest {slowest[entry][0]:.2f} s (seed {slowest[entry][1]})")
    for what, times in sorted(seen.items(), key=lambda item: -item[1]):
        print(f"{times:>7} x {what}")
    return int(bool(seen))


if __name__ == "__main__":
    sys.exit(main())
