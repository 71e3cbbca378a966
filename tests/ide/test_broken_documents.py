# ruff: noqa: E501  # a table of texts reads best with one text a line
"""Completion works in documents that are broken where the user types, or anywhere else.

The fifteen kinds of broken documents are those that other language servers were measured by; here each of them in
hplint's own format and in Ludwig's, and what corresponds to them in JSON and TOML.
"""

from __future__ import annotations

import pytest
from writing import CURSOR, accepted, offered

# Each: the text, what must be offered, what must not (it is there already, or belongs elsewhere).
HPLINT = {
    "partial key": ("optimizer:\n  learning_rate: 0.1\n  mom¦\ndata: {samples: 3}\n", "momentum"),
    "blank line in a map": ("optimizer:\n  learning_rate: 0.1\n  ¦\ndata: {samples: 3}\n", "momentum"),
    "enum value after the colon": ("task:\n  kind: ¦\n", "multiclass"),
    "unclosed quote above": ("name: \"half\noptimizer:\n  learning_rate: 0.1\n  mom¦\n", "momentum"),
    "unclosed quote below": ("optimizer:\n  learning_rate: 0.1\n  mom¦\ndescription: \"half\n", "momentum"),
    "duplicate key elsewhere": ("name: a\nname: b\noptimizer:\n  learning_rate: 0.1\n  mom¦\n", "momentum"),
    "bad indent elsewhere": ("data:\n    samples: 1\n  features: 2\noptimizer:\n  learning_rate: 0.1\n  mom¦\n", "momentum"),
    "undefined alias elsewhere": ("extra: *gone\noptimizer:\n  learning_rate: 0.1\n  mom¦\n", "momentum"),
    "mid-word with siblings below": ("optimizer:\n  mom¦\n  learning_rate: 0.1\n  betas: [0.9, 0.99]\n", "momentum"),
    "value directly behind the colon": ("task:\n  kind:¦\n", "multiclass"),
    "open flow map": ("optimizer: {learning_rate: 0.1, ¦\n", "momentum"),
    "open flow map with keys below": ("optimizer: {learning_rate: 0.1, ¦\ndata: {samples: 3}\nname: x\n", "momentum"),
    "indented by tabs": ("optimizer:\n\tlearning_rate: 0.1\n\tmom¦\ndata:\n\tsamples: 3\n", "momentum"),
    "second document": ("name: a\n---\nhplint: 1\noptimizer:\n  learning_rate: 0.1\n  mom¦\n", "momentum"),
    "inside conflict marks": (
        "optimizer:\n<<<<<<< HEAD\n  learning_rate: 0.1\n  mom¦\n=======\n  learning_rate: 0.2\n>>>>>>> theirs\nname: x\n",
        "momentum",
    ),
}  # fmt: skip

FEATURES = "input_features:\n  - {name: age, type: number}\noutput_features:\n  - {name: label, type: category}\n"
LUDWIG = {
    "partial key": ("trainer:\n  learning_rate: 0.1\n  epo¦\n", "epochs"),
    "blank line in a map": ("trainer:\n  learning_rate: 0.1\n  ¦\npreprocessing: {}\n", "epochs"),
    "enum value after the colon": ("trainer:\n  optimizer:\n    type: ¦\n", "adamw"),
    "unclosed quote above": ("backend: \"half\ntrainer:\n  learning_rate: 0.1\n  epo¦\n", "epochs"),
    "unclosed quote below": ("trainer:\n  learning_rate: 0.1\n  epo¦\nbackend: \"half\n", "epochs"),
    "duplicate key elsewhere": ("backend: a\nbackend: b\ntrainer:\n  learning_rate: 0.1\n  epo¦\n", "epochs"),
    "bad indent elsewhere": ("combiner:\n    type: concat\n  dropout: 2\ntrainer:\n  learning_rate: 0.1\n  epo¦\n", "epochs"),
    "undefined alias elsewhere": ("backend: *gone\ntrainer:\n  learning_rate: 0.1\n  epo¦\n", "epochs"),
    "mid-word with siblings below": ("trainer:\n  epo¦\n  learning_rate: 0.1\n  batch_size: 3\n", "epochs"),
    "value directly behind the colon": ("trainer:\n  optimizer:\n    type:¦\n", "adamw"),
    "open flow map": ("trainer: {learning_rate: 0.1, ¦\n", "epochs"),
    "open flow map with keys below": ("trainer: {learning_rate: 0.1, ¦\ncombiner: {type: concat}\n", "epochs"),
    "indented by tabs": ("trainer:\n\tlearning_rate: 0.1\n\tepo¦\ncombiner:\n\ttype: concat\n", "epochs"),
    "second document": (f"backend: {{}}\n---\n{FEATURES}trainer:\n  learning_rate: 0.1\n  epo¦\n", "epochs"),
    "inside conflict marks": (
        "trainer:\n<<<<<<< HEAD\n  learning_rate: 0.1\n  epo¦\n=======\n  learning_rate: 0.2\n>>>>>>> theirs\n", "epochs",
    ),
}  # fmt: skip

JSON = {
    "partial key": ('{"hplint": 1, "optimizer": {"learning_rate": 0.1, "mom¦"}}', "momentum"),
    "partial key without its quote": ('{"hplint": 1, "optimizer": {"learning_rate": 0.1, "mom¦\n}}', "momentum"),
    "empty entry": ('{"hplint": 1, "optimizer": {"learning_rate": 0.1, ¦}}', "momentum"),
    "missing comma": ('{"hplint": 1, "optimizer": {"learning_rate": 0.1 ¦}}', "momentum"),
    "missing comma below": ('{"hplint": 1, "optimizer": {¦ "learning_rate": 0.1}}', "momentum"),
    "missing braces": ('{"hplint": 1, "optimizer": {"learning_rate": 0.1, ¦', "momentum"),
    "value after the colon": ('{"hplint": 1, "task": {"kind": ¦}}', "multiclass"),
    "value behind the colon": ('{"hplint": 1, "task": {"kind":¦}}', "multiclass"),
    "value begun": ('{"hplint": 1, "task": {"kind": "mul¦', "multiclass"),
    "missing colon elsewhere": ('{"hplint": 1, "name" "x", "task": {"kind": ¦}}', "multiclass"),
    "trailing comma elsewhere": ('{"hplint": 1, "metrics": ["f1",], "task": {"kind": ¦}}', "multiclass"),
    "wrong closing bracket elsewhere": ('{"hplint": 1, "metrics": ["f1"}, "task": {"kind": ¦}}', "multiclass"),
    "item of a list": ('{"hplint": 1, "model": {"layers": [{"type": "dense", ¦}]}}', "units"),
    "item of a list after a missing comma": ('{"hplint": 1, "model": {"layers": [{"type": "dense"} {¦', "type"),
}

TOML = {
    "partial key": ("hplint = 1\n[optimizer]\nlearning_rate = 0.1\nmom¦\n", "momentum"),
    "blank line in a table": ("hplint = 1\n[optimizer]\nlearning_rate = 0.1\n¦\n[data]\nsamples = 3\n", "momentum"),
    "value after the sign": ("hplint = 1\n[task]\nkind = ¦\n", "multiclass"),
    "value behind the sign": ("hplint = 1\n[task]\nkind =¦\n", "multiclass"),
    "value begun": ('hplint = 1\n[task]\nkind = "mul¦\n', "multiclass"),
    "open inline table": ("hplint = 1\noptimizer = {learning_rate = 0.1, ¦\n", "momentum"),
    "open inline table with tables below": (
        "hplint = 1\noptimizer = {learning_rate = 0.1, ¦\n[data]\nsamples = 3\n",
        "momentum",
    ),
    "open quote above": ('hplint = 1\nname = "half\n[optimizer]\nlearning_rate = 0.1\nmom¦\n', "momentum"),
    "open quote below": ('hplint = 1\n[optimizer]\nlearning_rate = 0.1\nmom¦\n[data]\nsplit = "half\n', "momentum"),
    "duplicate key elsewhere": ("hplint = 1\nname = 1\nname = 2\n[optimizer]\nlearning_rate = 0.1\nmom¦\n", "momentum"),
    "array of tables": ('hplint = 1\n[[model.layers]]\ntype = "dense"\n¦\n[[model.layers]]\ntype = "x"\n', "units"),
    "open array": (
        'hplint = 1\n[model]\nlayers = [\n {type = "dense"},\n {type = "dense", ¦\n[data]\na = 1\n',
        "units",
    ),
    "header": ("hplint = 1\n[opt¦\n", "optimizer"),
    "dotted key": ("hplint = 1\noptimizer.learning_rate = 0.1\noptimizer.mom¦\n", "momentum"),
}


def test_there_are_fifteen() -> None:
    assert len(HPLINT) == len(LUDWIG) == 15
    assert list(HPLINT) == list(LUDWIG)


@pytest.mark.parametrize("name", HPLINT)
def test_hplint(name: str) -> None:
    text, label = HPLINT[name]
    found = offered("hplint: 1\n" + text)
    assert label in found
    assert "learning_rate" not in found
    assert "samples" not in found


@pytest.mark.parametrize("name", LUDWIG)
def test_ludwig(name: str) -> None:
    text, label = LUDWIG[name]
    found = offered(text if name == "second document" else FEATURES + text)
    assert label in found
    assert "learning_rate" not in found
    assert "input_features" not in found


@pytest.mark.parametrize("name", LUDWIG)
def test_ludwig_with_what_tells_its_format_below(name: str) -> None:
    text, label = LUDWIG[name]
    if name not in ("second document", "unclosed quote below"):
        assert label in offered(text + FEATURES)


@pytest.mark.parametrize("name", JSON)
def test_json(name: str) -> None:
    text, label = JSON[name]
    found = offered(text, "run.json")
    assert label in found
    assert "learning_rate" not in found


@pytest.mark.parametrize("name", TOML)
def test_toml(name: str) -> None:
    text, label = TOML[name]
    found = offered(text, "run.toml")
    assert label in found
    assert "learning_rate" not in found


KERAS = '{"class_name": "Sequential", "config": {"name": "m", "layers": ['
KERAS_CASES = {
    "missing comma": (KERAS + '{"class_name": "Dense", "config": {"units": 3 ¦}}]}}', "activation"),
    "missing braces": (KERAS + '{"class_name": "Dense", "config": {"units": 3, ¦', "activation"),
    "key begun": (KERAS + '{"class_name": "Dense", "config": {"units": 3, "act¦', "activation"),
    "value begun": (KERAS + '{"class_name": "Dense", "config": {"units": 3, "activation": "re¦', "relu"),
    "class name": (KERAS + '{"class_name": "¦"}]}}', "Dense"),
    "whole layer": (KERAS + '{"class_name": "Flatten", "config": {}}, ¦]}}', "Dense"),
    "whole layer after a missing comma": (KERAS + '{"class_name": "Flatten", "config": {}} ¦', "Dense"),
}


@pytest.mark.parametrize("name", KERAS_CASES)
def test_keras(name: str) -> None:
    text, label = KERAS_CASES[name]
    found = offered(text, "model.json")
    assert label in found
    assert "output_dim" not in list(found)[:3]


@pytest.mark.parametrize(
    ("text", "label", "after"),
    [
        ("optimizer:\n  learning_rate: 0.1\n  mom¦\n", "momentum", "optimizer:\n  learning_rate: 0.1\n  momentum: \n"),
        ("task:\n  kind:¦\n", "binary", "task:\n  kind: binary\n"),
        ("task:\n  kind:bi¦\n", "binary", "task:\n  kind: binary\n"),
        ("task: {kind:¦\n", "binary", "task: {kind: binary\n"),
        ("optimizer:\n\tlearning_rate: 0.1\n\t¦\n", "momentum", "optimizer:\n\tlearning_rate: 0.1\n\tmomentum: \n"),
        ("optimizer:\n  learning_rate: 0.1\n    ¦\n", "momentum", "optimizer:\n  learning_rate: 0.1\n  momentum: \n"),
        ("optimizer:\n  learning_rate: 0.1\n     mom¦\n", "momentum", "optimizer:\n  learning_rate: 0.1\n  momentum: \n"),
        ("optimizer:\n¦\n  learning_rate: 0.1\n", "momentum", "optimizer:\n  momentum: \n  learning_rate: 0.1\n"),
        ("optimizer:\n  mom¦: 0.9\n", "momentum", "optimizer:\n  momentum: 0.9\n"),
        ("¦\n", "data", "data:\n  \n"),
        ("metrics:\n  - ¦\n", "f1", "metrics:\n  - f1\n"),
        ("metrics: [¦]\n", "f1", "metrics: [f1]\n"),
        ("task:\n  kind: \"mul¦\n", "multiclass", "task:\n  kind: multiclass\n"),
        ("task:\n  kind: mul¦  # which?\n", "multiclass", "task:\n  kind: multiclass  # which?\n"),
        (
            "model:\n  layers:\n    - type: dense\n    ¦\nname: x\n",
            "flatten",
            "model:\n  layers:\n    - type: dense\n    - flatten\nname: x\n",
        ),
        (
            "model:\n  layers:\n  - type: dense\n  ¦\nname: x\n",
            "flatten",
            "model:\n  layers:\n  - type: dense\n  - flatten\nname: x\n",
        ),
        ("model:\n  layers:\n    -¦\n", "flatten", "model:\n  layers:\n    - flatten\n"),
        (
            "model:\n  layers:\n    - ¦\n",
            "dense",
            "model:\n  layers:\n    - type: dense\n      units: 16\n      activation: relu\n",
        ),
        (
            "model:\n  layers:\n    ¦\n",
            "dense",
            "model:\n  layers:\n    - type: dense\n      units: 16\n      activation: relu\n",
        ),
    ],
)  # fmt: skip
def test_what_is_accepted_stands_rightly_in_yaml(text: str, label: str, after: str) -> None:
    assert accepted("hplint: 1\n" + text, label) == "hplint: 1\n" + after


@pytest.mark.parametrize(
    ("text", "label", "after"),
    [
        (
            '{"hplint": 1, "optimizer": {"learning_rate": 0.1 ¦}}',
            "momentum",
            '{"hplint": 1, "optimizer": {"learning_rate": 0.1, "momentum": }}',
        ),
        (
            '{"hplint": 1, "optimizer": {¦ "learning_rate": 0.1}}',
            "momentum",
            '{"hplint": 1, "optimizer": {"momentum": , "learning_rate": 0.1}}',
        ),
        ('{"hplint": 1, "task": {"kind": "mul¦', "multiclass", '{"hplint": 1, "task": {"kind": "multiclass"'),
        ('{"hplint": 1, "task": {"kind": m¦}}', "multiclass", '{"hplint": 1, "task": {"kind": "multiclass"}}'),
    ],
)
def test_what_is_accepted_stands_rightly_in_json(text: str, label: str, after: str) -> None:
    assert accepted(text, label, "run.json") == after


@pytest.mark.parametrize(
    ("text", "label", "after"),
    [
        ("hplint = 1\n[task]\nkind =¦\n", "binary", 'hplint = 1\n[task]\nkind = "binary"\n'),
        ("hplint = 1\n[opt¦]\n", "optimizer", "hplint = 1\n[optimizer]\n"),
        ("hplint = 1\ntask = {kind = ¦}\n", "binary", 'hplint = 1\ntask = {kind = "binary"}\n'),
        ("hplint = 1\n[data]\nsam¦\n", "samples", "hplint = 1\n[data]\nsamples = \n"),
    ],
)
def test_what_is_accepted_stands_rightly_in_toml(text: str, label: str, after: str) -> None:
    assert accepted(text, label, "run.toml") == after


def test_the_format_of_an_earlier_version_counts_where_the_text_no_longer_tells() -> None:
    from hplint import lint
    from hplint.ide.document import document

    last = document(lint(FEATURES, "run.yaml"))
    assert "epochs" in offered(f"'\ntrainer:\n  {CURSOR}\n", last=last)


def test_lines_end_as_those_of_the_file_do() -> None:
    text = "hplint: 1\r\nmodel:\r\n  layers:\r\n    - ¦\r\n"
    assert "- type: dense\r\n      units: 16\r\n" in accepted(text, "dense")


@pytest.mark.parametrize(
    "text",
    [
        'description: "several\n  words ov¦er lines"\n',
        'description: "several\n  wor¦\n  over lines"\n',
        "description: several words\n  over lin¦\n",
        "description: |\n  a text: wi¦\n",
        "description: >\n  a text\n\n  ¦\n",
        "name: x  # a com¦\n",
        "a key that is no ke¦\n",
    ],
)
def test_nothing_is_offered_inside_texts(text: str) -> None:
    assert offered("hplint: 1\n" + text) == {}
