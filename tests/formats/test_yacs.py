"""What yacs makes of configs beside what hplint says. Runs where yacs is installed."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from hplint import knowledge
from hplint.lint import lint

yacs = pytest.importorskip("yacs.config")

SAMPLES = {"boolean": True, "integer": 3, "number": 0.5, "string": "text", "array": [1, 2]}
VALUES = (
    "1", "1.0", "1e-3", "-4", "true", "off", "null", "text", "'1'", "'0.5'", "'True'", "'None'", '"(1, 2)"', "(1, 2)",
    "(1)", "()", "(coco,)", "('coco',)", "[1, 2]", "[]", "{}", "{A: 1}", "'{1: 2}'", "'[1,'", "''", ".5", "1_000",
    "0x10", "010", "12:30", "''''", '"''a''"', "nan", ".nan", "inf", "2020-01-01", "1j", "'a' 'b'",
)  # fmt: skip
HEADS = {
    "slowfast": "TRAIN: {ENABLE: true}\nDATA: {NUM_FRAMES: 8}\nMODEL: {ARCH: slow}\nSOLVER:\n  MOMENTUM: 0.9\n",
    "detectron2": "MODEL: {MASK_ON: true}\nSOLVER:\n  MOMENTUM: 0.9\n",
}


def node_of(schema: dict[str, Any]) -> Any:
    """Return the default node that a schema describes, with values of the right types."""
    node = yacs.CfgNode()
    for name, below in schema["properties"].items():
        if below is True:
            node[name] = None
        elif below["type"] == "object":
            node[name] = node_of(below) if "properties" in below else yacs.CfgNode(new_allowed=True)
        else:
            first = below["type"] if isinstance(below["type"], str) else below["type"][0]
            node[name] = below.get("default", SAMPLES[first])
    return node


def refused(name: str, text: str) -> bool:
    """Whether yacs refuses a config."""
    try:
        node_of(knowledge.schema(name) or {}).merge_from_other_cfg(yacs.CfgNode(yaml.safe_load(text)))
    except (KeyError, ValueError, AssertionError):
        return True
    return False


def errors(text: str) -> list[str]:
    return [finding.code for finding in lint(text, "a.yaml").findings if finding.code.startswith(("SCHEMA", "YAML012"))]


@pytest.mark.parametrize("key", ["MAX_EPOCH", "BASE_LR", "NESTEROV", "LR_POLICY", "STEPS"])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_refused_where_yacs_refuses_it(key: str, value: str) -> None:
    text = f"{HEADS['slowfast']}  {key}: {value}\n"
    try:
        yaml.safe_load(text)
    except yaml.YAMLError:
        pytest.skip("no YAML in this place")
    is_refused = refused("slowfast", text)
    assert is_refused or not errors(text)
    assert not is_refused or lint(text, "a.yaml").findings  # a rule that knows more of the value may speak of it


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize(
    "change", [("MOMENTUM", "MOMENTIM"), ("MODEL: {", "MODELS: {X: 1}\nMODEL: {"), ("SOLVER:", "SOLVER:\n  RATE: 1")]
)
def test_a_slip_is_an_error_and_a_key_of_a_fork_is_none(name: str, change: tuple[str, str]) -> None:
    text = HEADS[name].replace(*change)
    assert refused(name, text)
    assert errors(text) == (["YAML012"] if change[1] == "MOMENTIM" else [])
