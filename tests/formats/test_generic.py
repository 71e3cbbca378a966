"""Configs without a fixed structure: what the usual key names say, and when they say nothing."""

from __future__ import annotations

import pytest

from hplint import lint
from hplint.facts.fact import UNKNOWN
from hplint.facts.parts import Training


def facts(text: str, path: str = "config.yaml") -> Training:
    """Return the facts of a config that some format claims."""
    training = lint(text, path).training
    assert training is not None
    return training


def found(text: str, path: str = "config.yaml") -> list[str]:
    """Return the codes of what is found."""
    return [finding.code for finding in lint(text, path).findings]


HAND_WRITTEN = """\
model: {name: resnet50, dropout: 0.3}
optimizer: {name: torch.optim.AdamW, lr: 3e-4, weight_decay: 0.05, betas: [0.9, 0.95]}
train: {batch_size: 64, epochs: 30}
val: {batch_size: 256}
"""


def test_the_usual_names_are_read_wherever_they_stand() -> None:
    training = facts(HAND_WRITTEN)
    assert training.format.value == "generic"
    assert training.optimizer.name.value == "adamw"
    assert training.optimizer.learning_rate.value == 3e-4
    assert training.optimizer.betas.value == [0.9, 0.95]
    assert training.run.epochs.value == 30
    assert training.model.dropout.value == 0.3


def test_what_is_for_evaluation_is_not_read() -> None:
    assert facts(HAND_WRITTEN).run.batch_size.value == 64


def test_capitals_and_toml_make_no_difference() -> None:
    assert facts("BATCH_SIZE: 16\nEPOCHS: 50\nLEARNING_RATE: 0.01\n").run.batch_size.value == 16
    assert facts('lr = 0.01\nbatch-size = 8\noptimizer = "sgd"\n', "a.toml").optimizer.name.value == "sgd"


@pytest.mark.parametrize(
    ("text", "part", "fact"),
    [
        ("generator: {lr: 0.1}\ndiscriminator: {lr: 0.2}\nbatch_size: 8\nepochs: 3\n", "optimizer", "learning_rate"),
        ("lr: 0.1\nepochs: 3\nnorm: {momentum: 0.1}\n", "optimizer", "momentum"),
        ("lr: 0.1\nepochs: 3\nmax_steps: -1\n", "run", "max_steps"),
        ("lr: 0\nepochs: 3\nbatch_size: 4\n", "optimizer", "learning_rate"),
        ("lr: 0.1\nepochs: 3\nval_size: 500\n", "data", "validation_share"),
    ],
    ids=["two models", "of a batch normalization", "switched off", "set by the schedule", "a number of examples"],
)
def test_a_name_that_may_mean_something_else_says_nothing(text: str, part: str, fact: str) -> None:
    assert facts(text).get(part).get(fact) is UNKNOWN


def test_a_certain_mistake_is_shown_in_its_place() -> None:
    report = lint("lr: 0.001\nepochs: 10\nbatch_size: 32\ngrad_clip: 1e-9\n", "config.yaml")
    (finding,) = report.findings
    assert finding.code == "OPT010"
    assert report.source.text[finding.span.start : finding.span.end] == "1e-9"


def test_who_reads_the_file_is_unknown_so_its_numbers_are_taken_as_meant() -> None:
    assert found("lr: 1e-3\nbatch_size: 8\nepochs: 2\n") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hydra", "defaults:\n  - model: small\n  - _self_\nlr: 1e-3\n"),
        ("hydra", "net:\n  _target_: torch.nn.Linear\n  in_features: 3\n"),
        ("hydra", "hydra:\n  run:\n    dir: outputs\n"),
        ("nemo", "trainer: {max_epochs: 3}\nexp_manager: {exp_dir: null}\nmodel: {optim: {name: adam, lr: 1e-3}}\n"),
        ("nemo-rl", "defaults: ../base.yaml\npolicy: {model_name: x}\ncluster: {num_nodes: 1}\n"),
        ("hyperpyyaml", "lr: 1e-3\nmodel: !new:torch.nn.Linear\n  in_features: !ref <size>\nsize: 3\n"),
        ("monai", "bundle_root: .\nnetwork_def: {_target_: UNet}\nimports: [$import glob]\n"),
        ("autotrain", "task: llm-sft\nbase_model: a\nproject_name: b\nparams: {lr: 3e-5, epochs: 3}\n"),
        ("gpt-neox", '{"num_layers": 12, "hidden_size": 768, "train_iters": 10, "lr_decay_iters": 10}'),
        ("slowfast", "TRAIN: {BATCH_SIZE: 8}\nDATA: {}\nSOLVER: {BASE_LR: 1e-1}\nMODEL: {ARCH: slow}\n"),
        ("detectron2", "_BASE_: base.yaml\nSOLVER: {BASE_LR: 0.02, STEPS: (60000, 80000)}\n"),
        ("trlx", "train: {epochs: 1}\nmodel: {}\ntokenizer: {}\nmethod: {name: ppoconfig}\noptimizer: {}\n"),
        ("llm-foundry", "model: {}\ntrain_loader: {}\nmax_duration: 1ep\n"),
        ("olmo", "model: {}\noptimizer: {}\nglobal_train_batch_size: 8\ndevice_train_microbatch_size: 2\n"),
    ],
)
def test_formats_are_told_by_their_content(name: str, text: str) -> None:
    report = lint(text, "config.yaml")
    assert (report.recognition.name, report.findings) == (name, ())


def test_yacs_reads_a_bare_exponent_as_a_number() -> None:
    text = "_BASE_: a.yaml\nSOLVER: {BASE_LR: 1e-4, MAX_ITER: 100, WARMUP_ITERS: 10}\n"
    assert facts(text).optimizer.learning_rate.value == 1e-4


SECTION = """\
model: {name: bert-base-uncased}
%s:
  output_dir: out
  learning_rate: 2.0e-5
  per_device_train_batch_size: 16
  num_train_epochs: 3
  eval_strategy: epoch
  save_strategy: steps
  load_best_model_at_end: true
"""


@pytest.mark.parametrize("name", ["training", "training_args", "train", "trainer"])
def test_a_section_of_the_trainers_arguments_is_read_as_the_trainer_reads_them(name: str) -> None:
    report = lint(SECTION % name, "a.yaml")
    assert report.recognition.name == "generic"
    assert report.training is not None
    assert report.training.evaluation.save_strategy.value == "steps"
    assert [finding.code for finding in report.findings] == ["TRAIN007"]
    silent = lint((SECTION % name).replace("  eval_strategy: epoch\n", ""), "a.yaml")
    assert silent.training is not None
    assert not silent.training.evaluation.strategy.is_known  # the script may set it


def test_a_section_with_few_such_names_or_several_such_sections_say_nothing_of_it() -> None:
    few = (SECTION % "train").replace("num_train_epochs", "epochs").replace("per_device_train_batch_size", "batch_size")
    assert lint(few, "a.yaml").findings == ()
    several = SECTION % "first" + SECTION.partition("\n")[2] % "second"
    assert lint(several, "a.yaml").findings == ()


def test_a_section_of_paths_is_no_sign_of_another_program() -> None:
    config = "paths: {out: models}\ntrain: {batch_size: 32, epochs: 5, learning_rate: 0.0003}\n"
    assert facts(config, "params.yaml").format.value == "generic"
