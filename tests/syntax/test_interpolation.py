"""Values that stand for others by `${...}`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint.syntax import cfg, interpolation, yaml
from hplint.syntax.interpolation import resolve
from hplint.syntax.tree import FLOAT, OTHER, STRING, Node, Tree
from hplint.text import SourceText


def resolved(text: str) -> tuple[Tree, list[str]]:
    """Return the tree of a YAML text after resolving, and the references that lead nowhere."""
    tree = yaml.parse(SourceText(text))
    found = resolve(tree)
    return tree, [node.text for node in found.lost] if found is not None else []


def test_a_reference_to_a_scalar_means_that_scalar() -> None:
    tree, lost = resolved("lr: 0.1\nopt: {lr: '${lr}', list: [1, 2]}\nfirst: ${opt.list.0}\nlast: ${opt.list[1]}\n")
    assert tree.root is not None
    assert tree.root.data() == {"lr": 0.1, "opt": {"lr": 0.1, "list": [1, 2]}, "first": 1, "last": 2}
    rate = tree.root.at("opt", "lr")
    assert rate is not None
    assert (rate.kind, rate.is_alias, lost) == (FLOAT, True, [])


def test_references_may_lead_to_references() -> None:
    tree, lost = resolved("a: ${b}\nb: ${c}\nc: 3\n")
    assert tree.root is not None
    assert (tree.root.data(), lost) == ({"a": 3, "b": 3, "c": 3}, [])


def test_what_the_file_does_not_say_is_of_no_known_kind() -> None:
    text = "a: ${oc.env:HOME}\nb: x_${c}\nc: {d: 1}\ne: ${c}\nf: ${f}\ng: ${h}\nh: ${g}\n"
    tree, lost = resolved(text)
    assert tree.root is not None
    assert [key.text for key, value in tree.root.entries if value.kind is OTHER] == ["a", "b", "f", "g", "h"]
    assert lost == []


def test_a_reference_that_leads_nowhere_is_returned() -> None:
    assert resolved("a: ${b.c}\nb: {d: 1}\n")[1] == ["${b.c}"]


def test_in_files_of_sections_a_colon_is_a_dot() -> None:
    tree = cfg.parse(SourceText("[system]\nseed = 3\n[training]\nseed = ${system:seed}\n"))
    found = resolve(tree)
    assert found is not None
    assert found.lost == []
    assert tree.root is not None
    assert tree.root.data()["training"] == {"seed": 3}


def root_of(text: str) -> Node:
    """Return the tree of a text that OmegaConf loads, its references resolved."""
    tree = yaml.parse(SourceText(text))
    assert tree.root is not None
    yaml.reread(tree, "omegaconf")
    resolve(tree)
    return tree.root


DOCUMENTS = [
    "a: 1e-3\nb: ${a}\n",
    "a: {b: {c: [1, 2]}}\nd: ${a.b.c[1]}\ne: ${a.b.c.0}\nf: ${a.b}\n",
    "a: ${b}\nb: ${c}\nc: {d: 1}\n",
    "a: {b: 1, c: '${.b}', d: {e: '${..b}'}}\n",
    "dir: /tmp/x\npath: ${dir}/logs/${name}\nname: run\n",
    "a: ${b}\nb: [1, '${c}']\nc: true\n",
]


@pytest.mark.parametrize("text", DOCUMENTS)
def test_references_mean_what_they_mean_to_omegaconf(text: str) -> None:
    omegaconf = pytest.importorskip("omegaconf")
    expected = omegaconf.OmegaConf.to_container(omegaconf.OmegaConf.create(text), resolve=True)
    assert root_of(text).data() == expected


def test_a_reference_to_a_section_reads_as_that_section() -> None:
    root = root_of("optim: ${presets.adam}\npresets: {adam: {lr: 1e-3, betas: [0.9, 0.99]}}\n")
    found = root.at("optim", "lr")
    assert found is not None
    assert (found.value, root.at("optim", "betas", 1)) == (0.001, root.at("presets", "adam", "betas", 1))


def test_words_around_a_reference_stay() -> None:
    assert root_of("dir: /tmp\nlogs: ${dir}/logs\n").data()["logs"] == "/tmp/logs"


@pytest.mark.parametrize(
    "text", ["a: ???\n", "a: ${b}\nb: ???\n", "a: ${b${c}}\nb: 1\nc: 2\n", "a: ${b}\nb: {c: '${a}'}\n"]
)
def test_what_is_given_elsewhere_or_goes_round_is_of_no_known_kind(text: str) -> None:
    assert OTHER in {node.kind for node in root_of(text).walk()}
    root_of(text).data()


def test_references_that_multiply_stay_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpolation, "MAX_EXPANDED_NODES", 10_000)
    levels = [f"a{n}: [" + ", ".join([f"'${{a{n + 1}}}'"] * 10) + "]\n" for n in range(12)]
    root = root_of("".join(levels) + "a12: 1\n")
    assert any(node.kind is OTHER for node in root.walk())
    assert len(str(root.data())) < 200_000


def test_a_long_chain_of_references_ends() -> None:
    root_of("".join(f"a{n}: ${{a{n + 1}}}\n" for n in range(3000)))


KEYS = st.sampled_from("abc")
VALUES = st.one_of(
    st.integers(0, 9).map(str),
    st.sampled_from(["${a}", "${b}", "${c}", "${a.b}", "${c.a}", "${x}", "x${a}", "${a", "{a: '${b}'}", "[1, '${c}']"]),
)


@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_whatever_refers_to_whatever_it_ends(config: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in config.items())
    tree, _ = resolved(text)
    assert tree.root is None or all(
        not (node.kind is STRING and "${" in node.value) for node in tree.root.walk() if node.is_scalar
    )
