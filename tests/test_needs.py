"""Rules are left out where a config lacks what they need; what is found must be the same as if all of them ran."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_conditions import CONDITIONS, UNKNOWN, VALUES, evaluate

from hplint import knowledge
from hplint.facts.fact import DERIVED, RESTS_ON, default, fact_types
from hplint.facts.fact import UNKNOWN as UNKNOWN_FACT
from hplint.facts.parts import PARTS, Layer, empty_training
from hplint.lint import lint
from hplint.records import replace
from hplint.rules.index import RuleIndex, Stated
from hplint.rules.language import compile_condition, scope
from hplint.rules.needs import needs, rarest_first
from hplint.settings import Settings

ALL = Settings(select=("ALL",))
RULES = knowledge.rules()
ALWAYS_ASKED = tuple(replace(rule, needs=()) for rule in RULES)
EXAMPLES = [
    (code, example)
    for code, document in knowledge.rule_documents().items()
    for kind in ("invalid", "valid")
    for example in document.get("examples", {}).get(kind, ())
]
CORPUS = Path(os.environ.get("HPLINT_CORPUS", ""))


def is_met(condition: str, subject: str, training: Any) -> bool:
    return Stated(training, []).meets(needs(condition, subject))


def with_layers(*layers: dict[str, Any]) -> Any:
    training = empty_training()
    made = [Layer() for _ in layers]
    for layer, facts in zip(made, layers):
        layer.state(**{name: default(value, "test") for name, value in facts.items()})
    training.model.state(layers=made)
    training.adopt(training)
    return training


def findings(text: str, path: str, rules: Any, settings: Settings = ALL) -> Any:
    return lint(text, path, settings, rules).findings


@given(CONDITIONS, VALUES, VALUES)
def test_condition_is_never_true_without_its_needs(text: str, seed: Any, epochs: Any) -> None:
    facts = {"seed": seed, "epochs": epochs}
    training = empty_training()
    training.run.state(**{name: default(value, "test") for name, value in facts.items() if value is not UNKNOWN})
    if evaluate(compile_condition(text, scope("training"), {}), facts):
        assert is_met(text, "training", training)


@pytest.mark.parametrize(
    ("condition", "layers", "met"),
    [
        ('layer.kind == "dropout"', [{"kind": "dense"}], False),
        ('layer.kind == "dropout"', [{"kind": "dense"}, {"kind": "dropout"}], True),
        ('layer.kind in ["dropout", "noise"] and layer.rate > 0', [{"kind": "noise"}], False),
        ('layer.kind in ["dropout", "noise"] and layer.rate > 0', [{"kind": "noise", "rate": 0.1}], True),
        ('layer.kind == "dropout" or layer.units > 3', [{"kind": "dense"}], False),
        ('layer.kind == "dropout" or layer.units > 3', [{"kind": "dense", "units": 1}], True),
        ('not layer.kind == "dropout"', [{"kind": "dense"}], True),
        ('not layer.kind == "dropout"', [{"units": 3}], False),
        ('any(l.kind == "dropout" for l in model.layers)', [{"kind": "dense"}], False),
        ('not any(l.kind == "dropout" for l in model.layers)', [{"kind": "dense"}], True),
        ('not all(l.units > 1 for l in model.layers)', [{"kind": "dense"}], False),
        ("not surely(layer.units > 1)", [{"kind": "dense"}], True),
        ("not 0 < layer.units < 5", [{"kind": "dense"}], True),
        ("max(layer.kernel) > 3", [{"kind": "dense"}], False),
        ("max(layer.kernel) > 3", [{"kernel": [3, 3]}], True),
        ('surely(layer.units > 1) == False', [{"kind": "dense"}], True),
    ],
)  # fmt: skip
def test_needs_are_what_a_condition_cannot_do_without(condition: str, layers: Any, met: bool) -> None:
    assert is_met(condition, "layer", with_layers(*layers)) is met


def test_a_fact_that_is_a_list_is_compared_as_a_whole() -> None:
    training = empty_training()
    training.optimizer.state(betas=default([0.9, 0.999], "test"))
    assert is_met("optimizer.betas == [0.9, 0.999]", "training", training)


def test_rule_on_one_format_needs_it() -> None:
    training = empty_training(format=default("keras", "test"))
    assert is_met('format == "keras"', "training", training)
    assert not is_met('format == "ludwig"', "training", training)


def test_most_rules_need_something() -> None:
    assert sum(bool(rule.needs) for rule in RULES) > 0.8 * len(RULES)


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_examples_give_the_same_with_every_rule_asked(code: str) -> None:
    for of, example in EXAMPLES:
        if of == code:
            text = example["config"]
            path = "example." + example.get("syntax", "json" if text.lstrip()[:1] in ("{", '"') else "yaml")
            settings = Settings(select=("ALL",), formats=((path, example["format"]),))
            assert findings(text, path, RULES, settings) == findings(text, path, ALWAYS_ASKED, settings)


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.name, reason="HPLINT_CORPUS names no folder of real configs")
def test_real_configs_give_the_same_with_every_rule_asked() -> None:
    for path in sorted(CORPUS.rglob("*.yaml"))[::7] + sorted(CORPUS.rglob("*.json"))[::5]:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert findings(text, path.name, RULES) == findings(text, path.name, ALWAYS_ASKED), path


@given(st.sampled_from(RULES))
def test_needs_of_a_rule_survive_the_build(rule: Any) -> None:
    document = knowledge.rule_documents()[rule.code]
    assert set(rule.needs) == set(needs(str(document["when"]), document["subject"]))


def test_what_the_fewest_configs_meet_comes_first() -> None:
    assert [rule.needs for rule in RULES] == rarest_first([rule.needs for rule in RULES])
    common, rare = (("optimizer.name", None),), (("optimizer.amsgrad", (True,)),)
    assert rarest_first([(common, rare), (common,), (common,)])[0] == (rare, common)


def test_the_index_leaves_out_no_rule_whose_needs_are_met() -> None:
    index = RuleIndex(RULES)
    training = with_layers({"kind": "dropout", "rate": 0.9}, {"kind": "dense", "units": 3})
    training.optimizer.state(learning_rate=default(3.0, "test"), betas=default([0.9], "test"))
    stated = Stated(training, [])
    met = [rule.code for rule in RULES if stated.parts(rule.subject) and stated.meets(rule.needs)]
    assert [rule.code for rule, _ in index.worth_asking(stated)] == met
    assert 0 < len(met) < len(RULES) / 5


@pytest.mark.parametrize(("part", "fact"), sorted(RESTS_ON), ids=".".join)
def test_what_a_derived_fact_rests_on_are_facts(part: str, fact: str) -> None:
    """A slip there would leave out rules that could fire."""
    assert (part, fact) in DERIVED
    for path in RESTS_ON[part, fact]:
        owner, _, name = path.rpartition(".")
        kind = fact_types(PARTS["Training"]).get(owner, owner.title()) if owner else part
        assert name in fact_types(PARTS["Training" if owner == "training" else kind])


@pytest.mark.parametrize(("part", "fact"), sorted(RESTS_ON), ids=".".join)
def test_a_derived_fact_is_unknown_without_what_it_rests_on(part: str, fact: str) -> None:
    """Everything else is stated, so that whatever the function looks at besides is there."""
    training = empty_training()
    rests_on = set(RESTS_ON[part, fact])
    lists = {"inputs": "Input", "outputs": "Output", "metrics": "Metric"}
    training.state(**{name: [filled(kind, name[:-1], part, rests_on)] for name, kind in lists.items()})
    training.model.state(layers=[filled("Layer", "layer", part, rests_on)])
    training.search.state(parameters=[filled("Parameter", "parameter", part, rests_on)])
    for owner, kind in fact_types(PARTS["Training"]).items():
        if owner in training.facts and kind in PARTS:
            training.facts[owner].facts.update(filled(kind, owner, part, rests_on).facts)
    training.adopt(training)
    groups = [*training.facts.values(), training.model.facts["layers"], training.search.facts["parameters"]]
    parts = [one for group in groups for one in (group if isinstance(group, list) else [group])]
    assert {one.get(fact) for one in parts if type(one).__name__ == part} == {UNKNOWN_FACT}


def filled(kind: str, owner: str, part: str, rests_on: set[str]) -> Any:
    """Return a part that states every fact with a plain value which is not derived and not in `rests_on`."""
    made = PARTS[kind]()
    for name, type_name in fact_types(PARTS[kind]).items():
        is_left_out = f"{owner}.{name}" in rests_on or (kind == part and name in rests_on)
        if type_name.startswith("Fact") and (kind, name) not in DERIVED and not is_left_out:
            value = ["one"] if "Values" in type_name else 1 if "int" in type_name or "float" in type_name else "adam"
            made.state(**{name: default(value, "test")})
    return made
