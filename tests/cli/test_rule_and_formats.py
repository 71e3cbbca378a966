"""`hplint rule` and `hplint formats`."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Run

from hplint import knowledge
from hplint.rules.page import page

DOCUMENTS = knowledge.rule_documents()


def test_list_names_every_rule(run: Run) -> None:
    lines = run("rule").out.splitlines()
    assert [line.split()[0] for line in lines] == list(DOCUMENTS)
    assert all(document["name"] in line for document, line in zip(DOCUMENTS.values(), lines, strict=True))


def test_rule_by_code_and_by_name(run: Run) -> None:
    by_code = run("rule", "SYNTAX002")
    assert by_code.status == 0
    assert by_code.out == run("rule", "syntax002").out == run("rule", "invalid-json").out
    assert by_code.out.startswith("SYNTAX002 invalid-json\n")
    assert run("rule", "SYNTAX001", "SYNTAX002").out.endswith(by_code.out)


@pytest.mark.parametrize("code", DOCUMENTS)
def test_page_says_all_that_the_rule_file_says(run: Run, code: str) -> None:
    document = DOCUMENTS[code]
    text = page(document)
    shown = run("rule", code).out
    assert max(map(len, text.split("```")[0].splitlines())) < 2000
    for words in (document["name"], document["confidence"], document["severity"]):
        assert words in shown
    flat = " ".join(shown.split())
    for sentence in [document["why"], *document["sources"], *document.get("exceptions", [])]:
        assert " ".join(str(sentence).split()) in flat
    for fix in document.get("fixes", []):
        assert fix["title"].split("{")[0] in flat
    assert "{problem" not in flat
    prose = [line for line in shown.splitlines() if not line.startswith("    ")]
    assert max(len(line) for line in prose if " " in line.strip("- ")) <= 100


def test_all_pages_at_once(run: Run) -> None:
    out = run("rule", "--all").out
    assert all(f"{code} {document['name']}\n" in out for code, document in DOCUMENTS.items())


def test_names_of_rules_are_unique() -> None:
    names = [document["name"] for document in DOCUMENTS.values()]
    assert len(names) == len(set(names))


def test_formats_are_listed(run: Run) -> None:
    lines = run("formats").out.splitlines()
    assert [line.split()[0] for line in lines] == list(knowledge.formats())


def test_formats_of_files_say_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("hplint: 1\n")
    (tmp_path / "b.yaml").write_text("a: 1\n")
    outcome = run("formats", "a.yaml", "b.yaml")
    assert outcome.status == 0
    first, second = outcome.out.splitlines()
    assert first.startswith("a.yaml: hplint (confidence high): it has the key `hplint`")
    assert second.startswith("b.yaml: no training config (confidence high): ")


def test_formats_of_unreadable_files_give_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff")
    (tmp_path / "b.yaml").write_text("hplint: 1\n")
    outcome = run("formats", "a.yaml", "gone.yaml", "b.yaml")
    assert outcome.status == 2
    assert "b.yaml: hplint" in outcome.out
    assert "gone.yaml: it cannot be read: no such file or directory" in outcome.err


def test_comment_names_the_format(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# hplint: format=hplint\na: 1\n")
    assert run("formats", "a.yaml").out == "a.yaml: hplint (confidence high): a comment in the file says so\n"


def test_rules_of_the_project_have_pages_and_can_be_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2] / "examples" / "own")
    assert "ACME001   warning *f batch-not-of-32" in run("rule").out
    assert "Each of our nodes takes 32 examples at a time." in " ".join(run("rule", "batch-not-of-32").out.split())
    assert run("check", "--select", "ACME001").status == 1
    assert run("check", "--ignore", "batch-not-of-32", "--select", "ACME").status == 0
    assert run("check", "--format", "acme", "train.yaml").status == 1
    assert "did you mean `ACME001`?" in run("check", "--select", "ACMF001").err
    assert run("check", "--isolated", "--select", "ACME001").status == 2
