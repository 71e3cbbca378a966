"""NeMo's experiments: what is passed on to the Trainer, to the experiment manager and to optimizers."""

from __future__ import annotations

import pytest

from hplint.lint import lint

CONFIG = """\
name: ASR
model:
  optim:
    name: adamw
    lr: 1e-3
    weight_decay: 1e-2
    sched:
      name: CosineAnnealing
      warmup_steps: 1000
trainer:
  devices: -1
  max_epochs: 100
  gradient_clip_val: 1.0
  accumulate_grad_batches: 1
  logger: false
exp_manager:
  exp_dir: null
  create_wandb_logger: false
"""


def findings(old: str = "", new: str = "") -> list[tuple[str, str]]:
    return [(found.code, found.severity) for found in lint(CONFIG.replace(old, new, 1), "a.yaml").findings]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("max_epochs", "max_epoch"),
        ("exp_dir", "exp_dri"),
        ("weight_decay", "weight_deacy"),
        ("warmup_steps", "warmup_step"),
    ],
)
def test_a_slip_is_an_error(old: str, new: str) -> None:
    assert findings() == []
    assert findings(old, new) == [("YAML012", "error")]


def test_text_where_the_trainer_needs_a_number_is_an_error() -> None:
    assert findings("max_epochs: 100", "max_epochs: many") == [("SCHEMA003", "error")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("max_epochs: 100", "max_epochs: ${epochs}"),
        ("max_epochs: 100", "max_epochs: ???"),
        ("logger: false", "logger: false\n  ppo: {rollout_size: 8}"),
        ("weight_decay: 1e-2", "weight_decay: 1e-2\n    overlap_grad_sync: true"),
        ("trainer:", "trainer: null\nother:"),
        ("devices: -1", "gpus: 2\n  amp_level: O1\n  checkpoint_callback: false"),
    ],
)  # fmt: skip
def test_what_releases_and_programs_built_on_it_add_is_left_alone(old: str, new: str) -> None:
    assert findings(old, new) == []
