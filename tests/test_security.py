"""What SECURITY.md promises: no network, no code of the workspace, no file outside of it, nothing private told.

The runs are watched from inside, by an audit hook that sitecustomize.py sets up before hplint begins: it writes down
each socket, each program and each piece of code that comes from the workspace.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from raw import RawClient

CHECKOUT = Path(__file__).parents[1]
CONFIG = "hplint: 1\noptimizer: {name: adam, learning_rate: 10}\nmodel:\n  layers: [{type: dense, units: 0x10}]\n"
TRAPS = (
    "conftest.py", "yaml.py", "hplint.py", "hplint/__init__.py", "json.py", "re.py", "tomllib.py", "tomli.py",
    "pygls.py", "lsprotocol/__init__.py", "plugin.py", "rules/evil.py", "setup.py", "usercustomize.py", "train.py",
)  # fmt: skip
"""Modules in the workspace that a careless import would take: each one writes a file when it runs."""

WATCH = """\
import os, sys
log = os.environ["WATCHED"]
top = os.environ["WORKSPACE"]
def watch(event, arguments):
    said = None
    if event.startswith(("socket.", "urllib.", "http.client.", "ftplib.", "smtplib.")):
        if event not in ("socket.__new__", "socket.getsockname") or not arguments or str(arguments[1]) != "1":
            said = f"network {event} {arguments!r}"
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "pty.spawn"):
        program = os.path.basename(str(arguments[0]))
        said = None if program == "git" else f"program {event} {arguments!r}"
    elif event == "import" and arguments[1] and str(arguments[1]).startswith(top):
        said = f"code import {arguments!r}"
    elif event == "compile" and str(arguments[1]).startswith(top):
        said = f"code compile {arguments[1]!r}"
    elif event == "exec" and str(getattr(arguments[0], "co_filename", "")).startswith(top):
        said = f"code exec {arguments[0].co_filename!r}"
    if said:
        with open(log, "a") as file:
            file.write(said + "\\n")
sys.addaudithook(watch)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace full of traps, with a config and rules of its own."""
    folder = tmp_path / "workspace"
    for trap in TRAPS:
        path = folder / trap
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"open({str(tmp_path / 'sprung')!r}, 'a').write({trap!r})\n")
    (folder / "train.yaml").write_text(CONFIG)
    (folder / "tags.yaml").write_text(
        "hplint: 1\nseed: !!python/object/apply:os.system ['touch " + str(tmp_path / "sprung") + "']\n"
        "name: !!python/name:train.main\nmodel: !!python/module:train\n"
    )
    (folder / "lightning.yaml").write_text(
        "seed_everything: 1\ntrainer: {max_epochs: 3, callbacks: [{class_path: train.Evil}]}\n"
        "model: {class_path: train.M}\n"
    )
    return folder


@pytest.fixture
def watched(tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let Python processes write down what they should not do; return the file."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'watch'}{os.pathsep}{CHECKOUT}")
    monkeypatch.setenv("WATCHED", str(tmp_path / "watched"))
    monkeypatch.setenv("WORKSPACE", str(workspace))
    return tmp_path / "watched"


def told(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


COMMANDS = [
    ["check", "."],
    ["check", "train.yaml", "--fix", "--unsafe-fixes"],
    ["explain", "train.yaml"],
    ["init", "new.yaml", "--yes"],
    ["search-space", "train.yaml"],
    ["rule", "ACT001"],
    ["tree"],
    ["formats", "train.yaml"],
    ["config", "train.yaml"],
    ["schema", "hplint"],
    ["baseline", "."],
    ["ignore", "train.yaml", "--reason", "x"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_commands_open_no_socket_and_run_no_code_of_the_workspace(
    workspace: Path, watched: Path, tmp_path: Path, command: list[str]
) -> None:
    launch = [sys.executable, "-c", "import sys; sys.path.remove(''); from hplint.cli.main import main; main()"]
    run = subprocess.run([*launch, *command], cwd=workspace, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert "Traceback" not in run.stderr, run.stderr
    assert told(watched) == []
    assert not (tmp_path / "sprung").exists()


def test_python_dash_m_takes_no_module_of_the_workspace(workspace: Path, watched: Path, tmp_path: Path) -> None:
    """`python -m` puts the working folder first on the path; hplint takes it off again before it imports more.

    What Python imports before that, such as a package called `hplint` in the workspace, is out of its hands.
    """
    shutil.rmtree(workspace / "hplint")
    for earlier in ("hplint.py", "re.py"):
        (workspace / earlier).unlink()
    run = subprocess.run([sys.executable, "-m", "hplint", "check", "."], cwd=workspace, capture_output=True, text=True)
    assert run.returncode == 1, run.stderr
    assert told(watched) == []
    assert not (tmp_path / "sprung").exists()


def test_watch_sees_a_trap_that_springs(workspace: Path, watched: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", "import plugin"], cwd=workspace, check=True)
    subprocess.run([sys.executable, "-c", "import socket; socket.socket()"], cwd=workspace, check=True)
    assert any(line.startswith("code exec") for line in told(watched))
    assert any(line.startswith("network socket.") for line in told(watched))
    assert (tmp_path / "sprung").exists()


def test_server_opens_no_socket_and_runs_no_code_of_the_workspace(
    workspace: Path, watched: Path, tmp_path: Path
) -> None:
    shutil.rmtree(workspace / "hplint")
    for earlier in ("hplint.py", "re.py"):  # see above: RawClient starts the server with `python -m`
        (workspace / earlier).unlink()
    with RawClient(cwd=workspace) as client:
        client.initialize(rootUri=workspace.as_uri())
        uri = (workspace / "train.yaml").as_uri()
        client.open(uri, CONFIG)
        item = {"textDocument": {"uri": uri}}
        place = {"position": {"line": 1, "character": 14}}
        for method in ("diagnostic", "hover", "completion", "documentSymbol", "codeLens", "documentLink"):
            assert "error" not in client.request(f"textDocument/{method}", {**item, **place})
        client.request("workspace/diagnostic", {"previousResultIds": []})
        assert client.leave() == 0
    assert told(watched) == []
    assert not (tmp_path / "sprung").exists()


def test_program_takes_no_module_of_the_workspace(workspace: Path, watched: Path, tmp_path: Path) -> None:
    """The program `hplint`, as pip writes it and the pre-commit hook and the action start it, has no such weakness."""
    program = tmp_path / "bin" / "hplint"
    program.parent.mkdir()
    program.write_text("import sys\nfrom hplint.cli.main import main\nsys.exit(main())\n")
    run = subprocess.run([sys.executable, program, "check", "."], cwd=workspace, capture_output=True, text=True)
    assert run.returncode == 1, run.stderr
    assert told(watched) == []
    assert not (tmp_path / "sprung").exists()


HOOKS = ("post-index-change", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc", "pre-commit")
PROGRAMS = (
    "core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "diff.external",
    "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process",
    "filter.a b.clean", "gpg.program", "pager.diff", "interactive.diffFilter", "alias.diff", "alias.ls-files",
)  # fmt: skip
"""Settings of a repository that let git start a program."""


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("option", [[], ["--changed"], ["--changed=HEAD"], ["--staged"]], ids=str)
@pytest.mark.parametrize("time", [1, 4_000_000_000])
def test_git_starts_no_program_that_the_repository_names(tmp_path: Path, option: list[str], time: int) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.yaml").write_text(CONFIG)
    (project / ".gitignore").write_text("b.yaml\n")

    def git(*arguments: str) -> None:
        author = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *author, *arguments], cwd=project, check=True, capture_output=True)

    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        git(*command)
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho $0 $@ >>{tmp_path / 'sprung'}\ncat\n")
    trap.chmod(0o755)
    (project / ".gitattributes").write_text("*.yaml filter=evil diff=evil\n")
    for hook in HOOKS:
        shutil.copy(trap, project / ".git" / "hooks" / hook)
    for name in PROGRAMS:
        git("config", name, f"!{trap}" if name.startswith("alias.") else str(trap))
    os.utime(project / "a.yaml", (time, time))
    run = subprocess.run(
        [sys.executable, "-m", "hplint", "check", "--no-cache", *option, "."],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert run.returncode in (0, 1), run.stderr
    assert not (tmp_path / "sprung").exists(), (tmp_path / "sprung").read_text()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_server_reads_no_special_file_and_none_outside_of_the_workspace(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    (project / "folder.yaml").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.yaml").write_text("hplint: 1\noptimizer: {hunter2: 1}\n")
    (project / "fine.yaml").write_text(CONFIG)
    os.mkfifo(project / "pipe.yaml")
    os.mkfifo(project / "pyproject.toml")
    links: dict[str, str | Path] = {
        "zero.yaml": "/dev/zero", "memory.yaml": "/proc/self/mem", "secret.yaml": outside / "secret.yaml",
        "ring": ".", "outside": outside, "self.yaml": "self.yaml", "lost.yaml": "nowhere", "hplint.toml": "/dev/zero",
    }  # fmt: skip
    for name, target in links.items():
        (project / name).symlink_to(target)
    (project / "locked.yaml").write_text(CONFIG)
    (project / "locked.yaml").chmod(0)
    named = [
        "pipe.yaml",
        "zero.yaml",
        "outside/secret.yaml",
        "../outside/secret.yaml",
        "/dev/zero",
        "folder.yaml",
        "x\0y",
    ]
    text = "seed_everything: 1\ntrainer: {max_epochs: 3}\n" + "".join(
        f"{key}: {name!r}\n" for name in named for key in ("deepspeed", "data", "_BASE_", "defaults", "config")
    )
    with RawClient(cwd=project) as client:
        folders = [{"uri": project.as_uri(), "name": "project"}]
        client.initialize({"textDocument": {"diagnostic": {}}}, rootUri=project.as_uri(), workspaceFolders=folders)
        found = client.request("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
        names = {report["uri"].rpartition("/")[2] for report in found}
        assert "fine.yaml" in names
        assert names <= {"fine.yaml", "locked.yaml"}  # which the administrator may read
        uri = (project / "train.yaml").as_uri()
        client.open(uri, text)
        for method in ("diagnostic", "documentLink", "codeAction", "codeLens"):
            zero = {"start": {"line": 0, "character": 0}, "end": {"line": 60, "character": 0}}
            params = {"textDocument": {"uri": uri}, "range": zero, "context": {"diagnostics": []}}
            answer = client.request(f"textDocument/{method}", params)
            assert "result" in answer
            assert "hunter2" not in str(answer)
        for line in range(text.count("\n")):
            for method in ("definition", "hover"):
                place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": 14}}
                answer = client.request(f"textDocument/{method}", place)
                assert "hunter2" not in str(answer)
                assert "outside" not in str(answer.get("result") if method == "definition" else "")
        assert client.leave() == 0


def test_patterns_of_the_settings_cost_no_more_than_their_length(tmp_path: Path) -> None:
    """There is no regular expression that a project could give; the patterns that it can are looked for in one pass."""
    pattern = "*a" * 60 + "b"
    name = "a" * 200 + ".yaml"
    (tmp_path / name).write_text(CONFIG)
    (tmp_path / "hplint.toml").write_text(
        f"exclude = ['{pattern}']\nformats = {{'{pattern}' = 'hplint'}}\nper-file-ignores = {{'{pattern}' = ['LR']}}\n"
        f"[[suppressions]]\nfiles = '{pattern}'\nrules = ['LR']\n"
    )
    assert _check(tmp_path).returncode == 1


def test_client_is_told_no_path_of_hplint_and_no_traceback(tmp_path: Path) -> None:
    with RawClient(cwd=tmp_path) as client:
        client.initialize({"textDocument": {"diagnostic": {}}}, rootUri=tmp_path.as_uri())
        uri = (tmp_path / "a.yaml").as_uri()
        client.open(uri, CONFIG)
        methods = ("textDocument/hover", "textDocument/rename", "codeAction/resolve", "workspace/executeCommand", "x")
        spoilt: tuple[Any, ...] = (
            None,
            [],
            5,
            {},
            {"textDocument": 5},
            {"textDocument": {"uri": uri}, "position": "x"},
        )
        said = [client.request(method, params) for method in methods for params in spoilt]
        text = str([*said, *client.others])
        assert "Traceback" not in text
        assert str(CHECKOUT / "hplint") not in text
        assert client.leave() == 0


def namespace_without_network() -> bool:
    unshare = shutil.which("unshare")
    return unshare is not None and subprocess.run([unshare, "-rn", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not namespace_without_network(), reason="needs a system that lets users make namespaces")
def test_check_finds_the_same_without_a_network(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CONFIG)
    command = [sys.executable, "-m", "hplint", "check", "--no-cache", "."]
    with_it, without = (
        subprocess.run([*before, *command], cwd=tmp_path, capture_output=True, text=True)
        for before in ([], ["unshare", "-rn"])
    )
    assert with_it.stdout == without.stdout
    assert with_it.returncode == without.returncode == 1


@pytest.mark.parametrize("setting", ["extend = '{}'", "baseline = '{}'", "own = ['{}']"])
@pytest.mark.parametrize("reach", ["../outside", "/dev/zero", "link"])
def test_settings_read_nothing_outside_of_the_project(tmp_path: Path, setting: str, reach: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "outside").write_text("secret = 'hunter2'\n")
    (project / "link").symlink_to(tmp_path / "outside")
    (project / "a.yaml").write_text(CONFIG)
    (project / "hplint.toml").write_text(setting.format(reach) + "\n")
    run = _check(project)
    assert run.returncode == 2
    assert "lies outside of" in run.stderr
    assert "hunter2" not in run.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("text", ["extend = 'pipe'", "baseline = 'pipe'", "own = ['pipe']"])
def test_settings_wait_for_no_pipe(tmp_path: Path, text: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.yaml").write_text(CONFIG)
    (tmp_path / "hplint.toml").write_text(text + "\n")
    assert _check(tmp_path).returncode == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_settings_file_that_is_a_pipe_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hplint.toml")
    (tmp_path / "a.yaml").write_text(CONFIG)
    assert _check(tmp_path).returncode == 1


def _check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hplint", "check", "--no-cache", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
