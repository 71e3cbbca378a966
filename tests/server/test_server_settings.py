"""Settings: from the project's files, from the client, and mistakes in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from raw import RawClient

TEXT = "hplint: 1\noptimizer: {zzzzzz: adam}\n"
CREATED, CHANGED, DELETED = 1, 2, 3
WATCHES = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


def codes(published: Any) -> set[str]:
    return {item["code"] for item in published["diagnostics"]}


def test_nearest_settings_file_wins_and_is_watched(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "hplint.toml").write_text('ignore = ["SCHEMA"]\n')
    with RawClient() as client:
        client.initialize(WATCHES, rootUri=tmp_path.as_uri())
        registered = client.notification("client/registerCapability")["registrations"][0]
        assert registered["method"] == "workspace/didChangeWatchedFiles"
        client.open((inner / "a.yaml").as_uri(), TEXT)
        assert codes(client.diagnostics()) == set()
        (inner / "pyproject.toml").write_text("[tool.hplint]\n")
        change = {"uri": (inner / "pyproject.toml").as_uri(), "type": CREATED}
        client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        assert codes(client.diagnostics()) == {"SCHEMA001"}
        (inner / "pyproject.toml").unlink()
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{**change, "type": DELETED}]})
        assert codes(client.diagnostics()) == set()


def test_saving_tells_a_server_whose_client_watches_nothing(tmp_path: Path) -> None:
    uri, settings = (tmp_path / "a.yaml").as_uri(), tmp_path / "hplint.toml"
    with RawClient() as client:
        client.initialize()
        client.open(uri, TEXT)
        assert codes(client.diagnostics()) == {"SCHEMA001"}
        settings.write_text('ignore = ["SCHEMA001"]\n')
        client.notify("textDocument/didSave", {"textDocument": {"uri": settings.as_uri()}})
        assert codes(client.diagnostics()) == set()


def test_editor_settings_are_pulled_by_folder_and_count_where_the_project_has_none(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    (tmp_path / "three" / "hplint.toml").write_text("")
    folders = [{"uri": (tmp_path / name).as_uri(), "name": name} for name in ("one", "two", "three")]
    with RawClient() as client:
        client.initialize({"workspace": {"configuration": True, "workspaceFolders": True}}, workspaceFolders=folders)
        asked = client.receive()
        assert asked["method"] == "workspace/configuration"
        assert [item.get("scopeUri") for item in asked["params"]["items"]] == [None, *(one["uri"] for one in folders)]
        ignored = {"ignore": ["SCHEMA"]}
        client.send({"jsonrpc": "2.0", "id": asked["id"], "result": [None, ignored, {"select": 5}, ignored]})
        expected = {"one": set(), "two": {"SCHEMA001"}, "three": {"SCHEMA001"}}
        for name, found in expected.items():
            client.open((tmp_path / name / "a.yaml").as_uri(), TEXT)
            assert codes(client.diagnostics()) == found, name
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        asked = client.receive()
        client.send({"jsonrpc": "2.0", "id": asked["id"], "result": [{"enable": False}]})
        assert {codes(client.diagnostics()) == set() for _ in range(2)} == {True}


@pytest.mark.parametrize("nested", [True, False])
def test_editor_settings_are_taken_as_they_are_pushed(tmp_path: Path, nested: bool) -> None:
    ignored: Any = {"ignore": ["SCHEMA001"]}
    said = {"hplint": ignored} if nested else ignored
    with RawClient() as client:
        client.initialize(initializationOptions=said)
        client.open((tmp_path / "a.yaml").as_uri(), TEXT)
        assert codes(client.diagnostics()) == set()
        client.notify("workspace/didChangeConfiguration", {"settings": {"hplint": {}}})
        assert codes(client.diagnostics()) == {"SCHEMA001"}
        client.notify("workspace/didChangeConfiguration", {"settings": said})
        assert codes(client.diagnostics()) == set()


def test_settings_that_change_are_told_to_clients_that_pull(tmp_path: Path) -> None:
    refreshes = {name: {"refreshSupport": True} for name in ("diagnostics", "inlayHint", "codeLens")}
    with RawClient() as client:
        client.initialize({"textDocument": {"diagnostic": {}}, "workspace": refreshes})
        client.open((tmp_path / "a.yaml").as_uri(), TEXT)
        client.notify("workspace/didChangeConfiguration", {"settings": {"hplint": {"ignore": ["SCHEMA"]}}})
        asked = [client.receive() for _ in refreshes]
        assert {message["method"] for message in asked} == {
            "workspace/diagnostic/refresh", "workspace/inlayHint/refresh", "workspace/codeLens/refresh"
        }  # fmt: skip
        assert all("params" not in message for message in asked)


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("hplint.toml", 'select = ["ACT"]\nslect = []\n', 1, "did you mean `select`"),
        ("pyproject.toml", "[tool.hplint]\nignore = 5\n", 1, "list of texts"),
        ("pyproject.toml", '[tool.hplint]\n\nignore = ["LR999"]\n', 2, "names no rule"),
    ],
)
def test_mistakes_in_settings_are_shown_where_they_are(
    tmp_path: Path, name: str, text: str, line: int, said: str
) -> None:
    with RawClient() as client:
        client.initialize()
        client.open((tmp_path / name).as_uri(), text, "toml")
        found = [item for item in client.diagnostics()["diagnostics"] if item["code"] == "settings"]
        assert len(found) == 1
        assert said in found[0]["message"]
        assert str(tmp_path) not in found[0]["message"]
        assert found[0]["range"]["start"]["line"] >= line


def test_what_is_no_toml_is_told_once(tmp_path: Path) -> None:
    with RawClient() as client:
        client.initialize()
        client.open((tmp_path / "hplint.toml").as_uri(), "select = [\n", "toml")
        assert len(client.diagnostics()["diagnostics"]) == 1


def test_settings_that_cannot_be_used_are_logged_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "hplint.toml").write_text("slect = []\n")
    with RawClient() as client:
        client.initialize()
        client.open((tmp_path / "a.yaml").as_uri(), TEXT)
        assert codes(client.diagnostics()) == {"SCHEMA001"}
        logged = [
            message["params"]["message"] for message in client.others if "logMessage" in message.get("method", "")
        ]
        assert any("hplint.toml" in text and "`slect`" in text for text in logged)
        assert not any(str(tmp_path) in text for text in logged)


def test_excluded_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "hplint.toml").write_text('exclude = ["vendor"]\n')
    with RawClient() as client:
        client.initialize()
        client.open((tmp_path / "vendor" / "a.yaml").as_uri(), TEXT)
        assert codes(client.diagnostics()) == set()


def test_what_the_baseline_knows_is_not_shown(tmp_path: Path) -> None:
    from hplint import lint
    from hplint.baseline import dump, entries_of

    path = tmp_path / "a.yaml"
    (tmp_path / "known.json").write_text(dump(entries_of([lint(TEXT, str(path))], str(tmp_path))))
    (tmp_path / "hplint.toml").write_text('baseline = "known.json"\n')
    with RawClient() as client:
        client.initialize()
        client.open(path.as_uri(), TEXT)
        assert codes(client.diagnostics()) == set()
        client.change(path.as_uri(), 2, {"text": TEXT + "loss: {yyyyyy: 1}\n"})
        assert len(client.diagnostics()["diagnostics"]) == 1
