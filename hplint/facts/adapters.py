"""Facts on adapters that follow from others: whether embeddings are trained, and patterns that are none."""

from __future__ import annotations

import re

from hplint.facts.fact import UNKNOWN, Part, derived, inferred, written
from hplint.syntax.tree import STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Sharding, Tuning

# What architectures call their embedding and their head: Llama, Mistral, Qwen and Gemma; GPT-2; GPT-NeoX; Falcon.
_EMBEDDINGS = ("embed", "lm_head", "wte", "word_embeddings")
_LONGEST_PATTERN = 500


@derived("Tuning", "trains_embeddings")
def _trains_embeddings(tuning: Tuning) -> Any:
    """Whether embedding or head are trained: as modules to save, as targets of the adapter, or by chosen rows."""
    rows = tuning.get("trained_tokens")
    if rows is not UNKNOWN and rows.value:
        return inferred(True, rows)
    saved, targets = tuning.get("modules_to_save"), tuning.get("target_modules")
    for named in (saved, targets):
        if named is not UNKNOWN and any(word in str(name) for name in named.value for word in _EMBEDDINGS):
            return inferred(True, named)
    pattern = tuning.get("target_pattern")
    if UNKNOWN in (saved, targets) or pattern is not UNKNOWN:
        return UNKNOWN
    return inferred(False, saved, targets)


@derived("Tuning", "invalid_pattern", "target_modules", "target_pattern")
def _invalid_pattern(tuning: Tuning) -> Any:
    """The first target that is no regular expression, as which frameworks read it; here it is only compiled."""
    targets, pattern = tuning.get("target_modules"), tuning.get("target_pattern")
    for found in (targets, pattern):
        if found is UNKNOWN or found.node is None:
            continue
        for text in found.value if isinstance(found.value, list) else [found.value]:
            if isinstance(text, str) and len(text) <= _LONGEST_PATTERN and not _compiles(text):
                item = next((item for item in found.node.items if item.value == text), found.node)
                return written(item, text)
    return UNKNOWN


@derived("Tuning", "joined_modules", "target_modules", "target_pattern")
def _joined_modules(tuning: Tuning) -> Any:
    """The names in a single text that lists them: read as one pattern, which no layer's name can match."""
    for found in (tuning.get("target_modules"), tuning.get("target_pattern")):
        if found is UNKNOWN or found.node is None or found.node.kind is not STRING:
            continue
        if re.fullmatch(r"\s*[\w.]+(\s*,\s*[\w.]+)+\s*", found.node.value):
            return written(found.node, [name.strip() for name in found.node.value.split(",")])
    return UNKNOWN


@derived("Tuning", "misloaded", "load_in_4bit", "load_in_8bit", "gptq")
def _misloaded(tuning: Tuning) -> Any:
    """That 8 bits or GPTQ are on, or 4 bits off, whichever is the one in the way."""
    for name, value in (("load_in_8bit", True), ("gptq", True), ("load_in_4bit", False)):
        found = tuning.get(name)
        if found is not UNKNOWN and found.value is value:
            return found
    return UNKNOWN


def _compiles(text: str) -> bool:
    if text.isidentifier():  # as most are
        return True
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


@derived("Sharding", "zero_stage", "training.companion")
def _zero_stage(sharding: Sharding) -> Any:
    """The stage that the DeepSpeed file names."""
    training = sharding.training
    companion = training.get("companion") if training is not None else UNKNOWN
    return companion.get("sharding").get("zero_stage") if isinstance(companion, Part) else UNKNOWN
