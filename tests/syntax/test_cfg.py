"""Files of sections: what is read, where it stands, and how it is changed."""

from __future__ import annotations

from configparser import ConfigParser
from configparser import Error as ConfigError

from hypothesis import given
from hypothesis import strategies as st

from hplint import lint
from hplint.syntax import cfg, edits
from hplint.syntax.tree import STRING, Tree
from hplint.text import SourceText, apply_edits

SPACY = """\
# how the tagger is trained
[nlp]
lang = "en"
pipeline = ["tok2vec", "tagger"]

[components.tagger]
factory = "tagger"

[components.tagger.model]
@architectures = "spacy.Tagger.v2"
nO = null

[training]
dropout = 0.1
dev_corpus = ${paths.dev}

[training.optimizer]
learn_rate = 0.001
long = {
  "a": 1
  }
"""


def tree(text: str) -> Tree:
    """Return the tree of a file of sections."""
    return cfg.parse(SourceText(text))


def test_sections_nest_by_their_dots_and_values_are_json() -> None:
    root = tree(SPACY).root
    assert root is not None
    assert root.data() == {
        "nlp": {"lang": "en", "pipeline": ["tok2vec", "tagger"]},
        "components": {"tagger": {"factory": "tagger", "model": {"@architectures": "spacy.Tagger.v2", "nO": None}}},
        "training": {
            "dropout": 0.1,
            "dev_corpus": "${paths.dev}",
            "optimizer": {"learn_rate": 0.001, "long": {"a": 1}},
        },
    }


def test_every_value_and_key_stands_where_it_says() -> None:
    parsed = tree(SPACY)
    assert parsed.root is not None
    rate = parsed.root.at("training", "optimizer", "learn_rate")
    assert rate is not None
    assert SPACY[rate.start : rate.end] == "0.001"
    for node in parsed.root.walk():
        for key, _ in node.entries:
            assert SPACY[key.start : key.end].strip('"') == key.text


def test_a_comment_behind_bare_text_is_none_of_it() -> None:
    root = tree("num_leaves = 31   # as many\nobjective = binary # two classes\n").root
    assert root is not None
    assert root.data() == {"num_leaves": 31, "objective": "binary"}


def test_a_line_that_is_neither_heading_nor_entry_is_pointed_at() -> None:
    (problem,) = tree("[nlp]\nlang\n").problems
    assert (problem.span.start, problem.span.end) == (6, 10)


def test_configs_of_other_programs_are_left_alone() -> None:
    for text in ("[metadata]\nname = x\n[options]\npackages = find:\n", "server {\n  listen 80;\n}\n"):
        report = lint(text, "setup.cfg")
        assert (report.status, report.findings) == ("skipped", ())


def test_values_are_set_added_and_deleted_by_line() -> None:
    parsed = tree(SPACY)
    assert parsed.root is not None
    training = parsed.root.get("training")
    assert training is not None
    changes = [
        edits.set_path(parsed, parsed.root, ("training", "dropout"), 0.2),
        edits.set_path(parsed, parsed.root, ("training", "max_steps"), 20000),
        edits.delete_entry(parsed, parsed.root.get("nlp") or training, "pipeline"),
    ]
    made = apply_edits(SPACY, [change for change in changes if change is not None])
    changed = tree(made).root
    assert changed is not None
    assert "pipeline" not in made
    assert (changed.data()["training"]["dropout"], changed.data()["training"]["max_steps"]) == (0.2, 20000)


LINES = st.sampled_from(
    [
        "[a]",
        "[a.b]",
        "[a.b.c] # x",
        "k = 1",
        "k: [1, 2]",
        "  more",
        "name = text # why",
        "# x",
        "; x",
        "",
        "[",
        "= 3",
        "junk",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(LINES, max_size=12).map("\n".join)))
def test_any_text_gives_a_tree_within_the_text(text: str) -> None:
    parsed = tree(text)
    assert parsed.root is not None
    for node in parsed.root.walk():
        assert 0 <= node.start <= node.end <= len(text)
        if node.kind is STRING and not node.style:
            assert text[node.start : node.end] == node.text


@given(st.lists(st.sampled_from(["[a]", "[b]", "k = 1", "l = text", "m : 2.5", "# x", "", "  more"]), max_size=12))
def test_sections_and_keys_are_those_that_pythons_reader_finds(lines: list[str]) -> None:
    text = "\n".join(lines)
    reader = ConfigParser(interpolation=None, default_section="", allow_no_value=False)
    try:
        reader.read_string(text)
    except ConfigError:
        return
    root = tree(text).root
    assert root is not None
    found = {key.text: {name.text for name, _ in value.entries} for key, value in root.entries}
    assert found == {name: set(reader[name]) for name in reader.sections()}


def test_comment_behind_a_value_is_none_of_it() -> None:
    tree = cfg.parse(SourceText("[a]\nb = x   # why\nc = x # y # z\nd = x\n  # e\nf = x#y\n"))
    assert tree.root is not None
    assert tree.root.data() == {"a": {"b": "x", "c": "x", "d": "x", "f": "x#y"}}
