"""Keras configs written by hand, as short as Keras allows, for the tests of the reader."""

from __future__ import annotations

import json
from typing import Any

from hplint import lint
from hplint.facts.parts import Layer, Training
from hplint.lint import Report


def layer(class_name: str, name: str = "", **config: Any) -> dict[str, Any]:
    """Return a layer as Keras 2 writes it in a Sequential model."""
    return {"class_name": class_name, "config": {"name": name or class_name.lower(), **config}}


def layer3(class_name: str, name: str = "", **config: Any) -> dict[str, Any]:
    """Return a layer as Keras 3 writes it in a Sequential model."""
    return {"module": "keras.layers", **layer(class_name, name, **config), "registered_name": None}


def taking(made: dict[str, Any], *calls: str) -> dict[str, Any]:
    """Return a layer of a functional Keras 2 model. Each call names what it takes, with spaces between."""
    inbound = [[[source, 0, 0, {}] for source in call.split()] for call in calls]
    return {**made, "name": made["config"]["name"], "inbound_nodes": inbound}


def taking3(made: dict[str, Any], *calls: str) -> dict[str, Any]:
    """Return a layer of a functional Keras 3 model; a layer taken by name, and its tensor after a colon."""

    def tensor(source: str) -> dict[str, Any]:
        name, _, index = source.partition(":")
        return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, int(index or 0)]}}

    inbound = []
    for call in calls:
        tensors = [tensor(source) for source in call.split()]
        inbound.append({"args": tensors if len(tensors) == 1 else [tensors], "kwargs": {"mask": None}})
    return {**made, "name": made["config"]["name"], "inbound_nodes": inbound}


def sequential(*layers: dict[str, Any], name: str = "sequential", **beside: Any) -> dict[str, Any]:
    """Return a Sequential model."""
    return {"class_name": "Sequential", "config": {"name": name, "layers": list(layers)}, **beside}


def functional(
    layers: list[dict[str, Any]], inputs: list[str], outputs: list[str], name: str = "model", **beside: Any
) -> dict[str, Any]:
    """Return a functional model."""
    ends = {
        "input_layers": [[source, 0, 0] for source in inputs],
        "output_layers": [[output, 0, 0] for output in outputs],
    }
    return {"class_name": "Functional", "config": {"name": name, "layers": layers, **ends}, **beside}


def source(name: str, *shape: int | None) -> dict[str, Any]:
    """Return an input layer of a functional model."""
    return {**taking(layer("InputLayer", name, batch_input_shape=[None, *shape])), "inbound_nodes": []}


def check(model: Any, path: str = "model.json") -> Report:
    """Return the report on a config, which must be recognised as Keras."""
    report = lint(json.dumps(model, indent=1), path)
    assert report.recognition.name == "keras", report.recognition
    return report


def facts(model: Any) -> Training:
    """Return the facts of a config."""
    training = check(model).training
    assert training is not None
    return training


def by_name(training: Training) -> dict[str, Layer]:
    """Return the layers by name."""
    return {found.name.value: found for found in training.model.layers}


def names(layers: list[Layer]) -> list[str]:
    """Return the names of layers."""
    return [found.name.value for found in layers]
