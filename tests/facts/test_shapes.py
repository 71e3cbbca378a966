"""Shapes and numbers of weights: by hand for small networks, and against Keras itself where it is installed."""

from __future__ import annotations

import importlib.util
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from hplint.facts.fact import UNKNOWN
from hplint.facts.shapes import broadcast, window_length
from hplint.lint import lint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hplint.facts.parts import Layer

HEAD = "hplint: 1\nmodel:\n  layers:\n"


def layers_of(*lines: str) -> list[Layer]:
    """Return the layers of a network in hplint's own format, one line of YAML for each."""
    training = lint(HEAD + "".join(f"    - {line}\n" for line in lines), "x.yaml", rules=()).training
    assert training is not None
    return training.model.layers


def last(*lines: str) -> tuple[Any, Any]:
    """Return output shape and number of weights of the last layer, None where unknown."""
    layer = layers_of(*lines)[-1]
    return layer.output_shape.value, layer.parameters.value


CHAINS: list[tuple[list[str], list[int | None] | None, int | None]] = [
    (["{type: input, shape: [20]}", "{type: dense, units: 7}"], [7], 20 * 7 + 7),
    (["{type: input, shape: [5, 20]}", "{type: dense, units: 7, bias: false}"], [5, 7], 20 * 7),
    (["{type: input, shape: [28, 28, 3]}", "{type: conv2d, filters: 8, kernel: 3}"], [26, 26, 8], 9 * 3 * 8 + 8),
    (["{type: input, shape: [28, 30, 3]}", "{type: conv2d, filters: 8, kernel: 5, stride: 2, padding: same}"],
     [14, 15, 8], 25 * 3 * 8 + 8),
    (["{type: input, shape: [3, 28, 30]}", "{type: conv2d, filters: 8, kernel: 3, data_format: channels_first}"],
     [8, 26, 28], 9 * 3 * 8 + 8),
    (["{type: input, shape: [9, 9, 4]}", "{type: conv2d, filters: 8, kernel: 3, dilation: 2, groups: 2}"],
     [5, 5, 8], 9 * 2 * 8 + 8),
    (["{type: input, shape: [9, 9, 4]}", "{type: depthwise_conv2d, kernel: 3, depth_multiplier: 2}"],
     [7, 7, 8], 9 * 4 * 2 + 8),
    (["{type: input, shape: [9, 9, 4]}", "{type: separable_conv2d, filters: 6, kernel: 3}"],
     [7, 7, 6], 9 * 4 + 4 * 6 + 6),
    (["{type: input, shape: [7, 7, 4]}", "{type: conv2d_transpose, filters: 6, kernel: 3, stride: 2}"],
     [15, 15, 6], 9 * 4 * 6 + 6),
    (["{type: input, shape: [15, 4]}", "{type: max_pooling1d, kernel: 2}"], [7, 4], 0),
    (["{type: input, shape: [null, null, 3]}", "{type: conv2d, filters: 2, kernel: 3}"], [None, None, 2], 56),
    (["{type: input, shape: [8, 8, 3]}", "global_average_pooling"], [3], 0),
    (["{type: input, shape: [8, 8, 3]}", "flatten", "{type: dense, units: 2}"], [2], 386),
    (["{type: input, shape: [8, 6, 3]}", "{type: reshape, target_shape: [-1, 3]}"], [48, 3], 0),
    (["{type: input, shape: [8, 6, 3]}", "{type: permute, order: [3, 1, 2]}"], [3, 8, 6], 0),
    (["{type: input, shape: [50]}", "{type: embedding, vocabulary: 1000, size: 16}"], [50, 16], 16000),
    (["{type: input, shape: [11, 5]}", "{type: lstm, units: 4}"], [4], 4 * (4 * 9 + 4)),
    (["{type: input, shape: [11, 5]}", "{type: gru, units: 4, return_sequences: true}"], [11, 4], 3 * (4 * 9 + 8)),
    (["{type: input, shape: [11, 5]}", "{type: lstm, units: 4, bidirectional: true}"], [8], 2 * 160),
    (["{type: input, shape: [6, 9, 9, 2]}", "{type: time_distributed_conv, units: 3}"], None, None),
    (["{type: input, shape: [6, 9, 9, 2]}", "{type: conv2d, filters: 3, kernel: 3, time_distributed: true}"],
     [6, 7, 7, 3], 57),
    (["{type: input, shape: [4, 4, 3]}", "batch_norm"], [4, 4, 3], 12),
    (["{type: input, shape: [4, 4, 3]}", "{type: layer_norm, axes: [1, 2, 3]}"], [4, 4, 3], 96),
    (["{type: input, shape: [4, 4, 3]}", "{type: activation, activation: prelu, shared_axes: [1, 2]}"], [4, 4, 3], 3),
    (["{type: input, shape: [5, 5, 1]}", "{type: zero_padding2d, amount: [[1, 2], [0, 0]]}"], [8, 5, 1], 0),
    (["{type: input, shape: [5, 5, 1]}", "{type: upsampling2d, factor: 3}"], [15, 15, 1], 0),
    (["{type: input, shape: [7]}", "{type: repeat_vector, times: 4}"], [4, 7], 0),
    (["{type: input, shape: [7, 12]}", "{type: multi_head_attention, heads: 2, head_size: 4}"],
     [7, 12], 3 * (12 * 8 + 8) + 8 * 12 + 12),
    (["{type: dense, units: 7}"], None, None),
]  # fmt: skip


@pytest.mark.parametrize(("chain", "shape", "weights"), CHAINS)
def test_chain(chain: list[str], shape: list[int | None] | None, weights: int | None) -> None:
    assert last(*chain) == (shape, weights)


@pytest.mark.parametrize(
    ("join", "shape"),
    [
        ("{type: add, inputs: [a, b]}", [4, 6]),
        ("{type: add, inputs: [a, c]}", [4, 6]),
        ("{type: concat, inputs: [a, b]}", [4, 12]),
        ("{type: concat, axis: 1, inputs: [a, b]}", [8, 6]),
        ("{type: add, inputs: [a, d]}", None),
    ],
)
def test_join(join: str, shape: list[int] | None) -> None:
    sources = [f"{{type: input, name: {name}, shape: {size}}}" for name, size in
               (("a", [4, 6]), ("b", [4, 6]), ("c", [1, 6]), ("d", [5, 6]))]  # fmt: skip
    assert last(*sources, join) == (shape, 0)


def test_nothing_is_said_behind_a_collapsed_map() -> None:
    conv, pool, dense = layers_of(
        "{type: input, shape: [4, 4, 1]}", "{type: conv2d, filters: 2, kernel: 3}", "{type: max_pooling2d, kernel: 4}",
        "{type: dense, units: 2}",
    )[1:]  # fmt: skip
    assert (conv.collapses.value, pool.collapses.value, dense.collapses) == (False, True, UNKNOWN)
    assert (pool.output_shape, dense.output_shape) == (UNKNOWN, UNKNOWN)


def test_window_length() -> None:
    assert window_length(10, 3, 1, 1, "valid") == 8
    assert window_length(10, 3, 3, 1, "same") == 4
    assert window_length(3, 3, 1, 2, "valid") == 0
    assert window_length(None, 3, 1, 1, "valid") is None
    assert window_length(10, 3, 1, 1, None) is None


def test_broadcast() -> None:
    assert broadcast([4, 1, 3], [2, 1]) == [4, 2, 3]
    assert broadcast([None, 3], [5, 3]) == [None, 3]
    assert broadcast([4, 3], [2, 3]) is None


# -- against Keras ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keras() -> Any:
    """Keras, on whatever backend is installed."""
    backends = [name for name in ("tensorflow", "jax", "torch") if importlib.util.find_spec(name) is not None]
    if backends:
        os.environ.setdefault("KERAS_BACKEND", backends[0])
    return pytest.importorskip("keras", exc_type=ImportError)


def leaves(model: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the layers of a Keras model and of the models in it, with the names that lead to them."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from leaves(layer, (*path, layer.name))
        elif type(layer).__name__ != "InputLayer":
            yield (*path, layer.name), layer


def path_of(layer: Layer) -> tuple[str, ...]:
    """Return the names that lead to one of our layers."""
    names: list[str] = []
    at: Any = layer
    while hasattr(at, "facts"):
        names.insert(0, at.name.value)
        at = at.owner
    return tuple(names)


def compare(model: Any) -> int:
    """Compare every layer's shape and weights with Keras; return how many layers there are."""
    training = lint(model.to_json(), "model.json", rules=()).training
    assert training is not None
    ours = {path_of(layer): layer for layer in training.model.layers if layer.name is not UNKNOWN}
    compared = 0
    for path, theirs in leaves(model):
        layer = ours[path]
        trained = sum(size(weight.shape) for weight in theirs.trainable_weights)
        wanted = (list(shape_in(theirs.output)[1:]), theirs.count_params(), trained)
        found = (layer.output_shape.value, layer.parameters.value, layer.trainable_parameters.value)
        assert found == wanted, path
        compared += 1
    return compared


def size(shape: tuple[int, ...]) -> int:
    """Return how many numbers a shape holds."""
    made = 1
    for length in shape:
        made *= length
    return made


def shape_in(outputs: Any) -> Any:
    """Return the shape of the first of several outputs."""
    while isinstance(outputs, (list, tuple, dict)):
        outputs = next(iter(outputs.values())) if isinstance(outputs, dict) else outputs[0]
    return outputs.shape


APPLICATIONS = (
    "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtSmall", "ConvNeXtTiny", "ConvNeXtXLarge", "DenseNet121", "DenseNet169",
    "DenseNet201", "EfficientNetB0", "EfficientNetB1", "EfficientNetB2", "EfficientNetB3", "EfficientNetB4",
    "EfficientNetB5", "EfficientNetB6", "EfficientNetB7", "EfficientNetV2B0", "EfficientNetV2B1", "EfficientNetV2B2",
    "EfficientNetV2B3", "EfficientNetV2L", "EfficientNetV2M", "EfficientNetV2S", "InceptionResNetV2", "InceptionV3",
    "MobileNet", "MobileNetV2", "MobileNetV3Large", "MobileNetV3Small", "NASNetLarge", "NASNetMobile", "ResNet101",
    "ResNet101V2", "ResNet152", "ResNet152V2", "ResNet50", "ResNet50V2", "VGG16", "VGG19", "Xception",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", APPLICATIONS)
def test_keras_applications(keras: Any, name: str) -> None:
    with keras.StatelessScope():  # weights get shapes, but no values
        assert compare(getattr(keras.applications, name)(weights=None)) > 15


def windows(layers: Any) -> Iterator[tuple[tuple[int | None, ...], Any]]:
    """Yield an input shape and a layer that slides a window over it."""
    sizes: dict[int, tuple[int, ...]] = {1: (13, 3), 2: (13, 11, 3), 3: (9, 8, 7, 3)}
    for rank, shape in sizes.items():
        for padding in ("valid", "same"):
            for stride in (1, 2, 3):
                yield shape, getattr(layers, f"Conv{rank}D")(4, 3, strides=stride, padding=padding)
                yield shape, getattr(layers, f"Conv{rank}DTranspose")(4, 3, strides=stride, padding=padding)
                yield shape, getattr(layers, f"MaxPooling{rank}D")(2, strides=stride, padding=padding)
                if rank < 3:
                    yield shape, getattr(layers, f"SeparableConv{rank}D")(4, 3, strides=stride, padding=padding)
                    yield shape, getattr(layers, f"DepthwiseConv{rank}D")(3, strides=stride, padding=padding)
            yield shape, getattr(layers, f"Conv{rank}D")(4, 2, dilation_rate=2, padding=padding, use_bias=False)
            yield shape, getattr(layers, f"AveragePooling{rank}D")(3, padding=padding)
        yield shape, getattr(layers, f"GlobalMaxPooling{rank}D")()
        yield shape, getattr(layers, f"GlobalAveragePooling{rank}D")(keepdims=True)
        yield shape, getattr(layers, f"UpSampling{rank}D")(2)
        yield shape, getattr(layers, f"ZeroPadding{rank}D")(2)
        yield shape, getattr(layers, f"Cropping{rank}D")(1)
    yield (13, 3), layers.Conv1D(4, 3, padding="causal")
    yield (13, 3), layers.ZeroPadding1D((2, 1))
    yield (13, 12, 4), layers.Conv2D(8, (3, 2), strides=(2, 1), groups=2)
    yield (13, 12, 4), layers.Conv2DTranspose(8, 3, strides=2, padding="same", output_padding=1)
    yield (13, 12, 4), layers.ZeroPadding2D(((0, 1), (2, 3)))
    yield (13, 12, 4), layers.AdaptiveAveragePooling2D((5, 4)) if hasattr(layers, "AdaptiveAveragePooling2D") else None
    yield (None, None, 3), layers.Conv2D(4, 3)


def others(layers: Any) -> Iterator[tuple[tuple[int | None, ...], Any]]:
    """Yield an input shape and a layer of another kind."""
    for cell in ("SimpleRNN", "LSTM", "GRU"):
        for sequences in (False, True):
            yield (11, 5), getattr(layers, cell)(4, return_sequences=sequences)
            for mode in ("concat", "sum", None):
                inner = getattr(layers, cell)(4, return_sequences=sequences)
                yield (11, 5), layers.Bidirectional(inner, merge_mode=mode)
    yield (11, 5), layers.GRU(4, reset_after=False)
    yield (11, 5), layers.LSTM(4, use_bias=False, return_state=True)
    yield (6, 9, 8, 2), layers.ConvLSTM2D(3, 3, padding="same")
    yield (6, 9, 8, 2), layers.ConvLSTM2D(3, 3, return_sequences=True)
    yield (6, 9, 8, 2), layers.TimeDistributed(layers.Conv2D(4, 3))
    yield (7, 12), layers.Dense(5)
    yield (7,), layers.Embedding(30, 6)
    yield (7,), layers.RepeatVector(3)
    yield (4, 6), layers.Reshape((-1, 3))
    yield (4, 6, 2), layers.Permute((3, 1, 2))
    yield (4, 6, 2), layers.Flatten()
    yield (4, 6, 3), layers.BatchNormalization()
    yield (4, 6, 3), layers.BatchNormalization(center=False)
    yield (4, 6, 3), layers.LayerNormalization(axis=(1, 2))
    yield (4, 6, 4), layers.GroupNormalization(2)
    yield (4, 6, 3), layers.PReLU(shared_axes=(1, 2))
    yield (4, 6, 3), layers.Normalization()
    yield (4, 6, 3), layers.SpectralNormalization(layers.Conv2D(4, 3))
    yield (4, 6, 3), layers.Rescaling(1 / 255)
    yield (4, 6, 3), layers.Dropout(0.5)


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [windows, others])
def test_keras_layers(keras: Any, kinds: Callable[[Any], Iterator[tuple[tuple[int | None, ...], Any]]]) -> None:
    compared = 0
    with keras.StatelessScope():
        for shape, layer in kinds(keras.layers):
            if layer is not None:
                source = keras.Input(shape)
                compared += compare(keras.Model(source, layer(source)))
    assert compared > 30


def graphs(keras: Any) -> Iterator[Any]:
    """Yield models with branches, shared layers and models inside models."""
    layers = keras.layers
    a, b = keras.Input((8, 6)), keras.Input((8, 6))
    for merge in (layers.Add, layers.Multiply, layers.Average, layers.Maximum, layers.Concatenate, layers.Subtract):
        yield keras.Model([a, b], merge()([a, b]))
    yield keras.Model([a, b], layers.Concatenate(axis=1)([a, b]))
    yield keras.Model([a, b], layers.Dot(axes=1)([a, b]))
    yield keras.Model([a, b], layers.Dot(axes=(2, 2))([a, b]))
    yield keras.Model([a, b], layers.MultiHeadAttention(2, 4)(a, b))
    yield keras.Model([a, b], layers.MultiHeadAttention(2, 4, value_dim=3, output_shape=5)(a, b))
    yield keras.Model([a, b], layers.Attention(use_scale=True)([a, b]))
    yield keras.Model([a, b], layers.AdditiveAttention()([a, b]))
    shared = layers.Dense(3)
    yield keras.Model([a, b], layers.Add()([shared(a), shared(b)]))
    inner_source = keras.Input((8, 6))
    inner = keras.Model(inner_source, layers.LSTM(4)(layers.Conv1D(5, 3)(inner_source)), name="inner")
    yield keras.Model(a, layers.Dense(2)(inner(a)))
    yield keras.Sequential([keras.Input((8, 6)), inner, layers.Dense(2)])
    frozen = layers.Dense(3, trainable=False)
    yield keras.Model(a, layers.Dense(2)(frozen(a)))


@pytest.mark.slow
def test_keras_graphs(keras: Any) -> None:
    with keras.StatelessScope():
        assert sum(compare(model) for model in graphs(keras)) > 20


def test_paths_and_counts_of_a_keras_config() -> None:
    """What the comparison with Keras reads, shown without it."""
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Dense", "config": {"name": "d", "units": 3, "batch_input_shape": [None, 4]}}]}}  # fmt: skip
    training = lint(json.dumps(config), "model.json", rules=()).training
    assert training is not None
    layer = training.model.layers[-1]
    assert (path_of(layer), layer.output_shape.value, layer.parameters.value) == (("d",), [3], 15)
