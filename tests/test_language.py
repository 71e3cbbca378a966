"""The condition language: three-valued logic, what it refuses and where it says so, and rule files as a whole."""

from __future__ import annotations

import itertools
import operator
from typing import Any

import pytest

from hplint.facts.fact import default, inferred, written
from hplint.facts.parts import Layer, empty_training
from hplint.rules.language import MAX_LENGTH, MAX_NODES, ExpressionError, compile_expression, compile_fact, scope
from hplint.rules.load import RuleError, compile_rule, load_rule
from hplint.rules.logic import U
from hplint.rules.rule import RUNTIME, check
from hplint.syntax import yaml
from hplint.text import SourceText, Span

WORDS = {"Activation": ("relu", "sigmoid"), "OptimizerName": ("adam", "sgd"), "LossName": ("mean_squared_error",)}
CALCULATING = {name: getattr(operator, name) for name in ("add", "sub", "mul", "truediv", "floordiv", "mod")}


def evaluate(text: str, subject: str = "training", part: Any = None, **facts: Any) -> Any:
    """Return the value of an expression where `facts` maps "part__fact" to a value."""
    training = empty_training()
    for path, value in facts.items():
        owner, _, name = path.partition("__")
        training.facts[owner].state(**{name: default(value, "test")})
    if part is not None:
        training.model.state(layers=[part])
    training.adopt(training)
    source = compile_expression(text, scope(subject), WORDS)
    return eval(source, {**RUNTIME, **CALCULATING, "t": training, "s": part or training})


def refused(text: str, subject: str = "training") -> str:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, scope(subject), WORDS)
    return caught.value.message


# -- three values -------------------------------------------------------------------------------------------------

# model.pretrained is true, model.generative false, model.tied_embeddings nobody knows.
NAMES = {True: "model.pretrained", False: "model.generative", None: "model.tied_embeddings"}


def _logical(text: str) -> bool | None:
    value = evaluate(text, model__pretrained=True, model__generative=False)
    return None if value is U else value


@pytest.mark.parametrize(("left", "right"), list(itertools.product((True, False, None), repeat=2)))
def test_and_or_follow_kleene(left: bool | None, right: bool | None) -> None:
    both = False if False in (left, right) else None if None in (left, right) else True
    either = True if True in (left, right) else None if None in (left, right) else False
    assert _logical(f"{NAMES[left]} and {NAMES[right]}") is both
    assert _logical(f"{NAMES[left]} or {NAMES[right]}") is either


@pytest.mark.parametrize(("value", "expected"), [(True, False), (False, True), (None, None)])
def test_not_follows_kleene(value: bool | None, expected: bool | None) -> None:
    assert _logical(f"not {NAMES[value]}") is expected


@pytest.mark.parametrize(
    "comparison", ["== 1", "!= 1", "< 1", "<= 1", "> 1", ">= 1", "in [1]", "not in [1]", "+ 1 == 2"]
)
def test_an_unknown_spreads_through_comparison_and_arithmetic(comparison: str) -> None:
    assert evaluate(f"run.epochs {comparison}") is U


def test_what_is_absent_equals_only_none_and_has_no_order() -> None:
    assert evaluate("run.seed == None", run__seed=None) is True
    assert evaluate("run.seed == 1", run__seed=None) is False
    assert evaluate("run.seed < 1 or run.seed >= 1", run__seed=None) is False
    assert evaluate("run.seed + 1 == 1", run__seed=None) is U


def test_an_unknown_member_leaves_membership_open() -> None:
    assert evaluate("1 in [run.seed, 1]") is True
    assert evaluate("2 in [run.seed, 1]") is U


def test_the_branch_of_an_unknown_test_is_unknown() -> None:
    assert evaluate("1 if model.pretrained else 2") is U
    assert evaluate("1 if model.pretrained else 2", model__pretrained=False) == 2


@pytest.mark.parametrize(
    ("kinds", "some", "every", "number"),
    [
        (["dense", "dense"], True, True, 2),
        (["dense", "dropout"], True, False, 1),
        (["dropout"], False, False, 0),
        (["dense", None], True, None, None),
        (["dropout", None], None, False, None),
        ([], False, True, 0),
    ],
)
def test_quantifiers_follow_kleene(kinds: list[str | None], some: bool, every: bool, number: int) -> None:
    layers = [Layer() if kind is None else Layer(kind=default(kind, "test")) for kind in kinds]
    training = empty_training()
    training.model.state(layers=layers)
    for function, expected in (("any", some), ("all", every), ("count", number)):
        source = compile_expression(f'{function}(l.kind == "dense" for l in model.layers)', scope("training"), WORDS)
        value = eval(source, {**RUNTIME, "t": training, "s": training})
        assert (None if value is U else value) == expected


def test_an_unknown_list_leaves_quantifiers_open() -> None:
    assert evaluate('any(l.kind == "dense" for l in model.layers)') is U
    assert evaluate('all(l.kind == "dense" for l in model.layers)') is U


def test_surely_and_known_close_what_is_open() -> None:
    assert evaluate("surely(model.pretrained)") is False
    assert evaluate("not surely(model.pretrained)") is True
    assert evaluate("known(model.pretrained)") is False
    assert evaluate("known(model.pretrained)", model__pretrained=False) is True


def test_origins_can_be_asked_for() -> None:
    tree = yaml.parse(SourceText("a: 1"))
    assert tree.root is not None
    node = tree.root.get("a")
    assert node is not None
    made = {"written": written(node, 1), "default": default(1, "test"), "inferred": inferred(1)}
    for asked, (origin, fact) in itertools.product(made, made.items()):
        training = empty_training()
        training.run.state(epochs=fact)
        source = compile_expression(f"{asked}(run.epochs)", scope("training"), WORDS)
        assert eval(source, {**RUNTIME, "t": training, "s": training}) is (asked == origin)


# -- values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("7 // 2 + 7 % 2", 4),
        ("-run.epochs", -10),
        ("run.epochs / 4", 2.5),
        ("run.epochs / 0", U),
        ("1 < run.epochs < 11", True),
        ("1 < run.epochs < 10", False),
        ("abs(-2) + round(2.5) + len([1, 2]) + max([1, 3]) + min([1, 3]) + sum([1, 3]) + product([2, 3])", 21),
        ("distinct([1, 1, 2])", 2),
        ("is_sorted([1, 2, 2]) and not is_sorted([2, 1])", True),
        ("is_whole(2.0) and not is_whole(2.5)", True),
        ('is_number(1) and is_text("a") and not is_number("a")', True),
        ('lower("AbC") == "abc" and starts("abc", ["a"]) and ends("abc", ["c"]) and includes("abc", ["b"])', True),
        ("data.shares[-1] * 10", 2),
        ("data.shares[5]", U),
        ("max([])", U),
        ("run.epochs is None", False),
        ("run.epochs is not None", True),
    ],
)
def test_expressions_have_values(text: str, expected: Any) -> None:
    assert evaluate(text, run__epochs=10, data__shares=[0.7, 0.1, 0.2]) == expected


def test_a_rules_subject_has_its_name() -> None:
    layer = Layer(activation=default("sigmoid", "test"))
    assert evaluate('layer.activation == "sigmoid"', "layer", layer) is True


# -- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing == 1", "unknown name 'nothing'"),
        ("optimiser.name == 1", "did you mean 'optimizer'"),
        ("optimizer.learning_rat > 1", "did you mean 'learning_rate'"),
        ("optimizer.learning_rate.value > 1", "is no group of facts"),
        ("layer.units > 1", "unknown name 'layer'"),
        ('task.kind == "multi_class"', "did you mean 'multiclass'"),
        ('task.kind in ["binary", "regresion"]', "did you mean 'regression'"),
        ('"binari" == task.kind', "did you mean 'binary'"),
        ("task.kind == 3", "a comparison of number with text is never true"),
        ('run.epochs == "ten"', "a comparison of number with text is never true"),
        ("len(run.epochs, 1)", "len() takes 1 argument"),
        ("lenght(data.shares)", "did you mean 'len'"),
        ("any(data.shares)", "take `condition for x in list`"),
        ("any(x > 1 for x in run.epochs)", "is no list"),
        ("any(run.epochs > 1 for run in model.layers)", "the name 'run' is taken"),
        ("any(x.units > y.units for x in model.layers for y in model.layers)", "one `for name in list` only"),
        ("known(1 + 1)", "the path of a fact is needed"),
        ("data.shares[run.epochs]", "an index must be a whole number"),
        ("data.shares[0:1]", "an index must be a whole number"),
    ],
)
def test_mistakes_are_named(text: str, said: str) -> None:
    assert said in refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "2 ** 100",
        "2 << 100",
        "~1",
        "+1",
        "lambda: 1",
        "(lambda: 1)()",
        "[x for x in data.shares]",
        "{x for x in data.shares}",
        "{1: 2}",
        "{1, 2}",
        "(x := 1)",
        'f"{1}"',
        "b'bytes'",
        "1j",
        "...",
        "*model.layers,",
        "open('x')",
        "eval('1')",
        "__import__('os')",
        "get(t, 'model')",
        "t.model",
        "s",
        "lower(x='a')",
        "model.layers.append(1)",
        "'a'.join(['b'])",
        "max([1])()",
        "await x",
        "yield",
        "x = 1",
        "1; 2",
        "",
    ],
)
def test_nothing_else_is_part_of_the_language(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "model.__class__",
        "model._facts",
        "model.layers[0].__dict__",
        "any(l.__class__ for l in model.layers)",
        "__name__",
    ],
)
def test_an_underscore_opens_nothing(text: str) -> None:
    assert refused(text)
    with pytest.raises(ExpressionError):
        compile_fact(text, scope("training"), WORDS)


def test_facts_of_python_objects_are_out_of_reach() -> None:
    """Not even a part's own methods and attributes are names of the language."""
    for name in ("facts", "node", "get", "state", "training", "label", "places"):
        assert "has no fact" in refused(f"model.{name}")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "1" + ")" * 500,
        "not " * 150 + "model.pretrained",
        "-" * 1500 + "1",
        "1" + " + 1" * MAX_NODES,
        "[" * 151 + "]" * 151,
        "1 if model.pretrained else " * 80 + "1",
        "a" * (MAX_LENGTH + 1),
    ],
)
def test_what_is_too_deep_or_too_long_is_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not " * 140 + "model.pretrained", True),
        ("-" * 140 + "1", 1),
        ("abs(" * 90 + "1" + ")" * 90, 1),
        (" and ".join(["model.pretrained"] * 50), True),
        ("1 if model.pretrained else " * 40 + "2", 1),
        ("1" + " + 1" * 90, 91),
    ],
)
def test_what_is_accepted_can_be_evaluated(text: str, expected: Any) -> None:
    assert evaluate(text, model__pretrained=True) == expected


def test_the_column_of_a_mistake_is_known() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression("run.epochs > 1 and run.epoch > 2", scope("training"), WORDS)
    assert caught.value.column == 19


# -- rule files ---------------------------------------------------------------------------------------------------

RULE = """\
code: ABC001
name: some-name
branch: optimizer
severity: warning
confidence: high
subject: training
when: optimizer.learning_rate > 1
message: learning rate {optimizer.learning_rate} is high
at: optimizer.learning_rate
fixes:
  - title: Lower it
    applicability: unsafe
    set: {optimizer.learning_rate: 0.001}
why: It is.
sources: [somebody]
"""


def test_a_rule_file_loads() -> None:
    rule = compile_rule(load_rule(RULE, "ABC001.yaml", WORDS))
    training = empty_training()
    training.optimizer.state(learning_rate=default(2.0, "test"))
    training.adopt(training)
    assert (rule.code, rule.name, rule.severity, rule.enabled) == ("ABC001", "some-name", "warning", True)
    assert rule.condition(rule.code)(training, training) is True
    found = list(check(rule, [training], training, Span(0, 0), lambda plan, training, subject: None))
    assert [finding.message for finding in found] == ["learning rate 2 is high"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("optimizer.learning_rate > 1", "optimizer.lr > 1", 7, "Optimizer has no fact 'lr'"),
        ("optimizer.learning_rate > 1", "optimizer.name > 1 **", 7, "not an expression"),
        ("{optimizer.learning_rate} is", "{optimizer.rate} is", 8, "Optimizer has no fact 'rate'"),
        ("at: optimizer.learning_rate", "at: optimizer.rate", 9, "Optimizer has no fact 'rate'"),
        ("{optimizer.learning_rate: 0.001}", "{optimizer.rate: 0.001}", 13, "Optimizer has no fact 'rate'"),
        ("{optimizer.learning_rate: 0.001}", '{optimizer.learning_rate: "= nothing"}', 13, "unknown name 'nothing'"),
        (
            "{optimizer.learning_rate: 0.001}",
            "{optimizer.learning_rate: 1e-3}",
            13,
            "1e-3 is text to YAML; write 1.0e-3",
        ),
        ("code: ABC001", "code: abc1", 1, "a code is capital letters and three digits"),
        ("name: some-name", "name: Some Name", 2, "a name is words in lower case"),
        ("severity: warning", "severity: fatal", 4, "severity is one of"),
        ("confidence: high", "confidence: sure", 5, "confidence is one of"),
        ("subject: training", "subject: optimizer", 6, "subject is one of"),
        ("applicability: unsafe", "applicability: maybe", 12, "applicability is one of"),
        ("why: It is.", "wy: It is.", 14, "unknown key 'wy'"),
        ("why: It is.\n", "", 1, "the key 'why' is missing"),
        ("    set: {optimizer.learning_rate: 0.001}\n", "", 11, "a fix needs one of"),
        ("sources: [somebody]", "sources: [somebody", 15, "is not closed"),
    ],
)
def test_a_mistake_in_a_rule_file_has_a_line(old: str, new: str, line: int, said: str) -> None:
    assert old in RULE
    with pytest.raises(RuleError) as caught:
        load_rule(RULE.replace(old, new), "rules/x/ABC001.yaml", WORDS)
    assert said in caught.value.message
    assert str(caught.value).startswith(f"rules/x/ABC001.yaml:{line}:")
