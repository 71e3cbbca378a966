"""A session from beginning to end, as an editor sees it."""

from __future__ import annotations

from typing import Any

import pytest
from raw import RawClient

from hplint.text import Edit, Span, apply_edits

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

        client.change(URI, 2, {"text": applied(SIGMOID, edits)})
        assert not [item for item in client.diagnostics()["diagnostics"] if item["code"] == "ACT001"]
        assert client.leave() == 0


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """Return an ASCII text with edits of the protocol applied."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(position: dict[str, int]) -> int:
        return starts[position["line"]] + position["character"]

    made = [Edit(Span(offset(e["range"]["start"]), offset(e["range"]["end"])), e["newText"]) for e in edits]
    return apply_edits(text, made)


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
