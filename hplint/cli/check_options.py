"""What `hplint check` takes."""

from __future__ import annotations

from hplint.cli.options import Command, Option
from hplint.findings import CONFIDENCES, SEVERITIES
from hplint.output import FORMATS
from hplint.records import replace
from hplint.settings import PROFILES

DESCRIPTION = """\
Lints training configs: YAML, JSON, TOML and .keras archives.

A folder stands for every such file in it and below, without hidden folders, virtual environments, what
git ignores and the like. A file's content decides which format it is read as; one that is no training
config is left alone. Settings come from the nearest hplint.toml, or [tool.hplint] in pyproject.toml, at
or above a file; what is given here wins.
"""

EPILOG = f"""\
output formats:
{"".join(f"  {name:<11} {what}" + chr(10) for name, what in FORMATS.items())}
severities:
  error    it will crash, or silently train something else than the config says
  warning  nearly always a mistake
  info     advice; most of it runs only when selected, or with --profile strict or all

exit status:
  0  no findings of severity warning or error (with --diff: nothing to fix)
  1  findings of severity warning or error (with --diff: there is something to fix)
  2  a file could not be read or written, or the command line or the settings are wrong

environment:
  NO_COLOR, FORCE_COLOR   no colours, or colours where there is no terminal
  HPLINT_CACHE_DIR        where results are remembered, by default the user's folder for caches

examples:
  hplint check                                  every training config below this folder
  hplint check conf/ model.json --fix           apply the safe fixes
  hplint check --diff --unsafe-fixes conf/      see what the fixes would change
  hplint check --profile all --ignore TRAIN     everything, advice too, but the TRAIN rules
  hplint check --changed=main                   what differs from where this branch began
  hplint check - --stdin-filename train.yaml    lint standard input
"""

_RULES = "codes (LR001), starts of codes (LR) or names, joined by commas; ALL stands for every rule"
NEVER = "never"


def _grouped(group: str, *options: Option) -> tuple[Option, ...]:
    return tuple(replace(option, group=group) for option in options)


COMMAND = Command(
    "check",
    DESCRIPTION,
    "PATH",
    "files and folders, by default the folder you are in; `-` reads standard input",
    "*",
    (
        *_grouped(
            "fixes",
            Option("--fix", "", "apply the safe fixes: they keep what was meant, or mend what was certainly broken"),
            Option("--unsafe-fixes", "", "with --fix or --diff: also apply the fixes that need your consent"),
            Option("--diff", "", "show what the fixes would change, and write nothing"),
        ),
        *_grouped(
            "rules and findings",
            Option("--profile", "NAME", "default, strict (advice too, unless of low confidence) or all", PROFILES),
            Option("--select", "RULES", f"run these rules only: {_RULES}", several=True),
            Option("--extend-select", "RULES", "run these rules too", several=True),
            Option("--ignore", "RULES", "do not run these rules", several=True),
            Option("--min-severity", "LEVEL", "leave out findings below info, warning or error", SEVERITIES),
            Option("--min-confidence", "LEVEL", "leave out findings below low, medium or high", CONFIDENCES),
            Option("--baseline", "PATH", "report only what is not in this baseline, made by `hplint baseline`"),
            Option("--no-baseline", "", "report what is in the baseline of the settings, too"),
            Option(
                "--fail-on",
                "LEVEL",
                "the severity that gives exit status 1: info, warning (the default), error or never",
                (*SEVERITIES, NEVER),
            ),
            Option("--exit-zero", "", "exit with 0 whatever is found; what cannot be read still gives 2", short="-e"),
        ),
        *_grouped(
            "report",
            Option("--output-format", "FORMAT", "full (the default), or another of the list below", tuple(FORMATS)),
            Option("--output-file", "PATH", "write the report to this file", short="-o"),
            Option(
                "--statistics",
                "",
                "show how often each rule found something, not where; F: with a fix that is safe, f: with one that "
                "needs your consent",
            ),
            Option("--color", "WHEN", "auto (the default), always or never", ("auto", "always", "never")),
            Option(
                "--quiet",
                "",
                "leave out the summary, and which of the named files are no training configs",
                short="-q",
            ),
        ),
        *_grouped(
            "files",
            Option(
                "--changed",
                "REF",
                "only files that differ from a branch, tag or commit, by default the last commit; new files too",
                bare="HEAD",
            ),
            Option("--staged", "", "only files that are staged for the next commit, as they are in the working tree"),
            Option(
                "--exclude", "PATTERN", "leave out files and folders that match, unless they are named", several=True
            ),
            Option("--force-exclude", "", "leave out what is excluded even where it is named, as by pre-commit"),
            Option("--no-gitignore", "", "look at files that git ignores, too"),
            Option("--format", "NAME", "read the files as this format, one of those that `hplint formats` lists"),
            Option("--stdin-filename", "PATH", "the name of standard input: it gives the syntax and the settings"),
        ),
        *_grouped(
            "the run",
            Option("--watch", "", "lint again whenever a file changes, until Ctrl-C", short="-w"),
            Option("--config", "PATH", "use this settings file, whatever lies nearer"),
            Option("--isolated", "", "use no settings file"),
            Option("--no-cache", "", "lint every file, and remember nothing", short="-n"),
            Option("--jobs", "NUMBER", "how many processes to use at most, by default one per core", short="-j"),
        ),
    ),
    EPILOG,
)
