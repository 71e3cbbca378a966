"""What Hydra refuses in a `defaults` list, whatever the files that it names hold.

Sources: hydra-core 1.3, hydra/_internal/defaults_list.py: `_validate_self`, `_update_overrides` and
`Overrides.add_override`, each of which raises ConfigCompositionException; config_repository.py,
`_extract_keywords_from_config_group`, which passes over other words than its own.
"""

from __future__ import annotations

from hplint.syntax.tree import LIST, MAP, STRING, Node, Problem

_OVERRIDE = "override "
_OPTIONAL = "optional "
_SELF = "_self_"


def check(root: Node) -> list[Problem]:
    """Return what is wrong with the order and the names of the defaults of a config."""
    defaults = root.get("defaults")
    if defaults is None or defaults.kind is not LIST:
        return []
    found = []
    chosen: dict[str, Node] = {}
    overridden: str | None = None
    selves = 0
    for item in defaults.items:
        if item.kind is STRING and item.value == _SELF:
            selves += 1
            if selves == 2:
                found.append(_problem(item, "_self_ stands twice in `defaults`; Hydra takes it once"))
            continue
        if item.kind is STRING and item.value.startswith(f"{_SELF}@"):
            found.append(_problem(item, "_self_ takes no package; write `# @package` in the first line of the file"))
            continue
        group = _group(item)
        if group is not None and group.startswith(_OVERRIDE):
            overridden = overridden or group
            continue
        if overridden is not None:
            message = f"`{overridden}` stands before this entry; Hydra wants overrides at the end of `defaults`"
            found.append(_problem(item, message))
            overridden = None  # one word on the order is enough
        if group is None:
            continue
        group = group.removeprefix(_OPTIONAL).strip()
        if " " in group and not any(mark in group for mark in ("${", "{{")):
            word = group.split()[0]
            message = f"Hydra knows `override` and `optional` before a group, and passes over `{word}` without a word"
            found.append(_problem(item, message))
            continue
        if group in chosen:
            message = f"`{group}` is chosen above already; to choose another one here, write `override {group}`"
            found.append(_problem(item, message))
        chosen[group] = item
    return found


def _group(item: Node) -> str | None:
    """Return the group that an entry chooses from, None for an entry that names a config alone."""
    if item.kind is not MAP or len(item.entries) != 1:
        return None
    key = item.entries[0][0]
    return key.value if key.kind is STRING else None


def _problem(item: Node, message: str) -> Problem:
    key = item.entries[0][0] if item.kind is MAP and item.entries else item
    return Problem("invalid-defaults", message, key.span)
