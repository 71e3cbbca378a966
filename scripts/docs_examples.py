"""Runs the terminal excerpts of the README and docs/ and compares what they show; with --write, brings them up to date.

    python scripts/docs_examples.py [--write]

An excerpt is a block of ```console whose lines that begin with `$ ` are commands, each followed by what it prints on
standard output. They run at the top of the repository.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hplint.cli.main import main as hplint  # noqa: E402  # behind the path to it

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def documents() -> list[Path]:
    """Return the README and every page of docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def up_to_date(text: str) -> str:
    """Return a page with its excerpts as they are printed today."""
    return _BLOCK.sub(lambda found: f"```console\n{_excerpt(found[1])}```", text)


def _excerpt(shown: str) -> str:
    commands = [line for line in shown.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{_printed(command)}" for command in commands)


def _printed(command: str) -> str:
    """Return what a command prints, without the empty lines at its end."""
    words = shlex.split(command.removeprefix("$ "))
    if words[:1] != ["hplint"]:
        raise ValueError(f"only hplint runs in excerpts, not {command}")
    out, before = io.StringIO(), os.getcwd()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            hplint(words[1:])
    finally:
        os.chdir(before)
    return out.getvalue().rstrip("\n") + "\n"


def run(write: bool) -> int:
    """Compare or rewrite every page; return 1 when one is out of date."""
    os.environ["HPLINT_CACHE_DIR"] = ""
    stale = []
    for path in documents():
        text = path.read_text(encoding="utf-8")
        fresh = up_to_date(text)
        if fresh != text:
            stale.append(path)
            if write:
                path.write_text(fresh, encoding="utf-8")
    for path in stale:
        print(f"{path.relative_to(ROOT)}: {'brought up to date' if write else 'out of date'}")
    return 0 if write else int(bool(stale))


if __name__ == "__main__":
    sys.exit(run("--write" in sys.argv[1:]))
