"""Runs the examples that a rule's file carries: they are its tests and its documentation."""

from __future__ import annotations

from posixpath import basename

from hplint.companions import Neighbour
from hplint.findings import Finding
from hplint.lint import Report, lint
from hplint.records import record
from hplint.rules.rule import Rule
from hplint.settings import Settings
from hplint.text import Span, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ENDINGS = {"yaml": ".yaml", "json": ".json", "toml": ".toml", "cfg": ".cfg"}


@record
class Outcome:
    """What one example gives: the report, the findings of the rule, and the text after the first one's first fix."""

    report: Report
    findings: tuple[Finding, ...]
    fixed: str | None


def run_example(example: Mapping[str, Any], rule: Rule, others: tuple[Rule, ...] = ()) -> Outcome:
    """Return the outcome of linting an example with `rule` on, together with `others`.

    `beside` in the example holds the files that its config names, by path.
    """
    beside = example.get("beside", {})

    def read_neighbour(name: str, exactly: bool = False) -> Neighbour | None:
        if name in beside:
            return Neighbour(name, beside[name].encode())
        return Neighbour(name, None, tuple(map(basename, beside))) if exactly and beside else None

    syntax = example.get("syntax", "json" if example["config"].lstrip().startswith(("{", '"')) else "yaml")
    path = "example" + ENDINGS[syntax]
    settings = Settings(select=("ALL",), formats=((path, example["format"]),))
    report = lint(example["config"], path, settings, (rule, *others), read_neighbour)
    findings = tuple(finding for finding in report.findings if finding.code == rule.code)
    fixes = findings[0].fixes if findings else ()
    fixed = apply_edits(example["config"], fixes[0].edits) if fixes else None
    return Outcome(report, findings, fixed)


def show_span(report: Report, span: Span) -> str:
    """Return a span as rule files write it: "line:column-line:column", the end exclusive."""
    start, end = report.source.position(span.start), report.source.position(span.end)
    return f"{start.line}:{start.column}-{end.line}:{end.column}"
