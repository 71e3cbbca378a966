"""schemas/ludwig and what generates it: whole, small, and right about what Ludwig takes and what it does not.

No Ludwig is needed. jsonschema is the oracle; hplint's own checker must say the same of every document here.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from hplint.schema.check import beyond, check
from hplint.syntax.json import parse
from hplint.text import decode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import generate_ludwig_schema as generator  # noqa: E402
from schema_defs import children, expand, factor  # noqa: E402
from schema_union import merge, widen_union  # noqa: E402

FOLDER = ROOT / "schemas" / "ludwig"
SCHEMA: dict[str, Any] = json.loads((FOLDER / "schema.json").read_text("utf-8"))
TREE = expand(SCHEMA)
PATCHES: list[dict[str, Any]] = json.loads((FOLDER / "overlay.json").read_text("utf-8"))["patches"]
UPGRADES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "upgrades.yaml").read_text("utf-8"))["upgrades"]
ORACLE = jsonschema.Draft202012Validator(SCHEMA)


def mismatches(document: Any) -> list[str]:
    """Return what hplint's own checker says of ``document``."""
    tree = parse(decode(json.dumps(document).encode()))
    assert tree.root is not None
    return [found.message for found in check(tree.root, SCHEMA)]


def ecd(**more: Any) -> dict[str, Any]:
    inputs = [{"name": "age", "type": "number"}, {"name": "review", "type": "text"}]
    return {"input_features": inputs, "output_features": [{"name": "stars", "type": "category"}], **more}


def llm(**more: Any) -> dict[str, Any]:
    return {
        "model_type": "llm",
        "base_model": "mistralai/Mistral-7B-v0.1",
        "input_features": [{"name": "question", "type": "text"}],
        "output_features": [{"name": "answer", "type": "text"}],
        **more,
    }


def encoder(feature: str, **parameters: Any) -> dict[str, Any]:
    return ecd(input_features=[{"name": "x", "type": feature, "encoder": parameters}])


def output(feature: str, **more: Any) -> dict[str, Any]:
    return ecd(output_features=[{"name": "y", "type": feature, **more}])


SEARCH = {"parameters": {"trainer.learning_rate": {"space": "loguniform", "lower": 0.0001, "upper": 0.1}}}

ACCEPTED = {
    "least": ecd(),
    "llm": llm(
        adapter={"type": "lora", "r": 16, "target_modules": "all-linear"},
        quantization={"bits": 4},
        trainer={"type": "finetune", "learning_rate": 0.0001, "batch_size": 1, "gradient_accumulation_steps": 16},
        prompt={"template": "{question}"},
    ),
    "zero-shot": llm(generation={"temperature": 0.1}),
    "full fine-tuning": llm(adapter=None, quantization=None, trainer={"type": "finetune"}),
    "preferences": llm(trainer={"type": "dpo", "dpo_beta": 0.1, "rejected_column": "worse"}),
    "trees": {**ecd(trainer={"num_boost_round": 100, "learning_rate": 0.03}), "model_type": "gbm"},
    "encoder without a type": encoder("text", num_filters=64),
    "automatic": ecd(trainer={"learning_rate": "auto", "batch_size": "auto"}),
    "high rate": ecd(trainer={"learning_rate": 2.0, "optimizer": {"type": "adadelta"}}),
    "newest activation": encoder("number", type="dense", activation="gelu"),
    "activation of a decoder": output("binary", decoder={"type": "regressor", "fc_activation": "silu"}),
    "gone encoder": encoder("text", type="flaubert"),
    "hidden_act of transformers": encoder("text", type="bert", hidden_act="quick_gelu"),
    "class weights": output("category", loss={"type": "softmax_cross_entropy", "class_weights": [1, 2.5]}),
    "class weights by name": output("category", loss={"type": "softmax_cross_entropy", "class_weights": {"a": 1}}),
    "initializer with parameters": ecd(
        combiner={"type": "concat", "weights_initializer": {"type": "normal", "std": 1}}
    ),
    "search": ecd(hyperopt={"search_alg": {"type": "optuna"}, "executor": {"type": "ray", "num_samples": 5}, **SEARCH}),
    "no search": ecd(hyperopt=None),
    "ignored key": ecd(combiner={"type": "concat", "drop": 0.1}),
    "unknown to all versions at the root": ecd(note="mine"),
    "other version": ecd(ludwig_version="0.9.3"),
}

REJECTED = {
    "no outputs": ({"input_features": [{"name": "x", "type": "number"}]}, "output_features"),
    "no type of a feature": (ecd(input_features=[{"name": "x"}]), "type"),
    "unknown feature type": (ecd(input_features=[{"name": "x", "type": "numeric"}]), "numeric"),
    "output that cannot be predicted": (output("bag"), "bag"),
    "encoder of another type": (encoder("number", type="parallel_cnn"), "parallel_cnn"),
    "loss of another type": (output("category", loss={"type": "mean_squared_error"}), "mean_squared_error"),
    "combiner as text": (ecd(combiner="concat"), "combiner"),
    "combiner without a type": (ecd(combiner={"dropout": 0.1}), "type"),
    "dropout beyond 1": (ecd(combiner={"type": "concat", "dropout": 1.5}), "dropout"),
    "unknown activation": (ecd(combiner={"type": "concat", "activation": "ReLU"}), "ReLU"),
    "unknown trainer key": (ecd(trainer={"learning_rte": 0.1}), "learning_rte"),
    "rate as text": (ecd(trainer={"learning_rate": "1e-3"}), "learning_rate"),
    "negative rate": (ecd(trainer={"learning_rate": -0.1}), "learning_rate"),
    "no epochs": (ecd(trainer={"epochs": 0}), "epochs"),
    "half an epoch": (ecd(trainer={"epochs": 0.5}), "epochs"),
    "unknown optimizer": (ecd(trainer={"optimizer": {"type": "adamm"}}), "adamm"),
    "one beta": (ecd(trainer={"optimizer": {"type": "adam", "betas": [0.9]}}), "betas"),
    "unknown normalization": (
        ecd(input_features=[{"name": "x", "type": "number", "preprocessing": {"normalization": "z-score"}}]),
        "normalization",
    ),
    "adapter as text": (llm(adapter="lora"), "adapter"),
    "no base model": ({key: value for key, value in llm().items() if key != "base_model"}, "base_model"),
    "numbers into a language model": (llm(input_features=[{"name": "x", "type": "number"}]), "number"),
    "quantization to 3 bits": (llm(quantization={"bits": 3}), "bits"),
    "limits of a newer trainer": (llm(trainer={"type": "dpo", "epochs": -1}), "epochs"),
    "search for nothing": (ecd(hyperopt={"goal": "minimize"}), "parameters"),
    "goal": (ecd(hyperopt={"goal": "max", **SEARCH}), "max"),
}


def test_the_schema_uses_our_keywords_only() -> None:
    assert beyond(SCHEMA) == set()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert {"x-package", "x-version", "x-generator"} <= SCHEMA.keys()


def test_every_union_names_its_branches_apart() -> None:
    unions = 0
    pending = [TREE]
    while pending:
        part = pending.pop()
        pending += [child for _, child, _ in children(part)]
        if "oneOf" in part:
            unions += 1
            key = part["discriminator"]["propertyName"]
            values = [branch["properties"][key]["const"] for branch in part["oneOf"]]
            optional = [
                branch["properties"][key]["const"] for branch in part["oneOf"] if key not in branch.get("required", [])
            ]
            assert len(values) == len(set(values))
            assert optional in ([], [part["discriminator"].get("default")])
    assert unions > 50


def test_the_schema_is_factored() -> None:
    assert factor(TREE) == SCHEMA
    assert (FOLDER / "schema.json").read_text("utf-8") == json.dumps(SCHEMA, indent=1, sort_keys=True) + "\n"


def test_the_overlay_is_in_the_schema() -> None:
    patched = copy.deepcopy(TREE)
    assert generator.apply_patches(patched, PATCHES) == []
    assert patched == TREE


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    assert [error.message for error in ORACLE.iter_errors(ACCEPTED[name])] == []
    assert mismatches(ACCEPTED[name]) == []


@pytest.mark.parametrize("name", REJECTED)
def test_rejected(name: str) -> None:
    document, word = REJECTED[name]
    assert not ORACLE.is_valid(document)
    found = mismatches(document)
    assert len(found) == 1
    assert word in found[0]


@pytest.mark.parametrize("path", sorted({to for entry in UPGRADES if (to := entry["to"]) and "." in to}))
def test_upgrades_lead_to_keys_of_the_schema(path: str) -> None:
    """The sections that upgrades.yaml moves keys to exist; `*`, `fc_*` and free mappings end the walk."""
    places = [branch for _, branch, _ in children(TREE) if branch["properties"]["model_type"]["const"] == "ecd"]
    for step in path.replace("[]", ".[]").split("."):
        below = [(name, child) for place in places for name, child in steps_below(place)]
        if "*" in step or not below:
            return
        places = [child for name, child in below if step in (name, "{feature}")]
        assert places, step


def steps_below(place: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the steps below a schema, those of each branch of a union among them."""
    found: list[tuple[str, dict[str, Any]]] = []
    for name, child, _ in generator.below(place):
        found += steps_below(child) if name.startswith("=") else [(name, child)]
    return found


# --- the generator ---------------------------------------------------------------------------------------------------

NUMBER: dict[str, Any] = {"type": "number"}
RAW = {
    "type": "object",
    "title": "Combiner",
    "properties": {"type": {"type": "string", "enum": ["concat", "tabnet"], "default": "concat"}},
    "allOf": [
        {
            "if": {"properties": {"type": {"const": "concat"}}},
            "then": {
                "properties": {
                    "rate": {
                        "oneOf": [
                            {"type": "number", "minimum": 0},
                            {"type": "string", "enum": ["auto"]},
                            {"type": "null"},
                        ],
                        "default": 0.1,
                        "description": "Words of others.",
                    }
                }
            },
        },
        {
            "if": {"properties": {"type": {"const": "tabnet"}}},
            "then": {"properties": {"betas": {"type": "array", "items": [{"type": "number"}, {"type": "number"}]}}},
        },
    ],
}


def test_an_if_chain_becomes_a_union() -> None:
    assert generator.normal(RAW) == {
        "discriminator": {"propertyName": "type", "default": "concat"},
        "oneOf": [
            {
                "type": "object",
                "additionalProperties": True,
                "properties": {
                    "type": {"const": "concat"},
                    "rate": {
                        "anyOf": [{"type": "string", "enum": ["auto"]}, {"type": ["null", "number"], "minimum": 0}],
                        "default": 0.1,
                    },
                },
            },
            {
                "type": "object",
                "additionalProperties": True,
                "required": ["type"],
                "properties": {
                    "type": {"const": "tabnet"},
                    "betas": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
                },
            },
        ],
    }


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ({"type": "integer", "minimum": 1}, {"type": "number", "minimum": 0}, {"type": "number", "minimum": 0}),
        ({"type": "number"}, {"type": "integer"}, {"type": "number"}),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}, {"type": "string", "enum": ["a", "b"]}),
        ({"type": "number", "maximum": 1}, {"default": 0.5}, {"type": "number", "maximum": 1, "default": 0.5}),
        ({"type": "number", "maximum": 1}, {"type": "null"}, {"type": ["null", "number"], "maximum": 1}),
        ({**NUMBER, "minimum": 1}, {**NUMBER, "exclusiveMinimum": 0}, {**NUMBER, "exclusiveMinimum": 0}),
        ({"minimum": 1, "type": "number"}, {"exclusiveMinimum": 1, "type": "number"}, {"minimum": 1, "type": "number"}),
        ({**NUMBER, "default": 1}, {**NUMBER, "default": 2}, {**NUMBER, "default": 2}),
        ({}, {"type": "string"}, {"type": "string"}),
    ],
)  # fmt: skip
def test_merging_two_versions(old: dict[str, Any], new: dict[str, Any], merged: dict[str, Any]) -> None:
    assert merge(old, new) == merged


def test_merging_unions_keeps_the_branches_of_both_and_what_was_limited() -> None:
    def trainer(**branches: dict[str, Any]) -> dict[str, Any]:
        return {
            "discriminator": {"propertyName": "type"},
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"type": {"const": name}, **properties},
                    "required": ["type"],
                    "additionalProperties": True,
                }
                for name, properties in branches.items()
            ],
        }

    rate = {"type": "number", "minimum": 0, "default": 0.1}
    old = trainer(none={}, finetune={"rate": rate})
    new = trainer(finetune={"rate": {"default": 0.1}}, dpo={"rate": {"default": 0.1}, "beta": {"default": 0.1}})
    assert widen_union(old, new) == trainer(
        none={}, finetune={"rate": rate}, dpo={"rate": rate, "beta": {"default": 0.1}}
    )


def test_factoring_moves_what_is_repeated_and_expanding_brings_it_back() -> None:
    activation = {"type": "string", "enum": ["elu", "relu", "sigmoid", "softmax", "tanh"], "default": "relu"}
    layers: dict[str, dict[str, Any]] = {
        name: {
            "type": "object",
            "properties": {"type": {"const": name}, "activation": activation},
            "required": ["type"],
        }
        for name in ("dense", "conv", "gated")
    }
    layers["gated"]["properties"]["gate"] = activation
    tree = {"discriminator": {"propertyName": "type"}, "oneOf": list(layers.values())}
    factored = factor(tree)
    assert factored["oneOf"] == [{"$ref": "#/$defs/dense"}, {"$ref": "#/$defs/gated"}]
    assert factored["$defs"]["activation"] == activation
    assert factored["$defs"]["dense"]["properties"]["type"] == {"enum": ["dense", "conv"]}
    assert expand(factored) == tree
