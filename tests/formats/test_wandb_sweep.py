"""W&B sweeps: what is recognised, what its parameters mean, and the verdicts of the real loader."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from hplint.lint import lint

CORPUS = os.environ.get("HPLINT_CORPUS", "")


def parameters(text: str) -> dict[str, Any]:
    """Return the parameters of a random sweep by name."""
    report = lint("method: random\nmetric: {name: val_loss}\nparameters:\n" + text, "sweep.yaml")
    assert report.training is not None
    return {found.name.value: found for found in report.training.search.parts("parameters")}


@pytest.mark.parametrize(
    ("described", "distribution", "kind"),
    [
        ("{min: 1, max: 5}", "int_uniform", "integer"),
        ("{min: 1, max: 5.0}", "uniform", "continuous"),
        ("{min: 0.1, max: 0.5}", "uniform", "continuous"),
        ("{values: [1, 2]}", "categorical", "categorical"),
        ("{values: [1, 2], probabilities: [0.5, 0.5]}", "categorical_w_probabilities", "categorical"),
        ("{value: 3}", "constant", "constant"),
        ("{distribution: q_log_uniform_values, min: 0.1, max: 1, q: 0.1}", "q_log_uniform_values", "continuous"),
    ],
)
def test_the_distribution_follows_from_how_a_parameter_is_written(described: str, distribution: str, kind: str) -> None:
    found = parameters(f"  x: {described}\n")["x"]
    assert found.distribution.value == distribution
    assert found.kind.value == kind


def test_nested_and_dotted_names_say_what_they_set() -> None:
    found = parameters(
        "  optimizer:\n"
        "    parameters: {lr: {values: [0.1]}, eps: {values: [0.1]}, adam: {parameters: {beta1: {value: 1}}}}\n"
        "  trainer.batch_size: {values: [8]}\n"
        "  epsilon: {min: 0.1, max: 1.0}\n"
        "  optimizer.name: {values: [adam]}\n"
    )
    assert {name: one.sets.value for name, one in found.items()} == {
        "optimizer.lr": "optimizer.learning_rate",
        "optimizer.eps": "optimizer.epsilon",
        "optimizer.adam.beta1": "optimizer.beta_1",
        "trainer.batch_size": "run.batch_size",
        "epsilon": None,  # an agent explores by one too
        "optimizer.name": "optimizer.name",
    }


def test_only_a_scheduler_of_its_own_does_without_a_method() -> None:
    scheduler = "scheduler: {job: 'team/sweeps/job-optuna:latest', resource: local-container}\n"
    search = "program: train.py\nmetric: {name: loss, goal: minimize}\nparameters: {dropout: {values: [0.1, 0.2]}}\n"
    assert "SCHEMA002" not in {found.code for found in lint(scheduler + search, "sweep.yaml").findings}
    assert "SCHEMA002" in {found.code for found in lint(search, "sweep.yaml").findings}


def test_bounds_of_log_uniform_are_exponents_of_e() -> None:
    found = parameters("  lr: {distribution: log_uniform, min: -9.21034, max: 0}\n")["lr"]
    assert found.exponents.value == [-9.21034, 0]
    assert found.low.value == pytest.approx(1e-4, rel=1e-5)
    assert found.high.value == 1.0


@pytest.mark.parametrize("text", ["watch: true\nauto_merge: [a]\n", "parameters: {a: 1}\nmethod: GET\n"])
def test_other_files_called_sweep_are_left_alone(text: str) -> None:
    assert lint(text, "sweep.yaml").recognition.name is None


def corpus() -> list[Path]:
    return sorted(Path(CORPUS, "wandb-sweep").rglob("*.y*ml")) if CORPUS else []


@pytest.mark.skipif(not CORPUS, reason="HPLINT_CORPUS names the folder of published configs")
@pytest.mark.parametrize("path", corpus(), ids=lambda path: "-".join(path.parts[-3:]))
def test_errors_are_those_of_the_real_loader(path: Path) -> None:
    sweeps = pytest.importorskip("sweeps.config.cfg", reason="W&B's sweeps is not installed")
    import yaml

    report = lint(path.read_bytes(), str(path))
    assert report.recognition.name == "wandb-sweep"
    refused = sweeps.schema_violations_from_proposed_config(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert bool(refused) == any(finding.severity == "error" for finding in report.findings)
