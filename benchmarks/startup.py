"""How long `hplint check` takes on one config of 100 lines, side by side with yamllint and a bare interpreter.

    python benchmarks/startup.py [--pairs N] [--must RATIO]

Absolute times move with the machine and its load, so the programs take turns within one run and the ratios count.
Exits with 1 when the ratio of wall times to yamllint is above --must.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

LINES = 100


def config(first: str = "relu") -> str:
    """Return a config of 100 lines in which nothing is found, unless the `first` layer ends in a sigmoid."""
    head = [
        "hplint: 1",
        "task: {kind: multiclass, classes: 10}",
        "inputs: [{name: x, shape: [20], scaling: standard}]",
        "data: {samples: 100000, validation_share: 0.1, shuffle: true}",
        "loss:",
        "  name: categorical_crossentropy",
        "optimizer:",
        "  name: adam",
        "  learning_rate: 0.001",
        "training: {epochs: 20, batch_size: 128}",
        "model:",
        "  family: neural_network",
        "  layers:",
    ]
    last = ["    - type: dense", "      units: 10", "      activation: softmax"]
    hidden = ["    - type: dense", "      units: 64", "      activation: relu"]
    lines = head + hidden * ((LINES - len(head) - len(last)) // len(hidden)) + last
    lines[len(head) + 2] = f"      activation: {first}"
    return "\n".join(lines + ["# the end"] * (LINES - len(lines))) + "\n"


def environment(folder: str) -> dict[str, str]:
    """Return an environment in which all programs run from compiled modules, as installed ones do."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": os.path.join(folder, "compiled")}


def run_once(command: list[str], folder: str) -> tuple[float, float]:
    """Return the wall and the processor time of one run in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, env=environment(folder), stdout=quiet, stderr=quiet, check=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure, print the table and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=21, help="how often each program runs (at least 11)")
    parser.add_argument("--must", type=float, default=0.6, help="the largest ratio to yamllint that passes")
    arguments = parser.parse_args()
    scripts = sysconfig.get_path("scripts")
    programs = {
        "yamllint": [os.path.join(scripts, "yamllint"), "clean.yaml"],
        "hplint": [os.path.join(scripts, "hplint"), "check", "clean.yaml"],
        "hplint, a mistake": [os.path.join(scripts, "hplint"), "check", "mistake.yaml"],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "clean.yaml").write_text(config(), encoding="utf-8")
        Path(folder, "mistake.yaml").write_text(config("sigmoid"), encoding="utf-8")
        for command in programs.values():
            run_once(command, folder)  # fills the caches of files and compiled modules
        for _ in range(max(arguments.pairs, 11)):
            for name, command in programs.items():
                times[name].append(run_once(command, folder))
    print(f"{'':<18}{'wall ms':>9}{'cpu ms':>9}{'wall / yamllint':>17}{'cpu / yamllint':>16}")
    for name, measured in times.items():
        wall, cpu = (statistics.median(side) for side in zip(*measured, strict=True))
        ratios = [
            statistics.median(mine[side] / peer[side] for mine, peer in zip(measured, times["yamllint"], strict=True))
            for side in (0, 1)
        ]
        print(f"{name:<18}{wall * 1e3:>9.1f}{cpu * 1e3:>9.1f}{ratios[0]:>17.2f}{ratios[1]:>16.2f}")
        if name == "hplint":
            passed = ratios[0] <= arguments.must
    print(f"hplint / yamllint must be at most {arguments.must}: {'it is' if passed else 'it is NOT'}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
