"""Write schemas/llamafactory/versions.json: which keys came and went with which version of LLaMA-Factory.

    python scripts/llamafactory_versions.py LLAMAFACTORY

takes a checkout of hiyouga/LLaMA-Factory with its tags. The argument classes are read as text, release by release, so
nothing is installed or run. The file holds what scripts/hf_versions.py writes for transformers and TRL: the versions
that were looked at, and for each key that not all of them have `[first version with it, first without it]`. `choices`
holds the values that any release listed. schema.json then takes all of that, and the keys of transformers' older
versions: what a newer release no longer has is told by version, and is no mistake in a config for an older one.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from hf_versions import spans

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "llamafactory"
ARGUMENTS = r"src/\w+/hparams/\w*(_args|_arguments)\.py"
NAMES = r"src/\w+/extras/constants\.py"
OLDEST = (0, 5, 0)
"""Files came with 0.7; keys of the arguments shortly before it were still written into them."""


def git(folder: Path, *words: str) -> str:
    """What a command of git says."""
    return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True).stdout


def releases(folder: Path) -> list[str]:
    """The tags of releases, the oldest first."""
    tags = [tag for tag in git(folder, "tag").split() if re.fullmatch(r"v\d+\.\d+\.\d+", tag)]
    return sorted((tag for tag in tags if numbers(tag) >= OLDEST), key=numbers)


def numbers(tag: str) -> tuple[int, ...]:
    """A tag as numbers, for comparing."""
    return tuple(int(part) for part in tag[1:].split("."))


def classes(folder: Path, tag: str, paths: str) -> list[ast.ClassDef]:
    """The classes in the files of a release whose paths match a pattern."""
    listed = git(folder, "ls-tree", "-r", "--name-only", tag).splitlines()
    trees = [ast.parse(git(folder, "show", f"{tag}:{path}")) for path in listed if re.fullmatch(paths, path)]
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def fields_of(folder: Path, tag: str) -> dict[str, list[ast.expr]]:
    """The annotations of each field of the argument classes of a release."""
    found: dict[str, list[ast.expr]] = {}
    for node in classes(folder, tag, ARGUMENTS):
        for item in node.body if re.search(r"Arguments?$", node.name) else ():
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                found.setdefault(item.target.id, []).append(item.annotation)
    return found


def enumerations(folder: Path, tag: str) -> dict[str, set[str]]:
    """The texts that each enumeration of a release lists."""
    return {
        node.name: {
            item.value.value
            for item in node.body
            if isinstance(item, ast.Assign)
            and isinstance(item.value, ast.Constant)
            and isinstance(item.value.value, str)
        }
        for node in classes(folder, tag, NAMES)
    }


def literals(annotation: ast.expr, listed: dict[str, set[str]]) -> set[str]:
    """The texts that a Literal or an enumeration in an annotation lists."""
    found = set()
    for node in ast.walk(annotation):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            found |= {item.value for item in ast.walk(node.slice) if isinstance(item, ast.Constant)}
        elif isinstance(node, ast.Name):
            found |= listed.get(node.id, set())
    return {value for value in found if isinstance(value, str)}


def add_earlier(properties: dict[str, Any]) -> None:
    """Let the keys of a schema take what any release took; keys that are gone take anything.

    Values that are gone are listed as `x-gone`: they are no mistake, and nobody is told to write them.
    """
    told = json.loads((FOLDER / "versions.json").read_text(encoding="utf-8"))
    below = json.loads((FOLDER.parent / "hf-trl" / "versions.json").read_text(encoding="utf-8"))
    for name in (*told["llamafactory"]["keys"], *below["transformers"]["keys"]):
        properties.setdefault(name, {"deprecated": True})
    for name, values in told["choices"].items():
        known = properties.get(name, {})
        if "enum" in known and (gone := [value for value in values if value not in known["enum"]]):
            known["enum"] += gone
            known["x-gone"] = gone


def main() -> None:
    """Read every release, write versions.json, and let schema.json take what they took."""
    folder = Path(sys.argv[1])
    tags = releases(folder)
    by_release = [fields_of(folder, tag) for tag in tags]
    names = [tag[1:] for tag in tags]
    below = json.loads((FOLDER.parent / "hf-trl" / "versions.json").read_text(encoding="utf-8"))["transformers"]
    # What the Trainer's own arguments have is there without LLaMA-Factory's stating it.
    keys = spans(list(zip(names, [set(fields) - set(below["keys"]) for fields in by_release])))
    choices: dict[str, set[str]] = {}
    for tag, fields in zip(tags, by_release):
        listed = enumerations(folder, tag)
        for key, said in fields.items():
            for annotation in said:
                choices.setdefault(key, set()).update(literals(annotation, listed))
    content = {
        "x-generator": "scripts/llamafactory_versions.py",
        "llamafactory": {"versions": names, "keys": keys},
        "keeps": sorted(set(by_release[-1]) & set(below["keys"])),
        "choices": {key: sorted(values) for key, values in sorted(choices.items()) if values},
    }
    (FOLDER / "versions.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    add_earlier(schema["properties"])
    (FOLDER / "schema.json").write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
