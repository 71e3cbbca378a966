"""`hplint explain` as picture, chart and page, `hplint tree`, and what shells complete."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest
from running import Run

from hplint import knowledge
from hplint.cli.main import COMMANDS
from hplint.output.walk_mermaid import quoted

BAD = Path(__file__).parents[2] / "examples" / "bad"
HOSTILE = """\
hplint: 1
model:
  family: neural_network
  layers:
    - {type: dense, units: 8, activation: sigmoid, name: "</text><script>x</script>\\"]:::x %%{init}%% `x` #quot;"}
    - {type: dense, units: 1}
"""


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    (tmp_path / "<b>&.yaml").write_text(HOSTILE)
    return "<b>&.yaml"


def test_all_drawings_say_the_same(run: Run) -> None:
    text = run("explain", str(BAD / "lstm-for-images.yaml")).out
    assert "ARCH002" in text
    for name in ("svg", "mermaid", "html"):
        outcome = run("explain", str(BAD / "lstm-for-images.yaml"), "--format", name)
        assert outcome.status == 0
        for said in ("Does it look at images or video?", "ARCH002", "recommended: supervised learning"):
            assert said in outcome.out


def test_a_picture_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    outcome = run("explain", str(BAD / "lstm-for-images.yaml"), "--format", "svg", "--output-file", "walk.svg")
    assert (outcome.status, outcome.out) == (0, "")
    root = ElementTree.parse(tmp_path / "walk.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    height = float(root.get("height", "0"))
    assert all(float(node.get("y", "0")) < height for node in root.iter() if node.get("y"))
    tags = {node.tag.partition("}")[2] for node in root.iter()}
    assert tags <= {"svg", "title", "style", "rect", "path", "text"}, "nothing that runs or is loaded"


def test_a_config_adds_no_markup_to_a_picture(run: Run, hostile: str) -> None:
    root = ElementTree.fromstring(run("explain", hostile, "--format", "svg").out)
    assert any("<script>" in (node.text or "") for node in root.iter())
    assert not [node for node in root.iter() if node.tag.endswith("script")]


class _Tags(HTMLParser):
    """Counts the tags of a page, and that each is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_config_adds_no_markup_to_a_page(run: Run, hostile: str) -> None:
    for path in (hostile, str(BAD / "lstm-for-images.yaml")):
        page = _Tags()
        page.feed(run("explain", path, "--format", "html").out)
        page.close()
        assert page.open == []
        assert "script" not in page.seen
        assert "b" not in page.seen


def test_a_config_adds_nothing_to_a_chart(run: Run, hostile: str) -> None:
    lines = run("explain", hostile, "--format", "mermaid").out.splitlines()
    assert lines[0] == "flowchart TD"
    node = re.compile(
        r'  (config|q\d+)\["(<b>[^<>"`]*</b>(<br>[^<>"`]*)*|[^<>"`]*)"\](:::(follows|departs|unknown|heading))?'
    )
    edge = re.compile(r"  (config|q\d+) --> q\d+|  classDef \w+ [\w:#,]+")
    assert all(node.fullmatch(line) or edge.fullmatch(line) for line in lines[1:])
    assert quoted("#quot; a") == "#35;quot; a"


def test_explain_tells_what_it_cannot_draw(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x: 1\n")
    assert run("explain", "a.yaml", "--format", "svg").status == 2
    assert run("explain", "a.yaml", "--format", "pdf").status == 2


def test_the_tree_shows_every_rule(run: Run) -> None:
    for arguments in (("tree",), ("tree", "--format", "markdown")):
        outcome = run(*arguments)
        assert outcome.status == 0
        assert [code for code in knowledge.rule_documents() if code not in outcome.out] == []
    assert "Which optimizer, and how fast?" in run("tree").out
    assert run("tree", "x").status == 2


# -- completion ----------------------------------------------------------------------------------------------------


def completed(script: str, *words: str) -> list[str]:
    """Return what bash offers for the last of some words."""
    listed = " ".join(f"'{word}'" for word in words)
    program = (
        f'{script}\nCOMP_WORDS=({listed})\nCOMP_CWORD={len(words) - 1}\n_hplint\nprintf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    return done.stdout.split()


def test_bash_completes(run: Run) -> None:
    script = run("completion", "bash").out
    assert completed(script, "hplint", "ch") == ["check"]
    assert completed(script, "hplint", "check", "--out") == ["--output-format", "--output-file"]
    assert "sarif" in completed(script, "hplint", "check", "--output-format", "")
    assert completed(script, "hplint", "rule", "ACT00")[:2] == ["ACT001", "ACT002"]
    assert completed(script, "hplint", "schema", "lud") == ["ludwig"]
    assert completed(script, "hplint", "check", "--select", "OP")[:2] == ["OPT", "OPT001"]
    assert completed(script, "hplint", "check", "--output-format", "=", "sa") == ["sarif"]
    assert len(completed(script, "hplint", "check", "--output-format", "=")) > 10


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_are_ones_that_their_shell_reads(run: Run, tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    path = tmp_path / "script"
    path.write_text(run("completion", shell).out)
    subprocess.run([shell, "-n", str(path)], check=True, capture_output=True)
    assert all(re.search(rf"\b{name}\b", path.read_text()) for name in COMMANDS)


def test_fish_completes(run: Run, tmp_path: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    path = tmp_path / "hplint.fish"
    path.write_text(run("completion", "fish").out)

    def offered(line: str) -> list[str]:
        command = ["fish", "--no-config", "-c", f"source {path}; complete -C'{line}'"]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [entry.split("\t")[0] for entry in out.splitlines()]

    assert "check" in offered("hplint ch")
    assert "sarif" in offered("hplint check --output-format s")
    assert "--output-file" in offered("hplint check --output-f")


def test_other_shells_are_told(run: Run) -> None:
    assert "there is no completion for `tcsh`" in run("completion", "tcsh").err
