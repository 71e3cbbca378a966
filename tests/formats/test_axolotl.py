"""Axolotl's configs as users write them: recognised, read, and held to what its loader takes."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from hplint import knowledge
from hplint.facts.fact import DEFAULT, UNKNOWN
from hplint.lint import Report, lint
from hplint.schema.check import beyond

CORPUS = os.environ.get("HPLINT_CORPUS", "")
BASE = """\
base_model: NousResearch/Llama-3.2-1B
datasets:
  - {path: mhenrichsen/alpaca_2k_test, type: alpaca}
learning_rate: 2e-4
output_dir: out
"""


def report_on(extra: str = "") -> Report:
    report = lint(BASE + extra, "train.yml")
    assert report.recognition.name == "axolotl"
    return report


def facts(extra: str = "") -> Any:
    training = report_on(extra).training
    assert training is not None
    return training


def codes(extra: str) -> list[str]:
    return [finding.code for finding in report_on(extra).findings]


def test_a_learning_rate_that_stands_as_text_is_read_as_the_number_that_the_loader_makes_of_it() -> None:
    assert facts().optimizer.learning_rate.value == 0.0002
    assert codes("") == []


def test_defaults_of_the_framework_are_known_as_such() -> None:
    training = facts()
    for part, name, value in (
        ("run", "batch_size", 1), ("run", "accumulation", 1), ("run", "epochs", 1.0), ("schedule", "name", "cosine"),
        ("optimizer", "name", "adamw"), ("tuning", "adapter", "none"), ("tuning", "trainer", "sft"),
    ):  # fmt: skip
        found = training.get(part).get(name)
        assert (found.value, found.origin) == (value, DEFAULT), f"{part}.{name}"


@pytest.mark.parametrize(
    ("written", "adapter", "bits"),
    [
        ("adapter: lora\n", "lora", None), ("adapter: qlora\nload_in_4bit: true\n", "qlora", 4),
        ("adapter: lora\nload_in_8bit: true\npeft_use_dora: true\n", "dora", 8), ("adapter:\n", "none", None),
    ],
)  # fmt: skip
def test_adapters_and_the_bits_of_their_base_model(written: str, adapter: str, bits: int | None) -> None:
    tuning = facts(written).tuning
    assert tuning.adapter.value == adapter
    assert (tuning.quantization_bits.value if tuning.quantization_bits is not UNKNOWN else None) == bits


@pytest.mark.parametrize(
    ("written", "kind"),
    [("", "language_modelling"), ("rl: dpo\n", "preference_optimisation"), ("rl: grpo\n", "reinforcement_learning"),
     ("reward_model: true\n", "reward_modelling")],
)  # fmt: skip
def test_the_trainer_tells_the_task(written: str, kind: str) -> None:
    assert facts(written).task.kind.value == kind


@pytest.mark.parametrize(
    ("written", "known"),
    [("", False), ("val_set_size: 0.1\n", True), ("val_set_size: 0\n", False),
     ("test_datasets:\n  - {path: x, type: alpaca}\n", True)],
)  # fmt: skip
def test_whether_there_is_something_to_evaluate_on(written: str, known: bool) -> None:
    assert facts(written).data.has_validation.value is known


def test_older_attention_switches_are_read_as_what_they_mean() -> None:
    assert facts("flash_attention: true\n").tuning.attention.value == "flash_attention_2"
    assert facts("attn_implementation: sdpa\n").tuning.attention.value == "sdpa"


@pytest.mark.parametrize(
    "written",
    ["warmup_steps: 0.1\n", "tokens: {bos_token: <s>}\n", "output_dir:\n", "micro_batch_size: two\n", "rl: dop\n",
     "bf16: maybe\n", "val_set_size: [0.1]\n",
     "lora_dropout: 5\n", "micro_batch_size: 0\n", "optimizer: adamm\n", "lr_scheduler: cosin\n"],
)  # fmt: skip
def test_what_the_loader_refuses_is_an_error(written: str) -> None:
    text = BASE.replace("output_dir: out\n", "") + written
    assert any(finding.severity == "error" for finding in lint(text, "a.yml").findings)


@pytest.mark.parametrize(
    "written",
    ["lora_alpha: '16'\nlora_r: 8\nadapter: lora\n", "sample_packing: 'yes'\n", "micro_batch_size: 2.0\n",
     "weight_decay: 1e-4\n", "bf16: auto\n", "some_note: whatever\n", "seed: ${SEED}\n"],
)  # fmt: skip
def test_what_the_loader_takes_is_no_error(written: str) -> None:
    assert [finding for finding in report_on(written).findings if finding.severity == "error"] == []


def test_a_key_that_the_loader_ignores_is_pointed_out_where_it_is_a_slip() -> None:
    (finding,) = report_on("gradient_acumulation_steps: 4\n").findings
    assert (finding.code, finding.severity) == ("YAML012", "warning")
    assert "gradient_accumulation_steps" in finding.message


def test_the_schema_keeps_to_what_is_checked() -> None:
    schema = knowledge.schema("axolotl")
    assert schema is not None
    assert beyond(schema) == set()
    assert len(schema["properties"]) > 450
    assert set(schema["x-plugins"]) <= set(schema["properties"])


@pytest.mark.skipif(importlib.util.find_spec("axolotl") is None, reason="Axolotl is not installed")
def test_facts_are_what_the_framework_reads() -> None:
    """Values and defaults are those of Axolotl's own model, wherever a key has one that is a plain value."""
    from importlib import import_module

    text = BASE + "adapter: lora\nlora_r: 16\nlora_alpha: '32'\nsample_packing: true\nweight_decay: 1e-2\n"
    theirs = import_module("axolotl.utils.schemas.config").AxolotlInputConfig(**yaml.safe_load(text))
    training: Any = lint(text, "a.yml").training
    compared = 0
    for path, entry in knowledge.formats()["axolotl"]["facts"].items():
        key = entry["key"][0] if isinstance(entry["key"], list) else entry["key"]
        part, _, name = path.rpartition(".")
        found = training.get(part).get(name)
        value = getattr(theirs, key, None) if "." not in key else None
        if "values" in entry or entry.get("as") in ("presence", "optimizers") or value is None or not found.is_known:
            continue
        compared += 1
        assert found.value == value, f"{path}: {found.value!r}, and {value!r} for {key}"
    assert compared > 12


@pytest.mark.skipif(not CORPUS, reason="the corpus is not here")
def test_published_configs() -> None:
    folder = Path(CORPUS, "axolotl")
    verdicts = {entry["file"]: entry["verdict"] for entry in json.loads(Path(CORPUS, "verdicts.json").read_text())}
    wrong = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        report = lint(path.read_bytes(), str(path))
        verdict = verdicts.get(str(path.relative_to(CORPUS)))
        errors = [finding.code for finding in report.findings if finding.severity == "error"]
        if report.recognition.name != "axolotl" or (verdict == "accept" and errors):
            wrong.append((path.name, report.recognition.name, errors))
    assert wrong == []


def test_a_type_that_is_gone_is_found_in_any_data_set() -> None:
    config = (
        "base_model: mistralai/Mistral-7B-v0.1\nmicro_batch_size: 1\nlearning_rate: 0.0002\n"
        "datasets:\n  - {path: a, type: alpaca}\n  - path: b\n    type: sharegpt.load_role\n"
    )
    (finding,) = [one for one in lint(config, "a.yaml").findings if one.code == "SCHEMA007"]
    assert finding.span.start == config.index("sharegpt")
