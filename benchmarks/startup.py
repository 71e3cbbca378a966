"""How long `hplint check` takes on one config of 100 lines, side by side with what is installed of its peers.

    python benchmarks/startup.py [--rounds N]

Configs in three formats, without and with a mistake, each linted from nothing (`--no-cache`) and once more with what
the last run remembered. Exits with 1 when something takes longer than must hold.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from texts import keras_model, program
from turns import RYL, judge, print_table, ratio, script, take_turns

LINES = 100
ROWS = (
    ("a1", "yamllint", 0.60, 0.40),
    ("a2", "check-jsonschema", 0.10, 0.05),
    ("a3", "python -c pass", 4.0, 2.5),
    ("a4", "ruff, as much Python", 3.5, 2.0),
)
"""What is held: the peer, and at most how many times its wall time must do and is aimed at."""


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


CONFIGS = {
    "clean.yaml": config(),
    "mistake.yaml": config("sigmoid"),
    "ludwig.yaml": ludwig(),
    "keras.json": keras_model(10),
}


def main() -> int:
    """Measure, print the tables and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21, help="how often each program runs (at least 11)")
    rounds = max(parser.parse_args().rounds, 11)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in CONFIGS.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        Path(folder, "program.py").write_text(program(LINES), encoding="utf-8")
        shown = subprocess.run([str(script("hplint")), "schema", "hplint"], stdout=subprocess.PIPE, check=True)
        Path(folder, "schema.json").write_bytes(shown.stdout)
        held = [measure(name, folder, rounds) for name in CONFIGS]
    return 0 if all(held) else 1


def measure(name: str, folder: str, rounds: int) -> bool:
    """Print the table of one config and how hplint stands in it; returns whether all that must hold does."""
    hplint = [str(script("hplint")), "check"]
    programs = {
        "hplint": [*hplint, "--no-cache", name],
        "hplint, remembered": [*hplint, name],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    peers = {
        "yamllint": ("yamllint", name),
        "check-jsonschema": ("check-jsonschema", "--schemafile", "schema.json", name),
        "ruff, as much Python": ("ruff", "check", "--no-cache", "program.py"),
        "ryl": ("ryl", *RYL, name),
    }
    for peer, (program_name, *arguments) in peers.items():
        if found := script(program_name):
            programs[peer] = [found, *arguments]
    runs = take_turns(programs, folder, rounds)
    print_table(name, runs, "hplint")
    held = True
    for row, peer, must, bold in ROWS:
        if peer in runs:
            held &= judge(f"{row} one file / {peer}", ratio(runs["hplint"], runs[peer]), must, bold)
    print()
    return held


if __name__ == "__main__":
    sys.exit(main())
