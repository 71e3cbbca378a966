"""`hplint rule`: a rule's page in the terminal, or the list of all rules."""

from __future__ import annotations

import os
import sys

from hplint import knowledge
from hplint.cli.main import CLEAN, UNABLE
from hplint.cli.options import Command, Option
from hplint.lint import own_of
from hplint.output.terminal import columns, escape, screen_of
from hplint.rules.page import page
from hplint.settings import find_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hplint.cli.options import Arguments
    from hplint.output.terminal import Screen

DESCRIPTION = """\
Shows the page of a rule: what it finds, why that matters, an example before and after the fix, whether
the fix is safe, when the rule stays silent, and the sources it rests on. Without a rule, lists all.
A project's own rules, which the settings of the folder you are in name, are among them.
"""

EPILOG = """\
in the list:
  *  the rule runs by default; the others run when selected with `hplint check --select`
  F  it has a fix that --fix applies        f  it has a fix that needs --unsafe-fixes

exit status:
  0  the pages were shown
  2  there is no such rule, or the settings are wrong

examples:
  hplint rule                    list all rules
  hplint rule ACT001             by code
  hplint rule sigmoid-hidden     by name
  hplint rule --all              every page, such as for searching
"""

COMMAND = Command(
    "rule",
    DESCRIPTION,
    "RULE",
    "a rule's code or name",
    "*",
    (
        Option("--all", "", "show the pages of all rules"),
        Option("--output-format", "FORMAT", "text (the default) or json, the whole rule files", ("text", "json")),
    ),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Show the pages or the list; returns the exit status."""
    own = own_of(find_settings(os.curdir))
    documents = {**knowledge.rule_documents(), **(own.documents if own is not None else {})}
    screen = screen_of(sys.stdout)
    as_json = arguments["--output-format"] == "json"
    if not arguments.operands and not arguments["--all"] and not as_json:
        for document in documents.values():
            print(_entry(document, screen))
        return CLEAN
    chosen = list(documents.values()) if arguments["--all"] or not arguments.operands else []
    for wanted in arguments.operands:
        found = [d for d in documents.values() if wanted.upper() == d["code"] or wanted.lower() == d["name"]]
        if not found:
            print(f"hplint: {_unknown(wanted, documents)}", file=sys.stderr)
            return UNABLE
        chosen += found
    if as_json:
        from hplint.output.jsontext import dumps

        print(dumps(chosen))
        return CLEAN
    print("\n\n".join("\n".join(_lines(page(document), screen)) for document in chosen))
    return CLEAN


def _entry(document: dict[str, Any], screen: Screen) -> str:
    applicabilities = [fix["applicability"] for fix in document.get("fixes", ())]
    fix = "F" if "safe" in applicabilities else "f" if "unsafe" in applicabilities else " "
    runs = "*" if document.get("enabled", document["severity"] != "info") else " "
    severity = screen.paint(f"{document['severity']:<7}", document["severity"])
    return f"{document['code']:<9} {severity} {runs}{fix} {document['name']}"


def _unknown(wanted: str, documents: dict[str, Any]) -> str:
    from difflib import get_close_matches

    names = [*documents, *(document["name"] for document in documents.values())]
    close = get_close_matches(wanted, names, 1) or get_close_matches(wanted.upper(), names, 1)
    hint = f"did you mean `{close[0]}`?" if close else "`hplint rule` lists them all"
    return f"`{escape(wanted)}` is no rule; {hint}"


def _lines(text: str, screen: Screen) -> Iterator[str]:
    """Yield a Markdown page with its headings in bold and its text, but not its code, wrapped to the screen."""
    from textwrap import wrap

    is_code = False
    for line in text.rstrip("\n").split("\n"):
        if line.startswith("```"):
            is_code = not is_code
        elif is_code:
            yield f"    {escape(line)}"
        elif line.startswith("#"):
            yield screen.paint(escape(line.lstrip("# ")), "bold")
        elif columns(line) <= screen.width:
            yield escape(line)
        else:
            indent = "  " if line.startswith("- ") else ""
            yield from wrap(
                escape(line), screen.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
