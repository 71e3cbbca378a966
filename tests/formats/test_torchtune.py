"""torchtune: what its components mean, and which of them there are."""

from __future__ import annotations

from typing import Any

import pytest

from hplint.lint import lint

RECIPE = """\
output_dir: /tmp/run
model:
  _component_: torchtune.models.llama3_1.qlora_llama3_1_8b
  lora_attn_modules: [q_proj, v_proj]
  lora_rank: 8
  lora_alpha: 16
checkpointer: {_component_: torchtune.training.FullModelHFCheckpointer, output_dir: "${output_dir}"}
optimizer:
  _component_: bitsandbytes.optim.PagedAdamW
  lr: ${base.lr}
lr_scheduler:
  _component_: torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup
  num_warmup_steps: 200
loss: {_component_: torchtune.modules.loss.LinearCrossEntropyLoss}
base: {lr: 3e-4}
epochs: 2
max_steps_per_epoch: 50
batch_size: 2
clip_grad_norm: null
dtype: bf16
"""


def report(text: str) -> Any:
    return lint(text, "recipe.yaml")


def test_facts_of_components() -> None:
    found = report(RECIPE)
    assert [finding.code for finding in found.findings] == ["LR006"]  # 200 steps of warm-up, 100 in all
    training = found.training
    stated = {
        "optimizer": ("name", "learning_rate", "clip_norm"),
        "schedule": ("name", "warmup_steps", "exists"),
        "loss": ("name",),
        "run": ("epochs", "max_steps", "batch_size", "accumulation"),
        "tuning": ("adapter", "rank", "alpha", "quantization_bits", "base_model", "target_modules"),
        "precision": ("compute",),
        "model": ("pretrained",),
    }
    assert {part: [training.get(part).get(fact).value for fact in facts] for part, facts in stated.items()} == {
        "optimizer": ["paged_adamw", 3e-4, None],
        "schedule": ["cosine", 200, True],
        "loss": ["softmax_crossentropy"],
        "run": [2, 100, 2, 1],
        "tuning": ["qlora", 8, 16, 4, "llama3_1_8b", ["q_proj", "v_proj"]],
        "precision": ["bfloat16"],
        "model": [True],
    }


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("torchtune.models.qwen2_5.lora_qwen2_5_7b", "torchtune.models.qwen2_5.lora_qwen2_5_7b_base"),
        ("torchtune.datasets.alpaca_datset", "torchtune.datasets.alpaca_dataset"),
    ],
)
def test_components_that_do_not_exist_are_found(path: str, nearest: str) -> None:
    (finding,) = report(f"model: {{_component_: {path}}}\n").findings
    assert (finding.code, finding.severity) == ("SCHEMA004", "error")
    assert path in finding.message
    assert nearest in finding.message


@pytest.mark.parametrize(
    "path",
    [
        "torchtune.models.llama2.llama2_7b",
        "torchtune.utils.metric_logging.DiskLogger",  # of releases before 0.4
        "torchtune.training.quantization.Int8DynActInt4WeightQATQuantizer",  # torchao's, by another name
        "my_project.models.Own",
        "${oc.env:MODEL}",
    ],
)
def test_components_of_any_release_and_of_others_are_left_alone(path: str) -> None:
    assert report(f"model: {{_component_: '{path}'}}\n").findings == ()


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ("lr: 1e-4, weight_decay: 0.1, fused: true", []),
        ("lr: 1e-4, weight_decy: 0.1", ["YAML012"]),
        ("lr: fast", ["SCHEMA003"]),
        ("lr: '${lr}'", []),
    ],
)
def test_arguments_of_components_are_checked(arguments: str, codes: list[str]) -> None:
    found = report(f"optimizer: {{_component_: torch.optim.AdamW, {arguments}}}\n").findings
    assert [finding.code for finding in found] == codes


def test_components_within_lists_are_checked_too() -> None:
    found = report("dataset:\n  - {_component_: torchtune.datasets.alpaca_dataset, packd: true}\n").findings
    assert [finding.code for finding in found] == []  # load_dataset takes any further argument
    found = report("x:\n  - {_component_: torchtune.models.llama2.lora_llama2_7b, lora_rnk: 8}\n").findings
    assert [finding.code for finding in found] == ["YAML012"]
