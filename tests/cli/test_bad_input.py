"""Whatever stands in a file: one clear finding or message, no traceback, no hang, and the other files are linted."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import Outcome, Run

NEIGHBOUR = "hplint: 1\noptimizer:\n  zzzzzz: adam\n"
HEAD = b"hplint: 1\n"
DEEP = 100_000
SECONDS = 20


def alias_bomb() -> bytes:
    """Return ten lines that stand for 10^10 values."""
    lines = ["hplint: 1", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines).encode()


def big_yaml() -> bytes:
    return HEAD + b"data:\n" + b"".join(b"  key%07d: [1, 2, 3]\n" % n for n in range(400_000))


BAD = {
    "broken.yaml": (HEAD + b"optimizer: {name: adam\n", "error[SYNTAX001]"),
    "broken.json": (b'{"hplint": 1, "optimizer": ', "error[SYNTAX002]"),
    "broken.toml": (b"hplint = 1\noptimizer = \n", "error[SYNTAX003]"),
    "quote.yaml": (HEAD + b'optimizer: "adam\n', "error[SYNTAX001]"),
    "empty.json": (b"", "error[SYNTAX002]"),
    "yaml_called.json": (b"hplint: 1\noptimizer: adam\n", "error[SYNTAX002]"),
    "binary.yaml": (bytes(range(256)) * 10, "error[SYNTAX00"),
    "png.json": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe", "error[SYNTAX00"),
    "zeros.toml": (b"\x00" * 1001, "error[SYNTAX00"),
    "latin1.yaml": (HEAD + "optimizer: café\n".encode("latin-1"), "error[SYNTAX004]"),
    "half_utf16.yaml": ("hplint: 1\n".encode("utf-16") + b"\x00", "error[SYNTAX004]"),
    "10mb.yaml": (big_yaml(), "error[SYNTAX005]"),
    "10mb.json": (b'{"hplint": 1, "a": [' + b"1, " * 3_500_000 + b"1]}", "error[SYNTAX005]"),
    "deep.yaml": (HEAD + b"a: " + b"[" * DEEP + b"]" * DEEP, "error[SYNTAX006]"),
    "deep_lines.yaml": (HEAD + b"".join(b" " * n + b"a:\n" for n in range(2_000)), "error[SYNTAX006]"),
    "deep.json": (b'{"hplint": 1, "a": ' + b"[" * DEEP + b"]" * DEEP + b"}", "error[SYNTAX006]"),
    "deep_open.json": (b'{"hplint": ' + b'{"a":' * DEEP, "error[SYNTAX006]"),
    "deep.toml": (b"hplint = 1\na = " + b"[" * DEEP + b"]" * DEEP, "error[SYNTAX006]"),
    "bomb.yaml": (alias_bomb(), "error[SYNTAX007]"),
    "self.yaml": (HEAD + b"data: &all\n  again: *all\n", "error[SYNTAX008]"),
    "no_anchor.yaml": (HEAD + b"data: *nowhere\n", "error[SYNTAX001]"),
    "documents.yaml": (HEAD + b"---\nhplint: 1\n", "error[SYNTAX009]"),
    "duplicate.yaml": (HEAD + b"optimizer:\n  name: adam\n  name: sgd\n", "[YAML"),
    "duplicate.json": (b'{"hplint": 1, "optimizer": {"name": "adam", "name": "sgd"}}', "[YAML"),
    "nul.yaml": (HEAD + b"optimizer: a\x00b\n", "error[SYNTAX001]"),
    "tab.yaml": (HEAD + b"optimizer:\n\tname: adam\n", "error["),
    "list_key.yaml": (HEAD + b"? [a, b]\n: 1\n", "error[SYNTAX001]"),
    "comment.json": (b'{"hplint": 1, "seed": 1 /* why */', "error[SYNTAX002]"),
    "huge_number.json": (b'{"hplint": 1, "seed": ' + b"9" * 10_000 + b"}", "error["),
}
"""File name -> its content, and what the line about it says."""


def check(run: Run, *arguments: str) -> Outcome:
    start = time.monotonic()
    outcome = run("check", "--output-format", "concise", *arguments)
    assert time.monotonic() - start < SECONDS
    assert "Traceback" not in outcome.out + outcome.err
    assert "defect of hplint" not in outcome.err
    return outcome


@pytest.mark.parametrize("name", BAD)
def test_bad_file_gives_findings_with_a_line(run: Run, tmp_path: Path, name: str) -> None:
    content, said = BAD[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z_neighbour.yaml").write_text(NEIGHBOUR)
    outcome = check(run, ".")
    about = [line for line in outcome.out.splitlines() if line.startswith(f"{name}:")]
    assert outcome.status in (1, 2)
    assert any(said in line for line in about), outcome
    assert all(line.split(":")[1].isdigit() and line.split(":")[2].isdigit() for line in about)
    assert len([line for line in about if "[SYNTAX" in line]) <= 3
    assert "z_neighbour.yaml:3:3: warning[SCHEMA001]" in outcome.out


@pytest.mark.parametrize("name", ["latin1.yaml", "10mb.yaml"])
def test_file_that_is_not_read_gives_2(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BAD[name][0])
    assert check(run, ".").status == 2


@pytest.mark.parametrize("fix", ["--fix", "--diff"])
def test_fixing_bad_files_does_no_harm(run: Run, tmp_path: Path, fix: str) -> None:
    for name, (content, _) in BAD.items():
        if len(content) < 100_000:
            (tmp_path / name).write_bytes(content)
    check(run, ".", fix, "--unsafe-fixes")
    assert (tmp_path / "latin1.yaml").read_bytes() == BAD["latin1.yaml"][0]
    assert (tmp_path / "binary.yaml").read_bytes() == BAD["binary.yaml"][0]


READABLE = {
    "bom.yaml": b"\xef\xbb\xbf" + NEIGHBOUR.encode(),
    "crlf.yaml": NEIGHBOUR.replace("\n", "\r\n").encode(),
    "cr.yaml": NEIGHBOUR.replace("\n", "\r").encode(),
    "utf16.yaml": NEIGHBOUR.encode("utf-16"),
    "utf16le.yaml": NEIGHBOUR.encode("utf-16-le"),
    "utf16be.yaml": NEIGHBOUR.encode("utf-16-be"),
    "utf32.yaml": NEIGHBOUR.encode("utf-32"),
}


@pytest.mark.parametrize("name", READABLE)
def test_odd_but_readable_text_is_linted_in_the_right_place(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(READABLE[name])
    outcome = check(run, name)
    assert outcome.status == 1
    assert outcome.out.startswith(f"{name}:3:3: warning[SCHEMA001]")
    assert len(outcome.out.splitlines()) == 1


@pytest.mark.parametrize("odd", ["\x85", "\u2028", "\u2029", "\U0001f600", "e\u0301"])
def test_characters_that_others_take_for_line_breaks(run: Run, tmp_path: Path, odd: str) -> None:
    text = f'hplint: 1\n# a{odd}# b\nname: "x{odd}y"\noptimizer: {{zzzzzz: adam}}\n'
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    outcome = check(run, "a.yaml")
    assert any(line.startswith("a.yaml:4:13: warning[SCHEMA001]") for line in outcome.out.splitlines()), outcome


def test_empty_yaml_and_toml_are_no_configs(run: Run, tmp_path: Path) -> None:
    for name in ("a.yaml", "b.toml", "c.yml"):
        (tmp_path / name).write_bytes(b"\n" if name == "c.yml" else b"")
    assert check(run, ".").status == 0
    assert check(run, "a.yaml").err.startswith("a.yaml: no training config: ")


def test_file_that_may_not_be_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(NEIGHBOUR)
    (tmp_path / "b.yaml").write_text(NEIGHBOUR)
    (tmp_path / "a.yaml").chmod(0)
    if os.geteuid() == 0:  # who may read everything needs the refusal made
        from hplint.cli import files

        def refusing(path: str, mode: str) -> object:
            if path == "a.yaml":
                raise PermissionError(13, "Permission denied")
            return open(path, mode)

        monkeypatch.setattr(files, "open", refusing, raising=False)
    outcome = check(run, ".")
    assert outcome.status == 2
    assert outcome.err.startswith("a.yaml: it cannot be read: permission denied\n")
    assert outcome.out.startswith("b.yaml:3:3: ")


def test_folder_that_may_not_be_listed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "b.yaml").write_text(NEIGHBOUR)
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    outcome = check(run, ".")
    assert outcome.status == 2
    assert "locked: the folder cannot be listed: permission denied\n" in outcome.err
    assert outcome.out.startswith("b.yaml:3:3: ")


def test_named_folder_with_the_name_of_a_config(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    (tmp_path / "a.yaml" / "b.yaml").write_text(NEIGHBOUR)
    assert check(run, "a.yaml").out.startswith("a.yaml/b.yaml:3:3: ")


def test_pipe_is_not_opened(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    assert check(run, ".").status == 0
    outcome = check(run, "a.yaml")
    assert outcome.status == 2
    assert outcome.err.startswith("a.yaml: it is no regular file; ")


def test_loops_of_links(run: Run, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    (tmp_path / "gone.yaml").symlink_to("nothing.yaml")
    (tmp_path / "z.yaml").write_text(NEIGHBOUR)
    outcome = check(run, ".")
    assert outcome.status == 2
    assert "self.yaml: it cannot be read: too many levels of symbolic links\n" in outcome.err
    assert "gone.yaml: it cannot be read: no such file or directory\n" in outcome.err
    assert len(outcome.out.splitlines()) == 1


def test_very_large_file_is_not_read(run: Run, tmp_path: Path) -> None:
    with open(tmp_path / "a.json", "wb") as file:
        file.truncate(3_000_000_000)
    outcome = check(run, ".")
    assert outcome.status == 2
    assert outcome.err.startswith("a.json: it has 3,000 MB; hplint reads configs of up to ")


def test_name_with_control_characters(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\n.yaml").write_text(NEIGHBOUR)
    outcome = check(run, ".")
    assert outcome.out.startswith("a\\x1b[31m\\n.yaml:3:3: ")


def test_archive_that_is_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.keras").write_bytes(b"PK\x03\x04 no archive")
    outcome = check(run, ".")
    assert outcome.status == 2
    assert outcome.err.startswith("a.keras: ")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("{hplint} check a.yaml >/dev/full", "hplint: cannot go on: No space left on device"),
        ("{hplint} check a.yaml --output-format sarif >/dev/full", "hplint: cannot go on: No space left on device"),
        ("{hplint} check a.yaml >&-", ""),
        ("{hplint} check a.yaml 2>&-", ""),
        ("{hplint} check - <&-", "-: standard input is closed"),
        ("{hplint} explain - <&-", "hplint: -: standard input is closed"),
        ("mkdir gone && cd gone && rmdir ../gone && {hplint} check", "hplint: cannot go on: No such file or directory"),
        ("{hplint} ignore a.yaml --reason $(printf 'a\\033')", "--reason: characters that can be printed only"),
        ("{hplint} baseline --output .", "--output: . is a folder"),
        ("{hplint} check a.yaml --output-file .", ". cannot be written: is a directory"),
    ],
)
def test_a_hostile_environment_gives_a_message(tmp_path: Path, command: str, said: str) -> None:
    (tmp_path / "a.yaml").write_text(NEIGHBOUR)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        ["bash", "-c", command.format(hplint=f"{sys.executable} -m hplint")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root), "HPLINT_CACHE_DIR": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == (2 if said else 1), done.stderr
    assert said in done.stderr


def test_defect_of_hplint_is_told_and_is_no_finding(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arguments: object) -> int:
        raise KeyError("rule")

    monkeypatch.setattr("hplint.cli.tree.run", fail)
    outcome = run("tree")
    assert outcome.status == 2
    assert outcome.err.startswith("hplint: failed, which is a defect of hplint, please report it: KeyError: 'rule' (")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("digits", [309, 400, 4_300, 4_301, 50_000])
def test_numbers_without_end_are_findings(run: Run, tmp_path: Path, digits: int) -> None:
    number = "9" * digits
    (tmp_path / "a.yaml").write_text(
        f"hplint: 1\nbatch: {{size: {number}}}\noptimizer: {{name: sgd, learning_rate: {number}}}\n"
        f"model:\n  layers: [{{type: dense, units: {number}}}, {{type: dense, units: 0x{number}}}]\n"
    )
    (tmp_path / "b.json").write_text(f'{{"hplint": 1, "batch": {{"size": {number}}}, "seed": -{number}}}')
    (tmp_path / "c.toml").write_text(f"hplint = 1\nseed = {number}\n")
    found = run("check", ".", "--no-cache")
    assert found.status == 1
    assert "defect" not in found.err + found.out


def test_layers_of_all_numbers_there_are_tell_no_size(run: Run, tmp_path: Path) -> None:
    layers = [f"    - {{type: dense, units: {10**307}}}" for _ in range(20)]
    inputs = "inputs: [{name: x, shape: [20], scaling: standard}]"
    (tmp_path / "a.yaml").write_text("\n".join(["hplint: 1", inputs, "model:", "  layers:", *layers]) + "\n")
    assert "defect" not in run("check", ".", "--no-cache").err
    assert "defect" not in run("explain", "a.yaml").err
