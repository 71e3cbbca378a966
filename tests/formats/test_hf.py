"""Hugging Face: which trainer a file is for, what it says, which keys its version has, adapters and model configs."""

from __future__ import annotations

import json

import pytest

from hplint import Settings, lint
from hplint.facts.fact import DEFAULT, INFERRED, UNKNOWN
from hplint.facts.parts import Training

SFT = """\
model_name_or_path: meta-llama/Llama-3.1-8B
dataset_name: trl-lib/Capybara
use_peft: true
load_in_4bit: true
lora_r: 16
lora_target_modules: [q_proj, v_proj]
packing: true
optim: paged_adamw_8bit
lr_scheduler_type: cosine
warmup_steps: 0.1
max_steps: -1
max_grad_norm: 0
"""


def facts(text: str, path: str = "config.yaml", name: str = "hf-trl") -> Training:
    """Return the facts of a config, which must be recognised as format `name`."""
    report = lint(text, path)
    assert report.recognition.name == name
    assert report.training is not None
    return report.training


def codes(text: str, settings: Settings | None = None) -> dict[str, str]:
    """Return the severities of what is found in a text, by code."""
    return {finding.code: finding.severity for finding in lint(text, "config.yaml", settings).findings}


def test_values_are_read_as_the_trainer_means_them() -> None:
    training = facts(SFT)
    assert training.optimizer.name.value == "paged_adamw"
    assert training.optimizer.bitsandbytes.value is True
    assert training.optimizer.clip_norm.value is None  # 0 switches clipping off
    assert training.schedule.name.value == "cosine"
    assert training.schedule.warmup_ratio.value == 0.1  # below 1 it is a share
    assert training.schedule.warmup_steps is UNKNOWN
    assert training.run.max_steps.value is None
    assert training.run.accumulation.origin == DEFAULT
    assert training.tuning.adapter.value == "qlora"
    assert training.tuning.quantization_bits.value == 4
    assert training.model.pretrained.value is True


def test_a_key_of_one_trainer_alone_tells_the_trainer_and_its_defaults() -> None:
    training = facts(SFT)
    assert (training.tuning.trainer.value, training.tuning.trainer.origin) == ("sft", INFERRED)
    assert training.task.kind.value == "language_modelling"
    assert training.optimizer.learning_rate.value == 2e-5
    assert training.optimizer.learning_rate.origin == DEFAULT
    preferences = facts("model_name_or_path: x/y\nlearning_rate: 1.0e-6\nbeta: 0.1\nper_device_train_batch_size: 1\n")
    assert preferences.tuning.trainer is UNKNOWN  # DPO, KTO, ORPO: the script decides
    assert preferences.task.kind.value == "preference_optimisation"
    both = facts("model_name_or_path: x/y\nlearning_rate: 1.0e-6\nbeta: 0.1\npacking: false\nsave_steps: 5\n")
    assert both.tuning.trainer is UNKNOWN


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("output_dir: out\nnum_train_epochs: 3\nlearning_rate: 2.0e-5\nsave_steps: 500\n", "hf-trl"),
        ("model_name_or_path: x/y\ndataset_name: z\nlearning_rate: 2.0e-5\n", "hf-trl"),
        ("_wandb: {desc: null, value: {}}\nnum_train_epochs: {desc: null, value: 3}\noutput_dir: {value: a}\n", None),
        ("num_train_epochs: {value: 3}\noutput_dir: {value: a}\nsave_steps: {value: 5}\nfp16: {value: true}\n", None),
    ],
)
def test_arguments_are_told_from_records_of_runs(text: str, name: str | None) -> None:
    assert (lint(text, "config.yaml").recognition.name == "hf-trl") == (name == "hf-trl")


# -- versions -----------------------------------------------------------------------------------------------------

OLD = "model_name_or_path: x/y\noutput_dir: out\nlearning_rate: 2.0e-5\nwarmup_ratio: 0.1\n"


def test_a_key_that_is_gone_is_advice_until_a_version_is_stated() -> None:
    assert codes(OLD) == {"FT027": "info"}
    assert codes("# hplint: transformers=5.24\n" + OLD) == {"FT027": "error"}
    assert codes("# hplint: transformers=4.46.3\n" + OLD) == {}
    assert codes(OLD, Settings(versions=(("transformers", "5.20"),))) == {"FT027": "error"}
    assert codes("# hplint: transformers=4.46\n" + OLD, Settings(versions=(("transformers", "5.20"),))) == {}


def test_no_version_has_two_keys_of_different_times() -> None:
    assert codes(OLD + "train_sampling_strategy: random\n") == {"FT027": "info"}  # 5.2 to 5.14 have both
    assert codes(OLD + "activation_checkpointing: true\n") == {"FT027": "warning"}


def test_a_version_that_does_not_have_a_key_yet() -> None:
    found = codes("# hplint: transformers=4.36\n" + OLD.replace("warmup_ratio: 0.1", "eval_strategy: epoch"))
    assert found == {"FT038": "error"}


def test_json_states_its_version_in_the_settings() -> None:
    text = json.dumps({"output_dir": "x", "per_device_train_batch_size": 8, "evaluation_strategy": "no", "fp16": True})
    report = lint(text, "args.json", Settings(versions=(("transformers", "5.0"),)))
    assert [finding.code for finding in report.findings] == ["FT027"]


# -- parsers ------------------------------------------------------------------------------------------------------


def test_text_that_one_parser_takes_for_a_number_is_no_error() -> None:
    base = "model_name_or_path: x/y\ndataset_name: z\noutput_dir: out\n"
    assert codes(base + "learning_rate: 1e-5\n") == {"YAML001": "warning"}
    assert codes(base + "learning_rate: fast\n") == {"SCHEMA003": "error"}
    assert codes(base + "max_steps: 1e3\n") == {"YAML001": "error"}  # neither makes a whole number of it
    assert codes(base + "eval_strategy: no\n") == {"YAML002": "error"}
    assert codes(base + "learning_rte: 1.0e-5\n") == {"YAML012": "error"}
    assert codes(base + "our_own_argument: 1\n") == {}


# -- adapters and models ------------------------------------------------------------------------------------------


def test_keys_of_an_adapter_mean_what_its_kind_means() -> None:
    lora = facts('{"peft_type": "LORA", "r": 4, "lora_alpha": 8, "use_dora": true}', "adapter_config.json", "peft")
    assert (lora.tuning.adapter.value, lora.tuning.rank.value) == ("dora", 4)
    other = facts('{"peft_type": "ADALORA", "r": 4}', "adapter_config.json", "peft")
    assert other.tuning.adapter.value == "other"
    assert other.tuning.rank is UNKNOWN


def test_a_model_config_says_its_sizes() -> None:
    text = '{"model_type": "llama", "hidden_size": 64, "num_attention_heads": 6, "vocab_size": 99, "pad_token_id": 99}'
    training = facts(text, "config.json", "hf-model")
    assert training.model.hidden_size.value == 64
    assert training.model.largest_token.value == 99
    assert set(codes_of_json(text)) == {"ARCH019", "SCHEMA007"}


def codes_of_json(text: str) -> list[str]:
    """Return the codes of what is found in a JSON text."""
    return [finding.code for finding in lint(text, "config.json").findings]


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "llama"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B", "qwen2"),
        ("Qwen/Qwen2.5-VL-7B-Instruct", None),
        ("google/flan-t5-large", "t5"),
        ("google/gemma-2-9b-it", "gemma2"),
        ("acme/our-model", None),
        ("mistralai/Mistral-7B-v0.1", "mistral"),
        ("llama-experiments/gpt2", "gpt2"),
        ("EleutherAI/pythia-1.4b", "gpt_neox"),
    ],
)
def test_a_model_is_known_by_its_name(name: str, family: str | None) -> None:
    training = facts(f"model_name_or_path: {name}\ndataset_name: x\nlearning_rate: 2.0e-5\n")
    assert training.tuning.model_family.value == family


def test_ms_swift_turns_text_into_numbers() -> None:
    config = (
        "model: Qwen/Qwen2.5-7B-Instruct\ntuner_type: lora\noutput_dir: output\nlearning_rate: 1e-4\n"
        "num_train_epochs: 1\ngradient_accumulation_steps: 8\nsave_steps: 50\nlogging_steps: 5\n"
    )
    assert not [finding for finding in lint(config, "a.yaml").findings if finding.severity != "info"]


SMALL = (
    '{{"model_type": "mistral", "architectures": ["MistralForCausalLM"], "hidden_size": 64, "vocab_size": 32000, {}}}'
)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ('"hidden_act": "swishh"', "transformers has no activation `swishh`; did you mean `swish`?"),
        (
            '"text_config": {"hidden_act": "gelu_neww"}',
            "transformers has no activation `gelu_neww`; did you mean `gelu_new`?",
        ),
        ('"pad_token_id": 32000', "pad_token_id 32000 is none of the 32000 tokens, which are numbered from 0 to 31999"),
    ],
)
def test_what_no_model_can_be_built_from(key: str, said: str) -> None:
    assert [finding.message for finding in lint(SMALL.format(key), "config.json").findings] == [said]


@pytest.mark.parametrize(
    "key", ['"hidden_act": "my_own_act"', '"pad_token_id": -1', '"pad_token_id": null', '"eos_token_id": 1']
)
def test_what_models_of_ones_own_may_have(key: str) -> None:
    assert not lint(SMALL.format(key), "config.json").findings
