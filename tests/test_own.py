"""Formats and rules of a project's own: what they do, and what is said of those that cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hplint import lint
from hplint.settings import Settings, SettingsError, find_settings

EXAMPLE = Path(__file__).parent.parent / "examples" / "own"
FORMAT = (EXAMPLE / "lint" / "formats" / "acme" / "format.yaml").read_text(encoding="utf-8")
RULE = (EXAMPLE / "lint" / "rules" / "ACME001.yaml").read_text(encoding="utf-8")
CONFIG = "acme_version: 2\noptim: {lr: 0.001}\ntrain: {epochs: 3, batch: 100}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with the example's format and rule."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "hplint.toml").write_text('own = ["lint"]\n', encoding="utf-8")
    (tmp_path / "lint" / "formats" / "acme").mkdir(parents=True)
    (tmp_path / "lint" / "rules").mkdir()
    (tmp_path / "lint" / "formats" / "acme" / "format.yaml").write_text(FORMAT, encoding="utf-8")
    (tmp_path / "lint" / "rules" / "ACME001.yaml").write_text(RULE, encoding="utf-8")
    return tmp_path


def codes(config: str, settings: Settings) -> list[str]:
    """Return the codes of what is found in a config."""
    return [finding.code for finding in lint(config, "train.yaml", settings).findings]


def test_the_example_shows_its_own_rule_and_those_of_hplint() -> None:
    text = (EXAMPLE / "train.yaml").read_text(encoding="utf-8")
    report = lint(text, "train.yaml", find_settings(str(EXAMPLE)))
    assert report.recognition.name == "acme"
    assert [(finding.code, finding.severity) for finding in report.findings] == [
        ("YAML001", "error"),
        ("ACME001", "warning"),
    ]


def test_facts_of_an_own_format_meet_the_rules_of_hplint(project: Path) -> None:
    settings = find_settings(str(project))
    assert codes(CONFIG.replace("0.001", "-0.1"), settings) == ["LR001", "ACME001"]
    training = lint(CONFIG, "train.yaml", settings).training
    assert training is not None
    assert (training.optimizer.name.value, training.optimizer.name.origin) == ("adam", "default")


@pytest.mark.parametrize(
    "condition",
    [
        "len(run.epochs) > 1", "max(run.epochs) > 1", "optimizer.learning_rate in run.epochs", "run.epochs[0] == 1",
        "sum(optimizer.name) > 1", "lower(run.epochs) == 'a'", "round(optimizer.name) == 1",
        "starts(run.epochs, optimizer.name)", "includes(optimizer.name, run.epochs)", "is_sorted(run.epochs)",
    ],
)  # fmt: skip
def test_a_condition_that_asks_of_a_value_what_it_is_not_never_holds(project: Path, condition: str) -> None:
    path = project / "lint" / "rules" / "ACME001.yaml"
    path.write_text(RULE.replace("run.batch_size % 32 != 0", condition, 1), encoding="utf-8")
    assert codes(CONFIG.replace("100", "96"), find_settings(str(project))) == []


def test_own_rules_are_selected_ignored_and_suppressed_as_others_are(project: Path) -> None:
    def with_settings(more: str) -> Settings:
        (project / "hplint.toml").write_text(f'{more}\nown = ["lint"]\n', encoding="utf-8")
        return find_settings(str(project))

    assert codes(CONFIG, with_settings('ignore = ["ACME"]')) == []
    assert codes(CONFIG.replace("0.001", "-0.1"), with_settings('select = ["batch-not-of-32"]')) == ["ACME001"]
    marked = CONFIG.replace("train:", "# hplint: ignore[ACME001] the old cluster\ntrain:")
    assert codes(marked, with_settings("")) == []


def test_a_small_format_may_stand_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "hplint.toml").write_text(
        """\
        [formats]
        "conf/*.yaml" = "acme"

        [formats.acme]
        recognise = [{reason = "it has `acme`", has = {acme = "any"}}]
        facts = {"optimizer.learning_rate" = {key = "speed", as = "number"}}
        """,
        encoding="utf-8",
    )
    settings = find_settings(str(tmp_path))
    assert codes("acme: 1\nspeed: -1\n", settings) == ["LR001"]
    named = lint("speed: -1\n", str(tmp_path / "conf" / "a.yaml"), settings)
    assert [finding.code for finding in named.findings] == ["LR001"]


def test_a_change_of_a_rule_counts_at_once(project: Path) -> None:
    before = find_settings(str(project))
    (project / "lint" / "rules" / "ACME001.yaml").write_text(RULE.replace("% 32", "% 10"), encoding="utf-8")
    after = find_settings(str(project))
    assert (codes(CONFIG, before), codes(CONFIG, after)) == (["ACME001"], [])


BROKEN_FORMATS = [
    ("optimizer.learning_rate:", "optimizer.learning_rat:", "11: Optimizer has no fact `learning_rat`"),
    ("as: optimizers", "as: optimizer", "10: `as` cannot be `optimizer`; did you mean `optimizers`?"),
    ("loader: pyyaml", "loader: pyaml", "4: `loader` cannot be `pyaml`; did you mean `pyyaml`?"),
    ("loader: pyyaml", "reader: os", "4: `reader` cannot be `os`"),
    ("loader: pyyaml", "loder: pyyaml", "4: `loder` is no key of a format's description; did you mean `loader`?"),
    ("    has: {acme_version: any, train: map}\n", "", "6: this clause would fit every file"),
    ("{key: train.epochs, as: number}", "{as: number}", "12: `run.epochs` needs a `key`"),
    ("run.epochs:", "training.epochs:", "12: `training` is no group of facts; did you mean `tuning`?"),
    ("facts:", "facts: [", ""),
    ("as: number}", "as: number, default: many}", "12: `default` must be a number"),
    ("{key: train.epochs, as: number}", "{key: train.epochs, values: {a: [1]}}", "12: `values: a` must be a number"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN_FORMATS)
def test_a_wrong_description_is_told_with_its_line(project: Path, old: str, new: str, said: str) -> None:
    path = project / "lint" / "formats" / "acme" / "format.yaml"
    path.write_text(FORMAT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        find_settings(str(project))
    assert f"format.yaml:{said}" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("run.batch_size % 32", "run.batch_sze % 32", "Run has no fact 'batch_sze'; did you mean 'batch_size'?"),
        ("when: run", "when: __import__('os').system('true') or run", "ACME001.yaml:7: "),
        ("run.batch_size % 32 != 0", "run.batch_size ** 9 > 0", "ACME001.yaml:7: "),
        ("code: ACME001", "code: LR001", "ACME001.yaml:1: the code LR001 is taken"),
        ("severity: warning", "severity: fatal", "ACME001.yaml:4: "),
        ('"= (run.batch_size // 32 + 1) * 32"', ".inf", ".inf is no number that a fix could write"),
        ("% 32 != 0", "% 1e999 != 0", "a number larger than any that a config holds"),
        (
            "when: run.batch_size % 32 != 0",
            "when: any(any(any(a.units > b.units for c in model.layers) for b in model.layers) for a in model.layers)",
            "more than 2 lists within each other",
        ),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(project: Path, old: str, new: str, said: str) -> None:
    (project / "lint" / "rules" / "ACME001.yaml").write_text(RULE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        find_settings(str(project))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ('{"type": "object",\n "patternProperties": {}}', "schema.json:2: hplint's checks know no `patternProperties`"),
        ('{"$ref": "#/$defs/a",\n "$defs": {"a": {"$ref": "#/$defs/a"}}}', "`a` in $defs leads back to itself"),
        ('{"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}', "`a` in $defs leads back to itself"),
        ('{"properties": {"a": {"$ref": "https://example.org/x"}}}', "`https://example.org/x` leads nowhere"),
        ("[]", "schema.json:1: a JSON Schema is an object"),
        ('{"type": }', "schema.json:1: "),
        ('{"type": "object",\n "required": 5}', "schema.json:2: `required` must be a list of names"),
        ('{"properties": {"a":\n {"type": "text"}}}', "schema.json:2: `type` must be one of object, array, string"),
        ('{"properties": {"a": 5}}', "`a` must be a schema"),
        ('{"items": [5]}', "`items` must be a schema"),
        ('{"anyOf": {}}', "`anyOf` must be a list of schemas"),
        ('{"anyOf": [{"minimum": "x"}]}', "`minimum` must be a number"),
        ('{"$defs": {"a": {"enum": 1}}}', "`enum` must be a list"),
        ('{"$ref": 5}', "`$ref` must be a text"),
    ],
)
def test_a_wrong_schema_is_told_with_its_line(project: Path, schema: str, said: str) -> None:
    (project / "lint" / "formats" / "acme" / "schema.json").write_text(schema, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        find_settings(str(project))
    assert said in str(caught.value)


def test_folders_outside_of_the_project_are_not_read(project: Path) -> None:
    (project / "sub").mkdir()
    for folder in ("../../elsewhere", "/etc", "missing"):
        (project / "sub" / "hplint.toml").write_text(f'own = ["{folder}"]\n', encoding="utf-8")
        with pytest.raises(SettingsError) as caught:
            find_settings(str(project / "sub"))
        assert "hplint.toml:1: " in str(caught.value)


def test_links_that_lead_out_are_left_alone(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "ACME002.yaml"
    outside.write_text("code: [", encoding="utf-8")
    os.symlink(outside, project / "lint" / "rules" / "ACME002.yaml")
    assert codes(CONFIG, find_settings(str(project))) == ["ACME001"]


def test_branches_within_branches_do_not_keep_an_editor_busy(project: Path) -> None:
    branch = '{"type": "object", "properties": {"a": {"$ref": "#/$defs/n"}}, "required": ["NAME"]}'
    branches = ", ".join(branch.replace("NAME", name) for name in "xyz")
    schema = '{"$ref": "#/$defs/n", "$defs": {"n": {"anyOf": [' + branches + "]}}}"
    (project / "lint" / "formats" / "acme" / "schema.json").write_text(schema, encoding="utf-8")
    config = CONFIG + "a: " + "{a: " * 60 + "1" + "}" * 60 + "\n"
    report = lint(config, "train.yaml", find_settings(str(project)))
    assert report.status == "linted"
