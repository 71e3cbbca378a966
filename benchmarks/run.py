"""All measurements in one run: installs hplint and its peers, prints the tables, and can write them into the docs.

    python benchmarks/run.py [--folder FOLDER] [--write docs/performance.md] [--only NAME ...]

`FOLDER`, build/benchmarks if not given, keeps what is installed from one run to the next. The first run needs PyPI and
npm; a run takes about half an hour. Exits with 1 when something is above what must hold.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
from pathlib import Path

from peers import NODE_PEERS, PROJECT, PYTHON_PEERS, install

BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"
TITLES = {
    "startup": "One file of 100 lines",
    "many_files": "Many files",
    "big_files": "One big file",
    "editor_latency": "The language server",
    "growth": "Growth",
    "adversarial_files": "Files made to bring a linter down",
}
"""The scripts, in the order in which they run."""


def arguments(name: str, folder: Path) -> list[str]:
    """Return what a script is given."""
    if name == "editor_latency":
        return ["--yaml-language-server", str(folder / "node")]
    return ["--node", str(folder)] if name == "big_files" else []


def run(python: Path, name: str, folder: Path) -> tuple[str, bool]:
    """Run one script with its output shown; returns the output and whether all held that must."""
    command = [str(python), str(PROJECT / "benchmarks" / f"{name}.py"), *arguments(name, folder)]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    return "\n".join(lines).strip(), process.returncode == 0


def about_machine() -> str:
    """Return when and on what it was measured, and against which versions."""
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    peers = ", ".join(f"{name} {version}" for name, version in {**PYTHON_PEERS, **NODE_PEERS}.items())
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False
    )
    return (
        f"Measured on {datetime.date.today()}, revision {revision.stdout.strip() or 'unknown'}: {os.cpu_count()} cores "
        f"({processor}), {platform.system()}, Python {platform.python_version()}. Peers: {peers}."
    )


def write(page: Path, tables: dict[str, str]) -> None:
    """Put the tables into a page between its two marks; raises ValueError where it has none."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for the tables: a line {BEGIN.strip()} and a line {END.strip()}")
    sections = [about_machine(), *(f"## {TITLES[name]}\n\n```text\n{text}\n```" for name, text in tables.items())]
    page.write_text(before + begin + "\n" + "\n\n".join(sections) + "\n\n" + END + after, encoding="utf-8")


def main() -> int:
    """Install, measure, print and write; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "benchmarks")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    parser.add_argument("--only", nargs="+", choices=TITLES, default=list(TITLES), metavar="NAME")
    options = parser.parse_args()
    folder = options.folder.resolve()
    python = install(folder)
    tables, all_held = {}, True
    for name in options.only:
        print(f"\n== {TITLES[name]}", flush=True)
        tables[name], held = run(python, name, folder)
        all_held &= held
    if options.write:
        write(options.write, tables)
    return 0 if all_held else 1


if __name__ == "__main__":
    sys.exit(main())
