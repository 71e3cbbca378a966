"""Values as they are spelt and keys as they stand: what rules about YAML, JSON and TOML look at."""

from __future__ import annotations

import re

from hplint.facts.fact import UNKNOWN, default, written
from hplint.facts.parts import Entry, Scalar
from hplint.syntax.tree import FLOAT, INTEGER, LIST, STRING, Node, gather

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from hplint.facts.fact import Part
    from hplint.schema.check import Mismatch

_TRICKY_WORDS = frozenset(("none", "nil", "inf", "infinity", "nan", "on", "off", "yes", "no"))
_TRICKY_NUMBER = (
    r"[-+]?\d[\d_]*(?:\.\d*)?[eE][-+]?\d+\Z|0\d+\Z|\d+(?::\d\d)+\Z|\d{4}-\d\d-\d\d|\d+\.\d+0\Z"
    r"|(?i:[-+]?\.?inf(?:inity)?|\.?nan)\Z|\(.*\)\Z|[\d.]+(?:\s*,\s*[\d.]+)+\Z"
)
_known_texts: dict[str, bool] = {}
"""Whether texts of scalars are tricky: the configs of a run have most of them in common."""
MAX_KNOWN_TEXTS = 10_000
MAX_KNOWN_LENGTH = 100
MAX_ENTRIES = 1000
"""How many entries of one map are looked at that stand there twice: a map with more is no config."""
_DECIMAL = r"-?(?:0|[1-9]\d*)(?:\.\d+)?\Z"
_SCIENTIFIC = r"([-+]?)(\d*)(?:\.(\d*))?([eE])([-+]?)(\d+)\Z"
_MEANINGS: dict[Any, tuple[str, ...]] = {
    False: ("no", "off", "none", "disabled", "never"),
    True: ("yes", "on", "enabled"),
}
_WORD = r"[A-Za-z][\w./-]*\Z"


class Spelling:
    """Gathers the Scalars and Entries of a file that rules about spelling have something to say of.

    Scalars are those that loaders read differently, Entries keys that stand twice in a map or override what a merge
    (`<<`) brings. `syntax` is the file's, `description` the format's, `asks` tells whether any rule fires on a part,
    `coerces` that the program turns every text into what is wanted.
    """

    def __init__(
        self, syntax: str, description: Mapping[str, Any], asks: Callable[[Part], bool], coerces: bool
    ) -> None:
        self.loader = description.get("loader", "pyyaml") if syntax == "yaml" else syntax
        self.coerced = None if coerces else description.get("coerced", ())
        self.unsure = bool(description.get("may_coerce"))
        self.computes_with_text = bool(description.get("computes_with_text"))
        self.asks = asks

    def here(self, node: Node) -> tuple[Part, ...]:
        """Return the parts that a node itself gives."""
        if node.is_scalar:
            return self.of_scalar(node) if _is_tricky(node.text) and not node.is_alias else ()
        if node.kind is LIST or node.is_alias:
            return ()
        keys = [key.value for key, _ in node.entries]
        if len(set(keys)) == len(keys) and "<<" not in keys:
            return ()
        return tuple(part for entry in _entries(node) for part in self.told(entry))

    def of_scalar(self, node: Node) -> tuple[Part, ...]:
        """Return the part that a scalar gives, kept with it."""
        found: tuple[Part, ...] | None = node.recall(self)
        if found is None:
            found = self.told(self.scalar(node, None))
            node.remember(self, found)
        return found

    def join(self, found: list[tuple[Part, ...]]) -> tuple[Part, ...]:
        """Return the parts one after the other."""
        return tuple(part for parts in found for part in parts)

    def told(self, part: Part) -> tuple[Part, ...]:
        """Return a part if any rule speaks of it."""
        return (part,) if self.asks(part) else ()

    def parts(self, root: Node, mismatches: list[Mismatch]) -> list[Part]:
        """Return all parts of a file in its order; `mismatches` are what its schema does not accept."""
        in_file = _InFile()
        refused = {id(one.node): one for one in mismatches if one.node.is_scalar and in_file.holds(one.node)}
        made = [part for part in gather(root, self) if id(part.node) not in refused or isinstance(part, Entry)]
        if refused:
            made += [part for one in refused.values() for part in self.told(self.scalar(one.node, one))]
            made.sort(key=_start)
        return made

    def scalar(self, node: Node, mismatch: Mismatch | None) -> Scalar:
        """Return a Scalar; `mismatch` tells that the schema does not accept it."""
        scalar = _scalar(node, mismatch, self.loader, self.coerced, self.unsure)
        scalar.state(strict=default(self.computes_with_text, "of the format"))
        return scalar


class _InFile:
    """Tells which nodes are values that are written in the file, and neither keys nor made up when it was read.

    The values of a map are looked up once: thousands of its keys may be refused.
    """

    def __init__(self) -> None:
        self.below: dict[int, set[int]] = {}

    def holds(self, node: Node) -> bool:
        """Whether a node is such a value."""
        parent = node.parent
        if node.is_alias or parent is None:
            return not node.is_alias
        if id(parent) not in self.below:
            self.below[id(parent)] = set(map(id, parent.children()))
        return id(node) in self.below[id(parent)]


def _start(part: Part) -> tuple[int, int]:
    """Return what orders parts as their maps and values stand in the file: entries of a map before its values."""
    node = part.node
    place = node.parent if isinstance(part, Entry) and node is not None else node
    return (place.start if place is not None else 0, 0 if isinstance(part, Entry) else 1)


def _is_tricky(text: str) -> bool:
    """Whether a scalar's meaning is a matter of the loader; only these, and those the schema refuses, are looked at."""
    known = _known_texts.get(text)
    if known is not None:
        return known
    found = _looks_tricky(text)
    if len(text) < MAX_KNOWN_LENGTH:
        if len(_known_texts) > MAX_KNOWN_TEXTS:
            _known_texts.clear()
        _known_texts[text] = found
    return found


def _looks_tricky(text: str) -> bool:
    if text[:1].isalpha():
        return text.lower() in _TRICKY_WORDS
    whole, _, fraction = text.partition(".")
    if whole.isdigit() and (not fraction or fraction.isdigit()):  # by far the most, and no pattern is needed
        return (whole[0] == "0" and len(whole) > 1) if not fraction else fraction.endswith("0") and len(fraction) > 1
    return re.match(_TRICKY_NUMBER, text) is not None


def _scalar(node: Node, mismatch: Mismatch | None, loader: str, coerced: Any, unsure: bool) -> Scalar:
    holder = node if isinstance(node.key, Node) or node.parent is None else node.parent
    key = holder.key.text if isinstance(holder.key, Node) else None
    number = as_number(node.text)
    wanted = list(mismatch.wanted) if mismatch is not None else []
    plain = node.style == "" and loader not in ("json", "toml", "cfg")
    facts: dict[str, Any] = {
        "text": node.text, "plain": plain, "kind": node.kind, "key": key,
        "loader": loader, "tag": node.tag, "listed_in": key if holder is not node else None,
        "coerced": coerced is None or key in coerced, "may_be_coerced": unsure,
        "value": node.value if node.kind is INTEGER or node.kind is FLOAT else None,
    }  # fmt: skip
    optional = {"number": number, "spelling": number_text(node.text, wanted), "listed": list_text(node.text)}
    if mismatch is not None:
        facts["wanted"], facts["choices"] = wanted, list(mismatch.choices)
        optional["mended"] = _mended(node, wanted)
        optional["meant"] = next((word for word in _MEANINGS.get(node.value, ()) if word in mismatch.choices), None)
    scalar = Scalar(node)
    scalar.state(**{name: default(value, "read") for name, value in facts.items()})
    scalar.state(**{name: UNKNOWN if value is None else default(value, "read") for name, value in optional.items()})
    return scalar


def as_number(text: str) -> float | None:
    """Return the number that a person reads in `text`, None if there is none; "inf" and "nan" count as numbers."""
    try:
        return float(text.replace("_", "")) if text.isascii() else None
    except ValueError:
        return None


def says_number(mismatch: Mismatch) -> bool:
    """Whether nothing is wrong with a value but that the number which is wanted stands in a text."""
    is_wanted = "number" in mismatch.wanted or "integer" in mismatch.wanted
    return is_wanted and mismatch.node.kind is STRING and as_number(mismatch.node.text) is not None


def number_text(text: str, wanted: list[str]) -> str | None:
    """Return the number in `text` spelt so that every loader reads a number, None where that cannot be done.

    PyYAML reads an exponent only behind a point and with a sign: 1e-3 becomes 1.0e-3, 5e5 becomes 5.0e+5. Where
    `wanted`, the accepted JSON types, has "integer" but not "number", the result is a whole number: 1e3 becomes 1000.
    """
    number = as_number(text)
    if number is None or number != number or abs(number) == float("inf"):
        return None
    if "integer" in wanted and "number" not in wanted:
        return str(int(number)) if number.is_integer() else None
    plain = text.strip().replace("_", "")
    if re.match(_DECIMAL, plain):
        return plain
    parts = re.match(_SCIENTIFIC, plain)
    if parts is None:
        return repr(number)
    sign, whole, fraction, exponent, direction, power = parts.groups()
    minus, whole = "-" if sign == "-" else "", whole.lstrip("0") or "0"
    return f"{minus}{whole}.{fraction or '0'}{exponent}{direction or '+'}{power}"


def list_text(text: str) -> str | None:
    """Return "(3, 3)" or "3, 3" as the list "[3, 3]", None if `text` is not several numbers."""
    inner = text.strip()
    if inner.startswith("(") and inner.endswith(")"):
        inner = inner[1:-1]
    items = [number_text(item.strip(), []) for item in inner.strip().removesuffix(",").split(",")]
    if None in items or "," not in inner:
        return None
    return "[" + ", ".join(item for item in items if item is not None) + "]"


def _mended(node: Node, wanted: list[str]) -> str | None:
    """Return the value written as a type that is wanted, where nothing but its spelling stands in the way."""
    if "string" in wanted and node.kind in (INTEGER, FLOAT) and str(node.value) == node.text:
        return f'"{node.text}"'
    if "boolean" in wanted and node.kind is STRING and node.text.lower() in ("true", "false"):
        return node.text.lower()
    if "array" in wanted and list_text(node.text) is None:
        if node.kind in (INTEGER, FLOAT) and re.match(_DECIMAL, node.text):
            return f"[{node.text}]"
        if node.kind is STRING and re.match(_WORD, node.text):
            return f"[{node.text}]" if node.style == "" else f'["{node.text}"]'
    return None


def _entries(node: Node) -> Iterator[Part]:
    """Yield the entries of a map whose key stood there before, or came by a merge with another value."""
    seen: dict[Any, Node] = {}
    merged = _merged(node)
    count = 0
    for key, value in node.entries:
        if key.value == "<<":
            continue
        before = seen.get(key.value)
        other = before if before is not None else merged.get(key.value)
        seen[key.value] = value
        if other is not None and count < MAX_ENTRIES:
            count += 1
            entry = Entry(value, key)
            facts = {"key": key.text, "duplicate": before is not None, "merged": before is None}
            entry.state(**{name: default(fact, "read") for name, fact in facts.items()})
            same = other.data() == value.data()
            entry.state(same_value=default(same, "read"), earlier=written(other, other.text))
            yield entry


def _merged(node: Node) -> dict[Any, Node]:
    """Return what the merges (`<<`) of a map bring."""
    if not any(key.value == "<<" for key, _ in node.entries):
        return {}
    own = {id(value) for _, value in node.entries}
    return {key.value: value for key, value in node.all_entries() if id(value) not in own}
