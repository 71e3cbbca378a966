"""Makes the modules of hplint/_knowledge out of rules/ and schemas/. Runs when a wheel is built, and in a checkout."""

from __future__ import annotations

import json
import marshal
import os

import yaml

from hplint.facts import parts
from hplint.formats.describe import DescriptionError, check_description
from hplint.knowledge import KnowledgeError, family, module_name
from hplint.records import replace
from hplint.rules.load import RuleError, RuleFile, load_rule
from hplint.rules.needs import group, rarest_first
from hplint.rules.page import page
from hplint.rules.subjects import meanings, rules_by_fact
from hplint.schema.validators import mistakes
from hplint.syntax.yaml import parse as parse_yaml
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VOCABULARY_SECTIONS = {
    "activations": "Activation",
    "losses": "LossName",
    "optimizers": "OptimizerName",
    "schedules": "ScheduleName",
    "initializers": "Initializer",
}

_CONDITIONS = """from hplint.rules.logic import *
from operator import add, floordiv, mod, mul, sub, truediv

"""
_DETAILS = "from hplint.rules.rule import Details, EvidenceNote, FixPlan, FixStep, Pointer\n" + _CONDITIONS


def vocabularies(names: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the closed vocabularies that names.yaml adds to those of the facts."""
    return {kind: tuple(names[section]) for section, kind in _VOCABULARY_SECTIONS.items()}


def rule_paths(checkout: str) -> list[str]:
    """Return the paths of all rule files: rules/<branch>/<file>.yaml, sorted."""
    found = []
    for folder, _, files in os.walk(os.path.join(checkout, "rules")):
        if folder != os.path.join(checkout, "rules"):
            found += [os.path.join(folder, file) for file in files if file.endswith(".yaml")]
    return sorted(found)


def load_rules(checkout: str) -> list[RuleFile]:
    """Return all rules of the checkout by code. Raises KnowledgeError naming every file that is wrong."""
    words = vocabularies(_read_yaml(os.path.join(checkout, "schemas", "names.yaml")))
    loaded: dict[str, RuleFile] = {}
    wrong = []
    for path in rule_paths(checkout):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            rule = load_rule(text, os.path.relpath(path, checkout), words)
        except RuleError as error:
            wrong.append(str(error))
            continue
        if rule.code in loaded:
            taken = loaded[rule.code].name
            wrong.append(f"{os.path.relpath(path, checkout)}:1: the code {rule.code} is taken by {taken}")
        loaded[rule.code] = rule
    if wrong:
        raise KnowledgeError("\n".join(wrong))
    rules = [loaded[code] for code in sorted(loaded)]
    needs = rarest_first([rule.fields[-1] for rule in rules])
    return [replace(rule, fields=(*rule.fields[:-1], own)) for rule, own in zip(rules, needs, strict=True)]


def build_files(checkout: str) -> dict[str, str]:
    """Return the text of every file of hplint/_knowledge by its path there: modules and rules' pages.

    Raises KnowledgeError.
    """
    loaded = load_rules(checkout)
    pages = {f"pages/{rule.code}.md": page(rule.document) for rule in loaded}
    return {**{f"{name}.py": source for name, source in _modules(checkout, loaded).items()}, **pages}


def _modules(checkout: str, loaded: list[RuleFile]) -> dict[str, str]:
    """Return the Python source of every knowledge module by name."""
    modules = {
        **_rule_modules(loaded),
        "documents": _data_module({rule.code: rule.document for rule in loaded}, "DOCUMENTS"),
        "subjects": _subjects_module(loaded),
    }
    schemas = os.path.join(checkout, "schemas")
    described: dict[str, Any] = {}
    with_schema = []
    for name in sorted(os.listdir(schemas)):
        folder = os.path.join(schemas, name)
        if not os.path.isdir(folder):
            if name.endswith(".yaml"):
                modules[f"data_{name[:-5]}"] = _data_module(_read_yaml(folder))
            continue
        for file in sorted(os.listdir(folder)):
            path = os.path.join(folder, file)
            stem = module_name(f"{name}/{file.rpartition('.')[0]}")
            if file == "format.yaml":
                described[name] = checked_description(path, checkout)
            elif file == "schema.json":
                with_schema.append(name)
                modules[f"schema_{module_name(name)}"] = _data_module(_read_json(path))
            elif file == "overlay.json":
                pass  # already merged into schema.json by the script that generates it
            elif file == "validators.yaml":
                modules[f"data_{stem}"] = _data_module(validators(path, checkout))
            elif file.endswith(".yaml"):
                modules[f"data_{stem}"] = _data_module(_read_yaml(path))
            elif file.endswith(".json"):
                modules[f"data_{stem}"] = _data_module(_read_json(path))
    ordered = dict(sorted(described.items(), key=lambda item: item[1].get("order", 100)))
    modules["formats"] = _data_module(
        {
            name: {"recognise": description.get("recognise", ()), "has_schema": name in with_schema}
            for name, description in ordered.items()
        }
    )
    for name, description in described.items():
        modules[f"format_{module_name(name)}"] = _data_module(description)
    tree = os.path.join(checkout, "rules", "tree.yaml")
    if os.path.exists(tree):
        words = vocabularies(_read_yaml(os.path.join(schemas, "names.yaml")))
        modules["data_tree"] = _tree_module(_read_yaml(tree), words)
    return modules


def checked_description(path: str, checkout: str) -> Any:
    """Return the description of a format, checked. Raises KnowledgeError with a line."""
    with open(path, encoding="utf-8") as file:
        source = SourceText(file.read())
    root = parse_yaml(source).root
    try:
        if root is not None:
            check_description(root)
    except DescriptionError as error:
        line = source.position(error.node.start).line
        raise KnowledgeError(f"{os.path.relpath(path, checkout)}:{line}: {error.message}") from None
    return _read_yaml(path)


def validators(path: str, checkout: str) -> Any:
    """Return the validators of a format, checked against its schema. Raises KnowledgeError with lines."""
    with open(path, encoding="utf-8") as file:
        source = SourceText(file.read())
    schema = os.path.join(os.path.dirname(path), "schema.json")
    found = mistakes(parse_yaml(source).root, _read_json(schema) if os.path.exists(schema) else None)
    shown = os.path.relpath(path, checkout)
    wrong = [f"{shown}:{source.position(node.start).line}: {message}" for node, message in found]
    if wrong:
        raise KnowledgeError("\n".join(wrong))
    return _read_yaml(path)


def _rule_modules(loaded: list[RuleFile]) -> dict[str, str]:
    """Return the modules of rules: rows of plain data, conditions by what they need, details by families of codes."""
    groups = {rule.code: group(rule.fields[-1], rule.fields[5]) for rule in loaded}
    conditions: dict[str, str] = {}
    details: dict[str, str] = {}
    for rule in loaded:
        of, name = groups[rule.code], family(rule.code)
        conditions[of] = conditions.get(of, "") + f"    {rule.code!r}: {rule.condition},\n"
        details[name] = details.get(name, "") + f"    {rule.code!r}: lambda: {rule.details},\n"
    rows = _data_module((tuple(rule.fields for rule in loaded), groups))
    return {
        "rules": rows,
        **{f"conditions_{name}": f"{_CONDITIONS}DATA = {{\n{lines}}}\n" for name, lines in conditions.items()},
        **{f"details_{name}": f"{_DETAILS}DATA = {{\n{lines}}}\n" for name, lines in details.items()},
    }


def _subjects_module(loaded: list[RuleFile]) -> str:
    """Return the module of what facts mean, which rules speak of them, and the tags of rules for editors.

    The facts are read from parts.py, which stands in the package itself.
    """
    with open(parts.__file__, encoding="utf-8") as file:
        meaning = meanings(file.read())
    codes = rules_by_fact({rule.code: rule.document for rule in loaded})
    tags = {rule.code: rule.document["tag"] for rule in loaded if "tag" in rule.document}
    data = {"MEANINGS": meaning, "RULES": codes, "TAGS": tags}
    return "".join(_data_module(value, name) for name, value in data.items())


def _tree_module(tree: Any, words: dict[str, tuple[str, ...]]) -> str:
    from hplint.explain import tree_source

    return tree_source(tree, words)


def _data_module(value: Any, name: str = "DATA") -> str:
    """Return a module holding plain data, marshalled: that loads fastest, the more so with equal texts shared."""
    return f"import marshal\n\n{name} = marshal.loads({marshal.dumps(_shared(value, {}), 4)!r})\n"


def _shared(value: Any, known: dict[tuple[type, str], Any]) -> Any:
    """Return `value` with every text or tuple that occurs several times being one object."""
    if isinstance(value, dict):
        return {_shared(key, known): _shared(below, known) for key, below in value.items()}
    if isinstance(value, list):
        return [_shared(below, known) for below in value]
    if isinstance(value, tuple):
        return known.setdefault((tuple, repr(value)), tuple(_shared(below, known) for below in value))
    return known.setdefault((str, value), value) if isinstance(value, str) else value


def _read_yaml(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def _read_json(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)
