"""How long `hplint check` takes on a folder of configs: on one core and on all, from nothing and when nothing changed.

    python benchmarks/many_files.py [--files N] [--runs N]

Times move with the machine and its load, so the programs take turns within one run and the ratios to yamllint count.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from startup import config


def fill(folder: str, count: int) -> None:
    """Write configs of 100 lines, every tenth with a mistake."""
    for number in range(count):
        text = config("sigmoid" if number % 10 == 0 else "relu").replace("0.001", f"0.00{number % 9 + 1}")
        Path(folder, f"{number:05}.yaml").write_text(f"# {number}\n{text}", encoding="utf-8")


def seconds(command: list[str], folder: str, cache: str) -> float:
    """Return the wall time of one run."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    quiet = subprocess.DEVNULL
    start = time.perf_counter()
    subprocess.run(
        command, cwd=folder, env={**kept, "HPLINT_CACHE_DIR": cache}, stdout=quiet, stderr=quiet, check=False
    )
    return time.perf_counter() - start


def main() -> int:
    """Print the median time of each program and its ratio to yamllint's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    scripts = sysconfig.get_path("scripts")
    check = [sys.executable, "-m", "hplint", "check", "--output-format", "concise"]
    programs = {
        "yamllint": [os.path.join(scripts, "yamllint"), "."],
        "hplint, one core": [*check, "--no-cache", "--jobs", "1"],
        "hplint, all cores": [*check, "--no-cache"],
        "hplint, unchanged files": check,
    }
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        fill(folder, options.files)
        seconds(check, folder, cache)  # fills the caches of files and compiled modules
        times: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(options.runs):
            for name, command in programs.items():
                times[name].append(seconds(command, folder, cache))
    peer = statistics.median(times["yamllint"])
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:<24} {median:7.2f} s  {median / peer:5.2f} x yamllint")
    return 0


if __name__ == "__main__":
    sys.exit(main())
