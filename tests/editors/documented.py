"""Takes from docs/editors.md what it tells people to paste, so that the tests run that and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "editors.md"


def block(editor: str, language: str, number: int = 0) -> str:
    """Return a block of code under an editor's heading: the one in `language` that `number` others precede."""
    text = PAGE.read_text(encoding="utf-8")
    section = re.search(rf"(?ms)^## {re.escape(editor)}$(.*?)(?=^## |\Z)", text)
    assert section is not None, f"docs/editors.md has no section on {editor}"
    blocks: list[str] = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", section[1])
    assert len(blocks) > number, f"docs/editors.md has no block {number} in {language} for {editor}"
    return blocks[number]
