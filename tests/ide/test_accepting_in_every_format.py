"""In every format, what completion offers first can be read and is accepted where it stands: keys, values, whole items.

The texts are the examples of the rules: each is asked at its own keys and values, as if they were being written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from hplint import knowledge
from hplint.ide.completion import Completion, complete
from hplint.ide.document import Document, document
from hplint.lint import Report, lint
from hplint.settings import Settings
from hplint.syntax.tree import Node
from hplint.text import Edit, Span, apply_edits

TEXTS_PER_FORMAT, PLACES_PER_TEXT, ACCEPTED_PER_PLACE = 4, 6, 4
_HOLE = re.compile(r"\$\{\d+\|((?:\\.|[^,|\\])*)(?:,(?:\\.|[^|\\])*)*\|\}|\$\{\d+:((?:\\.|[^}\\])*)\}|\$\d+")


def texts() -> dict[str, list[str]]:
    """Return the longest examples of each format."""
    found: dict[str, set[str]] = {}
    for rule in knowledge.rule_documents().values():
        for listed in rule.get("examples", {}).values():
            for example in listed:
                if example.get("syntax") in (None, "yaml", "json", "toml"):
                    found.setdefault(example["format"], set()).add(example["config"])
    return {name: sorted(found[name], key=lambda text: (-len(text), text))[:TEXTS_PER_FORMAT] for name in sorted(found)}


TEXTS = texts()


def run(text: str, name: str) -> Report:
    is_json = text.lstrip().startswith(("{", "["))
    return lint(text, f"run.{'json' if is_json else 'yaml'}", Settings(formats=(("*", name),)))


def seen(text: str, name: str, whole: str) -> Document:
    return document(run(text, name), document(run(whole, name)))


def entries(report: Report) -> list[tuple[Node, Node]]:
    """Return keys with scalar values that stand on one line, spread over the text."""
    assert report.tree is not None
    found = [
        (key, value)
        for root in report.tree.roots
        for node in root.walk()
        for key, value in node.entries
        if value.is_scalar and not value.is_alias and key.end < value.start < value.end
        and "\n" not in report.source.text[key.start : value.end]
    ]  # fmt: skip
    return found[:: max(1, len(found) // PLACES_PER_TEXT)][:PLACES_PER_TEXT]


def filled(snippet: str) -> str:
    """Return the text that a snippet leaves where the user changes nothing: defaults, and first choices."""
    written = _HOLE.sub(lambda hole: hole[1] or hole[2] or "", snippet)
    return re.sub(r"\\([\\$},|])", r"\1", written)


def accept(text: str, one: Completion) -> Iterator[tuple[str, Span]]:
    """Yield the text after a completion was accepted, as plain text and as a snippet, and where it stands."""
    for written in dict.fromkeys((one.edit.text, filled(one.snippet) if one.snippet else one.edit.text)):
        edit = Edit(one.edit.span, written)
        before = [other for other in one.edits if other.span.end <= edit.span.start]
        start = edit.span.start + sum(len(other.text) - (other.span.end - other.span.start) for other in before)
        yield apply_edits(text, [edit, *one.edits]), Span(start, start + len(written))


def faults(report: Report, place: Span) -> list[str]:
    """Return what syntax and schema have against what stands at a place; a value that is still to come is no fault."""
    return [
        f"{finding.code} {finding.message}"
        for finding in report.findings
        if finding.code.startswith(("SCHEMA", "SYNTAX"))
        and finding.span.start < place.end
        and place.start < finding.span.end
        and finding.code not in ("SCHEMA002", "SCHEMA006", "SCHEMA007")  # what else it needs now
        and "and is empty" not in finding.message
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_values_are_accepted(name: str) -> None:
    for whole in TEXTS[name]:
        for _, value in entries(run(whole, name)):
            text = whole[: value.start] + whole[value.end :]
            for one in complete(seen(text, name, whole), value.start)[:ACCEPTED_PER_PLACE]:
                for after, place in accept(text, one):
                    report = run(after, name)
                    assert report.tree is not None
                    assert report.tree.complete, after
                    assert not faults(report, place), f"{one.label}\n{after}"


@pytest.mark.parametrize("name", TEXTS)
def test_keys_and_items_are_accepted(name: str) -> None:
    for whole in TEXTS[name]:
        report = run(whole, name)
        assert report.tree is not None
        for key, value in entries(report):
            line = whole.rfind("\n", 0, key.start) + 1
            indent = whole[line : key.start]
            is_block = report.tree.syntax == "yaml" and not indent.strip() and whole[value.end : value.end + 1] == "\n"
            begun = f"\n{indent}" if is_block else ", "
            text = whole[: value.end] + begun + whole[value.end :]
            for one in complete(seen(text, name, whole), value.end + len(begun))[:ACCEPTED_PER_PLACE]:
                for after, place in accept(text, one):
                    if after[place.end - 1] in ":=" or after[place.start : place.end].rstrip()[-1:] in ":=":
                        ready = f"{after[: place.end]} 1{after[place.end :]}"  # the value that the user writes next
                    else:
                        ready = after
                    read = run(ready, name)
                    assert read.tree is not None
                    assert read.tree.complete, ready
                    unknown = [said for said in faults(read, place) if said.startswith(("SCHEMA001", "SYNTAX"))]
                    assert not unknown, f"{one.label}\n{ready}"
