"""The README shows what hplint prints today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hplint import knowledge
from hplint.cli.main import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_terminal_excerpt_is_what_check_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    excerpt = re.search(r"```console\n\$ hplint (.*)\n((?s:.*?))```", README)
    assert excerpt is not None
    monkeypatch.chdir(ROOT)
    main(excerpt.group(1).split())
    assert capsys.readouterr().out.strip() == excerpt.group(2).strip()


def test_there_are_as_many_rules_as_it_says() -> None:
    said = re.search(r"More than (\d+) rules", README)
    assert said is not None
    assert int(said.group(1)) < len(knowledge.rules()) <= int(said.group(1)) + 150
