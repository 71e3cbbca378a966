"""Facts of the graph of layers: neighbours, roles, which activation acts on what, depth, the end of a head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hplint.facts.fact import UNKNOWN, Fact
from hplint.facts.graph import downstream, place_of_activation, trace_back, upstream
from hplint.lint import lint

if TYPE_CHECKING:
    from hplint.facts.parts import Layer, Training

INPUT = "{type: input, name: in, shape: [8]}"


def training_of(*lines: str, rest: str = "") -> Training:
    """Return the facts of a network in hplint's own format, one line of YAML for each layer."""
    text = "hplint: 1\nmodel:\n  layers:\n" + "".join(f"    - {line}\n" for line in lines) + rest
    training = lint(text, "x.yaml", rules=()).training
    assert training is not None
    return training


def layers_of(*lines: str, rest: str = "") -> dict[str, Layer]:
    """Return the layers by their names."""
    return {layer.name.value: layer for layer in training_of(*lines, rest=rest).model.layers}


def plain(found: Any) -> Any:
    """Return a fact's value, "unknown" for an unknown one, a layer's name."""
    if isinstance(found, Fact):
        return "unknown" if found is UNKNOWN else found.value
    return found.name.value


DENSE = "{type: dense, name: a, units: 4}"
GATE = "{type: dense, name: g, units: 4, activation: sigmoid, inputs: [in]}"
DROPOUT = "{type: dropout, name: d, rate: 0.1}"
LINEAR = "{type: activation, name: l, activation: linear}"
SIGMOID = "{type: activation, name: act, activation: sigmoid}"
END = "{type: dense, name: out, units: 1}"
CHAIN = [INPUT, DENSE, DROPOUT, "{type: dense, name: b, units: 2}"]


def test_neighbours_of_a_chain() -> None:
    layers = layers_of(*CHAIN)
    assert plain(layers["a"].next) == "d"
    assert plain(layers["b"].previous) == "d"
    assert plain(layers["a"].next_parametric) == "b"
    assert plain(layers["b"].previous_parametric) == "a"
    assert plain(layers["b"].next) is None, "the last layer definitely has no next one"
    assert [layer.name.value for layer in downstream(layers["a"])] == ["d", "b"]
    assert [layer.name.value for layer in upstream(layers["d"])] == ["a", "in"]


def test_a_fork_has_no_single_next_layer() -> None:
    layers = layers_of(
        INPUT, DENSE, "{type: dense, name: b, units: 4, inputs: [a]}", "{type: add, name: sum, inputs: [a, b]}", END
    )
    assert plain(layers["a"].next) == "unknown"
    assert plain(layers["sum"].previous) == "unknown"


def test_depth_counts_layers_with_weights_on_the_longest_way() -> None:
    layers = layers_of(INPUT, DENSE, "{type: dense, name: b, units: 4}", "{type: add, name: sum, inputs: [a, b]}", END)
    assert [plain(layers[name].depth) for name in ("in", "a", "b", "sum", "out")] == [0, 1, 2, 2, 3]


# -- roles --------------------------------------------------------------------------------------------------------

ROLES = {
    "a layer before another one is hidden": (CHAIN, "a", "hidden"),
    "the last one is the output": (CHAIN, "b", "output"),
    "an input": (CHAIN, "in", "input"),
    "what multiplies another layer's output is a gate": (
        [INPUT, DENSE, GATE,
         "{type: multiply, name: m, inputs: [a, g]}", END], "g", "gate"),
    "also through a reshape": (
        [INPUT, DENSE, GATE,
         "{type: reshape, name: r, target_shape: [4]}", "{type: multiply, name: m, inputs: [a, r]}",
         END], "g", "gate"),
    "a linear branch that is added is residual": (
        [INPUT, "{type: dense, name: a, units: 4, activation: relu}", "{type: dense, name: b, units: 4}",
         "{type: add, name: sum, inputs: [a, b]}", END], "b", "residual"),
    "what is subtracted is compared, bent or not": (
        [INPUT, DENSE, GATE, "{type: subtract, name: difference, inputs: [a, g]}", END], "g", "residual"),
    "a bent one is hidden": (
        [INPUT, DENSE, "{type: dense, name: b, units: 4, activation: relu}",
         "{type: add, name: sum, inputs: [a, b]}", END], "b", "hidden"),
    "what attention reads belongs to it": (
        ["{type: input, name: in, shape: [9, 8]}", "{type: dense, name: q, units: 4}", "{type: attention, name: att}",
         "{type: flatten, name: f}", END], "q", "attention"),
    "behind a layer that hplint cannot read anything may follow": (
        [INPUT, DENSE, "{type: custom, name: c}"], "a", "unknown"),
    "the narrowest layer of an autoencoder": (
        [INPUT, DENSE, "{type: dense, name: z, units: 2}", "{type: dense, name: c, units: 4}",
         "{type: dense, name: out, units: 8}"], "z", "bottleneck"),
}  # fmt: skip


@pytest.mark.parametrize("case", ROLES)
def test_roles(case: str) -> None:
    lines, name, role = ROLES[case]
    assert plain(layers_of(*lines)[name].role) == role


def test_a_head_that_another_layer_reads_is_an_output_still() -> None:
    layers = layers_of(
        INPUT, "{type: dense, name: first, units: 3, activation: softmax}", "{type: dense, name: second, units: 2}",
        rest="outputs:\n  - {name: x, layer: first}\n  - {name: y, layer: second}\n",
    )  # fmt: skip
    assert plain(layers["first"].role) == "output"


# -- activations --------------------------------------------------------------------------------------------------

ACTING = {
    "its own": ([INPUT, "{type: dense, name: a, units: 4, activation: tanh}", END], "tanh", "a"),
    "that of a layer behind it": ([INPUT, DENSE, "{type: activation, name: act, activation: elu}", END], "elu", "act"),
    "through dropout and normalisation": (
        [INPUT, DENSE, "{type: batch_norm, name: n}", DROPOUT,
         "{type: activation, name: act, activation: elu}", END], "elu", "act"),
    "through an activation that does nothing": (
        [INPUT, DENSE, LINEAR,
         "{type: activation, name: act, activation: relu}", END], "relu", "act"),
    "none before the next weights": ([INPUT, DENSE, DROPOUT, END], "linear", "unknown"),
    "unknown behind what hplint cannot read": ([INPUT, DENSE, "{type: custom, name: c}", END], "unknown", "unknown"),
    "the same on both ways": (
        [INPUT, DENSE, "{type: activation, name: x, activation: relu, inputs: [a]}",
         "{type: activation, name: y, activation: relu, inputs: [a]}", "{type: add, name: sum, inputs: [x, y]}", END],
        "relu", "unknown"),
    "different ones": (
        [INPUT, DENSE, "{type: activation, name: x, activation: relu, inputs: [a]}",
         "{type: activation, name: y, activation: tanh, inputs: [a]}", "{type: add, name: sum, inputs: [x, y]}", END],
        "unknown", "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("case", ACTING)
def test_the_activation_that_acts_on_a_layer(case: str) -> None:
    lines, activation, by = ACTING[case]
    layer = layers_of(*lines)["a"]
    assert plain(layer.effective_activation) == activation
    assert plain(layer.activated_by) == by


POOLED = ["{type: input, name: in, shape: [9, 9, 3]}", "{type: conv2d, name: a, filters: 4, kernel: 3}"]
CONV = "{type: conv2d, name: out, filters: 4, kernel: 3}"
LINEAR_INTO = {
    "directly": ([INPUT, DENSE, END], "out"),
    "through dropout and a linear activation": (
        [INPUT, DENSE, DROPOUT, LINEAR, END], "out"),
    "through batch normalisation, which only scales": ([INPUT, DENSE, "{type: batch_norm, name: n}", END], "out"),
    "not through layer normalisation": ([INPUT, DENSE, "{type: layer_norm, name: n}", END], "unknown"),
    "not through an activation": ([INPUT, DENSE, "{type: activation, name: x, activation: elu}", END], "unknown"),
    "not with one of its own": ([INPUT, "{type: dense, name: a, units: 4, activation: relu}", END], "unknown"),
    "through average pooling, which adds up": ([*POOLED, "{type: average_pooling2d, name: p, kernel: 2}", CONV], "out"),
    "not through max pooling": ([*POOLED, "{type: max_pooling2d, name: p, kernel: 2}", CONV], "unknown"),
    "not at the end": ([INPUT, DENSE], "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("case", LINEAR_INTO)
def test_what_a_linear_layer_feeds_unchanged(case: str) -> None:
    lines, into = LINEAR_INTO[case]
    assert plain(layers_of(*lines)["a"].linear_into) == into


POOLED_INTO = {
    "past max pooling": ([*POOLED, "{type: max_pooling2d, name: p, kernel: 2}", CONV], "out"),
    "not where an activation stands before it": (
        [*POOLED, "{type: activation, name: x, activation: relu}", "{type: max_pooling2d, name: p, kernel: 2}", CONV],
        "unknown"),
    "not where an activation stands behind it": (
        [*POOLED, "{type: max_pooling2d, name: p, kernel: 2}", "{type: activation, name: x, activation: relu}", CONV],
        "unknown"),
    "not without any pooling": ([*POOLED, CONV], "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("case", POOLED_INTO)
def test_what_takes_a_linear_layer_max_pooled(case: str) -> None:
    lines, into = POOLED_INTO[case]
    assert plain(layers_of(*lines)["a"].pooled_into) == into


FAN_IN = [
    ([INPUT, DENSE], 8),
    (["{type: input, name: in, shape: [9, 9, 3]}", "{type: conv2d, name: a, filters: 4, kernel: 3}"], 27),
    (["{type: input, name: in, shape: [9, 9, 4]}",
      "{type: conv2d, name: a, filters: 4, kernel: [1, 5], groups: 2}"], 10),
    (["{type: input, name: in, shape: [3, 9, 9]}",
      "{type: conv2d, name: a, filters: 4, kernel: 3, data_format: channels_first}"], 27),
    (["{type: input, name: in, shape: [null]}", DENSE], "unknown"),
    (["{type: input, name: in, shape: [9, 9, 3]}", "{type: depthwise_conv2d, name: a, kernel: 3}"], "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "count"), FAN_IN)
def test_how_many_values_a_unit_adds_up(lines: list[str], count: Any) -> None:
    assert plain(layers_of(*lines)["a"].fan_in) == count


# -- the end of a head --------------------------------------------------------------------------------------------

ENDS = {
    "the last layer's own": (["{type: dense, name: a, units: 4, activation: softmax}"], "softmax"),
    "none": ([DENSE], "linear"),
    "of a layer behind it": ([DENSE, SIGMOID], "sigmoid"),
    "before dropout": ([DENSE, SIGMOID, DROPOUT], "sigmoid"),
    "a linear activation hides nothing": (
        ["{type: dense, name: a, units: 4, activation: tanh}", LINEAR], "tanh"),
    "rescaled values are no longer what the activation gave": (
        ["{type: dense, name: a, units: 4, activation: sigmoid}",
         "{type: rescaling, name: r, scale: 255.0}"], "unknown"),
    "an activation that hplint does not know": ([DENSE, "{type: activation, name: act, activation: snake}"], "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("case", ENDS)
def test_tracing_back_from_the_end(case: str) -> None:
    lines, activation = ENDS[case]
    final = training_of(INPUT, *lines).model.layers[-1]
    layer, found = trace_back(final)
    assert layer is not None
    assert layer.name.value == "a"
    assert plain(found) == activation


def test_tracing_back_stops_where_branches_meet() -> None:
    final = training_of(INPUT, DENSE, "{type: add, name: sum, inputs: [in, a]}").model.layers[-1]
    assert trace_back(final)[0] is None


def test_the_place_of_the_last_activation_is_the_layer_that_states_it() -> None:
    layers = layers_of(INPUT, DENSE, SIGMOID)
    found = trace_back(layers["act"])[1]
    assert place_of_activation(layers["act"], found) is layers["act"].places["activation"]
    assert place_of_activation(layers["act"], UNKNOWN) is None
