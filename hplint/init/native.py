"""Writes choices as a config of hplint's own format, with the reasons as comments."""

from __future__ import annotations

from hplint.init.choices import NETWORK, VOCABULARY
from hplint.spaces import GRID, number, points

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hplint.init.answers import Answers
    from hplint.init.choices import Choices

_LABELS = {"binary": "binary", "multiclass": "integer", "multilabel": "multi_hot"}
_MODES = {"maximize": "max", "minimize": "min"}


def write(choices: Choices) -> str:
    """Return the text of the config."""
    answers = choices.answers
    lines = ["hplint: 1", f"name: {answers.name}", "", *_task(answers, choices), *_inputs(answers, choices)]
    lines += ["", *_data(answers), "", *_model(choices)]
    if choices.loss:
        lines += ["", *_about(choices, "output-activation"), f"loss: {choices.loss}", f"metrics: [{choices.metric}]"]
    if choices.learning_rate is not None:
        lines += ["", *_optimizer(choices)]
    if choices.family == NETWORK:
        lines += ["", *_training(choices)]
    elif choices.loss:
        watched = f"{{metric: {choices.metric}, mode: {_MODES[choices.search.goal]}, split: validation}}"
        lines += ["", "training: {seed: 1}", "", f"evaluation: {watched}"]
    if choices.searched:
        lines += ["", *_search(choices)]
    return "\n".join(lines) + "\n"


def _about(choices: Choices, *questions: str) -> list[str]:
    """Return the reasons as comments."""
    return [f"# {choices.why(question)}" for question in questions if choices.why(question)]


def _flow(entries: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in entries.items()) + "}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    return number(value) if isinstance(value, (int, float)) else str(value)


def _task(answers: Answers, choices: Choices) -> list[str]:
    task: dict[str, Any] = {"kind": answers.task}
    if answers.classes is not None and answers.task != "binary":
        task["classes"] = answers.classes
    if answers.task in _LABELS:
        task["labels"] = _LABELS[answers.task]
    if answers.task == "forecasting":
        task["causal"] = True
    return [*_about(choices, "unsupervised"), f"task: {_flow(task)}"]


def _inputs(answers: Answers, choices: Choices) -> list[str]:
    about: dict[str, Any] = {"name": "input", "modality": answers.modality}
    if answers.modality == "tabular":
        about |= {"shape": [answers.features or 8], "scaling": "standard"}
    elif answers.modality == "image":
        about |= {"shape": [answers.size, answers.size, 3]}
        about["scaling"] = "none" if choices.layers else "standard"  # a network's first layer scales
    elif answers.modality == "timeseries":
        about |= {"shape": [answers.steps, answers.features], "scaling": "standard", "sequence_length": answers.steps}
    elif choices.pretrained:
        about |= {"sequence_length": answers.steps, "encoder": choices.pretrained, "pretrained": True}
    else:
        about |= {"shape": [answers.steps], "sequence_length": answers.steps, "vocabulary": VOCABULARY}
    return ["", "inputs:", f"  - {_flow(about)}"]


def _data(answers: Answers) -> list[str]:
    lines = ["data:"]
    if answers.samples is not None:
        lines.append(f"  samples: {answers.samples}")
    if answers.task == "clustering":
        return [*lines, "  labelled: false"]
    if answers.modality == "tabular" and answers.features is not None:
        lines.append(f"  features: {answers.features}")
    if answers.task == "forecasting" or answers.modality == "timeseries":
        return [
            *lines,
            "  split: chronological  # what is later must not teach what is earlier",
            "  shares: [0.7, 0.15, 0.15]",
        ]
    stratified = answers.task in ("binary", "multiclass")
    split = "stratified  # every class in every part" if stratified else "random"
    lines += ["  validation_share: 0.15", "  test_share: 0.15", f"  split: {split}", "  shuffle: true"]
    return [*lines, "  horizontal_flip: true"] if answers.modality == "image" else lines


def _model(choices: Choices) -> list[str]:
    about = _about(choices, "linear", "simple", "little-data", "much-data", "vision", "time", "other", "sizes")
    lines = [*about, "model:", f"  family: {choices.family}"]
    if choices.pretrained:
        return [*lines, f"  architecture: {choices.pretrained}", "  pretrained: true"]
    if choices.family == "kmeans":
        return [*lines, "  clusters: 8  # try several, and compare them by their silhouette"]
    if choices.family in ("gradient_boosting", "random_forest"):
        lines.append("  trees: 300")
    if choices.family != "linear_regression" and choices.family != "logistic_regression":
        is_number = choices.answers.task in ("regression", "forecasting")
        lines.append(f"  baselines: [{'linear' if is_number else 'logistic'}_regression]  # the number to beat")
    if choices.layers:
        lines += [*_about_below(choices), "  layers:", *(f"    - {_flow(layer)}" for layer in choices.layers)]
    return lines


def _about_below(choices: Choices) -> list[str]:
    return [f"  {line}" for line in _about(choices, "hidden-activation", "regularization")]


def _optimizer(choices: Choices) -> list[str]:
    if choices.family != NETWORK:
        return [f"optimizer: {{learning_rate: {number(choices.learning_rate)}}}"]
    rates = {"name": "adamw", "learning_rate": choices.learning_rate, "weight_decay": choices.weight_decay}
    lines = [*_about(choices, "optimizer"), f"optimizer: {_flow({**rates, 'clip_norm': 1})}"]
    return [*lines, "schedule: {name: linear, warmup_ratio: 0.06}"] if choices.pretrained else lines


def _training(choices: Choices) -> list[str]:
    stop = "  early_stopping: {monitor: val_loss, mode: min, patience: 5}"
    return [
        "training:",
        f"  epochs: {choices.epochs}" + ("" if choices.pretrained else "  # at most; early stopping ends it"),
        f"  batch_size: {choices.batch_size}",
        "  seed: 1",
        *([] if choices.pretrained else [stop]),
        "  checkpoint: {strategy: epoch, load_best: true}",
        "",
        "evaluation: {strategy: epoch, metric: val_loss, mode: min, split: validation}",
    ]


def _search(choices: Choices) -> list[str]:
    how = choices.search
    watched = "val_loss" if choices.family == NETWORK else choices.metric
    goal = "minimize" if choices.family == NETWORK else how.goal
    lines = [
        *_about(choices, "search", "automation"),
        "search:",
        f"  algorithm: {how.algorithm}",
        f"  metric: {watched}",
        f"  goal: {goal}",
        "  split: validation",
        f"  trials: {how.trials}",
        "  parameters:",
    ]
    for one in choices.searched:
        if how.algorithm == GRID:
            lines.append(f"    {one.key}: {{values: {_value(points(one.range))}}}")
        else:
            log = ", log: true" if one.range.log else ""
            lines.append(f"    {one.key}: {{low: {number(one.range.low)}, high: {number(one.range.high)}{log}}}")
    return lines
