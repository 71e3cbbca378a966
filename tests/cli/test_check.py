"""`hplint check`: which files it looks at, what it says, and its exit status."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from running import Run

from hplint.cli.main import COMMANDS
from hplint.lint import Report, lint
from hplint.settings import Settings

CLEAN = "hplint: 1\ntask:\n  kind: regression\n"
UNKNOWN_KEY = "hplint: 1\noptimizer:\n  zzzzzz: adam\n"
BROKEN = "hplint: 1\noptimizer: {name: adam\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_clean_config_gives_0(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": CLEAN})
    outcome = run("check", "a.yaml")
    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.err == "no findings in 1 config\n"


def test_warning_gives_1(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": UNKNOWN_KEY})
    outcome = run("check", "a.yaml", "--output-format", "concise")
    assert outcome.status == 1
    assert outcome.out == ("a.yaml:3:3: warning[SCHEMA001] undefined-key: `zzzzzz` is not a key of `optimizer`\n")
    assert outcome.err == "1 finding (1 warning) in 1 config\n"


def test_advice_alone_gives_0(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hplint import knowledge
    from hplint.records import replace

    as_advice = tuple(replace(rule, severity="info") for rule in knowledge.rules())
    monkeypatch.setattr(knowledge, "rules", lambda: as_advice)
    write(tmp_path, {"a.yaml": UNKNOWN_KEY})
    outcome = run("check", "a.yaml", "--output-format", "concise")
    assert outcome.status == 0
    assert "info[SCHEMA001]" in outcome.out
    assert outcome.err.startswith("1 finding (1 info) in 1 config")


def test_broken_config_gives_1_and_others_are_linted(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": BROKEN, "b.yaml": UNKNOWN_KEY})
    outcome = run("check", ".", "--output-format", "concise")
    assert outcome.status == 1
    assert [line.split(":")[0] for line in outcome.out.splitlines()] == ["a.yaml", "b.yaml"]


def test_missing_file_gives_2_and_others_are_linted(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"b.yaml": UNKNOWN_KEY})
    outcome = run("check", "a.yaml", "b.yaml", "--output-format", "concise")
    assert outcome.status == 2
    assert outcome.err.startswith("a.yaml: it cannot be read: no such file or directory\n")
    assert outcome.err.endswith("; 1 file could not be read or written\n")
    assert outcome.out.startswith("b.yaml:3:3: ")


def test_unread_file_never_gives_0(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xff caf\xe9")
    assert run("check", "a.yaml").status == 2
    assert run("check", "a.yaml", "--ignore", "SYNTAX").status == 2
    write(tmp_path, {"a.yaml": "nothing: [known\n"})
    assert run("check", "a.yaml").status == 1
    assert run("check", "a.yaml", "--ignore", "SYNTAX").status == 2


def test_folder_is_searched_in_order_without_foreign_folders(run: Run, tmp_path: Path) -> None:
    looked_at = ["a.yaml", "b/c.yml", "b/d.json", "e.toml"]
    left_alone = [
        ".git/a.yaml", "node_modules/a.yaml", ".venv/a.yaml", "venv/a.yaml", "b/__pycache__/a.yaml", ".tox/a.yaml",
        "dist/a.yaml", "build/a.yaml", "lib/site-packages/a.yaml", ".hidden/a.yaml", "a.txt", "Makefile",
    ]  # fmt: skip
    broken = {".json": "{]", ".toml": "= 1\n", ".txt": "{]", "": "{]"}
    write(tmp_path, {name: broken.get(os.path.splitext(name)[1], BROKEN) for name in looked_at + left_alone})
    outcome = run("check", "--output-format", "concise")
    assert list(dict.fromkeys(line.split(":")[0] for line in outcome.out.splitlines())) == looked_at
    assert run("check", ".hidden", "--output-format", "concise").out.startswith(".hidden/a.yaml:")


def test_file_given_twice_is_linted_once(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": UNKNOWN_KEY})
    outcome = run("check", "a.yaml", "./a.yaml", ".", "--output-format", "concise")
    assert len(outcome.out.splitlines()) == 1


def test_other_files_are_skipped_silently_unless_named(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"package.json": '{"name": "x", "version": "1"}'})
    outcome = run("check", ".")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "no training configs found\n")
    outcome = run("check", "package.json")
    assert outcome.status == 0
    assert outcome.err.startswith("package.json: no training config: ")


def test_select_and_ignore(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": UNKNOWN_KEY})
    assert run("check", "a.yaml", "--select", "SCHEMA").status == 1
    assert run("check", "a.yaml", "--select=undefined-key").status == 1
    assert run("check", "a.yaml", "--select", "SYNTAX,SCHEMA002").status == 0
    assert run("check", "a.yaml", "--select", "ALL", "--ignore", "SCHEMA001").out.count("SCHEMA001") == 0
    assert run("check", "a.yaml", "--ignore", "undefined-key", "--ignore", "SYNTAX").status == 0


def test_command_line_beats_settings(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": UNKNOWN_KEY, "hplint.toml": 'ignore = ["SCHEMA001"]\n'})
    assert run("check", "a.yaml").status == 0
    assert run("check", "a.yaml", "--ignore", "SYNTAX").status == 1


def test_nearest_settings_count(run: Run, tmp_path: Path) -> None:
    settings = {
        "pyproject.toml": '[tool.hplint]\nignore = ["SCHEMA001"]\n',
        "near/hplint.toml": "",
        "a.yaml": UNKNOWN_KEY,
    }
    write(
        tmp_path, {**settings, "near/a.yaml": UNKNOWN_KEY, "near/below/a.yaml": UNKNOWN_KEY, "far/a.yaml": UNKNOWN_KEY}
    )
    outcome = run("check", "--output-format", "concise")
    assert [line.split(":")[0] for line in outcome.out.splitlines()] == ["near/a.yaml", "near/below/a.yaml"]


def test_excluded_files_are_linted_only_when_named(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"old/a.yaml": UNKNOWN_KEY, "hplint.toml": 'exclude = ["old/**"]\n'})
    assert run("check", ".").status == 0
    assert run("check", "old/a.yaml").status == 1


def test_bad_settings_give_2(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": CLEAN, "hplint.toml": 'selct = ["ACT"]\n'})
    outcome = run("check", "a.yaml")
    assert outcome.status == 2
    assert "hplint.toml:1: `selct` is not a setting of hplint; did you mean `select`?" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "commands:"),
        (("chekc",), "did you mean `hplint check`?"),
        (("a.yaml",), "did you mean `hplint check a.yaml`?"),
        (("nothing",), "`hplint --help` describes them"),
        (("check", "--selct", "ACT"), "there is no option --selct; did you mean --select?"),
        (("check", "--select"), "--select needs a value"),
        (("check", "--select", "NOPE"), "--select: `NOPE` names no rule"),
        (("check", "--fix=yes"), "--fix takes no value"),
        (("check", "--output-format", "xml"), "`xml` is none of full, concise, grouped, json,"),
        (("check", "--format", "nope"), "`nope` is no format; known are hplint"),
        (("check", "--unsafe-fixes"), "--unsafe-fixes needs --fix or --diff"),
        (("check", "--fix", "--diff"), "choose one of them"),
        (("rule", "NOPE"), "`NOPE` is no rule"),
        (("rule", "sintax001"), "did you mean `SYNTAX001`?"),
    ],
)
def test_bad_usage_gives_2(run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    write(tmp_path, {"a.yaml": CLEAN})
    outcome = run(*arguments)
    assert outcome.status == 2
    assert said in outcome.err + outcome.out


def test_stdin(run: Run) -> None:
    outcome = run(
        "check", "-", "--stdin-filename", "conf/a.yaml", "--output-format", "concise", stdin=UNKNOWN_KEY.encode()
    )
    assert outcome.status == 1
    assert outcome.out.startswith("conf/a.yaml:3:3: warning[SCHEMA001]")
    outcome = run("check", "-", "--output-format", "concise", stdin=b'{"hplint": 1, "optimizer": {"zzzzzz": "adam"}}')
    assert outcome.out.startswith("-:1:29: warning[SCHEMA001]")


def test_format_can_be_given(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "zzzzzz: x\n"})
    assert run("check", "a.yaml").status == 0
    assert run("check", "a.yaml", "--format", "hplint").status == 1


def test_defect_in_one_file_does_not_stop_the_others(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hplint.cli import linting

    def fail_on_a(source: bytes, path: str, settings: Settings, **others: Any) -> Report:
        if path == "a.yaml":
            raise KeyError("units")
        return lint(source, path, settings, **others)

    monkeypatch.setattr(linting, "lint", fail_on_a)
    write(tmp_path, {"a.yaml": CLEAN, "b.yaml": UNKNOWN_KEY})
    outcome = run("check", ".", "--output-format", "concise")
    assert outcome.status == 2
    said = "a.yaml: hplint failed on it, which is a defect of hplint, please report it: KeyError: 'units' ("
    assert outcome.err.startswith(said)
    assert outcome.out.startswith("b.yaml:3:3: ")


def test_help_and_version(run: Run) -> None:
    import hplint

    assert run("--version").out == f"hplint {hplint.__version__}\n"
    top = run("--help")
    assert top.status == 0
    for command in COMMANDS:
        assert f"\n  {command} " in top.out
        page = run(command, "--help")
        assert page.status == 0
        assert page.out.startswith(f"usage: hplint {command} ")
        assert "exit status:" in page.out
        assert max(map(len, page.out.splitlines())) <= 110


def test_pipe_that_closes_early(tmp_path: Path) -> None:
    import subprocess
    import sys

    write(tmp_path, {f"{number}.yaml": BROKEN for number in range(300)})
    command = f"{sys.executable} -m hplint check . | head -n 1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("0.yaml:")
    assert "Traceback" not in done.stderr


def test_archive_is_read_without_its_weights(run: Run, tmp_path: Path) -> None:
    config = '{"module": "keras", "class_name": "Sequential", "config": {"layers": [}}'
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("model.weights.h5", bytes(1000))
        archive.writestr("config.json", config)
    outcome = run("check", ".", "--output-format", "concise")
    assert outcome.status == 1
    assert outcome.out.startswith(f"model.keras:1:{config.index('}}') + 1}: error[SYNTAX002]")
