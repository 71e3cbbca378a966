"""A compiled rule, and what it makes of one description of a training run."""

from __future__ import annotations

from hplint.facts.fact import Fact, Part
from hplint.findings import Evidence, Finding, Fix
from hplint.records import record
from hplint.rules import logic
from hplint.syntax.tree import Node
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from hplint.facts.parts import Training

    Function = Callable[[Any, Any], Any]
    """A compiled expression: (training, subject) -> value."""


@record
class Pointer:
    """A fact (or, without `name`, a whole part) to point at or to change."""

    part: Function
    name: str | None


@record
class EvidenceNote:
    """Evidence as a rule states it; `when` decides whether it is shown."""

    at: Pointer
    message: Function
    when: Function | None


@record
class FixStep:
    """One change of a fix. `action` is a key of hplint.fixes.ACTIONS, `target` what it changes."""

    action: str
    target: Pointer
    value: Function | None


@record
class FixPlan:
    """A fix as a rule states it."""

    title: Function
    applicability: str
    when: Function | None
    steps: tuple[FixStep, ...]


@record
class Details:
    """What a rule says when it fires. `escalations` are (condition, severity) pairs, the first true one decides."""

    message: Function
    at: tuple[Pointer, ...]
    evidence: tuple[EvidenceNote, ...]
    fixes: tuple[FixPlan, ...]
    escalations: tuple[tuple[Function, str], ...]


@record
class Rule:
    """A rule, ready to run. `details()` makes what only a rule that fires needs.

    What a `general` rule finds gives way to any other rule that speaks of the same place.
    """

    code: str
    name: str
    severity: str
    confidence: str
    enabled: bool
    subject: str
    when: Function
    details: Callable[[], Details]
    general: bool = False


def subjects(training: Training, subject: str, problems: list[Part]) -> list[Any]:
    """Return the parts that rules on `subject` are asked about, in the order of the file."""
    if subject == "training":
        return [training]
    if subject in ("problem", "scalar", "entry"):
        return [part for part in problems if type(part).__name__.lower() == subject]
    if subject == "parameter":
        return training.search.parts("parameters")
    if subject == "layer":
        return training.model.parts("layers")
    return training.parts(f"{subject}s")


def span_of(pointer: Pointer, training: Training, subject: Any) -> Span | None:
    """Return the place in the file of what `pointer` names: where it is written, else where its part is."""
    part = pointer.part(training, subject)
    if not isinstance(part, Part):
        return None
    found = written_span(pointer, training, subject)
    return found if found is not None or part.label is None else part.label.span


def written_span(pointer: Pointer, training: Training, subject: Any) -> Span | None:
    """Return where the fact that `pointer` names is written, or what it follows from; None for a part."""
    part = pointer.part(training, subject)
    return _node_of(part.get(pointer.name)) if isinstance(part, Part) and pointer.name is not None else None


def _node_of(found: Any) -> Span | None:
    if isinstance(found, Part):
        return found.label.span if found.label is not None else None
    if not isinstance(found, Fact):
        return None
    if found.node is not None:
        key = found.node.key
        # A block of several lines is best pointed at by its key.
        is_block = not found.node.is_scalar and not found.node.style
        return key.span if is_block and isinstance(key, Node) else found.node.span
    return next((span for span in map(_node_of, found.because) if span is not None), None)


def check(
    rule: Rule,
    training: Training,
    problems: list[Part],
    fallback: Span,
    make_fix: Callable[[FixPlan, Training, Any], Fix | None],
) -> Iterator[Finding]:
    """Yield what `rule` finds. `fallback` is the place for what no single place of the file says."""
    for subject in subjects(training, rule.subject, problems):
        if rule.when(training, subject) is not True:
            continue
        details = rule.details()
        severity = next(
            (level for test, level in details.escalations if test(training, subject) is True), rule.severity
        )
        spans = [
            *(written_span(pointer, training, subject) for pointer in details.at),
            *(span_of(pointer, training, subject) for pointer in details.at),
        ]
        evidence = [
            Evidence(note.message(training, subject), span_of(note.at, training, subject))
            for note in details.evidence
            if note.when is None or note.when(training, subject) is True
        ]
        fixes = [
            fix
            for plan in details.fixes
            if plan.when is None or plan.when(training, subject) is True
            for fix in [make_fix(plan, training, subject)]
            if fix is not None
        ]
        yield Finding(
            rule.code,
            rule.name,
            severity,
            rule.confidence,
            details.message(training, subject),
            next((span for span in spans if span is not None), fallback),
            tuple(evidence),
            tuple(fixes),
        )


RUNTIME = {name: value for name, value in vars(logic).items() if not name.startswith("_")}
"""The names that compiled expressions use."""
