"""schemas/keras: the schema and signatures are whole, accept what each Keras generation writes, and catch mistakes.

No Keras is needed. jsonschema is the oracle; hplint's own checker must say the same of every document here.
"""

from __future__ import annotations

import copy
import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hplint.schema.check import beyond, check
from hplint.syntax.json import parse
from hplint.text import decode

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "schemas" / "keras"
SCHEMA: dict[str, Any] = json.loads((FOLDER / "schema.json").read_text("utf-8"))
SIGNATURES: dict[str, Any] = json.loads((FOLDER / "signatures.json").read_text("utf-8"))
OVERLAY: dict[str, Any] = json.loads((FOLDER / "overlay.json").read_text("utf-8"))
KINDS = ("layers", "losses", "metrics", "optimizers", "schedules", "initializers", "regularizers", "constraints")


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return ``schema`` as plain JSON Schema: the branch for other class names refuses the listed ones.

    An open discriminator checks a listed class against its branch alone; jsonschema knows no discriminator, so the
    open branch would accept every mistake.
    """
    out = copy.deepcopy(schema)
    definitions = out["$defs"]

    def close(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("discriminator", {}).get("open") is True:
                key = part["discriminator"]["propertyName"]
                named = [definitions[branch["$ref"].split("/")[-1]] for branch in part["anyOf"][:-1]]
                listed = sorted(name for branch in named for name in branch["properties"][key]["enum"])
                refused = {"required": [key], "properties": {key: {"enum": listed}}}
                part["anyOf"][-1] = {"allOf": [part["anyOf"][-1]], "not": refused}
            for value in part.values():
                close(value)
        elif isinstance(part, list):
            for value in part:
                close(value)

    close(out)
    return out


CLOSED = closed(SCHEMA)
ORACLE = jsonschema.Draft202012Validator(CLOSED)


def mismatches(document: Any, schema: dict[str, Any] = SCHEMA) -> list[str]:
    """Return what hplint's own checker says of ``document``."""
    tree = parse(decode(json.dumps(document).encode()))
    assert tree.root is not None
    return [found.message for found in check(tree.root, schema)]


def sequential(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": "net", "layers": list(layers)}, **more}


def layer(class_name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": config}


def keras3(class_name: str, **config: Any) -> dict[str, Any]:
    dtype = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": class_name.lower(), "trainable": True, "dtype": dtype, **config},
        "registered_name": None,
        "build_config": {"input_shape": [None, 8]},
    }


def keras3_object(module: str, class_name: str, **config: Any) -> dict[str, Any]:
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


KERAS1 = {
    "class_name": "Sequential",
    "keras_version": "1.2.2",
    "config": [
        layer(
            "Convolution2D",
            nb_filter=32, nb_row=3, nb_col=3, border_mode="same", subsample=[1, 1], dim_ordering="th", bias=True,
            init="glorot_uniform", activation="relu", batch_input_shape=[None, 3, 32, 32], input_dtype="float32",
            W_regularizer={"name": "WeightRegularizer", "l1": 0.0, "l2": 0.0001}, b_regularizer=None,
            W_constraint={"name": "MaxNorm", "m": 2, "axis": 0},
        ),
        layer("MaxPooling2D", pool_size=[2, 2], strides=[2, 2], border_mode="valid", dim_ordering="th"),
        layer("Dropout", p=0.25, trainable=True),
        layer("BatchNormalization", mode=0, axis=1, epsilon=0.001, momentum=0.99, beta_init="zero", gamma_init="one"),
        layer("Flatten"),
        layer("MaxoutDense", output_dim=16, nb_feature=4, init="glorot_uniform", input_dim=None),
        layer("Dense", output_dim=10, input_dim=None, init="glorot_uniform", activation="softmax", bias=True),
    ],
}  # fmt: skip
KERAS1_MERGE = {
    "class_name": "Sequential",
    "config": [
        layer(
            "Merge",
            layers=[KERAS1, {"class_name": "Sequential", "config": [layer("LSTM", output_dim=8, dropout_W=0.2)]}],
            mode="concat", concat_axis=-1,
        ),
    ],
}  # fmt: skip
KERAS2 = sequential(
    layer("InputLayer", batch_input_shape=[None, 28, 28, 1], dtype="float32", sparse=False, ragged=False, name="in"),
    layer(
        "Conv2D",
        filters=32, kernel_size=[3, 3], strides=[1, 1], padding="valid", data_format="channels_last", groups=1,
        dilation_rate=[1, 1], activation="relu", use_bias=True, dtype="float32",
        kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
        kernel_regularizer={"class_name": "L2", "config": {"l2": 0.0010000000474974513}},
    ),
    layer("LeakyReLU", alpha={"type": "ndarray", "value": 0.30000001192092896}),
    layer("BatchNormalization", axis=[3], momentum=0.99, epsilon=0.001, center=True, scale=True),
    layer("TimeDistributed", layer=layer("Flatten", data_format="channels_last")),
    layer("Bidirectional", layer=layer("CuDNNLSTM", units=8, return_sequences=False), merge_mode="concat"),
    layer("Lambda", function=["4wEAAAA=", None, None], function_type="lambda", arguments={}),
    layer("MyAttention", unit="whatever", units="64"),
    layer("Dense", units=10, activation={"class_name": "function", "config": "my_activation"}),
    keras_version="2.15.0",
    backend="tensorflow",
)  # fmt: skip
KERAS3 = {
    "module": "keras.src.models.functional",
    "class_name": "Functional",
    "config": {
        "name": "net",
        "trainable": True,
        "layers": [
            {**layer("InputLayer", batch_shape=[None, 8], dtype="float32", sparse=False), "inbound_nodes": []},
            keras3(
                "Dense",
                units=4,
                activation="gelu",
                kernel_initializer=keras3_object("keras.initializers", "GlorotUniform", seed=None),
                kernel_regularizer=keras3_object("keras.regularizers", "L2", l2=0.01),
            ),
            {"module": "keras.src.ops.numpy", "class_name": "Reshape", "config": {"name": "r", "newshape": [-1, 2]}},
            {"module": "keras.src.ops.numpy", "class_name": "Dot", "config": {"name": "d"}},
            {"module": "mine", "class_name": "MultiHeadAttention", "config": {"heads": 4}, "registered_name": "mine>M"},
            {
                "module": "keras",
                "class_name": "Sequential",
                "config": {"name": "inner", "layers": [keras3("Dropout", rate=0.5, seed=None, noise_shape=None)]},
            },
        ],
        "input_layers": [["in", 0, 0]],
        "output_layers": [["out", 0, 0]],
    },
    "registered_name": "Functional",
    "build_config": {"input_shape": [None, 8]},
    "compile_config": {
        "optimizer": keras3_object(
            "keras.optimizers",
            "AdamW",
            learning_rate=keras3_object(
                "keras.optimizers.schedules", "CosineDecay", initial_learning_rate=0.001, decay_steps=100, alpha=0.0
            ),
            weight_decay=0.004,
        ),
        "loss": keras3_object("keras.losses", "CategoricalCrossentropy", from_logits=False, label_smoothing=0.1),
        "metrics": ["accuracy"],
        "jit_compile": True,
    },
}
TFJS = {
    "modelTopology": {"model_config": KERAS2, "training_config": {"loss": "mse", "optimizer_config": {}}},
    "weightsManifest": [{"paths": ["weights.bin"], "weights": []}],
    "format": "layers-model",
}
TFJS_BARE = {"modelTopology": KERAS2, "weightsManifest": [], "format": "layers-model"}
GOOD = {
    "keras 1": KERAS1,
    "keras 1, merged branches": KERAS1_MERGE,
    "keras 2": KERAS2,
    "keras 3": KERAS3,
    "tfjs": TFJS,
    "tfjs, the model alone": TFJS_BARE,
    "loss as text, legacy optimizer": sequential(
        layer("Dense", units=1),
        compile_config={
            "optimizer": {
                "class_name": "Custom>Adam",
                "config": {"learning_rate": 0.01, "decay": 0.0, "epsilon": None},
            },
            "loss": {"a": "mse", "b": ["mae"]},
        },
    ),
    "a model class of one's own": {"class_name": "MyModel", "config": {"layers": 3}},
    "upper case": sequential(layer("Conv2D", filters=1, kernel_size=3, padding="SAME")),
    "a whole number written as a float": sequential(layer("Dense", units=64.0)),
}

BAD = {
    "negative units": (layer("Dense", units=-1), ["config", "units"]),
    "no units at all": (layer("Dense", activation="relu"), ["config"]),
    "units as text": (layer("Dense", units="64"), ["config", "units"]),
    "no filters": (layer("Conv2D", filters=0, kernel_size=3), ["config", "filters"]),
    "misspelt padding": (layer("Conv2D", filters=8, kernel_size=3, padding="sme"), ["config", "padding"]),
    "causal padding in two dimensions": (
        layer("Conv2D", filters=8, kernel_size=3, padding="causal"),
        ["config", "padding"],
    ),
    "three sizes in two dimensions": (layer("Conv2D", filters=8, kernel_size=[3, 3, 3]), ["config", "kernel_size"]),
    "a stride of zero": (layer("MaxPooling2D", pool_size=2, strides=[0, 2]), ["config", "strides"]),
    "more than everything dropped": (layer("Dropout", rate=1.5), ["config", "rate"]),
    "a rate as text": (layer("Dropout", rate="0.5"), ["config", "rate"]),
    "the old spelling is checked too": (layer("Dropout", p=-0.1), ["config", "p"]),
    "more than everything dropped inside": (
        layer("Bidirectional", layer=layer("LSTM", units=8, dropout=1.2)),
        ["config", "layer", "config", "dropout"],
    ),
    "misspelt merge mode": (
        layer("Bidirectional", layer=layer("LSTM", units=8), merge_mode="avg"),
        ["config", "merge_mode"],
    ),
    "misspelt data format": (layer("Flatten", data_format="channel_last"), ["config", "data_format"]),
    "activation as a number": (layer("Activation", activation=3), ["config", "activation"]),
    "an empty vocabulary": (layer("Embedding", input_dim=0, output_dim=8), ["config", "input_dim"]),
    "a fan mode of no kind": (
        layer("Dense", units=2, kernel_initializer=layer("VarianceScaling", mode="fan_on")),
        ["config", "kernel_initializer", "config", "mode"],
    ),
    "a negative penalty": (
        layer("Dense", units=2, kernel_regularizer=layer("L2", l2=-0.1)),
        ["config", "kernel_regularizer", "config", "l2"],
    ),
}


def test_the_schema_is_valid_and_in_normal_form() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert beyond(SCHEMA) == set()
    text = json.dumps(SCHEMA)
    for name in SCHEMA["$defs"]:
        assert f'"#/$defs/{name}"' in text, f"the definition {name} is never used"


def test_every_reference_resolves() -> None:
    pending: list[Any] = [SCHEMA]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                assert part["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]
            pending += part.values()
        elif isinstance(part, list):
            pending += part


def test_the_schema_is_what_the_generator_writes() -> None:
    spec = importlib.util.spec_from_file_location("keras_schema", ROOT / "scripts" / "generate_keras_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.generate() == (FOLDER / "schema.json").read_text("utf-8")


@pytest.mark.parametrize("name", GOOD)
def test_what_each_generation_writes_is_accepted(name: str) -> None:
    assert [error.message for error in ORACLE.iter_errors(GOOD[name])] == []
    assert mismatches(GOOD[name]) == []


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_found_where_it_is(name: str) -> None:
    wrong, path = BAD[name]
    branch = next(part for part in CLOSED["$defs"].values() if wrong["class_name"] in class_names(part))
    part = jsonschema.Draft202012Validator({**branch, "$defs": CLOSED["$defs"]})
    assert path in [list(error.absolute_path) for error in leaves(part.iter_errors(wrong))]
    for document in (sequential(wrong), {"modelTopology": {"model_config": sequential(wrong)}}):
        assert not ORACLE.is_valid(document)
        assert len(mismatches(document)) == 1


def class_names(part: dict[str, Any]) -> list[str]:
    """Return the class names that a definition is for."""
    names: list[str] = part.get("properties", {}).get("class_name", {}).get("enum", [])
    return names


def leaves(errors: Any) -> Any:
    """Yield the errors of jsonschema that hold no further ones."""
    for error in errors:
        if error.context:
            yield from leaves(error.context)
        else:
            yield error


@pytest.mark.parametrize(
    ("compile_config", "subject"),
    [
        ({"optimizer": keras3_object("keras.optimizers", "Adam", learning_rate="1e-3")}, "learning_rate"),
        ({"optimizer": layer("sgd", learning_rate=0.1, momentum="0.9")}, "momentum"),
        ({"loss": keras3_object("keras.losses", "BinaryCrossentropy", label_smoothing=1.5)}, "label_smoothing"),
        ({"loss": keras3_object("keras.losses", "MeanSquaredError", reduction="average")}, "reduction"),
        ({"optimizer": 3}, "optimizer"),
    ],
)
def test_a_mistake_in_the_compiled_part_is_found(compile_config: dict[str, Any], subject: str) -> None:
    document = sequential(layer("Dense", units=1), compile_config=compile_config)
    assert not ORACLE.is_valid(document)
    (message,) = mismatches(document)
    assert message.startswith(f"`{subject}` ")


def test_signatures_are_whole() -> None:
    """Aliases end at a class, canonical names are their own, the Keras 2 part holds differences only."""
    second = SIGNATURES["keras2"]
    for kind in KINDS:
        for table in (SIGNATURES[kind], second[kind]):
            for name, entry in table.items():
                if isinstance(entry, str):
                    assert isinstance(SIGNATURES[kind].get(entry, second[kind].get(entry)), dict), name
                else:
                    assert set(entry) <= {"required", "defaults"}, name
        assert not [name for name, entry in second[kind].items() if SIGNATURES[kind].get(name) == entry]
        assert set(second["absent"][kind]) <= set(SIGNATURES[kind])
    for kind, names in SIGNATURES["names"].items():
        assert set(names.values()) <= {*names, "crossentropy", "matthews_correlation"}, kind
    for own, renamed in SIGNATURES["keras1"]["renamed"].items():
        if own != "*":
            entry = SIGNATURES["layers"].get(own) or second["layers"][own]
            assert set(renamed.values()) <= {*entry.get("required", []), *entry["defaults"], "implementation"} or not (
                entry.get("defaults")
            ), own


def test_signatures_hold_known_defaults() -> None:
    """Spot checks against the documented defaults of Keras 3.15 and 2.15."""
    layers, second = SIGNATURES["layers"], SIGNATURES["keras2"]["layers"]
    assert layers["Dense"]["required"] == ["units"]
    assert layers["Dense"]["defaults"]["use_bias"] is True
    assert layers["LSTM"]["defaults"]["recurrent_activation"] == "sigmoid"
    assert layers["LeakyReLU"]["defaults"] == {"negative_slope": 0.3}
    assert second["LeakyReLU"]["defaults"] == {"alpha": 0.3}
    assert layers["MaxPool2D"] == "MaxPooling2D"
    assert layers["BatchNormalization"]["defaults"]["momentum"] == 0.99
    assert SIGNATURES["optimizers"]["AdamW"]["defaults"]["weight_decay"] == 0.004
    assert SIGNATURES["optimizers"]["SGD"]["defaults"]["learning_rate"] == 0.01
    assert SIGNATURES["losses"]["BinaryCrossentropy"]["defaults"]["from_logits"] is False
    assert SIGNATURES["names"]["losses"]["mse"] == "mean_squared_error"
    assert SIGNATURES["names"]["activations"]["swish"] == "silu"
    assert SIGNATURES["names"]["initializers"]["HeNormal"] == "he_normal"
    assert SIGNATURES["names"]["optimizers"]["adamw"] == "adamw"


def test_the_overlay_names_what_exists() -> None:
    """A kind of value, a class or an argument that the overlay names is defined and known."""
    known = {*OVERLAY["definitions"], "layer"}
    for kind, arguments in OVERLAY["arguments"].items():
        assert set(arguments.values()) <= known, kind
    classes = {*OVERLAY["keras1"]["classes"]}
    for kind in ("layers", "optimizers"):
        classes |= {*SIGNATURES[kind], *SIGNATURES["keras2"][kind]}
    for own, arguments in OVERLAY["classes"].items():
        assert own in classes
        assert set(arguments.values()) <= known, own
    assert {*OVERLAY["redefined"], *OVERLAY["internal"]} <= classes


def test_published_models_are_accepted() -> None:
    """hplint and jsonschema accept every Keras model here and, when HPLINT_CORPUS names a folder of real ones, there.

    jsonschema is shown each layer's class and config alone, and equal ones once: whole models take it minutes.
    """
    documents = dict(GOOD)
    for file in sorted(Path(os.environ.get("HPLINT_CORPUS", FOLDER)).glob("keras-json/**/*.json")):
        documents[str(file)] = json.loads(file.read_text("utf-8"))
    part = jsonschema.Draft202012Validator({"$ref": "#/$defs/layer", "$defs": CLOSED["$defs"]})
    seen: set[str] = set()
    for name, document in documents.items():
        assert mismatches(document) == [], name
        for found in held_layers(document):
            alike = {"class_name": found["class_name"], "config": {**found["config"], "name": ""}}
            text = json.dumps(alike, sort_keys=True)
            if text not in seen:
                seen.add(text)
                assert part.is_valid(alike), (name, found)


def held_layers(part: Any) -> Any:
    """Yield the layers of a model, those of models inside it too."""
    if isinstance(part, list):
        for item in part:
            yield from held_layers(item)
        return
    wrapped = part.get("modelTopology") or part.get("model_config")
    config = part.get("config")
    inner = config if isinstance(config, list) else (config or {}).get("layers")
    if wrapped or isinstance(inner, list):
        yield from held_layers(wrapped or inner)
    else:
        yield part
