"""Texts of any size to measure with: real configs nested under keys, real Python, and a saved Keras model."""

from __future__ import annotations

import ast
import json
import sysconfig
from collections.abc import Iterator
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


def nested(texts: list[str], lines: int) -> str:
    """Return a YAML document of about so many lines: configs one after another, each under a key of its own."""
    written: list[str] = []
    for number, text in enumerate(_again(texts)):
        if len(written) >= lines:
            break
        written.append(f"run_{number}:")
        written += [f"  {line}" if line.strip() else "" for line in text.splitlines()]
    return "\n".join(written[:lines]) + "\n"


def _again(texts: list[str]) -> Iterator[str]:
    while True:
        yield from texts


def keras_model(layers: int) -> str:
    """Return the JSON that Keras saves of a network of so many layers."""
    hidden = {"units": 64, "activation": "relu", "use_bias": True}
    items = [{"class_name": "Dense", "config": {"name": f"hidden_{index}", **hidden}} for index in range(layers - 1)]
    items[0]["config"] = {"batch_input_shape": [None, 20], **items[0]["config"]}  # type: ignore[dict-item]  # a map
    last = {"class_name": "Dense", "config": {"name": "class", "units": 10, "activation": "softmax"}}
    model = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [*items, last]}}
    return json.dumps({**model, "keras_version": "2.4.0", "backend": "tensorflow"}, indent=2)
