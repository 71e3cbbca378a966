"""What fine-tuning and number formats imply: the base model's family and layers, generations, attention, hardware."""

from __future__ import annotations

import re
from math import gcd

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, derived, inferred, written
from hplint.facts.graph import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Data, Precision, Tuning

# NVIDIA's data sheets: tensor cores compute in bfloat16 from Ampere (compute capability 8.0) on.
_BEFORE_AMPERE = r"(?<![a-z0-9])(v100|p100|p40|p4|t4|k80|m60|gtx|titan[ -]?(v|x|rtx)|rtx[ -]?20\d\d|quadro[ -]?rtx)"
# Attention that takes the lengths of the examples in one row (transformers, modeling_flash_attention_utils.py; TRL,
# sft_trainer.py), by the beginning of its name; flex_attention masks by document.
_KEEPS_APART = (
    "flash_attention",
    "flash_attn",
    "kernels-community/flash-attn",
    "kernels-community/vllm-flash-attn",
    "flex",
)


@derived("Tuning", "model_family", "base_model")
def _model_family(tuning: Tuning) -> Any:
    """The architecture of the base model, told by its name in schemas/families/names.yaml."""
    base = tuning.get("base_model")
    if base is UNKNOWN or not isinstance(base.value, str):
        return UNKNOWN
    name = base.value.rstrip("/").rpartition("/")[2]
    found = family_of(name)
    return UNKNOWN if found is None else inferred(found, base)


def family_of(name: str) -> str | None:
    """Return the family that a model's name (without its owner) tells, None where it tells none."""
    if name not in _families:
        if len(_families) >= MAX_NAMES:
            _families.clear()
        _families[name] = _family(name)
    return _families[name]


MAX_NAMES = 1000
_families: dict[str, str | None] = {}
"""The families of the names asked for so far: the configs of a project have few base models."""


def _family(name: str) -> str | None:
    squashed = re.sub(r"[_. ]", "-", name.lower())
    for family, about in knowledge.data("families/names").items():
        if any(_is_in(squashed, known) for known in about["names"]):
            others = [*about.get("besides", ()), "-vl", "vision", "embedding", "gguf"]
            return None if any(word in squashed for word in others) else str(family)
    return None


def _is_in(name: str, known: str) -> bool:
    start, end = known.startswith("^"), known.endswith("$")
    bare = known.strip("^$")
    if start and end:
        return name == bare
    return name.startswith(bare) if start else name.endswith(bare) if end else bare in name


@derived("Tuning", "family_modules", "base_model")
def _family_modules(tuning: Tuning) -> Any:
    """The names of the layers that the base model's architecture has."""
    family = tuning.get("model_family")
    if family is UNKNOWN:
        return UNKNOWN
    about, built = knowledge.data("families/names")[family.value], knowledge.data("families/layers")["layers"]
    names = [*about.get("layers", ()), *(name for kind in about.get("types", ()) for name in built[kind])]
    return inferred(list(dict.fromkeys(names)), family)


@derived("Tuning", "foreign_modules", "target_modules")
def _foreign_modules(tuning: Tuning) -> Any:
    """The target modules that the base model's architecture has none of; a pattern or a word for all is none."""
    targets, known = tuning.get("target_modules"), tuning.get("family_modules")
    if UNKNOWN in (targets, known) or not all(isinstance(name, str) for name in targets.value):
        return UNKNOWN
    if any(re.search(r"[^\w.]", name) or name == "all" for name in targets.value):  # a pattern, or "all-linear"
        return UNKNOWN
    return inferred([name for name in targets.value if name.rpartition(".")[2] not in known.value], targets, known)


@derived("Tuning", "finds_no_module", "target_modules")
def _finds_no_module(tuning: Tuning) -> Any:
    """Whether none of the target modules is in the base model."""
    foreign, targets = tuning.get("foreign_modules"), tuning.get("target_modules")
    if foreign is UNKNOWN:
        return UNKNOWN
    return inferred(0 < len(foreign.value) == len(targets.value), foreign)


@derived("Tuning", "varlen_attention", "attention")
def _varlen_attention(tuning: Tuning) -> Any:
    """Whether the attention keeps apart the examples that stand in one row."""
    attention = tuning.get("attention")
    if attention is UNKNOWN or not isinstance(attention.value, str):
        return UNKNOWN
    return inferred(attention.value.lower().startswith(_KEEPS_APART), attention)


@derived("Tuning", "generation_unit")
def _generation_unit(tuning: Tuning) -> Any:
    """Completions that one device makes in one round: its batch times the steps that the round serves."""
    training = tuning.training
    if training is None or value(tuning, "generation_batch") is not None:
        return UNKNOWN
    batch, steps = training.run.get("batch_size"), tuning.get("steps_per_generation")
    if steps is UNKNOWN or steps.value is None:
        steps = training.run.get("accumulation")
    if UNKNOWN in (batch, steps) or not all(isinstance(fact.value, int) and fact.value > 0 for fact in (batch, steps)):
        return UNKNOWN
    return inferred(batch.value * steps.value, batch, steps)


@derived("Tuning", "needed_devices")
def _needed_devices(tuning: Tuning) -> Any:
    """What the number of devices must be a multiple of, for a round to hold each prompt's completions whole."""
    unit, generations = tuning.get("generation_unit"), tuning.get("generations")
    if UNKNOWN in (unit, generations) or not isinstance(generations.value, int) or generations.value < 1:
        return UNKNOWN
    return inferred(generations.value // gcd(unit.value, generations.value), unit, generations)


# How the datasets library names a part of a data set (datasets 5.2, arrow_reader.py): a split, perhaps with a slice in
# whole numbers or per cents and a rounding, several joined by "+".
_SPLIT = r"\w+(?:\.\w+)*(?:\[(?:-?[\d_]+%?)?:(?:-?[\d_]+%?)?\])?(?:\((?:closest|pct1_dropremainder)\))?"


@derived("Data", "malformed_split", "splits")
def _malformed_split(data: Data) -> Any:
    """The first slice of a split that the datasets library cannot read."""
    splits = data.get("splits")
    if splits is UNKNOWN:
        return UNKNOWN
    items = splits.node.items or [splits.node] if splits.node is not None else []
    for fact in splits.because or [written(item, item.value) for item in items]:
        if not isinstance(fact.value, str) or "[" not in fact.value:
            continue
        parts = re.split(r"\s*\+\s*", fact.value)
        if any(re.fullmatch(_SPLIT, part) is None or _is_beyond(part) for part in parts):
            return fact
    return UNKNOWN


def _is_beyond(split: str) -> bool:
    """Whether a slice in per cents has a bound beyond 100."""
    bounds = [bound.replace("_", "") for bound in re.findall(r"(-?[\d_]+)%", split)]
    return any(abs(int(bound)) > 100 for bound in bounds if bound.strip("-"))


@derived("Precision", "weak_hardware", "hardware")
def _weak_hardware(precision: Precision) -> Any:
    """The named accelerator, where its cores cannot compute in bfloat16."""
    hardware = precision.get("hardware")
    if hardware is UNKNOWN or not isinstance(hardware.value, str):
        return UNKNOWN
    return inferred(hardware.value, hardware) if re.search(_BEFORE_AMPERE, hardware.value.lower()) else UNKNOWN


@derived("Precision", "known_unfit")
def _known_unfit(precision: Precision) -> Any:
    """The family of the base model, where it is known to overflow in float16."""
    training = precision.training
    family = training.tuning.get("model_family") if training is not None else UNKNOWN
    if family is UNKNOWN or knowledge.data("families/names")[family.value].get("fp16") != "overflow":
        return UNKNOWN
    return inferred(family.value, family)
