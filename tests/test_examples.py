"""The examples: good ones are clean, bad ones show what was planted in them."""

from __future__ import annotations

import glob
import os
import re
from typing import Any

import pytest

from hplint.lint import lint

EXAMPLES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "examples")


def example_files(folder: str) -> list[str]:
    """Return the paths of the examples in a folder, relative to examples/."""
    return sorted(os.path.relpath(path, EXAMPLES) for path in glob.glob(os.path.join(EXAMPLES, folder, "*")))


def report_on(path: str) -> Any:
    """Return the report on an example."""
    with open(os.path.join(EXAMPLES, path), "rb") as file:
        return lint(file.read(), path)


def planted() -> dict[str, list[str]]:
    """Return the codes that the table of examples/README.md promises, by file."""
    with open(os.path.join(EXAMPLES, "README.md"), encoding="utf-8") as file:
        rows = re.findall(r"^\| \[(bad/[^\]]+)\]\([^)]+\) \| ([^|]+) \|$", file.read(), re.MULTILINE)
    return {path: codes.strip().split(", ") for path, codes in rows}


@pytest.mark.parametrize("path", example_files("good"))
def test_good_examples_are_clean(path: str) -> None:
    report = report_on(path)
    assert report.recognition.name is not None
    assert [f"{finding.code}: {finding.message}" for finding in report.findings] == []


@pytest.mark.parametrize("path", example_files("bad"))
def test_bad_examples_show_what_was_planted(path: str) -> None:
    found = {finding.code for finding in report_on(path).findings}
    assert set(planted()[path]) <= found


@pytest.mark.parametrize("path", [path for path in example_files("bad") if not path.endswith(".json")])
def test_bad_examples_name_what_was_planted(path: str) -> None:
    with open(os.path.join(EXAMPLES, path), encoding="utf-8") as file:
        comment = "".join(line for line in file if line.startswith("#"))
    assert sorted(re.findall(r"[A-Z]+\d{3}", comment)) == sorted(planted()[path])


def test_examples_cover_three_formats_and_three_syntaxes() -> None:
    for folder in ("good", "bad"):
        formats = {report_on(path).recognition.name for path in example_files(folder)}
        assert {"hplint", "keras", "ludwig"} <= formats
        assert {".yaml", ".json", ".toml"} <= {os.path.splitext(path)[1] for path in example_files(folder)}
