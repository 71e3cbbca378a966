"""All there is to set, as a table: settings files are read by it, and their JSON Schema is made from it."""

from __future__ import annotations

from hplint import knowledge
from hplint.findings import CONFIDENCES, SEVERITIES
from hplint.records import record
from hplint.settings import PROFILES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@record
class Key:
    """One setting: what kind of value it takes (a key of _READERS), what it does, and the words it chooses from."""

    kind: str
    help: str
    choices: tuple[str, ...] = ()


KEYS = {
    "extend": Key("text", "Another settings file to build on, relative to this one; what is set here wins."),
    "select": Key("rules", "Rules that run, and no others: codes (LR001), starts of codes (LR), names, or ALL."),
    "extend-select": Key("rules", "Rules that run besides those of the profile or of `select`."),
    "ignore": Key("rules", "Rules that do not run."),
    "per-file-ignores": Key("rules by pattern", "Rules that do not run on files that match a pattern."),
    "profile": Key(
        "choice",
        "Which rules run when `select` is not set: `default`, `strict` (advice too, where it is not of low confidence) "
        "or `all`.",
        PROFILES,
    ),
    "min-severity": Key("choice", "Findings of lower severity do not count.", SEVERITIES),
    "min-confidence": Key("choice", "Findings that are less certain do not count.", CONFIDENCES),
    "formats": Key(
        "formats",
        "The format that files matching a pattern are read as, whatever their content; or, as a table, a format of "
        "your own by its name.",
    ),
    "versions": Key("versions", 'Versions that configs are for: {transformers = "4.46"}, or "installed".'),
    "own": Key("folders", "Folders with formats and rules of your own, in `formats/` and `rules/`."),
    "exclude": Key("patterns", "Files and folders that are not looked at, unless they are named."),
    "gitignore": Key(
        "switch", "Whether files that git ignores are left alone unless they are named; they are by default."
    ),
    "suppressions": Key("suppressions", "Findings to leave out of files that take no comments, by JSON pointer."),
    "baseline": Key("text", "A file of known findings, made by `hplint baseline`; only others are reported."),
}

SUPPRESSION_KEYS = {
    "files": Key("text", "The files that are meant, as a pattern."),
    "rules": Key("rules", "The rules whose findings are left out."),
    "at": Key("text", "The JSON pointer of a value; what stands below it is covered too. Without it, the whole file."),
    "reason": Key("text", "Why, for whoever reads the settings next."),
}

RENAMES = {
    "extend-ignore": "ignore", "exclude-files": "exclude", "extend-exclude": "exclude", "rules": "select",
    "respect-gitignore": "gitignore", "files": "formats", "overrides": "per-file-ignores", "severity": "min-severity",
    "suppress": "suppressions", "inherit": "extend", "include": "extend", "disable": "ignore", "enable": "select",
}  # fmt: skip
"""What other tools call these settings, for "did you mean"."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the settings, as in hplint/settings.schema.json."""
    families = {rule.code.rstrip("0123456789") for rule in knowledge.rules()}
    named = {"type": "string", "examples": ["ALL", *sorted(families)]}
    texts = {"type": "array", "items": {"type": "string"}}
    kinds: dict[str, dict[str, Any]] = {
        "text": {"type": "string", "minLength": 1},
        "switch": {"type": "boolean"},
        "choice": {"type": "string"},
        "patterns": texts,
        "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        "rules by pattern": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        },
        "formats": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"$ref": "#/$defs/format"}, {"$ref": "#/$defs/description"}]},
        },
        "versions": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^([0-9]|installed$)"}},
        "folders": texts,
        "suppressions": {"type": "array", "items": {"$ref": "#/$defs/suppression"}},
    }

    def properties(keys: dict[str, Key]) -> dict[str, Any]:
        return {
            name: {
                "description": key.help,
                **kinds[key.kind],
                **({"enum": list(key.choices)} if key.choices else {}),
            }
            for name, key in keys.items()
        }

    suppression = properties(SUPPRESSION_KEYS)
    suppression["at"] = {**suppression["at"], "minLength": 0, "pattern": "^(/.*)?$"}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of hplint",
        "description": "hplint.toml, or [tool.hplint] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": properties(KEYS),
        "$defs": {
            "rule": {"description": "A rule's code, the start of a code, a name, or ALL.", **named},
            "format": {
                "description": "A format, as `hplint formats` lists them, or one of your own.",
                "type": "string",
                "examples": list(knowledge.formats()),
            },
            "description": {
                "description": "A format of your own, described as format.yaml files are.",
                "type": "object",
            },
            "suppression": {
                "type": "object",
                "additionalProperties": False,
                "required": ["files", "rules"],
                "properties": suppression,
            },
        },
    }
