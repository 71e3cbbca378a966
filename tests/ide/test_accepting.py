"""Whatever is accepted on a new line leaves a text that can be read, with the key where it was offered."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from hplint.ide.completion import KEYS, complete
from hplint.ide.document import document
from hplint.ide.places import places
from hplint.lint import lint
from hplint.parsing import parse
from hplint.text import SourceText, apply_edits

EXAMPLES = Path(__file__).parents[2] / "examples"
PATHS = sorted(EXAMPLES.rglob("*.yaml"))
if "HPLINT_CORPUS" in os.environ:
    PATHS += sorted(
        path
        for folder in ("ludwig", "axolotl", "wandb-sweep", "hf-trl", "llamafactory", "katib", "torchtune", "determined")
        for path in (Path(os.environ["HPLINT_CORPUS"]) / folder).rglob("*.yaml")
    )


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


@given(st.data())
def test_accepted_keys_land_where_they_were_offered(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PATHS))
    text = read(path)
    assume(len(text) < 20_000 and text.endswith("\n") and parse(SourceText(text), "yaml").complete)
    lines = text.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines)))
    near = data.draw(st.sampled_from([lines[max(0, at - 1)], lines[min(at, len(lines) - 1)]]))
    indent = near[: len(near) - len(near.lstrip(" "))] + data.draw(st.sampled_from(["", "  "]))
    before = "".join(lines[:at]) + indent
    whole = before + "\n" + "".join(lines[at:])
    assume(parse(SourceText(whole), "yaml").complete)

    offered = complete(document(lint(whole, path.name)), len(before))
    assume(offered)
    chosen = data.draw(st.sampled_from(offered))
    after = apply_edits(whole, [chosen.edit, *chosen.edits])
    tree = parse(SourceText(after), "yaml")
    assert tree.complete
    if chosen.kind == KEYS:
        wanted = [
            (*(holder.key for holder in place.path[:-1] if holder.key is not None), chosen.label)
            for place in places(whole, "yaml", len(before))
        ]
        start = chosen.edit.span.start + sum(
            len(edit.text) - (edit.span.end - edit.span.start)
            for edit in chosen.edits
            if edit.span.end <= chosen.edit.span.start
        )
        start += len(chosen.edit.text) - len(chosen.edit.text.lstrip(" -"))
        landed = [
            tuple(step for step in value.path() if isinstance(step, str))
            for root in tree.roots
            for node in root.walk()
            for key, value in node.entries
            if key.start == start
        ]
        assert landed[0] in wanted
