"""`hplint search-space`: turns the hand-set hyperparameters of a config into a search over them."""

from __future__ import annotations

import os
import sys

from hplint import knowledge, spaces
from hplint.cli import files
from hplint.cli.main import CLEAN, UNABLE
from hplint.cli.options import Command, Option, UsageError
from hplint.facts.fact import Fact
from hplint.facts.names import metric_goal
from hplint.lint import lint
from hplint.output.terminal import escape
from hplint.ranges import hand_set
from hplint.settings import SettingsError, find_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.cli.options import Arguments
    from hplint.facts.parts import Training
    from hplint.lint import Report

TARGETS = ("wandb", "ludwig", "katib", "optuna")
ALGORITHMS = (spaces.GRID, spaces.RANDOM, spaces.BAYESIAN)

DESCRIPTION = """\
Reads what a config sets by hand, and writes a search over it: which values to try of the learning rate, the
weight decay, the dropout and so on, around today's values and on the right scale; and how: a grid for few
hyperparameters and cheap trials, random search for more, Bayesian search where a trial is expensive.
"""

EPILOG = """\
targets:
  wandb   a W&B sweep
  ludwig  the hyperopt section, for a Ludwig config
  katib   an Experiment of Kubeflow Katib
  optuna  Optuna's sweeper for Hydra

exit status:
  0  the search was written
  2  the file could not be read, is no training config, or sets nothing by hand that is worth a search

examples:
  hplint search-space train.yaml > sweep.yaml
  hplint search-space ludwig.yaml --minutes-per-trial 90
  hplint search-space conf/config.yaml --to optuna --metric val/loss
"""

COMMAND = Command(
    "search-space",
    DESCRIPTION,
    "FILE",
    "a training config; `-` reads standard input",
    "1",
    (
        Option("--to", "TARGET", "wandb, ludwig, katib or optuna; by default what suits the config's format", TARGETS),
        Option("--minutes-per-trial", "NUMBER", "how long a run takes; an hour and more call for Bayesian search"),
        Option("--trials", "NUMBER", "how many runs to spend, by default what the search calls for"),
        Option("--algorithm", "NAME", "grid, random or bayesian, whatever size and cost call for", ALGORITHMS),
        Option(
            "--metric", "NAME", "what is to be better, by default what the config watches, else the validation loss"
        ),
        Option(
            "--goal", "WORD", "minimize or maximize, by default what the metric's name says", ("minimize", "maximize")
        ),
        Option("--only", "KEYS", "search these keys only, joined by commas", several=True),
        Option("--output-file", "PATH", "write to this file", short="-o"),
    ),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Write the search; returns the exit status. Raises UsageError."""
    path: str = arguments.operands[0]
    try:
        settings = find_settings(os.path.dirname(path) or os.curdir)
        report = lint(files.read(files.Target(path, True)), "" if path == files.STDIN else path, settings)
    except (files.UnreadableError, SettingsError) as error:
        print(f"hplint: {escape(path)}: {escape(str(error))}", file=sys.stderr)
        return UNABLE
    if report.training is None:
        reason = report.findings[0].message if report.findings else report.recognition.reason
        print(f"hplint: {escape(path)} is no training config: {escape(reason)}", file=sys.stderr)
        return UNABLE
    found = hand_set(report.training)
    only = [key.strip() for key in ",".join(arguments["--only"]).split(",") if key.strip()]
    for key in only:
        if key not in [one.key for one in found]:
            known = ", ".join(one.key for one in found) or "there are none"
            raise UsageError(
                f"--only: `{key}` is not set by hand to a value that could be searched; those are: {known}"
            )
    found = [one for one in found if not only or one.key in only]
    if not found:
        print(f"hplint: {escape(path)} sets nothing by hand that is worth a search", file=sys.stderr)
        return UNABLE
    text = _written(arguments, report, report.training, found)
    if arguments["--output-file"]:
        files.write_new(arguments["--output-file"], text)
    else:
        sys.stdout.write(text)
    return CLEAN


def _written(arguments: Arguments, report: Report, training: Training, found: list[Any]) -> str:
    search_with = knowledge.formats().get(report.recognition.name or "", {}).get("search_with", {})
    usual = search_with.get("target", "wandb")
    target = arguments["--to"] or usual
    if target == "ludwig" != usual:
        raise UsageError(
            f"--to ludwig: Ludwig searches keys of its own configs, and {escape(report.path)} is none; "
            "choose wandb, katib or optuna"
        )
    metric = arguments["--metric"] or _watched(training) or search_with.get("metric", "val_loss")
    goal = arguments["--goal"] or metric_goal(metric) or "minimize"
    minutes, trials = _number(arguments, "--minutes-per-trial"), _number(arguments, "--trials")
    how = spaces.plan(
        len(found), minutes, None if trials is None else int(trials), metric, goal, arguments["--algorithm"]
    )
    if target != "ludwig":
        made: str = getattr(spaces, target)(found, how)
        return made
    outputs = training.parts("outputs")
    name = outputs[0].get("name") if outputs else None
    feature = str(name.value) if isinstance(name, Fact) and name.is_known else "combined"
    return spaces.ludwig(found, how, feature)


def _watched(training: Training) -> str | None:
    """Return the metric that the config watches, None where it says none."""
    for part in (training.evaluation, training.early_stopping):
        for name in ("metric", "monitor"):
            fact = part.facts.get(name)
            if isinstance(fact, Fact) and fact.is_known and isinstance(fact.value, str):
                return fact.value
    return None


def _number(arguments: Arguments, flag: str) -> float | None:
    given = arguments[flag]
    if given is None:
        return None
    try:
        number = float(given)
    except ValueError:
        number = 0
    if not 0 < number < 1e9:
        raise UsageError(f"{flag}: `{given}` is no positive number")
    return number
