"""The knowledge of rules/ and schemas/, ready to use.

A wheel carries it as Python modules in `hplint/_knowledge`, made when the wheel is built, so that start-up parses
neither YAML nor JSON Schema. In a checkout the modules are remade whenever a rule or schema has changed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import Any

    from hplint.rules.rule import Details, Function, Rule

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_CHECKOUT = os.path.dirname(_PACKAGE)
_FOLDER = os.path.join(_PACKAGE, "_knowledge")
_modules: dict[str, Any] = {}
_absent: set[str] = set()  # data that somebody has asked for in vain
_made: dict[str, Any] = {}
"""What was made of the modules' data, by what it is."""


class KnowledgeError(Exception):
    """A rule or schema file of hplint itself that cannot be used."""


def is_checkout() -> bool:
    """Whether hplint runs from its source tree, where rules/ and schemas/ stand beside the package."""
    return os.path.isdir(os.path.join(_CHECKOUT, "rules")) and os.path.isdir(os.path.join(_CHECKOUT, "schemas"))


def rules() -> tuple[Rule, ...]:
    """Return every rule, by code."""
    found: tuple[Rule, ...] | None = _made.get("rules")
    if found is None:
        from hplint.rules.rule import Rule

        found = _made["rules"] = tuple(Rule(*(*fields, condition, details)) for fields in _load("rules").DATA[0])
    return found


def family(code: str) -> str:
    """Return the family of a rule as names of modules have it, such as "act" for ACT001."""
    return code.rstrip("0123456789").lower()


def condition(code: str) -> Function:
    """Return the condition of the rule `code`; kept apart, since most rules cannot fire on most configs."""
    found: Function = _load(f"conditions_{_load('rules').DATA[1][code]}").DATA[code]
    return found


def details(code: str) -> Details:
    """Return what the rule `code` says when it fires; kept apart, since most runs need the words of few rules."""
    made: Details = _load(f"details_{family(code)}").DATA[code]()
    return made


def rule_documents() -> dict[str, dict[str, Any]]:
    """Return the whole content of every rule file, by code."""
    found: dict[str, dict[str, Any]] = _load("documents").DOCUMENTS
    return found


def page_path(code: str) -> str:
    """Return the path of the page of rule `code`, which comes with the package and needs no network.

    Empty for a rule of a project's own, which has none.
    """
    path = os.path.join(_FOLDER, "pages", f"{code}.md")
    return path if os.path.exists(path) else ""


def page_url(code: str) -> str:
    """Return the address of the page of rule `code`, empty if it has none."""
    from pathlib import Path

    path = page_path(code)
    return Path(path).as_uri() if path else ""


def clues() -> dict[str, dict[str, Any]]:
    """Return what tells each format from others (`recognise` of its format.yaml), by name, in order of recognition."""
    found: dict[str, dict[str, Any]] = _load("formats").DATA
    return found


def formats() -> Mapping[str, dict[str, Any]]:
    """Return every format's description (the content of its format.yaml), by name, in order of recognition."""
    return _Descriptions()


class _Descriptions(Mapping[str, "dict[str, Any]"]):
    """Descriptions by name, each loaded when it is asked for: a run needs that of its file's format."""

    def __getitem__(self, name: str) -> dict[str, Any]:
        if name not in clues():
            raise KeyError(name)
        found: dict[str, Any] = _load(f"format_{module_name(name)}").DATA
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(clues())

    def __len__(self) -> int:
        return len(clues())

    def __contains__(self, name: object) -> bool:
        return name in clues()


def schema(name: str) -> dict[str, Any] | None:
    """Return the JSON Schema of a format, None where it has none."""
    if name not in clues() or not clues()[name]["has_schema"]:  # a format of a project's own may have none
        return None
    found: dict[str, Any] = _load(f"schema_{module_name(name)}").DATA
    return found


def fact_meaning(fact: str) -> str:
    """Return what a fact, such as "Optimizer.learning_rate", means and its unit; empty where its name says it all."""
    meaning: str = _load("subjects").MEANINGS.get(fact, "")
    return meaning


def rules_about(fact: str) -> tuple[str, ...]:
    """Return the codes of the rules that speak of a fact, such as "Optimizer.learning_rate", the most telling first."""
    codes: tuple[str, ...] = _load("subjects").RULES.get(fact, ())
    return codes


def tag_of(code: str) -> str:
    """Return what rule `code` says of the text that it points at: "unnecessary", "deprecated", or nothing."""
    tag: str = _load("subjects").TAGS.get(code, "")
    return tag


def has_data(name: str) -> bool:
    """Whether there is such a file for `data`."""
    if name not in _absent:
        try:
            data(name)
        except ModuleNotFoundError:
            _absent.add(name)
    return name not in _absent


def data(name: str) -> Any:
    """Return the content of another data file of schemas/ or rules/: "names", "tree" or "<format>/<file>"."""
    return _load(f"data_{module_name(name)}").DATA


def module_name(name: str) -> str:
    """Return a name such as "keras/layers" as names of modules have it."""
    return name.replace("/", "_").replace("-", "_")


def module(name: str) -> Any:
    """Return the module called `name`, as importlib.import_module does without taking longer than a config's lint."""
    __import__(name)
    return sys.modules[name]


def _load(name: str) -> Any:
    """Return the module `name` of the knowledge, remade first when its sources have changed."""
    if not _modules and is_checkout():
        _renew()
    if name not in _modules:
        _modules[name] = module(f"hplint._knowledge.{name}")
    return _modules[name]


def _stamp() -> str:
    """Return a text that changes whenever a source of the knowledge does."""
    newest = count = 0
    for top in ("rules", "schemas", os.path.join("hplint", "rules"), os.path.join("hplint", "facts")):
        for folder, _, files in os.walk(os.path.join(_CHECKOUT, top)):
            for file in files:
                if file.endswith((".yaml", ".json", ".py")):
                    newest = max(newest, os.stat(os.path.join(folder, file)).st_mtime_ns)
                    count += 1
    return f"{newest}-{count}"


def _renew() -> None:
    stamp = _stamp()
    stamp_file = os.path.join(_FOLDER, "stamp")
    try:
        with open(stamp_file, encoding="utf-8") as file:
            if file.read() == stamp:
                return
    except OSError:
        pass
    from hplint.rules.build import build_files

    sources = build_files(_CHECKOUT)
    try:
        write_files(sources, _FOLDER)
        with open(stamp_file, "w", encoding="utf-8") as file:
            file.write(stamp)
    except OSError:  # a read-only checkout: keep the knowledge in memory
        for path, source in sources.items():
            name, _, ending = path.rpartition(".")
            if ending == "py":
                _modules[name] = _module(name, source)


def write_files(sources: dict[str, str], folder: str) -> None:
    """Write the generated files into `folder`, each appearing whole."""
    os.makedirs(os.path.join(folder, "pages"), exist_ok=True)
    for name, source in {**sources, "__init__.py": '"""Generated by hplint.rules.build: do not edit."""\n'}.items():
        path = os.path.join(folder, name)
        temporary = f"{path}.{os.getpid()}"
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(source)
        os.replace(temporary, path)
    _forget_compiled()


def _forget_compiled() -> None:
    """Let the import system look at the folder again."""
    from importlib import invalidate_caches

    invalidate_caches()
    for name in [name for name in sys.modules if name.startswith("hplint._knowledge")]:
        del sys.modules[name]


def _module(name: str, source: str) -> ModuleType:
    from types import ModuleType

    module = ModuleType(f"hplint._knowledge.{name}")
    exec(compile(source, f"<{name}>", "exec"), module.__dict__)  # our own generated text
    return module
