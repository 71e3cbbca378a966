"""A tree of a YAML text that cannot be parsed: whatever its lines and brackets say, without the places that are broken.

It tells the format and gives the outline while somebody types. Values are those of single lines; texts of several lines
and merges are left out.
"""

from __future__ import annotations

import re

from hplint.ide.lines import Lines, Token, documents, end_of_flow, opens
from hplint.syntax import scalars, yaml
from hplint.syntax.tree import LIST, MAP, NULL, STRING, Node
from hplint.text import SourceText

_SCALAR = re.compile(
    r"""("[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*(?:''[^'\n]*)*')|((?:[^\n#]|(?<=\S)\#)[^\n#]*(?:(?<=\S)\#[^\n#]*)*)"""
)
MAX_DEPTH = 100


def recovered(text: str, loader: str = "pyyaml") -> tuple[Node, ...]:
    """Return the trees of the documents of a broken YAML text; those without a key are left out. Takes linear time."""
    plain = text.replace("\r", "\n") if "\r" in text else text
    trees = (_tree(Lines(plain, start, stop, loader)) for start, stop in documents(plain))
    return tuple(tree for tree in trees if tree is not None)


def _tree(lines: Lines) -> Node | None:
    root: Node | None = None
    stack: list[tuple[int, Node]] = []
    skip_to = skip_column = -1
    for line, column in enumerate(lines.columns):
        if lines.firsts[line] < skip_to or (skip_column >= 0 and column > skip_column):
            continue
        skip_column = -1
        tokens = lines.tokens(line)
        for token in tokens:
            holder = _holder(stack, token)
            if holder is None:
                break
            if root is None:
                root = holder
            value, skip_to = _value(lines, line, tokens, token, skip_to)
            _add(holder, token, value)
            if opens(lines, token, "|>") and token is tokens[-1]:
                skip_column = column
        if not tokens and stack and lines.text[lines.firsts[line]] != "#":
            _item(lines, line, stack)
    return root


def _holder(stack: list[tuple[int, Node]], token: Token) -> Node | None:
    """Return the collection that a token's entry belongs to, opened if need be; None where it fits nowhere."""
    while stack and (
        stack[-1][0] > token.column or (stack[-1][0] == token.column and stack[-1][1].kind is not token.kind)
    ):
        if stack[-1][0] == token.column and token.kind is LIST and stack[-1][1].kind is MAP:
            break  # a list in the column of its key
        stack.pop()
    if stack and stack[-1][0] == token.column and stack[-1][1].kind is token.kind:
        return stack[-1][1]
    if len(stack) >= MAX_DEPTH:
        return None
    made = Node(token.kind, token.start, token.end)
    if stack:
        outer = stack[-1][1]
        if not _put(outer, made):
            return None
    stack.append((token.column, made))
    return made


def _put(outer: Node, made: Node) -> bool:
    """Put a collection in the place of the empty value that the last entry or item has."""
    if outer.kind is MAP and outer.entries:
        key, value = outer.entries[-1]
        if value.kind is not NULL or value.text:
            return False
        made.parent, made.key = outer, key
        outer.entries[-1] = (key, made)
        return True
    if outer.kind is LIST and outer.items and outer.items[-1].kind is NULL and not outer.items[-1].text:
        made.parent, made.key = outer, len(outer.items) - 1
        outer.items[-1] = made
        return True
    return False


def _add(holder: Node, token: Token, value: Node) -> None:
    value.parent = holder
    if holder.kind is LIST:
        value.key = len(holder.items)
        holder.items.append(value)
    else:
        key = Node(STRING, token.start, token.end, token.key, token.key)
        key.parent = holder
        value.key = key
        holder.entries.append((key, value))
    holder.changed()
    around: Node | None = holder
    while around is not None and around.end < max(value.end, token.end):
        around.last = max(value.end, token.end)
        around = around.parent


def _value(lines: Lines, line: int, tokens: list[Token], token: Token, skip_to: int) -> tuple[Node, int]:
    """Return the value behind the last token of a line, and how far the text has been read."""
    nothing = Node(NULL, token.end, token.end)
    if token is not tokens[-1]:
        return nothing, skip_to
    at = opens(lines, token, "[{")
    if at:
        stop = end_of_flow(lines, line, lines.columns[line])
        found = yaml.parse(SourceText(lines.text[at:stop]), lines.loader)
        if found.root is not None:
            found.root.move(at)
            return found.root, max(found.root.end, at + 1)
        return nothing, skip_to
    if opens(lines, token, "|>") or token.value >= lines.stop or lines.text[token.value] in "\n#":
        return nothing, skip_to
    match = _SCALAR.match(lines.text, token.value, lines.stop)
    return (_scalar(match, lines.loader), skip_to) if match is not None else (nothing, skip_to)


def _scalar(match: re.Match[str], loader: str) -> Node:
    if match.group(1):
        words = match.group(1)[1:-1]
        return Node(STRING, match.start(), match.end(), words, words, match.group(1)[0])
    words = match.group(2).strip()
    kind, value = scalars.RESOLVERS[loader](words)
    return Node(kind, match.start(), match.start() + len(words), value, words)


def _item(lines: Lines, line: int, stack: list[tuple[int, Node]]) -> None:
    """Take a bracket on a line of its own as the value that is still missing."""
    at = lines.firsts[line]
    if lines.text[at] not in "[{" or not (stack[-1][1].entries or stack[-1][1].items):
        return
    token = Token(MAP, lines.columns[line], at, at, at, "")
    value, _ = _value(lines, line, [token], token, -1)
    if value.kind in (MAP, LIST):
        _put(stack[-1][1], value)
