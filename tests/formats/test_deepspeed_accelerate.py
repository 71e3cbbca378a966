"""DeepSpeed's JSON and Accelerate's YAML: recognised, read, and held to what their loaders take."""

from __future__ import annotations

import importlib.util
import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hplint import knowledge
from hplint.lint import Report, lint
from hplint.schema.check import beyond

CORPUS = os.environ.get("HPLINT_CORPUS", "")
DEEPSPEED: dict[str, Any] = {
    "train_micro_batch_size_per_gpu": 4,
    "gradient_accumulation_steps": 2,
    "gradient_clipping": 1.0,
    "optimizer": {"type": "AdamW", "params": {"lr": 3e-5, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01}},
    "scheduler": {"type": "WarmupDecayLR", "params": {"warmup_num_steps": 100, "total_num_steps": 1000}},
    "bf16": {"enabled": True},
    "zero_optimization": {"stage": 2, "overlap_comm": True},
}
ACCELERATE = """\
compute_environment: LOCAL_MACHINE
distributed_type: DEEPSPEED
deepspeed_config:
  gradient_accumulation_steps: 4
  zero_stage: 3
downcast_bf16: 'no'
mixed_precision: bf16
num_processes: 8
"""


def deepspeed(**changes: Any) -> Report:
    content = {key: value for key, value in {**DEEPSPEED, **changes}.items() if value is not None}
    report = lint(json.dumps(content), "ds_config.json")
    assert report.recognition.name == "deepspeed"
    return report


def accelerate(extra: str = "", text: str = ACCELERATE) -> Report:
    report = lint(text + extra, "accelerate.yaml")
    assert report.recognition.name == "accelerate"
    return report


def errors(report: Report) -> list[str]:
    return [finding.code for finding in report.findings if finding.severity == "error"]


def test_facts_of_deepspeed() -> None:
    report = deepspeed()
    assert report.findings == ()
    training: Any = report.training
    assert (training.optimizer.name.value, training.optimizer.learning_rate.value) == ("adamw", 3e-5)
    assert (training.run.batch_size.value, training.run.accumulation.value) == (4, 2)
    assert (training.schedule.name.value, training.schedule.warmup_steps.value) == ("linear", 100)
    assert (training.precision.bf16.value, training.sharding.zero_stage.value) == (True, 2)


def test_auto_stands_for_what_the_trainer_fills_in() -> None:
    automatic = dict.fromkeys(("train_batch_size", "train_micro_batch_size_per_gpu", "gradient_clipping"), "auto")
    zero = {"stage": 3, "reduce_bucket_size": "auto"}
    report = deepspeed(**automatic, fp16={"enabled": "auto"}, zero_optimization=zero)
    assert report.findings == ()
    training: Any = report.training
    assert not training.run.batch_size.is_known


@pytest.mark.parametrize(
    "changes",
    [
        {"train_micro_batch_size_per_gpu": "8"}, {"zero_optimization": {"stage": 4}}, {"fp16": {"enbaled": True}},
        {"zero_optimization": {"stage": 2, "overlap_com": True}}, {"gradient_clipping": "1.0"},
        {"train_batch_size": 20},
    ],
)  # fmt: skip
def test_what_deepspeed_refuses_is_an_error(changes: dict[str, Any]) -> None:
    assert errors(deepspeed(**changes)) != []


@pytest.mark.parametrize(
    "changes",
    [{"_comment": "x"}, {"train_batch_size": 64}, {"fp16": {"enabled": "false"}}, {"steps_per_print": 10},
     {"zero_optimization": {"stage3_max_live_parameters": 1e9, "max_reuse_distance": 1e9}}],
)  # fmt: skip
def test_what_deepspeed_takes_is_no_error(changes: dict[str, Any]) -> None:
    assert errors(deepspeed(**changes)) == []


def test_a_key_at_the_top_level_that_deepspeed_ignores_is_a_warning() -> None:
    (finding,) = deepspeed(gradient_clipping=None, gradient_cliping=1.0).findings
    assert (finding.code, finding.severity) == ("YAML012", "warning")


def test_a_block_that_newer_versions_refuse_is_told() -> None:
    (finding,) = deepspeed(sparse_attention={"mode": "fixed"}).findings
    assert (finding.code, finding.severity) == ("FT027", "info")


def test_facts_of_accelerate() -> None:
    report = accelerate()
    assert report.findings == ()
    training: Any = report.training
    assert (training.run.devices.value, training.run.accumulation.value) == (8, 4)
    assert (training.precision.bf16.value, training.precision.fp16.value) == (True, False)
    assert (training.sharding.deepspeed.value, training.sharding.zero_stage.value) == (True, 3)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("distributed_type: DEEPSPEED", "distributed_type: DEEPSPED"), ("mixed_precision: bf16", "mixed_precision: no"),
        ("mixed_precision: bf16", "mixed_precision: fp15"), ("num_processes: 8", "num_proceses: 8"),
        ("num_processes: 8", "gpu_ids: 0"), ("distributed_type: DEEPSPEED\n", ""), ("num_processes: 8", "anything: 1"),
    ],
)  # fmt: skip
def test_what_accelerate_refuses_is_an_error(old: str, new: str) -> None:
    assert errors(accelerate(text=ACCELERATE.replace(old, new))) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("downcast_bf16: 'no'", "downcast_bf16: no"), ("distributed_type: DEEPSPEED", "distributed_type: NO"),
        ("mixed_precision: bf16", "mixed_precision: BF16"), ("num_processes: 8", "num_processes: null"),
        ("mixed_precision: bf16", "fp16: true"), ("mixed_precision: bf16", "dynamo_backend: 'NO'"),
    ],
)  # fmt: skip
def test_what_accelerate_takes_is_no_error(old: str, new: str) -> None:
    assert errors(accelerate(text=ACCELERATE.replace(old, new))) == []


@pytest.mark.parametrize("name", ["deepspeed", "accelerate"])
def test_the_schemas_keep_to_what_is_checked(name: str) -> None:
    schema = knowledge.schema(name)
    assert schema is not None
    assert beyond(schema) == set()


def test_a_batch_size_that_deepspeed_works_out_may_be_null() -> None:
    """DeepSpeed, runtime/config.py: the default of all three is None, and the missing one follows from the others."""
    text = '{"train_batch_size": 128, "train_micro_batch_size_per_gpu": 16, "gradient_accumulation_steps": null}'
    report = lint(text, "ds_config.json")
    assert report.recognition.name == "deepspeed"
    assert not report.findings


@pytest.mark.skipif(importlib.util.find_spec("deepspeed") is None, reason="DeepSpeed is not installed")
def test_facts_are_what_deepspeed_reads() -> None:
    read = import_module("deepspeed.runtime.config").DeepSpeedConfig(dict(DEEPSPEED))
    training: Any = deepspeed().training
    assert training.run.batch_size.value == read.train_micro_batch_size_per_gpu
    assert training.run.accumulation.value == read.gradient_accumulation_steps
    assert training.optimizer.clip_norm.value == read.gradient_clipping
    assert training.precision.bf16.value == read.bfloat16_config.enabled
    assert training.sharding.zero_stage.value == int(read.zero_config.stage)
    assert training.optimizer.learning_rate.value == read.optimizer_params["lr"]


@pytest.mark.skipif(importlib.util.find_spec("accelerate") is None, reason="Accelerate is not installed")
def test_facts_are_what_accelerate_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(ACCELERATE)
    read = import_module("accelerate.commands.config.config_args").load_config_from_file(str(path))
    training: Any = accelerate().training
    assert training.run.devices.value == read.num_processes
    assert (read.mixed_precision == "bf16") is training.precision.bf16.value
    assert training.sharding.zero_stage.value == read.deepspeed_config["zero_stage"]


@pytest.mark.skipif(not CORPUS, reason="the corpus is not here")
@pytest.mark.parametrize(("name", "refused"), [("deepspeed", 5), ("accelerate", 4)])
def test_published_configs(name: str, refused: int) -> None:
    """`refused` is the number of files that the installed loaders refuse, too."""
    paths = sorted(path for path in Path(CORPUS, name).rglob("*") if path.is_file())
    reports = [lint(path.read_bytes(), str(path)) for path in paths]
    assert sum(report.recognition.name == name for report in reports) >= 0.97 * len(reports)
    assert sum(errors(report) != [] for report in reports) == refused


def test_a_file_that_a_script_fills_in_first_is_no_broken_json() -> None:
    template = '{"train_batch_size": CONFIG_BATCH_SIZE, "zero_optimization": {"stage": ZERO_STAGE}}'
    assert not lint(template, "ds_config_TEMPLATE.json").findings
    slip = '{"train_batch_size": 8, "optimizer": {"type": ADAM_W}, "zero_optimization": {"stage": 2}}'
    assert {finding.code for finding in lint(slip, "ds_config.json").findings} == {"SYNTAX002"}
    truth = '{"train_batch_size": 8, "fp16": {"enabled": YES}, "zero_optimization": {"stage": NONE}}'
    assert [finding.code for finding in lint(truth, "ds_config.json").findings] == ["SYNTAX002", "SYNTAX002"]


def test_a_key_that_went_with_a_version_is_told_as_such() -> None:
    config = "compute_environment: LOCAL_MACHINE\ndistributed_type: MULTI_GPU\nipex_config: {}\nnum_processes: 2\n"
    assert [finding.code for finding in lint(config, "a.yaml").findings] == ["FT027"]
