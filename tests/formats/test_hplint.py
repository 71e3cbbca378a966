"""hplint's own format: it can say every fact, and says it where it stands; sections, defaults, bad values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hplint_documents import every_fact, keys_of, training_of, tree_of

from hplint import knowledge
from hplint.facts import derive as _derive  # noqa: F401  # registers the derived facts
from hplint.facts.fact import DEFAULT, DERIVED, UNKNOWN, WRITTEN, Fact, Part
from hplint.facts.names import canonical
from hplint.facts.parts import PARTS
from hplint.formats.recognise import recognise
from hplint.lint import lint

if TYPE_CHECKING:
    from collections.abc import Iterator


NOT_OF_THIS_FORMAT = {
    ("Training", "format"): "stated by recognition, whatever the format",
    ("Training", "framework"): "stated by the format's description",
    ("Training", "framework_version"): "stated by the format's description",
    ("Training", "loader"): "stated by the format's description",
    ("Training", "path"): "stated of a companion, which is another file",
    ("Training", "bases"): "read by hplint.bases, for formats that can extend other files",
    ("Base", "path"): "stated of a base, which is another file",
    ("Training", "companion"): "read by hplint.companions, whatever the format",
    ("Layer", "index"): "the place in the list, stated as such and not written",
    ("Parameter", "exponents"): "bounds are values here, never exponents",
    ("Parameter", "text_value"): "every number is read as one",
    ("Parameter", "number_values"): "every number is read as one",
    ("Optimizer", "in_backward"): "a way of computing, not of training",
    ("Search", "missing_reference"): "trials get their values by key path",
    ("Search", "unfilled"): "trials get their values by key path",
}
"""Facts that no key of the format states, and why."""
ABOUT_TEXT = ("Scalar", "Entry", "Problem", "Disagreement")
"""Parts that describe the text of any format, or two texts, not the training run."""


def parts_below(part: Part) -> Iterator[Part]:
    """Yield a part and every part that is reached from it."""
    seen: set[int] = set()
    pending = [part]
    while pending:
        at = pending.pop()
        if id(at) not in seen:
            seen.add(id(at))
            yield at
            for value in at.facts.values():
                pending += [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, Part)]


def test_every_fact_can_be_written() -> None:
    stated = set()
    lost = training_of("hplint: 1\nmodel: {layers: [{type: dense, units: 4, inputs: [nobody]}]}\n")
    for part in (*parts_below(training_of(every_fact())), *parts_below(lost)):
        for name, value in part.facts.items():
            if isinstance(value, Fact) and (value is UNKNOWN or value.origin == DEFAULT):
                continue
            stated.add((type(part).__name__, name))
    wanted = {
        (kind, name)
        for kind, part in PARTS.items()
        for name in part.__annotations__
        if kind not in ABOUT_TEXT and (kind, name) not in DERIVED and (kind, name) not in NOT_OF_THIS_FORMAT
    }
    assert sorted(f"{kind}.{name}" for kind, name in wanted - stated) == []
    assert sorted(stated & set(NOT_OF_THIS_FORMAT)) == []


@pytest.mark.parametrize("path", sorted(knowledge.formats()["hplint"]["facts"]))
def test_flat_facts_are_read_where_they_stand(path: str) -> None:
    root, training = tree_of(every_fact()), training_of(every_fact())
    entry = knowledge.formats()["hplint"]["facts"][path]
    key = keys_of(entry)[0]
    node = root.at(*key.split("."))
    part, name = path.split(".")
    fact = training.facts[part].facts.get(name)
    assert node is not None, f"every_fact.yaml does not say {key}"
    assert fact is not None
    assert fact.origin == WRITTEN
    assert fact.node is not None
    assert (fact.node.start, fact.node.end) == (node.start, node.end)
    if "as" in entry and entry["as"] in ("losses", "optimizers", "schedules"):
        assert fact.value == canonical(entry["as"], node.value)
    else:
        assert fact.value == (bool(node.data()) if entry.get("as") == "presence" else node.data())
    place = training.facts[part].places[name]
    assert place.path == tuple(key.split("."))


def test_loss_of_a_head() -> None:
    loss = training_of(every_fact()).outputs[0].loss
    stated = {name: fact.value for name, fact in loss.facts.items()}
    assert stated == {
        "name": "binary_crossentropy", "from_logits": True, "label_smoothing": 0.1, "class_weights": [1, 2.5],
        "weighted": True, "loss_weights": [0.3, 0.7], "custom": False,
    }  # fmt: skip


# -- recognition --------------------------------------------------------------------------------------------------


def recognised(text: str) -> tuple[str | None, str]:
    """Return format and confidence of a YAML text."""
    found = recognise(tree_of(text), knowledge.formats())
    return found.name, found.confidence


def test_the_version_key_makes_it_certain() -> None:
    assert recognised("hplint: 1\n") == ("hplint", "high")


@pytest.mark.parametrize("text", [
    "task: {kind: regression}\nloss: mse\noptimizer: adam\n",
    "model: {family: random_forest}\ndata: {samples: 100}\ntraining: {seed: 1}\n",
])  # fmt: skip
def test_three_sections_and_a_known_word_are_probable(text: str) -> None:
    assert recognised(text) == ("hplint", "medium")


@pytest.mark.parametrize("text", [
    "model: {type: resnet}\ndata: {path: x}\noptimizer: {name: adam}\ntraining: {epochs: 3}\n",
    "task: {kind: regression}\nloss: mse\n",
    "task: {kind: Regression2}\nloss: mse\noptimizer: adam\n",
])  # fmt: skip
def test_other_configs_are_left_alone(text: str) -> None:
    assert recognised(text)[0] is None


@pytest.mark.parametrize(("name", "text"), [
    ("a.yaml", "hplint: 1\noptimizer: {learning_rate: 1e-3}\n"),
    ("a.json", '{"hplint": 1, "optimizer": {"learning_rate": 1e-3}}'),
    ("a.toml", "hplint = 1\n[optimizer]\nlearning_rate = 1e-3\n"),
])  # fmt: skip
def test_all_three_syntaxes_read_the_same(name: str, text: str) -> None:
    report = lint(text, name)
    assert report.training is not None
    assert report.training.optimizer.learning_rate.value == 1e-3
    assert report.findings == ()


# -- sections -----------------------------------------------------------------------------------------------------


def test_sections_in_short_form() -> None:
    training = training_of(
        "hplint: 1\noptimizer: AdamW\nloss: huber\nschedule: cosine\nmetrics: rmse\n"
        "training: {early_stopping: true, precision: bfloat16}\nevaluation: {strategy: no}\n"
    )
    assert training.optimizer.name.value == "adamw"
    assert training.loss.name.value == "huber"
    assert training.schedule.name.value == "cosine"
    assert training.metrics[0].name.value == "rmse"
    assert training.early_stopping.enabled.value is True
    assert training.precision.compute.value == "bfloat16"
    assert training.evaluation.strategy.value == "no"


@pytest.mark.parametrize(("schedule", "exists"), [
    ("constant", False), ("{name: constant}", False), ("cosine", True), ("{warmup_steps: 10}", True),
])  # fmt: skip
def test_a_constant_schedule_is_none(schedule: str, exists: bool) -> None:
    assert training_of(f"hplint: 1\nschedule: {schedule}\n").schedule.exists.value is exists


def test_what_leaving_out_means() -> None:
    training = training_of("hplint: 1\noptimizer: {name: sgd}\nsearch: {algorithm: random}\n")
    assert training.schedule.name.value == "constant"
    assert training.schedule.exists.value is False
    assert training.early_stopping.enabled.value is False
    assert training.optimizer.momentum.value == 0.0
    assert training.run.seed.value is None
    assert training.search.trials.value is None
    for fact in (training.schedule.name, training.run.seed, training.search.trials, training.optimizer.momentum):
        assert fact.origin == DEFAULT


@pytest.mark.parametrize(("evaluation", "times"), [
    ("{}", 1), ("{strategy: epoch}", 1), ("{per_epoch: 4}", 4),
    ("{strategy: steps, steps: 100}", None), ("{strategy: no}", None),
])  # fmt: skip
def test_how_often_early_stopping_looks(evaluation: str, times: int | None) -> None:
    training = training_of(f"hplint: 1\nevaluation: {evaluation}\ntraining: {{early_stopping: {{patience: 8}}}}\n")
    assert training.early_stopping.evaluations_per_epoch.value == times
    assert training.early_stopping.patience_epochs.value == (8 / times if times else None)


def test_what_nobody_wrote_stays_unknown() -> None:
    training = training_of("hplint: 1\nsearch: {hours: 3}\n")
    for fact in (training.data.samples, training.run.epochs, training.model.family, training.search.trials):
        assert fact is UNKNOWN


def test_a_model_without_layers_has_a_head_by_loss_and_task() -> None:
    training = training_of("hplint: 1\ntask: {kind: binary}\nmodel: {family: random_forest}\nloss: mse\n")
    assert training.model.family.value == "random_forest"
    assert training.model.get("layers") is UNKNOWN
    assert training.outputs[0].task.value == "binary"
    assert training.outputs[0].loss.name.value == "mean_squared_error"


def test_parameters_of_a_search_by_path_and_by_name() -> None:
    training = training_of("""
hplint: 1
optimizer: {name: adam, learning_rate: 1e-3}
search:
  parameters:
    optimizer.learning_rate: {low: 1e-4, high: 1e-2, log: true}
    batch_size: {values: [32, 64]}
    training.epoch: {low: 1, high: 10}
    width: 64
""")
    rate, batch, epoch, width = training.search.parameters
    assert (rate.sets.value, rate.current.value, rate.kind.value) == ("optimizer.learning_rate", 1e-3, "continuous")
    assert (batch.sets.value, batch.kind.value) == ("run.batch_size", "categorical")
    assert (epoch.exists.value, epoch.suggestion.value, epoch.kind.value) == (False, "training.epochs", "integer")
    assert epoch.bounds_are_integers.value is True
    assert (width.kind.value, width.exists) == ("constant", UNKNOWN)


# -- values of the wrong kind -------------------------------------------------------------------------------------

JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 1e300, 10**30, "x", "", "1/0", [], {}, [[]], [None, "a"], {"a": {"b": 1}}, [{"type": "dense"}],
)  # fmt: skip


def key_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything below a plain value."""
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from key_paths(below, (*path, key))


def survives(path: tuple[Any, ...], junk: Any) -> None:
    """Lint the document that says everything with another value at `path`: nothing may be raised."""
    document = tree_of(every_fact()).data()
    at = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = junk
    assert lint(json.dumps(document), "a.json").recognition.name in ("hplint", None)


def test_values_of_the_wrong_kind_are_survived() -> None:
    for index, path in enumerate(key_paths(tree_of(every_fact()).data())):
        if index % 5 == 0:
            survives(path, JUNK[index // 5 % len(JUNK)])


@pytest.mark.slow
@pytest.mark.parametrize("index", range(len(JUNK)))
def test_values_of_the_wrong_kind_are_survived_in_more_places(index: int) -> None:
    paths = list(key_paths(tree_of(every_fact()).data()))
    for path in paths[index % 4 :: 4]:
        survives(path, JUNK[index])
