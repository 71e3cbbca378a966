"""Runs over many files: the same outcome from any number of processes and any cache; progress, Ctrl-C, odd files."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import Run

from hplint.cli import linting
from hplint.cli.progress import Progress
from hplint.lint import lint

ROOT = Path(__file__).parent.parent.parent
UNKNOWN_KEY = "hplint: 1\noptimizer:\n  zzzzzz: adam\n  yyyyyy: 1\n"
TEXTS = (
    UNKNOWN_KEY,
    "hplint: 1\ntask: {kind: regression}\n",
    "hplint: 1\noptimizer: {name: adam\n",
    "hplint: 1\noptimizer:\n  zzzzzz: 1  # hplint: ignore[SCHEMA001] ours\n",
    "x: 1\n",
    "input_features: [{name: a, type: number}]\noutput_features: [{name: b, type: number}]\ntrainer: {epocs: 1}\n",
)


def fill(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / f"{number:04}.yaml").write_text(TEXTS[number % len(TEXTS)])


def hplint(folder: Path, *arguments: str, seed: int = 0, cache: str = "") -> tuple[int, str, str]:
    """Return what a run in a process of its own gives."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed), "HPLINT_CACHE_DIR": cache}
    command = [sys.executable, "-m", "hplint", "check", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", ["concise", "sarif"])
def test_the_outcome_depends_on_nothing_but_the_files(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 3 * linting.MIN_PER_PROCESS)
    cache = str(tmp_path_factory.mktemp("cache"))
    shown = ("--output-format", name)
    expected = hplint(tmp_path, *shown, "--jobs", "1")
    assert expected[0] == 1
    assert hplint(tmp_path, *shown, "--jobs", "2", seed=1) == expected
    assert hplint(tmp_path, *shown, "--jobs", "2", seed=2, cache=cache) == expected  # fills the cache
    assert hplint(tmp_path, *shown, "--jobs", "1", seed=3, cache=cache) == expected
    assert hplint(tmp_path, *shown, "--jobs", "2", seed=4, cache=cache) == expected


def test_fixes_are_the_same_from_several_processes(tmp_path: Path) -> None:
    count = 2 * linting.MIN_PER_PROCESS
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for number in range(count):
            (tmp_path / folder / f"{number:04}.json").write_text('{"hplint": 1, "optimizer": {"name": "adam",},}\r\n')
    one = hplint(tmp_path / "one", "--fix", "--jobs", "1")
    assert hplint(tmp_path / "two", "--fix", "--jobs", "2") == one
    for number in range(count):
        assert (
            tmp_path / "two" / f"{number:04}.json"
        ).read_bytes() == b'{"hplint": 1, "optimizer": {"name": "adam"}}\r\n'


def test_a_process_that_dies_takes_no_other_file_with_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 2 * linting.MIN_PER_PROCESS
    fill(tmp_path, count)
    monkeypatch.setattr(linting, "default_jobs", lambda: 2)
    monkeypatch.setattr("hplint.cli.check.default_jobs", lambda: 2)
    expected = run("check", "--jobs", "1", "--no-cache", "--output-format", "concise").out.splitlines()
    here = os.getpid()

    def die_on_one(data: bytes, path: str, *arguments: object, **others: object) -> object:
        if path == "0007.yaml" and os.getpid() != here:
            os._exit(1)
        return lint(data, path, *arguments, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(linting, "lint", die_on_one)
    outcome = run("check", "--jobs", "2", "--no-cache", "--output-format", "concise")
    assert outcome.status == 2
    assert outcome.err.startswith("0007.yaml: hplint failed on it, which is a defect of hplint, please report it\n")
    assert outcome.out.splitlines() == [line for line in expected if not line.startswith("0007.yaml")]


# -- the cache -----------------------------------------------------------------------------------------------------


def test_an_unchanged_file_is_not_linted_again(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    first = run("check")

    def fail(*arguments: object, **others: object) -> None:
        raise AssertionError("it must not be linted")

    monkeypatch.setattr(linting, "lint", fail)
    assert run("check") == first
    assert "must not be linted" in run("check", "--no-cache").err
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY + "\n")
    assert "must not be linted" in run("check").err


def test_the_cache_knows_settings_and_paths_apart(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    assert run("check").status == 1
    assert run("check", "--ignore", "SCHEMA").status == 0
    (tmp_path / "hplint.toml").write_text('per-file-ignores = {"b.yaml" = ["SCHEMA"]}\n')
    (tmp_path / "b.yaml").write_text(UNKNOWN_KEY)
    outcome = run("check", "--output-format", "concise")
    assert [line.split(":")[0] for line in outcome.out.splitlines()] == ["a.yaml", "a.yaml"]
    assert run("check", "--output-format", "concise") == outcome


def test_another_hplint_has_another_cache(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hplint.cli import cache

    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    run("check")
    before = cache.open_cache()
    assert cache.open_cache() == before
    with monkeypatch.context() as patch:
        patch.setattr(cache, "__version__", "99")
        assert cache.open_cache() != before
    trace = cache._trace_of
    monkeypatch.setattr(cache, "_trace_of", lambda path: (1, 1) if path.endswith("rules.py") else trace(path))
    assert cache.open_cache() != before


def test_runs_at_the_same_time_share_a_cache(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    fill(tmp_path, 60)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HPLINT_CACHE_DIR": str(tmp_path_factory.mktemp("cache"))}
    command = [sys.executable, "-m", "hplint", "check", "--output-format", "concise"]
    runs = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    outcomes = {run.communicate() for run in runs}
    expected = hplint(tmp_path, "--output-format", "concise")
    assert outcomes == {(expected[1].encode(), expected[2].encode())}


def test_the_cache_of_somebody_else_is_not_believed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hplint.cli import cache

    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    run("check")
    assert cache.open_cache() is not None
    somebody = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody)
    assert cache.open_cache() is None


def test_a_broken_cache_does_no_harm(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    first = run("check")
    for entry in (tmp_path / ".cache").rglob("*"):
        if entry.is_file():
            entry.write_bytes(entry.read_bytes()[:-7])
    assert run("check") == first
    for entry in (tmp_path / ".cache").rglob("*"):
        if entry.is_file():
            entry.write_bytes(b"")
    assert run("check") == first


def test_what_a_file_that_is_gone_gave_is_not_remembered(run: Run, tmp_path: Path) -> None:
    config = "hplint: 1\n"
    (tmp_path / "ds.json").write_text('{"train_batch_size": 8, "zero_optimization": {"stage": 2}}')
    (tmp_path / "a.yaml").write_text(config + "deepspeed: ds.json\n")
    before = run("check", "--select", "ALL")
    (tmp_path / "ds.json").unlink()
    without = run("check", "--select", "ALL")
    assert run("check", "--select", "ALL", "--no-cache").out == without.out
    assert before.status in (0, 1)


def test_no_place_for_a_cache_does_no_harm(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    for place in ("", "/proc/nowhere", str(tmp_path / "a.yaml")):
        monkeypatch.setenv("HPLINT_CACHE_DIR", place)
        assert run("check").status == 1


# -- files that are odd --------------------------------------------------------------------------------------------


def test_links_and_loops_are_survived(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.yaml").write_text(UNKNOWN_KEY)
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self.yaml").symlink_to(tmp_path / "in" / "self.yaml")
    (tmp_path / "in" / "again.yaml").symlink_to("a.yaml")
    os.link(tmp_path / "in" / "a.yaml", tmp_path / "in" / "hard.yaml")
    (tmp_path / "outside.yaml").write_text(UNKNOWN_KEY)
    (tmp_path / "in" / "out.yaml").symlink_to(tmp_path / "outside.yaml")
    outcome = run("check", "in", "--output-format", "concise")
    assert {line.split(":")[0] for line in outcome.out.splitlines()} == {"in/a.yaml"}
    assert run("check", "in/out.yaml", "--output-format", "concise").out.startswith("in/out.yaml:")


def test_special_files_are_refused(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert run("check").status == 0
    for path in ("pipe.yaml", "/dev/zero"):
        outcome = run("check", path)
        assert outcome.status == 2
        assert "it is no regular file" in outcome.err


def test_what_git_ignores_is_left_alone(run: Run, tmp_path: Path) -> None:
    for name in ("a.yaml", "old.yaml", "keep/b.yaml", "keep/old.yaml", "gone/c.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(UNKNOWN_KEY)
    (tmp_path / ".gitignore").write_text("old.yaml\n/gone/\n!/keep/old.yaml\n")

    def found(*arguments: str) -> list[str]:
        out = run("check", "--output-format", "concise", *arguments).out
        return list(dict.fromkeys(line.split(":")[0] for line in out.splitlines()))

    assert "old.yaml" in found()  # no repository, no ignoring
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert found() == ["a.yaml", "keep/b.yaml", "keep/old.yaml"]
    assert found("keep") == ["keep/b.yaml", "keep/old.yaml"]
    assert found("old.yaml") == ["old.yaml"]
    assert len(found("--no-gitignore")) == 5
    (tmp_path / "hplint.toml").write_text("gitignore = false\n")
    assert len(found()) == 5


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_only_what_has_changed_or_is_staged(run: Run, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        (tmp_path / name).write_text(UNKNOWN_KEY)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "x")

    def found(*arguments: str) -> list[str]:
        out = run("check", "--output-format", "concise", *arguments).out
        return list(dict.fromkeys(line.split(":")[0] for line in out.splitlines()))

    assert found("--changed") == found("--staged") == []
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY + "\n")
    (tmp_path / "new.yaml").write_text(UNKNOWN_KEY)
    (tmp_path / "c.yaml").unlink()
    assert found("--changed") == ["a.yaml", "new.yaml"]
    git(tmp_path, "add", "a.yaml")
    assert found("--staged") == ["a.yaml"]
    git(tmp_path, "checkout", "-qb", "topic")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "y")
    assert found("--changed") == []
    assert found("--changed=main") == ["a.yaml", "new.yaml"]
    assert found("--changed=main", "new.yaml") == ["new.yaml"]
    outcome = run("check", "--changed=nowhere")
    assert (outcome.status, outcome.out) == (2, "")
    assert "--changed: `nowhere` is no branch, tag or commit here" in outcome.err
    git(tmp_path, "checkout", "--quiet", "--orphan", "apart")
    git(tmp_path, "commit", "--quiet", "-m", "apart")
    assert "in a shallow clone, fetch more of it" in run("check", "--changed=main").err
    git(tmp_path, "checkout", "--quiet", "--orphan", "unborn")
    assert "the repository has no commit yet" in run("check", "--changed=main").err
    assert "a branch or commit is given as --changed=main" in run("check", "--changed", "main").err
    for forgotten in (("--changed", "main"), ("--staged", "missing.yaml")):  # an option and a path that is not there
        assert run("check", *forgotten, "--quiet").status == 2
    assert run("check", "--staged", "-").status == 2


def test_changed_without_a_repository_is_told(run: Run) -> None:
    outcome = run("check", "--changed")
    assert (outcome.status, outcome.err) == (2, "hplint: --changed: the folder you are in is no git repository\n")


# -- progress, Ctrl-C, watching ------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A terminal that remembers what was written."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_terminals_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hplint.cli.progress.QUIET_SECONDS", -1)
    monkeypatch.setattr("hplint.cli.progress._EVERY", 0)
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        assert list(Progress(2000, stream).over(range(2000))) == list(range(2000))
    assert "1,000 of 2,000 files" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert pipe.getvalue() == ""


def is_gone(group: int) -> bool:
    """Whether no process of a group is left, or none is soon."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_run_without_a_traceback(tmp_path: Path, jobs: str) -> None:
    fill(tmp_path, 2000)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HPLINT_CACHE_DIR": ""}
    command = [sys.executable, "-m", "hplint", "check", "--fix", "--output-format", "concise", "--jobs", jobs]
    run = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.read(1)  # it is at work
    os.killpg(run.pid, signal.SIGINT)
    os.killpg(run.pid, signal.SIGINT)  # some press it again
    err = run.stderr.read()
    assert run.wait(20) == 130
    assert b"Traceback" not in err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()}.keys() == before.keys()
    assert is_gone(run.pid), "a process of the run is left"


@pytest.mark.slow
def test_a_changed_schema_of_a_checkout_counts_at_once(tmp_path: Path) -> None:
    for name in ("hplint", "rules", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / "source" / name, ignore=shutil.ignore_patterns("__pycache__"))
    schema = tmp_path / "source" / "schemas" / "ludwig" / "schema.json"
    work = tmp_path / "work"
    work.mkdir()
    (work / "a.yaml").write_text(TEXTS[-1])

    def found() -> str:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "source"), "HPLINT_CACHE_DIR": str(tmp_path / "kept")}
        command = [sys.executable, "-m", "hplint", "check", "--output-format", "concise"]
        return subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False).stdout

    assert "`epocs`" in found()
    assert "`epocs`" in found()
    schema.write_text(schema.read_text(encoding="utf-8").replace('"epochs"', '"epocs"'), encoding="utf-8")
    assert found() == ""


def test_a_file_that_names_another_is_remembered_until_that_changes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text("hplint: 1\noptimizer: {name: adam}\nsharding: {deepspeed: ds.json}\n")
    first = run("check")
    linted = []

    def noted(data: bytes, path: str, *arguments: object, **others: object) -> object:
        linted.append(path)
        return lint(data, path, *arguments, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(linting, "lint", noted)
    assert run("check") == first
    assert linted == []
    (tmp_path / "ds.json").write_text('{"zero_optimization": {"stage": 2}}')
    run("check")
    assert "a.yaml" in linted
