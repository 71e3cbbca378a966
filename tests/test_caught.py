"""docs/caught.md: what hplint says of the mistakes that people report most, and what its fixes make of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hplint import Report, lint
from hplint.companions import Neighbour
from hplint.text import apply_edits

PAGE = (Path(__file__).parent.parent / "docs" / "caught.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"(?m)^## ", PAGE)[1:]
BLOCK = re.compile(r"(?ms)^```(\w+) ([^\n]+)\n(.*?)^```$")
LINE = re.compile(r"(\S+):(\d+):(\d+): (\w+)\[(\w+)\] (.*)")


def _reports(files: dict[str, str]) -> dict[str, Report]:
    def neighbour(name: str, exactly: bool = False) -> Neighbour | None:
        return Neighbour(name, files[name].encode()) if name in files else None

    return {name: lint(text, name, read_neighbour=neighbour) for name, text in files.items()}


@pytest.mark.parametrize("section", [pytest.param(text, id=text.partition("\n")[0]) for text in SECTIONS])
def test_a_section_shows_what_is_said_and_mended(section: str) -> None:
    blocks = BLOCK.findall(section)
    files = {name: text for _, name, text in blocks if "." in name}
    stated = {name: text for _, name, text in blocks if "." not in name}
    reports = _reports(files)
    codes = set()
    for line in stated["says"].strip().splitlines():
        match = LINE.fullmatch(line)
        assert match is not None, f"not a finding: {line}"
        name, row, column, severity, code, message = match.groups()
        report = reports[name]
        found = [
            (report.source.position(one.span.start), one.severity, one.code, one.message) for one in report.findings
        ]
        places = [(at.line, at.column, *rest) for at, *rest in found]
        assert (int(row), int(column), severity, code, message) in places
        codes.add(code)
    first = next(iter(files))
    fixes = [one.fixes[0] for one in reports[first].findings if one.code in codes and one.fixes]
    edits = [edit for fix in fixes for edit in fix.edits]
    mended = apply_edits(files[first], edits) if edits else None
    assert mended == stated.get("fixed"), "the block `fixed` is the first file after the first fix of each finding"
    if mended is not None:
        left = _reports({**files, first: mended})[first].findings
        assert not codes & {one.code for one in left}


def test_every_mistake_has_a_section() -> None:
    assert [int(section.partition(".")[0]) for section in SECTIONS] == list(range(1, 26))
