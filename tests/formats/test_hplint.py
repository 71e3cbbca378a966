"""hplint's own format: it can say every fact, its schema and its tables agree, and its examples are as promised."""

from __future__ import annotations

import glob
import json
import os
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from hplint import knowledge
from hplint.facts import derive as _derive  # noqa: F401  # registers the derived facts
from hplint.facts.fact import DEFAULT, DERIVED, INFERRED, UNKNOWN, WRITTEN, Fact, Part
from hplint.facts.names import canonical
from hplint.facts.parts import PARTS, VOCABULARIES, Training
from hplint.formats.read import read
from hplint.formats.recognise import recognise
from hplint.lint import lint, parse
from hplint.schema.check import beyond, check
from hplint.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hplint.syntax.tree import Node

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EXAMPLES = os.path.join(ROOT, "examples")

NOT_OF_THIS_FORMAT = {
    ("Training", "format"): "stated by recognition, whatever the format",
    ("Training", "framework"): "stated by the format's description",
    ("Training", "framework_version"): "stated by the format's description",
    ("Training", "loader"): "stated by the format's description",
    ("Layer", "index"): "the place in the list, stated as such and not written",
}
"""Facts that no key of the format states, and why."""
ABOUT_TEXT = ("Scalar", "Entry", "Problem")
"""Parts that describe the text of any format, not the training run."""


def tree_of(text: str, syntax: str = "yaml") -> Node:
    """Return the root of a text, read with the format's loader."""
    if syntax == "yaml":
        from hplint.syntax.yaml import parse as parse_yaml

        root = parse_yaml(SourceText(text), "omegaconf").root
    else:
        root = parse(SourceText(text), syntax).root
    assert root is not None
    return root


def training_of(text: str) -> Training:
    """Return the facts of a config in hplint's own format, nothing derived yet."""
    return read(tree_of(text), "hplint", knowledge.formats()["hplint"])


def every_fact() -> str:
    """Return the document that says everything."""
    with open(os.path.join(HERE, "every_fact.yaml"), encoding="utf-8") as file:
        return file.read()


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


def schema_of() -> dict[str, Any]:
    """Return the format's schema."""
    found = knowledge.schema("hplint")
    assert found is not None
    return found


def resolved(schema: Any) -> Any:
    """Return a schema with its reference followed."""
    while "$ref" in schema:
        schema = schema_of()["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return schema


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
        assert fact.value == node.data()
    place = training.facts[part].places[name]
    assert place.path == tuple(key.split("."))


def test_loss_of_a_head() -> None:
    loss = training_of(every_fact()).outputs[0].loss
    stated = {name: fact.value for name, fact in loss.facts.items()}
    assert stated == {
        "name": "binary_crossentropy", "from_logits": True, "label_smoothing": 0.1, "class_weights": [1, 2.5],
        "weighted": True, "loss_weights": [0.3, 0.7], "custom": False,
    }  # fmt: skip


def test_everything_fits_the_schema() -> None:
    assert check(tree_of(every_fact()), schema_of()) == []
    jsonschema.Draft202012Validator(schema_of()).validate(tree_of(every_fact()).data())


def test_schema_is_in_normal_form() -> None:
    assert beyond(schema_of()) == set()
    jsonschema.Draft202012Validator.check_schema(schema_of())


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema that has properties, with the path to it."""
    if isinstance(schema, dict):
        if "properties" in schema and isinstance(schema["properties"], dict):
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from objects(value, f"{path}/{index}")


def test_every_property_is_described_in_a_sentence() -> None:
    found = 0
    for path, schema in objects(schema_of()):
        for key, value in schema["properties"].items():
            description = resolved(value).get("description", "")
            assert re.match(r"[A-Za-z0-9`'].*[.)]\Z", description), f"{path}/{key}: {description!r}"
            found += 1
    assert found > 300


def test_only_custom_layers_take_unknown_keys() -> None:
    free = {path for path, schema in objects(schema_of()) if schema.get("additionalProperties", True) is not False}
    assert free == {"/$defs/custom_layer"}


def enums(schema: Any) -> Iterator[tuple[Any, ...]]:
    """Yield every list of accepted values."""
    if isinstance(schema, dict):
        if isinstance(schema.get("enum"), list):
            yield tuple(schema["enum"])
        for value in schema.values():
            yield from enums(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from enums(value)


FOLLOWED = {
    "TaskKind", "Modality", "Family", "Labels", "Scaling", "Goal", "Split", "SearchAlgorithm", "ParameterKind",
    "Adapter",
}  # fmt: skip


@pytest.mark.parametrize("vocabulary", sorted(FOLLOWED))
def test_enums_are_the_vocabularies(vocabulary: str) -> None:
    assert VOCABULARIES[vocabulary] in set(enums(schema_of()))


def test_strategies_are_the_vocabulary_and_the_no_that_yaml_reads_as_false() -> None:
    assert (False, *VOCABULARIES["Strategy"]) in set(enums(schema_of()))


def test_recognition_knows_all_kinds_and_families() -> None:
    clauses = knowledge.formats()["hplint"]["recognise"]
    words = {key: tuple(values) for clause in clauses for key, values in clause["has"].items()}
    assert words["task.kind"] == VOCABULARIES["TaskKind"]
    assert words["model.family"] == VOCABULARIES["Family"]


def test_schema_and_tables_know_the_same_layers() -> None:
    tables = knowledge.data("hplint/layers")
    definitions = schema_of()["$defs"]
    branches = {
        kind: resolved(branch)["properties"]
        for branch in definitions["layer_map"]["oneOf"]
        for kind in resolved(branch)["properties"]["type"]["enum"]
    }
    assert set(branches) == set(tables["layers"]) == set(definitions["layer"]["anyOf"][0]["enum"])
    unread = {
        "inputs", "layers", "shares", "backward", "mask_value", "direction", "strength", "function", "architecture",
        "class", "stddev", "sequence_length", "output_size",
    }  # fmt: skip
    for kind, facts in tables["layers"].items():
        table = {
            **tables["every"], **tables["kinds"].get(facts["kind"], {}),
            **tables["operations"].get(facts.get("operation"), {}),
        }  # fmt: skip
        keys = {key for entry in table.values() for key in keys_of(entry)}
        assert set(branches[kind]) - keys <= unread, kind


def keys_of(entry: dict[str, Any]) -> list[str]:
    """Return the keys of an entry of a table."""
    return entry["key"] if isinstance(entry["key"], list) else [entry["key"]]


def test_every_section_of_the_schema_is_read() -> None:
    description = knowledge.formats()["hplint"]
    read_keys = {key for entry in description["facts"].values() for key in keys_of(entry)}
    properties = schema_of()["properties"]
    for section in set(properties) - {"hplint", "name", "description", "extra", "inputs", "outputs", "metrics"}:
        for key, value in resolved(properties[section])["properties"].items():
            below = resolved(value).get("properties", {})
            for path in [f"{section}.{key}.{inner}" for inner in below] or [f"{section}.{key}"]:
                assert path in read_keys | {"model.layers", "search.parameters"}, path


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
    "model: {type: resnet}\ndata: {path: x}\noptimizer: {lr: 0.1}\ntraining: {epochs: 3}\n",
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


# -- the network --------------------------------------------------------------------------------------------------

CHAIN = """
hplint: 1
inputs: [{name: photo, modality: image, shape: [8, 8, 3]}]
model:
  layers:
    - {type: conv2d, name: conv, filters: 4, kernel: 3, activation: relu}
    - {type: max_pooling2d, name: pool, kernel: 2}
    - flatten
    - {type: dense, name: hidden, units: 5, activation: tanh}
    - {type: dense, name: last, units: 2}
loss: categorical_crossentropy
"""


def layers_by_name(training: Training) -> dict[str, Any]:
    """Return the layers that have a name."""
    return {layer.name.value: layer for layer in training.model.layers if layer.name is not UNKNOWN}


def test_a_list_is_a_chain() -> None:
    training = training_of(CHAIN)
    names = [layer.type.value for layer in training.model.layers]
    assert names == ["input", "conv2d", "max_pooling2d", "flatten", "dense", "dense"]
    for before, after in zip(training.model.layers, training.model.layers[1:]):
        assert after.inputs == [before]
        assert before.consumers == [after]
    layers = layers_by_name(training)
    assert layers["conv"].kernel.value == [3, 3]
    assert layers["pool"].stride.value == [2, 2]
    assert layers["hidden"].input_shape.value == [36]
    assert layers["hidden"].role.value == "hidden"
    assert layers["last"].role.value == "output"


def test_a_layer_without_activation_is_linear() -> None:
    last = layers_by_name(training_of(CHAIN))["last"]
    assert (last.activation.value, last.activation.origin) == ("linear", DEFAULT)


def test_the_last_layer_is_the_head() -> None:
    training = training_of(CHAIN)
    (output,) = training.outputs
    assert output.layer is layers_by_name(training)["last"]
    assert output.activation.value == "linear"
    assert output.units.value == 2
    assert output.loss is training.loss
    assert output.task.value == "multiclass"
    assert training.task.kind.value == "multiclass"


def test_names_make_a_graph() -> None:
    training = training_of("""
hplint: 1
model:
  layers:
    - {type: input, name: left, shape: [4]}
    - {type: input, name: right, shape: [6]}
    - {type: dense, name: a, units: 3, inputs: left}
    - {type: dense, name: b, units: 3, inputs: [right]}
    - {type: multiply, name: both, inputs: [a, b]}
    - {type: dense, name: one, units: 1}
    - {type: dense, name: two, units: 5, inputs: both, activation: softmax}
outputs:
  - {name: price, layer: one, loss: mse}
  - {name: kind, layer: two, loss: categorical_crossentropy}
""")
    layers = layers_by_name(training)
    assert layers["both"].inputs == [layers["a"], layers["b"]]
    assert layers["both"].consumers == [layers["one"], layers["two"]]
    assert layers["a"].role.value == "gate"
    assert [source.shape.value for source in training.inputs] == [[4], [6]]
    assert [output.task.value for output in training.outputs] == ["regression", "multiclass"]
    assert [output.layer.name.value for output in training.outputs] == ["one", "two"]


def test_a_name_that_leads_nowhere_leaves_the_graph_open() -> None:
    training = training_of("""
hplint: 1
model:
  layers:
    - {type: input, name: left, shape: [4]}
    - {type: dense, name: a, units: 3}
    - {type: dense, name: b, units: 1, inputs: [aa]}
loss: mse
""")
    layers = layers_by_name(training)
    assert layers["b"].missing_inputs.value == ["aa"]
    assert layers["b"].inputs is UNKNOWN
    assert layers["a"].consumers is UNKNOWN
    assert layers["a"].role is UNKNOWN


def test_an_unknown_layer_leaves_what_rests_on_it_open() -> None:
    training = training_of("""
hplint: 1
model: {layers: [{type: dense, units: 4}, {type: custom, class: Mine, size: 3}, {type: dense, units: 2}]}
""")
    _, own, last = training.model.layers
    assert own.custom.value is True
    assert last.input_shape is UNKNOWN
    assert training.model.complete.value is False


def test_nested_layers_stand_in_their_owner() -> None:
    training = training_of("""
hplint: 1
model:
  layers:
    - {type: dense, name: before, units: 4, input_shape: [3]}
    - {type: model, name: block, layers: [{type: dense, name: inside, units: 5}]}
    - {type: dense, name: after, units: 2}
""")
    layers = layers_by_name(training)
    assert set(layers) == {"before", "inside", "after"}
    assert layers["inside"].owner.name.value == "block"
    assert layers["after"].inputs == [layers["inside"]]
    assert layers["after"].input_shape.value == [5]


def test_several_numbers_are_one_table() -> None:
    training = training_of("""
hplint: 1
inputs: [{name: a, modality: number}, {name: b, modality: number}, {name: c, modality: binary}]
model: {layers: [{type: dense, units: 4, activation: relu}, {type: dense, units: 1}]}
loss: mse
""")
    assert training.data.features.value == 3
    assert training.model.layers[0].input_shape.value == [3]


def test_scaling_by_a_layer_counts() -> None:
    text = """
hplint: 1
inputs: [{name: photo, modality: image, shape: [8, 8, 3], scaling: %s}]
model: {layers: [{type: rescaling, scale: 1/255}, {type: conv2d, filters: 4, kernel: 3}]}
"""
    by_layer = training_of(text % "none")
    assert (by_layer.inputs[0].scaling.value, by_layer.inputs[0].scaling.origin) == ("unit", INFERRED)
    assert by_layer.data.normalised_twice is UNKNOWN
    assert training_of(text % "unit").data.normalised_twice.value is True


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
def test_values_of_the_wrong_kind_are_survived_everywhere(index: int) -> None:
    for path in key_paths(tree_of(every_fact()).data()):
        survives(path, JUNK[index])


# -- examples -----------------------------------------------------------------------------------------------------


def example_files(folder: str) -> list[str]:
    """Return the paths of the examples in a folder, relative to examples/."""
    return sorted(os.path.relpath(path, EXAMPLES) for path in glob.glob(os.path.join(EXAMPLES, folder, "*")))


def report_on(path: str) -> Any:
    """Return the report on an example."""
    with open(os.path.join(EXAMPLES, path), "rb") as file:
        return lint(file.read(), path)


def planted() -> dict[str, list[str]]:
    """Return the codes that the table of examples/README.md promises, by file."""
    with open(os.path.join(EXAMPLES, "README.md"), encoding="utf-8") as file:
        rows = re.findall(r"^\| \[(bad/[^\]]+)\]\([^)]+\) \| ([^|]+) \|$", file.read(), re.MULTILINE)
    return {path: codes.strip().split(", ") for path, codes in rows}


@pytest.mark.parametrize("path", example_files("good"))
def test_good_examples_are_clean(path: str) -> None:
    report = report_on(path)
    assert report.recognition.name is not None
    assert [f"{finding.code}: {finding.message}" for finding in report.findings] == []


@pytest.mark.parametrize("path", example_files("bad"))
def test_bad_examples_show_what_was_planted(path: str) -> None:
    found = {finding.code for finding in report_on(path).findings}
    assert set(planted()[path]) <= found


@pytest.mark.parametrize("path", [path for path in example_files("bad") if not path.endswith(".json")])
def test_bad_examples_name_what_was_planted(path: str) -> None:
    with open(os.path.join(EXAMPLES, path), encoding="utf-8") as file:
        comment = "".join(line for line in file if line.startswith("#"))
    assert sorted(re.findall(r"[A-Z]+\d{3}", comment)) == sorted(planted()[path])


def test_examples_cover_three_formats_and_three_syntaxes() -> None:
    for folder in ("good", "bad"):
        formats = {report_on(path).recognition.name for path in example_files(folder)}
        assert {"hplint", "keras", "ludwig"} <= formats
        assert {".yaml", ".json", ".toml"} <= {os.path.splitext(path)[1] for path in example_files(folder)}


def test_the_documentation_names_every_key_of_the_sections() -> None:
    with open(os.path.join(ROOT, "docs", "formats", "hplint.md"), encoding="utf-8") as file:
        text = file.read()
    for section, value in schema_of()["properties"].items():
        assert f"`{section}`" in text
        for key in resolved(value).get("properties", {}):
            assert f"`{key}`" in text, f"{section}.{key}"
    for kind in knowledge.data("hplint/layers")["layers"]:
        assert f"`{kind}`" in text, kind


def test_the_documentation_says_what_the_schema_says() -> None:
    with open(os.path.join(ROOT, "docs", "formats", "hplint.md"), encoding="utf-8") as file:
        text = file.read()
    for section, value in schema_of()["properties"].items():
        for key, below in resolved(resolved(value).get("items", value)).get("properties", {}).items():
            assert resolved(below)["description"] in text or key == "layers", f"{section}.{key}"


def test_examples_in_the_documentation_are_clean() -> None:
    with open(os.path.join(ROOT, "docs", "formats", "hplint.md"), encoding="utf-8") as file:
        blocks = re.findall(r"```yaml\n(.*?)```", file.read(), re.DOTALL)
    assert len(blocks) > 10
    for block in blocks:
        root = tree_of(block)
        assert yaml.safe_load(block) is not None
        assert check(root, schema_of()) == []
        if "hplint" in block.split(":")[0]:
            assert lint(block, "a.yaml").findings == ()
