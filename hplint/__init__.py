"""hplint: a linter for machine-learning training configs.

    import hplint

    report = hplint.lint(open("model.json", "rb").read(), "model.json")
    for finding in report.findings:
        print(report.source.position(finding.span.start).line, finding.code, finding.message)
    print(report.training.optimizer.learning_rate.value)

`lint` is the whole engine: one pure function from a config's text to a Report. A Report holds the findings (with
evidence and fixes as edits of the text) and the facts that were read (`Training` and its parts, hplint.facts.parts).
docs/api.md describes them.
"""

from __future__ import annotations

__version__ = "0.1.0"

from hplint.facts.fact import UNKNOWN, Fact, Part
from hplint.facts.parts import Training
from hplint.findings import Evidence, Finding, Fix
from hplint.formats.recognise import Recognition
from hplint.lint import FAILED, LINTED, SKIPPED, Report, lint
from hplint.settings import Settings
from hplint.text import Edit, Position, SourceText, Span, apply_edits

__all__ = [
    "FAILED", "LINTED", "SKIPPED", "UNKNOWN", "Edit", "Evidence", "Fact", "Finding", "Fix", "Part", "Position",
    "Recognition", "Report", "Settings", "SourceText", "Span", "Training", "apply_edits", "lint",
]  # fmt: skip
