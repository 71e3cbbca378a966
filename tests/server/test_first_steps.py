"""A session from beginning to end, as an editor sees it."""

from __future__ import annotations

from typing import Any

import pytest
from protocol_edits import apply_text_edits
from raw import RawClient

URI = "file:///project/train.yaml"
SIGMOID = """\
hplint: 1
model:
  layers:
    - {type: dense, name: first, units: 8, activation: sigmoid}
    - {type: dense, name: second, units: 8, activation: sigmoid}
    - {type: dense, name: last, units: 1, activation: sigmoid}
loss: binary_crossentropy
"""
LITERALS: dict[str, Any] = {
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}
}


def test_squiggle_then_fix_then_none() -> None:
    with RawClient() as client:
        client.initialize(LITERALS)
        client.open(URI, SIGMOID)
        published = client.diagnostics()
        assert published["uri"] == URI
        found = [item for item in published["diagnostics"] if item["code"] == "ACT001"]
        assert [item["range"]["start"]["line"] for item in found] == [3, 4]
        assert {item["source"] for item in found} == {"hplint"}

        context: dict[str, Any] = {"diagnostics": []}
        params = {"textDocument": {"uri": URI}, "range": found[0]["range"], "context": context}
        actions = client.request("textDocument/codeAction", params)["result"]
        by_title = {action["title"]: action for action in actions}
        assert by_title["Use relu (ACT001)"]["isPreferred"] is True
        edits = by_title["Fix all 2 findings of ACT001 in this file"]["edit"]["changes"][URI]

        client.change(URI, 2, {"text": apply_text_edits(SIGMOID, edits)})
        assert not [item for item in client.diagnostics()["diagnostics"] if item["code"] == "ACT001"]
        assert client.leave() == 0


@pytest.mark.parametrize("refresh", [True, False])
def test_diagnostics_are_pushed_or_pulled_but_never_both(refresh: bool) -> None:
    with RawClient() as client:
        offered = client.initialize(
            {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": refresh}}}
        )
        assert ("diagnosticProvider" in offered) is refresh
        client.open(URI, SIGMOID)
        if not refresh:
            assert client.diagnostics()["diagnostics"]
        else:
            asked = {"textDocument": {"uri": URI}}
            first = client.request("textDocument/diagnostic", asked)["result"]
            assert first["kind"] == "full"
            assert first["items"]
            again = client.request("textDocument/diagnostic", {**asked, "previousResultId": first["resultId"]})
            assert again["result"] == {"kind": "unchanged", "resultId": first["resultId"]}
            assert not client.others
        assert client.leave() == 0


@pytest.mark.parametrize("tags", [[1, 2], [2], None])
def test_what_has_no_effect_is_faded_where_the_client_can(tags: list[int] | None) -> None:
    offered = {"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": tags}} if tags else {}}}
    with RawClient() as client:
        client.initialize(offered)
        client.open(URI, "hplint: 1\n# hplint: ignore[LR001] long gone\noptimizer: {name: adam}\n")
        (found,) = client.diagnostics()["diagnostics"]
        assert found["code"] == "SUPP001"
        assert found.get("tags") == ([1] if tags and 1 in tags else None)


def test_diagnostics_do_not_wait_for_what_is_slow_to_load() -> None:
    with RawClient() as client:
        client.initialize({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}})
        client.open(URI, SIGMOID)
        document = {"textDocument": {"uri": URI}}
        slow = client.ask("textDocument/documentSymbol", document)
        quick = client.ask("textDocument/diagnostic", document)
        assert [client.receive()["id"] for _ in range(2)] == [quick, slow]
        assert client.leave() == 0
