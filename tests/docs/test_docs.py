"""The README and docs/ show what hplint does today: excerpts, configs, settings, programs, options and links."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hplint import knowledge
from hplint.cli.main import COMMANDS
from hplint.cli.options import HELP
from hplint.findings import INFO
from hplint.lint import lint
from hplint.settings_file import read_settings
from hplint.settings_keys import KEYS

ROOT = Path(__file__).parents[2]


def script(name: str) -> ModuleType:
    """Return a module of scripts/."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = script("docs_examples")
PAGES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in EXAMPLES.documents()}


def blocks(*languages: str) -> list[Any]:
    """Return the blocks of all pages in some languages."""
    found: list[Any] = []
    for name, text in PAGES.items():
        for number, block in enumerate(re.finditer(r"^```(\w+)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)):
            if block[1] in languages:
                found.append(pytest.param(name, block[1], block[2], id=f"{name}-{number}"))
    return found


@pytest.mark.parametrize("name", [name for name, text in PAGES.items() if "```console" in text])
def test_excerpts_are_what_is_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HPLINT_CACHE_DIR", "")
    assert PAGES[name] == EXAMPLES.up_to_date(PAGES[name]), "run `python scripts/docs_examples.py --write`"


@pytest.mark.parametrize(("name", "language", "text"), blocks("yaml", "json", "toml"))
def test_configs_on_pages_are_good_ones(name: str, language: str, text: str) -> None:
    report = lint(text, f"example.{language}")
    if report.recognition.confidence == "high":
        assert [one.message for one in report.findings if one.severity != INFO] == []


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [one for one in blocks("toml") if re.search(r"tool\.hplint|hplint\.toml|^\[\[?suppress", one.values[2], re.M)],
)
def test_settings_on_pages_are_read(name: str, language: str, text: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "project"
    (folder / "lint").mkdir(parents=True)
    (tmp_path / "hplint.toml").write_text("")
    file = "pyproject.toml" if re.search(r"^\[\[?tool", text, re.MULTILINE) else "hplint.toml"
    settings = read_settings(text.encode(), str(folder / file))
    assert settings.origins


def test_python_on_pages_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples" / "bad" / "keras-digits.json", tmp_path / "model.json")
    names = {"source": "hplint: 1\noptimizer: {name: adam, learning_rate: 0.001}\n"}
    programs = [one.values[2] for one in blocks("python")]
    assert programs
    for program in programs:
        exec(compile(program, "page", "exec"), names)


def _code_of(text: str) -> str:
    """Return the spans and blocks of code of a page."""
    return "\n".join(re.findall(r"`[^`\n]+`|^```\w*\n.*?^```", text, re.DOTALL | re.MULTILINE))


def test_commands_and_options_on_pages_exist() -> None:
    flags = {}
    for name in COMMANDS:
        command = import_module(f"hplint.cli.{name.replace('-', '_')}").COMMAND
        flags[name] = {option.flag for option in (*command.options, HELP)}
    everything = set().union(*flags.values())
    for page, text in PAGES.items():
        code = re.findall(r"`(hplint [^`\n]+)`|^(?:\$ )?(hplint [a-z-]+(?: .*)?)$", _code_of(text), re.MULTILINE)
        for said in (one or other for one, other in code):
            words = said.split("#")[0].split()
            if len(words) > 1 and re.fullmatch(r"[a-z-]+", words[1]) and not words[1].startswith("-"):
                assert words[1] in COMMANDS, f"{page}: {said}"
                used = {word.split("=")[0] for word in words[2:] if word.startswith("--")} - {"--"}
                assert used <= flags[words[1]], f"{page}: {said}"
        for flag in re.findall(r"`(--[a-z][a-z-]+)[ =`]", text):
            assert flag in everything | {"--write", "--locked", "--multirun"}, f"{page}: {flag}"


def test_links_lead_somewhere() -> None:
    site = script("docs_site")
    made = site.pages()
    for page, text in PAGES.items():
        folder = (ROOT / page).parent
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            if "://" in link:
                continue
            there = (folder / link).resolve()
            inside = there.relative_to(ROOT / "docs").as_posix() if there.is_relative_to(ROOT / "docs") else ""
            assert there.exists() or inside in made, f"{page}: {link}"


def test_everything_has_its_page() -> None:
    made = script("docs_site").pages()
    assert {f"rules/{code}.md" for code in knowledge.rule_documents()} <= set(made)
    assert {f"commands/{name}.md" for name in COMMANDS} <= set(made)
    assert {f"formats/{name}.md" for name in knowledge.formats()} <= set(made) | {"formats/hplint.md"}
    settings = script("docs_site").filled(PAGES["docs/settings.md"])
    assert all(f"| `{name}` |" in settings for name in KEYS)
    front = script("docs_site").filled(PAGES["docs/index.md"])
    assert all(code in front for code in knowledge.rule_documents())


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("material")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    index = json.loads((tmp_path / "site" / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert len(index["docs"]) > 300
    front = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "Could a straight line do it?" in front
    assert "\\" not in re.sub(r"<script.*?</script>", "", front, flags=re.DOTALL)
    for page in (tmp_path / "site").rglob("*.html"):
        loaded = re.findall(
            r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)"', page.read_text(encoding="utf-8")
        )
        assert loaded == [], "nothing is loaded from elsewhere"
