"""A compiled rule, and what it makes of one description of a training run."""

from __future__ import annotations

from hplint.facts.fact import Fact, Part
from hplint.findings import Evidence, Finding, Fix
from hplint.records import record
from hplint.rules import logic
from hplint.syntax.tree import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.text import Span

    Function = Callable[[Any, Any], Any]
    """A compiled expression: (training, subject) -> value."""
    Needs = tuple[tuple[tuple[str, tuple[Any, ...] | None], ...], ...]
    """Groups of alternatives (path of a fact, the values that would do or None for any), see hplint/rules/needs.py."""


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


class Rule:
    """A rule, ready to run; there are hundreds at every start, hence no record, whose making takes longer.

    needs      what a config must state for the rule to have any chance of firing
    condition  makes the condition out of the code: only rules that may fire need theirs
    details    makes what the rule says out of the code: only a rule that fires needs it
    general    what the rule finds gives way to any other rule that speaks of the same place
    """

    __match_args__ = (
        "code", "name", "severity", "confidence", "enabled", "subject", "general", "needs", "condition", "details",
    )  # fmt: skip
    __slots__ = (*__match_args__, "_holds")

    def __init__(
        self,
        code: str,
        name: str,
        severity: str,
        confidence: str,
        enabled: bool,
        subject: str,
        general: bool,
        needs: Needs,
        condition: Callable[[str], Function],
        details: Callable[[str], Details],
    ) -> None:
        self.code = code
        self.name = name
        self.severity = severity
        self.confidence = confidence
        self.enabled = enabled
        self.subject = subject
        self.general = general
        self.needs = needs
        self.condition = condition
        self.details = details
        self._holds: Function | None = None

    @property
    def holds(self) -> Function:
        """What tells whether the condition is definitely true."""
        if self._holds is None:
            self._holds = self.condition(self.code)
        return self._holds


def node_of(pointer: Pointer, training: Training, subject: Any) -> Node | None:
    """Return the node to point at for what `pointer` names: where it is written, else that of its part."""
    part = pointer.part(training, subject)
    if not isinstance(part, Part):
        return None
    return written_node(pointer, training, subject) or part.label


def written_node(pointer: Pointer, training: Training, subject: Any) -> Node | None:
    """Return where the fact that `pointer` names is written, or what it follows from; None for a part."""
    part = pointer.part(training, subject)
    return _node_of(part.get(pointer.name)) if isinstance(part, Part) and pointer.name is not None else None


def _node_of(found: Any) -> Node | None:
    if isinstance(found, Part):
        return found.label
    if not isinstance(found, Fact):
        return None
    if found.node is not None:
        key = found.node.key
        # A block of several lines is best pointed at by its key.
        is_block = not found.node.is_scalar and not found.node.style
        return key if is_block and isinstance(key, Node) else found.node
    return next((node for node in map(_node_of, found.because) if node is not None), None)


def path_of(node: Node | None, training: Training) -> str | None:
    """Return the path of the other file that `node` stands in, None for the config itself."""
    companion = training.get("companion")
    others = [*training.parts("bases"), *((companion,) if isinstance(companion, Part) else ())]
    if not others or node is None:
        return None
    while node.parent is not None:
        node = node.parent
    path = next((other.get("path").value for other in others if other.node is node), None)
    return None if path is None else str(path)


def _evidence(note: EvidenceNote, training: Training, subject: Any) -> Evidence:
    node = node_of(note.at, training, subject)
    span = None if node is None else node.span
    return Evidence(note.message(training, subject), span, path_of(node, training))


def _inherited(nodes: list[Node | None], training: Training) -> Evidence | None:
    """Return the place in a config that the one at hand extends, where that is what is to be pointed at."""
    bases = {base.get("path").value for base in training.parts("bases")}
    for node in nodes if bases else ():
        path = path_of(node, training)
        if node is not None and path in bases:
            return Evidence(f"inherited from {path}", node.span, path)
    return None


def check(
    rule: Rule,
    subjects: list[Any],
    training: Training,
    fallback: Span,
    make_fix: Callable[[FixPlan, Training, Any], Fix | None],
) -> Iterator[Finding]:
    """Yield what `rule` finds in `subjects`. `fallback` is the place for what no single place of the file says."""
    holds = rule.holds
    for subject in subjects:
        if holds(training, subject) is True:
            found = _finding(rule, subject, training, fallback, make_fix)
            if found is not None:
                yield found


def _finding(
    rule: Rule,
    subject: Any,
    training: Training,
    fallback: Span,
    make_fix: Callable[[FixPlan, Training, Any], Fix | None],
) -> Finding | None:
    """Return what a rule says of a subject that its condition holds for; None where it is said of another file."""
    details = rule.details(rule.code)
    severity = next((level for test, level in details.escalations if test(training, subject) is True), rule.severity)
    nodes = [
        *(written_node(pointer, training, subject) for pointer in details.at),
        *(node_of(pointer, training, subject) for pointer in details.at),
    ]
    spans = [node.span for node in nodes if node is not None and path_of(node, training) is None]
    evidence = [
        _evidence(note, training, subject)
        for note in details.evidence
        if note.when is None or note.when(training, subject) is True
    ]
    inherited = _inherited(nodes, training) if not spans else None
    if inherited is not None:
        spans = [note.span for note in evidence if note.span is not None and note.path is None]
        if not spans:  # the base alone is at fault, and is told so itself
            return None
        evidence.append(inherited)
    fixes = [
        fix
        for plan in details.fixes
        if plan.when is None or plan.when(training, subject) is True
        for fix in [make_fix(plan, training, subject)]
        if fix is not None
    ]
    return Finding(
        rule.code,
        rule.name,
        severity,
        rule.confidence,
        details.message(training, subject),
        next(iter(spans), fallback),
        tuple(evidence),
        tuple(fixes),
    )


RUNTIME = {name: value for name, value in vars(logic).items() if not name.startswith("_")}
"""The names that compiled expressions use."""
