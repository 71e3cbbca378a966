"""LitGPT: facts, and the verdicts of the command that reads the config."""

from __future__ import annotations

from typing import Any

import pytest

from hplint.lint import lint

CONFIG = """\
checkpoint_dir: checkpoints/meta-llama/Llama-2-7b-hf
precision: bf16-true
quantize: bnb.nf4
devices: 2
lora_r: 8
lora_alpha: 16
lora_dropout: 0.05
data:
  class_path: litgpt.data.Alpaca2k
  init_args: {seed: 42, num_workers: 4}
train:
  global_batch_size: 16
  micro_batch_size: 2
  lr_warmup_steps: 10
  epochs: 2
  max_steps: 100
  max_seq_length: 512
  max_norm:
  min_lr: 6e-5
optimizer:
  class_path: torch.optim.AdamW
  init_args: {lr: 2e-4, weight_decay: 0.0, betas: [0.9, 0.95]}
"""


def report(text: str) -> Any:
    return lint(text, "lora.yaml")


def test_facts() -> None:
    found = report(CONFIG)
    assert found.recognition.name == "litgpt"
    assert found.findings == ()
    stated = {
        "run": ("epochs", "max_steps", "batch_size", "effective_batch", "devices", "workers"),
        "optimizer": ("name", "learning_rate", "weight_decay", "betas", "clip_norm"),
        "schedule": ("name", "warmup_steps"),
        "tuning": ("adapter", "rank", "alpha", "dropout", "quantization_bits", "max_length"),
        "precision": ("compute",),
    }
    values = {part: [found.training.get(part).get(fact).value for fact in facts] for part, facts in stated.items()}
    assert values == {
        "run": [2, 100, 2, 16, 2, 4],
        "optimizer": ["adamw", 2e-4, 0.0, [0.9, 0.95], None],
        "schedule": ["cosine", 10],
        "tuning": ["qlora", 8, 16, 0.05, 4, 512],
        "precision": ["bfloat16"],
    }


CHANGES = {
    "lora_r: 8": ["lora_r: '8'", "lora_rank: 8", "lora_r: eight"],
    "  epochs: 2": ["  epochs: 2", "  epoch: 2", "  epochs: two"],
    "seed: 42": ["seed: 1", "sed: 42", "seed: x"],
    "lr: 2e-4": ["lr: 0.1", "learning_rate: 2e-4"],
    "quantize: bnb.nf4": ["quantize: null", "quantize: nf5"],
}
VARIANTS = [
    pytest.param(CONFIG.replace(old, new), id=new.strip()) for old, variants in CHANGES.items() for new in variants
]
REFUSED = ("lora_rank", "lora_r: eight", "epoch:", "two", "sed:", "seed: x", "learning_rate", "nf5")


@pytest.mark.parametrize("text", VARIANTS)
def test_errors_are_those_of_the_command(text: str) -> None:
    refused = any(word in text for word in REFUSED)
    assert any(finding.severity == "error" for finding in report(text).findings) == refused


@pytest.mark.slow
@pytest.mark.parametrize("text", VARIANTS)
def test_verdicts_are_those_of_litgpt(text: str) -> None:
    lora = pytest.importorskip("litgpt.finetune.lora", reason="LitGPT is not installed")
    jsonargparse = pytest.importorskip("jsonargparse")
    if "learning_rate" in text:
        pytest.skip("the optimizer is made when training starts, and its arguments are looked at then")
    parser = jsonargparse.ArgumentParser(exit_on_error=False)
    parser.add_function_arguments(lora.setup)
    refused = any(word in text for word in REFUSED)
    if refused:
        with pytest.raises(jsonargparse.ArgumentError):
            parser.parse_string(text)
    else:
        parser.parse_string(text)


def test_min_lr_counts_in_pretraining_alone() -> None:
    text = "model_name: pythia-14m\ntrain: {global_batch_size: 8, micro_batch_size: 1, min_lr: 6e-5}\n"
    assert report(text).training.schedule.minimum.value == 6e-5
    assert not report(CONFIG).training.schedule.minimum.is_known
