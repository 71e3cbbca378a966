"""What SECURITY.md promises: no network, no code of the workspace, no file outside of it, nothing private told.

The runs are watched from inside, by an audit hook that sitecustomize.py sets up before hplint begins: it writes down
each socket, each program and each piece of code that comes from the workspace.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

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


SCRIPT = shutil.which("hplint", path=sysconfig.get_path("scripts"))
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
