"""README and documentation show what hplint prints today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hplint import knowledge
from hplint.cli.main import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def excerpts() -> list[tuple[str, str, str]]:
    """Return the runs of hplint that README and documentation show: file, arguments, and what is printed."""
    return [
        (path.name, block.group(1), block.group(2))
        for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
        for block in re.finditer(r"```console\n\$ hplint (.*)\n((?s:.*?))```", path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("file", "arguments", "shown"), excerpts())
def test_a_terminal_excerpt_is_what_is_printed(
    file: str, arguments: str, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    main(arguments.split())
    assert capsys.readouterr().out.strip() == shown.strip(), f"{file} shows something else"


def test_there_are_as_many_rules_as_it_says() -> None:
    said = re.search(r"More than (\d+) rules", README)
    assert said is not None
    assert int(said.group(1)) < len(knowledge.rules()) <= int(said.group(1)) + 150
