"""Comments to hplint and hplint's own settings are completed and explained."""

from __future__ import annotations

from writing import accepted, offered, split

from hplint import lint
from hplint.ide.document import document
from hplint.ide.hover import hover

HEAD = "hplint: 1\nmodel: {family: neural_network}\n"


def shown(marked: str, path: str) -> str:
    text, at = split(marked)
    found = hover(document(lint(text, path)), at)
    return found.shown.plain if found is not None else ""


def test_a_comment_offers_what_it_can_say() -> None:
    assert list(offered(HEAD + "# hplint: ¦\n")) == ["ignore", "ignore-block", "ignore-file", "format"]
    assert accepted(HEAD + "# hplint: ign¦\n", "ignore-file").endswith("# hplint: ignore-file[\n")


def test_a_suppression_offers_rules_those_with_findings_here_first() -> None:
    found = offered(HEAD + "optimizer: {name: adam, learning_rate: 0.5}  # hplint: ignore[¦\n")
    assert next(iter(found)) == "LR002"
    assert found["LR002"].detail == "lr-high"
    assert "ACT001" in found
    assert accepted(HEAD + "# hplint: ignore[LR¦]\n", "LR001").endswith("# hplint: ignore[LR001]\n")


def test_a_comment_offers_formats() -> None:
    assert "ludwig" in offered("# hplint: format=¦\na: 1\n")


def test_no_comment_of_another_kind_offers_anything() -> None:
    assert offered(HEAD + "# just words ¦\n") == {}
    assert offered(HEAD + "# hplint: ignore[LR001] because ¦\n") == {}


def test_a_rule_is_explained_by_code_and_name() -> None:
    assert shown(HEAD + "# hplint: ignore[LR0¦02]\n", "run.yaml").startswith("LR002 lr-high")
    assert shown(HEAD + "# hplint: ignore[lr-¦high]\n", "run.yaml").startswith("LR002 lr-high")
    assert shown(HEAD + "# LR0¦02 is not named to hplint\n", "run.yaml") == ""


def test_the_settings_are_completed() -> None:
    assert "ignore" in offered("sel¦\n", "hplint.toml")
    found = offered('ignore = ["¦"]\n', "hplint.toml")
    assert "LR002" in found
    assert found["LR002"].documentation.startswith("lr-high: ")
    assert list(offered("profile = ¦\n", "hplint.toml")) == ["default", "strict", "all"]
    assert accepted('formats = {"a.yaml" = ¦}\n', "ludwig", "hplint.toml") == 'formats = {"a.yaml" = "ludwig"}\n'
    assert "ignore" in offered("[tool.hplint]\n¦\n", "pyproject.toml")
    assert "ignore" not in offered("[project]\n¦\n", "pyproject.toml")


def test_the_settings_are_explained() -> None:
    assert "Rules that do not run" in shown('ign¦ore = ["LR002"]\n', "hplint.toml")
    assert shown('ignore = ["LR¦002"]\n', "hplint.toml").startswith("LR002 lr-high")
