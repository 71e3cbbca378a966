"""Linting a text with what was found in an earlier version of it gives what linting it from nothing gives."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hplint import knowledge
from hplint.lint import Report, lint
from hplint.settings import Settings

ALL = Settings(select=("ALL",))
TEXTS = [
    (example["config"], "config." + example.get("syntax", "json" if example["config"].lstrip()[:1] == "{" else "yaml"))
    for code, document in knowledge.rule_documents().items()
    for kind in ("invalid", "valid")
    for example in document.get("examples", {}).get(kind, ())[:1]
]
PIECES = [
    "", "", "0", "1", "e-3", "-", " ", "\n", "\n  ", ": ", "- ", '"', "#", "{", "}", "[", "]", ",", "x", "relu", "null",
    "&a ", "*a", "---\n", "hplint: 1\n", "  # hplint: ignore[ALL]\n", "${x}", "1.10", "yes", "\nname: x\n",
]  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 8), st.sampled_from(PIECES)), min_size=1, max_size=8)
CORPUS = Path(os.environ.get("HPLINT_CORPUS", ""))


def said(report: Report) -> Any:
    """Return what a report tells, without the nodes that it holds."""
    facts = repr(report.training.facts) if report.training is not None else ""
    roots = report.tree.roots if report.tree is not None else ()
    values = [(repr(root.data()), [(node.start, node.end) for node in root.walk()]) for root in roots]
    return report.status, report.recognition, report.findings, report.suppressed, facts, values


def check_script(text: str, path: str, edits: Any) -> None:
    """Check that after each edit the same is found; each starts from the last text that could be read whole."""
    whole = lint(text, path, ALL)
    for at, length, new in edits:
        start = at % (len(text) + 1)
        text = text[:start] + new + text[start + length :]
        report = lint(text, path, ALL, before=whole)
        assert said(report) == said(lint(text, path, ALL))
        if report.tree is not None and report.tree.complete:
            whole = report


@settings(max_examples=300)
@given(st.sampled_from(TEXTS), EDITS)
def test_linting_again_is_linting_from_nothing(text: tuple[str, str], edits: Any) -> None:
    check_script(*text, edits)


def long_list(head: str, item: str, count: int = 150) -> str:
    """Return a config that ends in a list of many items, more than things are remembered about together."""
    return head + "".join(item.format(number) for number in range(count))


AXOLOTL = "base_model: a/b\nadapter: lora\nlora_r: 8\nmicro_batch_size: 2\nsequence_len: 512\ndatasets:\n"
LONG = [
    long_list(AXOLOTL, "  - path: acme/{0}\n    type: alpaca\n    split: train[:{0}%]\n    shards: {0}\n"),
    long_list("some: thing\nlist:\n", "  - a{0}: 1.1{0}\n    relu: !x {0}\n"),
    long_list("hplint: 1\nmodel:\n  layers:\n", "    - {{type: dense, units: {0}}}\n", 70),
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LONG), EDITS)
def test_long_lists_are_linted_again_as_from_nothing(text: str, edits: Any) -> None:
    check_script(text, "config.yaml", edits)


SCALARS = [
    "1", "0", "-1", "2.5", "1e-3", "1.0e-3", "true", "no", "null", "~", "adam", "sgd", "relu", "softmax", "linear",
    "lora", "qlora", "number", "text", "category", "binary", "dense", "conv2d", "dropout", "[1, 2]", "{a: 1}", "[]",
    '"x"', "'1'", "train[:5%]", "cosine", "multiclass", "categorical_crossentropy", "mse", "${x}", "0.10", "",
    "2024-01-01",
]  # fmt: skip
COMMENTS = ["", "", "", " # why", "  # hplint: ignore[ALL]", "  # hplint: ignore[LR001]: meant", " # &a"]
CONFIGS = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).with_name("relint").glob("*.yaml"))]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(CONFIGS), st.data())
def test_values_that_change_are_linted_as_from_nothing(text: str, data: st.DataObject) -> None:
    whole = lint(text, "config.yaml", ALL)
    for _ in range(data.draw(st.integers(1, 8))):
        lines = text.split("\n")
        valued = [at for at, line in enumerate(lines) if re.search(r"(: |- )\S", line)]
        if not valued:
            return
        at = data.draw(st.sampled_from(valued))
        start = [found.end() for found in re.finditer(r"(: |- )(?=\S)", lines[at])][-1]
        lines[at] = lines[at][:start] + data.draw(st.sampled_from(SCALARS)) + data.draw(st.sampled_from(COMMENTS))
        text = "\n".join(lines)
        report = lint(text, "config.yaml", ALL, before=whole)
        assert said(report) == said(lint(text, "config.yaml", ALL))
        if report.tree is not None and report.tree.complete:
            whole = report


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.name, reason="HPLINT_CORPUS names no folder of real configs")
def test_real_configs_are_linted_again_as_from_nothing() -> None:
    random = Random(0)
    paths = sorted([*CORPUS.rglob("*.y*ml"), *CORPUS.rglob("*.json")])
    for path in random.sample(paths, 60):
        text = path.read_text(encoding="utf-8", errors="replace")
        if len(text) < 20_000:
            edits = [(random.randrange(20_000), random.choice([0, 0, 1, 3]), random.choice(PIECES)) for _ in range(10)]
            check_script(text, path.name, edits)


def test_what_is_shown_of_a_text_stays_when_another_part_changes() -> None:
    text = "hplint: 1\ntask: {kind: regression}\noptimizer:\n  name: adam\n  learning_rate: 5\nrun_name: x\n"
    before = lint(text, "config.yaml", ALL)
    moved = lint(text.replace("regression", "binary"), "config.yaml", ALL, before=before)
    assert [finding.code for finding in moved.findings if finding.code.startswith("LR")]
    assert said(moved) == said(lint(text.replace("regression", "binary"), "config.yaml", ALL))
