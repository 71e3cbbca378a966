"""Keras: losses, metrics, optimizers and schedules, and how facts of a Keras config are set."""

from __future__ import annotations

import json
from typing import Any

import pytest
from keras_models import check, facts, functional, layer, layer3, sequential, source, taking

from hplint import knowledge
from hplint.facts.fact import DEFAULT, UNKNOWN, WRITTEN, Part
from hplint.facts.parts import Training
from hplint.fixes import make_fix
from hplint.lint import Report
from hplint.rules.rule import FixPlan, FixStep, Pointer
from hplint.text import apply_edits


def compiled(head: dict[str, Any] | None = None, **config: Any) -> dict[str, Any]:
    """Return a compiled Keras 3 model with one head."""
    first = layer3("Dense", "hidden", units=8, activation="relu")
    return sequential(
        layer3("InputLayer", "input", batch_shape=[None, 4]),
        first,
        head or layer3("Dense", "head", units=1, activation="linear"),
        module="keras",
        registered_name=None,
        compile_config=config,
    )


def loss_object(class_name: str, **config: Any) -> dict[str, Any]:
    """Return a loss as Keras 3 writes it."""
    return {"module": "keras.losses", "class_name": class_name, "config": config, "registered_name": None}


def two_heads(**config: Any) -> dict[str, Any]:
    """Return a compiled model with the heads `age` and `kind`."""
    layers = [
        source("x", 4),
        taking(layer("Dense", "age", units=1), "x"),
        taking(layer("Dense", "kind", units=3, activation="softmax"), "x"),
    ]
    return functional(layers, ["x"], ["age", "kind"], compile_config=config)


# -- losses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name", "expects"),
    [
        ("mse", "mean_squared_error", "values"),
        ("binary_crossentropy", "binary_crossentropy", "probabilities"),
        ("kld", "kl_divergence", None),
        (loss_object("BinaryCrossentropy", from_logits=True), "binary_crossentropy", "logits"),
        (loss_object("SparseCategoricalCrossentropy"), "sparse_categorical_crossentropy", "probabilities"),
        ({"module": "builtins", "class_name": "function", "config": "mae"}, "mean_absolute_error", "values"),
    ],
)
def test_losses(written: Any, name: str, expects: str | None) -> None:
    loss = facts(compiled(loss=written)).outputs[0].loss
    assert (loss.name.value, loss.name.origin, loss.expects.value) == (name, WRITTEN, expects)
    assert loss.custom.value is False


@pytest.mark.parametrize(
    "written",
    [
        "my_loss",
        {"module": "builtins", "class_name": "function", "config": "my_loss", "registered_name": "function"},
        {"module": "builtins", "class_name": "function", "config": "dice", "registered_name": "function"},
        {"module": "app.losses", "class_name": "BinaryCrossentropy", "config": {}, "registered_name": "app>Mine"},
        {"class_name": "__lambda__", "config": {"value": ["", None, None]}},
    ],
)
def test_losses_of_the_users_own(written: Any) -> None:
    loss = facts(compiled(loss=written)).outputs[0].loss
    assert (loss.name, loss.custom.value) == (UNKNOWN, True)


def test_logits_are_off_by_default_and_on_where_written() -> None:
    assert facts(compiled(loss="binary_crossentropy")).loss.from_logits.origin == DEFAULT
    silent = facts(compiled(loss=loss_object("CategoricalCrossentropy"))).loss.from_logits
    assert (silent.value, silent.origin) == (False, DEFAULT)
    written = facts(compiled(loss=loss_object("CategoricalCrossentropy", from_logits=True))).loss
    assert (written.from_logits.value, written.from_logits.origin) == (True, WRITTEN)
    assert facts(compiled(loss="mse")).loss.from_logits is UNKNOWN


def test_no_loss_is_no_loss() -> None:
    for model in (compiled(loss=None), compiled(), sequential(layer("Dense", units=1))):
        training = facts(model)
        assert training.loss.name is UNKNOWN
        assert training.outputs[0].loss.custom is UNKNOWN


@pytest.mark.parametrize(
    "losses",
    [
        {"age": "mse", "kind": "categorical_crossentropy"},
        ["mse", loss_object("CategoricalCrossentropy")],
    ],
)
def test_each_head_has_its_loss(losses: Any) -> None:
    training = facts(two_heads(loss=losses, loss_weights=[1.0, 0.5]))
    age, kind = training.outputs
    assert (age.name.value, age.loss.name.value, age.task.value) == ("age", "mean_squared_error", "regression")
    assert (kind.loss.name.value, kind.task.value) == ("categorical_crossentropy", "multiclass")
    assert kind.loss.loss_weights.value == [1.0, 0.5]
    assert training.loss.loss_weights.value == [1.0, 0.5]


def test_one_loss_counts_for_every_head() -> None:
    assert [output.loss.name.value for output in facts(two_heads(loss="mse")).outputs] == ["mean_squared_error"] * 2


# -- metrics ------------------------------------------------------------------------------------------------------


def test_metrics_by_name_object_and_function() -> None:
    metrics = [
        "acc",
        {"module": "keras.metrics", "class_name": "AUC", "config": {"name": "mine"}},
        {"module": "builtins", "class_name": "function", "config": "my_metric"},
        {"class_name": "MeanMetricWrapper", "config": {"name": "a", "fn": "sparse_categorical_accuracy"}},
    ]
    training = facts(compiled(metrics=metrics))
    found = [metric.name.value for metric in training.metrics]
    assert found == ["accuracy", "roc_auc", "my_metric", "sparse_categorical_accuracy"]
    assert training.outputs[0].metrics is training.metrics
    assert facts(compiled(metrics=None)).metrics == []
    assert facts(compiled(loss="mse")).get("metrics") is UNKNOWN


@pytest.mark.parametrize("metrics", [{"age": ["mae"], "kind": ["accuracy"]}, [["mae"], ["accuracy"]]])
def test_metrics_by_output(metrics: Any) -> None:
    training = facts(two_heads(metrics=metrics))
    assert [[metric.name.value for metric in output.metrics] for output in training.outputs] == [
        ["mean_absolute_error"],
        ["accuracy"],
    ]
    assert len(training.metrics) == 2


# -- optimizer and schedule ---------------------------------------------------------------------------------------


def optimizer_object(class_name: str, **config: Any) -> dict[str, Any]:
    """Return an optimizer as Keras 3 writes it."""
    return {"module": "keras.optimizers", "class_name": class_name, "config": config, "registered_name": None}


def schedule_object(class_name: str, **config: Any) -> dict[str, Any]:
    """Return a schedule as Keras 3 writes it."""
    return {"module": "keras.optimizers.schedules", "class_name": class_name, "config": config}


def test_an_optimizer_by_name_has_keras_defaults() -> None:
    optimizer = facts(compiled(optimizer="rmsprop")).optimizer
    assert (optimizer.name.value, optimizer.name.origin) == ("rmsprop", WRITTEN)
    assert (optimizer.learning_rate.value, optimizer.learning_rate.origin) == (0.001, DEFAULT)
    assert optimizer.weight_decay.value is None


def test_an_optimizers_settings() -> None:
    written = optimizer_object(
        "AdamW", learning_rate=0.0010000000474974513, weight_decay=0.004, beta_1=0.8, global_clipnorm=1.0, clipnorm=None
    )
    report = check(compiled(optimizer=written))
    assert report.training is not None
    optimizer = report.training.optimizer
    rate = optimizer.learning_rate
    assert rate.value == 0.001  # single precision wrote the other digits
    assert rate.node is not None
    assert report.source.text[rate.node.start : rate.node.end] == "0.0010000000474974513"
    assert (optimizer.weight_decay.value, optimizer.clip_norm.value) == (0.004, 1.0)
    assert optimizer.facts["clip_value"].value is None
    assert (optimizer.betas.value, optimizer.clipped.value) == ([0.8, 0.999], True)
    assert optimizer.decoupled.value is True


@pytest.mark.parametrize("home", ["training_config", "trainingConfig"])
@pytest.mark.parametrize("class_name", ["SGD", "Custom>SGD"])
def test_the_training_config_of_keras_2_and_tensorflow_js(home: str, class_name: str) -> None:
    optimizer = {"class_name": class_name, "config": {"lr": 0.1, "momentum": 0.9, "decay": 1e-6, "nesterov": True}}
    model = sequential(layer("Dense", units=1, batch_input_shape=[None, 3]))
    beside = {home: {"loss": "mse", "metrics": ["mae"], "optimizer_config": optimizer}, "keras_version": "2.2.4"}
    training = facts(
        {"modelTopology": model, **beside} if home == "trainingConfig" else {"model_config": model, **beside}
    )
    found = training.optimizer
    assert (found.name.value, found.learning_rate.value, found.momentum.value) == ("sgd", 0.1, 0.9)
    assert found.nesterov.value is True
    assert (training.schedule.name.value, training.schedule.exists.value) == ("inverse_time", True)
    assert training.loss.name.value == "mean_squared_error"


def test_an_optimizer_in_a_loss_scaling_one() -> None:
    inner = optimizer_object("Nadam", learning_rate=0.01)
    training = facts(compiled(optimizer=optimizer_object("LossScaleOptimizer", inner_optimizer=inner)))
    assert (training.optimizer.name.value, training.optimizer.learning_rate.value) == ("nadam", 0.01)


@pytest.mark.parametrize("written", [{"module": "app", "class_name": "Adam", "config": {}}, "my_optimizer", 3, None])
def test_optimizers_that_are_not_of_keras(written: Any) -> None:
    optimizer = facts(compiled(optimizer=written)).optimizer
    assert (optimizer.name, optimizer.learning_rate) == (UNKNOWN, UNKNOWN)


DECAY = schedule_object("ExponentialDecay", initial_learning_rate=0.1, decay_steps=100, decay_rate=0.9)
COSINE = schedule_object("CosineDecay", initial_learning_rate=0.1, decay_steps=100, alpha=0.01)
WARM = schedule_object("CosineDecay", initial_learning_rate=0.0, decay_steps=90, warmup_target=0.2, warmup_steps=10)
STEPS = schedule_object("PiecewiseConstantDecay", boundaries=[10, 20], values=[0.1, 0.01, 0.001])
LINE = schedule_object("PolynomialDecay", initial_learning_rate=0.1, decay_steps=5, end_learning_rate=0.02)


@pytest.mark.parametrize(
    ("schedule", "name", "rate", "stated"),
    [
        (DECAY, "exponential", 0.1, {"factor": 0.9}),
        (COSINE, "cosine", 0.1, {"total_steps": 100, "minimum": 0.001}),
        (WARM, "cosine", 0.2, {"warmup_steps": 10}),
        (STEPS, "multi_step", 0.1, {"milestones": [10, 20], "minimum": 0.001}),
        (LINE, "polynomial", 0.1, {"total_steps": 5, "minimum": 0.02}),
    ],
)
def test_schedules(schedule: dict[str, Any], name: str, rate: float, stated: dict[str, Any]) -> None:
    training = facts(compiled(optimizer=optimizer_object("SGD", learning_rate=schedule)))
    assert (training.schedule.name.value, training.optimizer.learning_rate.value) == (name, rate)
    assert {fact: pytest.approx(training.schedule.get(fact).value) for fact in stated} == stated


def test_a_schedule_of_the_users_own_leaves_the_rate_unknown() -> None:
    own = {"module": "app", "class_name": "Warmup", "config": {"initial_learning_rate": 0.1}, "registered_name": "x>W"}
    training = facts(compiled(optimizer=optimizer_object("SGD", learning_rate=own)))
    assert training.schedule.exists.value is True
    assert training.schedule.name is UNKNOWN
    assert training.optimizer.learning_rate is UNKNOWN


def test_number_formats() -> None:
    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}
    mixed = facts(
        sequential(layer3("Dense", units=2, dtype=policy), layer3("Dense", "last", units=1, dtype="mixed_float16"))
    )
    assert (mixed.precision.compute.value, mixed.precision.mixed.value) == ("mixed_float16", True)
    differing = facts(
        sequential(layer3("Dense", units=2, dtype=policy), layer3("Dense", "last", units=1, dtype="float32"))
    )
    assert differing.precision.compute is UNKNOWN


# -- setting facts ------------------------------------------------------------------------------------------------


def fixed(report: Report, part: Part, fact: str | None, value: Any, action: str = "set") -> Any:
    """Return the config after a fact of `part` is set."""
    assert report.tree is not None
    assert isinstance(report.training, Training)
    step = FixStep(action, Pointer(lambda t, s: part, fact), lambda t, s: value)
    plan = FixPlan(lambda t, s: "", "safe", None, (step,))
    fix = make_fix(plan, report.training, None, report.tree, knowledge.formats()["keras"]["templates"])
    return None if fix is None else json.loads(apply_edits(report.source.text, fix.edits))


def training_of(report: Report) -> Training:
    assert report.training is not None
    return report.training


@pytest.mark.parametrize(
    "written",
    ["relu", None, {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "relu"}],
)
def test_an_activation_is_set_as_a_whole(written: Any) -> None:
    report = check(compiled(layer3("Dense", "head", units=3, activation=written)))
    after = fixed(report, training_of(report).model.layers[-1], "activation", "softmax")
    assert after["config"]["layers"][-1]["config"]["activation"] == "softmax"


def test_an_activation_that_is_missing_is_added() -> None:
    report = check(compiled(layer3("Dense", "head", units=3)))
    after = fixed(report, training_of(report).outputs[0], "activation", "softmax")
    assert after["config"]["layers"][-1]["config"]["activation"] == "softmax"


def test_no_fix_writes_what_that_keras_does_not_know() -> None:
    report = check(sequential(layer("Dense", units=3, activation="relu", batch_input_shape=[None, 2])))
    assert fixed(report, training_of(report).model.layers[-1], "activation", "sparsemax") is None
    relu = check(sequential(layer("Dense", units=3), layer("ReLU", max_value=None)))
    assert fixed(relu, training_of(relu).model.layers[-1], "activation", "gelu") is None


def test_a_loss_by_name_is_renamed_or_told_of_logits() -> None:
    report = check(compiled(loss="categorical_crossentropy"))
    loss = training_of(report).outputs[0].loss
    assert fixed(report, loss, "name", "mean_squared_error")["compile_config"]["loss"] == "mean_squared_error"
    told = fixed(report, loss, "from_logits", True)["compile_config"]["loss"]
    assert told == loss_object("CategoricalCrossentropy", from_logits=True)


def test_a_loss_object_becomes_another_with_the_settings_it_takes() -> None:
    written = loss_object("BinaryCrossentropy", name="binary_crossentropy", from_logits=True, reduction="sum")
    report = check(compiled(loss=written))
    loss = training_of(report).outputs[0].loss
    assert fixed(report, loss, "from_logits", False)["compile_config"]["loss"]["config"]["from_logits"] is False
    squared = fixed(report, loss, "name", "mean_squared_error")["compile_config"]["loss"]
    assert squared == loss_object("MeanSquaredError", reduction="sum")
    other = fixed(report, loss, "name", "categorical_crossentropy")["compile_config"]["loss"]
    assert other == loss_object("CategoricalCrossentropy", from_logits=True, reduction="sum")


def test_settings_of_the_optimizer_are_set_where_they_stand() -> None:
    report = check(compiled(optimizer=optimizer_object("Adam", learning_rate=0.1, clipnorm=None)))
    optimizer = training_of(report).optimizer
    assert fixed(report, optimizer, "learning_rate", 0.001)["compile_config"]["optimizer"]["config"] == {
        "learning_rate": 0.001,
        "clipnorm": None,
    }
    assert fixed(report, optimizer, "clip_norm", 1.0)["compile_config"]["optimizer"]["config"]["clipnorm"] == 1.0
    scheduled = schedule_object("ExponentialDecay", initial_learning_rate=0.1, decay_steps=100, decay_rate=0.9)
    report = check(compiled(optimizer=optimizer_object("SGD", learning_rate=scheduled)))
    after = fixed(report, training_of(report).optimizer, "learning_rate", 0.01)["compile_config"]["optimizer"]
    assert after["config"]["learning_rate"]["config"]["initial_learning_rate"] == 0.01


def test_a_layer_is_inserted_as_its_neighbour_is_written() -> None:
    build = {"build_config": {"input_shape": [None, 26, 26, 8]}}
    conv = layer3("Conv2D", "conv", filters=8, kernel_size=[3, 3])
    dense = {**layer3("Dense", "dense", units=10), **build}
    report = check(sequential(layer3("InputLayer", "input", batch_shape=[None, 28, 28, 1]), conv, dense))
    after = fixed(report, training_of(report).model.layers[-1], None, "flatten", "insert_before")["config"]["layers"]
    assert [made["class_name"] for made in after] == ["InputLayer", "Conv2D", "Flatten", "Dense"]
    assert after[2] == layer3("Flatten", "flatten_before_dense")
    assert "build_config" not in after[3]  # it tells of the shape before the new layer
    pooled = fixed(report, training_of(report).model.layers[-1], None, "global_average_pooling", "insert_before")
    assert pooled["config"]["layers"][2]["class_name"] == "GlobalAveragePooling2D"


def test_a_layer_is_inserted_in_the_spelling_of_keras_2() -> None:
    conv = layer("Conv1D", "conv", filters=8, kernel_size=[3], batch_input_shape=[None, 20, 3])
    report = check(sequential(conv, layer("Dense", "dense", units=10)))
    after = fixed(report, training_of(report).model.layers[-1], None, "global_average_pooling", "insert_before")
    assert after["config"]["layers"][1] == layer("GlobalAveragePooling1D", "pooling_before_dense")


GRAPH = [
    source("image", 28, 28, 1),
    taking(layer("Conv2D", "conv", filters=8, kernel_size=[3, 3], activation="relu"), "image"),
    taking(layer("Dense", "out", units=10, activation="softmax"), "conv"),
]


def test_a_layer_is_inserted_into_a_graph_with_what_it_reads_and_what_reads_it() -> None:
    report = check(functional(GRAPH, ["image"], ["out"]))
    after = fixed(report, training_of(report).model.layers[-1], None, "flatten", "insert_before")
    assert [made["name"] for made in after["config"]["layers"]] == ["image", "conv", "flatten_before_out", "out"]
    again = training_of(check(after)).model.layers
    assert [layer.inputs[0].name.value for layer in again[1:]] == ["image", "conv", "flatten_before_out"]
    assert again[-1].input_shape.value == [26 * 26 * 8]


def test_a_layer_of_a_graph_leaves_its_name_to_the_last_of_those_in_its_place() -> None:
    report = check(functional(GRAPH, ["image"], ["out"]))
    kinds = ["conv2d_of_units", "max_pooling2d"]
    after = fixed(report, training_of(report).model.layers[1], None, kinds, "replace_with")
    again = training_of(check(after)).model.layers
    assert [layer.name.value for layer in again] == ["image", "convolution_for_conv", "conv", "out"]
    assert [layer.inputs[0].name.value for layer in again[1:]] == ["image", "convolution_for_conv", "conv"]
    assert [layer.kind.value for layer in again[1:3]] == ["convolution", "pooling"]


def test_nothing_is_inserted_before_a_layer_that_joins_several_or_is_called_twice() -> None:
    joined = [
        source("a", 4),
        source("b", 4),
        taking(layer("Concatenate", "both"), "a b"),
        taking(layer("Dense", "out", units=1), "both"),
    ]
    report = check(functional(joined, ["a", "b"], ["out"]))
    assert fixed(report, training_of(report).model.layers[2], None, "dropout", "insert_before") is None
    shared = layer("Dense", "twice", units=4)
    shared = {**shared, "name": "twice", "inbound_nodes": [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]}
    joined[2:] = [shared, taking(layer("Dense", "out", units=1), "twice")]
    report = check(functional(joined, ["a", "b"], ["out"]))
    assert fixed(report, training_of(report).model.layers[2], None, "dropout", "insert_before") is None
