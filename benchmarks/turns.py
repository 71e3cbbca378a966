"""Programs that take turns within one run, so that the load of the machine meets all of them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import NamedTuple

RYL = ["check", "--no-cache", "--config-data", "extends: default"]
"""What ryl is asked: with yamllint's rules, as it has none of its own accord."""


class Run(NamedTuple):
    """What one run of a program took: seconds of wall and processor time, and MiB of memory at the most.

    What this Python itself holds counts too until the program has begun, so that small figures are all alike.
    """

    wall: float
    cpu: float
    memory: float


def script(name: str) -> str | None:
    """Return the path of a program that is installed beside this Python, or None."""
    path = Path(sysconfig.get_path("scripts"), name + (".exe" if sys.platform == "win32" else ""))
    return str(path) if path.exists() else None


def run_once(command: list[str], folder: str) -> Run:
    """Run a program quietly in a folder and return what it took.

    It runs from compiled modules, as installed programs do, and hplint's cache stands in the folder.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"PYTHONPYCACHEPREFIX": os.path.join(folder, ".compiled"), "HPLINT_CACHE_DIR": os.path.join(folder, ".cache")}
    quiet = subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env={**kept, **own}, stdout=quiet, stderr=quiet)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def take_turns(programs: dict[str, list[str]], folder: str, rounds: int) -> dict[str, list[Run]]:
    """Return the runs of each program, after one that fills the caches of files and compiled modules."""
    for command in programs.values():
        run_once(command, folder)
    runs: dict[str, list[Run]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, command in programs.items():
            runs[name].append(run_once(command, folder))
    return runs


def ratio(ours: list[Run], theirs: list[Run]) -> float:
    """Return the median ratio of wall times over the rounds."""
    return statistics.median(mine.wall / peer.wall for mine, peer in zip(ours, theirs, strict=True))


def print_table(title: str, runs: dict[str, list[Run]], ours: str) -> None:
    """Print what each program took, and how many times that of another `ours` takes."""
    print(f"{title:<34}{'wall ms':>9}{'cpu ms':>9}{'MiB':>7}{f'{ours} / it':>20}")
    for name, taken in runs.items():
        wall, cpu, memory = (statistics.median(side) for side in zip(*taken, strict=True))
        print(f"  {name:<32}{wall * 1e3:>9.1f}{cpu * 1e3:>9.1f}{memory:>7.0f}{ratio(runs[ours], taken):>20.3f}")
    print(flush=True)


def judge(row: str, figure: float, must: float, bold: float) -> bool:
    """Print how a figure stands against what must hold and what is aimed at; returns whether it must not be worse."""
    verdict = "bold" if figure <= bold else "held" if figure <= must else "MISSED"
    print(f"{row:<66} {figure:7.4f}  must {must:.4f}  bold {bold:.4f}  {verdict}", flush=True)
    return figure <= must
