"""What a key, value, alias or code means: shown when the pointer rests on it."""

from __future__ import annotations

import re

from hplint import knowledge
from hplint.facts.fact import DERIVED, INFERRED
from hplint.ide import advice, markup, schemas
from hplint.ide.comments import rule_at, rule_named
from hplint.ide.document import facts_at, locate
from hplint.ide.keys import facts_of, meaning_of
from hplint.ide.navigation import occurrences
from hplint.ide.place import VALUE
from hplint.ide.places import places
from hplint.ide.schemas import Holder, Schemas
from hplint.ide.table_schema import table_schema
from hplint.ide.words import said_of
from hplint.records import record
from hplint.syntax.tree import MAP, NULL, STRING, Node
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from hplint.facts.fact import Fact, Part
    from hplint.ide.document import Document, Step
    from hplint.ide.markup import Markup

MAX_CHOICES, MAX_LISTED = 24, 100
"""How many values are shown, and of how many none is, such as of all classes of a library."""
MAX_PREVIEW_LINES = 12
MAX_USES = 12
"""In how many lines an anchor is told to be used."""
_ANCHOR = re.compile(r"(?:![^\s,\[\]{}]*\s+)?(&[^\s,\[\]{}]+)")


@record
class Hover:
    """What to show, and the text it is about."""

    span: Span
    shown: Markup


def hover(document: Document, offset: int) -> Hover | None:
    """Return what to show for the text at `offset`, None for nothing."""
    named = rule_at(document, offset)
    if named is not None:
        span, code, rule = named
        return Hover(span, rule_summary(code, rule))
    tree = document.report.tree
    steps = locate(tree.roots, offset) if tree is not None else []
    if tree is not None and not tree.complete and (not steps or not steps[-1].value.is_scalar):
        return _by_place(document, offset)
    if not steps:
        return None
    last = steps[-1]
    value = last.value
    anchor = _ANCHOR.match(document.text, value.start)
    if anchor is not None and anchor.start(1) <= offset <= anchor.end():
        return Hover(Span(anchor.start(1), anchor.end()), _anchor(document, value, anchor))
    on_key = last.key is not None and offset <= last.key.end
    is_alias = value.is_alias or (value.kind is NULL and document.text.startswith("*", value.start))
    if is_alias and not on_key:
        return Hover(value.span, _alias(document, value))
    reference = _reference(document, offset) if not on_key else None
    if reference is not None:
        return reference
    if not value.is_scalar and not on_key and last.key is None:
        return None  # between the entries of a collection
    if document.format is None and value.kind is STRING and not on_key:  # the settings name rules
        rule_here = rule_named(document.text, offset, value.start, value.end)
        if rule_here is not None:
            return Hover(rule_here[0], rule_summary(rule_here[1], rule_here[2]))
    described = about(document, path_to(steps), steps)
    span = last.key.span if on_key and last.key is not None else value.span
    return Hover(span, described) if described.plain and value.start <= value.end else None


def _by_place(document: Document, offset: int) -> Hover | None:
    """Return what to show for a key or value behind a break of the text, without what was read from it."""
    tree = document.report.tree
    for place in places(document.text, tree.syntax, offset) if tree is not None else ():
        word = document.text[place.span.start : place.span.end].strip("\"'")
        path = place.path
        if place.role != VALUE and place.followed:
            path = (*path[:-1], Holder(MAP, path[-1].written, word))
        if word and path[-1].key is not None:
            shown_there = about(document, path)
            return Hover(place.span, shown_there) if shown_there.plain else None
    return None


def path_to(steps: Sequence[Step]) -> list[Holder]:
    """Return the holders on the way to the last step, as schemas are chosen by."""
    return [
        Holder(
            step.holder.kind,
            written(step.holder, step.key),
            step.key.value if step.key is not None else None,
        )
        for step in steps
    ]


def written(holder: Node, but: Node | None = None) -> Mapping[Any, Any]:
    """Return the keys of a map with their scalar values, leaving out the key `but`."""
    if holder.kind is not MAP:
        return {}
    return {
        key.value: value.value if value.is_scalar else None for key, value in holder.all_entries() if key is not but
    }


def about(document: Document, path: Sequence[Holder], steps: Sequence[Step] = ()) -> Markup:
    """Return what the last holder's key (or an item of it) means, allows and defaults to, what was read, and advice."""
    found = Schemas(document.schema).of_value(path) if document.schema is not None and path else []
    if not found and path:
        found = Schemas(table_schema(document.description)).of_value(path)
    facts = facts_at(document.report.training, steps[-1].value) if steps else []
    stated: dict[str, Part | None] = {f"{type(part).__name__}.{name}": part for part, name, _ in facts}
    if not stated and path:
        stated = dict.fromkeys(facts_of(document, path))
    names = list(stated)
    description = _chosen(document, path, steps) or schemas.first(found, "description") or ""
    blocks = [
        _title(document, path, found),
        markup.text(description or meaning_of(document, path, names)),
        _choices(found),
        *_readings(facts),
        _word(names, steps[-1].value.value if steps else None),
        advice.rules(stated, document.report.training),
    ]
    return markup.paragraphs(blocks) if any(block.plain for block in blocks[1:]) or found else markup.EMPTY


def _chosen(document: Document, path: Sequence[Holder], steps: Sequence[Step]) -> str:
    """Return what a value means that chooses between branches of the schema, such as the type of a layer."""
    if document.schema is None or not steps:
        return ""
    known = Schemas(document.schema)
    for name, table, _ in known.discriminators(path):
        if path[-1].key == name and steps[-1].value.is_scalar:
            return schemas.choices_said(known, table, name).get(steps[-1].value.value, "")
    return ""


def _word(facts: Sequence[str], value: Any) -> Markup:
    """Return what is true of a value that is one of the field's names."""
    said = said_of(facts, value)
    return markup.joined([markup.code(str(value)), markup.text(f": {said}")]) if said else markup.EMPTY


def _title(document: Document, path: Sequence[Holder], found: Sequence[Mapping[str, Any]]) -> Markup:
    """Return the line with the key, what kind of value it takes, and its default."""
    key = next((str(holder.key) for holder in reversed(path) if holder.kind is MAP), "")
    pieces = [markup.bold(key)] if key else []
    words = schemas.type_words(found)
    if words:
        pieces.append(markup.text(words))
    default = schemas.first(found, "default")
    if isinstance(default, (str, int, float, bool)) or (isinstance(default, list) and len(str(default)) <= 60):
        pieces.append(markup.joined([markup.text("default "), markup.code(shown(default)), _of_version(document)]))
    if schemas.first(found, "deprecated"):
        pieces.append(markup.text("deprecated"))
    return markup.joined(pieces, " · ")


def _of_version(document: Document) -> Markup:
    """Return whose default it is: the framework at the version that the format, or else its schema, is of."""
    version = document.description.get("version") or (document.schema or {}).get("x-version")
    title = document.description.get("title")
    return markup.text(f" in {title} {version}") if title and version else markup.EMPTY


def shown(value: Any) -> str:
    """Return a value of a schema as a config writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, list):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return str(value)


def _choices(found: Sequence[Mapping[str, Any]]) -> Markup:
    listed = schemas.choices(found)
    if not listed or len(listed) > MAX_LISTED:
        return markup.EMPTY
    pieces = [markup.code(shown(value)) for value in listed[:MAX_CHOICES]]
    more = f" and {len(listed) - MAX_CHOICES} more" if len(listed) > MAX_CHOICES else ""
    return markup.joined([markup.text("One of: "), markup.joined(pieces, ", "), markup.text(more)])


def _readings(facts: Sequence[tuple[Part, str, Fact[Any]]]) -> list[Markup]:
    """Return what was read from a value: of facts of one part with one value the first that a reader states."""
    stated = [entry for entry in facts if (type(entry[0]).__name__, entry[1]) not in DERIVED] or list(facts)
    stated = [entry for entry in stated if entry[2].value is not False and entry[2].origin != INFERRED] or stated[:1]
    found: dict[tuple[int, str], tuple[str, Fact[Any]]] = {}
    for part, name, fact in stated:
        found.setdefault((id(part), repr(fact.value)), (f"{type(part).__name__}.{name}", fact))
    made = {markup_of.plain: markup_of for name, fact in found.values() for markup_of in [advice.reading(name, fact)]}
    return [markup.joined(list(made.values())[:2], "; ")] if made else []


def _anchor(document: Document, node: Node, anchor: re.Match[str]) -> Markup:
    """Return where the value of an anchor is used, and the value."""
    places = [found.span.start for found in occurrences(document, anchor.start(1) + 1) if not found.is_definition]
    lines = ", ".join(str(document.report.source.position(place).line) for place in places[:MAX_USES])
    lines += f" and {len(places) - MAX_USES:,} more" if len(places) > MAX_USES else ""
    used = (
        f" is used in line {lines}" if len(places) == 1 else f" is used in lines {lines}" if places else " is not used"
    )
    return markup.paragraphs(
        [markup.joined([markup.code(anchor.group(1)), markup.text(used)]), preview(document, node)]
    )


def _alias(document: Document, node: Node) -> Markup:
    """Return the value that an alias or a reference stands for."""
    written = document.text[node.start : node.end]
    if not written.startswith("*"):
        head = markup.joined([markup.code(written), markup.text(" stands for")])
        return markup.paragraphs([head, preview(document, node)])
    head = markup.joined([markup.text("Alias of "), markup.code(f"&{written[1:]}")])
    if node.kind is NULL:
        return markup.joined([head, markup.text(", which nothing above it defines")])
    return markup.paragraphs([head, preview(document, node)])


def _reference(document: Document, offset: int) -> Hover | None:
    """Return the value of the key that a part of a text at `offset` refers to, None where it refers to none."""
    places = occurrences(document, offset)
    here = next((place for place in places if place.span.start <= offset <= place.span.end), None)
    defined = next((place for place in places if place.is_definition), None)
    if here is None or defined is None or here.is_definition or here.target[0] != "key":
        return None
    steps = locate(document.roots, defined.span.start)
    if not steps:
        return None
    line = document.report.source.position(defined.span.start).line
    head = markup.joined([markup.code(here.target[1]), markup.text(f" stands in line {line} as")])
    return Hover(here.span, markup.paragraphs([head, preview(document, steps[-1].value)]))


def preview(document: Document, node: Node) -> Markup:
    """Return a value as code, cut where it is long."""
    if node.is_scalar:
        return markup.code(node.text if node.text.startswith(("&", "!")) or not node.is_alias else shown(node.value))
    below = (found for root in document.roots for found in root.walk() if not found.is_alias)
    shared = next((found for found in below if found.entries is node.entries and found.items is node.items), node)
    lines = document.text[shared.start : shared.end].splitlines()
    kept = lines[:MAX_PREVIEW_LINES] + (["..."] if len(lines) > MAX_PREVIEW_LINES else [])
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", "\n".join(kept))), default=0))
    return markup.Markup("\n".join([fence, *kept, fence]), "\n".join(kept))


def rule_summary(code: str, rule: Mapping[str, Any]) -> Markup:
    """Return a rule in short: its name, how bad it is, why it matters, where to read on."""
    return markup.paragraphs(
        [
            markup.joined([markup.bold(f"{code} {rule['name']}"), markup.text(f" · {rule['severity']}")]),
            markup.text(" ".join(str(rule["why"]).split())),
            markup.bullets(markup.text(str(source)) for source in rule["sources"][:3]),
            markup.link("the rule's page", knowledge.page_url(code)),
        ]
    )
