"""Keys and values that came or went with a version of the framework.

Which version a config is for is stated by a comment, `# hplint: transformers=4.46`, or in the settings; where neither
does, a key that is gone is certain to be a fault only beside one that came later, since then no version has both.

Data of the format: `versions` (generated: `{package: {keys: {key: [first with it, first without it]}, values: ...}}`)
and `removed` (kept by hand: what to write instead). A format with them lists the packages under `versions_of` in its
format.yaml, and under `all_keys_of` those whose every key counts; of the others only those count that `removed` names.
`patches_count` lists packages whose keys change with the third number too, and not only with the second.

`schemas_of: {ludwig: {"0.11": schema-0-11}}` names, by version, schemas that stand beside schema.json, which takes what
any version does: a config that states the version is held to that one.

`versions_in: {transformers: hf-trl}` says that another format holds the table of a package; the keys that `keeps` in
the format's own `versions` lists are its framework's own too, and do not go when that package drops them.
`versions_until: {transformers: "5.6"}` says up to which version the framework can be used with a package: what goes
later counts only where that version is stated.
"""

from __future__ import annotations

import re

from hplint import knowledge
from hplint.facts.fact import UNKNOWN, default, written
from hplint.facts.parts import Problem
from hplint.syntax.tree import STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hplint.facts.fact import Part
    from hplint.settings import Settings
    from hplint.syntax.tree import Tree

REMOVED, REMOVED_VALUE, LATER = "removed-key", "removed-value", "later-key"
"""Kinds of problems: a key that is gone, a value that is gone, a key that the stated version does not have yet."""


def as_numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers, for comparing: "4.46.3" is (4, 46, 3); what is no number ends it."""
    numbers = []
    for part in version.strip().split("."):
        match = re.match(r"\d+", part)
        if match is None:
            break
        numbers.append(int(match.group()))
    return tuple(numbers)


def stated_versions(tree: Tree, settings: Settings) -> dict[str, str]:
    """Return the versions of packages that a config is for: as comments in it say, else as the settings do."""
    found = dict(settings.versions)
    if tree.syntax != "json" and "hplint:" in tree.source.text:
        comments = re.finditer(r"(?m)#[ \t]*hplint:[ \t]*([A-Za-z_-]+)[ \t]*=[ \t]*(\d[\w.]*)", tree.source.text)
        found |= {match.group(1).lower().replace("_", "-"): match.group(2) for match in comments}
    return found


def schema_for(name: str, description: Mapping[str, Any], tree: Tree, settings: Settings) -> dict[str, Any] | None:
    """Return the schema that a config is held to: that of the version it states, where there is one for it alone."""
    for package, listed in description.get("schemas_of", {}).items():
        minor = ".".join(map(str, as_numbers(stated_versions(tree, settings).get(package, ""))[:2]))
        if minor in listed:
            found: dict[str, Any] = knowledge.data(f"{name}/{listed[minor]}")
            return found
    return knowledge.schema(name)


def version_problems(root: Node, name: str, description: Mapping[str, Any], stated: Mapping[str, str]) -> list[Part]:
    """Return the keys and values of a config that the stated version lacks, or where none is stated a later one."""
    kept = knowledge.data(f"{name}/versions").get("keeps", ())
    entries = {str(key.value): (key, node) for key, node in root.all_entries() if key.kind is STRING}
    made: list[Part] = []
    for package in description["versions_of"]:
        home = description.get("versions_in", {}).get(package, name)
        about, removed = knowledge.data(f"{home}/versions")[package], knowledge.data(f"{home}/removed")
        version = stated.get(package)
        until = description.get("versions_until", {}).get(package)
        digits = 3 if package in description.get("patches_count", ()) else 2
        known = removed.get(package, {})
        if home != name:
            entries = {key: found for key, found in entries.items() if key not in kept}
        newest = _newest(entries, about["keys"])
        for key, (key_node, node) in entries.items():
            added, gone = about["keys"].get(key, (None, None))
            if key not in known and package not in description["all_keys_of"]:
                continue  # a name that scripts of one's own may use too
            if gone is not None and version is None and until is not None and as_numbers(gone) > as_numbers(until):
                continue
            if gone is not None and (version is None or as_numbers(version) >= as_numbers(gone)[:digits]):
                made.append(_removed(key_node, node, package, gone, known.get(key, {}), version, newest, digits))
            elif added is not None and version is not None and as_numbers(version) < as_numbers(added)[:digits]:
                date = _shown(added, digits)
                message = f"{key} came with {package} {date}{_for(version)}"
                facts = {"key": key, "package": package, "version": date, "stated": version}
                made.append(_problem(LATER, node, key_node, message=message, **facts))
        made += _values(entries, package, about.get("values", {}), removed.get("values", {}), version)
    return made


def _newest(entries: Mapping[str, Any], keys: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the key written here that came last, with the version it came with."""
    dated = [(keys[key][0], key) for key in entries if key in keys and keys[key][0] is not None]
    if not dated:
        return None
    version, key = max(dated, key=lambda item: as_numbers(item[0]))
    return key, version


def _removed(
    key: Node,
    value: Node,
    package: str,
    gone: str,
    instead: Mapping[str, Any],
    version: str | None,
    newest: tuple[str, str] | None,
    digits: int,
) -> Part:
    """Return the problem of a key that is gone from version `gone` on, with what to write in its place."""
    needs, newer, date = instead.get("needs"), None, _shown(gone, digits)
    if newest is not None and as_numbers(newest[1])[:digits] >= as_numbers(gone)[:digits]:
        newer = newest
    use, how = instead.get("use"), instead.get("how")
    advice = f"; use {use}" + (f", where {how}" if how else "") if use else f"; {how}" if how else ""
    clash = f", and no version takes it beside {newer[0]}, which came with {_shown(newer[1], digits)}" if newer else ""
    return _problem(
        REMOVED,
        value,
        key,
        message=f"{key.text} is gone from {package} {date} on{_for(version)}{clash}{advice}",
        key=key.text,
        package=package,
        version=date,
        stated=version,
        replacement=use,
        new_value=instead.get("values", {}).get(value.text.lower()),
        fits=version is not None and (needs is None or as_numbers(version) >= as_numbers(needs)),
        droppable=bool(instead.get("drop")),
        newer_key=newer[0] if newer is not None else None,
    )


def _values(
    entries: Mapping[str, tuple[Node, Node]],
    package: str,
    dates: Mapping[str, Mapping[str, Any]],
    instead: Mapping[str, Mapping[str, str]],
    version: str | None,
) -> Iterator[Part]:
    """Yield the problems of values that are gone, or that the stated version does not have yet."""
    for key, values in dates.items():
        node = entries[key][1] if key in entries else None
        if node is None or not isinstance(node.value, str):
            continue
        added, gone = values.get(node.value, (None, None))
        if gone is not None and (version is None or as_numbers(version) >= as_numbers(gone)[:2]):
            new = instead.get(key, {}).get(node.value)
            date, kind = _shown(gone, 2), REMOVED_VALUE
            message = f"{node.value} is gone from {package} {date} on{_for(version)}" + (f"; use {new}" if new else "")
        elif added is not None and version is not None and as_numbers(version) < as_numbers(added)[:2]:
            new, date, kind = None, _shown(added, 2), LATER
            message = f"{node.value} came with {package} {date}{_for(version)}"
        else:
            continue
        facts = {"key": key, "package": package, "version": date, "stated": version, "replacement": new}
        yield _problem(kind, node, node, message=message, **facts)


def _problem(kind: str, node: Node, place: Node, **facts: Any) -> Part:
    part = Problem(node, place)
    part.state(kind=default(kind, "found"), current=written(node, node.text))
    part.state(**{name: UNKNOWN if value is None else default(value, "found") for name, value in facts.items()})
    return part


def _for(version: str | None) -> str:
    return f", and this config is for {version}" if version is not None else ""


def _shown(version: str, digits: int) -> str:
    """Return a version without what is not looked at, which mostly is its patch: 4.46.3 is 4.46."""
    return ".".join(version.split(".")[:digits])
