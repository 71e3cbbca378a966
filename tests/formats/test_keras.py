"""Keras: the facts of layers and inputs, and the files that models stand in."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from keras_models import (
    by_name,
    check,
    facts,
    layer,
    layer3,
    names,
    sequential,
)

from hplint import Settings, knowledge, lint
from hplint.facts.fact import DEFAULT, UNKNOWN, WRITTEN
from hplint.formats.keras_archive import config_of
from hplint.formats.keras_values import CONVERT

CORPUS = os.environ.get("HPLINT_CORPUS")

CLASSIFIER = sequential(
    layer("Conv2D", "conv", filters=8, kernel_size=[3, 3], activation="relu", batch_input_shape=[None, 28, 28, 1]),
    layer("MaxPooling2D", "pool", pool_size=[2, 2]),
    layer("Flatten", "flatten"),
    layer("Dense", "dense", units=10, activation="softmax"),
)


# -- layers -------------------------------------------------------------------------------------------------------


def test_written_values_point_at_the_config_and_missing_ones_are_defaults() -> None:
    report = check(CLASSIFIER)
    assert report.training is not None
    conv = by_name(report.training)["conv"]
    assert (conv.kind.value, conv.rank.value, conv.units.value, conv.kernel.value) == ("convolution", 2, 8, [3, 3])
    written = conv.activation
    assert written.origin == WRITTEN
    assert written.node is not None
    assert report.source.text[written.node.start : written.node.end] == '"relu"'
    assert report.source.text[conv.label.start : conv.label.end] == '"Conv2D"'  # type: ignore[union-attr]
    assert (conv.padding.value, conv.padding.origin) == ("valid", DEFAULT)
    assert "Keras 2.15" in conv.padding.note
    assert conv.bias.value is True
    assert conv.kernel_initializer.value == "glorot_uniform"


def test_pooling_strides_by_its_own_size_unless_told_otherwise() -> None:
    assert by_name(facts(CLASSIFIER))["pool"].stride.value == [2, 2]


def test_names_of_keras_1_state_the_same_facts() -> None:
    regularizer = {"l1": 0.0, "l2": 0.01, "name": "WeightRegularizer"}
    layers = [
        layer(
            "Convolution2D", "conv", nb_filter=32, nb_row=3, nb_col=5, border_mode="same", subsample=[2, 2], bias=True,
            dim_ordering="th", init="he_normal", activation="relu", W_regularizer=regularizer,
            batch_input_shape=[None, 3, 64, 64],
        ),
        layer("Flatten", "flatten"),
        layer("Dropout", "drop", p=0.25),
        layer("Dense", "dense", output_dim=10, init="glorot_uniform", activation="softmax"),
    ]  # fmt: skip
    training = facts({"class_name": "Sequential", "keras_version": "1.2.2", "config": layers})
    found = by_name(training)
    conv = found["conv"]
    assert (conv.units.value, conv.kernel.value, conv.stride.value) == (32, [3, 5], [2, 2])
    assert (conv.padding.value, conv.data_format.value, conv.bias.value) == ("same", "channels_first", True)
    assert (conv.kernel_initializer.value, conv.l1.value, conv.l2.value) == ("he_normal", 0.0, 0.01)
    assert (found["drop"].rate.value, found["dense"].units.value) == (0.25, 10)
    assert training.framework_version.value == "1.2.2"
    assert training.inputs[0].channel_order.value == "channels_first"


@pytest.mark.parametrize(
    ("written", "value", "text"),
    [
        ("relu", "relu", '"relu"'),
        (None, "linear", "null"),
        (
            {"module": "builtins", "class_name": "function", "config": "gelu", "registered_name": "gelu"},
            "gelu",
            '"gelu"',
        ),
        ({"module": "keras.layers", "class_name": "LeakyReLU", "config": {"alpha": 0.1}}, "leaky_relu", '"LeakyReLU"'),
        ({"module": "keras.layers", "class_name": "Activation", "config": {"activation": "tanh"}}, "tanh", '"tanh"'),
    ],
)
def test_an_activation_is_a_name_or_an_object(written: Any, value: str, text: str) -> None:
    report = check(sequential(layer3("Dense", "dense", units=2, activation=written)))
    assert report.training is not None
    activation = by_name_of_last(report.training).activation
    assert activation.value == value
    assert activation.node is not None
    assert report.source.text[activation.node.start : activation.node.end] == text


def by_name_of_last(training: Any) -> Any:
    return training.model.layers[-1]


def test_an_activation_that_nobody_knows_stays_unknown() -> None:
    dense = by_name_of_last(facts(sequential(layer("Dense", units=2, activation="my_own_activation"))))
    assert dense.activation is UNKNOWN


@pytest.mark.parametrize(
    ("scale", "mode", "distribution", "name"),
    [
        (1.0, "fan_avg", "uniform", "glorot_uniform"),
        (2.0, "fan_in", "normal", "he_normal"),
        (1, "fanAvg", "normal", "glorot_normal"),
        (0.5, "fan_in", "normal", "variance_scaling"),
    ],
)
def test_a_scaling_of_known_constants_is_called_by_its_name(
    scale: float, mode: str, distribution: str, name: str
) -> None:
    config = {"scale": scale, "mode": mode, "distribution": distribution}
    written = {"class_name": "VarianceScaling", "config": config}
    assert (
        by_name_of_last(facts(sequential(layer("Dense", units=2, kernel_initializer=written)))).kernel_initializer.value
        == name
    )


@pytest.mark.parametrize(
    ("written", "l1", "l2"),
    [
        (None, 0.0, 0.0),
        ({"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.001}}, 0.0, 0.001),
        ({"module": "keras.regularizers", "class_name": "L1", "config": {"l1": 0.02}}, 0.02, 0.0),
        ("l2", 0.0, 0.01),
    ],
)
def test_regularizers(written: Any, l1: float, l2: float) -> None:
    dense = by_name_of_last(facts(sequential(layer("Dense", units=2, kernel_regularizer=written))))
    assert (dense.l1.value, dense.l2.value) == (l1, l2)


def test_wrappers_give_the_layer_inside() -> None:
    inner = layer("LSTM", "lstm", units=8, return_sequences=True)
    training = facts(
        sequential(
            layer("Embedding", "embedding", input_dim=100, output_dim=16, input_length=20),
            layer("Bidirectional", "both", layer=inner, merge_mode="concat"),
            layer("TimeDistributed", "each", layer=layer("Dense", "dense", units=3, activation="relu")),
        )
    )
    found = by_name(training)
    assert (found["both"].kind.value, found["both"].operation.value) == ("recurrent", "lstm")
    assert (found["both"].bidirectional.value, found["both"].return_sequences.value) == (True, True)
    assert found["both"].merge_mode.value == "concat"
    assert (found["each"].kind.value, found["each"].time_distributed.value) == ("dense", True)
    assert found["each"].activation.value == "relu"
    assert found["both"].time_distributed.value is False
    assert training.outputs[0].units.value == 3


def test_cells_of_one_layer_count_as_a_stack() -> None:
    cells = [layer("LSTMCell", units=4), layer("LSTMCell", units=6)]
    stacked = {"class_name": "StackedRNNCells", "config": {"cells": cells}}
    rnn = by_name_of_last(facts(sequential(layer("RNN", "rnn", cell=stacked, return_sequences=True))))
    assert (rnn.kind.value, rnn.operation.value, rnn.units.value, rnn.stack.value) == ("recurrent", "lstm", 6, 2)
    assert rnn.return_sequences.value is True


def test_custom_layers_are_unknown_and_leave_the_model_incomplete() -> None:
    own = {"module": "my_package.layers", "class_name": "Dense", "config": {"units": 3}, "registered_name": "x>Dense"}
    training = facts(sequential(layer3("Dense", units=4), own, layer3("Dense", "last", units=1)))
    custom = training.model.layers[2]
    assert (custom.kind.value, custom.custom.value, custom.units) == ("unknown", True, UNKNOWN)
    assert training.model.complete.value is False
    assert training.model.layers[1].role is UNKNOWN
    lambda_layer = facts(sequential(layer("Lambda", function=["x", None, None]))).model.layers[-1]
    assert (lambda_layer.kind.value, lambda_layer.custom.value) == ("lambda", False)


def test_every_class_of_the_signatures_is_known() -> None:
    known = knowledge.data("keras/layers")["classes"]
    classes = knowledge.data("keras/signatures")["layers"]
    # Holders of foreign code, parts of other layers, and a pipeline, whose layers stand inside.
    outside = {"FlaxLayer", "JaxLayer", "Pipeline", "StackedRNNCells", "TFSMLayer", "TorchModuleWrapper"}
    assert set(classes) - set(known) == outside


def test_defaults_are_of_the_versions_that_the_signatures_were_read_from() -> None:
    signatures, description = knowledge.data("keras/signatures"), knowledge.formats()["keras"]
    read_from = [signatures["keras1"]["x-version"], signatures["keras2"]["x-version"], signatures["x-version"]]
    assert [".".join(version.split(".")[:2]) for version in read_from] == [
        str(description["versions"][n]) for n in (1, 2, 3)
    ]
    assert description["version"] == description["versions"][3]


def test_the_tables_state_facts_that_exist_in_words_that_exist() -> None:
    from hplint.facts.fact import fact_types
    from hplint.facts.parts import VOCABULARIES, Layer

    tables = knowledge.data("keras/layers")
    activations = knowledge.data("names")["activations"]
    for about in (*tables["classes"].values(), *tables["operations"].values()):
        assert about.get("kind") in (None, *VOCABULARIES["LayerKind"])
        assert about.get("activation", "relu") in activations
        assert about.get("facts", "every") in tables["facts"]
    for table in tables["facts"].values():
        assert set(table) <= set(fact_types(Layer))
        assert {entry["as"] for entry in table.values()} <= set(CONVERT)


# -- inputs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "first", "modality"),
    [
        ([28, 28, 1], layer("Flatten"), "image"),
        ([3, 224, 224], layer("Flatten"), "image"),
        ([None, None, 3], layer("Conv2D", filters=8, kernel_size=[3, 3]), "image"),
        ([4, 4, 3], layer("Flatten"), None),
        ([3, 32, 3], layer("Flatten"), None),
        ([16, 64, 64, 3], layer("Conv3D", filters=8, kernel_size=[3, 3, 3]), "video"),
        ([28, 28], layer("LSTM", units=8), "image"),
        ([28, 28], layer("LSTM", "row_lstm", units=8), None),
        ([10, 28], layer("LSTM", units=8), "timeseries"),
        ([10, 300], layer("LSTM", units=8), None),
        ([10, 3], layer("Conv1D", filters=8, kernel_size=[3]), "timeseries"),
        ([10, 3], layer("Flatten"), None),
        ([12], layer("Dense", "dense", units=8), "tabular"),
        ([12], layer("Dense", "decode_latent", units=8), None),
        ([784], layer("Dense", units=8), None),
        ([192], layer("Dense", units=8), None),
        ([128], layer("Dense", units=8), None),
        ([20], layer("Embedding", input_dim=100, output_dim=8), "text"),
        ([1], layer("Embedding", input_dim=100, output_dim=8), None),
    ],
)
def test_what_an_input_is(shape: list[int | None], first: dict[str, Any], modality: str | None) -> None:
    model = sequential(layer("InputLayer", "input_1", batch_input_shape=[None, *shape]), first)
    found = facts(model).inputs[0]
    assert found.shape.value == shape
    assert found.modality.value == modality


@pytest.mark.parametrize(
    ("head", "modality"),
    [
        (layer("Dense", units=10, activation="softmax"), "image"),
        (layer("Dense", units=10), "image"),
        (layer("Dense", units=1), None),
        (layer("Dense", units=28), None),
    ],
)
def test_a_square_of_which_numbers_are_predicted_may_be_a_time_series(
    head: dict[str, Any], modality: str | None
) -> None:
    model = sequential(layer("LSTM", units=8, batch_input_shape=[None, 28, 28]), head)
    assert facts(model).inputs[0].modality.value == modality


def test_a_chosen_token_of_the_inputs_width_is_no_time_series() -> None:
    layers = [layer("LSTM", units=8, batch_input_shape=[None, 40, 57]), layer("Dense", units=57, activation="softmax")]
    assert facts(sequential(*layers)).inputs[0].modality is UNKNOWN


@pytest.mark.parametrize(
    ("first", "scaling"),
    [
        (layer("Rescaling", scale=1 / 255, offset=0.0), "unit"),
        (layer("Rescaling", scale=1 / 127.5, offset=-1.0), "minus_one_one"),
        (layer("BatchNormalization"), "standard"),
        (layer("Normalization"), "standard"),
        (layer("Flatten"), None),
    ],
)
def test_scaling_inside_the_model(first: dict[str, Any], scaling: str | None) -> None:
    model = sequential(layer("InputLayer", batch_input_shape=[None, 28, 28, 1]), first)
    assert facts(model).inputs[0].scaling.value == scaling


def test_a_fixed_batch_size_is_stated_where_it_is_written() -> None:
    report = check(sequential(layer("LSTM", units=4, stateful=True, batch_input_shape=[32, 10, 1])))
    assert report.training is not None
    batch = report.training.model.layers[-1].batch_size
    assert batch.value == 32
    assert batch.node is not None
    assert report.source.text[batch.node.start : batch.node.end] == "32"


# -- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrapped",
    [
        CLASSIFIER,
        {"class_name": "Sequential", "config": CLASSIFIER["config"]["layers"], "keras_version": "2.1.2"},
        {"modelTopology": CLASSIFIER, "weightsManifest": []},
        {"modelTopology": {"keras_version": "2.1.6", "model_config": CLASSIFIER}, "weightsManifest": []},
        {"model_config": CLASSIFIER, "training_config": None},
        json.dumps(CLASSIFIER),
    ],
    ids=["to_json", "list", "tfjs saved", "tfjs converted", "hdf5", "string"],
)
def test_where_a_model_may_stand(wrapped: Any) -> None:
    training = facts(wrapped)
    assert names(training.model.layers[1:]) == ["conv", "pool", "flatten", "dense"]


@pytest.mark.parametrize(
    "content",
    [
        {"modelTopology": {"node": [], "library": {}}, "format": "graph-model"},
        {"class_name": "Adam", "config": {"learning_rate": 0.1}},
        {"class_name": "Functional", "config": {"layers": {}}},
        {"class_name": "pandas", "config": []},
    ],
)
def test_what_is_no_keras_model(content: Any) -> None:
    assert lint(json.dumps(content), "model.json").recognition.name != "keras"


def test_a_subclass_without_layers_still_tells_how_it_is_trained() -> None:
    optimizer = {"module": "keras.optimizers", "class_name": "SGD", "config": {"learning_rate": 0.5}}
    compiled = {"optimizer": optimizer, "loss": "mse", "metrics": ["mae"]}
    model = {"module": "app", "class_name": "Mine", "config": {}, "registered_name": "Mine", "compile_config": compiled}
    training = facts(model)
    assert (training.optimizer.learning_rate.value, training.loss.name.value) == (0.5, "mean_squared_error")
    assert training.model.get("layers") is UNKNOWN


def archive(content: bytes, member: str = "config.json") -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("metadata.json", "{}")
        made.writestr(member, content)
    file.seek(0)
    return file


def test_the_config_in_an_archive() -> None:
    assert config_of(archive(b'{"class_name": "Sequential"}')) == b'{"class_name": "Sequential"}'


def test_archives_that_are_none_or_unpack_to_too_much() -> None:
    assert config_of(io.BytesIO(b"no archive")) is None
    assert config_of(archive(b"{}", "other.json")) is None
    bomb = archive(b" " * 20_000_000)
    assert config_of(bomb) is None
    # An archive that states a smaller size than it unpacks to is not believed.
    raw = bomb.getvalue().replace((20_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert config_of(io.BytesIO(raw)) is None
    damaged = bytearray(archive(b'{"a": 1}' * 1000).getvalue())
    damaged[80:100] = b"\xff" * 20
    assert config_of(io.BytesIO(bytes(damaged))) is None


@pytest.mark.skipif(not CORPUS, reason="HPLINT_CORPUS names no folder of real configs")
def test_real_configs_are_read() -> None:
    paths = sorted(Path(str(CORPUS)).glob("keras-json/**/*.json"))
    assert paths
    for path in paths:
        report = lint(path.read_bytes(), str(path), Settings(), ())
        assert report.recognition.name == "keras", path
        assert report.training is not None
        assert len(report.training.model.layers) > 1, path
        assert all(output.get("layer") is not UNKNOWN for output in report.training.outputs), path
        assert report.training.model.complete.value, path
