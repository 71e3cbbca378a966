"""How long `hplint check` takes on a folder of configs: on one core and on all, from nothing and when nothing changed.

    python benchmarks/many_files.py [--rounds N] [--corpus FOLDER]

With a folder of real configs (HPLINT_CORPUS, if not given) they are 677 of 30 to 200 lines, of five frameworks, taken
again where there are fewer; without one they are as many configs of 100 lines, every tenth with a mistake. ruff has as
many lines of Python, in as many files. Exits with 1 when something takes longer than must hold.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

from startup import config
from texts import program
from turns import RYL, judge, print_table, ratio, script, take_turns

FOLDERS = {"axolotl": 249, "torchtune": 195, "ludwig": 126, "llamafactory": 61, "litgpt": 46}
LINES = range(30, 201)
ROWS = (
    ("b1 from nothing, all cores", "hplint, all cores", "yamllint", 1 / 15, 1 / 25),
    ("b2 from nothing, all cores", "hplint, all cores", "check-jsonschema", 1 / 10, 1 / 20),
    ("b3 from nothing, all cores", "hplint, all cores", "ryl", 4.5, 3.0),
    ("b4 from nothing, all cores", "hplint, all cores", "ruff, as much Python", 4.0, 2.5),
    ("b5 unchanged files", "hplint, unchanged files", "python -c pass", 3.0, 2.0),
    ("b6 all cores", "hplint, all cores", "hplint, one core", 0.75, 0.65),
)
"""What is held: a program, another, and at most how many times its wall time must do and is aimed at."""


def real_configs(corpus: Path) -> list[str]:
    """Return the texts of real configs, as many of each framework as FOLDERS says."""
    texts: list[str] = []
    for name, count in FOLDERS.items():
        found = []
        for path in sorted((corpus / name).rglob("*.y*ml")):
            text = path.read_text(encoding="utf-8", errors="replace")
            if text.count("\n") in LINES:
                found.append(text)
        texts += islice(cycle(found), count) if found else []
    return texts


def made_configs() -> list[str]:
    """Return configs of 100 lines, every tenth with a mistake."""
    return [
        config("sigmoid" if number % 10 == 0 else "relu").replace("0.001", f"0.00{number % 9 + 1}")
        for number in range(sum(FOLDERS.values()))
    ]


def fill(folder: Path, texts: list[str]) -> None:
    """Write the configs, each told apart by a comment, and as much Python."""
    (folder / "configs").mkdir()
    (folder / "python").mkdir()
    module = program(sum(text.count("\n") for text in texts) // len(texts))
    for number, text in enumerate(texts):
        (folder / "configs" / f"{number:04}.yaml").write_text(f"{text}\n# {number}\n", encoding="utf-8")
        (folder / "python" / f"{number:04}.py").write_text(f"{module}\n# {number}\n", encoding="utf-8")


def programs(folder: Path) -> dict[str, list[str]]:
    """Return the commands that check the folder."""
    shown = subprocess.run([str(script("hplint")), "schema", "axolotl"], stdout=subprocess.PIPE, check=True)
    (folder / "schema.json").write_bytes(shown.stdout)
    files = [os.path.join("configs", name) for name in sorted(os.listdir(folder / "configs"))]
    check = [str(script("hplint")), "check", "--output-format", "concise", "configs"]
    peers = {
        "yamllint": ["yamllint", "configs"],
        "check-jsonschema": ["check-jsonschema", "--schemafile", "schema.json", *files],
        "ryl": ["ryl", *RYL, "configs"],
        "ruff, as much Python": ["ruff", "check", "--no-cache", "python"],
    }
    return {
        "hplint, all cores": [*check, "--no-cache"],
        "hplint, one core": [*check, "--no-cache", "--jobs", "1"],
        "hplint, unchanged files": check,
        "python -c pass": [sys.executable, "-c", "pass"],
        **{peer: [found, *rest] for peer, (own, *rest) in peers.items() if (found := script(own))},
    }


def main() -> int:
    """Measure, print the table and the rows; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("HPLINT_CORPUS"))
    options = parser.parse_args()
    texts = real_configs(Path(options.corpus)) if options.corpus else made_configs()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, texts)
        runs = take_turns(programs(folder), name, options.rounds)
    lines = sum(text.count("\n") for text in texts)
    kind = "real" if options.corpus else "made"
    print_table(f"{len(texts)} {kind} configs, {lines:,} lines", runs, "hplint, all cores")
    held = True
    for row, ours, peer, must, bold in ROWS:
        if peer in runs:
            held &= judge(f"{row} / {peer}", ratio(runs[ours], runs[peer]), must, bold)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
