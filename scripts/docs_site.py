"""A hook of MkDocs: adds the pages of the site that are made from rules, formats and commands.

`docs/` holds what people write; everything that would otherwise be written twice is made here, from the rule files, the
formats' descriptions and the commands' own help.
"""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from hplint import knowledge
from hplint.cli.help import help_text, laid_out
from hplint.cli.main import COMMANDS
from hplint.cli.main import HELP as MAIN_HELP
from hplint.output.tree import markdown as tree_markdown
from hplint.rules.page import page
from hplint.settings_keys import KEYS, SUPPRESSION_KEYS

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_OUTSIDE = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#]+)(#[^)]*)?\)")
_CONSOLE = re.compile(r"(```console\n)\$ hplint (.*)\n```")


def pages() -> dict[str, str]:
    """Return the Markdown of every page that is made, by its path in the site."""
    made = {f"rules/{code}.md": page(about) for code, about in knowledge.rule_documents().items()}
    made["rules/index.md"] = _rules()
    made |= {f"commands/{name}.md": _command(name) for name in COMMANDS}
    made["commands/index.md"] = f"# Commands\n\n```text\n{laid_out(MAIN_HELP, 80)}```\n"
    made |= {f"formats/{name}.md": _format(name) for name in knowledge.formats() if name != "hplint"}
    made["formats/index.md"] = _formats()
    return made


def _rules() -> str:
    branches: dict[str, list[dict[str, Any]]] = {}
    for about in knowledge.rule_documents().values():
        branches.setdefault(about["branch"], []).append(about)
    blocks = [
        "# Rules",
        "Those of the [decision tree](../index.md) and the others, by branch. `*`: the rule runs by default; F: it has "
        "a fix that is safe; f: it has a fix that needs your consent.",
    ]
    for branch, rules in branches.items():
        rows = ["| rule | | severity | |", "|---|---|---|---|"]
        for about in rules:
            kinds = [fix["applicability"] for fix in about.get("fixes", ())]
            fix = "F" if "safe" in kinds else "f" if "unsafe" in kinds else ""
            runs = r"\*" if about.get("enabled", about["severity"] != "info") else ""
            rows.append(
                f"| [{about['code']}]({about['code']}.md) | {about['name']} | {about['severity']} | {runs} {fix} |"
            )
        blocks += [f"## {branch.capitalize()}", "\n".join(rows)]
    return "\n\n".join(blocks) + "\n"


def _command(name: str) -> str:
    command = import_module(f"hplint.cli.{name.replace('-', '_')}").COMMAND
    return f"# hplint {name}\n\n{COMMANDS[name].capitalize()}.\n\n```text\n{help_text(command)}```\n"


def _formats() -> str:
    rows = ["| format | title | version | told by |", "|---|---|---|---|"]
    for name in knowledge.formats():
        about = description(name)
        reasons = "; or ".join(clause["reason"] for clause in about.get("recognise", ()))
        reasons = reasons.replace("|", r"\|").replace("<", "&lt;")
        rows.append(f"| [{name}]({name}.md) | {about['title']} | {about.get('version', '')} | {reasons} |")
    return "# Formats\n\nA config is told by its content; `hplint formats FILE` says why.\n\n" + "\n".join(rows) + "\n"


def description(name: str) -> dict[str, Any]:
    """Return the content of a format's format.yaml."""
    import yaml

    with open(os.path.join(ROOT, "schemas", name, "format.yaml"), encoding="utf-8") as file:
        found: dict[str, Any] = yaml.safe_load(file)
    return found


def _format(name: str) -> str:
    about = description(name)
    blocks = [
        f"# {about['title']}",
        f"- Name: `{name}`\n- Version: {about.get('version', 'any')}\n- Read as by: {about.get('loader', 'pyyaml')}\n"
        f"- Schema: {f'`hplint schema {name}`' if knowledge.schema(name) is not None else 'none'}",
        "## How hplint knows it",
        "\n".join(f"- {_plain(clause['reason'])}" for clause in about.get("recognise", ())),
    ]
    rows = []
    for fact, entry in sorted(about.get("facts", {}).items()):
        keys = entry.get("key", entry) if isinstance(entry, dict) else entry
        listed = ", ".join(f"`{key}`" for key in (keys if isinstance(keys, list) else [keys]))
        rows.append(f"| {listed} | {fact} | {_default(entry)} |")
    if rows:
        blocks += ["## What its keys mean", "\n".join(["| key | fact | left out |", "|---|---|---|", *rows])]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _plain(text: str) -> str:
    return text.replace("<", "&lt;")


def _default(entry: Any) -> str:
    default = entry.get("default") if isinstance(entry, dict) else None
    return "" if default is None else f"`{default}`"


def settings_table() -> str:
    """Return the settings as tables."""
    tables = []
    for title, keys in (("Every setting", KEYS), ("A suppression", SUPPRESSION_KEYS)):
        rows = ["| key | value | what it does |", "|---|---|---|"]
        rows += [f"| `{name}` | {_kind(key)} | {key.help} |" for name, key in keys.items()]
        tables += [f"## {title}", "\n".join(rows)]
    return "\n\n".join(tables)


def _kind(key: Any) -> str:
    return ", ".join(f"`{choice}`" for choice in key.choices) if key.choices else str(key.kind)


def filled(markdown: str) -> str:
    """Return a page of docs/ with what is made in its place."""
    markdown = markdown.replace("<!-- the settings -->", settings_table())
    if "<!-- the decision tree -->" in markdown:
        tree = tree_markdown(knowledge.data("tree"), knowledge.rule_documents(), "rules/{}.md")
        markdown = markdown.replace("<!-- the decision tree -->", tree)
    return markdown


# -- what MkDocs calls --------------------------------------------------------------------------------------------


def on_config(config: Any) -> Any:
    """Put the pages that are made into the menu, and those of docs/ that mkdocs.yml does not place."""
    placed = {path for entry in config["nav"] for path in ([entry] if isinstance(entry, str) else _paths(entry))}
    pages_of_docs = (name for name in sorted(os.listdir(config["docs_dir"])) if name.endswith(".md"))
    more = [name for name in pages_of_docs if name not in placed]
    config["nav"] = [entry for entry in config["nav"] if "More" not in entry] + ([{"More": more}] if more else [])
    for entry in config["nav"]:
        if "Commands" in entry:
            entry["Commands"] = ["commands/index.md", *(f"commands/{name}.md" for name in COMMANDS)]
        if "Formats" in entry:
            entry["Formats"] = ["formats/index.md", *(f"formats/{name}.md" for name in knowledge.formats())]
    return config


def _paths(entry: dict[str, Any]) -> list[str]:
    return [path for paths in entry.values() for path in paths]


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are made."""
    file: Any = import_module("mkdocs.structure.files").File  # only there where the site is built
    for path, text in pages().items():
        files.append(file.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Fill in what is made, and let links that lead out of the site be the path they lead to."""
    folder = os.path.dirname(page.file.src_uri)

    def inside(found: re.Match[str]) -> str:
        target = os.path.normpath(os.path.join(folder, found[2]))
        return f"{found[1]} (`{target.lstrip('./')}`)" if target.startswith("..") else found[0]

    return _OUTSIDE.sub(inside, filled(markdown))
