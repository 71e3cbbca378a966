"""The block for Helix in docs/editors.md, run in Helix inside tmux, as Helix has no way to run without a terminal."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import FIXED, Desk, needs, set_up
from documented import block

pytestmark = [pytest.mark.editor, pytest.mark.slow]

# Findings at the end of their line; a status line says nothing of them that the test could wait for.
CONFIG = """\
[editor]
end-of-line-diagnostics = "hint"
"""


class Terminal:
    """A terminal that a test types into and looks at."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._socket = f"hplint-{desk.folder.name}"

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._socket, "-f", "/dev/null", *arguments]
        done = subprocess.run(command, env=self._desk.environment, capture_output=True, text=True, timeout=30)
        return done.stdout

    def start(self, command: str) -> None:
        """Run a command in a screen of 160 by 40 characters."""
        self._tmux("new-session", "-d", "-x", "160", "-y", "40", command)

    def type(self, *keys: str) -> None:
        """Type keys, in tmux's names."""
        self._tmux("send-keys", *keys)

    def screen(self) -> str:
        """Return what is on the screen."""
        return self._tmux("capture-pane", "-p")

    def wait(self, what: str, condition: Callable[[str], bool]) -> str:
        """Return the screen as soon as it fulfils a condition."""
        end = time.monotonic() + 60
        while not condition(screen := self.screen()):
            assert time.monotonic() < end, f"waited in vain for {what}:\n{screen}"
            time.sleep(0.05)
        return screen

    def close(self) -> None:
        """End whatever runs in it."""
        self._tmux("kill-server")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return set_up(tmp_path)


@pytest.fixture
def terminal(desk: Desk) -> Iterator[Terminal]:
    needs("tmux")
    made = Terminal(desk)
    yield made
    made.close()


def test_findings_show_and_a_fix_applies(desk: Desk, terminal: Terminal) -> None:
    helix = needs("hx")
    desk.write("config/helix/languages.toml", block("Helix", "toml"))
    desk.write("config/helix/config.toml", CONFIG)
    line, column = 14, 28  # inside the name that OUT001 underlines
    terminal.start(f"{helix} {desk.config}:{line}:{column}")
    terminal.wait("both findings", lambda screen: "ends without softmax" in screen and "drops 90 %" in screen)
    terminal.type("Space", "a")
    terminal.wait("the fix in the menu", lambda screen: "Add softmax" in screen)
    terminal.type("Enter")
    screen = terminal.wait(
        "OUT001 to go", lambda screen: "ends without softmax" not in screen and FIXED.strip() in screen
    )
    assert "drops 90 %" in screen
    terminal.type(":write", "Enter")
    terminal.wait("the file to be written", lambda _: FIXED in desk.config.read_text(encoding="utf-8"))
    assert desk.config.read_text(encoding="utf-8").splitlines()[line - 1] == FIXED
