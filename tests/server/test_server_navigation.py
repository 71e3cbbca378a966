"""Names that refer to each other, and what leads out of a config, over the protocol."""

from __future__ import annotations

from pathlib import Path

from protocol_edits import apply
from raw import RawClient

from hplint import knowledge

TEXT = """\
# hplint: format=hplint
rate: &start 0.1
optimizer: {name: "é😀", learning_rate: *start}  # hplint: ignore[LR001] meant
data: {path: data/train.csv, samples: 10}
schedule: {warmup: *start, path: ../outside.csv}
"""


def test_anchor_is_found_highlighted_and_renamed(tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    with RawClient() as client:
        client.initialize(
            {"general": {"positionEncodings": ["utf-16"]}, "textDocument": {"rename": {"prepareSupport": True}}}
        )
        client.open(uri, TEXT)
        at = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 42}}
        (defined,) = client.request("textDocument/definition", at)["result"]
        assert defined == {
            "uri": uri,
            "range": {"start": {"line": 1, "character": 7}, "end": {"line": 1, "character": 12}},
        }
        used = client.request("textDocument/references", {**at, "context": {"includeDeclaration": False}})["result"]
        assert [place["range"]["start"] for place in used] == [
            {"line": 2, "character": 41},
            {"line": 4, "character": 20},
        ]
        highlights = client.request("textDocument/documentHighlight", at)["result"]
        assert [one["kind"] for one in highlights] == [3, 2, 2]
        assert client.request("textDocument/prepareRename", at)["result"]["start"] == {"line": 2, "character": 41}
        edit = client.request("textDocument/rename", {**at, "newName": "first"})["result"]
        assert apply(TEXT, edit, uri, "utf-16") == TEXT.replace("start", "first")
        refused = client.request("textDocument/rename", {**at, "newName": "a b"})["error"]
        assert (refused["code"], "cannot be a name" in refused["message"]) == (-32803, True)


def test_links_lead_to_files_of_the_project_only(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "data").mkdir(parents=True)
    (project / "data" / "train.csv").write_text("")
    (tmp_path / "outside.csv").write_text("")
    uri = (project / "train.yaml").as_uri()
    with RawClient() as client:
        client.initialize(rootUri=project.as_uri())
        client.open(uri, TEXT)
        links = client.request("textDocument/documentLink", {"textDocument": {"uri": uri}})["result"]
        assert [link["target"] for link in links] == [
            knowledge.page_url("LR001"),
            (project / "data" / "train.csv").as_uri(),
        ]


def test_hints_and_lens_can_be_switched_off(tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    text = "hplint: 1\nmodel:\n  layers:\n    - {type: input, shape: [4]}\n    - {type: dense, units: 2}\n"
    where = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    asked = {"textDocument": {"uri": uri}, "range": where}
    with RawClient() as client:
        client.initialize()
        client.open(uri, text)
        labels = [hint["label"] for hint in client.request("textDocument/inlayHint", asked)["result"]]
        assert labels[0] == "→ (2) · 10 weights"
        assert labels[1].startswith("· activation: linear"), "hints of one place are told apart"
        client.notify(
            "workspace/didChangeConfiguration",
            {"settings": {"hplint": {"inlayHints": {"parameters": False, "defaults": False}, "codeLens": False}}},
        )
        labels = [hint["label"] for hint in client.request("textDocument/inlayHint", asked)["result"]]
        assert labels[0] == "→ (2)"
        assert client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})["result"] is None
