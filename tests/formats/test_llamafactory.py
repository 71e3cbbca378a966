"""LLaMA-Factory's configs of both generations: recognised, read as the framework reads them, and checked."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

from hplint import knowledge
from hplint.facts.fact import DEFAULT
from hplint.lint import Report, lint
from hplint.schema.check import beyond

CORPUS = os.environ.get("HPLINT_CORPUS", "")
BASE = """\
model_name_or_path: Qwen/Qwen3-4B-Instruct-2507
stage: sft
do_train: true
finetuning_type: lora
template: qwen3_nothink
dataset: identity,alpaca_en_demo
output_dir: saves/lora
learning_rate: 1e-4
"""
NEWER = """\
model: Qwen/Qwen3-0.6B
peft_config: {name: lora, r: 16, lora_alpha: 32}
train_dataset: data/demo.yaml
micro_batch_size: 2
learning_rate: 1e-4
"""


def report_on(text: str) -> Report:
    report = lint(text, "train.yaml")
    assert report.recognition.name == "llamafactory"
    return report


def facts(text: str) -> Any:
    training = report_on(text).training
    assert training is not None
    return training


def test_an_exponent_without_a_point_is_a_number_to_its_loader() -> None:
    assert facts(BASE).optimizer.learning_rate.value == 0.0001
    assert report_on(BASE).findings == ()


def test_defaults_are_known_as_such() -> None:
    training = facts(BASE)
    for part, name, value in (
        ("run", "batch_size", 8), ("run", "accumulation", 1), ("run", "epochs", 3.0), ("schedule", "name", "linear"),
        ("tuning", "max_length", 2048), ("optimizer", "clip_norm", 1.0), ("data", "has_validation", False),
        ("tuning", "gradient_checkpointing", True), ("precision", "fp16", False),
    ):  # fmt: skip
        found = training.get(part).get(name)
        assert (found.value, found.origin) == (value, DEFAULT), f"{part}.{name}"


@pytest.mark.parametrize(
    ("written", "adapter", "bits"),
    [("", "lora", None), ("use_dora: true\n", "dora", None), ("quantization_bit: 4\n", "lora", 4)],
)
def test_adapters(written: str, adapter: str, bits: int | None) -> None:
    tuning = facts(BASE + written).tuning
    assert (tuning.adapter.value, tuning.quantization_bits.value) == (adapter, bits)


def test_lists_may_stand_as_text_with_commas() -> None:
    assert facts(BASE + "lora_target: q_proj,v_proj\n").tuning.target_modules.value == ["q_proj", "v_proj"]
    assert facts(BASE + "lora_target: [q_proj, v_proj]\n").tuning.target_modules.value == ["q_proj", "v_proj"]
    assert facts(BASE + "lora_target: all\n").tuning.target_modules.value == ["all-linear"]


def test_the_newer_arguments() -> None:
    training = facts(NEWER)
    assert (training.tuning.adapter.value, training.tuning.rank.value) == ("lora", 16)
    assert (training.run.batch_size.value, training.precision.bf16.value) == (2, True)
    assert report_on(NEWER).findings == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("lora_rnak: 8\n", "YAML012"), ("stage: sfft\n", "SCHEMA004"), ("flash_attn: off\n", "YAML002"),
        ("per_device_train_batch_size: two\n", "SCHEMA003"), ("cutoff_len: [1024]\n", "SCHEMA003"),
        ("lora_dropout: 5\n", "REG016"),
        ("learning_rate: 2e-4\n", "YAML005"),
    ],
)  # fmt: skip
def test_what_the_framework_refuses_is_an_error(written: str, code: str) -> None:
    found = [finding for finding in lint(BASE + written, "a.yaml").findings if finding.severity == "error"]
    assert code in [finding.code for finding in found]


@pytest.mark.parametrize(
    "written",
    ["kt_config: {a: 1}\n", "tensor_model_parallel_size: 4\nmoe_grouped_gemm: true\n", "dataset: [a, b]\n",
     "output_dir: ${oc.env:HOME}/x\n", "deepspeed: {zero_optimization: {stage: 2}}\n", "warmup_ratio: 0.1\n",
     "overwrite_output_dir: true\n", "report_to: none\n"],
)  # fmt: skip
def test_what_it_takes_is_no_error(written: str) -> None:
    kept = [line for line in BASE.splitlines() if line.partition(":")[0] != written.partition(":")[0]]
    report = report_on("\n".join([*kept, written]))
    assert [finding.message for finding in report.findings] == []


def test_the_schema_keeps_to_what_is_checked() -> None:
    schema = knowledge.schema("llamafactory")
    assert schema is not None
    assert beyond(schema) == set()


@pytest.mark.skipif(importlib.util.find_spec("llamafactory") is None, reason="LLaMA-Factory is not installed")
def test_facts_are_what_the_framework_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISABLE_VERSION_CHECK", "1")
    import dataclasses
    from importlib import import_module

    hparams = import_module("llamafactory.hparams")
    defaults = {
        field.name: field.default
        for cls in (
            hparams.DataArguments,
            hparams.FinetuningArguments,
            hparams.ModelArguments,
            hparams.TrainingArguments,
        )
        for field in dataclasses.fields(cls)
        if field.default is not dataclasses.MISSING
    }
    description = knowledge.formats()["llamafactory"]
    training = facts(BASE)
    for path, entry in description["facts"].items():
        key = entry["key"][0] if isinstance(entry["key"], list) else entry["key"]
        part, _, name = path.rpartition(".")
        found = training.get(part).get(name)
        if key in defaults and found.origin == DEFAULT and "values" not in entry and entry.get("as") != "presence":
            theirs = getattr(defaults[key], "value", defaults[key])
            assert (found.value, key) in ((theirs, key), (None, key)) or entry["as"] == "optimizers", key


@pytest.mark.skipif(not CORPUS, reason="the corpus is not here")
def test_published_configs() -> None:
    wrong = []
    for path in sorted(path for path in Path(CORPUS, "llamafactory").rglob("*") if path.is_file()):
        report = lint(path.read_bytes(), str(path))
        if report.recognition.name != "llamafactory" or report.findings:
            wrong.append((path.name, report.recognition.name, [finding.code for finding in report.findings]))
    assert wrong == []


OLD = "stage: dpo\nmodel_name_or_path: m\ntemplate: llama3\ndataset: d\noutput_dir: o\nfinetuning_type: lora\n"


@pytest.mark.parametrize(
    "line",
    ["dpo_beta: 0.2", "orpo_beta: 0.1", "visual_inputs: true", "evaluation_strategy: 'no'", "flash_attn: 'off'",
     "infer_backend: ktransformers", "overwrite_output_dir: true", "warmup_ratio: 0.1",
     "image_resolution: 512", "reserved_label_len: 1", "save_safetensors: true"],
)  # fmt: skip
def test_what_an_older_release_took_is_no_error(line: str) -> None:
    assert [finding for finding in lint(f"{OLD}{line}\n", "a.yaml").findings if finding.severity != "info"] == []


def test_a_key_is_held_to_the_release_that_is_stated() -> None:
    def found(version: str) -> list[tuple[str, str, str]]:
        report = lint(f"# hplint: llamafactory={version}\n{OLD}dpo_beta: 0.2\n", "a.yaml")
        return [(finding.code, finding.severity, finding.message) for finding in report.findings]

    assert found("0.7.1") == []
    message = "dpo_beta is gone from llamafactory 0.8.0 on, and this config is for 0.9.5; use pref_beta"
    assert found("0.9.5") == [("FT027", "error", message)]


def test_a_key_that_may_be_of_a_fork_is_a_warning_and_a_slip_is_an_error() -> None:
    def severities(line: str) -> list[tuple[str, str]]:
        return [(finding.code, finding.severity) for finding in lint(f"{OLD}{line}\n", "a.yaml").findings]

    assert severities("zigzag_ring_size: 4") == [("SCHEMA001", "warning")]
    assert severities("learning_rte: 1.0e-5") == [("YAML012", "error")]
