"""Search spaces as text for the programs that search: W&B sweeps, Ludwig's hyperopt, Katib, Optuna through Hydra."""

from __future__ import annotations

import json
import re

from hplint.output.terminal import escape
from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hplint.ranges import HandSet, Range

GRID, RANDOM, BAYESIAN = "grid", "random", "bayesian"
_SMALL_GRID = 50
_GRID_POINTS = 5
_SLOW_TRIAL_MINUTES = 60
_PLAIN = re.compile(r"[A-Za-z_][\w./-]*\Z")
_YAML_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


@record
class Plan:
    """How to search.

    algorithm  GRID, RANDOM or BAYESIAN
    why        why that one
    trials     how many runs to spend
    metric     what is to be better, and in which direction: "minimize" or "maximize"
    """

    algorithm: str
    why: str
    trials: int
    metric: str
    goal: str


def plan(count: int, minutes: float | None, trials: int | None, metric: str, goal: str, wanted: str | None) -> Plan:
    """Return how to search `count` hyperparameters when a trial takes `minutes`; what the user wants counts first.

    Few and cheap: a grid. More: random search. Expensive: Bayesian search. Sources: OCDevel Machine Learning Guide,
    episode 28; Bergstra and Bengio, JMLR 2012; Google, Deep Learning Tuning Playbook.
    """
    slow = minutes is not None and minutes >= _SLOW_TRIAL_MINUTES
    if wanted is not None:
        algorithm, why = wanted, "you chose it"
    elif slow:
        algorithm, why = BAYESIAN, "a trial is expensive, so each should learn from those before it"
    elif count <= 2 and minutes is not None:
        algorithm, why = GRID, "few hyperparameters and cheap trials: every combination can be tried"
    elif count == 1:
        algorithm, why = GRID, "a single hyperparameter: its values can be tried one by one"
    else:
        algorithm, why = RANDOM, "random search tries a new value of each hyperparameter in every trial"
    usual = {GRID: _GRID_POINTS**count, RANDOM: 20 * count, BAYESIAN: 10 * count}[algorithm]
    return Plan(algorithm, why, trials or min(max(usual, _GRID_POINTS), 100), metric, goal)


def points(searched: Range, count: int = _GRID_POINTS) -> tuple[float, ...]:
    """Return the values that a grid tries of a range, evenly on its scale."""
    if searched.values or searched.low is None or searched.high is None:
        return searched.values
    low, high = searched.low, searched.high
    shares = [step / (count - 1) for step in range(count)]
    if searched.log:
        made = [low * (high / low) ** share for share in shares]
    else:
        made = [low + (high - low) * share for share in shares]
    rounded = [round(one) if searched.whole else float(f"{one:.2g}") for one in made]
    return tuple(dict.fromkeys(rounded))


def wandb(found: Sequence[HandSet], how: Plan) -> str:
    """Return a W&B sweep."""
    method = {GRID: "grid", RANDOM: "random", BAYESIAN: "bayes"}[how.algorithm]
    lines = [
        "program: train.py  # what trains; it reads the values as arguments or from wandb.config",
        f"method: {method}  # {how.why}",
        f"run_cap: {how.trials}",
        "metric:",
        f"  name: {_word(how.metric)}  # as the runs log it",
        f"  goal: {how.goal}",
        "parameters:",
    ]
    for one in found:
        lines += [f"  {_word(one.key)}:  # {number(one.value)} now; {one.range.why}"]
        searched = one.range
        if how.algorithm == GRID or searched.values:
            lines.append(f"    values: [{_listed(points(searched))}]")
            continue
        name = "log_uniform_values" if searched.log else "uniform"
        kind = (
            {"uniform": "int_uniform", "log_uniform_values": "q_log_uniform_values"}[name] if searched.whole else name
        )
        lines.append(f"    distribution: {kind}")
        lines += [f"    min: {number(searched.low)}", f"    max: {number(searched.high)}"]
    return "\n".join(lines) + "\n"


def ludwig(found: Sequence[HandSet], how: Plan, output_feature: str) -> str:
    """Return the `hyperopt` section of a Ludwig config."""
    lines = [
        "hyperopt:",
        f"  goal: {how.goal}",
        f"  metric: {_word(how.metric)}",
        f"  output_feature: {_word(output_feature)}",
        "  split: validation",
        "  parameters:",
    ]
    for one in found:
        searched = one.range
        lines.append(f"    {_word(one.key)}:  # {number(one.value)} now; {searched.why}")
        if how.algorithm == GRID:
            lines += ["      space: grid_search", f"      values: [{_listed(points(searched))}]"]
        elif searched.values:
            lines += ["      space: choice", f"      categories: [{_listed(searched.values)}]"]
        else:
            whole, log = searched.whole, searched.log
            space = ("lograndint" if log else "randint") if whole else ("loguniform" if log else "uniform")
            lines += [
                f"      space: {space}",
                f"      lower: {number(searched.low)}",
                # Ray's whole-number spaces leave the upper bound out.
                f"      upper: {number(None if searched.high is None else searched.high + whole)}",
            ]
    search = "hyperopt" if how.algorithm == BAYESIAN else "variant_generator"
    lines += [
        f"  search_alg: {{type: {search}}}  # {how.why}",
        "  executor:",
        "    type: ray",
        f"    num_samples: {1 if how.algorithm == GRID else how.trials}",
    ]
    return "\n".join(lines) + "\n"


def katib(found: Sequence[HandSet], how: Plan) -> str:
    """Return an Experiment of Katib; the image and its command are for the reader to fill in."""
    algorithm = {GRID: "grid", RANDOM: "random", BAYESIAN: "bayesianoptimization"}[how.algorithm]
    lines = [
        "apiVersion: kubeflow.org/v1beta1",
        "kind: Experiment",
        "metadata:",
        "  name: search",
        "spec:",
        f"  objective: {{type: {how.goal}, objectiveMetricName: {_word(how.metric)}}}",
        f"  algorithm: {{algorithmName: {algorithm}}}  # {how.why}",
        f"  maxTrialCount: {how.trials}",
        "  parallelTrialCount: 2",
        "  maxFailedTrialCount: 3",
        "  parameters:",
    ]
    names = _katib_names(found)
    for one in found:
        searched = one.range
        lines.append(f"    - name: {names[one.key]}  # {number(one.value)} now; {searched.why}")
        if how.algorithm == GRID or searched.values:
            listed = ", ".join(f'"{number(value)}"' for value in points(searched))
            lines += ["      parameterType: categorical", f"      feasibleSpace: {{list: [{listed}]}}"]
            continue
        kind = "int" if searched.whole else "double"
        log = ", distribution: logUniform" if searched.log else ""
        bounds = f'min: "{number(searched.low)}", max: "{number(searched.high)}"'
        lines += [f"      parameterType: {kind}", f"      feasibleSpace: {{{bounds}{log}}}"]
    lines += ["  trialTemplate:", "    primaryContainerName: training", "    trialParameters:"]
    for one in found:
        lines.append(f"      - {{name: {names[one.key]}, reference: {names[one.key]}}}")
    lines += [
        "    trialSpec:",
        "      apiVersion: batch/v1",
        "      kind: Job",
        "      spec:",
        "        template:",
        "          spec:",
        "            restartPolicy: Never",
        "            containers:",
        "              - name: training",
        "                image: your-image  # what trains",
        "                command:",
        "                  - python",
        "                  - train.py",
        *(f"                  - {json.dumps(_argument(one.key, names[one.key]))}" for one in found),
    ]
    return "\n".join(lines) + "\n"


def _katib_names(found: Sequence[HandSet]) -> dict[str, str]:
    """Return a name for each key: Katib puts names into templates, where dots have a meaning of their own."""
    return {one.key: re.sub(r"[^A-Za-z0-9]", "_", one.key) for one in found}


def _argument(key: str, name: str) -> str:
    return f"--{key}=${{trialParameters.{name}}}"


def optuna(found: Sequence[HandSet], how: Plan) -> str:
    """Return what a Hydra config needs so that `--multirun` searches with Optuna."""
    sampler = {GRID: "grid", RANDOM: "random", BAYESIAN: "tpe"}[how.algorithm]
    lines = [
        "# Add this to the primary config, and let the task return the metric; then run it with --multirun.",
        "defaults:",
        "  - _self_",
        "  - override hydra/sweeper: optuna",
        f"  - override hydra/sweeper/sampler: {sampler}  # {how.why}",
        "hydra:",
        "  sweeper:",
        f"    direction: {how.goal}  # of {escape(how.metric)}",
        f"    n_trials: {how.trials}",
        "    n_jobs: 1",
        "    params:",
    ]
    for one in found:
        searched = one.range
        if how.algorithm == GRID or searched.values:
            space = f"choice({_listed(points(searched))})"
        else:
            space = f"interval({number(searched.low)}, {number(searched.high)})"
            tags = [word for word, is_so in (("log", searched.log), ("int", searched.whole and searched.log)) if is_so]
            if searched.whole and not searched.log:
                space = f"range({number(searched.low)}, {number(None if searched.high is None else searched.high + 1)})"
            space = f"tag({', '.join(tags)}, {space})" if tags == ["log"] else f"int({space})" if tags else space
        lines.append(f"      {_word(one.key)}: {space}  # {number(one.value)} now; {searched.why}")
    return "\n".join(lines) + "\n"


def _listed(values: Sequence[float]) -> str:
    return ", ".join(map(number, values))


def number(value: float | None) -> str:
    """Return a number as every loader of YAML reads it: with a point and a sign before its exponent."""
    if value is None:
        return "null"
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value))
    text = repr(float(value))
    head, exponent, power = text.partition("e")
    if not exponent:
        return text
    return f"{head if '.' in head else head + '.0'}e{power if power.startswith('-') else '+' + power}"


def _word(text: str) -> str:
    """Return a text as a scalar of YAML."""
    return text if _PLAIN.match(text) and text.lower() not in _YAML_WORDS else json.dumps(text)
