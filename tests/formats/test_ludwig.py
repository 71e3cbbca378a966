"""Ludwig: what a config says of features, layers, training and search, and how older keys are read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from hplint import Settings, lint
from hplint.facts.fact import DEFAULT, UNKNOWN
from hplint.facts.parts import Training

CORPUS = os.environ.get("HPLINT_CORPUS")

CLASSIFIER = """\
input_features:
  - name: review
    type: text
    encoder: {type: rnn, cell_type: lstm, num_layers: 2}
  - name: age
    type: number
output_features:
  - name: sentiment
    type: category
combiner:
  type: concat
  num_fc_layers: 1
  output_size: 64
  activation: tanh
trainer:
  learning_rate: 0.0005
  batch_size: 64
"""


def facts(text: str) -> Training:
    """Return the facts of a Ludwig config."""
    report = lint(text, "config.yaml")
    assert report.recognition.name == "ludwig"
    assert report.training is not None
    return report.training


def test_written_values_and_defaults_are_told_apart() -> None:
    training = facts(CLASSIFIER)
    assert training.optimizer.learning_rate.value == 0.0005
    assert training.optimizer.learning_rate.node is not None
    assert training.optimizer.name.value == "adam"
    assert training.optimizer.name.origin == DEFAULT
    assert training.run.epochs.value == 100
    assert training.early_stopping.patience.value == 5
    assert training.run.effective_batch is UNKNOWN  # the number of devices is decided at launch


def test_a_head_says_what_it_predicts_and_takes_logits() -> None:
    training = facts(CLASSIFIER)
    output = training.outputs[0]
    assert output.task.value == "multiclass"
    assert output.loss.name.value == "softmax_crossentropy"
    assert output.loss.expects.value == "logits"
    assert output.activation.value == "linear"


def test_encoders_combiner_and_decoder_become_a_graph_of_layers() -> None:
    layers = facts(CLASSIFIER).model.layers
    kinds = [layer.kind.value for layer in layers]
    assert kinds == ["input", "embedding", "recurrent", "recurrent", "input", "merge", "dense", "dense"]
    merge = layers[5]
    assert [source.kind.value for source in merge.inputs] == ["recurrent", "input"]
    hidden = layers[6]
    assert (hidden.units.value, hidden.activation.value, hidden.role.value) == (64, "tanh", "hidden")
    assert layers[7].role.value == "output"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - {name: age, type: numerical}", "  - {name: age, type: number}"),
        ("  - {name: age, type: text, encoder: rnn, cell_type: lstm}",
         "  - {name: age, type: text, encoder: {type: rnn, cell_type: lstm}}"),
    ],
)  # fmt: skip
def test_older_features_are_read_as_current_ones(old: str, new: str) -> None:
    after = "\noutput_features:\n  - {name: label, type: category}\n"
    reports = [lint(f"input_features:\n{feature}{after}", "config.yaml") for feature in (old, new)]
    assert [report.findings for report in reports] == [(), ()]
    shown = [[str(layer) for layer in report.training.model.layers] for report in reports if report.training]
    assert shown[0] == shown[1]


def test_the_older_section_training_is_the_trainer() -> None:
    text = "input_features: [{name: a, type: number}]\noutput_features: [{name: b, type: number}]\n"
    training = facts(text + "training:\n  learning_rate: 0.01\n  decay: true\n  decay_rate: 0.9\n")
    assert training.optimizer.learning_rate.value == 0.01
    assert training.schedule.name.value == "exponential"


def test_older_keys_keep_their_places() -> None:
    text = "input_features: [{name: a, type: number}]\noutput_features: [{name: b, type: number}]\n"
    report = lint(text + "training:\n  learning_rate: -1\n", "config.yaml", Settings(select=("LR001",)))
    (finding,) = report.findings
    assert report.source.position(finding.span.start).line == 4
    assert finding.fixes


def test_settings_of_a_feature_type_count_where_the_feature_has_none() -> None:
    text = (
        "input_features:\n  - {name: a, type: number}\n"
        "  - {name: b, type: number, preprocessing: {normalization: minmax}}\n"
        "output_features:\n  - {name: c, type: category}\n"
        "defaults:\n  number:\n    preprocessing:\n      normalization: null\n"
    )
    scaling = [source.scaling.value for source in facts(text).inputs]
    assert scaling == ["none", "minmax"]


def test_hyperopt_is_a_search() -> None:
    search = facts(
        CLASSIFIER
        + "hyperopt:\n  goal: maximize\n  metric: accuracy\n  parameters:\n"
        + "    trainer.learning_rate: {space: loguniform, lower: 0.0001, upper: 0.1}\n"
        + "    combiner.dropout: {space: choice, categories: [0.0, 0.5]}\n"
    ).search
    assert (search.exists.value, search.algorithm.value, search.goal.value) == (True, "random", "maximize")
    rate, dropout = search.parameters
    assert (rate.sets.value, rate.log.value, rate.low.value, rate.high.value) == (
        "optimizer.learning_rate", True, 0.0001, 0.1,
    )  # fmt: skip
    assert rate.current.value == 0.0005
    assert dropout.values.value == [0.0, 0.5]


def test_boosting_has_a_learning_rate_and_no_optimizer() -> None:
    text = "model_type: gbm\ninput_features: [{name: a, type: number}]\noutput_features: [{name: b, type: binary}]\n"
    training = facts(text)
    assert training.model.family.value == "gradient_boosting"
    assert training.optimizer.name is UNKNOWN


def test_fine_tuning_an_llm() -> None:
    training = facts(
        "model_type: llm\nbase_model: acme/base-7b\n"
        "input_features: [{name: prompt, type: text}]\noutput_features: [{name: answer, type: text}]\n"
        "adapter: {type: lora, r: 16, alpha: 32}\nquantization: {bits: 4}\n"
        "trainer: {type: finetune, learning_rate: 0.0002}\n"
    )
    assert training.task.kind.value == "language_modelling"
    assert training.model.pretrained.value is True
    assert (training.tuning.rank.value, training.tuning.alpha.value, training.tuning.quantization_bits.value) == (
        16,
        32,
        4,
    )


def test_early_stopping_can_be_off() -> None:
    training = facts(CLASSIFIER + "  early_stop: -1\n")
    assert training.early_stopping.enabled.value is False
    assert training.early_stopping.patience.value is None


@pytest.mark.skipif(not CORPUS, reason="HPLINT_CORPUS names no folder of published configs")
def test_published_configs_that_ludwig_accepts_have_no_error() -> None:
    root = Path(CORPUS or "")
    verdicts = json.loads((root / "verdicts.json").read_text(encoding="utf-8"))
    accepted = {entry["file"] for entry in verdicts if entry["verdict"] == "accept"}
    for path in sorted((root / "ludwig").rglob("*.yaml")):
        report = lint(path.read_bytes(), str(path))
        assert report.recognition.name == "ludwig", path
        if str(path.relative_to(root)) in accepted:
            assert not [finding for finding in report.findings if finding.severity == "error"], path


TWO = """\
input_features:
  - {name: a, type: number}
  - {name: b, type: number}
output_features: [{name: a, type: binary}]
"""
TRANSLATION = """\
input_features: [{name: en, type: text, encoder: {type: bert, pretrained_model_name_or_path: bert-base-uncased}}]
output_features: [{name: fr, type: text}]
"""


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        (TWO, []),
        (TWO.replace("name: b", "name: a"), ["a"]),
        (TRANSLATION, ["bert-base-uncased"]),
        (TRANSLATION.replace("fr, type: text", "fr, type: category"), []),
        (TRANSLATION + "model_type: llm\n", []),
    ],
    ids=["an output may be called like an input", "two inputs", "text to text", "text to class", "for an llm"],
)
def test_what_ludwig_refuses_of_several_features_is_an_error(config: str, shown: list[str]) -> None:
    report = lint(config, "config.yaml")
    refused = [finding for finding in report.findings if finding.code == "SCHEMA007"]
    assert [report.source.text[finding.span.start : finding.span.end] for finding in refused] == shown
