"""What the pointer shows when it rests on something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint import lint
from hplint.ide import markup
from hplint.ide.document import document
from hplint.ide.hover import Hover, hover

EXAMPLES = sorted(
    path
    for kind in ("good", "bad")
    for path in (Path(__file__).parents[2] / "examples" / kind).iterdir()
    if path.suffix in (".yaml", ".json", ".toml")
)

NETWORK = """\
hplint: 1
task: {kind: multiclass, classes: 10}
model:
  layers:
    - {type: dense, units: 32, activation: sigmoid}
    - {type: dropout, rate: 0.9}
    - {type: dense, units: 10, activation: softmax}
loss: sparse_categorical_crossentropy
optimizer: {name: adam, learning_rate: 1e-3}  # hplint: ignore[LR002]
"""

ANCHORS = """\
hplint: 1
task: {kind: regression}
extra:
  base: &base
    low: 1
    high: 2
  again: *base
training: &here {epochs: 3}
"""


def at(text: str, words: str, path: str = "run.yaml", into: int = 1) -> Hover | None:
    """Return what is shown `into` characters into the first `words` of a config."""
    return hover(document(lint(text, path)), text.index(words) + into)


def plain(text: str, words: str, path: str = "run.yaml", into: int = 1) -> str:
    shown = at(text, words, path, into)
    assert shown is not None
    return shown.shown.plain


def test_a_key_tells_what_it_means_and_what_is_read() -> None:
    shown = plain(NETWORK, "learning_rate")
    assert shown.startswith("learning_rate · number")
    assert "Step size at the start" in shown
    assert "read as optimizer learning rate 0.001" in shown


def test_a_key_tells_what_the_tree_advises() -> None:
    shown = at(NETWORK, "activation: sigmoid")
    assert shown is not None
    assert "ACT001 sigmoid-hidden: The slope of a sigmoid" in shown.shown.plain
    assert "ACT001.md>) sigmoid-hidden" in shown.shown.markdown


def test_a_value_is_underlined_alone() -> None:
    shown = at(NETWORK, "0.9")
    assert shown is not None
    assert NETWORK[shown.span.start : shown.span.end] == "0.9"


def test_a_name_tells_what_is_true_of_it() -> None:
    assert "adam: A step size for each weight" in plain(NETWORK, "name: adam", into=7)
    assert "labels as numbers of classes; from probabilities, or logits where from_logits says so" in plain(
        NETWORK, "sparse_categorical"
    )


def test_a_vocabulary_is_listed() -> None:
    assert "One of: binary, multiclass" in plain(NETWORK, "kind")


def test_a_code_in_a_comment_tells_about_its_rule() -> None:
    assert plain(NETWORK, "LR002").startswith("LR002 lr-high · warning")


def test_an_alias_shows_what_it_stands_for() -> None:
    shown = plain(ANCHORS, "*base")
    assert shown.startswith("Alias of &base")
    assert "low: 1" in shown


def test_an_anchor_tells_where_it_is_used() -> None:
    shown = plain(ANCHORS, "&base", into=2)
    assert shown.startswith("&base is used in line 7")
    assert "high: 2" in shown
    assert plain(ANCHORS, "&here").startswith("&here is not used")


def test_an_anchor_that_is_used_everywhere_names_a_few_lines() -> None:
    uses = "".join(f"k{number}: *one\n" for number in range(50))
    said = plain(f"hplint: 1\na: &one 1\n{uses}", "&one")
    assert "is used in lines 3, 4, 5" in said
    assert "and 38 more" in said
    assert "40" not in said


def test_a_reference_shows_what_it_stands_for() -> None:
    text = "defaults: [_self_]\nmodel: {_target_: a.B, lr: 0.1}\ntrainer: {lr: '${model.lr}', all: '${model}'}\n"
    assert plain(text, "${model.lr}") == "'${model.lr}' stands for\n\n0.1"
    assert "lr: 0.1" in plain(text, "${model}")


def test_an_alias_of_nothing_says_so() -> None:
    assert "nothing above it defines" in plain("hplint: 1\nextra: *gone\n", "*gone")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("learning_rate", "default 0.001 in Ludwig 0."),
        ("epochs", "read as run epochs 3"),
        ("type: category", "One of: "),
        ("batch_size", "Examples in each batch of one device"),
    ],
)
def test_keys_without_a_description_tell_the_fact(words: str, said: str) -> None:
    text = """\
input_features:
  - {name: age, type: number}
output_features:
  - {name: label, type: category}
trainer:
  learning_rate: 0.01
  epochs: 3
  batch_size: 64
"""
    assert said in plain(text, words)


def test_keys_below_a_break_are_explained_too() -> None:
    text = 'hplint: 1\nname: "half\noptimizer:\n  learning_rate: 0.1\n'
    assert "Step size" in plain(text, "learning_rate")
    assert "Step size" in plain(text, "0.1")


def test_hover_in_json_and_toml() -> None:
    assert "rate" in plain('{"hplint": 1, "optimizer": {"learning_rate": 0.1}}', '"learning_rate"', "run.json")
    assert "Step size" in plain("hplint = 1\n[optimizer]\nlearning_rate = 0.1\n", "learning_rate", "run.toml")


def test_nothing_is_shown_for_blank_lines_and_other_files() -> None:
    assert at("hplint: 1\n\ntask: {kind: binary}\n", "\n\n") is None
    assert at("some: file\n", "some") is None


@pytest.mark.parametrize(
    "words", ["# title", "<b>bold</b>", "[a](http://b)", "1. one", "- item", "a_b _c_", "`x", "$1"]
)
def test_text_of_a_config_is_never_markdown(words: str) -> None:
    made = markup.text(words)
    assert made.plain == words
    assert made.markdown != words or not set(words) & set("<[`$#")


@given(st.text(max_size=60))
def test_code_holds_any_text(words: str) -> None:
    made = markup.code(words)
    assert "\n" not in made.markdown


@given(
    st.text(alphabet="ab:-{}[]&*#!|>'\"\\\n\t ,$1", max_size=80),
    st.integers(-2, 90),
    st.sampled_from(["a.yaml", "a.json", "a.toml"]),
)
def test_any_text_and_offset(text: str, offset: int, path: str) -> None:
    prefix = {"a.yaml": "hplint: 1\n", "a.json": '{"hplint": 1, ', "a.toml": "hplint = 1\n"}[path]
    for whole in (text, prefix + text):
        hover(document(lint(whole, path)), offset)


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.name for path in EXAMPLES])
def test_every_key_of_the_examples_is_explained(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    seen = document(lint(text, path.name))
    misspelt = ("batch_siz", "learning_rat")  # planted
    for root in seen.roots:
        for node in root.walk():
            for key, _ in node.entries:
                found = hover(seen, key.start)
                said = found.shown.plain if found is not None else ""
                assert len(said.split("\n\n")) > 1 or key.value in misspelt, (
                    f"{key.text} in line {seen.report.source.position(key.start).line}: {said}"
                )


def test_every_fact_says_what_it_means() -> None:
    from hplint import knowledge
    from hplint.facts.parts import PARTS

    silent = [
        f"{part}.{name}"
        for part, made in PARTS.items()
        for name, kind in made.__annotations__.items()
        if kind.startswith("Fact[") and not knowledge.fact_meaning(f"{part}.{name}")
    ]
    told_by_their_names = ("Scalar.", "Entry.", "Problem.", "Training.")
    assert [fact for fact in silent if not fact.startswith(told_by_their_names)] == []


def test_advice_is_of_rules_that_concern_the_config_and_the_place() -> None:
    adam = plain(NETWORK, "name: adam", into=7)
    assert "8bit-opt-fsdp2" not in adam  # no FSDP here
    assert "muon-backend" not in adam
    dropout = NETWORK.replace("model:\n  layers:\n", "model:\n  layers:\n    - {type: dropout, rate: 0.9}\n")
    assert "Drops values in training" in plain(dropout, "dropout")
    assert "sigmoid-hidden" not in plain(dropout, "dropout")
    said = plain(dropout, "rate: 0.9")
    assert said.index("dropout-high") < said.index("dropout-range")
    assert "(Srivastava et al., Dropout, JMLR 2014)" in said


@pytest.mark.parametrize(
    ("text", "words", "path"),
    [
        ("seed: 3\nout: !ref results/<seed>\nmodel: !new:mine.Model\n", "<seed>", "run.yaml"),
        (
            '[paths]\ntrain = "3"\n\n[nlp]\nlang = "en"\npipeline = []\n\n[corpora]\nx = ${paths.train}\n',
            "train}",
            "a.cfg",
        ),
    ],
)
def test_a_part_of_a_text_that_refers_to_a_key_shows_its_value(text: str, words: str, path: str) -> None:
    said = plain(text, words, path)
    assert re.search(r"^\w+ stands in line \d as\n\n3$", said)


def test_a_key_that_states_several_facts_means_the_one_that_is_no_switch() -> None:
    sweep = "method: bayes\nmetric: {name: val_loss, goal: minimize}\nparameters:\n  lr: {min: 1, max: 2}\n"
    assert "Lowest value that is tried." in plain(sweep, "min: 1")
    lightning = "trainer:\n  callbacks:\n    - class_path: lightning.pytorch.callbacks.Timer\nmodel: {class_path: M}\n"
    assert "One of:" not in plain(lightning, "class_path")  # hundreds


def test_a_default_is_of_the_version_that_the_format_is_of() -> None:
    ludwig = "input_features:\n  - {name: a, type: number}\noutput_features:\n  - {name: b, type: number}\n"
    said = plain(f"{ludwig}trainer: {{batch_size: 3}}\n", "batch_size")
    assert re.search(r"default auto in Ludwig [\d.]+\n", said)
