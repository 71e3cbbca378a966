"""Katib, Determined and NNI: what their search spaces mean, and what of it fixes write."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from hplint.formats.searching import fact_set_by
from hplint.lint import lint

KATIB = """\
apiVersion: kubeflow.org/v1beta1
kind: Experiment
spec:
  objective: {{type: minimize, objectiveMetricName: loss}}
  algorithm: {{algorithmName: random}}
  maxTrialCount: 12
  parameters:
    - name: lr
      parameterType: {type}
      feasibleSpace: {space}
  trialTemplate: {{primaryContainerName: training, trialSpec: {{kind: Job}}}}
"""
DETERMINED = (
    "entrypoint: train.py\nhyperparameters:\n  lr: {}\nsearcher: {{name: random, metric: loss, max_trials: 9}}\n"
)


def training(text: str, path: str = "search.yaml") -> Any:
    """Return the facts of a config."""
    found = lint(text, path).training
    assert found is not None
    return found


def parameter(text: str, path: str = "search.yaml") -> Any:
    """Return the only searched hyperparameter of a config."""
    (found,) = training(text, path).search.parts("parameters")
    return found


def stated(found: Any, *facts: str) -> list[Any]:
    return [found.get(fact).value for fact in facts]


def test_katib_writes_numbers_as_text() -> None:
    found = parameter(KATIB.format(type="double", space='{min: "1e-3", max: "0.1", distribution: logUniform}'))
    assert stated(found, "sets", "kind", "low", "high", "log") == [
        "optimizer.learning_rate", "continuous", 0.001, 0.1, True,
    ]  # fmt: skip
    whole = parameter(KATIB.format(type="int", space='{min: "1", max: "3"}'))
    assert stated(whole, "kind", "low", "high", "log") == ["integer", 1, 3, False]


def test_a_number_is_refused_where_katib_takes_text() -> None:
    report = lint(KATIB.format(type="double", space='{min: 0.01, max: "0.05"}'), "k.yaml")
    assert [(finding.code, finding.severity) for finding in report.findings] == [("YAML013", "error")]
    assert report.findings[0].fixes[0].edits[0].text == '"0.01"'


def test_katib_runs_three_trials_at_once_unless_told_otherwise() -> None:
    search = training(KATIB.format(type="int", space='{min: "1", max: "3"}')).search
    assert stated(search, "parallel", "trials", "goal", "metric") == [3, 12, "minimize", "loss"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{type: log, base: 10, minval: -4, maxval: -1}", ["continuous", 0.0001, 0.1, True]),
        ("{type: double, minval: 0.1, maxval: 0.5}", ["continuous", 0.1, 0.5, False]),
        ("{type: int, minval: 1, maxval: 5}", ["integer", 1, 5, False]),
        ("{type: categorical, vals: [1, 2]}", ["categorical", None, None, None]),
        ("0.1", ["constant", None, None, None]),
        ("{type: const, val: 0.1}", ["constant", None, None, None]),
    ],
)
def test_hyperparameters_of_determined(written: str, expected: list[Any]) -> None:
    assert stated(parameter(DETERMINED.format(written)), "kind", "low", "high", "log") == expected


def test_constants_of_determined_are_settings_of_every_trial() -> None:
    assert training(DETERMINED.format("0.1")).optimizer.learning_rate.value == 0.1


def test_a_single_trial_is_no_search() -> None:
    found = training("entrypoint: train.py\nhyperparameters: {lr: 0.1}\nsearcher: {name: single, metric: accuracy}\n")
    assert found.search.exists.value is False
    assert found.search.get("goal").value is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{"_type": "loguniform", "_value": [0.001, 0.1]}', ["continuous", 0.001, 0.1, None, True]),
        ('{"_type": "randint", "_value": [1, 5]}', ["integer", 1, 4, None, False]),
        ('{"_type": "quniform", "_value": [1, 5, 0.5]}', ["continuous", 1, 5, 0.5, False]),
        ('{"_type": "normal", "_value": [0, 1]}', ["continuous", None, None, None, False]),
        ('{"_type": "choice", "_value": [1, 5]}', ["categorical", None, None, None, None]),
    ],
)
def test_search_spaces_of_nni(written: str, expected: list[Any]) -> None:
    found = parameter(f'{{"lr": {written}}}', "search_space.json")
    assert stated(found, "kind", "low", "high", "step", "log") == expected


def test_an_nni_experiment_has_a_search_space_and_an_end() -> None:
    found = training(
        "trialConcurrency: 2\ntrialCommand: python3 train.py\nmaxExperimentDuration: 90m\ntuner: {name: TPE}\n"
        "trainingService: {platform: local}\nsearchSpace:\n  lr: {_type: uniform, _value: [0.1, 0.2]}\n"
    )
    assert stated(found.search, "algorithm", "parallel", "hours", "trials") == ["tpe", 2, 1.5, None]
    assert found.search.parts("parameters")[0].low.value == 0.1


HYDRA = """\
defaults:
  - override hydra/sweeper: optuna
  - override hydra/sweeper/sampler: {sampler}
hydra:
  sweeper: {{direction: maximize, n_trials: 20, n_jobs: 2, params: {{lr: "{sweep}"}}}}
"""


@pytest.mark.parametrize(
    ("sweep", "expected"),
    [
        ("interval(0.1, 0.5)", ["continuous", 0.1, 0.5, None, False, None]),
        ("tag(log, interval(1e-5, 1e-1))", ["continuous", 1e-5, 0.1, None, True, None]),
        ("int(interval(4, 16))", ["integer", 4, 16, None, False, None]),
        ("range(1, 8)", ["integer", 1, 8, 1, False, None]),
        ("range(0.5, 2, step=0.5)", ["continuous", 0.5, 2, 0.5, False, None]),
        ("choice(1, [2, 3], 'a,b')", ["categorical", None, None, None, None, [1, "[2, 3]", "a,b"]]),
        ("0.1, 0.2", ["categorical", None, None, None, None, [0.1, 0.2]]),
        ("interval(low, high)", [None, None, None, None, None, None]),
    ],
)
def test_sweeps_of_hydra(sweep: str, expected: list[Any]) -> None:
    found = parameter(HYDRA.format(sampler="random", sweep=sweep))
    assert stated(found, "kind", "low", "high", "step", "log", "values") == expected


def test_the_optuna_sweeper_of_hydra_is_a_search() -> None:
    found = training(HYDRA.format(sampler="cmaes", sweep="interval(0, 1)")).search
    assert stated(found, "algorithm", "goal", "trials", "parallel") == ["evolution", "maximize", 20, 2]


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("lr", "optimizer.learning_rate"),
        ("--learning-rate", "optimizer.learning_rate"),
        ("optimizer/lr", "optimizer.learning_rate"),
        ("optim.betas", "optimizer.betas"),
        ("bn.momentum", None),
        ("optimizer._target_", "optimizer.name"),
        ("model.depth", None),
    ],
)
def test_names_tell_what_a_hyperparameter_sets(name: str, fact: str | None) -> None:
    assert fact_set_by(name) == fact


SPACE = """{
  "lr": {"_type": "loguniform", "_value": [0.0001, 0.1]},%s
  "batch": {"_type": "choice", "_value": [16, 32],},
}
"""


def test_an_nni_space_that_is_no_json_is_read_as_yaml_as_nni_does() -> None:
    report = lint(SPACE % " # a comment", "search_space.json")
    assert [finding.code for finding in report.findings] == []
    assert report.training is not None
    assert [parameter.name.value for parameter in report.training.search.parts("parameters")] == ["lr", "batch"]


def test_an_nni_space_that_is_no_yaml_either_is_told_of_as_json() -> None:
    text = (SPACE % " // a comment").replace("\n  ", "\n\t")
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)
    assert {finding.code for finding in lint(text, "search_space.json").findings} == {"SYNTAX002"}
