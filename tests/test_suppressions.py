"""Suppressions: what they cover, what is said of those that cover nothing, and how they are inserted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint import suppressions
from hplint.lint import Report, lint
from hplint.settings import Settings, SuppressionSetting
from hplint.text import apply_edits

TWO = """\
hplint: 1
optimizer:
  zzzzzz: adam
loss:
  yyyyyy: mse
"""
UNDEFINED = "SCHEMA001"


def findings(text: str, path: str = "a.yaml", settings: Settings | None = None) -> list[tuple[int, str]]:
    report = lint(text, path, settings)
    return [(report.source.position(finding.span.start).line, finding.code) for finding in report.findings]


def test_without_comments_both_are_found() -> None:
    assert findings(TWO) == [(3, UNDEFINED), (5, UNDEFINED)]


@pytest.mark.parametrize("names", ["SCHEMA001", "SCHEMA", "undefined-key", "ALL", "ACT001,SCHEMA001", " SCHEMA001 "])
def test_a_line_is_covered_by_code_family_and_name(names: str) -> None:
    settings = Settings(select=("SCHEMA",))  # that ACT001 finds nothing cannot be told then
    text = TWO.replace("adam", f"adam  # hplint: ignore[{names}] a key of our fork")
    assert findings(text, settings=settings) == [(5, UNDEFINED)]


def test_a_comment_on_its_own_line_covers_the_next_line() -> None:
    text = TWO.replace("  zzzzzz", "  # hplint: ignore[SCHEMA001]\n\n  # more\n  zzzzzz")
    assert findings(text) == [(8, UNDEFINED)]


def test_a_block_covers_what_stands_below_its_key() -> None:
    for place in ("optimizer:  # hplint: ignore-block[SCHEMA]", "# hplint: ignore-block[SCHEMA]\noptimizer:"):
        text = TWO.replace("optimizer:", place)
        assert [code for _, code in findings(text)] == [UNDEFINED]
        assert findings(text)[0][0] == text.splitlines().index("  yyyyyy: mse") + 1


def test_a_block_of_an_item_covers_the_item_alone() -> None:
    text = "hplint: 1\nmodel:\n  family: neural_network\n  layers:\n  - type: input\n    zzzzz: 1\n  - type: dense\n"
    text += "    units: 1\n    zzzzz: 2\n"
    covered = text.replace("  - type: dense", "  # hplint: ignore-block[SCHEMA001]\n  - type: dense")
    assert [line for line, code in findings(text) if code == UNDEFINED] == [6, 9]
    assert [line for line, code in findings(covered) if code == UNDEFINED] == [6]


def test_a_file_is_covered_from_anywhere() -> None:
    assert findings(f"{TWO}# hplint: ignore-file[undefined-key] all ours\n") == []


def test_toml_is_covered() -> None:
    text = "hplint = 1\n[optimizer]\nzzzzzz = 1\n[loss]\nyyyyyy = 2  # hplint: ignore[SCHEMA001]\n"
    assert findings(text, "a.toml") == [(3, UNDEFINED)]
    text = text.replace("[optimizer]", "# hplint: ignore-block[SCHEMA001]\n[optimizer]")
    assert findings(text, "a.toml") == []


def test_a_broken_text_is_covered() -> None:
    text = "hplint: 1\noptimizer: {name: adam\n"
    [(line, code)] = findings(text)
    lines = text.splitlines(keepends=True)
    lines.insert(line - 1, f"# hplint: ignore[{code}]\n")
    assert findings("".join(lines)) == []


def test_what_looks_like_a_comment_inside_a_text_is_none() -> None:
    for value in ('"# hplint: ignore-file[ALL]"', "|\n    # hplint: ignore-file[ALL]"):
        assert len(findings(TWO.replace("adam", value))) == 2


def test_the_reason_and_the_covered_finding_are_kept() -> None:
    report = lint(TWO.replace("adam", "adam  # hplint: ignore[SCHEMA001] -- a key of our fork"), "a.yaml")
    [hidden] = report.suppressed
    assert hidden.finding.code == UNDEFINED
    assert hidden.suppression.reason == "a key of our fork"


def test_a_suppression_of_a_rule_that_does_not_run_is_let_be() -> None:
    text = "hplint: 1\n# hplint: ignore[SCHEMA001]\noptimizer: {name: adam}\n"
    assert findings(text) == [(2, "SUPP001")]
    assert findings(text, settings=Settings(select=("SUPP",))) == []
    assert findings(text, settings=Settings(ignore=("SCHEMA001",))) == []


def test_unused_suppressions_can_be_suppressed() -> None:
    text = "# hplint: ignore-file[SUPP001]\nhplint: 1\n# hplint: ignore[SCHEMA001]\noptimizer: {name: adam}\n"
    assert findings(text) == []


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("  # hplint: ignore[YAML012] x", ""),
        ("  # why # hplint: ignore[YAML012]", "  # why"),
        ("  # hplint: ignore[YAML012, SCHEMA001] x", "  # hplint: ignore[SCHEMA001] x"),
        ("  # hplint: ignore[SCEMA001]", "  # hplint: ignore[SCHEMA001]"),
    ],
)
def test_fixes_leave_what_is_used(comment: str, left: str) -> None:
    settings = Settings(select=("SUPP", "SCHEMA001", "YAML012"))
    text = TWO.replace("adam", f"adam{comment}")
    about = [finding for finding in lint(text, "a.yaml", settings).findings if finding.code.startswith("SUPP")]
    assert apply_edits(text, about[0].fixes[0].edits) == TWO.replace("adam", f"adam{left}")


@pytest.mark.parametrize("comment", ["# hplint: 1", "# hplint: format=hplint", "# hplint: the linter", "# hplint:"])
def test_comments_that_only_mention_hplint_are_left_alone(comment: str) -> None:
    assert findings(f"hplint: 1\n{comment}\noptimizer: {{name: adam}}\n") == []


@pytest.mark.parametrize("comment", ["ignore", "ignore[]", "ignore LR001", "Ignore[LR001]", "noqa", "formt=ludwig"])
def test_comments_that_mean_to_speak_to_hplint_are_told(comment: str) -> None:
    assert findings(f"hplint: 1\n# hplint: {comment}\noptimizer: {{name: adam}}\n") == [(2, "SUPP003")]


# -- by JSON pointer in the settings -------------------------------------------------------------------------------

JSON = '{"hplint": 1, "optimizer": {"zzzzzz": "adam"},\n "loss": {"a/b": 1}}'


def by_pointer(at: str, files: str = "a.json", rules: tuple[str, ...] = (UNDEFINED,)) -> list[tuple[int, str]]:
    return findings(JSON, "a.json", Settings(suppressions=(SuppressionSetting(files, rules, at),)))


def test_json_is_covered_by_pointer() -> None:
    assert by_pointer("/optimizer") == [(2, UNDEFINED)]
    assert by_pointer("/optimizer/zzzzzz") == [(2, UNDEFINED)]
    assert by_pointer("/loss/a~1b") == [(1, UNDEFINED)]
    assert by_pointer("") == []
    assert by_pointer("/optimizer", "b.json") == [(1, UNDEFINED), (2, UNDEFINED)]


def test_a_pointer_that_suppresses_nothing_is_told() -> None:
    assert by_pointer("/hplint") == [(1, "SUPP001"), (1, UNDEFINED), (2, UNDEFINED)]
    assert by_pointer("/nowhere/3")[0] == (1, "SUPP001")
    assert by_pointer("/nowhere", "*.json") == [(1, UNDEFINED), (2, UNDEFINED)]
    assert (1, "SUPP002") in by_pointer("/optimizer", rules=("SCEMA001",))


def test_the_pointer_of_a_finding_leads_back_to_it() -> None:
    report = lint(JSON, "a.json")
    assert report.tree is not None
    pointers = [suppressions.pointer_of(report.tree, finding) for finding in report.findings]
    assert pointers == ["/optimizer/zzzzzz", "/loss/a~1b"]


# -- insertion -----------------------------------------------------------------------------------------------------


def suppressed(report: Report, reason: str = "") -> str:
    assert report.tree is not None
    return apply_edits(report.source.text, suppressions.insertion(report.tree, report.findings, reason))


def test_inserted_comments_suppress_everything() -> None:
    text = suppressed(lint(TWO, "a.yaml"), "keys of\nour fork")
    assert "  zzzzzz: adam  # hplint: ignore[SCHEMA001] keys of our fork\n" in text
    assert findings(text) == []


def test_a_line_with_a_comment_or_a_long_one_gets_its_suppression_above() -> None:
    for end in ("  # why", " " + "x" * 100):
        text = suppressed(lint(TWO.replace("adam", f"adam{end}"), "a.yaml"))
        assert f"  # hplint: ignore[SCHEMA001]\n  zzzzzz: adam{end}\n" in text
        assert findings(text) == []


@pytest.mark.parametrize("above", [False, True])
def test_a_suppression_with_the_same_reason_takes_the_code(above: bool) -> None:
    comment = "# hplint: ignore[LR001] why"
    text = TWO.replace("zzzzzz", f"{comment}\n  zzzzzz") if above else TWO.replace("adam", f"adam  {comment}")
    report = lint(text, "a.yaml", Settings(select=("SCHEMA",)))
    assert "  # hplint: ignore[LR001, SCHEMA001] why\n".lstrip() in suppressed(report, " why ")


@pytest.mark.parametrize("above", [False, True])
def test_a_suppression_with_another_reason_is_let_be(above: bool) -> None:
    comment = "# hplint: ignore[LR001] the paper does"
    text = TWO.replace("zzzzzz", f"{comment}\n  zzzzzz") if above else TWO.replace("adam", f"adam  {comment}")
    after = suppressed(lint(text, "a.yaml", Settings(select=("SCHEMA",))), "a key of our fork")
    assert f"{comment}\n" in after
    assert "  # hplint: ignore[SCHEMA001] a key of our fork\n" in after
    assert [one.code for one in lint(after, "a.yaml", Settings(select=("SCHEMA",))).findings] == []


def test_files_of_sections_get_comments_on_lines_of_their_own() -> None:
    text = "[training]\ndropout = 0.1\n\n[training.optimizer]\n@optimizers = Adam.v1\nlearn_rate = 5.0\n"
    text += "\n[nlp]\nlang = en\npipeline = []\n"
    settings = Settings(formats=(("a.cfg", "spacy"),), profile="all")
    report = lint(text, "a.cfg", settings)
    assert report.findings
    after = suppressed(report, "why")
    assert "\n# hplint: ignore[LR002] why\nlearn_rate = 5.0\n" in after
    assert [one.code for one in lint(after, "a.cfg", settings).findings if one.code == "LR002"] == []


def test_nothing_is_inserted_into_json() -> None:
    assert suppressed(lint(JSON, "a.json")) == JSON


@given(st.sampled_from(["\n", "\r\n"]), st.text(alphabet="ab #:'\"|[]{}-\n\t", max_size=30))
def test_insertion_never_changes_what_the_file_says(newline: str, value: str) -> None:
    text = f"hplint: 1\noptimizer:\n  zzzzzz: {value}\nloss: {{yyyyyy: 1}}\n".replace("\n", newline)
    before = lint(text, "a.yaml")
    after = lint(suppressed(before), "a.yaml")
    if before.tree is not None and before.tree.complete and after.tree is not None:
        assert [root.data() for root in after.tree.roots] == [root.data() for root in before.tree.roots]


# -- budgets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "hplint: 1\n" + "# hplint: ignore-block[ACT001, NOPE]\n" * 50_000 + "optimizer: {zzzzzz: 1}\n",
        "hplint: 1\n" + "".join(f"# hplint: ignore[N{number}]\n" for number in range(20_000)),
        "hplint: 1\nextra:\n" + "".join(f'  k{n}: "# x"  # hplint: ignore[LR001]\n' for n in range(20_000)),
        "hplint: 1\n# hplint: ignore[" + "X," * 200_000 + "]\n",
    ],
    ids=["blocks", "names", "texts", "long"],
)
def test_no_number_of_comments_keeps_hplint_busy(text: str) -> None:
    import time

    start = time.process_time()
    report = lint(text, "a.yaml")
    assert time.process_time() - start < 20  # without budgets it takes hours
    assert len(report.findings) < 60_000


COMMENT = st.sampled_from(["ignore", "ignore-block", "ignore-file", "ignor", "format=hplint", "noqa"])
NAMES = st.sampled_from(
    ["", "[]", "[SCHEMA001]", "[SCHEMA, LR001]", "[NOPE]", "[ALL] why", "[schema001,SCHEMA001", "[]]["]
)


@given(
    st.lists(st.tuples(st.integers(0, 4), COMMENT, NAMES, st.booleans()), max_size=4), st.sampled_from(["\n", "\r\n"])
)
def test_comments_never_raise_and_their_fixes_come_to_an_end(
    comments: list[tuple[int, str, str, bool]], newline: str
) -> None:
    lines = TWO.splitlines()
    for place, kind, names, own_line in sorted(comments, reverse=True):
        comment = f"# hplint: {kind}{names}"
        lines[place : place + 1] = [comment, lines[place]] if own_line else [f"{lines[place]}  {comment}"]
    text = newline.join(lines) + newline
    for _ in range(12):
        fixes = [one.fixes[0] for one in lint(text, "a.yaml").findings if one.code.startswith("SUPP") and one.fixes]
        if not fixes:
            break
        text = apply_edits(text, fixes[0].edits)
    else:
        pytest.fail("there is always one more fix")
    root = lint(text, "a.yaml").tree
    assert root is not None
    assert [node.data() for node in root.roots] == [
        {"hplint": 1, "optimizer": {"zzzzzz": "adam"}, "loss": {"yyyyyy": "mse"}}
    ]
