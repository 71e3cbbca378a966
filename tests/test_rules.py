"""Every rule's examples, the completeness of the rules, and the soundness of every fix."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from hplint import knowledge
from hplint.findings import ERROR, WARNING, Finding, Fix
from hplint.rules.examples import ENDINGS, Outcome, run_example, show_span
from hplint.rules.rule import Rule
from hplint.syntax.tree import LIST, MAP, Node
from hplint.text import Edit, SourceText, Span, apply_edits

RULES = {rule.code: rule for rule in knowledge.rules()}
DOCUMENTS = knowledge.rule_documents()

DECISION_TREE = (
    "SEL001", "SEL002", "SEL003", "SEL004", "SEL005", "SEL006", "SEL007", "SEL008", "SEL009", "SEL014", "SEL015",
    "ARCH001", "ARCH002", "ARCH003", "ARCH004", "ARCH005",
    "SIZE001", "SIZE002", "SIZE005",
    "ACT001", "ACT002", "ACT005", "ACT006", "ACT011",
    "OUT001", "OUT002", "OUT003", "OUT004", "OUT006",
    "LOSS004", "LOSS005",
    "REG002", "REG006", "REG007", "REG008", "REG009",
    "OPT002", "OPT003",
    "DATA002",
    "SRCH004", "SRCH005", "SRCH006", "SRCH009", "SRCH019", "SRCH020", "SRCH030",
)  # fmt: skip


def _examples(kind: str) -> list[Any]:
    return [
        pytest.param(code, example, id=f"{code}-{kind}-{index}")
        for code, document in DOCUMENTS.items()
        for index, example in enumerate(document.get("examples", {}).get(kind, ()))
    ]


def _run(code: str, example: Any, config: str | None = None) -> Outcome:
    """Return what every rule says about an example, or about another text in its place."""
    others = tuple(rule for rule in RULES.values() if rule.code != code)
    return run_example({**_with_syntax(example), "config": config or example["config"]}, RULES[code], others)


def _with_syntax(example: Any) -> Any:
    is_json = example["config"].lstrip().startswith(("{", '"'))
    return {"syntax": "json" if is_json else "yaml", **example}


# -- examples -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "example"), _examples("invalid"))
def test_invalid_example_is_found_as_stated(code: str, example: Any) -> None:
    outcome = _run(code, example)
    assert outcome.report.recognition.name == example["format"]
    assert outcome.findings, "the rule must find something"
    found = outcome.findings[0]
    assert show_span(outcome.report, found.span) == example["span"]
    assert found.message == example["message"]
    assert found.severity == example.get("severity", RULES[code].severity)
    assert outcome.fixed == example.get("fixed")


@pytest.mark.parametrize(("code", "example"), _examples("valid"))
def test_valid_example_is_left_alone(code: str, example: Any) -> None:
    outcome = _run(code, example)
    assert outcome.report.recognition.name == example["format"]
    assert not outcome.findings
    assert outcome.report.tree is not None
    assert not outcome.report.tree.problems


# -- completeness -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", DECISION_TREE)
def test_the_decision_tree_is_complete(code: str) -> None:
    assert DOCUMENTS[code].get("tree") is True


def test_there_are_enough_rules() -> None:
    assert len(RULES) >= 130


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(rule.name for rule in RULES.values()).items() if count > 1] == []


@pytest.mark.parametrize("code", RULES)
def test_a_rule_is_documented(code: str) -> None:
    document = DOCUMENTS[code]
    assert document["why"].strip()
    assert document["sources"]
    assert all(source.strip() for source in document["sources"])
    invalid, valid = (document.get("examples", {}).get(kind, ()) for kind in ("invalid", "valid"))
    shown = {example["format"] for example in invalid}
    assert (invalid and valid) or document.get("note"), "examples of both kinds, or a note why there are none"
    assert len(shown) >= 2 or document.get("note"), "two formats, or a note why one only"


@pytest.mark.parametrize("code", RULES)
def test_a_message_is_one_plain_sentence(code: str) -> None:
    for example in DOCUMENTS[code].get("examples", {}).get("invalid", ()):
        message = example["message"]
        assert not message.endswith((".", " "))
        assert "\n" not in message
        assert "  " not in message
        assert "unknown" not in message.lower().split()[:1], "a fact that is unknown is not named first"
        assert "should be avoided" not in message


# -- fixes --------------------------------------------------------------------------------------------------------


def _fixes() -> list[Any]:
    """Return each fix that an example's finding offers, by its place in the list."""
    made = []
    for parameter in _examples("invalid"):
        code, example = parameter.values
        findings = _run(code, example).findings
        for index in range(len(findings[0].fixes) if findings else 0):
            made += [pytest.param(code, example, index, id=f"{parameter.id}-fix-{index}")]
    return made


FIXES = _fixes()


def _serious(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(finding.code for finding in findings if finding.severity in (WARNING, ERROR))


def _apply(config: str, fix: Fix) -> str:
    return apply_edits(config, fix.edits)


@pytest.mark.parametrize(("code", "example", "index"), FIXES)
def test_a_fix_mends_and_adds_nothing_new(code: str, example: Any, index: int) -> None:
    before = _run(code, example)
    fixed = _apply(example["config"], before.findings[0].fixes[index])
    after = _run(code, example, fixed)
    assert fixed != example["config"]
    assert before.report.tree is not None
    assert after.report.tree is not None
    assert not after.report.tree.problems or len(after.report.tree.problems) < len(before.report.tree.problems)
    messages = [finding.message for finding in after.findings]
    assert len(messages) < len(before.findings) or before.findings[0].message not in messages, "the finding is gone"
    assert not _serious(after.report.findings) - _serious(before.report.findings), "nothing new appears"


@pytest.mark.parametrize(("code", "example", "index"), FIXES)
def test_fixing_comes_to_an_end(code: str, example: Any, index: int) -> None:
    config = _apply(example["config"], _run(code, example).findings[0].fixes[index])
    for _ in range(10):
        fixable = [finding for finding in _run(code, example, config).findings if finding.fixes]
        if not fixable:
            return
        config = _apply(config, fixable[0].fixes[0])
    pytest.fail("there is always one more fix")


@pytest.mark.parametrize(("code", "example", "index"), FIXES)
def test_a_fix_keeps_comments(code: str, example: Any, index: int) -> None:
    if _with_syntax(example)["syntax"] == "json":
        return  # it has none
    edits = _run(code, example).findings[0].fixes[index].edits
    config = example["config"]
    for start in sorted({config.rfind("\n", 0, edit.span.start) + 1 for edit in edits}, reverse=True):
        line = config[start:]
        indent = line[: len(line) - len(line.lstrip(" "))] if line.strip() else ""
        config = f"{config[:start]}{indent}# keep line {start}\n{config[start:]}"
    outcome = _run(code, example, config)
    assert len(outcome.findings[0].fixes) > index
    fixed = _apply(config, outcome.findings[0].fixes[index])
    for comment in [line.strip() for line in config.splitlines() if line.strip().startswith("# keep line")]:
        assert comment in fixed
    for comment in [line.partition("  # ")[2] for line in example["config"].splitlines() if "  # " in line]:
        if comment.startswith("hplint:"):
            continue  # it is what the fix changes
        assert comment in fixed or _is_removed_with_its_line(comment, example["config"], edits)


def _is_removed_with_its_line(comment: str, config: str, edits: tuple[Edit, ...]) -> bool:
    at = config.index(f"# {comment}")
    return any(edit.span.start <= at < edit.span.end and not edit.text.strip() for edit in edits)


@pytest.mark.parametrize(("code", "example", "index"), FIXES)
def test_a_fix_changes_only_what_it_touches(code: str, example: Any, index: int) -> None:
    before = _run(code, example)
    edits = before.findings[0].fixes[index].edits
    after = _run(code, example, _apply(example["config"], before.findings[0].fixes[index]))
    old, new = before.report.tree, after.report.tree
    assert old is not None
    assert new is not None
    if old.problems or old.root is None:
        return  # a broken text has no values to compare with
    assert new.root is not None
    touched = _Touched(old.source, edits)
    assert list(touched.strays(old.root, new.root)) == []


class _Touched:
    """What edits touch in the old text; `strays` are the values that differ elsewhere."""

    def __init__(self, source: SourceText, edits: tuple[Edit, ...]) -> None:
        self.text = source.text
        self.spans = [edit.span for edit in edits]

    def near(self, span: Span) -> bool:
        """Whether an edit lies in or at the span, the rest of its last line included."""
        end = self.text.find("\n", span.end)
        end = len(self.text) if end < 0 else end + 1
        return any(edit.start <= end and span.start <= edit.end for edit in self.spans)

    def touches(self, span: Span) -> bool:
        """Whether an edit changes something within the span."""
        return any(edit.start < span.end and span.start < edit.end for edit in self.spans)

    def place(self, old: Node, name: Any) -> Span:
        """Return where an entry stands, the whole map for one that is new or merged."""
        own = next((pair for pair in old.entries if pair[0].value == name), None)
        return old.span if own is None else Span(own[0].start, own[1].end)

    def strays(self, old: Node, new: Node) -> Any:
        """Yield the paths of values that differ though no edit touches them."""
        if old.data() == new.data() and _same_kinds(old, new):
            return
        if old.kind is MAP and new.kind is MAP:
            names = [key.value for key, _ in old.all_entries()]
            for name in dict.fromkeys([*names, *(key.value for key, _ in new.all_entries())]):
                mine, theirs = old.get(name), new.get(name)
                if mine is not None and theirs is not None:
                    yield from self.strays(mine, theirs)
                elif not self.near(self.place(old, name)):
                    yield (*old.path(), name)
        elif old.kind is LIST and new.kind is LIST and len(old.items) == len(new.items) and not _reordered(old, new):
            for mine, theirs in zip(old.items, new.items):
                yield from self.strays(mine, theirs)
        elif not self.near(old.span) or (old.kind is LIST and new.kind is LIST and not self.keeps_the_rest(old, new)):
            yield old.path()

    def keeps_the_rest(self, old: Node, new: Node) -> bool:
        """Whether the items of a list that no edit touches stand in the new list in their order."""
        rest = iter([repr(item.data()) for item in new.items])
        kept = [repr(item.data()) for item in old.items if not self.touches(item.span)]
        return all(item in rest for item in kept) or _one_within_other(old, new)


def _same_kinds(old: Node, new: Node) -> bool:
    return old.kind == new.kind


def _reordered(old: Node, new: Node) -> bool:
    return sorted(repr(item.data()) for item in old.items) == sorted(repr(item.data()) for item in new.items)


def _one_within_other(old: Node, new: Node) -> bool:
    """Whether one list is the other with items left out, or in another order."""
    short, long = sorted(([repr(item.data()) for item in node.items] for node in (old, new)), key=len)
    rest = iter(long)
    return all(item in rest for item in short) or sorted(short) == sorted(long)


def test_rules_of_the_wheel_are_those_of_the_files() -> None:
    """Every file below rules/ became a rule."""
    from pathlib import Path

    files = {path.stem for path in (Path(__file__).parent.parent / "rules").glob("*/*.yaml")}
    assert files == set(RULES)
    assert all(isinstance(rule, Rule) for rule in RULES.values())
    assert set(ENDINGS) == {"yaml", "json", "toml", "cfg"}
