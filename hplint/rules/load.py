"""Reads rule files, checks them, and turns them into Python source.

A rule file is YAML; docs/rules.md describes it. Everything is checked here, with line numbers: unknown keys, names and
facts, words outside a vocabulary, missing documentation. The source is what `hplint.knowledge` stores and runs.
"""

from __future__ import annotations

import ast
import operator
import re

from hplint.facts.fact import fact_types
from hplint.facts.parts import PARTS
from hplint.findings import APPLICABILITIES, CONFIDENCES, INFO, SEVERITIES
from hplint.fixes import ACTIONS
from hplint.records import record
from hplint.rules.language import (
    ARITHMETIC,
    ExpressionError,
    compile_condition,
    compile_expression,
    compile_fact,
    scope,
)
from hplint.rules.needs import needs
from hplint.scalars import as_number, number_text
from hplint.syntax import yaml
from hplint.syntax.tree import LIST, MAP, STRING, Node
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.rules.rule import Rule

    Vocabularies = dict[str, tuple[str, ...]]

REQUIRED = ("code", "name", "branch", "severity", "confidence", "subject", "when", "message", "at", "why", "sources")
OPTIONAL = ("tree", "enabled", "general", "tag", "escalate", "evidence", "fixes", "exceptions", "examples", "note")
SUBJECTS = (
    "training", "layer", "input", "output", "metric", "parameter", "problem", "scalar", "entry",
    "disagreement",
)  # fmt: skip
TAGS = ("unnecessary", "deprecated")
"""What a rule can say of the text that it points at, for editors to fade it or to strike it through."""
_CODE = re.compile(r"[A-Z]{2,8}[0-9]{3}\Z")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_PLACEHOLDER = re.compile(r"\{([^{}|]+)(?:\|([^{}]*))?\}")


class RuleError(Exception):
    """A rule file that cannot be used, with the place of the mistake."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.message = message


@record
class RuleFile:
    """A checked rule: the first fields of its Rule, Python source of its condition and Details, and the whole file."""

    code: str
    name: str
    fields: tuple[Any, ...]
    condition: str
    details: str
    document: dict[str, Any]


def load_rule(text: str, file: str, vocabularies: Vocabularies) -> RuleFile:
    """Return the checked rule in the YAML `text`. Raises RuleError."""
    reader = _Reader(text, file, vocabularies)
    return reader.rule()


def compile_rule(rule: RuleFile) -> Rule:
    """Return the rule, ready to run. Its source is made of checked expressions only."""
    from hplint.rules import rule as parts

    scope_of_rule = {**parts.RUNTIME, **{name: getattr(operator, name) for name in ARITHMETIC}, **vars(parts)}
    # Every expression in the sources went through rules/language.py.
    condition, details = eval(f"lambda _: {rule.condition}, lambda _: {rule.details}", scope_of_rule)
    return parts.Rule(*(*rule.fields, condition, details))


class FragmentReader:
    """Compiles the small texts inside rule files: conditions, message templates and fact paths.

    Every method returns Python source and raises ExpressionError.
    """

    def __init__(self, words: Vocabularies, subject: str = "training") -> None:
        self.words = words
        self.names = scope(subject)

    def condition(self, text: str) -> str:
        """Return a lambda that tells whether a condition is definitely true."""
        return f"lambda t, s: {compile_condition(' '.join(text.split()), self.names, self.words)}"

    def value(self, text: str) -> str:
        """Return a lambda for a value."""
        return f"lambda t, s: {compile_expression(' '.join(text.split()), self.names, self.words)}"

    def template(self, text: str) -> str:
        """Return a lambda for a text with {expression} or {expression|what to say if unknown}."""
        text = " ".join(text.split())
        pieces = []
        done = 0
        for match in _PLACEHOLDER.finditer(text):
            pieces.append(repr(text[done : match.start()]))
            source = compile_expression(match.group(1), self.names, self.words)
            pieces.append(f"show({source}, {match.group(2)!r})")
            done = match.end()
        pieces.append(repr(text[done:]))
        return f"lambda t, s: {' + '.join(piece for piece in pieces if piece != repr('')) or repr('')}"

    def pointer(self, path: str) -> str:
        """Return a Pointer for a dotted path."""
        compile_fact(path, self.names, self.words)
        head, _, name = path.strip().rpartition(".")
        if head and not self.is_part(path):
            return f"Pointer(lambda t, s: {compile_expression(head, self.names, self.words)}, {name!r})"
        return f"Pointer(lambda t, s: {compile_expression(path, self.names, self.words)}, None)"

    def is_part(self, path: str) -> bool:
        """Whether a path names a part, not a fact."""
        kind = ""
        for step in re.sub(r"\[-?\d+\]", "[]", path.strip()).split("."):
            is_item = step.endswith("[]")
            step = step.removesuffix("[]")
            kind = self.names.get(step, "") if not kind else PARTS[kind].__annotations__.get(step, "")
            if is_item:
                kind = kind.removeprefix("list[").removesuffix("]")
        return kind in PARTS


class _Reader:
    def __init__(self, text: str, file: str, vocabularies: Vocabularies) -> None:
        self.text = SourceText(text)
        self.file = file
        self.vocabularies = vocabularies
        tree = yaml.parse(self.text)
        for problem in tree.problems:
            raise RuleError(file, self.text.position(problem.span.start).line, problem.message)
        if tree.root is None or tree.root.kind is not MAP:
            raise RuleError(file, 1, "a rule file is a map of keys")
        self.root = tree.root
        self.fragments = FragmentReader(vocabularies)

    def fail(self, node: Node, message: str) -> RuleError:
        return RuleError(self.file, self.text.position(node.start).line, message)

    def rule(self) -> RuleFile:
        self.check_keys(self.root, REQUIRED, OPTIONAL)
        code = self.text_of("code", _CODE, "a code is capital letters and three digits, such as ACT001")
        name = self.text_of("name", _NAME, "a name is words in lower case joined by '-'")
        severity = self.one_of("severity", SEVERITIES)
        confidence = self.one_of("confidence", CONFIDENCES)
        subject = self.one_of("subject", SUBJECTS)
        self.fragments = FragmentReader(self.vocabularies, subject)
        enabled, general = self.root.get("enabled"), self.root.get("general")
        if self.root.get("tag") is not None:
            self.one_of("tag", TAGS)
        details = [
            f"message={self.template(self.need(self.root, 'message'))}",
            f"at={self.pointers(self.need(self.root, 'at'))}",
            f"evidence={_tuple(self.evidence(item) for item in self.list_of('evidence'))}",
            f"fixes={_tuple(self.fix(item) for item in self.list_of('fixes'))}",
            f"escalations={_tuple(self.escalation(item) for item in self.list_of('escalate'))}",
        ]
        when = self.need(self.root, "when")
        condition = self.expression(when)
        if subject in ("scalar", "entry") and _names(when.text) & fact_types(PARTS["Training"]).keys():
            raise self.fail(when, f"a rule on {subject} looks at nothing else: what it finds is kept with the value")
        is_enabled = bool(enabled.value) if enabled is not None else severity != INFO
        is_general = general is not None and bool(general.value)
        wanted = needs(when.text, subject)
        fields = (code, name, severity, confidence, is_enabled, subject, is_general, wanted)
        return RuleFile(code, name, fields, condition, f"Details({', '.join(details)})", self.root.data())

    def check_keys(self, node: Node, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
        if node.kind is not MAP:
            raise self.fail(node, "a map of keys is needed here")
        for key, _ in node.entries:
            if key.value not in required + optional:
                raise self.fail(key, f"unknown key {key.value!r}; known are {', '.join(required + optional)}")
        for wanted in required:
            if node.get(wanted) is None:
                raise self.fail(node, f"the key {wanted!r} is missing")

    def need(self, node: Node, key: str) -> Node:
        found = node.get(key)
        if found is None:
            raise self.fail(node, f"the key {key!r} is missing")
        return found

    def text_of(self, key: str, pattern: re.Pattern[str], help_text: str) -> str:
        node = self.need(self.root, key)
        if not isinstance(node.value, str) or not pattern.match(node.value):
            raise self.fail(node, f"{help_text}; found {node.text!r}")
        return node.value

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        node = self.need(self.root, key)
        if node.value not in choices:
            raise self.fail(node, f"{key} is one of {', '.join(choices)}; found {node.text!r}")
        return str(node.value)

    def list_of(self, key: str) -> list[Node]:
        node = self.root.get(key)
        if node is None:
            return []
        if node.kind is not LIST:
            raise self.fail(node, f"{key} is a list")
        return node.items

    def compiled(self, node: Node, make: Any, text: str) -> str:
        """Return what `make`, a method of the fragments, gives for `text`; a mistake in it becomes a RuleError."""
        try:
            result: str = make(text)
        except ExpressionError as error:
            raise self.fail(node, f"in {text!r}: {error.message}") from None
        return result

    def expression(self, node: Node) -> str:
        return self.compiled(node, self.fragments.condition, node.text if node.is_scalar else "")

    def template(self, node: Node) -> str:
        return self.compiled(node, self.fragments.template, str(node.value))

    def pointer(self, node: Node, text: str) -> str:
        return self.compiled(node, self.fragments.pointer, text)

    def pointers(self, node: Node) -> str:
        return _tuple(self.pointer(item, item.text) for item in (node.items if node.kind is LIST else [node]))

    def evidence(self, node: Node) -> str:
        self.check_keys(node, ("at", "message"), ("when",))
        at, when = self.need(node, "at"), node.get("when")
        condition = self.expression(when) if when is not None else "None"
        return f"EvidenceNote({self.pointer(at, at.text)}, {self.template(self.need(node, 'message'))}, {condition})"

    def escalation(self, node: Node) -> str:
        self.check_keys(node, ("when", "severity"), ())
        severity = self.need(node, "severity")
        if severity.value not in SEVERITIES:
            raise self.fail(severity, f"severity is one of {', '.join(SEVERITIES)}")
        return f"({self.expression(self.need(node, 'when'))}, {severity.value!r})"

    def fix(self, node: Node) -> str:
        self.check_keys(node, ("title", "applicability"), ("when", *ACTIONS))
        applicability = self.need(node, "applicability")
        if applicability.value not in APPLICABILITIES:
            raise self.fail(applicability, f"applicability is one of {', '.join(APPLICABILITIES)}")
        when = node.get("when")
        steps = [step for key, value in node.entries if key.value in ACTIONS for step in self.steps(key, value)]
        if not steps:
            raise self.fail(node, f"a fix needs one of {', '.join(ACTIONS)}")
        condition = self.expression(when) if when is not None else "None"
        title = self.template(self.need(node, "title"))
        return f"FixPlan({title}, {applicability.value!r}, {condition}, {_tuple(steps)})"

    def steps(self, action: Node, value: Node) -> list[str]:
        """Return the FixSteps of one action: a map from path to value, or a path or list of paths."""
        if value.kind is MAP:
            return [
                f"FixStep({action.value!r}, {self.pointer(key, key.text)}, {self.fix_value(entry)})"
                for key, entry in value.entries
            ]
        paths = value.items if value.kind is LIST else [value]
        return [f"FixStep({action.value!r}, {self.pointer(path, path.text)}, None)" for path in paths]

    def fix_value(self, node: Node) -> str:
        if isinstance(node.value, str) and node.value.startswith("="):
            return self.compiled(node, self.fragments.value, node.value[1:])
        if node.kind is STRING and node.style == "" and as_number(node.text) is not None:
            better = number_text(node.text, []) or "a number"
            raise self.fail(node, f"{node.text} is text to YAML; write {better}, or put it in quotes")
        spelt = repr(node.data())
        try:
            ast.literal_eval(spelt)
        except ValueError:  # infinity and NaN have no literal
            raise self.fail(node, f"{node.text or spelt} is no number that a fix could write") from None
        return f"lambda t, s: {spelt}"


def _names(expression: str) -> set[str]:
    """Return the names that a checked expression begins its paths with."""
    tree = ast.parse(" ".join(expression.split()), mode="eval")
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _tuple(items: Any) -> str:
    joined = ", ".join(items)
    return f"({joined},)" if joined else "()"
