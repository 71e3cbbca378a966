"""Conditions of rules are compiled to plain Python; they must say what the three-valued language says."""

from __future__ import annotations

import operator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hplint.facts.fact import default
from hplint.facts.parts import empty_training
from hplint.rules.language import ARITHMETIC, compile_condition, compile_expression, scope
from hplint.rules.rule import RUNTIME

NAMES = scope("training")
RUNTIME_NAMES = {**RUNTIME, **{name: getattr(operator, name) for name in ARITHMETIC}}

ATOMS = st.sampled_from(
    [
        "run.seed == 1", "run.seed != 1", "run.seed in [1, 2]", "run.seed not in [1, 2]", "run.seed == None",
        "run.seed != None", "1 == run.seed", "run.seed < 2", "1 < run.seed <= 2", "run.seed == run.epochs",
        "run.seed != run.epochs", "run.seed in [run.epochs, 1]", "known(run.seed)", "run.seed == -1", "True", "False",
        "run.epochs + 1 > run.seed", "run.epochs == 2.0", "surely(run.epochs > 1)", "lower('A') == 'a'",
    ]
)  # fmt: skip
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("({} and {} and {})".format, inner, inner, inner),
        st.builds("not {}".format, inner),
        st.builds("surely({})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    ),
    max_leaves=8,
)
UNKNOWN = object()
VALUES = st.sampled_from([UNKNOWN, None, -1, 1, 2, 2.5, True])


def evaluate(source: str, facts: dict[str, Any]) -> Any:
    training = empty_training()
    training.run.state(**{name: default(value, "test") for name, value in facts.items() if value is not UNKNOWN})
    function = eval(f"lambda t, s: {source}", dict(RUNTIME_NAMES))
    return function(training, training)


@given(CONDITIONS, VALUES, VALUES)
def test_condition_holds_where_the_language_says_true(text: str, seed: Any, epochs: Any) -> None:
    facts = {"seed": seed, "epochs": epochs}
    said = evaluate(compile_expression(text, NAMES, {}), facts)
    held = evaluate(compile_condition(text, NAMES, {}), facts)
    assert held is (said is True)


def test_condition_calls_nothing_for_a_word() -> None:
    source = compile_condition('task.kind == "regression" and not task.kind in ["multiclass"]', NAMES, {})
    kind = "get(get(t, 'task'), 'kind')"
    assert source == f"(({kind} in ('regression', )) and ({kind} not in (U, 'multiclass', )))"
