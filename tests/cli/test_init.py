"""`hplint init`: asks, says why, and writes what hplint finds nothing in and the framework loads."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from running import Run

from hplint.cli.init import FORMATS
from hplint.findings import INFO
from hplint.init.answers import MODALITIES, QUESTIONS, TASKS, AnswerError, Answers, answers_of, checked
from hplint.init.choices import NETWORK, choose
from hplint.lint import lint
from hplint.settings import Settings

CLASSIFY = ("init", "--task", "multiclass", "--classes", "10", "--modality", "image", "--samples", "50000")


def problems() -> Iterator[Answers]:
    """Yield problems of every kind and size."""
    for task, modality in itertools.product(TASKS, MODALITIES):
        sizes = itertools.product(("", "800", "5000000"), ("64", "2000"), ("yes", "no"), ("", "120"))
        for samples, steps, simple, minutes in sizes:
            said = {
                "task": task, "modality": modality, "classes": "5", "samples": samples, "features": "12", "size": "64",
                "steps": steps, "horizon": "3", "linear": "no", "simple": simple, "minutes": minutes,
            }  # fmt: skip
            yield answers_of({ask.field: said[ask.field] for ask in QUESTIONS if ask.when(said)}, "my-run")


def texts(name: str) -> Iterator[str]:
    """Yield what a writer makes of each problem, each text once."""
    module, _, only_networks, can_be_pretrained = FORMATS[name]
    write = import_module(f"hplint.init.{module}").write
    seen = set()
    for answers in problems():
        choices = choose(answers, only_networks, can_be_pretrained)
        if not only_networks or choices.family == NETWORK:
            text: str = write(choices)
            if text not in seen:
                seen.add(text)
                yield text


@pytest.mark.parametrize("name", FORMATS)
def test_hplint_finds_nothing_in_what_it_writes(name: str) -> None:
    ending = "json" if name == "keras" else "yaml"
    count = 0
    for text in texts(name):
        count += 1
        report = lint(text, f"x.{ending}", Settings(profile="all"))
        assert report.recognition.name == name, text
        assert [finding.message for finding in report.findings if finding.severity != INFO] == [], text
    assert count > 15


@pytest.mark.slow
def test_keras_loads_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    for text in texts("keras"):
        model = keras.models.model_from_json(text)
        assert model.compiled
        assert model.output_shape[-1] == json.loads(text)["config"]["layers"][-1]["config"]["units"]


@pytest.mark.slow
def test_ludwig_loads_what_is_written() -> None:
    base = pytest.importorskip("ludwig.schema.model_types.base")
    pytest.importorskip("hyperopt")  # what Ludwig searches with where trials are expensive
    for text in texts("ludwig"):
        if "distilbert" not in text:  # for which Ludwig asks the network
            assert base.ModelConfig.from_dict(yaml.safe_load(text))


@pytest.mark.slow
def test_the_engine_of_sweeps_takes_what_is_written() -> None:
    sweeps = pytest.importorskip("sweeps")
    for text in texts("wandb-sweep"):
        assert sweeps.next_run(sweeps.SweepConfig(yaml.safe_load(text)), []).config


def test_the_tree_is_followed(run: Run, tmp_path: Path) -> None:
    outcome = run(*CLASSIFY)
    assert outcome.status == 0
    assert "Does it look at images or video?\n  convolutions: they see shapes wherever they are\n" in outcome.err
    written = yaml.safe_load((tmp_path / "train.yaml").read_text())
    assert [layer["type"] for layer in written["model"]["layers"]].count("conv2d") == 3
    assert written["model"]["layers"][-1] == {"type": "dense", "name": "output", "units": 10, "activation": "softmax"}
    assert run("check", "train.yaml").err == "no findings in 1 config\n"


@pytest.mark.parametrize(
    ("arguments", "family"),
    [
        (("--task", "clustering"), "kmeans"),
        (("--task", "regression", "--linear", "yes"), "linear_regression"),
        (("--task", "binary", "--linear", "yes"), "logistic_regression"),
        (("--task", "binary", "--simple", "yes"), "random_forest"),
        (("--task", "binary", "--samples", "900"), "gradient_boosting"),
        (("--task", "binary", "--samples", "9000000"), "neural_network"),
    ],
)
def test_each_branch_leads_to_its_model(run: Run, arguments: tuple[str, ...], family: str) -> None:
    outcome = run("init", *arguments, "--modality", "tabular", "--output-file", "-")
    assert outcome.status == 0, outcome.err
    assert yaml.safe_load(outcome.out)["model"]["family"] == family


def test_long_sequences_are_convolved(run: Run) -> None:
    for steps, kind in (("100", "lstm"), ("5000", "conv1d")):
        out = run(
            "init", "--task", "forecasting", "--modality", "timeseries", "--steps", steps, "--output-file", "-"
        ).out
        assert f"type: {kind}," in out


def test_a_file_that_is_there_is_kept(run: Run, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("mine")
    outcome = run(*CLASSIFY, "--format", "keras")
    assert outcome.status == 2
    assert "model.json is there already" in outcome.err
    assert (tmp_path / "model.json").read_text() == "mine"
    assert run(*CLASSIFY, "--format", "keras", "--force").status == 0


class Person(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_person_is_asked_until_the_answer_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hplint.cli.main import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", Person("cats\nmulticlass\nimage\nten\n10\n\n32\n\n"))
    assert main(["init", "--format", "keras"]) == 0
    err = capsys.readouterr().err
    assert "`cats` is none of binary, multiclass" in err
    assert "`ten` is not a whole number of at least 2" in err
    assert "How many classes are there?" in err
    assert json.loads((tmp_path / "model.json").read_text())["build_config"]["input_shape"] == [None, 32, 32, 3]
    monkeypatch.setattr("sys.stdin", Person("multiclass\n"))
    assert main(["init", "--force"]) == 2
    assert "nothing was written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--modality", "image"), "--task: there must be an answer: binary"),
        (("--task", "multiclass", "--modality", "image"), "--classes: there must be an answer"),
        (("--task", "binary", "--samples", "many"), "--samples: `many` is not a whole number"),
        (("--task", "binary", "--name", "a: b"), "--name: letters, digits"),
        (("--task", "clustering", "--format", "keras"), "--format keras cannot say kmeans"),
        (("train.yaml",), "takes no file"),
    ],
)
def test_what_is_wrong_is_told(run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    outcome = run("init", *arguments)
    assert outcome.status == 2
    assert said in outcome.err
    assert list(tmp_path.glob("*.*")) in ([], [tmp_path / ".cache"])


def test_answers_may_be_short() -> None:
    task = QUESTIONS[0]
    assert checked(task, "Reg") == "regression"
    with pytest.raises(AnswerError):
        checked(task, "multi")
    samples = next(ask for ask in QUESTIONS if ask.field == "samples")
    assert checked(samples, "1,000_000") == "1000000"
