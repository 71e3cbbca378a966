"""Where names lead, and renaming them."""

from __future__ import annotations

import pytest
from writing import CURSOR, offered, split

from hplint import lint
from hplint.ide.document import document
from hplint.ide.navigation import definitions, occurrences, renamable, rename
from hplint.text import apply_edits

LUDWIG = """\
input_features:
  - {name: title, type: text}
  - {name: body, type: text, tied: title}
output_features:
  - {name: label, type: category}
  - {name: score, type: number, dependencies: [label]}
trainer: {learning_rate: 0.001, validation_field: score}
hyperopt:
  parameters:
    trainer.learning_rate: {space: loguniform, lower: 0.0001, upper: 0.1}
    title.encoder.dropout: {space: uniform, lower: 0, upper: 0.5}
"""

KERAS_2 = """\
{"class_name": "Functional", "config": {"name": "m", "layers": [
  {"class_name": "InputLayer", "config": {"name": "in", "batch_input_shape": [null, 3]}, "name": "in", "inbound_nodes": []},
  {"class_name": "Dense", "config": {"name": "out", "units": 1}, "name": "out", "inbound_nodes": [[["in", 0, 0, {}]]]}],
  "input_layers": [["in", 0, 0]], "output_layers": [["out", 0, 0]]}}
"""  # noqa: E501  # as Keras writes it

KERAS_3 = """\
{"class_name": "Functional", "config": {"name": "m", "layers": [
  {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 3]}, "name": "in", "inbound_nodes": []},
  {"class_name": "Dense", "config": {"name": "out", "units": 1}, "name": "out", "inbound_nodes": [{"args": [
    {"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "keras_history": ["in", 0, 0]}}], "kwargs": {}}]}],
  "input_layers": [["in", 0, 0]], "output_layers": [["out", 0, 0]]}}
"""  # noqa: E501  # as Keras writes it


def lines_at(marked: str, path: str = "run.yaml") -> list[tuple[int, str, bool]]:
    """Return line, text and whether it is a definition, of every occurrence of what stands at the mark."""
    text, at = split(marked)
    seen = document(lint(text, path))
    return [
        (text.count("\n", 0, one.span.start) + 1, text[one.span.start : one.span.end], one.is_definition)
        for one in occurrences(seen, at)
    ]


def renamed(marked: str, name: str, path: str = "run.yaml") -> str:
    text, at = split(marked)
    found = rename(document(lint(text, path)), at, name)
    return apply_edits(text, found.edits) if found.edits else found.refusal


def mark(text: str, words: str) -> str:
    at = text.index(words) + 1
    return text[:at] + CURSOR + text[at:]


def test_a_feature_is_found_wherever_it_is_named() -> None:
    assert lines_at(mark(LUDWIG, "title, type")) == [(2, "title", True), (3, "title", False), (11, "title", False)]
    assert lines_at(mark(LUDWIG, "label]")) == [(5, "label", True), (6, "label", False)]
    assert lines_at(mark(LUDWIG, "score}")) == [(6, "score", True), (7, "score", False)]


def test_a_searched_parameter_leads_to_its_key() -> None:
    assert lines_at(mark(LUDWIG, "trainer.learning_rate")) == [
        (7, "learning_rate", True),
        (10, "trainer.learning_rate", False),
    ]


def test_renaming_a_feature_changes_every_place() -> None:
    after = renamed(mark(LUDWIG, "title, type"), "headline")
    assert after.count("headline") == 3
    assert "title" not in after
    assert "headline.encoder.dropout" in after


@pytest.mark.parametrize("text", [KERAS_2, KERAS_3])
def test_a_layer_is_renamed_in_the_graph(text: str) -> None:
    after = renamed(mark(text, '"in"'), "image", "model.json")
    assert after == text.replace('"in"', '"image"')
    assert lint(after, "model.json").training is not None


def test_layers_of_nested_models_have_names_of_their_own() -> None:
    inner = '{"class_name": "Sequential", "config": {"name": "part", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2}}]}}'  # noqa: E501  # one layer
    text = (
        '{"class_name": "Sequential", "config": {"name": "m", "layers": ['
        + inner
        + ', {"class_name": "Dense", "config": {"name": "d", "units": 3}}]}}'
    )
    after = renamed(mark(text, '"d", "units": 3'), "e", "model.json")
    assert after == text.replace('"d", "units": 3', '"e", "units": 3')


def test_anchors_and_aliases() -> None:
    text = "hplint: 1\nextra:\n  a: &base {x: 1}\n  b: *base\n  c: [*base]\n  d: {<<: *base}\n"
    assert lines_at(mark(text, "*base")) == [
        (3, "base", True), (4, "base", False), (5, "base", False), (6, "base", False),
    ]  # fmt: skip
    assert renamed(mark(text, "&base"), "shared") == text.replace("base", "shared")
    assert "cannot be a name" in renamed(mark(text, "&base"), "two words")


def test_interpolations() -> None:
    text = "hplint: 1\nextra:\n  size: 3\n  twice: ${extra.size}\n  beside: ${.size}\n  text: a ${extra.size} b\n"
    assert lines_at(mark(text, "size}")) == [
        (3, "size", True), (4, "size", False), (5, "size", False), (6, "size", False),
    ]  # fmt: skip
    assert renamed(mark(text, "size: 3"), "width") == text.replace("size", "width")


def test_a_taken_name_is_refused() -> None:
    assert renamed(mark(LUDWIG, "title, type"), "body") == "there is a feature called `body` already"


def test_what_nothing_refers_to_has_no_definition() -> None:
    text, at = split(mark(LUDWIG, "text}"))
    seen = document(lint(text, "run.yaml"))
    assert definitions(seen, at) == ()
    assert renamable(seen, at) is None
    assert rename(seen, at, "x").refusal


def test_names_of_the_file_are_offered() -> None:
    assert list(offered(LUDWIG.replace("tied: title", "tied: ¦"))) [:1] == ["title"]  # fmt: skip
    assert "label" in offered(LUDWIG.replace("[label]", "[¦]"))
    assert "in" in offered(KERAS_2.replace('[["in", 0, 0, {}]]', '[["¦", 0, 0, {}]]'), "model.json")


def test_ids_of_a_monai_bundle() -> None:
    text = (
        '{"imports": [], "lr": 0.1, "network_def": {"_target_": "UNet", "a": "@l¦r"},\n'
        ' "evaluator": {"_target_": "E", "net": "@network_def", "b": "$@network_def#a + 1"}}\n'
    )
    assert lines_at(text, "bundle.json") == [(1, "lr", True), (1, "lr", False)]
    inside = text.replace("¦", "").replace("#a", "#¦a")
    assert lines_at(inside, "bundle.json") == [(1, "a", True), (2, "a", False)]


def test_parameters_of_a_katib_experiment() -> None:
    text = """\
apiVersion: kubeflow.org/v1beta1
kind: Experiment
spec:
  parameters:
    - {name: lr, parameterType: double, feasibleSpace: {min: "0.1", max: "0.2"}}
  trialTemplate:
    trialParameters:
      - {name: learningRate, reference: l¦r}
"""
    assert lines_at(text) == [(5, "lr", True), (8, "lr", False)]
    assert "name: rate," in renamed(text, "rate")
    assert "reference: rate}" in renamed(text, "rate")
