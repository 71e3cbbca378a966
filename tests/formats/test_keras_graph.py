"""Keras: the graph of layers, roles, shared and nested models, and the heads."""

from __future__ import annotations

from typing import Any

from keras_models import by_name, facts, functional, layer, layer3, names, sequential, source, taking, taking3

from hplint.facts.fact import UNKNOWN

CLASSIFIER = sequential(
    layer("Conv2D", "conv", filters=8, kernel_size=[3, 3], activation="relu", batch_input_shape=[None, 28, 28, 1]),
    layer("Dense", "dense", units=10, activation="softmax"),
)


def test_a_sequential_model_starts_with_an_input_layer_written_or_not() -> None:
    implied = facts(CLASSIFIER)
    written = facts(sequential(layer3("InputLayer", "input", batch_shape=[None, 28, 28, 1]), layer3("Dense", units=2)))
    for training in (implied, written):
        first = training.model.layers[0]
        assert (first.kind.value, first.role.value) == ("input", "input")
        assert first.declared_shape.value == [28, 28, 1]
        assert training.inputs[0].layer is first
    assert [found.index.value for found in implied.model.layers] == [0, 1, 2]
    assert names(implied.model.layers[2:3]) == [implied.model.layers[1].next.name.value]


def test_squeeze_and_excitation_is_a_gate() -> None:
    layers = [
        source("image", 32, 32, 3),
        taking(layer("Conv2D", "conv", filters=16, kernel_size=[3, 3], activation="relu"), "image"),
        taking(layer("GlobalAveragePooling2D", "squeeze"), "conv"),
        taking(layer("Dense", "reduce", units=4, activation="relu"), "squeeze"),
        taking(layer("Dense", "excite", units=16, activation="sigmoid"), "reduce"),
        taking(layer("Multiply", "scale"), "conv excite"),
        taking(layer("Flatten", "flatten"), "scale"),
        taking(layer("Dense", "out", units=10, activation="softmax"), "flatten"),
    ]
    found = by_name(facts(functional(layers, ["image"], ["out"])))
    assert found["excite"].role.value == "gate"
    assert found["reduce"].role.value == "hidden"
    assert found["out"].role.value == "output"


def test_a_residual_branch_and_its_activation_behind_the_sum() -> None:
    layers = [
        source("image", 8, 8, 4),
        taking(layer("Conv2D", "first", filters=4, kernel_size=[3, 3], padding="same", activation="linear"), "image"),
        taking(layer("BatchNormalization", "norm"), "first"),
        taking(layer("Activation", "relu", activation="relu"), "norm"),
        taking(layer("Conv2D", "second", filters=4, kernel_size=[3, 3], padding="same", activation="linear"), "relu"),
        taking(layer("Add", "add"), "image second"),
        taking(layer("Activation", "relu2", activation="relu"), "add"),
        taking(layer("GlobalAveragePooling2D", "pool"), "relu2"),
        taking(layer("Dense", "out", units=2, activation="softmax"), "pool"),
    ]
    training = facts(functional(layers, ["image"], ["out"]))
    found = by_name(training)
    assert found["second"].role.value == "residual"
    assert found["second"].effective_activation.value == "relu"
    assert (found["first"].role.value, found["first"].effective_activation.value) == ("hidden", "relu")
    assert training.model.residual.value is True


def test_dense_blocks_concatenate() -> None:
    layers = [
        source("image", 8, 8, 3),
        taking(layer("Conv2D", "one", filters=4, kernel_size=[3, 3], padding="same", activation="relu"), "image"),
        taking(layer("Concatenate", "join", axis=-1), "image one"),
        taking(layer("Conv2D", "two", filters=4, kernel_size=[3, 3], padding="same", activation="relu"), "join"),
        taking(layer("Concatenate", "join2", axis=-1), "join two"),
        taking(layer("GlobalAveragePooling2D", "pool"), "join2"),
        taking(layer("Dense", "out", units=2, activation="softmax"), "pool"),
    ]
    found = by_name(facts(functional(layers, ["image"], ["out"])))
    assert [found[name].role.value for name in ("one", "two", "out")] == ["hidden", "hidden", "output"]
    assert found["join2"].output_shape.value == [8, 8, 11]
    assert names(found["join2"].inputs) == ["join", "two"]


def test_a_stack_of_recurrent_layers() -> None:
    training = facts(
        sequential(
            layer("LSTM", "one", units=8, return_sequences=True, batch_input_shape=[None, 20, 3]),
            layer("LSTM", "two", units=8),
            layer("Dense", "out", units=1),
        )
    )
    found = by_name(training)
    assert found["one"].next is found["two"]
    assert (found["one"].return_sequences.value, found["two"].return_sequences.value) == (True, False)
    assert found["two"].recurrent_activation.value == "sigmoid"
    assert training.inputs[0].modality.value == "timeseries"


def test_the_narrowest_layer_of_an_autoencoder_is_a_bottleneck() -> None:
    sizes = {"wide": 128, "code": 16, "wide2": 128, "out": 784}
    layers = [layer("Dense", name, units=size, activation="sigmoid") for name, size in sizes.items()]
    layers[0]["config"]["batch_input_shape"] = [None, 784]
    training = facts(sequential(*layers))
    assert training.model.autoencoder.value is True
    assert by_name(training)["code"].role.value == "bottleneck"
    assert training.inputs[0].modality is UNKNOWN


def test_a_shared_layer_is_one_layer_that_is_called_several_times() -> None:
    layers = [
        source("a", 8),
        source("b", 8),
        taking(layer("Dense", "shared", units=4, activation="relu"), "a", "b"),
        {**taking(layer("Concatenate", "join")), "inbound_nodes": [[["shared", 0, 0, {}], ["shared", 1, 0, {}]]]},
        taking(layer("Dense", "out", units=1), "join"),
    ]
    found = by_name(facts(functional(layers, ["a", "b"], ["out"])))
    assert (found["shared"].is_shared.value, found["out"].is_shared.value) == (True, False)
    assert names(found["shared"].inputs) == ["a", "b"]
    assert found["join"].output_shape.value == [8]
    assert found["shared"].parameters.value == 36


def test_a_nested_model_is_opened_and_its_input_layer_vanishes() -> None:
    inner = functional(
        [
            source("inner_input", 32, 32, 3),
            taking(layer("Conv2D", "inner_conv", filters=4, kernel_size=[3, 3], trainable=True), "inner_input"),
            taking(layer("ReLU", "inner_relu"), "inner_conv"),
        ],
        ["inner_input"],
        ["inner_relu"],
        name="mobilenetv2_1.00_224",
    )
    inner["config"]["trainable"] = False
    layers = [
        source("image", 32, 32, 3),
        {**inner, "name": "mobilenetv2_1.00_224", "inbound_nodes": [[["image", 0, 0, {}]]]},
        taking(layer("GlobalAveragePooling2D", "pool"), "mobilenetv2_1.00_224"),
        taking(layer("Dense", "out", units=1), "pool"),
    ]
    training = facts(functional(layers, ["image"], ["out"]))
    assert names(training.model.layers) == ["image", "inner_conv", "inner_relu", "pool", "out"]
    found = by_name(training)
    assert names(found["image"].consumers) == ["inner_conv"]
    assert names(found["pool"].inputs) == ["inner_relu"]
    assert found["inner_conv"].owner.name.value == "mobilenetv2_1.00_224"
    assert found["inner_conv"].trainable.value is False
    assert (found["inner_conv"].trainable_parameters.value, found["inner_conv"].parameters.value) == (0, 112)
    assert found["out"].trainable.value is True
    assert training.model.architecture.value == "mobilenetv2"
    assert training.model.pretrained is UNKNOWN


def test_a_nested_model_may_be_called_twice_or_come_first() -> None:
    encoder = sequential(layer("Dense", "code", units=4, batch_input_shape=[None, 8]), name="encoder")
    calls = [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]
    layers = [
        source("a", 8),
        source("b", 8),
        {**encoder, "name": "encoder", "inbound_nodes": calls},
        taking(layer("Subtract", "difference"), "encoder encoder"),
        taking(layer("Dense", "out", units=1), "difference"),
    ]
    twin = by_name(facts(functional(layers, ["a", "b"], ["out"])))
    assert names(twin["code"].inputs) == ["a", "b"]
    assert twin["code"].is_shared.value is True
    chained = facts(sequential(encoder, layer("Dense", "out", units=1)))
    assert chained.inputs[0].shape.value == [8]
    assert names(chained.model.layers[1:]) == ["code", "out"]


def test_keras_3_joins_by_history_and_leaves_masks_out() -> None:
    tokens = {"class_name": "__keras_tensor__", "config": {"keras_history": ["embedding", 0, 0]}}
    mask = {"class_name": "__keras_tensor__", "config": {"keras_history": ["mask", 0, 0]}}
    attention = layer3("MultiHeadAttention", "attention", num_heads=2, key_dim=8)
    call = {"args": [tokens, tokens], "kwargs": {"attention_mask": mask}}
    layers = [
        taking3(layer3("InputLayer", "tokens", batch_shape=[None, 64])),
        taking3(layer3("Embedding", "embedding", input_dim=500, output_dim=16), "tokens"),
        {**taking3(layer3("NotEqual", "mask"), "tokens"), "module": "keras.src.ops.numpy"},
        {**attention, "name": "attention", "inbound_nodes": [call]},
        taking3(layer3("Add", "add"), "embedding attention"),
        taking3(layer3("Dense", "out", units=3), "add"),
    ]
    training = facts(functional(layers, ["tokens"], ["out"]))
    found = by_name(training)
    assert names(found["attention"].inputs) == ["embedding"]
    assert (found["attention"].heads.value, found["attention"].head_size.value) == (2, 8)
    assert found["attention"].role.value == "attention"
    assert training.inputs[0].modality.value == "text"
    assert training.inputs[0].vocabulary.value == 500


def test_arithmetic_with_a_constant_rescales_and_with_a_tensor_joins() -> None:
    def operation(class_name: str, name: str, *arguments: Any) -> dict[str, Any]:
        tensors = [
            {"class_name": "__keras_tensor__", "config": {"keras_history": [a, 0, 0]}} if isinstance(a, str) else a
            for a in arguments
        ]
        made = {"module": "keras.src.ops.numpy", "class_name": class_name, "config": {"name": name}, "name": name}
        return {**made, "registered_name": class_name, "inbound_nodes": [{"args": tensors, "kwargs": {}}]}

    layers = [
        taking3(layer3("InputLayer", "x", batch_shape=[None, 8])),
        taking3(layer3("Dense", "dense", units=8), "x"),
        operation("Multiply", "half", "dense", 0.5),
        operation("Multiply", "gated", "x", "half"),
        taking3(layer3("Dense", "out", units=1), "gated"),
    ]
    found = by_name(facts(functional(layers, ["x"], ["out"])))
    assert found["half"].kind.value == "rescaling"
    assert (found["gated"].kind.value, found["gated"].operation.value) == ("merge", "multiply")
    assert found["dense"].role.value == "gate"


def test_layers_come_in_the_order_of_the_graph_however_they_are_listed() -> None:
    layers = [
        taking(layer("Dense", "out", units=1), "hidden"),
        taking(layer("Dense", "hidden", units=2), "x"),
        source("x", 4),
    ]
    assert names(facts(functional(layers, ["x"], ["out"])).model.layers) == ["x", "hidden", "out"]


def test_a_layer_fed_by_nobody_known_has_unknown_inputs() -> None:
    layers = [source("x", 4), taking(layer("Dense", "out", units=1), "missing")]
    assert by_name(facts(functional(layers, ["x"], ["out"])))["out"].get("inputs") is UNKNOWN


def test_branches_of_a_merge_of_keras_1() -> None:
    def branch(name: str) -> dict[str, Any]:
        config = [layer("Dense", name, output_dim=4, batch_input_shape=[None, 6])]
        return {"class_name": "Sequential", "config": config}

    layers = [
        layer("Merge", "merge", layers=[branch("left"), branch("right")], mode="concat", concat_axis=-1),
        layer("Dense", "out", output_dim=1),
    ]
    training = facts({"class_name": "Sequential", "keras_version": "1.2.2", "config": layers})
    found = {name.value: part for part in training.model.layers if (name := part.name) is not UNKNOWN}
    assert names(found["merge"].inputs) == ["left", "right"]
    assert found["merge"].operation.value == "concat"
    assert len(training.inputs) == 2


# -- outputs ------------------------------------------------------------------------------------------------------


def test_the_activation_of_a_head_may_stand_in_a_layer_of_its_own() -> None:
    layers = [
        layer("Conv2D", "conv", filters=5, kernel_size=[1, 1], batch_input_shape=[None, 8, 8, 3]),
        layer("GlobalAveragePooling2D", "pool"),
        layer("Softmax", "softmax", axis=-1),
    ]
    output = facts(sequential(*layers)).outputs[0]
    assert (output.layer.name.value, output.final.name.value) == ("conv", "softmax")
    assert (output.activation.value, output.units.value, output.dense_labels.value) == ("softmax", 5, True)


def test_what_is_flattened_behind_the_last_weights_is_as_wide_as_it_comes_out() -> None:
    conv = layer(
        "Conv2D", "conv", filters=2, kernel_size=[1, 1], activation="sigmoid", batch_input_shape=[None, 4, 4, 3]
    )
    output = facts(sequential(conv, layer("Flatten"))).outputs[0]
    assert (output.layer.name.value, output.units.value) == ("conv", 32)


def test_a_sum_of_branches_has_no_last_layer_with_weights() -> None:
    layers = [
        source("x", 4),
        taking(layer("Dense", "a", units=1), "x"),
        taking(layer("Dense", "b", units=1), "x"),
        taking(layer("Add", "out"), "a b"),
    ]
    output = facts(functional(layers, ["x"], ["out"])).outputs[0]
    assert output.get("layer") is UNKNOWN
    assert output.activation is UNKNOWN
