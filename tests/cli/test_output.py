"""What findings look like in each output format."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

import jsonschema
import pytest
from running import Run

from hplint.findings import SAFE, UNSAFE, Evidence, Finding, Fix
from hplint.formats.recognise import Recognition
from hplint.lint import LINTED, Report
from hplint.output import concise, full
from hplint.output.terminal import Screen, columns, escape, screen_of, show_diff
from hplint.text import Edit, SourceText, Span

SCHEMA = Path(full.__file__).with_name("schema.json")
PLAIN = Screen()


def span_of(text: str, part: str, nth: int = 0) -> Span:
    start = [found.start() for found in re.finditer(re.escape(part), text)][nth]
    return Span(start, start + len(part))


def report(text: str, part: str, message: str = "wrong", **more: Any) -> Report:
    finding = Finding("ABC001", "some-name", "warning", "high", message, span_of(text, part, -1), **more)
    return Report("a.yaml", LINTED, Recognition("hplint", "high", "why"), (finding,), SourceText(text))


def lines_of(shown: str) -> list[str]:
    return shown.rstrip("\n").split("\n")


def test_finding_with_evidence_and_fixes() -> None:
    text = "".join(f"line{number}: value\n" for number in range(1, 12))
    one = report(
        text,
        "line10",
        evidence=(Evidence("seen here", span_of(text, "line3")), Evidence("known of old", None)),
        fixes=(
            Fix("Change it", SAFE, (Edit(span_of(text, "line10: value"), "line10: other"),)),
            Fix("Change both", UNSAFE, (Edit(span_of(text, "line3"), "x"), Edit(span_of(text, "line10"), "y"))),
        ),
    )
    assert full.render(one, PLAIN) == (
        "a.yaml:10:1: warning[ABC001] some-name: wrong\n"
        "   |\n"
        " 3 | line3: value\n"
        "   | ----- seen here\n"
        "...\n"
        "10 | line10: value\n"
        "   | ^^^^^^\n"
        "   = note: known of old\n"
        "   = fix: Change it (applied by --fix)\n"
        "10 - line10: value\n"
        "10 + line10: other\n"
        "   = fix: Change both (applied by --fix --unsafe-fixes)\n"
        " 3 - line3: value\n"
        " 3 + x: value\n"
        "10 - line10: value\n"
        "10 + y: value\n"
        "   = why: hplint rule ABC001\n\n"
    )


def test_fix_that_adds_and_removes_lines() -> None:
    text = "a: 1\nb: 2\nc: 3\n"
    fix = Fix("Mend", SAFE, (Edit(Span(5, 5), "new: 1\n"), Edit(Span(10, 15), "")))
    shown = lines_of(full.render(report(text, "b", fixes=(fix,)), PLAIN))
    assert shown[5:7] == ["2 + new: 1", "4 - c: 3"] or shown[5:8] == [
        "2 + new: 1",
        "3 - c: 3",
        "  = why: hplint rule ABC001",
    ]


def test_long_diff_is_cut() -> None:
    text = "a: 1\n"
    fix = Fix("Mend", SAFE, (Edit(Span(5, 5), "b: 2\n" * 30),))
    shown = lines_of(full.render(report(text, "a", fixes=(fix,)), PLAIN))
    assert shown[-2] == "  … and 18 more lines"
    assert len(shown) < 20


@pytest.mark.parametrize("part", ['key0"', 'key3999"', 'key7999"', "v" * 300])
@pytest.mark.parametrize("width", [60, 100])
def test_long_line_is_cut_to_a_window(part: str, width: int) -> None:
    text = "{" + ", ".join(f'"key{number}": {number}' for number in range(8000)) + ', "' + "v" * 300 + '": 1}'
    shown = lines_of(full.render(report(text, part), Screen(width=width)))
    assert all(len(line) <= width for line in shown[1:])
    line, carets = shown[2], shown[3]
    start = carets.index("^")
    marked = line[start : start + carets.count("^")]
    assert marked == part if len(part) < 60 else set(marked) <= {"v", "…"}


def test_fix_in_a_long_line_shows_the_change() -> None:
    text = "{" + '"a": 1, ' * 4000 + '"units": 64' + ', "a": 1' * 4000 + "}"
    fix = Fix("Mend", SAFE, (Edit(span_of(text, "64"), "128"),))
    shown = lines_of(full.render(report(text, "64", fixes=(fix,)), PLAIN))
    old, new = shown[5], shown[6]
    assert old.startswith("1 - …")
    assert '"units": 64' in old
    assert '"units": 128' in new
    assert old.index("units") == new.index("units")
    assert max(map(len, shown[1:])) <= PLAIN.width


@pytest.mark.parametrize("before", ["", "日本語 ", "😀😀 ", "e\u0301 ", "\t", "\x1b[31m ", "\u202e", "ａ"])
@pytest.mark.parametrize("marked", ["plain", "日本", "😀", "a\tb", "e\u0301"])
def test_carets_stand_below_what_they_mark(before: str, marked: str) -> None:
    text = f"{before}{marked}: x"
    shown = lines_of(full.render(report(text, marked), PLAIN))
    line, carets = shown[2], shown[3]
    head = "1 | "
    assert columns(carets.split("^")[0]) == columns(head + escape(before))
    assert carets.count("^") == columns(escape(marked))
    assert line == (head + escape(text)).rstrip()


def test_place_without_characters_gets_one_caret() -> None:
    text = "a: 1\n"
    finding = Finding("ABC001", "x", "error", "high", "wrong", Span(4, 4))
    one = Report("a.yaml", LINTED, Recognition("hplint", "high", ""), (finding,), SourceText(text))
    assert lines_of(full.render(one, PLAIN))[3] == "  |     ^"
    nothing = Report("a.yaml", LINTED, Recognition("hplint", "high", ""), (finding,), SourceText(""))
    assert lines_of(full.render(nothing, PLAIN))[0].startswith("a.yaml:1:1: ")


def test_span_over_several_lines_marks_the_first() -> None:
    shown = lines_of(full.render(report("a:\n  b: 1\n  c: 2\n", "b: 1\n  c"), PLAIN))
    assert shown[2:4] == ["2 |   b: 1", "  |   ^^^^"]


@pytest.mark.parametrize("render", [full.render, concise.render])
def test_config_cannot_steer_the_terminal(render: Any) -> None:
    text = "a: \x1b]0;title\x07\x9b2J\u202e\n"
    one = report(text, "a", message="it is \x1b[2J\nred", evidence=(Evidence("\x07", None),))
    shown = render(one, Screen(is_terminal=True, colours=False))
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert "it is \\x1b[2J\\nred" in shown


def test_concise_is_one_line_per_finding() -> None:
    assert concise.render(report("a: 1\nb: 2\n", "2"), PLAIN) == "a.yaml:2:4: warning[ABC001] some-name: wrong\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


def test_colours_only_on_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((132, 40)))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert screen_of(Terminal()).colours
    assert screen_of(Terminal()).width == 132
    assert not screen_of(io.StringIO()).colours
    monkeypatch.setenv("NO_COLOR", "1")
    assert not screen_of(Terminal()).colours
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not screen_of(Terminal()).colours


def test_colours_change_nothing_but_colour() -> None:
    text = "a: 1\nb: 2\n"
    fix = Fix("Mend", SAFE, (Edit(span_of(text, "2"), "3"),))
    one = report(text, "2", evidence=(Evidence("seen", span_of(text, "a")),), fixes=(fix,))
    coloured = full.render(one, Screen(colours=True))
    assert "\x1b[1;33mwarning[ABC001]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == full.render(one, PLAIN)


def test_diff_on_a_terminal_is_coloured_and_escaped() -> None:
    assert show_diff("-a\x07\n+b\n c\n", Screen(True, True)) == "\x1b[31m-a\\x07\x1b[0m\n\x1b[32m+b\x1b[0m\n c\n"


CONFIGS = {
    "a.yaml": "hplint: 1\noptimizer:\n  nam: adam\n  learning_rate: '0.1'\n",
    "b.json": '{"hplint": 1, "optimizer": {"name": "adam",}}',
    "c.yaml": "no: config\n",
    "d.yaml": "broken: [\n",
    "é.json": '{"hplint": 1, "loss": {"naem": "mse"}}',
}


def test_json_output_is_as_its_schema_says(run: Run, tmp_path: Path) -> None:
    for name, text in CONFIGS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    outcome = run("check", ".", "gone.yaml", "--output-format", "json")
    document = json.loads(outcome.out)
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    assert [(entry["path"], entry["status"], entry["format"]) for entry in document["files"]] == [
        ("a.yaml", "linted", "hplint"),
        ("b.json", "linted", "hplint"),
        ("c.yaml", "skipped", None),
        ("d.yaml", "failed", None),
        ("gone.yaml", "failed", None),
        ("é.json", "linted", "hplint"),
    ]
    assert outcome.status == 2
    assert {finding["path"] for finding in document["findings"]} == {"a.yaml", "b.json", "d.yaml", "é.json"}


def test_json_output_gives_places_edits_and_pages(run: Run, tmp_path: Path) -> None:
    text = CONFIGS["b.json"]
    (tmp_path / "b.json").write_text(text)
    (finding,) = json.loads(run("check", "b.json", "--output-format", "json").out)["findings"]
    at = text.index(",}")
    assert finding["span"] == {
        "start": {"line": 1, "column": at + 1, "offset": at},
        "end": {"line": 1, "column": at + 2, "offset": at + 1},
    }
    (fix,) = finding["fixes"]
    assert fix["applicability"] == "safe"
    (edit,) = fix["edits"]
    fixed = text[: edit["span"]["start"]["offset"]] + edit["text"] + text[edit["span"]["end"]["offset"] :]
    assert json.loads(fixed) == {"hplint": 1, "optimizer": {"name": "adam"}}
    page = Path(url2pathname(urlparse(finding["url"]).path))
    assert page.read_text().startswith("# SYNTAX002 invalid-json\n")


def test_output_does_not_depend_on_hashing(run: Run, tmp_path: Path) -> None:
    import subprocess
    import sys

    for name, text in CONFIGS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "hplint", "check", ".", "--output-format", "json"]
    outputs = {
        subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("configs", [CONFIGS])
def test_all_formats_tell_the_same_findings(run: Run, tmp_path: Path, configs: dict[str, str]) -> None:
    for name, text in configs.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = [
        f"{finding['path']}:{finding['span']['start']['line']}:{finding['span']['start']['column']}: "
        f"{finding['severity']}[{finding['code']}]"
        for finding in json.loads(run("check", "--output-format", "json").out)["findings"]
    ]
    in_lines = run("check", "--output-format", "concise").out.splitlines()
    assert [line.split("]")[0] + "]" for line in in_lines] == found
    in_full = [line for line in run("check").out.splitlines() if re.match(r"\S+:\d+:\d+: ", line)]
    assert [line.split("]")[0] + "]" for line in in_full] == found
