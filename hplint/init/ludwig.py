"""Writes choices as a Ludwig config, with the reasons as comments."""

from __future__ import annotations

from hplint import spaces
from hplint.init.choices import LONG_SEQUENCE
from hplint.ranges import HandSet
from hplint.spaces import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.init.answers import Answers
    from hplint.init.choices import Choices

MAX_COLUMNS = 20
_OUTPUTS = {"binary": "binary", "multiclass": "category", "multilabel": "set", "regression": "number"}
_METRICS = {"binary": "roc_auc", "multiclass": "accuracy", "multilabel": "jaccard", "regression": "mean_absolute_error"}


def write(choices: Choices) -> str:
    """Return the text of the config."""
    answers = choices.answers
    kind = _OUTPUTS.get(answers.task, "timeseries")
    metric = _METRICS.get(answers.task, "mean_absolute_error")
    goal = "minimize" if "error" in metric else "maximize"
    lines = [*_inputs(answers, choices), "", *_about(choices, "other", "sizes")]
    lines += ["combiner:", "  type: concat"]
    width = next((layer["units"] for layer in choices.layers if layer["type"] == "dense" and "name" not in layer), None)
    if width is not None:
        lines += ["  num_fc_layers: 1", f"  output_size: {width}"]
    if choices.dropout:
        lines += [*_about_below(choices, "regularization"), f"  dropout: {number(choices.dropout)}"]
    lines += ["", *_about(choices, "output-activation"), "output_features:", "  - name: target", f"    type: {kind}"]
    if kind == "timeseries":
        lines += ["    preprocessing:", f"      horizon: {answers.horizon or 1}"]
    lines += [
        "",
        *_about(choices, "optimizer"),
        "trainer:",
        "  optimizer:",
        "    type: adamw",
        f"    weight_decay: {number(choices.weight_decay)}",
        f"  learning_rate: {number(choices.learning_rate)}",
        f"  epochs: {choices.epochs}" + ("" if choices.pretrained else "  # at most; early stopping ends it"),
        f"  batch_size: {choices.batch_size}",
        f"  early_stop: {-1 if choices.pretrained else 5}",
        "  validation_field: target",
        f"  validation_metric: {metric}",
        "",
        "preprocessing:",
        *_split(answers),
    ]
    how = spaces.Plan(choices.search.algorithm, choices.search.why, choices.search.trials, metric, goal)
    keys = {
        "optimizer.learning_rate": "trainer.learning_rate",
        "optimizer.weight_decay": "trainer.optimizer.weight_decay",
    }
    found = [HandSet(one.fact, keys[one.fact], one.value, one.range) for one in choices.searched]
    return (
        "\n".join(lines)
        + "\n\n"
        + "\n".join(_about(choices, "automation"))
        + "\n"
        + spaces.ludwig(found, how, "target")
    )


def _about(choices: Choices, *questions: str) -> list[str]:
    return [f"# {choices.why(question)}" for question in questions if choices.why(question)]


def _about_below(choices: Choices, question: str) -> list[str]:
    return [f"  {line}" for line in _about(choices, question)]


def _inputs(answers: Answers, choices: Choices) -> list[str]:
    lines = [*_about(choices, "linear", "simple", "little-data", "much-data", "vision", "time"), "input_features:"]
    if answers.modality == "tabular":
        for index in range(1, min(answers.features or 8, MAX_COLUMNS) + 1):
            name = "# the names of your columns; further types are category, binary, date, text" if index == 1 else ""
            lines += [f"  - name: column_{index}  {name}".rstrip(), "    type: number"]
            lines += ["    preprocessing:", "      normalization: zscore"]
        if (answers.features or 0) > MAX_COLUMNS:
            lines.append(f"  # ... and so on, up to column_{answers.features}")
        return lines
    if answers.modality == "image":
        size = [f"      height: {answers.size}", f"      width: {answers.size}", "      num_channels: 3"]
        return [*lines, "  - name: picture", "    type: image", "    encoder:", "      type: stacked_cnn",
                "    preprocessing:", *size]  # fmt: skip
    long = (answers.steps or 0) > LONG_SEQUENCE
    kind = "text" if answers.modality == "text" else "timeseries"
    encoder = ["      type: parallel_cnn"] if long else ["      type: rnn", "      cell_type: lstm"]
    if choices.pretrained:
        encoder = ["      type: distilbert  # pretrained", "      trainable: true"]
    limit = "max_sequence_length" if kind == "text" else "timeseries_length_limit"
    return [*lines, "  - name: input", f"    type: {kind}", "    encoder:", *encoder, "    preprocessing:",
            f"      {limit}: {answers.steps}"]  # fmt: skip


def _split(answers: Answers) -> list[str]:
    lines = ["  split:"]
    if answers.task == "forecasting" or answers.modality == "timeseries":
        return [*lines, "    type: datetime  # what is later must not teach what is earlier", "    column: date",
                "    probabilities: [0.7, 0.15, 0.15]"]  # fmt: skip
    if answers.task in ("binary", "multiclass"):
        lines += ["    type: stratify  # every class in every part", "    column: target"]
    else:
        lines.append("    type: random")
    return [*lines, "    probabilities: [0.7, 0.15, 0.15]"]
