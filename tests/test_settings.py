"""Settings: where they are found, what they do, and what is said of those that are wrong."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint import knowledge
from hplint.lint import lint
from hplint.settings import Settings, find_settings
from hplint.settings import SettingsError as Wrong
from hplint.settings_file import read_settings
from hplint.settings_keys import KEYS, schema
from hplint.syntax import toml

UNKNOWN_KEY = "hplint: 1\noptimizer:\n  zzzzzz: adam\n"


def settings_of(text: str, folder: Path, name: str = "hplint.toml") -> Settings:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return read_settings(text.encode(), str(path))


def wrong(text: str, folder: Path, name: str = "hplint.toml") -> str:
    with pytest.raises(Wrong) as caught:
        settings_of(text, folder, name)
    return str(caught.value).removeprefix(str(folder / name))


def codes(text: str, settings: Settings, path: str = "a.yaml") -> list[str]:
    return [finding.code for finding in lint(text, path, settings).findings]


def test_every_setting_is_read(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text("")
    text = """
extend = "base.toml"
select = ["SCHEMA", "sigmoid-hidden"]
extend-select = ["LR"]
ignore = ["SCHEMA002"]
per-file-ignores = {"tests/**" = ["SCHEMA001"]}
profile = "strict"
min-severity = "warning"
min-confidence = "medium"
formats = {"conf/*.yaml" = "ludwig"}
versions = {transformers = "4.46"}
exclude = ["vendor"]
gitignore = false
baseline = "known.json"
[[suppressions]]
files = "a.json"
rules = ["ALL"]
at = "/a/b"
reason = "why"
"""
    settings = settings_of(text, tmp_path)
    default = Settings()
    for name in KEYS:
        if name not in ("extend", "own"):  # own formats have tests of their own
            assert getattr(settings, name.replace("-", "_")) != getattr(default, name.replace("-", "_")), name
    assert settings.baseline == str(tmp_path / "known.json")
    assert dict(settings.origins)["profile"].endswith("hplint.toml:7")
    jsonschema.validate(toml.loads(text), schema(), jsonschema.Draft7Validator)


def test_what_the_schema_refuses_is_refused(tmp_path: Path) -> None:
    jsonschema.Draft7Validator.check_schema(schema())
    for text, document in [
        ("profile = 'none'", {"profile": "none"}),
        ("gitignore = 1", {"gitignore": 1}),
        ("selct = []", {"selct": []}),
        ("formats = {x = 1}", {"formats": {"x": 1}}),
        ("[[suppressions]]\nfiles = 'x'", {"suppressions": [{"files": "x"}]}),
        ("exclude = 'vendor'", {"exclude": "vendor"}),
    ]:
        assert wrong(text, tmp_path)
        assert list(jsonschema.Draft7Validator(schema()).iter_errors(document))
    assert json.dumps(schema())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nselct = []", ":2: `selct` is not a setting of hplint; did you mean `select`?"),
        ("extend-ignore = []", ":1: `extend-ignore` is not a setting of hplint; did you mean `ignore`?"),
        ("select = 'ACT'", ':1: `select` is a list of texts, such as ["ACT", "LR001"]'),
        ("\nignore = [\n'ACT',\n'SCEMA001']", ":4: `ignore`: `SCEMA001` names no rule; did you mean `SCHEMA001`?"),
        ("profile = 'strikt'", ":1: `profile`: `strikt` is none of its values; did you mean `strict`?"),
        ("min-severity = 3", ":1: `min-severity`: `3` is none of its values; one of info, warning, error"),
        ("gitignore = 'no'", ":1: `gitignore` is true or false"),
        ("formats = {'*' = 'ludvig'}", ":1: `ludvig` is not a format of hplint; did you mean `ludwig`?"),
        ("versions = {trlx = '4'}", ":1: hplint knows no versions of `trlx`; did you mean `trl`?"),
        ("versions = {trl = 1.0}", ':1: the version of `trl` is a text in quotes, such as "4.46", or "installed"'),
        ("[[suppressions]]\nfile = 'x'", ":2: `file` is no key of a suppression; did you mean `files`?"),
        ("[[suppressions]]\nfiles='x'\nrules=['ACT']\nat='layers'", ":4: `at` is a JSON pointer"),
        ("extend = 'nowhere.toml'", ":1: `nowhere.toml` cannot be read: No such file or directory"),
        ("extend = '/etc/passwd'", ":1: `/etc/passwd` lies outside of "),
        ("extend = 'hplint.toml'", ":1: `hplint.toml` leads back here"),
        ("select = [", ":"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, said: str) -> None:
    assert wrong(text, tmp_path).startswith(said)


def test_pyproject_is_read_at_its_table(tmp_path: Path) -> None:
    text = "[project]\nname = 'x'\n[tool.hplint]\nselct = []\n"
    assert wrong(text, tmp_path, "pyproject.toml").startswith(":4: `selct`")
    settings_of("[tool.hplint]\nignore = ['ACT']\n", tmp_path, "pyproject.toml")
    (tmp_path / "below").mkdir()
    assert find_settings(str(tmp_path / "below")).ignore == ("ACT",)


def test_extended_settings_give_way_and_keep_their_places(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    base = "select = ['ACT']\nignore = ['LR']\nexclude = ['old/*.yaml', 'vendor']\nformats = {'x/*.yaml' = 'keras'}\n"
    settings_of(base, tmp_path, "base.toml")
    text = "extend = '../base.toml'\nselect = ['SCHEMA']\nformats = {'*.yaml' = 'ludwig'}\n"
    settings = settings_of(text, tmp_path / "below")
    assert (settings.select, settings.ignore) == (("SCHEMA",), ("LR",))
    assert settings.format_for(str(tmp_path / "below" / "a.yaml")) == "ludwig"
    assert settings.formats[-1] == ("../x/*.yaml", "keras")
    assert settings.excludes(str(tmp_path / "old" / "a.yaml"))
    assert not settings.excludes(str(tmp_path / "below" / "old.yaml"))
    assert [place.rpartition("/")[2] for place in dict(settings.origins).values()] == [
        "base.toml:3", "hplint.toml:1", "hplint.toml:3", "base.toml:2", "hplint.toml:2",
    ]  # fmt: skip


def test_settings_that_extend_each_other_have_an_end(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text("extend = 'hplint.toml'\n")
    with pytest.raises(Wrong, match=r"b\.toml:1: `hplint\.toml` leads back here"):
        settings_of("extend = 'b.toml'\n", tmp_path)


def test_a_link_does_not_lead_out_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("ignore = ['ACT']\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "base.toml").symlink_to(tmp_path / "secret.toml")
    assert "lies outside of" in wrong("extend = 'base.toml'\n", project)


def test_per_file_ignores_count_for_their_files() -> None:
    settings = Settings(per_file_ignores=(("old/*", ("SCHEMA",)),))
    assert codes(UNKNOWN_KEY, settings, "old/a.yaml") == []
    assert codes(UNKNOWN_KEY, settings, "new/a.yaml") == ["SCHEMA001"]


def test_severity_and_confidence_decide_what_counts() -> None:
    [finding] = lint(UNKNOWN_KEY, "a.yaml").findings
    assert (finding.severity, finding.confidence) == ("warning", "medium")
    assert codes(UNKNOWN_KEY, Settings(min_severity="error")) == []
    assert codes(UNKNOWN_KEY, Settings(min_confidence="high")) == []
    assert codes(UNKNOWN_KEY, Settings(min_severity="warning", min_confidence="medium")) == ["SCHEMA001"]


def test_profiles_widen() -> None:
    rules = knowledge.rules()
    default, strict, everything = (
        {rule.code for rule in rules if Settings(profile=profile).runs(rule)}
        for profile in ("default", "strict", "all")
    )
    assert default < strict < everything
    assert everything == {rule.code for rule in rules}
    assert all(rule.confidence == "low" for rule in rules if rule.code not in strict)
    only = Settings(select=("ACT",), extend_select=("LR001",), ignore=("ACT001",))
    assert {rule.code for rule in rules if only.runs(rule)} == {
        rule.code for rule in rules if (rule.code.startswith("ACT") and rule.code != "ACT001") or rule.code == "LR001"
    }


# -- no exception for any bytes --------------------------------------------------------------------------------------

KEY = st.sampled_from([*KEYS, "files", "at", "x", "tool.hplint"])
VALUE = st.sampled_from(
    [
        "[]",
        '["ACT"]',
        '"x"',
        "1",
        "true",
        '{"*" = ["LR"]}',
        '{"*" = "keras"}',
        '"default"',
        "[[]]",
        "[1]",
        "{}",
        "1979-05-27",
    ]
)


@given(st.binary(max_size=40) | st.lists(st.tuples(KEY, VALUE), max_size=4).map(
    lambda pairs: "".join(f"{key} = {value}\n" for key, value in pairs).encode()
))  # fmt: skip
def test_any_bytes_are_settings_or_told_with_a_line(content: bytes) -> None:
    assert re.match(r"(/nowhere/hplint\.toml:\d+: \S|read$)", _outcome(content))


def _outcome(content: bytes) -> str:
    """Return what is said of a settings file, "read" where nothing is."""
    try:
        read_settings(content, "/nowhere/hplint.toml")
    except Wrong as error:
        return str(error)
    return "read"


def test_the_installed_version_may_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"transformers": "5.1.0"}

    def version(name: str) -> str:
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(metadata, "version", version)
    settings = settings_of('versions = {transformers = "installed", trl = "installed"}', tmp_path)
    assert settings.versions == (("transformers", "5.1.0"),)
