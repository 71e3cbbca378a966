"""Diagnostics of a whole workspace, and of files that belong together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from raw import RawClient

TEXT = "hplint: 1\noptimizer: {zzzzzz: adam}\n"
CLEAN = "hplint: 1\n"
PULLS: dict[str, Any] = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
    "window": {"workDoneProgress": True},
}


def previous(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"uri": item["uri"], "value": item["resultId"]} for item in items if "resultId" in item]


def test_every_config_is_reported_as_the_client_has_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "bad.yaml").write_text(TEXT)
    (tmp_path / "open.yaml").write_text(CLEAN)
    (tmp_path / "clean.json").write_text('{"hplint": 1}')
    (tmp_path / "latin.yaml").write_bytes(b"hplint: 1\na: \xe9\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "other.yaml").write_text(TEXT)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    with RawClient() as client:
        client.initialize(PULLS, rootUri=tmp_path.as_uri())
        client.open((tmp_path / "open.yaml").as_uri(), TEXT, version=3)
        first = client.request("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
        found = {item["uri"].rsplit("/", 1)[-1]: item for item in first}
        assert set(found) == {"bad.yaml", "open.yaml", "clean.json", "latin.yaml"}
        assert [item["code"] for item in found["bad.yaml"]["items"]] == ["SCHEMA001"]
        assert [item["code"] for item in found["open.yaml"]["items"]] == ["SCHEMA001"]
        assert (found["open.yaml"]["version"], found["bad.yaml"]["version"]) == (3, None)
        assert found["clean.json"]["items"] == []
        assert "UTF-8" in found["latin.yaml"]["items"][0]["message"]
        assert client.leave() == 0


def test_an_answer_that_tells_nothing_new_waits_for_a_change(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(TEXT)
    (tmp_path / "b.yaml").write_text(TEXT)
    with RawClient() as client:
        client.initialize(PULLS, rootUri=tmp_path.as_uri())
        first = client.request("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
        waiting = client.ask("workspace/diagnostic", {"previousResultIds": previous(first)})
        # Others are answered meanwhile.
        assert client.request("textDocument/diagnostic", {"textDocument": {"uri": path.as_uri()}})["result"]
        assert not any(message.get("id") == waiting for message in client.others)
        path.write_text(CLEAN)
        change = {"uri": path.as_uri(), "type": 2}
        client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        items = {item["uri"]: item for item in client.answer(waiting)["result"]["items"]}
        assert items[path.as_uri()]["items"] == []
        assert items[(tmp_path / "b.yaml").as_uri()]["kind"] == "unchanged"
        (tmp_path / "b.yaml").unlink()
        gone = client.request("workspace/diagnostic", {"previousResultIds": previous(first)})["result"]["items"]
        assert {item["uri"]: item["items"] for item in gone if item["kind"] == "full"}[
            (tmp_path / "b.yaml").as_uri()
        ] == []
        assert client.leave() == 0


def test_partial_results_and_progress_are_sent_where_asked_for(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number}.yaml").write_text(TEXT)
    with RawClient() as client:
        client.initialize(PULLS, rootUri=tmp_path.as_uri())
        params = {"previousResultIds": [], "partialResultToken": "part", "workDoneToken": "work"}
        answer = client.request("workspace/diagnostic", params)
        assert answer["result"] == {"items": []}
        told = [message["params"] for message in client.others if message["method"] == "$/progress"]
        items = [item for one in told if one["token"] == "part" for item in one["value"]["items"]]
        assert len({item["uri"] for item in items}) == len(items) == 50
        kinds = [one["value"]["kind"] for one in told if one["token"] == "work"]
        assert (kinds[0], kinds[-1], kinds.count("end")) == ("begin", "end", 1)
        assert client.leave() == 0


def test_long_work_can_be_cancelled_and_gives_way_to_typing(tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"{number}.yaml").write_text(TEXT * 1)
    uri = (tmp_path / "open.yaml").as_uri()
    with RawClient() as client:
        client.initialize(PULLS, rootUri=tmp_path.as_uri())
        client.open(uri, TEXT)
        by_request = client.ask("workspace/diagnostic", {"previousResultIds": []})
        assert client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["result"]["items"]
        client.notify("$/cancelRequest", {"id": by_request})
        assert client.answer(by_request)["error"]["code"] == -32800
        by_token = client.ask("workspace/diagnostic", {"previousResultIds": [], "workDoneToken": 7})
        client.notify("window/workDoneProgress/cancel", {"token": 7})
        assert client.answer(by_token)["error"]["code"] == -32800
        ended = [one["params"] for one in client.others if one.get("method") == "$/progress"]
        assert ended[-1] == {"token": 7, "value": {"kind": "end"}}
        assert client.leave() == 0


def test_workspace_without_folders_holds_nothing() -> None:
    with RawClient() as client:
        client.initialize(PULLS)
        assert client.request("workspace/diagnostic", {"previousResultIds": []})["result"] == {"items": []}
        assert client.request("workspace/diagnostic", None)["result"] == {"items": []}


def pushed(client: RawClient, count: int) -> dict[str, list[str]]:
    """Return the codes of the next `count` published diagnostics, by the file's name."""
    published = [client.diagnostics() for _ in range(count)]
    return {one["uri"].rsplit("/", 1)[-1]: [item["code"] for item in one["diagnostics"]] for one in published}


def test_a_client_that_does_not_pull_is_sent_what_is_found_in_all_configs(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml", "open.yaml"):
        (tmp_path / name).write_text(TEXT)
    (tmp_path / "clean.yaml").write_text(CLEAN)
    (tmp_path / "hplint.toml").write_text("profle = 'strict'\nignor = []\n")
    with RawClient() as client:
        client.initialize({"window": {"workDoneProgress": True}}, rootUri=tmp_path.as_uri())
        client.open((tmp_path / "open.yaml").as_uri(), CLEAN)
        found = pushed(client, 4)
        assert found == {
            "a.yaml": ["SCHEMA001"], "b.yaml": ["SCHEMA001"], "open.yaml": [], "hplint.toml": ["settings"] * 2
        }  # fmt: skip

        # Closed without being saved, the file counts again; mended on the disk, it is silent.
        client.notify("textDocument/didClose", {"textDocument": {"uri": (tmp_path / "open.yaml").as_uri()}})
        assert pushed(client, 2) == {"open.yaml": ["SCHEMA001"]}
        (tmp_path / "b.yaml").write_text(CLEAN)
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": (tmp_path / "b.yaml").as_uri()}]})
        assert pushed(client, 1) == {"b.yaml": []}

        off = {"settings": {"hplint": {"workspaceDiagnostics": False}}}
        client.notify("workspace/didChangeConfiguration", off)
        assert pushed(client, 3) == {"a.yaml": [], "open.yaml": [], "hplint.toml": []}
        assert client.leave() == 0


def test_the_user_can_see_and_stop_the_first_look_through_the_workspace(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.yaml").write_text(TEXT)
    with RawClient() as client:
        client.initialize({"window": {"workDoneProgress": True}}, rootUri=tmp_path.as_uri())
        while (asked := client.receive()).get("method") != "window/workDoneProgress/create":
            pass
        client.send({"jsonrpc": "2.0", "id": asked["id"], "result": None})
        assert client.notification("$/progress")["value"]["kind"] == "begin"
        client.notify("window/workDoneProgress/cancel", {"token": asked["params"]["token"]})
        assert client.notification("$/progress")["value"]["kind"] in ("report", "end")
        assert client.leave() == 0
        sent = [one for one in client.others if one.get("method") == "textDocument/publishDiagnostics"]
        assert len(sent) < 300


def test_an_archive_is_told_of_at_its_start_unless_it_is_open_as_text(tmp_path: Path) -> None:
    from zipfile import ZipFile

    config = '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": 0}}]}}'
    with ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", config)
    uri = (tmp_path / "model.keras").as_uri()
    with RawClient() as client:
        client.initialize(PULLS, rootUri=tmp_path.as_uri())
        (item,) = client.request("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
        assert item["uri"] == uri
        start = {"line": 0, "character": 0}
        assert item["items"]
        assert all(found["range"] == {"start": start, "end": start} for found in item["items"])
        client.open(uri.replace("file:", "hplint-keras:"), config, "json")
        assert client.request("workspace/diagnostic", {"previousResultIds": previous([item])})["result"]["items"] == [
            {"uri": uri, "version": None, "kind": "full", "items": []}
        ]


def test_neovim_pulls_documents_and_is_sent_the_rest_of_the_workspace(tmp_path: Path) -> None:
    for name in ("a.yaml", "open.yaml"):
        (tmp_path / name).write_text(TEXT)
    uri = (tmp_path / "open.yaml").as_uri()
    with RawClient() as client:
        offered = client.initialize(PULLS, rootUri=tmp_path.as_uri(), clientInfo={"name": "Neovim"})
        assert offered["diagnosticProvider"]["workspaceDiagnostics"] is False
        while (asked := client.receive()).get("method") != "window/workDoneProgress/create":
            pass
        client.send({"jsonrpc": "2.0", "id": asked["id"], "result": None})
        assert pushed(client, 2) == {"a.yaml": ["SCHEMA001"], "open.yaml": ["SCHEMA001"]}
        client.open(uri, TEXT)
        assert pushed(client, 1) == {"open.yaml": []}  # it would be shown twice
        assert client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["result"]["items"]
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert pushed(client, 1) == {"open.yaml": ["SCHEMA001"]}


@pytest.mark.parametrize("is_project", [False, True])
def test_a_home_is_looked_through_only_if_it_is_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_project: bool
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.yaml").write_text(TEXT)
    if is_project:
        (tmp_path / "hplint.toml").write_text("")
    with RawClient() as client:
        client.initialize(PULLS, rootUri=tmp_path.as_uri())
        found = client.request("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
        assert ("a.yaml" in {item["uri"].rsplit("/", 1)[-1] for item in found}) is is_project
