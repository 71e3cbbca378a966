"""What Ludwig refuses of several features together.

Source: Ludwig, config_validation/checks.py: `check_feature_names_unique` and the check of text-to-text models, which
raise ConfigValidationError.
"""

from __future__ import annotations

from hplint.syntax.tree import LIST, STRING, Node, Problem

_PRETRAINED = "pretrained_model_name_or_path"


def check(root: Node) -> list[Problem]:
    """Return features that share a name, and a pretrained text encoder in front of a text output."""
    found = []
    for side in ("input_features", "output_features"):
        names: set[str] = set()
        for feature in _features(root, side):
            name = feature.get("name")
            if name is None or name.kind is not STRING:
                continue
            if name.value in names:
                found.append(
                    _refused(name, f"`{name.text}` names a feature above too; every feature needs its own name")
                )
            names.add(name.value)
    first, target = (next(iter(_features(root, side)), None) for side in ("input_features", "output_features"))
    if first is None or target is None or _says(root, "model_type") not in (None, "ecd"):
        return found
    pretrained = first.at("encoder", _PRETRAINED) or first.get(_PRETRAINED)
    if _says(first, "type") == _says(target, "type") == "text" and pretrained is not None and pretrained.value:
        message = "a pretrained encoder cannot feed a text output; Ludwig wants `model_type: llm` for text to text"
        found.append(_refused(pretrained, message))
    return found


def _features(root: Node, side: str) -> list[Node]:
    features = root.get(side)
    return features.items if features is not None and features.kind is LIST else []


def _says(node: Node, key: str) -> str | None:
    value = node.get(key)
    return None if value is None else str(value.value)


def _refused(node: Node, message: str) -> Problem:
    return Problem("refused-combination", message, node.span)
