"""Hugging Face's own reading of configs beside hplint's. Runs where transformers, TRL and PEFT are installed."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from hplint import knowledge, lint
from hplint.facts.fact import DEFAULT, UNKNOWN

transformers = pytest.importorskip("transformers")
trl = pytest.importorskip("trl")
peft = pytest.importorskip("peft")

CORPUS = os.environ.get("HPLINT_CORPUS")
DESCRIPTION = knowledge.formats()["hf-trl"]
KNOWN = {"sft": "SFTConfig", "dpo": "DPOConfig", "grpo": "GRPOConfig", "kto": "KTOConfig", "reward": "RewardConfig"}
BASE = "model_name_or_path: Qwen/Qwen2.5-0.5B\ndataset_name: trl-lib/Capybara\noutput_dir: out\nuse_cpu: true\n"


def parsed(kind: str, path: Path) -> dict[str, Any]:
    """Return every argument of a file as TRL's own command line reads it. Raises what the parser raises."""
    mixture = __import__("trl.scripts.utils", fromlist=["DatasetMixtureConfig"]).DatasetMixtureConfig
    classes = (trl.ScriptArguments, getattr(trl, KNOWN[kind]), trl.ModelConfig, mixture)
    with contextlib.redirect_stderr(io.StringIO()):
        groups = trl.TrlParser(classes).parse_args_and_config(["--config", str(path)])
    return {name: value for group in groups for name, value in vars(group).items()}


def corpus_files() -> list[Any]:
    """Every published file of TRL's with the trainer that its folder names."""
    found = []
    for path in sorted(Path(CORPUS or "nowhere", "hf-trl").rglob("*.y*ml")):
        kind = next((kind for kind in KNOWN if kind in path.parts), "sft")
        found.append(pytest.param(kind, path, id="/".join(path.parts[-3:])))
    return found


@pytest.mark.parametrize(("kind", "path"), corpus_files())
def test_published_files_are_read_as_trl_reads_them(kind: str, path: Path, tmp_path: Path) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    classes = (getattr(trl, KNOWN[kind]), trl.ModelConfig, trl.ScriptArguments)
    fields = {name for cls in classes for name in cls.__dataclass_fields__}
    kept = {key: value for key, value in data.items() if key in fields}  # others are of older versions
    kept["use_cpu"] = True
    for key in ("tf32", "num_generations"):  # need a GPU, and seven of them
        kept.pop(key, None)
    current = tmp_path / "config.yaml"
    current.write_text(yaml.safe_dump(kept), encoding="utf-8")
    theirs = parsed(kind, current)
    report = lint(current.read_text(encoding="utf-8"), "config.yaml")
    assert report.training is not None
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    compared = 0
    for fact_path, entry in DESCRIPTION["facts"].items():
        part, _, name = fact_path.partition(".")
        fact = report.training.facts[part].facts.get(name, UNKNOWN)
        keys = entry["key"] if isinstance(entry["key"], list) else [entry["key"]]
        key = next((key for key in keys if key in kept), keys[0])
        if fact is UNKNOWN or "." in key or key not in theirs:
            continue
        their = theirs[key]
        their = getattr(their, "value", their)
        if "values" in entry:
            assert fact.value == entry["values"].get(their, fact.value), fact_path
        elif entry.get("as") in ("limit", "switched_number"):
            assert fact.value == (their if their is not None and their > 0 else None), fact_path
        elif entry.get("as") == "presence":
            assert fact.value == bool(their), fact_path
        elif entry.get("as") == "list" and not isinstance(their, list):
            assert fact.value == [their], fact_path
        elif key in kept or fact.origin == DEFAULT:
            assert fact.value == their or (fact.value in (False, None) and not their), fact_path
        compared += 1
    assert compared > 15


@pytest.mark.parametrize("kind", sorted(DESCRIPTION["trainer_defaults"]))
def test_defaults_are_those_of_the_trainers(kind: str) -> None:
    if kind not in KNOWN:
        pytest.skip("an experimental trainer")
    theirs = getattr(trl, KNOWN[kind])(output_dir="out", use_cpu=True)
    for path, value in DESCRIPTION["trainer_defaults"][kind].items():
        key = DESCRIPTION["facts"][path]["key"]
        assert getattr(theirs, key if isinstance(key, str) else key[0]) == value, path


def test_defaults_are_those_of_the_training_arguments() -> None:
    theirs = transformers.TrainingArguments(output_dir="out", use_cpu=True)
    for path, entry in DESCRIPTION["facts"].items():
        key = entry["key"] if isinstance(entry["key"], str) else entry["key"][0]
        if "default" not in entry or not hasattr(theirs, key):
            continue
        their = getattr(getattr(theirs, key), "value", getattr(theirs, key))
        if "values" in entry:
            their = entry["values"][their]
        if entry.get("as") == "limit":
            their = their if their > 0 else None
        assert their == entry["default"], path


# What TRL's command line refuses, and what it takes; the last entry of a line says which trainer reads it.
REFUSED = """\
learning_rate: high
eval_strategy: no
eval_strategy: epochs
save_strategy: no
save_strategy: step
logging_strategy: off
lr_scheduler_type: cosin
lr_scheduler_type: cosine_annealing
optim: adamw
optim: adam
bf16: true\\nfp16: true
bf16: maybe
per_device_train_batch_size: auto
num_train_epochs: three
max_steps: 1e3
warmup_steps: -1
learning_rte: 1.0e-5
num_train_epoch: 3
per_device_train_batchsize: 8
load_best_model_at_end: true\\neval_strategy: epoch\\nsave_strategy: steps
load_best_model_at_end: true\\neval_strategy: steps\\neval_steps: 300\\nsave_strategy: steps\\nsave_steps: 500
load_best_model_at_end: true
lr_scheduler_type: reduce_lr_on_plateau
dataloader_prefetch_factor: 2
fp16_full_eval: true\\nbf16_full_eval: true
logging_steps: 0
logging_steps: 2.5
save_steps: 100.5
eval_strategy: steps\\neval_steps: 10.5
load_in_8bit: true\\nload_in_4bit: true\\nuse_peft: true
hub_strategy: always
torch_empty_cache_steps: 0
seed: abc
weight_decay: none
adam_beta1: (0.9)
packing: sometimes
save_total_limit: two
accelerator_config: {split_batch: true}
pad_to_multiple_of: x
completion_only_loss: maybe
env: A=1
beta: low | dpo
loss_type: [sigmoid, sft]\\nloss_weights: [1.0] | dpo
desirable_weight: one | kto
num_generations: 1 | grpo
generation_batch_size: 60\\nnum_generations: 8 | grpo
generation_batch_size: 64\\nsteps_per_generation: 2 | grpo
num_generations: 8\\nauto_find_batch_size: true | grpo
warmup_ratio: 0.1
evaluation_strategy: epoch
max_seq_length: 1024
""".splitlines()
TAKEN = """\
learning_rate: 1e-5
learning_rate: "1e-5"
gradient_accumulation_steps: "4"
bf16: "yes"
max_steps: 1.0e+3
lora_target_modules: [q_proj, v_proj]\\nuse_peft: true
lora_target_modules: all-linear\\nuse_peft: true
gradient_checkpointing_kwargs: {use_reentrant: false}
report_to: [wandb, tensorboard]
report_to: none
lr_scheduler_kwargs: {min_lr: 1.0e-6}
greater_is_better: false\\nmetric_for_best_model: wer
neftune_noise_alpha: 5
push_to_hub: "yes"
run_name: 5
dataset_config: 2023
resume_from_checkpoint: true
fsdp: full_shard
pad_to_multiple_of: 8
pad_to_multiple_of: auto
env: {A: 1}
warmup_steps: 0.1
save_strategy: best\\neval_strategy: steps\\nmetric_for_best_model: loss
eval_strategy: "no"
load_best_model_at_end: true\\neval_strategy: epoch\\nsave_strategy: epoch
loss_type: sigmoid | dpo
loss_type: [sigmoid, sft]\\nloss_weights: [1.0, 0.5] | dpo
scale_rewards: true | grpo
num_generations: 8 | grpo
vllm_mode: colocate | grpo
""".splitlines()


def _case(line: str, folder: Path) -> tuple[str, Path, str]:
    body, _, kind = line.partition(" | ")
    path = folder / "config.yaml"
    path.write_text(BASE + body.replace("\\n", "\n") + "\n", encoding="utf-8")
    return kind.strip() or "sft", path, path.read_text(encoding="utf-8")


def test_most_of_what_the_parser_refuses_is_an_error(tmp_path: Path) -> None:
    missed = []
    for line in REFUSED:
        kind, path, text = _case(line, tmp_path)
        with pytest.raises((Exception, SystemExit)):
            parsed(kind, path)
        if not any(finding.severity == "error" for finding in lint(text, "config.yaml").findings):
            missed.append(line)
    assert missed == REFUSED[-3:], "keys of earlier versions are advice unless a version is stated"
    for line in missed:
        _, _, text = _case(line, tmp_path)
        stated = "# hplint: transformers=5.24 trl\n# hplint: trl=1.16\n" + text
        assert any(finding.severity == "error" for finding in lint(stated, "config.yaml").findings)


@pytest.mark.parametrize("line", TAKEN)
def test_what_the_parser_takes_is_no_error(line: str, tmp_path: Path) -> None:
    kind, path, text = _case(line, tmp_path)
    parsed(kind, path)
    assert [finding for finding in lint(text, "config.yaml").findings if finding.severity == "error"] == []


@pytest.mark.parametrize("path", sorted(Path(CORPUS or "nowhere", "peft-adapter-config").rglob("*.json")), ids=str)
def test_adapters_are_read_as_peft_reads_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    theirs = peft.PeftConfig.from_peft_type(**json.loads(text))
    report = lint(text, "adapter_config.json")
    assert report.training is not None
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    tuning = report.training.tuning
    if theirs.peft_type == "LORA":
        assert tuning.rank.value == theirs.r
        assert tuning.alpha.value == theirs.lora_alpha
        assert tuning.dropout.value == theirs.lora_dropout
        assert tuning.rank_stabilised.value == theirs.use_rslora
    assert tuning.base_model.value == theirs.base_model_name_or_path


SIZES = {
    "hidden_size": "hidden_size", "heads": "num_attention_heads", "key_value_heads": "num_key_value_heads",
    "head_size": "head_dim", "vocabulary": "vocab_size", "maximum_positions": "max_position_embeddings",
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(Path(CORPUS or "nowhere", "hf-model-config").rglob("*.json")), ids=str)
def test_model_configs_are_read_as_transformers_reads_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    document = json.loads(text)
    try:
        theirs = transformers.AutoConfig.for_model(document.pop("model_type"), **document)
    except Exception as error:  # a union of errors, one for each kind of check of its strict classes
        pytest.skip(f"transformers does not take it: {error}")
    report = lint(text, "config.json")
    assert report.training is not None
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    values = theirs.to_dict()
    for ours, name in SIZES.items():
        fact = report.training.model.facts.get(ours, UNKNOWN)
        key = theirs.attribute_map.get(name, name)
        if fact is not UNKNOWN and fact.node is not None and key in values:
            assert fact.value == values[key], ours
