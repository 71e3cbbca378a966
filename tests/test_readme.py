"""The README says how much there is; tests/docs holds the rest of it to what hplint prints today."""

from __future__ import annotations

import re
from pathlib import Path

from hplint import knowledge

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_there_are_as_many_rules_as_it_says() -> None:
    said = re.search(r"More than (\d+) rules", README)
    assert said is not None
    assert int(said.group(1)) < len(knowledge.rules()) <= int(said.group(1)) + 150
