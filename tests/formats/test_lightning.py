"""Lightning CLI: facts of trainers, callbacks and classes, and the verdicts of jsonargparse."""

from __future__ import annotations

from typing import Any

import pytest

from hplint.lint import lint

CONFIG = """\
seed_everything: 42
trainer:
  max_epochs: 100
  devices: 2
  num_nodes: 2
  precision: bf16-mixed
  gradient_clip_val: 0.5
  accumulate_grad_batches: 4
  check_val_every_n_epoch: 2
  callbacks:
    - class_path: lightning.pytorch.callbacks.EarlyStopping
      init_args: {monitor: val/loss, patience: 10}
    - class_path: ModelCheckpoint
      init_args: {monitor: val/loss}
model:
  class_path: my_project.Net
  init_args:
    criterion: {class_path: torch.nn.CrossEntropyLoss}
    num_classes: 10
data:
  class_path: my_project.Data
  init_args: {batch_size: 1e2, num_workers: 4}
optimizer:
  class_path: torch.optim.AdamW
  init_args: {lr: 1e-3, betas: [0.9, 0.95]}
lr_scheduler:
  class_path: torch.optim.lr_scheduler.MultiStepLR
  init_args: {milestones: [30, 60], gamma: 0.1}
"""


def report(text: str) -> Any:
    return lint(text, "config.yaml")


def nested(text: str) -> str:
    return "fit:\n" + "".join(f"  {line}\n" for line in text.splitlines()) + "test: {ckpt_path: best}\n"


@pytest.mark.parametrize("text", [CONFIG, nested(CONFIG)], ids=["flat", "below fit"])
def test_facts(text: str) -> None:
    found = report(text)
    assert found.recognition.name == "lightning"
    assert found.findings == ()
    stated = {
        "run": ("seed", "epochs", "devices", "accumulation", "batch_size", "workers", "effective_batch"),
        "optimizer": ("name", "learning_rate", "betas", "clip_norm"),
        "schedule": ("name", "milestones", "factor", "interval"),
        "early_stopping": ("enabled", "monitor", "mode", "patience", "patience_epochs"),
        "evaluation": ("metric", "mode"),
        "precision": ("compute",),
        "loss": ("name",),
        "task": ("classes",),
    }
    values = {part: [found.training.get(part).get(fact).value for fact in facts] for part, facts in stated.items()}
    assert values == {
        "run": [42, 100, 4, 4, 100, 4, 1600],
        "optimizer": ["adamw", 1e-3, [0.9, 0.95], 0.5],
        "schedule": ["multi_step", [30, 60], 0.1, "epoch"],
        "early_stopping": [True, "val/loss", "min", 10, 20.0],
        "evaluation": ["val/loss", "min"],
        "precision": ["mixed_bfloat16"],
        "loss": ["softmax_crossentropy"],
        "task": [10],
    }


ACCEPTED = [
    "trainer: {max_epochs: '10'}",
    "trainer: {precision: 16, devices: auto}",
    "trainer: {limit_val_batches: 1e-1}",
    "trainer: {callbacks: [{class_path: EarlyStopping, init_args: {monitor: loss, patience: '3'}}]}",
    "optimizer: {class_path: Adam, init_args: {lr: 1e-3}}",
    "optimizer: {class_path: torch.optim.SGD, init_args: {lr: 0.1, nesterov: true, momentum: 0.9}}",
    "lr_scheduler: {class_path: ReduceLROnPlateau, init_args: {monitor: val_loss}}",
]
REFUSED = [
    "trainer: {max_epoch: 10}",
    "trainer: {max_epochs: ten}",
    "trainer: {precision: bf17-mixed}",
    "trainer: {class_path: lightning.pytorch.Trainer}",
    "trainer: {callbacks: [{class_path: EarlyStopping, init_args: {monitor: loss, patiance: 3}}]}",
    "trainer: {callbacks: [{class_path: EarlyStopping, init_args: {monitor: loss, patience: long}}]}",
    "optimizer: {class_path: torch.optim.Adam, init_args: {learning_rate: 1e-3}}",
    "optimizer: {class_path: torch.optim.SGD, init_args: {lr: fast}}",
    "lr_scheduler: {class_path: StepLR, init_args: {step_size: 10, gama: 0.1}}",
]


def errors(text: str) -> list[str]:
    text += "\nmodel: {class_path: my_project.Net}\n"
    return [finding.message for finding in report(text).findings if finding.severity == "error"]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_jsonargparse_accepts_is_no_error(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize("text", REFUSED)
def test_what_jsonargparse_refuses_is_an_error(text: str) -> None:
    assert len(errors(text)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("text", [*ACCEPTED, *REFUSED])
def test_verdicts_are_those_of_jsonargparse(text: str) -> None:
    cli = pytest.importorskip("lightning.pytorch.cli", reason="Lightning is not installed")
    torch = pytest.importorskip("torch")
    import argparse

    parser = cli.LightningArgumentParser(exit_on_error=False)
    parser.add_lightning_class_args(cli.Trainer, "trainer")
    parser.add_subclass_arguments(torch.optim.Optimizer, "optimizer", required=False, skip={"params"})
    parser.add_subclass_arguments(cli.LRSchedulerTypeTuple, "lr_scheduler", required=False, skip={"optimizer"})
    try:
        parser.parse_string(text)
    except argparse.ArgumentError:
        assert text in REFUSED
    else:
        assert text in ACCEPTED


@pytest.mark.parametrize(
    "text",
    [
        "trainer: {gpus: 1, progress_bar_refresh_rate: 20}",  # of releases before 2.0
        "data: {class_path: EncoderDecoder, init_args: {anything: goes}}",
        "trainer: {callbacks: [{class_path: my_project.EarlyStopping, init_args: {own: 1}}]}",
        "trainer: my_trainer.yaml",
        "trainer: null",
    ],
)
def test_older_releases_and_own_classes_are_left_alone(text: str) -> None:
    assert errors(text) == []
