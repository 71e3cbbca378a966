"""`hplint search-space`: what is searched, on which scale, how, and in whose words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from running import Run

from hplint import knowledge, spaces
from hplint.lint import lint
from hplint.ranges import Range, range_for
from hplint.settings import Settings

GOOD = Path(__file__).parents[2] / "examples" / "good"
TUNED = str(GOOD / "text-fine-tuning.yaml")
LUDWIG = str(GOOD / "ludwig-loans.yaml")
ONE = "hplint: 1\noptimizer: {name: adam, learning_rate: 0.01}\n"


def written(run: Run, *arguments: str) -> Any:
    outcome = run("search-space", *arguments)
    assert outcome.status == 0, outcome.err
    return yaml.safe_load(outcome.out)


def test_the_learning_rate_goes_by_powers_of_ten_around_its_value(run: Run) -> None:
    sweep = written(run, TUNED)
    assert sweep["parameters"]["optimizer.learning_rate"] == {
        "distribution": "log_uniform_values", "min": 2e-05, "max": 0.002,
    }  # fmt: skip
    assert sweep["parameters"]["fine_tuning.rank"] == {"values": [8, 16, 32]}
    assert sweep["metric"] == {"name": "f1", "goal": "maximize"}
    assert next(iter(sweep["parameters"])) == "optimizer.learning_rate"


def test_size_and_cost_choose_how_to_search(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(ONE)
    grid = written(run, "a.yaml", "--minutes-per-trial", "1")
    assert (grid["method"], grid["run_cap"]) == ("grid", 5)
    assert grid["parameters"]["optimizer.learning_rate"] == {"values": [0.001, 0.0032, 0.01, 0.032, 0.1]}
    assert written(run, TUNED)["method"] == "random"
    assert written(run, TUNED, "--minutes-per-trial", "90")["method"] == "bayes"
    assert written(run, TUNED, "--algorithm", "grid", "--only", "fine_tuning.rank")["method"] == "grid"
    assert written(run, TUNED, "--trials", "7")["run_cap"] == 7


@pytest.mark.parametrize("target", ["wandb", "katib", "optuna"])
@pytest.mark.parametrize("minutes", ["1", "90"])
def test_hplint_finds_nothing_in_what_it_writes(run: Run, target: str, minutes: str) -> None:
    outcome = run("search-space", TUNED, "--to", target, "--minutes-per-trial", minutes)
    report = lint(outcome.out, f"{target}.yaml", Settings(profile="strict"))
    assert [finding for finding in report.findings if finding.severity != "info"] == []
    assert report.recognition.name == {"wandb": "wandb-sweep", "katib": "katib", "optuna": "hydra"}[target]


def test_ludwig_gets_its_own_section(run: Run) -> None:
    config = Path(LUDWIG).read_text(encoding="utf-8")
    outcome = run("search-space", LUDWIG, "--minutes-per-trial", "90")
    hyperopt = yaml.safe_load(outcome.out)["hyperopt"]
    assert (hyperopt["output_feature"], hyperopt["metric"], hyperopt["goal"]) == ("paid_back", "roc_auc", "maximize")
    report = lint(config + outcome.out, "ludwig.yaml")
    assert report.findings == ()
    assert report.training is not None
    [searched] = report.training.search.parts("parameters")
    assert (searched.get("sets").value, searched.get("log").value) == ("optimizer.learning_rate", True)


def test_katib_and_hydra_say_the_same(run: Run) -> None:
    katib = written(run, TUNED, "--to", "katib")["spec"]
    assert katib["parameters"][0]["feasibleSpace"] == {"min": "2.0e-05", "max": "0.002", "distribution": "logUniform"}
    names = {one["name"] for one in katib["parameters"]}
    assert {one["reference"] for one in katib["trialTemplate"]["trialParameters"]} == names
    hydra = written(run, TUNED, "--to", "optuna")["hydra"]["sweeper"]
    assert hydra["params"]["optimizer.learning_rate"] == "tag(log, interval(2.0e-05, 0.002))"
    assert hydra["direction"] == "maximize"


@pytest.mark.parametrize("target", ["wandb", "katib", "optuna"])
def test_a_config_adds_no_keys_to_a_search(run: Run, tmp_path: Path, target: str) -> None:
    (tmp_path / "a.yaml").write_text(ONE + 'evaluation: {metric: "x\\ninjected: true"}\nextra: {}\n')
    outcome = run("search-space", "a.yaml", "--to", target)
    assert outcome.status == 0
    assert "injected" not in yaml.safe_load(outcome.out)
    assert not [line for line in outcome.out.splitlines() if line.startswith("injected")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.yaml",), "it cannot be read"),
        (("x.yaml",), "is no training config"),
        (("empty.yaml",), "sets nothing by hand that is worth a search"),
        (("a.yaml", "--only", "lr"), "those are: optimizer.learning_rate"),
        (("a.yaml", "--trials", "0"), "--trials: `0` is no positive number"),
        (("a.yaml", "--minutes-per-trial", "nan"), "is no positive number"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "a.yaml").write_text(ONE)
    (tmp_path / "x.yaml").write_text("x: 1\n")
    (tmp_path / "empty.yaml").write_text("hplint: 1\n")
    outcome = run("search-space", *arguments)
    assert outcome.status == 2
    assert said in outcome.err


@given(st.sampled_from(sorted(knowledge.data("ranges"))), st.floats(0, 1e6))
def test_a_range_holds_the_value_and_keeps_to_its_bounds(fact: str, value: float) -> None:
    about = knowledge.data("ranges")[fact]
    found = range_for(fact, round(value) if about.get("whole") else value)
    if found is None:
        return
    least, most = about["within"]
    if found.values:
        assert len(found.values) > 1
        assert all(least <= one <= most for one in found.values)
    else:
        assert found.low is not None
        assert found.high is not None
        assert least <= found.low < found.high <= most or value == 0
        assert found.low > 0 or not found.log


@given(st.floats(1e-8, 1e3), st.floats(1.1, 1e3), st.booleans(), st.booleans())
def test_a_grid_keeps_within_its_range(low: float, times: float, log: bool, whole: bool) -> None:
    points = spaces.points(Range(low, low * times, log, whole, (), ""))
    assert list(points) == sorted(set(points))
    assert all(low * 0.94 - whole <= point <= low * times * 1.06 + whole for point in points)


def test_ludwig_searches_its_own_configs_only(run: Run) -> None:
    outcome = run("search-space", TUNED, "--to", "ludwig")
    assert (outcome.status, outcome.out) == (2, "")
    assert "choose wandb, katib or optuna" in outcome.err
