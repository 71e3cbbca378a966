"""`hplint tree`: the whole decision tree with its rules."""

from __future__ import annotations

import sys

from hplint import knowledge
from hplint.cli.main import CLEAN
from hplint.cli.options import Command, Option, UsageError
from hplint.output.terminal import screen_of
from hplint.output.tree import markdown, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.options import Arguments

DESCRIPTION = """\
Shows the decision tree that hplint holds configs to: the questions in the order a practitioner asks them,
what the field recommends at each, and the rules that tell where a config departs.
"""

EPILOG = """\
exit status:
  0  the tree was shown

examples:
  hplint tree
  hplint tree --format markdown > tree.md
  hplint explain train.yaml     the same questions, asked of one config
  hplint init                   the same questions, asked of you
"""

COMMAND = Command(
    "tree",
    DESCRIPTION,
    "",
    "",
    "*",
    (Option("--format", "FORMAT", "text (the default) or markdown", ("text", "markdown")),),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Show the tree; returns the exit status. Raises UsageError."""
    if arguments.operands:
        raise UsageError("`hplint tree` takes no file; `hplint explain FILE` asks its questions of a config")
    tree, rules = knowledge.data("tree"), knowledge.rule_documents()
    as_markdown = arguments["--format"] == "markdown"
    sys.stdout.write(markdown(tree, rules) if as_markdown else render(tree, rules, screen_of(sys.stdout)))
    return CLEAN
