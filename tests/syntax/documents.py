"""Random documents for the property tests: values, and texts that spell them in every way a person might."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import yaml
from hypothesis import strategies as st

WORDS = ["lr", "adam", "relu", "dense_1", "a b", "é", "path/to", "x", "hidden-size", "model.name"]
TRICKY = [
    "", " ", "yes", "1e-3", "1", "null", "~", "- a", "a: b", "a #b", "#c", "{x", "it's", '"q"', "\\", "😀", "\t", "*x",
    "&y", "a\nb\n", "a\n\n  b", "x\n", "@", "%d", "!t", "2024-01-02", "0x1f", "12:30:45", "=", "<<", ":", "?", "-",
    "...", "é\u2028e", "\x85",
]  # fmt: skip
KEYS = [*WORDS, "a", "b", "c", "d", "1", "on", "a: b", "é😀", "it's", "n"]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-1000, 10**12)
    | st.floats(allow_nan=False)
    | st.sampled_from([0.1, 1e-5, 3e-4, 1e20, float("inf")])
    | st.sampled_from(WORDS)
    | st.sampled_from(TRICKY)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
roots = st.dictionaries(st.sampled_from(KEYS), values, min_size=1, max_size=5) | st.lists(
    values, min_size=1, max_size=4
)


def without_none(value: Any) -> Any:
    """Return `value` as far as TOML can say it."""
    if isinstance(value, dict):
        return {key: without_none(held) for key, held in value.items() if held is not None}
    if isinstance(value, list):
        return [without_none(item) for item in value if item is not None]
    return value


def same(left: Any, right: Any) -> bool:
    """Equality that tells 1 from 1.0 and True, -0.0 from 0.0, and takes NaN for itself."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float):
        return repr(left) == repr(right)
    return bool(left == right)


class Yaml:
    """Writes one document, choosing styles, comments, anchors and blank lines at random."""

    def __init__(self, random: Random, plain: bool = False) -> None:
        self.random = random
        self.plain = plain  # no block scalars, anchors or explicit keys
        self.comments = 0
        self.anchors: list[str] = []
        self.names = 0
        self.step = random.choice([2, 2, 4])

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def comment(self, chance: float = 0.2) -> str:
        if not self.maybe(chance):
            return ""
        self.comments += 1
        return f"#c{self.comments}."

    def end(self) -> str:
        comment = self.comment()
        return (" " + comment if comment else "") + "\n"

    def between(self, column: int) -> str:
        """Blank and comment lines."""
        text = ""
        while self.maybe(0.15):
            comment = self.comment(0.7)
            text += (
                " " * (column if self.maybe(0.7) else self.random.randrange(column + 4)) * bool(comment)
                + comment
                + "\n"
            )
        return text

    def scalar(self, value: Any, inside: bool = False) -> str:
        if value is None:
            return self.random.choice(["null", "~"])
        if isinstance(value, str):
            style = self.random.choice([None, None, "'", '"'])
            text = yaml.dump(value, default_style=style, width=10**6, allow_unicode=self.maybe(0.7))
            text = text.removesuffix("\n").removesuffix("\n...")
            if "\n" in text or (style is None and inside):
                return (
                    json.dumps(value, ensure_ascii=False)
                    if "\x85" not in value
                    else yaml.dump(value, default_style='"', width=10**6).strip()
                )
            return text
        return yaml.dump(value, default_flow_style=True, width=10**6).removesuffix("\n").removesuffix("\n...")

    def flow(self, value: Any, column: int) -> str:
        if not isinstance(value, (dict, list)):
            return self.scalar(value, True)
        several = self.maybe(0.3)
        inner, outer = ("\n" + " " * (column + 2), "\n" + " " * column) if several else ("", "")
        parts = []
        items = list(value.items()) if isinstance(value, dict) else value
        for index, item in enumerate(items):
            if isinstance(item, tuple):
                head = self.scalar(item[0], True)
                if item[1] is None and self.maybe(0.3):
                    text = head + self.random.choice(["", ":", ": "])
                else:
                    text = head + ": " + self.flow(item[1], column + 2)
            else:
                text = self.flow(item, column + 2)
            comma = "," if index + 1 < len(items) or self.maybe(0.2) else ""
            comment = self.comment() if several else ""
            parts.append(text + self.random.choice(["", "", " "]) + comma + (" " + comment if comment else ""))
        brackets = "{}" if isinstance(value, dict) else "[]"
        if not items:
            return brackets
        space = "" if several else self.random.choice(["", "", " "])
        return brackets[0] + inner + space + (inner or " ").join(parts) + space + outer + brackets[1]

    def after(self, value: Any, column: int, dash: bool) -> str:
        """What follows "key:" or "-" of a collection at `column`, to the end of the last line."""
        if value is None and self.maybe(0.3):
            return self.end()
        if not self.plain:
            if self.anchors and self.maybe(0.05):
                return " *" + self.random.choice(self.anchors) + self.end()
            if (
                isinstance(value, str)
                and value.endswith("\n")
                and value.strip()
                and not value.startswith((" ", "\n"))
                and self.maybe(0.5)
            ):
                inner = column + self.step
                lines = value.splitlines(True) if not set(value) & set("\x85\u2028") else [json.dumps(value) + "\n"]
                return (
                    " " + self.random.choice(["|", "|+"]) + self.end() + "".join(" " * inner + line for line in lines)
                )
        anchor = ""
        if not self.plain and self.maybe(0.05):
            self.names += 1
            name = f"a{self.names}"
            anchor = f" &{name}"
        if not isinstance(value, (dict, list)) or not value or self.maybe(0.25):
            text = anchor + " " + self.flow(value, column + 2) + self.end()
        elif dash and not anchor and self.maybe(0.8):
            text = " " + self.block(value, column + 2)
        else:
            inner = column + self.step
            if isinstance(value, list) and not dash and not anchor and self.maybe(0.4):
                inner = column
            text = anchor + self.end() + self.between(inner) + " " * inner + self.block(value, inner)
        if anchor:
            self.anchors.append(name)
        return text

    def block(self, value: Any, column: int) -> str:
        """A collection whose first line is indented already."""
        parts = []
        items = list(value.items()) if isinstance(value, dict) else value
        for item in items:
            if isinstance(item, tuple):
                head = self.scalar(item[0])
                if not self.plain and self.maybe(0.03):
                    parts.append("? " + head + self.end() + " " * column + ":" + self.after(item[1], column, False))
                else:
                    parts.append(head + ":" + self.after(item[1], column, False))
            else:
                parts.append("-" + self.after(item, column, True))
        text = parts[0]
        for part in parts[1:]:
            text += self.between(column) + " " * column + part
        return text

    def document(self, value: Any) -> str:
        text = self.between(0) + self.random.choice(["", "", "---\n"]) + self.block(value, 0) + self.between(0)
        if self.maybe(0.2):
            text = text.removesuffix("\n")
        return text.replace("\n", "\r\n") if self.maybe(0.2) else text


class Toml:
    """Writes one document, choosing between headers, dotted keys, inline tables and arrays of tables at random."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments = 0

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def comment(self, chance: float = 0.15) -> str:
        if not self.maybe(chance):
            return ""
        self.comments += 1
        return f"# c{self.comments}."

    def end(self) -> str:
        comment = self.comment()
        return (" " + comment if comment else "") + "\n"

    def between(self) -> str:
        return (self.comment(0.6) + "\n") if self.maybe(0.2) else ""

    def key(self, name: str) -> str:
        bare = bool(name) and all(char.isascii() and (char.isalnum() or char in "-_") for char in name)
        if bare and self.maybe(0.8):
            return name
        return f"'{name}'" if "'" not in name and name.isprintable() and self.maybe(0.4) else self.string(name)

    def string(self, text: str) -> str:
        escaped = "".join(char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text)
        return f'"{escaped}"'

    def scalar(self, value: Any) -> str:
        if isinstance(value, str):
            kind = self.random.randrange(4)
            if kind == 0 and value.isprintable() and "'" not in value:
                return f"'{value}'"
            if kind == 1 and "\x85" not in value:
                return (
                    '"""'
                    + self.random.choice(["", "\n"]) * (not value.startswith("\n"))
                    + self.string(value)[1:-1]
                    + '"""'
                )
            return self.string(value)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int) and self.maybe(0.3):
            return self.random.choice([f"{value:_}", f"+{value}"]) if value >= 0 else f"{value:_}"
        return repr(value)

    def inline(self, value: Any) -> str:
        if isinstance(value, dict):
            space = self.random.choice(["", " "])
            entries = [
                self.key(name) + self.random.choice([" = ", "="]) + self.inline(held) for name, held in value.items()
            ]
            return "{" + space + ", ".join(entries) + space + "}"
        if isinstance(value, list):
            if value and self.maybe(0.3):
                lines = [f"  {self.inline(item)},{self.end()}" for item in value]
                if self.maybe(0.4):
                    lines[-1] = f"  {self.inline(value[-1])}{self.end()}"
                return "[" + self.end() + "".join(lines) + "]"
            return "[" + ", ".join(map(self.inline, value)) + ("," if value and self.maybe(0.1) else "") + "]"
        return self.scalar(value)

    def entries(self, table: dict[str, Any], path: str, prefix: str = "") -> tuple[str, str]:
        """The lines of a table itself, and those of the tables below it that have headers of their own."""
        lines = below = ""
        for name, value in table.items():
            key = self.key(name)
            full = f"{path}.{key}" if path else key
            if isinstance(value, dict) and value and self.maybe(0.25):
                more, under = self.entries_dotted(value, prefix + key + ".")
                lines += more
                assert not under
            elif isinstance(value, dict) and not prefix and self.maybe(0.6):
                own, under = self.entries(value, full)
                if own or not under or self.maybe(0.5):
                    own = self.between() + f"[{full}]" + self.end() + own
                below += own + under
            elif (
                isinstance(value, list)
                and value
                and not prefix
                and all(isinstance(item, dict) for item in value)
                and self.maybe(0.7)
            ):
                for item in value:
                    own, under = self.entries(item, full)
                    below += self.between() + f"[[{full}]]" + self.end() + own + under
            else:
                lines += self.between() + prefix + key + " = " + self.inline(value) + self.end()
        return lines, below

    def entries_dotted(self, table: dict[str, Any], prefix: str) -> tuple[str, str]:
        return self.entries(table, "", prefix)

    def document(self, value: dict[str, Any]) -> str:
        lines, below = self.entries(value, "")
        text = lines + below
        if self.maybe(0.2):
            text = text.removesuffix("\n")
        return text.replace("\n", "\r\n") if self.maybe(0.2) else text


json_layouts = st.sampled_from(
    [
        {"indent": None, "separators": (",", ":")},
        {"indent": None},
        {"indent": 2},
        {"indent": "\t"},
        {"indent": 1, "separators": (" ,", " : ")},
        {"indent": 4, "ensure_ascii": False},
    ]
)
randoms = st.integers(0, 2**32).map(Random)
