"""`hplint check --watch`: which changes make it look again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Run

from hplint.cli.watch import watch

ROOT = Path(__file__).parent.parent.parent
UNKNOWN_KEY = "hplint: 1\noptimizer:\n  zzzzzz: adam\n"
TRAIN = """\
model_name_or_path: meta-llama/Llama-3.1-8B
output_dir: out
learning_rate: 0.001
per_device_train_batch_size: 4
deepspeed: conf/ds.json
bf16: true
"""
DEEPSPEED = '{"train_batch_size": 4, "optimizer": {"type": "AdamW", "params": {"lr": 0.001}}}'


def test_watching_lints_again_when_a_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("1")
    seen: list[str] = []
    changes = iter([None, path, None, tmp_path / "b"])

    def wait(seconds: float) -> None:
        try:
            changed = next(changes)
        except StopIteration:
            raise KeyboardInterrupt from None
        if changed is not None:
            changed.write_text("22")

    watch(lambda: seen.append(path.read_text()), lambda: map(str, tmp_path.iterdir()), wait)
    assert seen == ["1", "22", "22"]


def test_watch_shows_findings_and_ends_with_0(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)

    def once(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hplint.cli.watch.watch.__defaults__", (once,))
    outcome = run("check", "--watch", "--output-format", "concise")
    assert outcome.status == 0
    assert outcome.out.startswith("a.yaml:3:3: ")


def test_watch_lints_again_when_settings_above_change(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.yaml").write_text(UNKNOWN_KEY)
    waits = iter([None, None])

    def change(seconds: float) -> None:
        if next(waits, "end") == "end":
            raise KeyboardInterrupt
        (tmp_path / "hplint.toml").write_text('ignore = ["ALL"]\n')

    monkeypatch.setattr("hplint.cli.watch.watch.__defaults__", (change,))
    monkeypatch.chdir(tmp_path / "inside")
    outcome = run("check", "--watch", "--output-format", "concise")
    assert outcome.out.startswith("a.yaml:3:3: ")
    assert outcome.err.splitlines()[-1] == "no findings in 1 config"


def watched(run: Run, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object], *arguments: str) -> list[str]:
    """Return what a watch says of how much is found, before and after a change to the files."""
    waits = 0

    def wait(seconds: float) -> None:
        nonlocal waits
        waits += 1
        if waits == 1:
            change()
        elif waits > 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("hplint.cli.watch.watch.__defaults__", (wait,))
    outcome = run("check", "--watch", "--output-format", "concise", *arguments)
    assert outcome.status == 0
    return [line.partition(" in ")[0] for line in outcome.err.splitlines()]


def test_watch_sees_the_settings_that_are_extended(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    (tmp_path / "hplint.toml").write_text('extend = "base.conf"\n')
    base = tmp_path / "base.conf"
    base.write_text("gitignore = true\n")
    said = watched(run, monkeypatch, lambda: base.write_text('ignore = ["ALL"]\n'))
    assert said == ["1 finding (1 warning)", "no findings"]
    said = watched(run, monkeypatch, lambda: base.write_text("gitignore = tru\n"))
    assert said[0] == "no findings"
    assert said[1].startswith("hplint: base.conf:1: ")
    said = watched(run, monkeypatch, lambda: base.write_text("gitignore = true\n"))
    assert said[0].startswith("hplint: base.conf:1: ")
    assert said[1] == "1 finding (1 warning)"


def test_watch_sees_own_rules_and_baselines(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples" / "own", tmp_path, dirs_exist_ok=True)
    rule = tmp_path / "lint" / "rules" / "ACME001.yaml"
    before = watched(run, monkeypatch, rule.unlink)
    assert len(before) == 2
    assert before[0] != before[1]
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    (tmp_path / "hplint.toml").write_text('baseline = "known.json"\n')
    known = tmp_path / "known.json"
    known.write_text('{"version": 1, "findings": []}')
    said = watched(run, monkeypatch, lambda: known.write_text("{"), "a.yaml")
    assert said[0] == "1 finding (1 warning)"
    assert "is no JSON" in said[1]


def test_watch_sees_the_file_that_a_config_names(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.yaml").write_text(TRAIN)
    (tmp_path / "conf").mkdir()
    other = tmp_path / "conf" / "ds.json"
    other.write_text(DEEPSPEED)
    changed = DEEPSPEED.replace('"lr": 0.001', '"lr": 0.1')
    said = watched(run, monkeypatch, lambda: other.write_text(changed), "train.yaml", "--select", "LR019")
    assert said == ["no findings", "1 finding (1 error)"]
