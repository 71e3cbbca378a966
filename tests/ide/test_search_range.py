"""Turning a value into a range to search, in the syntax of each format."""

from __future__ import annotations

import pytest
from writing import accepted, offered

from hplint import lint
from hplint.ide.document import document
from hplint.ide.search_range import search_range
from hplint.text import apply_edits

HPLINT = """\
hplint: 1
task: {kind: binary}
model:
  layers:
    - {type: dense, units: 8}
optimizer: {name: adam, learning_rate: 1e-3, weight_decay: 0.0}
training: {epochs: 3, batch_size: 32, seed: 1}
fine_tuning: {rank: 16}
evaluation: {metric: roc_auc}
"""

LUDWIG = """\
input_features:
  - {name: age, type: number}
output_features:
  - {name: label, type: category}
combiner: {type: concat, num_fc_layers: 1, output_size: 64, dropout: 0.1}
trainer: {learning_rate: 0.001, batch_size: 32}
hyperopt:
  parameters:
    trainer.optimizer.type: {space: choice, categories: [adam, sgd]}
"""

WANDB = """\
program: train.py
method: random
run_cap: 10
metric: {name: val_loss, goal: minimize}
parameters:
  lr:
    value: 0.001
  dropout: {value: 0.3}
  optimizer: {value: sgd}
  epochs: {value: 3}
  weight_decay: {distribution: log_uniform_values, min: 0.0001, max: 0.01}
"""

DETERMINED = """\
name: x
entrypoint: train
hyperparameters:
  learning_rate: 0.01
  dropout: {type: const, val: 0.3}
searcher: {name: random, metric: val_loss, max_trials: 3}
"""


def changed(text: str, words: str, path: str = "run.yaml") -> str:
    """Return the text after the value at the first `words` became a range; empty where that is not offered."""
    found = search_range(document(lint(text, path)), text.index(words) + 1)
    return apply_edits(text, found.edits) if found is not None else ""


def title(text: str, words: str) -> str:
    found = search_range(document(lint(text, "run.yaml")), text.index(words) + 1)
    return found.title if found is not None else ""


def test_a_first_search_comes_with_what_it_needs() -> None:
    assert changed(HPLINT, "learning_rate").removeprefix(HPLINT) == (
        "search:\n  algorithm: random\n  metric: roc_auc\n  goal: maximize\n  trials: 30\n  parameters:\n"
        "    optimizer.learning_rate:\n      low: 0.0001\n      high: 0.01\n      log: true\n"
    )


def test_a_further_parameter_joins_the_search() -> None:
    assert changed(LUDWIG, "learning_rate").removeprefix(LUDWIG) == (
        "    trainer.learning_rate:\n      space: loguniform\n      lower: 0.0001\n      upper: 0.01\n"
    )


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (HPLINT, "learning_rate", "Search optimizer.learning_rate from 0.0001 to 0.01 on a log scale"),
        (HPLINT, "weight_decay", "Search optimizer.weight_decay from 1e-06 to 0.1 on a log scale"),
        (HPLINT, "rank", "Search fine_tuning.rank among 8, 16, 32"),
        (HPLINT, "name: adam", "Search optimizer.name among adam, adamw, sgd"),
        (LUDWIG, "dropout", "Search combiner.dropout from 0 to 0.3"),
        (LUDWIG, "output_size", "Search combiner.output_size among 32, 64, 128"),
        (WANDB, "sgd", "Search optimizer among sgd, adamw, adam"),
    ],
)
def test_the_scale_fits_the_hyperparameter(text: str, words: str, said: str) -> None:
    assert title(text, words) == said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HPLINT, "epochs"),  # how long trials run is no hyperparameter
        (HPLINT, "seed"),
        (HPLINT, "batch_size"),
        (HPLINT, "units"),  # an item of a list has no path of keys
        (WANDB, "epochs"),
        (WANDB, "0.0001"),  # a range already
        (WANDB, "run_cap"),
        (
            "hplint: 1\nsearch: {parameters: {optimizer.learning_rate: [1e-3]}}\noptimizer: {learning_rate: 0.1}\n",
            "0.1",
        ),
        ('{"class_name": "Sequential", "config": {"layers": []}}', "layers"),  # Keras has no search
        ("hplint: 1\noptimizer: {learning_rate: 0.1\n", "0.1"),  # a broken text is not changed
    ],
)
def test_what_is_not_offered(text: str, words: str) -> None:
    assert changed(text, words) == ""


def test_a_constant_among_searched_parameters_becomes_a_range() -> None:
    assert "  lr:\n    distribution: log_uniform_values\n    min: 0.0001\n    max: 0.01\n" in changed(WANDB, "0.001")
    assert "  dropout: {distribution: uniform, min: 0.1, max: 0.5}\n" in changed(WANDB, "0.3")
    assert "minval: -3.0\n    maxval: -1.0\n" in changed(DETERMINED, "0.01")
    assert "dropout: {type: double, minval: 0.1, maxval: 0.5}" in changed(DETERMINED, "0.3")


@pytest.mark.parametrize(
    ("text", "words"),
    [(HPLINT, "learning_rate"), (LUDWIG, "dropout"), (WANDB, "0.001"), (WANDB, "sgd"), (DETERMINED, "0.01")],
)
def test_what_is_written_has_no_findings_of_searches_or_schemas(text: str, words: str) -> None:
    found = lint(changed(text, words), "run.yaml").findings
    assert [finding for finding in found if finding.code.startswith(("SRCH", "SCHEMA", "YAML"))] == []


def test_parameters_are_offered_with_their_ranges() -> None:
    found = offered(HPLINT + "search:\n  parameters:\n    ¦\n")
    assert list(found)[:3] == ["optimizer.learning_rate", "optimizer.weight_decay", "fine_tuning.rank"]
    assert found["optimizer.learning_rate"].detail == "from 0.0001 to 0.01 on a log scale"
    assert "it matters most" in found["optimizer.learning_rate"].documentation
    assert accepted(WANDB + "  ¦\n", "momentum") == (
        WANDB + "  momentum:\n    distribution: uniform\n    min: 0.83\n    max: 0.97\n"
    )
    assert "learning_rate" not in offered(WANDB + "  ¦\n")  # it is searched as lr


def test_parameters_of_a_search_that_is_a_list() -> None:
    text = "apiVersion: kubeflow.org/v1beta1\nkind: Experiment\nspec:\n  parameters:\n    - ¦\n"
    assert accepted(text, "learning_rate") == text.replace(
        "¦",
        "name: learning_rate\n      parameterType: double\n      feasibleSpace:\n"
        '        min: "0.0001"\n        max: "0.01"\n        distribution: logUniform',
    )
