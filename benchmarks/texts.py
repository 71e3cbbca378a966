"""Texts of any size to measure with: configs that grow, real Python, and a saved Keras model."""

from __future__ import annotations

import ast
import json
import os
import sysconfig
from itertools import islice
from pathlib import Path

MODULES = (
    "argparse", "tarfile", "subprocess", "threading", "typing", "inspect", "logging/__init__", "zipfile", "doctest",
    "difflib", "optparse", "turtle", "ipaddress", "statistics", "dataclasses", "datetime",
)  # fmt: skip


def program(lines: int) -> str:
    """Return about so many lines of Python: whole statements out of modules of the standard library."""
    library = Path(sysconfig.get_path("stdlib"))
    statements: list[str] = []
    missing = lines
    while missing > 0:
        for module in MODULES:
            text = (library / f"{module}.py").read_text(encoding="utf-8")
            rows = text.splitlines()
            for node in ast.parse(text).body:
                start = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])
                size = (node.end_lineno or start) - start + 1
                if size <= missing and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                    statements += rows[start - 1 : node.end_lineno]
                    missing -= size
    return "\n".join(statements) + "\n"


def data_sets(lines: int) -> str:
    """Return an Axolotl config of so many lines: a fine-tuning run on as many data sets as it takes."""
    head = [
        "base_model: NousResearch/Llama-2-7b-hf",
        "adapter: lora",
        "lora_r: 32",
        "lora_alpha: 16",
        "lora_target_linear: true",
        "sequence_len: 4096",
        "micro_batch_size: 2",
        "gradient_accumulation_steps: 4",
        "num_epochs: 4",
        "optimizer: adamw_bnb_8bit",
        "lr_scheduler: cosine",
        "learning_rate: 0.0002",
        "bf16: auto",
        "output_dir: ./outputs",
        "datasets:",
    ]
    items = (
        line
        for number in range(lines)
        for line in (
            f"  - path: acme/part-{number}",
            "    type: alpaca",
            "    split: train",
            f"    shards: {number % 7 + 2}",
        )
    )
    return "\n".join([*head, *islice(items, lines - len(head))]) + "\n"


def nested(lines: int) -> str:
    """Return so many lines of real configs, each under a key: of several formats in turn, out of HPLINT_CORPUS."""
    corpus = Path(os.environ["HPLINT_CORPUS"])
    formats = [sorted((corpus / name).rglob("*.y*ml")) for name in ("axolotl", "torchtune", "ludwig", "llamafactory")]
    found: list[str] = []
    for number in range(lines):
        paths = formats[number % len(formats)]
        text = paths[number // len(formats) % len(paths)].read_text(encoding="utf-8")
        if not any(line.startswith(("---", "%", "\t")) for line in text.splitlines()):
            found += [f"run_{number}:", *(f"  {line}".rstrip() for line in text.splitlines())]
        if len(found) >= lines:
            break
    return "\n".join(found[:lines]) + "\n"


def layers(lines: int) -> str:
    """Return a config of so many lines in hplint's own format: a classifier with as many layers as it takes."""
    head = [
        "hplint: 1",
        "task: {kind: multiclass, classes: 10}",
        "inputs: [{name: x, shape: [20], scaling: standard}]",
        "model:",
        "  layers:",
    ]
    tail = [
        "    - {type: dense, units: 10, activation: softmax}",
        "loss: categorical_crossentropy",
        "optimizer:",
        "  name: adam",
        "  learning_rate: 0.001",
    ]
    layer = ["    - type: dense", "      activation: relu", "      units: 64"]
    hidden = layer * ((lines - len(head) - len(tail)) // len(layer))
    return "\n".join([*head, *hidden, *tail]) + "\n"


def keras_model(layers: int) -> str:
    """Return the JSON that Keras saves of a network of so many layers: about a kB for each."""
    items = [{"class_name": "Dense", "config": _dense(f"hidden_{index}", 64, "relu")} for index in range(layers - 1)]
    items[0]["config"] = {"batch_input_shape": [None, 20], **_dense("hidden_0", 64, "relu")}
    last = {"class_name": "Dense", "config": _dense("class", 10, "softmax")}
    model = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [*items, last]}}
    return json.dumps({**model, "keras_version": "2.4.0", "backend": "tensorflow"}, indent=2) + "\n"


def _dense(name: str, units: int, activation: str) -> dict[str, object]:
    """Return the config of a dense layer with all that Keras writes."""
    glorot = {"class_name": "GlorotUniform", "config": {"seed": None}}
    unset = ("kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint")
    return {
        "name": name,
        "trainable": True,
        "dtype": "float32",
        "units": units,
        "activation": activation,
        "use_bias": True,
        "kernel_initializer": glorot,
        "bias_initializer": {"class_name": "Zeros", "config": {}},
        **dict.fromkeys(unset),
    }
