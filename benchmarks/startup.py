"""How long `hplint check` takes on one config of 100 lines, side by side with yamllint and a bare interpreter.

    python benchmarks/startup.py [--pairs N] [--must RATIO]

Configs in three formats, without and with a mistake, each linted from nothing (`--no-cache`) and once more with what
the last run remembered. Absolute times move with the machine and its load, so the programs take turns within one run
and the ratios count. Exits with 1 when a config linted from nothing takes more of yamllint's wall time than --must.
"""

from __future__ import annotations

import argparse
import json
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


def ludwig() -> str:
    """Return a Ludwig config of 100 lines."""
    features = [
        f"  - {{name: column_{index}, type: number, preprocessing: {{normalization: zscore}}}}" for index in range(78)
    ]
    head = ["model_type: ecd", "input_features:"]
    tail = [
        "output_features:", "  - {name: label, type: category}", "combiner:", "  type: concat", "  num_fc_layers: 2",
        "  output_size: 128", "  dropout: 0.1", "preprocessing:",
        "  split: {type: random, probabilities: [0.7, 0.1, 0.2]}",
        "trainer:", "  epochs: 50", "  batch_size: 128", "  learning_rate: 0.001", "  early_stop: 5",
        "  optimizer: {type: adam}",
    ]  # fmt: skip
    lines = head + features + tail
    return "\n".join(lines + ["# the end"] * (LINES - len(lines))) + "\n"


def keras() -> str:
    """Return the JSON of a Keras model, 100 lines of it."""
    hidden = {"units": 64, "activation": "relu", "use_bias": True}
    layers = [{"class_name": "Dense", "config": {"name": f"hidden_{index}", **hidden}} for index in range(9)]
    layers[0]["config"]["batch_input_shape"] = [None, 20]  # type: ignore[index]  # a layer's config is a map
    last = {"class_name": "Dense", "config": {"name": "class", "units": 10, "activation": "softmax"}}
    model = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [*layers, last]}}
    return json.dumps({**model, "keras_version": "2.4.0", "backend": "tensorflow"}, indent=2)


CONFIGS = {
    "clean.yaml": config(),
    "mistake.yaml": config("sigmoid"),
    "ludwig.yaml": ludwig(),
    "keras.json": keras(),
}


def environment(folder: str) -> dict[str, str]:
    """Return an environment in which all programs run from compiled modules, as installed ones do."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"PYTHONPYCACHEPREFIX": os.path.join(folder, "compiled"), "HPLINT_CACHE_DIR": os.path.join(folder, "cache")}
    return {**kept, **own}


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
    """Measure, print the tables and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=21, help="how often each program runs (at least 11)")
    parser.add_argument("--must", type=float, default=0.6, help="the largest ratio to yamllint that passes")
    arguments = parser.parse_args()
    passed = True
    with tempfile.TemporaryDirectory() as folder:
        for name, text in CONFIGS.items():
            Path(folder, name).write_text(text, encoding="utf-8")
            passed &= measure(name, folder, max(arguments.pairs, 11)) <= arguments.must
    print(f"hplint / yamllint must be at most {arguments.must}: {'it is' if passed else 'it is NOT'}")
    return 0 if passed else 1


def measure(name: str, folder: str, pairs: int) -> float:
    """Print the table of one config, and return the ratio of wall times of hplint, from nothing, to yamllint."""
    scripts = sysconfig.get_path("scripts")
    hplint = [os.path.join(scripts, "hplint"), "check"]
    programs = {
        "yamllint": [os.path.join(scripts, "yamllint"), name],
        "hplint": [*hplint, "--no-cache", name],
        "hplint, remembered": [*hplint, name],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    times: dict[str, list[tuple[float, float]]] = {program: [] for program in programs}
    for command in programs.values():
        run_once(command, folder)  # fills the caches of files and compiled modules
    for _ in range(pairs):
        for program, command in programs.items():
            times[program].append(run_once(command, folder))
    print(f"{name:<20}{'wall ms':>9}{'cpu ms':>9}{'wall / yamllint':>17}{'cpu / yamllint':>16}")
    ratios = {}
    for program, measured in times.items():
        wall, cpu = (statistics.median(side) for side in zip(*measured, strict=True))
        of_wall, of_cpu = (
            statistics.median(mine[side] / peer[side] for mine, peer in zip(measured, times["yamllint"], strict=True))
            for side in (0, 1)
        )
        print(f"{program:<20}{wall * 1e3:>9.1f}{cpu * 1e3:>9.1f}{of_wall:>17.2f}{of_cpu:>16.2f}")
        ratios[program] = of_wall
    print()
    return ratios["hplint"]


if __name__ == "__main__":
    sys.exit(main())
