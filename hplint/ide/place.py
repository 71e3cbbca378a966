"""What can be written at an offset: a key, a value or an item, in which maps and lists. hplint.ide.places finds it."""

from __future__ import annotations

from hplint.records import record
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.ide.schemas import Holder

KEY, VALUE, ITEM = "key", "value", "item"
"""What is being written: a key of a map; the value of a key; an item of a list, which may begin a map."""


@record
class Place:
    """What is being written at an offset.

    role      KEY, VALUE or ITEM
    path      the maps and lists around it from the top level inwards; the key being written is in none of them. For a
              VALUE the last one is the map with the value's key; for an ITEM the list and, last, the map that the item
              becomes when a key is written
    span      the text that is replaced: the word at the offset, quotes included
    typed     the part of it before the offset, without quotes
    syntax    "yaml" (a block), "flow" (YAML between brackets), "json" or "toml"
    indent    what stands before further lines of what is inserted
    step      one level of indentation more
    is_new    a block that has no line yet: a list may stand there as well as a map
    head      what an item of its own line begins with: "- " or nothing
    followed  a key has its colon already
    before    text that has to stand before what is inserted: a space after a colon
    edits     what else has to change: the indentation of the line, a missing comma before it
    after     text that has to stand behind what is inserted: a missing comma
    """

    role: str
    path: tuple[Holder, ...]
    span: Span
    typed: str
    syntax: str
    indent: str = ""
    step: str = "  "
    is_new: bool = False
    head: str = ""
    followed: bool = False
    before: str = ""
    edits: tuple[Edit, ...] = ()
    after: str = ""
