"""Networks in hplint's own format: chains, graphs, nested models, heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hplint_documents import training_of

from hplint.facts import derive as _derive  # noqa: F401  # registers the derived facts
from hplint.facts.fact import DEFAULT, INFERRED, UNKNOWN
from hplint.lint import lint
from hplint.text import apply_edits

if TYPE_CHECKING:
    from hplint.facts.parts import Training


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


def test_a_type_alone_is_a_layer_that_fixes_can_move() -> None:
    text = """
hplint: 1
inputs: [{name: photo, modality: image, shape: [32, 32, 3], scaling: unit}]
model:
  layers:
    - {type: conv2d, filters: 16, kernel: 3, activation: relu}
    - {type: dropout, rate: 0.3}
    - batch_norm
    - global_average_pooling
    - {type: dense, units: 3, activation: softmax}
loss: categorical_crossentropy
"""
    (finding,) = [finding for finding in lint(text, "a.yaml").findings if finding.code == "REG003"]
    fixed = apply_edits(text, list(finding.fixes[0].edits))
    assert [line.strip() for line in fixed.splitlines()[6:8]] == ["- batch_norm", "- {type: dropout, rate: 0.3}"]
    assert [line for line in fixed.splitlines() if line not in text.splitlines()] == []
    assert "REG003" not in {finding.code for finding in lint(fixed, "a.yaml").findings}


def test_scaling_by_a_layer_counts() -> None:
    text = """
hplint: 1
inputs: [{name: photo, modality: image, shape: [8, 8, 3], scaling: %s}]
model: {layers: [{type: rescaling, scale: 1/255}, {type: conv2d, filters: 4, kernel: 3}]}
"""
    by_layer = training_of(text % "none")
    assert (by_layer.inputs[0].scaling.value, by_layer.inputs[0].scaling.origin) == ("unit", INFERRED)
    assert by_layer.model.layers[1].rescales_again is UNKNOWN
    assert training_of(text % "unit").model.layers[1].rescales_again.value is True
