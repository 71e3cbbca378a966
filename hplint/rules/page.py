"""A rule's page: what its file says, as Markdown for people."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_PLACEHOLDER = re.compile(r"\{[^{}|]+(?:\|([^{}]*))?\}")

_SEVERITIES = {
    "error": "error: the config will crash, or silently train something else than it says",
    "warning": "warning: nearly always a mistake",
    "info": "info: advice",
}
_APPLICABILITIES = {
    "safe": "safe: applied by `--fix`",
    "unsafe": "needs your consent: applied by `--fix --unsafe-fixes`",
    "display": "shown only, never applied",
}


def page(document: Mapping[str, Any]) -> str:
    """Return the Markdown page of a rule, from the content of its rule file."""
    code, name = document["code"], document["name"]
    blocks = [f"# {code} {name}", *_message(document)]
    by_default = document.get("enabled", document["severity"] != "info")
    blocks.append(
        f"- Severity: {_SEVERITIES[document['severity']]}\n"
        f"- Confidence: {document['confidence']}\n"
        f"- Runs: {'by default' if by_default else f'when selected, as with `--select {code}`'}"
    )
    blocks += ["## Why", _joined(document["why"])]
    blocks += _example(document)
    if document.get("fixes"):
        blocks += ["## Fix", _listed(_fix(fix) for fix in document["fixes"])]
    if document.get("exceptions"):
        blocks += ["## When it stays silent", _listed(document["exceptions"])]
    blocks += ["## Sources", _listed(document["sources"])]
    return "\n\n".join(blocks) + "\n"


def summary(document: Mapping[str, Any]) -> str:
    """Return what a rule is about in one line: what it says, or its name where all of that depends on the config."""
    said: str = (_message(document) or [document["name"].replace("-", " ")])[0]
    return said


def _message(document: Mapping[str, Any]) -> list[str]:
    """Return what the rule says, "…" for what depends on the config; nothing if all of it does."""
    said = _joined(_PLACEHOLDER.sub(lambda found: found[1] or "…", document["message"]))
    return [said] if said.strip("…") else []


def _joined(text: Any) -> str:
    return " ".join(str(text).split())


def _listed(entries: Any) -> str:
    return "\n".join(f"- {_joined(entry)}" for entry in entries)


def _fix(fix: Mapping[str, Any]) -> str:
    return f"{_PLACEHOLDER.sub('…', fix['title'])} ({_APPLICABILITIES[fix['applicability']]})"


def _example(document: Mapping[str, Any]) -> list[str]:
    """Return the shortest of the wrong examples, what is found in it and the text after the fix."""
    examples = document.get("examples", {}).get("invalid", [])
    if not examples:
        return []
    example = min(examples, key=lambda example: len(example["config"]))
    blocks = ["## Example", _code(example["config"])]
    for path, content in example.get("beside", {}).items():
        blocks += [f"together with `{path}`:", _code(content)]
    if example.get("message"):
        blocks.append(f"gives: {_joined(example['message'])}")
    if example.get("fixed"):
        blocks += ["After the fix:", _code(example["fixed"])]
    return blocks


def _code(config: str) -> str:
    syntax = "json" if config.lstrip().startswith(("{", "[", '"')) else "yaml"
    return f"```{syntax}\n{config.rstrip()}\n```"
