"""What can be done about a finding: fixes, suppressions, pages; whatever the client is able to take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest
from protocol_edits import apply
from raw import RawClient

from hplint import knowledge, lint

YAML = """\
hplint: 1
model:
  layers:
    - {type: dense, name: "é😀", units: 8, activation: sigmoid}
    - {type: dense, name: second, units: 8, activation: sigmoid}
    - {type: dense, name: last, units: 1, activation: sigmoid}
loss: binary_crossentropy
"""
JSON = '{"hplint": 1, "optimizer": {"name": "adam", "learning_rate": 0.9}}'
LITERALS: dict[str, Any] = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}


def capabilities(**workspace_edit: Any) -> dict[str, Any]:
    return {
        "textDocument": {"codeAction": LITERALS},
        "workspace": {"workspaceEdit": workspace_edit},
        "window": {"showDocument": {"support": True}},
    }


def actions(client: RawClient, uri: str, place: Any, only: list[str] | None = None) -> dict[str, dict[str, Any]]:
    """Return the code actions at a place by title."""
    context = {"diagnostics": []} if only is None else {"diagnostics": [], "only": only}
    params = {"textDocument": {"uri": uri}, "range": place, "context": context}
    return {action["title"]: action for action in client.request("textDocument/codeAction", params)["result"]}


def first_place(client: RawClient, code: str) -> Any:
    return next(item["range"] for item in client.diagnostics()["diagnostics"] if item["code"] == code)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_every_action_mends_what_it_says(tmp_path: Path, encoding: str) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    offered = capabilities(documentChanges=True, resourceOperations=["create"])
    offered["general"] = {"positionEncodings": [encoding]}
    with RawClient() as client:
        client.initialize(offered, rootUri=tmp_path.as_uri())
        client.open(uri, YAML, version=7)
        found = actions(client, uri, first_place(client, "ACT001"))

        after = apply(YAML, found["Use relu (ACT001)"]["edit"], uri, encoding)
        assert after == YAML.replace("sigmoid", "relu", 1)
        everywhere = apply(YAML, found["Fix all 2 findings of ACT001 in this file"]["edit"], uri, encoding)
        assert everywhere == YAML.replace("sigmoid", "relu", 2)
        assert found["Use relu (ACT001)"]["edit"]["documentChanges"][0]["textDocument"] == {"uri": uri, "version": 7}

        ignored = apply(YAML, found["Ignore ACT001 here"]["edit"], uri, encoding)
        report = lint(ignored, "train.yaml")
        assert len(report.suppressed) == 1
        assert "hplint: ignore[ACT001] say why here" in ignored

        made = found["Ignore ACT001 everywhere, in hplint.toml"]["edit"]["documentChanges"]
        settings = (tmp_path / "hplint.toml").as_uri()
        assert (made[0]["kind"], made[0]["uri"]) == ("create", settings)
        assert apply("", {"documentChanges": made[1:]}, settings, encoding) == 'ignore = ["ACT001"]\n'


def test_fix_all_is_what_the_command_line_would_do(tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    with RawClient() as client:
        client.initialize(capabilities())
        client.open(uri, YAML)
        everything = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
        assert "Apply all safe fixes of hplint" in actions(client, uri, everything, ["source"])
        for only in (["source.fixAll"], ["source.fixAll.hplint"]):
            found = actions(client, uri, everything, only)
            assert list(found) == ["Apply all safe fixes of hplint"]
        after = apply(YAML, found["Apply all safe fixes of hplint"]["edit"], uri, "utf-16")
        assert after == YAML.replace("sigmoid", "relu", 2)
        assert not actions(client, uri, everything, ["source.organizeImports"])
        assert not actions(client, uri, everything, ["quickfix"])


def test_edits_are_made_when_picked_where_the_client_can_ask_then(tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    offered = capabilities()
    offered["textDocument"]["codeAction"] = {
        **LITERALS, "dataSupport": True, "resolveSupport": {"properties": ["edit"]}
    }  # fmt: skip
    with RawClient() as client:
        client.initialize(offered)
        client.open(uri, YAML)
        found = actions(client, uri, first_place(client, "ACT001"))
        assert "edit" in found["Use relu (ACT001)"]
        later = [found[title] for title in ("Ignore ACT001 here", "Apply all safe fixes of hplint")]
        assert not any("edit" in action for action in later)
        ignored, fixed = [client.request("codeAction/resolve", action)["result"] for action in later]
        assert apply(YAML, fixed["edit"], uri, "utf-16") == YAML.replace("sigmoid", "relu", 2)
        assert "ignore[ACT001]" in apply(YAML, ignored["edit"], uri, "utf-16")
        client.change(uri, 2, {"text": "\n" + YAML})
        assert client.request("codeAction/resolve", later[0])["error"]["code"] == -32801
        assert client.request("codeAction/resolve", {"title": "x", "data": {"make": "y"}})["error"]["code"] == -32602


def test_value_becomes_a_range_to_search(tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    text = "hplint: 1\noptimizer:\n  name: adamw\n  learning_rate: 0.001\n"
    place = {"start": {"line": 3, "character": 18}, "end": {"line": 3, "character": 18}}
    with RawClient() as client:
        client.initialize(capabilities())
        client.open(uri, text)
        (action,) = actions(client, uri, place, ["refactor"]).values()
        after = apply(text, action["edit"], uri, "utf-16")
        report = lint(after, "train.yaml")
        assert report.training is not None
        (parameter,) = report.training.search.parts("parameters")
        low, high = parameter.facts["low"].value, parameter.facts["high"].value
        assert low < 0.001 < high
        assert parameter.facts["log"].value is True


def test_unsafe_fixes_say_so_and_are_never_preferred_or_applied_on_saving(tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    layers = ("{type: dense, units: 4}", "{type: dropout, rate: 0.9}", "{type: dense, units: 1}")
    text = "\n".join(["hplint: 1", "model:", "  layers:", *(f"    - {layer}" for layer in layers)]) + "\n"
    with RawClient() as client:
        client.initialize(capabilities())
        client.open(uri, text)
        found = actions(client, uri, first_place(client, "REG002"))
        unsafe = [action for title, action in found.items() if "unsafe: check the result" in title]
        assert unsafe
        assert not any(action.get("isPreferred") for action in unsafe)


def test_json_is_suppressed_in_the_settings_which_may_be_open_and_unsaved(tmp_path: Path) -> None:
    uri, settings = (tmp_path / "train.json").as_uri(), (tmp_path / "pyproject.toml").as_uri()
    (tmp_path / "pyproject.toml").write_text("[tool.hplint]\nselect = ['ALL']\n")
    unsaved = "[project]\nname = 'x'\n\n[tool.hplint]\nselect = ['ALL']\n"
    with RawClient() as client:
        client.initialize(capabilities(documentChanges=True))
        client.open(settings, unsaved, "toml", 3)
        client.open(uri, JSON, "json")
        while (published := client.diagnostics())["uri"] != uri:
            pass
        finding = published["diagnostics"][0]
        found = actions(client, uri, finding["range"])
        title = f"Ignore {finding['code']} here, in pyproject.toml"
        assert found[title]["edit"]["documentChanges"][0]["textDocument"] == {"uri": settings, "version": 3}
        after = apply(unsaved, found[title]["edit"], settings, "utf-16")
        assert '[[tool.hplint.suppressions]]\nfiles = "train.json"\nat = "/optimizer' in after
        # The comment-free file is then silent for the command line, too.
        (tmp_path / "pyproject.toml").write_text(after)
        from hplint.settings import find_settings

        report = lint(JSON, str(tmp_path / "train.json"), find_settings(str(tmp_path)))
        assert finding["code"] in {one.finding.code for one in report.suppressed}


def test_pages_and_the_walk_are_shown_by_the_client(tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    with RawClient() as client:
        client.initialize(capabilities())
        client.open(uri, YAML)
        first = first_place(client, "ACT001")
        nowhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
        found = actions(client, uri, first)
        command = found["Show what ACT001 means"]["command"]
        client.ask("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
        assert client.notification("window/showDocument")["uri"] == knowledge.page_url("ACT001")

        assert "Explain this config" not in actions(client, uri, first, ["quickfix"])
        assert "Explain this config" in actions(client, uri, nowhere, ["source"])
        assert "Explain this config" not in actions(client, uri, nowhere)
        command = found["Explain this config"]["command"]
        client.ask("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
        page = Path(unquote(urlparse(client.notification("window/showDocument")["uri"]).path))
        walk = page.read_text(encoding="utf-8")
        assert walk.startswith("# train.yaml\n\nRead as hplint: ")
        way = re.search(r"\[line \d+\]\(<(.*?)#L\d+>\)", walk)
        assert way is not None, "line numbers lead to the config"
        assert (page.parent / way[1]).resolve() == (tmp_path / "train.yaml").resolve()
        assert client.leave() == 0
        assert not page.exists()


def test_a_client_can_ask_what_a_document_is_taken_for(tmp_path: Path) -> None:
    with RawClient() as client:
        client.initialize()
        said = []
        for name, text in (("train.yaml", YAML), ("compose.yaml", "services: {web: {image: nginx}}\n")):
            client.open((tmp_path / name).as_uri(), text)
            asked = {"command": "hplint.server.describe", "arguments": [(tmp_path / name).as_uri()]}
            said.append(client.request("workspace/executeCommand", asked)["result"])
        assert said[0]["format"] == said[0]["title"] == "hplint"
        assert said[0]["reason"]
        assert said[1]["format"] is None


def test_client_without_code_actions_gets_commands_that_edit(tmp_path: Path) -> None:
    uri = (tmp_path / "train.yaml").as_uri()
    with RawClient() as client:
        client.initialize({"workspace": {"applyEdit": True}})
        client.open(uri, YAML)
        command = actions(client, uri, first_place(client, "ACT001"))["Use relu (ACT001)"]
        asked = {"command": command["command"], "arguments": command["arguments"]}
        client.ask("workspace/executeCommand", asked)
        edit = client.notification("workspace/applyEdit")["edit"]
        assert apply(YAML, edit, uri, "utf-16") == YAML.replace("sigmoid", "relu", 1)


def test_commands_that_are_called_wrongly_are_refused() -> None:
    with RawClient() as client:
        client.initialize()
        for params in (
            {"command": "hplint.none"}, {"command": "hplint.server.openRulePage", "arguments": ["NONE1"]},
            {"command": "hplint.server.openRulePage", "arguments": []},
            {"command": "hplint.server.explain", "arguments": [{"uri": 1}]},
        ):  # fmt: skip
            assert client.request("workspace/executeCommand", params)["error"]["code"] == -32602
        asked = {"command": "hplint.server.explain", "arguments": ["file:///not/open.yaml"]}
        assert client.request("workspace/executeCommand", asked)["result"] is None


def test_nothing_is_offered_for_what_is_not_open(tmp_path: Path) -> None:
    path = tmp_path / "train.yaml"
    path.write_text(YAML)
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    with RawClient() as client:
        client.initialize(capabilities())
        asked = {"textDocument": {"uri": path.as_uri()}, "range": place, "context": {"diagnostics": []}}
        assert client.request("textDocument/codeAction", asked)["result"] is None
