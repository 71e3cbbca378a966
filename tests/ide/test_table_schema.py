"""Formats without a schema: what their tables read is offered and explained."""

from __future__ import annotations

from hplint import lint
from hplint.ide.completion import complete
from hplint.ide.document import Document
from hplint.ide.hover import hover
from hplint.ide.table_schema import table_schema

DESCRIPTION = {
    "title": "Acme",
    "facts": {
        "optimizer.name": {"key": "optim.name", "as": "optimizers", "default": "adam"},
        "optimizer.learning_rate": {"key": ["optim.lr", "lr"], "as": "number", "default": 0.001},
        "schedule.name": {"key": "optim.schedule", "values": {"cos": "cosine", "lin": "linear"}},
        "run.shuffle": {"key": "shuffle", "as": "bool"},
        "task.kind": {"key": "task", "as": "TaskKind"},
        "loss.name": {"key": "loss", "as": "losses"},
        "loss.label_smoothing": {"key": "loss.smoothing", "as": "number"},
    },
    "parts": {"inputs": {"key": "data.inputs", "part": "Input", "facts": {"name": {"key": "name", "as": "text"}}}},
}


def seen(text: str) -> Document:
    return Document(lint(text, "run.yaml"), "acme", DESCRIPTION, None)


def offered(marked: str) -> list[str]:
    text = marked.replace("¦", "")
    return [completion.label for completion in complete(seen(text), marked.index("¦"))]


def test_the_schema_has_the_first_name_of_each_key() -> None:
    schema = table_schema(DESCRIPTION)
    assert list(schema["properties"]) == ["optim", "shuffle", "task", "loss", "data"]
    assert schema["properties"]["optim"]["properties"]["lr"] == {"type": "number", "default": 0.001}
    assert schema["properties"]["loss"]["type"] == ["object", "string"]
    assert schema["properties"]["data"]["properties"]["inputs"]["items"]["properties"] == {"name": {"type": "string"}}


def test_keys_and_values_are_offered() -> None:
    assert offered("optim: {lr: 0.1, ¦}\n") == ["name", "schedule"]
    assert offered("optim: {schedule: ¦}\n") == ["cos", "lin"]
    assert offered("optim:\n  name: ¦\n")[:2] == ["adamw", "adam"]
    assert offered("shuffle: ¦\n") == ["true", "false"]
    assert offered("task: ¦\n")[0] == "binary"


def test_keys_are_explained_by_the_fact_they_state() -> None:
    shown = hover(seen("optim: {lr: 0.1}\n"), 9)
    assert shown is not None
    assert shown.shown.plain.startswith("lr · number · default 0.001")
    assert "LR002 lr-high" in shown.shown.plain
