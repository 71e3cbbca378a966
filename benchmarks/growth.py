"""How the time of `hplint check` grows: with the size of a file, the number of files and the number of rules.

    python benchmarks/growth.py [--rounds N]

Each row doubles what the row before it had. A cost that grows as it should doubles at most; what it costs to start is
taken off first. Two rows on, four times at most.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from startup import config
from texts import data_sets, keras_model
from turns import Run, script, take_turns


def start(folder: Path) -> None:
    """Write what all others are compared with: a file in which there is nothing to look at."""
    (folder / "start.yaml").write_text("hplint: 1\n", encoding="utf-8")


def rule_codes() -> list[str]:
    """Return the codes of all rules, as `hplint rule` lists them."""
    listed = subprocess.run([str(script("hplint")), "rule"], stdout=subprocess.PIPE, text=True, check=True)
    words = (line.split() for line in listed.stdout.splitlines())
    return [found[0] for found in words if found and found[0][-3:].isdigit()]


def measured(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Write the files, and return for each kind of growth the arguments of `hplint check` for each size."""
    tables: dict[str, dict[str, list[str]]] = {"lines of a fine-tuning config": {}, "layers of a Keras model": {}}
    for lines in (2_500, 5_000, 10_000, 20_000):
        (folder / f"{lines}.yaml").write_text(data_sets(lines), encoding="utf-8")
        tables["lines of a fine-tuning config"][f"{lines:,}"] = [f"{lines}.yaml"]
    for layers in (250, 500, 1_000, 2_000):
        (folder / f"{layers}.json").write_text(keras_model(layers), encoding="utf-8")
        tables["layers of a Keras model"][f"{layers:,}"] = [f"{layers}.json"]
    tables["files of 100 lines, one core"] = {}
    for files in (100, 200, 400, 800):
        many = folder / f"files-{files}"
        many.mkdir()
        for number in range(files):
            text = config("sigmoid" if number % 10 == 0 else "relu").replace("0.001", f"0.00{number % 9 + 1}")
            (many / f"{number}.yaml").write_text(f"# {number}\n{text}", encoding="utf-8")
        tables["files of 100 lines, one core"][f"{files:,}"] = [many.name, "--jobs", "1"]
    codes = rule_codes()
    tables["rules, on 400 files"] = {
        f"{len(codes[::step]):,}": ["files-400", "--jobs", "1", "--select", ",".join(codes[::step])]
        for step in (8, 4, 2, 1)
    }
    return tables


def print_growth(title: str, runs: dict[str, list[Run]], begun: float) -> None:
    """Print the processor time of each size beyond that of a start, and its ratio to the row before."""
    print(f"{title:<34}{'cpu ms':>9}{'of the row before':>20}")
    before = 0.0
    for size, taken in runs.items():
        spent = max(statistics.median(run.cpu for run in taken) - begun, 0.0)
        print(f"  {size:<32}{spent * 1e3:>9.1f}" + (f"{spent / before:>20.2f}" if before else ""))
        before = spent
    print(flush=True)


def main() -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    check = [str(script("hplint")), "check", "--no-cache", "--output-format", "concise"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start(folder)
        begun = take_turns({"start": [*check, "start.yaml"]}, name, rounds)["start"]
        for title, sizes in measured(folder).items():
            runs = take_turns({size: [*check, *arguments] for size, arguments in sizes.items()}, name, rounds)
            print_growth(title, runs, statistics.median(run.cpu for run in begun))
    return 0


if __name__ == "__main__":
    sys.exit(main())
