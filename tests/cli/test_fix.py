"""`hplint check --fix` and `--diff`: what they change, and what they leave alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from running import Run

from hplint import fixing
from hplint.cli import files
from hplint.findings import SAFE, UNSAFE, Finding, Fix
from hplint.formats.recognise import Recognition
from hplint.lint import LINTED, Report
from hplint.records import replace
from hplint.settings import Settings
from hplint.text import Edit, SourceText, Span

TWO_COMMAS = '{\n  "hplint": 1, // why\n  "optimizer": {"name": "adam",},\n}\n'
SAFE_ONLY = '{\n  "hplint": 1, // why\n  "optimizer": {"name": "adam"}\n}\n'
ALL = '{\n  "hplint": 1, \n  "optimizer": {"name": "adam"}\n}\n'


def test_safe_fixes_are_applied(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(TWO_COMMAS)
    outcome = run("check", "a.json", "--fix", "--output-format", "concise")
    assert (tmp_path / "a.json").read_text() == SAFE_ONLY
    assert outcome.status == 1  # the comment is left
    assert outcome.out == "a.json:2:16: error[SYNTAX002] invalid-json: a comment; JSON has none, remove it\n"
    assert outcome.err == ("Fixed 2 findings; 1 finding (1 error) in 1 config; 1 fixable with --fix --unsafe-fixes\n")


def test_unsafe_fixes_are_applied_when_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(TWO_COMMAS)
    outcome = run("check", "a.json", "--fix", "--unsafe-fixes")
    assert (tmp_path / "a.json").read_text() == ALL
    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.err == "Fixed 3 findings; no findings in 1 config\n"
    assert run("check", "a.json", "--fix", "--unsafe-fixes").err == "no findings in 1 config\n"


def test_diff_writes_nothing_and_can_be_applied(run: Run, tmp_path: Path) -> None:
    text = TWO_COMMAS.rstrip("\n")  # no line break at the end: the diff must say so
    (tmp_path / "a.json").write_text(text)
    outcome = run("check", "a.json", "--diff")
    assert outcome.status == 1
    assert outcome.err == "2 fixes in 1 config; nothing was written\n"
    assert (tmp_path / "a.json").read_text() == text
    assert '-  "optimizer": {"name": "adam",},\n' in outcome.out
    if shutil.which("patch"):
        subprocess.run(["patch", "-p0", "-s"], input=outcome.out, text=True, cwd=tmp_path, check=True)
        assert (tmp_path / "a.json").read_text() == SAFE_ONLY.rstrip("\n")
        outcome = run("check", "a.json", "--diff")
        assert (outcome.status, outcome.out) == (0, "")


@pytest.mark.parametrize(
    ("encoding", "mark", "newline"),
    [
        ("utf-8", b"\xef\xbb\xbf", "\n"),
        ("utf-8", b"", "\r\n"),
        ("utf-8", b"", "\r"),
        ("utf-16-le", b"\xff\xfe", "\r\n"),
        ("utf-16-be", b"", "\n"),
    ],
)
def test_encoding_mark_and_line_ends_stay(run: Run, tmp_path: Path, encoding: str, mark: bytes, newline: str) -> None:
    before = TWO_COMMAS.replace("adam", "ädam 😀").replace("\n", newline)
    after = SAFE_ONLY.replace("adam", "ädam 😀").replace("\n", newline)
    (tmp_path / "a.json").write_bytes(mark + before.encode(encoding))
    run("check", "a.json", "--fix")
    assert (tmp_path / "a.json").read_bytes() == mark + after.encode(encoding)


def test_mode_and_link_stay_and_no_other_file_is_left(run: Run, tmp_path: Path) -> None:
    real = tmp_path / "real" / "a.json"
    real.parent.mkdir()
    real.write_text(TWO_COMMAS)
    real.chmod(0o640)
    (tmp_path / "a.json").symlink_to(real)
    run("check", "a.json", "--fix")
    assert real.read_text() == SAFE_ONLY
    assert real.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "a.json").is_symlink()
    assert sorted(os.listdir(real.parent)) == ["a.json"]


def test_a_diff_in_the_log_of_a_ci_system_gives_it_no_commands(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text('{"hplint": 1,\n"optimizer": {"name": "##vso[x] \x1b"},}')
    monkeypatch.setenv("TF_BUILD", "True")
    out = run("check", "a.json", "--diff").out
    assert "##vso[" not in out
    assert "\x1b" not in out


def test_clean_file_is_not_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(ALL)
    before = path.stat()
    assert run("check", "a.json", "--fix").status == 0
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_file_that_changed_meanwhile_is_left_alone(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_text(TWO_COMMAS)
    (tmp_path / "b.json").write_text(TWO_COMMAS)
    read = files.read

    def read_and_change(target: files.Target) -> bytes:
        data = read(target)
        if target.path == "a.json":
            (tmp_path / "a.json").write_text("{}")
        return data

    monkeypatch.setattr(files, "read", read_and_change)
    outcome = run("check", ".", "--fix")
    assert outcome.status == 2
    assert "a.json: it changed while hplint was reading it" in outcome.err
    assert (tmp_path / "a.json").read_text() == "{}"
    assert (tmp_path / "b.json").read_text() == SAFE_ONLY
    assert sorted(os.listdir(tmp_path)) == ["a.json", "b.json"]


def test_folder_that_cannot_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    (tmp_path / "a.json").write_text(TWO_COMMAS)
    outcome = run("check", "a.json", "--fix")
    assert outcome.status == 2
    assert "a.json: it cannot be written: permission denied" in outcome.err
    assert sorted(os.listdir(tmp_path)) == ["a.json"]
    assert (tmp_path / "a.json").read_text() == TWO_COMMAS


def test_standard_input_is_fixed_to_standard_output(run: Run) -> None:
    outcome = run("check", "-", "--fix", "--stdin-filename", "a.json", stdin=TWO_COMMAS.encode())
    assert outcome.out == SAFE_ONLY
    assert "a.json:2:16: error[SYNTAX002]" in outcome.err
    for text in ("hplint: 1\n", "no: config\n", "a: [broken\n", "caf\x00\n"):
        assert run("check", "-", "--fix", stdin=text.encode()).out == text


def test_archives_are_not_written(run: Run, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.keras", "w") as archive:
        archive.writestr("config.json", '{"class_name": "Sequential", "config": {"layers": [],}}')
    before = (tmp_path / "a.keras").read_bytes()
    outcome = run("check", "a.keras", "--fix", "--output-format", "concise")
    assert outcome.out.startswith("a.keras:1:")
    assert "a.keras: 1 fix not applied; hplint does not write into archives" in outcome.err
    assert (tmp_path / "a.keras").read_bytes() == before


def report_with(text: str, fixes: list[Fix]) -> Report:
    """Return a report on `text` with one finding for each of `fixes`."""
    findings = [Finding("ABC001", "x", "error", "high", "wrong", fix.edits[0].span, fixes=(fix,)) for fix in fixes]
    return Report("a.yaml", LINTED, Recognition("hplint", "high", ""), tuple(findings), SourceText(text))


def edit(start: int, end: int, text: str) -> Edit:
    return Edit(Span(start, end), text)


@pytest.fixture
def lint_as(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Fix]]:
    """Return a table from texts to the fixes of the findings that linting them gives."""
    table: dict[str, list[Fix]] = {}
    monkeypatch.setattr(fixing, "lint", lambda source, *_, **__: report_with(source.text, table.get(source.text, [])))
    return table


def test_fixes_that_overlap_take_turns(lint_as: dict[str, list[Fix]]) -> None:
    first = Fix("", SAFE, (edit(0, 2, "xx"),))
    second = Fix("", SAFE, (edit(1, 3, "yy"),))
    third = Fix("", SAFE, (edit(3, 4, "z"),))
    lint_as["xxcz"] = [second]
    fixed = fixing.fix(report_with("abcd", [first, second, third]), "a.yaml", Settings(), False)
    assert (fixed.report.source.text, fixed.count) == ("xyyz", 3)


def test_fixes_that_undo_each_other_come_to_an_end(lint_as: dict[str, list[Fix]]) -> None:
    lint_as["a"] = [Fix("", SAFE, (edit(0, 1, "b"),))]
    lint_as["b"] = [Fix("", SAFE, (edit(0, 1, "a"),))]
    fixed = fixing.fix(report_with("a", lint_as["a"]), "a.yaml", Settings(), False)
    assert (fixed.report.source.text, fixed.count) == ("b", 1)


def test_fixes_that_never_rest_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def grow(source: SourceText, *_: object, **__: object) -> Report:
        return report_with(source.text, [Fix("", SAFE, (edit(0, 0, "a"),))])

    monkeypatch.setattr(fixing, "lint", grow)
    fixed = fixing.fix(grow(SourceText("")), "a.yaml", Settings(), False)
    assert fixed.count == fixing.MAX_ROUNDS


def test_fixes_that_do_harm_together_cost_no_lint_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every second fix spoiling the text, groups of ever smaller size are tried, and not a thousand one by one."""
    linted: list[str] = []

    def lint(source: SourceText, *_: object, **__: object) -> Report:
        linted.append(source.text)
        return replace(report_with(source.text, []), recognition=Recognition(None, "low", ""))

    monkeypatch.setattr(fixing, "lint", lint)
    text = "a" * 1_000
    report = report_with(text, [Fix("x", SAFE, (edit(at, at + 1, "b"),)) for at in range(len(text))])
    fixing.fix(report, "a.yaml", Settings(), with_unsafe=False)
    assert len(linted) == fixing.MAX_ATTEMPTS


def test_unsafe_fix_is_not_taken_for_a_safe_one(lint_as: dict[str, list[Fix]]) -> None:
    unsafe = Fix("", UNSAFE, (edit(0, 1, "b"),))
    assert fixing.fix(report_with("a", [unsafe]), "a.yaml", Settings(), False).count == 0
    assert fixing.fix(report_with("a", [unsafe]), "a.yaml", Settings(), True).report.source.text == "b"


def test_fix_that_breaks_the_text_is_not_applied() -> None:
    from hplint.lint import lint

    text = "hplint: 1\noptimizer: {name: adam}\n"
    report = lint(text, "a.yaml")
    harmful = Fix("", SAFE, (edit(len(text) - 2, len(text) - 1, ""),))
    harmless = Fix("", SAFE, (edit(28, 32, "sgd"),))
    both = report_with(text, [harmless, harmful])
    from hplint.records import replace

    fixed = fixing.fix(replace(report, findings=both.findings), "a.yaml", Settings(), False)
    assert (fixed.report.source.text, fixed.count) == ("hplint: 1\noptimizer: {name: sgd}\n", 1)


def test_read_only_file_is_left_alone(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("hplint: 1\noptimizer:\n  learning_rte: 0.1\n")
    path.chmod(0o444)
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK)  # root may write all files
    outcome = run("check", "--fix", "--unsafe-fixes")
    assert (outcome.status, path.read_text()) == (2, "hplint: 1\noptimizer:\n  learning_rte: 0.1\n")
    assert "a.yaml: it cannot be written: it is read-only" in outcome.err
    assert [found.name for found in tmp_path.iterdir() if found.name != ".cache"] == ["a.yaml"]
