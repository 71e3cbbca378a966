"""What is inserted for a key or a whole item, written out once and kept: a schema may have hundreds of keys."""

from __future__ import annotations

from hplint.ide import schemas, templates
from hplint.ide.skeletons import example, skeleton
from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from hplint.ide.place import Place
    from hplint.ide.schemas import Schemas

MAX_KEPT = 20_000
_kept: dict[tuple[Any, ...], tuple[Sequence[Any], Draft]] = {}
# By the schemas' identities, which are their own for as long as they are kept here beside what was made of them.


@record
class Draft:
    """A key or item as it is inserted.

    detail   the kind of value and the default; of an item the keys it has
    said     what it means
    is_gone  the framework wants to be rid of it
    written  its text
    """

    detail: str
    said: str
    is_gone: bool
    written: templates.Written


def key_draft(known: Schemas, below: Sequence[Any], name: str, place: Place) -> Draft:
    """Return a key, for whose value one of the schemas `below` holds, with the least that it needs."""

    def make() -> Draft:
        value = known.expanded(below, None)
        if place.followed:
            written = templates.Written(templates.key_text(name, place.syntax), "")
        else:
            template = skeleton(known, value)
            written = templates.write(template, place.syntax, place.indent, place.step, key=name)
        said = str(schemas.first(value, "description") or "")
        return Draft(detail(value), said, bool(schemas.first(value, "deprecated")), written)

    return _once(("key", name, place.syntax, place.indent, place.step, place.followed), below, make)


def item_draft(
    known: Schemas, branch: Any, shown: Mapping[str, Any], name: str, word: str, place: Place
) -> Draft | None:
    """Return a whole item that `name: word` tells from others; None where there is nothing to write.

    `shown` are the format's own templates, which show how such items are usually written.
    """

    def make() -> Draft:
        usual = example(shown, name, word)
        template = skeleton(known, [branch], {name: word}) if usual is None else usual
        documented = known.resolved(branch.get("properties", {}).get(name, {}))
        said = branch.get("description", "") or documented.get("description", "")
        others = ", ".join(key for key in template if key != name)
        written = templates.write(template, place.syntax, place.indent, place.step)
        return Draft(f"with {others}" if others else "", said, False, written)

    if not isinstance(branch, dict):
        return None
    return _once(("item", name, word, place.syntax, place.indent, place.step), (branch, shown), make)


def detail(value: Sequence[Mapping[str, Any]]) -> str:
    """Return what kind of value one of the schemas takes, and its default."""
    words = schemas.type_words(value)
    default = schemas.first(value, "default")
    if isinstance(default, (str, int, float, bool)):
        return f"{words}, default {templates.spelt(default, 'yaml')}".removeprefix(", ")
    return words


def _once(key: tuple[Any, ...], about: Sequence[Any], make: Callable[[], Draft]) -> Draft:
    whole = (*key, *map(id, about))
    if whole not in _kept:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[whole] = (tuple(about), make())
    return _kept[whole][1]
