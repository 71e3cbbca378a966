"""The block for Kate in docs/editors.md, run in Kate on a screen that nobody sees."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk import FIXED, Desk, needs, set_up
from documented import block

pytestmark = [pytest.mark.editor, pytest.mark.slow]

KATERC = """\
[General]
Show welcome view for new window=false

[Kate Plugins]
lspclientplugin=true

[lspclient]
AllowedServerCommandLines={program} server
"""
"""The plugin switched on, and what Kate notes when the user allows it to start the program."""


@contextmanager
def screen(desk: Desk) -> Iterator[dict[str, str]]:
    """A screen of its own with a window manager; gives the environment for programs on it."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1200x800x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with open(reading) as pipe:
        number = pipe.readline().strip()
    environment = {**desk.environment, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield environment
    finally:
        manager.kill()
        server.kill()
        manager.wait()
        server.wait()


def overhear(desk: Desk) -> Path:
    """Let what hplint tells the editor be written to a file too, which is returned."""
    program, heard = desk.folder / "bin" / "hplint", desk.folder / "heard"
    heard.touch()
    program.rename(program.with_name("hplint-itself"))
    program.write_text(f'#!/bin/sh\n"{program}-itself" "$@" | tee -a "{heard}"\n')
    program.chmod(0o755)
    return heard


def test_a_fix_applies(tmp_path: Path) -> None:
    if "HPLINT_DESKTOP" not in os.environ:
        pytest.skip("takes a quiet machine, as keys are pressed blindly; `tests/editors/run kate` runs it")
    kate = needs("kate")
    for program in ("Xvfb", "openbox", "xdotool", "dbus-run-session"):
        needs(program)
    desk = set_up(tmp_path)
    heard = overhear(desk)
    desk.write("config/kate/lspclient/settings.json", block("Kate", "json"))
    desk.write("config/katerc", KATERC.format(program=desk.folder / "bin" / "hplint"))
    line, column = 14, 28  # inside the name that OUT001 underlines
    log = desk.folder / "kate.log"
    with screen(desk) as environment, log.open("w") as out:
        command = ["dbus-run-session", kate, "-n", "-b", "-l", str(line), "-c", str(column), str(desk.config)]
        editor = subprocess.Popen(command, env=environment, cwd=desk.config.parent, stdout=out, stderr=out)

        def press(*keys: str) -> None:
            time.sleep(1)  # windows and menus take their time to listen
            subprocess.run(["xdotool", "key", "--delay", "150", *keys], env=environment, check=True, timeout=60)

        def wait(words: str, file: Path, *meanwhile: str) -> None:
            end = time.monotonic() + 60
            while words not in file.read_text(encoding="utf-8"):
                said = f"Kate shows no {words!r}; {log.read_text()[-1000:]}"
                assert time.monotonic() < end, said
                assert editor.poll() is None, said
                press(*meanwhile or ["Shift_L"])

        try:
            wait('"OUT001"', heard)
            wait("Add softmax", heard, "alt+Return")  # the menu of fixes
            press("Down", "Return")
            wait(FIXED, desk.config, "ctrl+s")
            assert desk.config.read_text(encoding="utf-8").splitlines()[line - 1] == FIXED
        finally:
            editor.kill()
            editor.wait()
