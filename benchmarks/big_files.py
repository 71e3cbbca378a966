"""How long one big config takes on the command line, side by side with what is installed of hplint's peers.

    python benchmarks/big_files.py [--rounds N] [--node FOLDER]

Configs of a fine-tuning run on many data sets, 2,000 and 20,000 lines, and a saved Keras model of about 1 MB.
`FOLDER` is where npm installed ajv-cli. Python is given to ruff: as many lines of it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from peers import node_script
from texts import data_sets, keras_model, program
from turns import RYL, print_table, script, take_turns

LOAD = "import json; json.load(open('keras.json'))"


def write_files(folder: Path) -> dict[str, int]:
    """Write the files, and return the lines of each."""
    files = {"2000.yaml": data_sets(2_000), "20000.yaml": data_sets(20_000), "keras.json": keras_model(1_150)}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    lines = {name: text.count("\n") for name, text in files.items()}
    for count in lines.values():
        (folder / f"{count}.py").write_text(program(count), encoding="utf-8")
    for name in ("axolotl", "keras"):
        shown = subprocess.run([str(script("hplint")), "schema", name], stdout=subprocess.PIPE, check=True)
        (folder / f"{name}.schema.json").write_bytes(shown.stdout)
    return lines


def programs(name: str, lines: int, node: Path | None) -> dict[str, list[str]]:
    """Return the commands that check one of the files."""
    hplint = [str(script("hplint")), "check", "--no-cache", name]
    schema = "keras.schema.json" if name.endswith("json") else "axolotl.schema.json"
    peers = {
        "yamllint": ["yamllint", name],
        "check-jsonschema": ["check-jsonschema", "--schemafile", schema, name],
        "ryl": ["ryl", *RYL, name],
        "ruff, as much Python": ["ruff", "check", "--no-cache", f"{lines}.py"],
    }
    commands = {"hplint": hplint}
    commands |= {peer: [found, *rest] for peer, (own, *rest) in peers.items() if (found := script(own))}
    if node is not None and (ajv := node_script(node, "ajv")):
        commands["ajv"] = [str(ajv), "validate", "--spec=draft2020", "--strict=false", "-s", schema, "-d", name]
    if name.endswith("json"):
        commands["json.load"] = [sys.executable, "-c", LOAD]
    return commands


def main() -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--node", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in write_files(Path(folder)).items():
            runs = take_turns(programs(name, lines, options.node), folder, options.rounds)
            print_table(f"{name}, {lines:,} lines", runs, "hplint")
    return 0


if __name__ == "__main__":
    sys.exit(main())
