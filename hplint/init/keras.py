"""Writes choices as a model that Keras 3 loads, with its optimizer and loss; JSON, so without comments."""

from __future__ import annotations

import json

from hplint.init.choices import VOCABULARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.init.answers import Answers
    from hplint.init.choices import Choices, Layer

_CLASSES = {
    "dense": "Dense", "dropout": "Dropout", "lstm": "LSTM", "embedding": "Embedding", "rescaling": "Rescaling",
    "conv1d": "Conv1D", "conv2d": "Conv2D", "max_pooling1d": "MaxPooling1D", "max_pooling2d": "MaxPooling2D",
}  # fmt: skip
_LOSSES = {"huber": "huber", "mean_squared_error": "mean_squared_error"}
_METRICS = {"roc_auc": "auc", "f1": "auc", "accuracy": "accuracy", "mean_absolute_error": "mae"}


def write(choices: Choices) -> str:
    """Return the JSON text that `keras.models.model_from_json` reads."""
    answers = choices.answers
    shape = input_shape(answers)
    first = {"batch_shape": [None, *shape], "dtype": "int32" if answers.modality == "text" else "float32"}
    layers = [_object("keras.layers", "InputLayer", {**first, "name": "input"})]
    layers += [
        _layer(layer, number, 2 if answers.modality == "image" else 1) for number, layer in enumerate(choices.layers, 1)
    ]
    optimizer = {"learning_rate": choices.learning_rate, "weight_decay": choices.weight_decay, "clipnorm": 1.0}
    document = {
        **_object("keras", "Sequential", {"name": answers.name.replace("-", "_"), "layers": layers}),
        "build_config": {"input_shape": [None, *shape]},
        "compile_config": {
            "optimizer": _object("keras.optimizers", "AdamW", optimizer),
            "loss": _LOSSES.get(choices.loss, choices.loss),
            "loss_weights": None,
            "metrics": [_METRICS[choices.metric]],
            "weighted_metrics": None,
            "run_eagerly": False,
            "steps_per_execution": 1,
            "jit_compile": False,
        },
    }
    return json.dumps(document, indent=2) + "\n"


def input_shape(answers: Answers) -> list[int]:
    """Return the shape of one example."""
    if answers.modality == "image":
        return [answers.size or 64, answers.size or 64, 3]
    if answers.modality == "timeseries":
        return [answers.steps or 128, answers.features or 8]
    return [answers.steps or 128] if answers.modality == "text" else [answers.features or 8]


def _object(module: str, name: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def _layer(layer: Layer, number: int, rank: int) -> dict[str, Any]:
    """Return a layer; `rank` counts the dimensions that convolutions and pooling run over."""
    kind = layer["type"]
    config: dict[str, Any] = {"name": layer.get("name", f"{kind}_{number}")}
    if kind in ("conv1d", "conv2d"):
        config |= {"filters": layer["filters"], "kernel_size": [layer["kernel"]] * rank, "strides": [1] * rank}
        config |= {"padding": layer["padding"], "activation": layer["activation"]}
    elif kind in ("max_pooling1d", "max_pooling2d"):
        config |= {"pool_size": [layer["kernel"]] * rank, "strides": [layer["kernel"]] * rank, "padding": "valid"}
    elif kind == "embedding":
        config |= {"input_dim": VOCABULARY, "output_dim": layer["size"], "mask_zero": False}
    elif kind == "rescaling":
        config |= {"scale": 1 / 255, "offset": 0.0}
    elif kind == "dense":
        config |= {"units": layer["units"], "activation": layer.get("activation", "linear"), "use_bias": True}
    elif kind == "lstm":
        config |= {"units": layer["units"], "activation": "tanh", "recurrent_activation": "sigmoid"}
    elif kind == "dropout":
        config |= {"rate": layer["rate"]}
    name = f"GlobalAveragePooling{rank}D" if kind == "global_average_pooling" else _CLASSES[kind]
    return _object("keras.layers", name, config)
