"""The editor shows what the command line says, whatever way the text came to be."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw import RawClient

from hplint.cli.main import main
from hplint.lint import lint
from hplint.server import lifecycle, sync
from hplint.server.positions import ENCODINGS
from hplint.server.session import Session

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/[bg]*/*"))
SETTINGS = ("", "select = ['ALL']\n", "ignore = ['ACT']\nformats = {'*.yaml' = 'ludwig'}\n")
PIECES = ("\n", " ", ":", "-", '"', "{", "]", "0", "e", "é", "😀", "\t", "# x", "adam", "sigmoid", "null", "\u0085")
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 12), st.sampled_from(PIECES)), max_size=6)


def said_by_command_line(path: Path) -> list[tuple[Any, ...]]:
    """Return what `hplint check` says of a file, run in this process with its output caught."""
    out = io.StringIO()
    thresholds = gc.get_threshold()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        main(["check", str(path), "--output-format", "json"])
    gc.set_threshold(*thresholds)  # the command line sets its own, and expects the process to end
    gc.unfreeze()
    return [
        (
            finding["code"],
            finding["severity"],
            finding["message"],
            (finding["span"]["start"]["line"] - 1, finding["span"]["start"]["column"] - 1),
            (finding["span"]["end"]["line"] - 1, finding["span"]["end"]["column"] - 1),
        )
        for finding in json.loads(out.getvalue())["findings"]
    ]


def said_in_editor(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    severities = {1: "error", 2: "warning", 3: "info"}
    ends = [
        [(item["range"][end]["line"], item["range"][end]["character"]) for end in ("start", "end")] for item in items
    ]
    return [
        (item["code"], severities[item["severity"]], item["message"], start, end)
        for item, (start, end) in zip(items, ends)
    ]


class Editor:
    """A session in this process, and what it has sent."""

    def __init__(self, encoding: str) -> None:
        self.sent: list[dict[str, Any]] = []
        self.session = Session(lambda body: self.sent.append(json.loads(body)))
        lifecycle.initialize(self.session, {"capabilities": {"general": {"positionEncodings": [encoding]}}})

    def shown(self, uri: str) -> list[dict[str, Any]]:
        published = [message["params"] for message in self.sent if message["method"].endswith("publishDiagnostics")]
        items: list[dict[str, Any]] = [params["diagnostics"] for params in published if params["uri"] == uri][-1]
        return items


@pytest.mark.slow
@given(st.sampled_from(EXAMPLES), EDITS, st.sampled_from(SETTINGS), st.sampled_from(ENCODINGS))
@settings(max_examples=60)
def test_editing_leads_to_the_findings_of_the_command_line(
    example: Path, edits: list[tuple[int, int, str]], project: str, encoding: str
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name).resolve()
        patch.chdir(folder)
        (folder / "hplint.toml").write_text(project)
        path = folder / example.name
        editor, whole = Editor(encoding), Editor("utf-32")
        text = example.read_text(encoding="utf-8")
        item = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        sync.did_open(editor.session, {"textDocument": item})
        document = editor.session.documents[path.as_uri()]
        for version, (at, length, new) in enumerate(edits, 2):
            start = at % (len(text) + 1)
            end = min(start + length, len(text))
            ends = [dict(zip(("line", "character"), document.position(offset))) for offset in (start, end)]
            text = text[:start] + new + text[end:]
            changed = {"range": {"start": ends[0], "end": ends[1]}, "text": new}
            params = {"textDocument": {"uri": path.as_uri(), "version": version}, "contentChanges": [changed]}
            sync.did_change(editor.session, params)
        assert document.text == text
        sync.did_open(whole.session, {"textDocument": {**item, "text": text}})
        path.write_bytes(text.encode())
        expected = said_by_command_line(path)
        assert said_in_editor(whole.shown(path.as_uri())) == expected
        in_units = [
            {**shown, "range": {end: _position(document, shown["range"][end]) for end in ("start", "end")}}
            for shown in editor.shown(path.as_uri())
        ]
        assert said_in_editor(in_units) == expected


def _position(document: Any, position: dict[str, int]) -> dict[str, int]:
    """Return a position of the document's encoding in characters."""
    line = position["line"]
    offset = document.offset(line, position["character"])
    return {"line": line, "character": offset - document.lines.start(line)}


def test_server_over_stdio_says_of_every_example_what_the_command_line_says() -> None:
    with RawClient() as client:
        client.initialize({"general": {"positionEncodings": ["utf-32"]}})
        for path in EXAMPLES:
            client.open(path.as_uri(), path.read_text(encoding="utf-8"))
            shown = said_in_editor(client.diagnostics()["diagnostics"])
            command = [sys.executable, "-m", "hplint", "check", str(path), "--output-format", "json"]
            out = subprocess.run(command, capture_output=True, text=True, check=False).stdout
            assert [(code, message) for code, _, message, *_ in shown] == [
                (finding["code"], finding["message"]) for finding in json.loads(out)["findings"]
            ]


def test_findings_are_right_after_a_run_that_failed_halfway(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "train.yaml"
    text = "hplint: 1\ntask: {kind: regression}\noptimizer:\n  name: adam\n  learning_rate: 5\n"
    session = Session(lambda _: None, None)
    item = {"uri": path.as_uri(), "languageId": "yaml"}
    sync.did_open(session, {"textDocument": {**item, "version": 1, "text": text}})

    def fails(*arguments: Any, **named: Any) -> Any:
        lint(*arguments, **named)
        raise RuntimeError("a defect of hplint")

    monkeypatch.setattr("hplint.server.session.lint", fails)
    with contextlib.suppress(RuntimeError):
        longer = text.replace("regression", "reinforcement_learning")
        sync.did_change(session, {"textDocument": {**item, "version": 2}, "contentChanges": [{"text": longer}]})
    monkeypatch.undo()
    sync.did_change(session, {"textDocument": {**item, "version": 3}, "contentChanges": [{"text": text}]})
    report = session.report(session.documents[path.as_uri()])
    assert report is not None
    assert report.findings == lint(text, path.name).findings
