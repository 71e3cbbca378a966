"""What can be written at an offset: keys, values, whole layers and features, best first; in whole and broken texts."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.names import squash
from hplint.ide import comments, schemas, templates
from hplint.ide.drafts import item_draft, key_draft
from hplint.ide.keys import facts_of, meaning_of, newer_keys
from hplint.ide.names import kinds_at, patterns, uses
from hplint.ide.place import ITEM, KEY, VALUE, Place
from hplint.ide.places import places
from hplint.ide.ranking import is_default, ranked
from hplint.ide.schemas import Holder, Schemas
from hplint.ide.search_range import suggestions
from hplint.ide.skeletons import skeleton
from hplint.ide.table_schema import table_schema
from hplint.ide.templates import Hole
from hplint.ide.words import said_of, words_of
from hplint.records import record, replace
from hplint.syntax.tree import LIST, MAP
from hplint.text import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from hplint.ide.document import Document

KEYS, VALUES, WHOLES = "key", "value", "whole"
"""Kinds of completions: a key; a value; a whole item, such as a layer with the keys it needs."""

MAX_COMPLETIONS = 500
NAMING = ("name", "type", "kind")
"""Keys that say which one a thing is, and so come before its settings."""


@record
class Completion:
    """One thing that can be written.

    label          what the list shows
    kind           KEYS, VALUES or WHOLES
    detail         what stands beside it: the kind of value, the default
    documentation  one or two sentences; `hover.about` says more of a key
    filter         what the typed word is compared with; begins with a quote where one was typed
    edit           the change as plain text
    snippet        the same with places to fill in, in the protocol's syntax of snippets; None where there are none
    edits          further changes: indentation, a missing comma
    deprecated     the framework wants to be rid of it
    again          its values should be offered at once when it is accepted

    Further lines of `edit` and `snippet` have their whole indentation: insert them as they are. Completions come in
    the order in which they are to be shown.
    """

    label: str
    kind: str
    detail: str
    documentation: str
    filter: str
    edit: Edit
    snippet: str | None = None
    edits: tuple[Edit, ...] = ()
    deprecated: bool = False
    again: bool = False


def complete(document: Document, offset: int) -> tuple[Completion, ...]:
    """Return what can be written at `offset`, the best first; the editor picks by the word that is typed."""
    tree = document.report.tree
    if tree is None:
        return ()
    said = comments.choices(document, offset) if tree.syntax != "json" else None
    if said is not None:
        return tuple(_in_comment(choice) for choice in said)
    if document.format is None and document.schema is None:
        return ()
    schema = Schemas(document.schema) if document.schema is not None else None
    tables = Schemas(table_schema(document.description))
    found: list[Completion] = []
    for place in places(document.text, tree.syntax, offset):
        offered = list(_at(document, schema, place)) if schema is not None else []
        is_complete = schema is not None and place.role != VALUE and schema.is_closed(place.path)
        found += offered if offered or is_complete else _at(document, tables, place)
    newline = document.report.source.newline
    return tuple(found if newline == "\n" else [_with_newlines(one, newline) for one in found])


def narrowed(document: Document, found: Sequence[Completion], offset: int) -> Sequence[Completion]:
    """Return completions at `offset` that are not too many to show: those that what is typed may become, best first."""
    if len(found) <= MAX_COMPLETIONS:
        return found
    fitting = []
    for one in found:
        rest = iter(one.filter.lower())
        if all(char in rest for char in document.text[one.edit.span.start : offset].lower()):
            fitting.append(one)
    return fitting[:MAX_COMPLETIONS]


def _with_newlines(one: Completion, newline: str) -> Completion:
    """Return a completion whose lines end as those of the file do."""
    edit = Edit(one.edit.span, one.edit.text.replace("\n", newline))
    return replace(one, edit=edit, snippet=one.snippet.replace("\n", newline) if one.snippet else None)


def _in_comment(choice: comments.Choice) -> Completion:
    edit = Edit(choice.span, choice.text)
    return Completion(choice.label, VALUES, choice.detail, choice.said, choice.label, edit)


def _at(document: Document, known: Schemas, place: Place) -> Iterator[Completion]:
    if place.role == VALUE:
        yield from _values(document, known, place, known.of_value(place.path), place.path)
    elif place.role == KEY:
        if place.is_new and len(place.path) > 1:
            yield from _items_of_new_list(document, known, place)
        if not place.followed:
            yield from _searched(document, place, place.path)
        yield from _keys(document, known, place)
    else:
        yield from _items(document, known, place)


def _keys(document: Document, known: Schemas, place: Place) -> Iterator[Completion]:
    """Yield the keys that the map at the place does not have yet: those it needs first, then those that matter."""
    holder = place.path[-1]
    holders = known.of_holder(place.path)
    properties: dict[str, list[Any]] = {}
    for schema in holders:
        for name, below in schema.get("properties", {}).items():
            properties.setdefault(name, []).append(below)
    required = [name for schema in holders for name in schema.get("required", ())]
    deciding = {}
    for name, table, default in known.discriminators(place.path):
        path = (*place.path[:-1], Holder(MAP, holder.written, name))
        words = ranked(document, path, facts_of(document, path), list(table), default, place.span.start)
        deciding[name] = Hole(default, tuple(words), True)
    for name, hole in deciding.items():
        properties.setdefault(name, [{"enum": list(hole.choices)}])
    newer = newer_keys(document)
    ordered = []
    known_as = {squash(str(name)) for name in holder.written}  # one key may have several spellings
    for index, (name, below) in enumerate(properties.items()):
        if squash(name) in known_as:
            continue
        known_as.add(squash(name))
        path = (*place.path[:-1], Holder(MAP, holder.written, name))
        draft = key_draft(known, below, name, place)
        facts = facts_of(document, path)
        replaced = not newer.get(name, set()).isdisjoint(properties)
        group = 9 if draft.is_gone else 8 if replaced else 0 if name in deciding else 1 if name in required else 3
        if group == 3 and facts:
            group = 1 if name in NAMING else 2
        said = draft.said or meaning_of(document, path, facts)
        ordered.append(((group, -_weight(facts), index), name, draft, said))
    for _, name, draft, said in sorted(ordered, key=lambda entry: entry[0]):
        written = draft.written
        if name in deciding:
            said = ""  # each branch says something else
            if not place.followed:
                written = templates.write(deciding[name], place.syntax, place.indent, place.step, key=name)
        yield _completion(place, name, KEYS, draft.detail, said, written, draft.is_gone, again=True)


def _weight(facts: Sequence[str]) -> int:
    """Return how much the decision tree has to say about facts: the number of rules that speak of them."""
    return max((len(knowledge.rules_about(fact)) for fact in facts), default=0)


def _items_of_new_list(document: Document, known: Schemas, place: Place) -> Iterator[Completion]:
    """Yield the items that a list may begin with, where a key has no value yet."""
    holder = place.path[-2]
    value = known.expanded(known.below(known.of_holder(place.path[:-1]), holder), Holder(LIST, {}, None))
    if "array" not in schemas.types(value):
        return
    path = (*place.path[:-1], Holder(LIST, {}, None), Holder(MAP, {}, None))
    item = Place(
        ITEM, path, place.span, place.typed, place.syntax, f"{place.indent}  ", place.step, head="- ",
        edits=place.edits,
    )  # fmt: skip
    yield from _items(document, known, item)


def _items(document: Document, known: Schemas, place: Place) -> Iterator[Completion]:
    """Yield what an item of a list may be: a value, a whole map with the keys it needs, or the first key of a map."""
    outer = place.path[:-1]
    begun = place.path[-1]
    item = known.below(known.of_holder(outer), outer[-1])
    if not begun.written and not place.followed:
        yield from _searched(document, place, outer)
        wholes = list(_wholes(document, known, place))
        values = list(_values(document, known, place, known.expanded(item, None), outer))
        # Where one word can be the whole item, it is enough for an item that needs nothing else.
        short = {value.label for value in values} - {whole.label for whole in wholes if whole.detail}
        yield from (whole for whole in wholes if whole.label not in short)
        long = {whole.label for whole in wholes} - short
        yield from (value for value in values if value.label not in long)
    if place.syntax == "yaml":
        yield from _keys(document, known, place)


def _searched(document: Document, place: Place, holders: tuple[Holder, ...]) -> Iterator[Completion]:
    """Yield hyperparameters to search, each with a range on the scale that fits it."""
    for one in suggestions(document, holders):
        key = None if place.role == ITEM else one.name
        template = one.written if key is None or isinstance(one.written, dict) else list(one.written)
        written = templates.write(_holes(template), place.syntax, place.indent, place.step, key=key)
        yield _completion(place, one.name, WHOLES, one.title, f"Worth a search: {one.why}.", written)


def _holes(template: Any) -> Any:
    """Return a template whose numbers are places to fill in."""
    if isinstance(template, dict):
        return {key: _holes(value) for key, value in template.items()}
    if isinstance(template, list):
        return [_holes(value) for value in template]
    return Hole(template) if isinstance(template, (int, float)) and not isinstance(template, bool) else template


def _wholes(document: Document, known: Schemas, place: Place) -> Iterator[Completion]:
    """Yield whole items of a list by the value that tells them apart, such as one layer of each type."""
    path = place.path
    for name, table, _ in known.discriminators(path):
        decided = (*path[:-1], Holder(MAP, {}, name))
        for word in ranked(document, decided, facts_of(document, decided), list(table), None, place.span.start):
            draft = item_draft(known, table[word], document.description.get("templates", {}), name, word, place)
            if draft is not None:
                yield _completion(place, str(word), WHOLES, draft.detail, draft.said, draft.written)
        return
    holder = known.of_holder(path)
    template = skeleton(known, holder)
    if isinstance(template, dict) and template:
        written = templates.write(template, place.syntax, place.indent, place.step)
        label = ", ".join(template)
        yield _completion(
            place, label, WHOLES, "a whole item", str(schemas.first(holder, "description") or ""), written
        )


def _values(
    document: Document, known: Schemas, place: Place, value: list[Mapping[str, Any]], path: tuple[Holder, ...]
) -> Iterator[Completion]:
    """Yield the values that a key or an item may have, those the tree recommends first."""
    deciding = {name: (table, default) for name, table, default in known.discriminators(path)}
    key = path[-1].key
    documented: dict[Any, str] = {}
    if key in deciding:
        listed = list(deciding[key][0])
        default = deciding[key][1]
        documented = schemas.choices_said(known, deciding[key][0], key)
    else:
        listed = schemas.choices(value)
        default = schemas.first(value, "default")
    for schema in value:
        documented.update(schema.get("x-says", {}))
    types = schemas.types(value)
    # A class is told by its own key, and what it is for by the key around it.
    facts = facts_of(document, path) or (facts_of(document, path[:-1]) if key in deciding else [])
    listed = [*_names(document, path), *listed]
    if schemas.is_switch(value) or (not types and isinstance(default, bool)):
        listed += [choice for choice in (True, False) if not any(choice is known_ for known_ in listed)]
    if not any(isinstance(choice, str) for choice in listed) and (not types or "string" in types):
        listed += words_of(document.description, facts)
    if "null" in types and place.syntax != "toml" and None not in listed:
        listed.append(None)
    if isinstance(default, (str, int, float)) and default not in listed:
        listed.append(default)
    listed += [
        example for schema in value for example in schema.get("examples", ())
        if isinstance(example, (str, int, float)) and example not in listed
    ]  # fmt: skip

    for choice in ranked(document, path, facts, listed, default, place.span.start):
        detail = "default" if is_default(choice, default) else ""
        written = templates.Written(templates.spelt(choice, place.syntax), "")
        label = choice if isinstance(choice, str) else written.plain
        yield _completion(place, label, VALUES, detail, documented.get(choice) or said_of(facts, choice), written)
    if not listed and types in (["array"], ["object"]) and place.role == VALUE and place.syntax != "yaml":
        pair = "[]" if types == ["array"] else "{}"
        yield _completion(place, pair, VALUES, "", "", templates.Written(pair, f"{pair[0]}$0{pair[1]}"))


def _names(document: Document, path: tuple[Holder, ...]) -> list[str]:
    """Return the names of things in the file that a value refers to, such as layers; not that of the thing itself."""
    wanted = patterns(document.description)
    kinds = kinds_at(path, wanted) if wanted else []
    if not kinds:
        return []
    own = {value for holder in path for value in holder.written.values() if isinstance(value, str)}
    found = (use for root in document.roots for use in uses(root, wanted))
    names = dict.fromkeys(use.name for use in found if use.is_declared and use.kind in kinds)
    return [name for name in names if name not in own]


def _completion(
    place: Place,
    label: str,
    kind: str,
    detail: str,
    documentation: str,
    written: templates.Written,
    deprecated: bool = False,
    again: bool = False,
) -> Completion:
    head = place.before + (place.head if place.syntax == "yaml" else "")
    tail = place.after
    snippet = f"{head}{written.snippet}{tail}" if written.snippet and written.snippet != written.plain else None
    quote = written.plain[:1] if written.plain[:1] in ('"', "'") and kind != WHOLES else ""
    return Completion(
        label,
        kind,
        detail,
        documentation,
        quote + label,
        Edit(place.span, f"{head}{written.plain}{tail}"),
        snippet,
        place.edits,
        deprecated,
        again and written.plain.endswith((": ", "= ", '""')),
    )
