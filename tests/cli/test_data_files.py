"""Files called .json that hold tables: left alone inside folders with a line that says so, reported where named."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Run

DATA = {
    "tabs": "name\tage\nann\t3\n",
    "commas": "1,2\n\n3,4\n",
    "words": "0 0.5 0.25\n1 0.5 0.75\n",
    "long": "some, text\r\n" * 30_000,
}
BROKEN = {
    "yaml": "model: x\nlearning_rate: 0.1\n",
    "pairs": "learning_rate 0.1\nepochs 3\n",
    "prose": "Some plain text\nand more.\n",
    "one": '{"text": "a"} {"text": "b"}\n',
    "config": '{"learning_rate": 0.1,,\n "epochs": 3}\n',
    "table": "{a\tb\n1\t2\n",
    "two configs": '{"hplint": 1, "optimizer": {"name": "adam"}}\n{"hplint": 1}\n',
}


@pytest.mark.parametrize("text", DATA.values(), ids=DATA)
def test_data_is_left_alone_unless_it_is_named(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "train.json").write_bytes(text.encode())
    outcome = run("check")
    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.err.splitlines()[0] == "train.json is called .json and holds a table; it was left alone"
    (tmp_path / "b.json").write_bytes(text.encode())
    assert run("check").err.startswith("2 files, b.json first, are called .json and hold tables; they were")
    assert "SYNTAX002" in run("check", "train.json", "--output-format", "concise").out
    assert run("check", "train.json").status == 1


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_may_be_a_broken_config_is_reported(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "train.json").write_bytes(text.encode())
    outcome = run("check", "--output-format", "concise")
    assert outcome.status == 1
    assert "train.json:" in outcome.out
    assert "left alone" not in outcome.err


def test_text_that_is_no_json_at_all_is_told_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "train.json").write_text(BROKEN["yaml"])
    [line] = run("check", "--output-format", "concise").out.splitlines()
    assert "this is no JSON: it begins with `model`, where the JSON of a config has { or [" in line
