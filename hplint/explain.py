"""The walk down the decision tree: each question asked of a config, the answer with its evidence, the recommendation
and where the config departs from it."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import DEFAULT, INFERRED, Fact, Part
from hplint.findings import Evidence, Finding
from hplint.records import record
from hplint.rules.logic import U, show
from hplint.rules.rule import Pointer, node_of, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.lint import Report
    from hplint.rules.rule import Function

FOLLOWS, DEPARTS, UNKNOWN_ANSWER, HEADING = "follows", "departs", "unknown", "heading"


@record
class Answer:
    """One possible answer to a question of the tree."""

    when: Function
    answer: Function
    advice: str


@record
class Question:
    """A question of the tree. `codes` are the rules whose findings are departures, `below` the questions under it."""

    id: str
    question: str
    asked: Function | None
    facts: tuple[tuple[str, Pointer], ...]
    answers: tuple[Answer, ...]
    codes: tuple[str, ...]
    below: tuple[Question, ...]


@record
class Step:
    """A question as asked of one config.

    `state` is FOLLOWS, DEPARTS, UNKNOWN_ANSWER, or HEADING for a question that only those below it answer; `answer` and
    `advice` are empty where the config does not say.
    """

    id: str
    level: int
    question: str
    answer: str
    advice: str
    evidence: tuple[Evidence, ...]
    departures: tuple[Finding, ...]
    state: str


def explain(report: Report) -> tuple[Step, ...]:
    """Return the walk down the tree for a linted config; run the lint with every rule on to see all departures."""
    if report.training is None:
        return ()
    return tuple(step for question in knowledge.data("tree") for step in _walk(question, report, report.training, 0))


def _walk(question: Question, report: Report, training: Training, level: int) -> Iterator[Step]:
    if question.asked is not None and question.asked(training, None) is False:
        return
    chosen = next((answer for answer in question.answers if answer.when(training, None) is True), None)
    departures = tuple(finding for finding in report.findings if finding.code in question.codes)
    evidence = tuple(note for name, pointer in question.facts for note in [_evidence(name, pointer, training)] if note)
    silent = UNKNOWN_ANSWER if question.answers else HEADING
    state = DEPARTS if departures else FOLLOWS if chosen is not None else silent
    answer = chosen.answer(training, None) if chosen is not None else ""
    advice = chosen.advice if chosen is not None else ""
    yield Step(question.id, level, question.question, answer, advice, evidence, departures, state)
    for below in question.below:
        yield from _walk(below, report, training, level + 1)


def _evidence(name: str, pointer: Pointer, training: Training) -> Evidence | None:
    """Return where a fact comes from, None when nobody knows it."""
    part = pointer.part(training, None)
    if part is U or not isinstance(part, Part) or pointer.name is None:
        return None
    found = part.get(pointer.name)
    if not isinstance(found, Fact) or not found.is_known:
        return None
    origin = found.note if found.origin in (DEFAULT, INFERRED) else ""
    if found.origin == INFERRED and not origin:
        origin = "follows from what is written"
    node = node_of(pointer, training, None) if found.origin != DEFAULT else None
    span = None if node is None else node.span
    message = f"{name} is {show(found.value)}" + (f" ({origin})" if origin else "")
    return Evidence(message, span, path_of(node, training))


def tree_source(tree: Any, words: dict[str, tuple[str, ...]]) -> str:
    """Return the Python module that holds the tree of rules/tree.yaml. Raises ExpressionError for a wrong condition."""
    from hplint.rules.load import FragmentReader

    reader = FragmentReader(words)
    head = (
        "from hplint.explain import Answer, Question\nfrom hplint.rules.logic import *\n"
        "from hplint.rules.rule import Pointer\nfrom operator import add, floordiv, mod, mul, sub, truediv\n\n"
    )
    return head + "DATA = (\n" + "".join(f"    {_question_source(entry, reader)},\n" for entry in tree) + ")\n"


def _question_source(entry: Any, reader: Any) -> str:
    asked = reader.condition(entry["asked"]) if "asked" in entry else "None"
    facts = [f"({path!r}, {reader.pointer(path)})" for path in entry.get("facts", ())]
    answers = [
        f"Answer({reader.condition(answer['when'])}, {reader.template(answer['answer'])}, {answer['advice']!r})"
        for answer in entry.get("answers", ())
    ]
    below = [_question_source(child, reader) for child in entry.get("then", ())]
    parts = (facts, answers, [repr(code) for code in entry.get("rules", ())], below)
    listed = ", ".join("(" + "".join(f"{item}, " for item in items) + ")" for items in parts)
    return f"Question({entry['id']!r}, {entry['question']!r}, {asked}, {listed})"
