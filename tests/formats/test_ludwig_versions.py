"""A Ludwig config that states its version is held to that version, and any other to whatever some version takes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from hplint import knowledge
from hplint.lint import lint
from hplint.schema.check import beyond
from hplint.settings import Settings

CORPUS = Path(os.environ.get("HPLINT_CORPUS", "nowhere"))
CONFIG = """\
input_features: [{name: age, type: number}]
output_features: [{name: price, type: number}]
trainer: {optimizer: {type: radam}}
"""
RELEASE = Settings(versions=(("ludwig", "0.11"),))


def errors(text: str, settings: Settings | None = None) -> list[str]:
    return [found.code for found in lint(text, "a.yaml", settings).findings if found.severity == "error"]


def test_what_came_later_is_an_error_only_where_the_version_is_stated() -> None:
    assert errors(CONFIG) == []
    assert errors(f"# hplint: ludwig=0.17\n{CONFIG}") == []
    assert errors(f"# hplint: ludwig=0.11.0\n{CONFIG}") == ["SCHEMA004"]
    assert errors(CONFIG, RELEASE) == ["SCHEMA004"]
    assert errors(CONFIG.replace("radam", "adam"), RELEASE) == []


def test_the_schema_of_one_version_uses_our_keywords_only() -> None:
    assert beyond(knowledge.data("ludwig/schema-0-11")) == set()


def verdicts() -> list[Any]:
    path = CORPUS / "verdicts.json"
    listed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [pytest.param(one, id=one["file"]) for one in listed if one["loader"] == "ludwig 0.11.0"]


@pytest.mark.parametrize("verdict", verdicts())
def test_published_files_are_judged_as_the_release_judges_them(verdict: dict[str, str]) -> None:
    found = errors((CORPUS / verdict["file"]).read_text(encoding="utf-8"), RELEASE)
    assert verdict["verdict"] == "env" or bool(found) == (verdict["verdict"] == "reject")
