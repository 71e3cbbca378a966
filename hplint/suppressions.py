"""Suppressions: findings that the author has decided to keep, said in a comment or, for JSON, in the settings.

    learning_rate: 2.0   # hplint: ignore[LR001] the paper does so      what begins on this line
    # hplint: ignore[LR001] the paper does so                           what begins on the next line
    # hplint: ignore-block[ACT, LR002] ...                              the key or item there, and everything below it
    # hplint: ignore-file[sigmoid-hidden] ...                           the whole file

Rules are named by code, by the start of a code (ACT) or by name; ALL stands for every rule. A suppression that
suppresses nothing is a finding itself, as is one that names no rule.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from hplint import knowledge
from hplint.records import record
from hplint.settings import names_rule
from hplint.syntax.tree import LIST, MAP, STRING, Node, Problem
from hplint.text import Edit, Span, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hplint.findings import Finding
    from hplint.rules.rule import Rule
    from hplint.settings import Settings
    from hplint.syntax.tree import Tree
    from hplint.text import SourceText

UNUSED, UNKNOWN_RULE, MALFORMED = "unused-suppression", "unknown-rule", "malformed-suppression"
"""Kinds of the problems that suppressions themselves can have."""

MARK = "hplint:"
"""A text without it holds no suppression."""

_COMMENT = re.compile(r"#[ \t]*hplint:[ \t]*([^\r\n]*)")
_DIRECTIVE = re.compile(r"(ignore|ignore-block|ignore-file)[ \t]*\[([^\]\r\n]*)\][ \t]*(?:--?|:)?[ \t]*(.*)")
_NAMES = ("ignore", "ignore-block", "ignore-file", "format", "disable", "noqa", "skip")
MAX_COMMENTS, MAX_NAMES = 1000, 50
"""How many comments of a file count, and how many names of one; more is a slip, or meant to keep an editor busy."""

_HERE, _BELOW = "on this line", "on the next line"
_LONGEST_LINE = 120
_MAX_HINTS = 100


@record
class Suppression:
    """One suppression.

    names   the rules it names, as written
    reason  why, empty where the author did not say
    span    where it stands in the file
    place   what it covers: findings that begin there
    where   how to speak of what it covers
    is_comment  whether it stands in the file; else it is in the settings, and `span` is what it is about
    is_for_one  whether it must suppress something here; a setting for many files need not in each
    """

    names: tuple[str, ...]
    reason: str
    span: Span
    place: Span
    where: str
    is_comment: bool = True
    is_for_one: bool = True

    def covers(self, finding: Finding) -> bool:
        """Whether it suppresses a finding."""
        start = finding.span.start
        return self.place.start <= start < self.place.end and names_rule(self.names, finding.code, finding.name)


@record
class Suppressed:
    """A finding that is not shown, and the suppression that covers it."""

    finding: Finding
    suppression: Suppression


def of_file(tree: Tree, path: str, settings: Settings) -> tuple[list[Suppression], list[Problem]]:
    """Return the suppressions that count in a file, and what is wrong with comments that look like one."""
    found, problems = read(tree)
    return [*found, *_from_settings(tree, path, settings)], problems


def split(found: Iterable[Suppression], findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed]]:
    """Return the findings to show, and those that a suppression of `found` covers."""
    listed = list(findings)
    covering = _covering(list(found), listed)
    shown = [finding for number, finding in enumerate(listed) if number not in covering]
    hidden = [Suppressed(finding, covering[number]) for number, finding in enumerate(listed) if number in covering]
    return shown, hidden


def _covering(found: list[Suppression], findings: list[Finding]) -> dict[int, Suppression]:
    """Return the first suppression that covers each finding, by the finding's number.

    One pass from the top of the file, with the suppressions at hand that are open there: a file may have a thousand of
    both.
    """
    made: dict[int, Suppression] = {}
    waiting = sorted(range(len(found)), key=lambda number: found[number].place.start, reverse=True)
    opened: list[int] = []
    for number in sorted(range(len(findings)), key=lambda number: findings[number].span.start):
        start = findings[number].span.start
        while waiting and found[waiting[-1]].place.start <= start:
            opened.append(waiting.pop())
        opened = [one for one in opened if found[one].place.end > start]
        covering = [one for one in opened if found[one].covers(findings[number])]
        if covering:
            made[number] = found[min(covering)]
    return made


def problems(
    tree: Tree, found: Iterable[Suppression], hidden: Iterable[Suppressed], ran: tuple[Rule, ...]
) -> Iterator[Problem]:
    """Yield what is wrong with suppressions: names that no rule has, and those that suppress nothing.

    `hidden` is what they suppress of the findings of the rules that `ran`. Whether a rule that did not run would have
    found something is not known, so a suppression of it is let be.
    """
    everything = sorted({(rule.code, rule.name) for rule in (*knowledge.rules(), *ran)})
    running = {rule.code for rule in ran}
    meanings: dict[str, list[str]] = {}
    for suppression in found:
        unused = []
        for name in suppression.names:
            if name not in meanings:
                meanings[name] = [code for code, words in everything if names_rule((name,), code, words)]
            named = meanings[name]
            used = (
                suppression.covers(one.finding) and names_rule((name,), one.finding.code, one.finding.name)
                for one in hidden
            )
            if not named:
                known = everything if len(meanings) <= _MAX_HINTS else []
                yield _unknown(tree.source, suppression, name, known)
            elif all(code in running and not code.startswith("SUPP") for code in named) and not any(used):
                unused.append(name)
        if unused and suppression.is_for_one:
            yield _unused(tree.source, suppression, unused)


def read(tree: Tree) -> tuple[list[Suppression], list[Problem]]:
    """Return the suppressions that stand in comments, and those comments that look like one and are none."""
    found: list[Suppression] = []
    problems: list[Problem] = []
    lines = _Lines(tree)
    for number, comment in enumerate(_comments(tree)):
        text = comment.group(1).rstrip()
        span = Span(comment.start(), comment.start(1) + len(text))
        if number == MAX_COMMENTS:
            message = f"more than {MAX_COMMENTS:,} comments to hplint in one file; from here on they do not count"
            problems.append(Problem(MALFORMED, message, span))
            break
        directive = _DIRECTIVE.match(text)
        names = tuple(filter(None, (name.strip() for name in directive.group(2).split(",")))) if directive else ()
        if directive is None or not names:
            problem = _malformed(text, span)
            problems += [problem] if problem is not None else []
            continue
        place, where = lines.place(directive.group(1), span)
        found.append(Suppression(names[:MAX_NAMES], directive.group(3), span, place, where))
    return found, problems


def _comments(tree: Tree) -> Iterator[re.Match[str]]:
    """Yield the comments that speak to hplint; what looks like one inside a text is none."""
    if tree.syntax == "json" or MARK not in tree.source.text:
        return
    texts = sorted(
        (node.start, node.end)
        for root in tree.roots
        for value in root.walk()
        for node in (value, value.key)
        if isinstance(node, Node) and node.kind is STRING and "#" in tree.source.text[node.start : node.end]
    )
    for comment in _COMMENT.finditer(tree.source.text):
        before = bisect_right(texts, (comment.start(), len(tree.source.text))) - 1
        if before < 0 or comment.start() >= texts[before][1]:
            yield comment


class _Lines:
    """Which lines a comment covers; what takes a look at the whole file is looked up once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.source = tree.source
        self.following: list[int] | None = None
        self.ends: dict[int, int] | None = None

    def place(self, kind: str, comment: Span) -> tuple[Span, str]:
        """Return what a comment covers, and words for it."""
        if kind == "ignore-file":
            return Span(0, len(self.source.text) + 1), "in this file"
        number = self.source.position(comment.start).line
        where = _HERE
        if _is_blank_before(self.source, comment.start):
            number, where = self.next_content(number), _BELOW
        line = _line_span(self.source, number)
        if kind == "ignore-block":
            return Span(line.start, max(line.end, self.block_end(number))), "in this block"
        return line, where

    def next_content(self, number: int) -> int:
        """Return the first line below `number` that is neither empty nor a comment; `number` where there is none."""
        if self.following is None:
            count = len(self.source.line_starts)
            self.following = [0] * (count + 2)
            for line in range(count, 0, -1):
                text = self.source.line(line).strip()
                is_content = bool(text) and not text.startswith("#")
                self.following[line] = line if is_content else self.following[line + 1]
        return self.following[number + 1] or number

    def block_end(self, number: int) -> int:
        """Return where the entries and items that begin on a line end, with everything below them."""
        if self.ends is None:
            self.ends = {}
            for root in self.tree.roots:
                for node in root.walk():
                    if node.key is not None:
                        start = node.key.start if isinstance(node.key, Node) else node.start
                        line = self.source.position(start).line
                        self.ends[line] = max(self.ends.get(line, 0), node.end)
        return self.ends.get(number, 0)


def _malformed(text: str, span: Span) -> Problem | None:
    """Return what is wrong with a comment that is nearly a suppression; None where it is something else."""
    from difflib import get_close_matches

    word = re.match(r"[A-Za-z-]*", text)
    close = get_close_matches(word.group().lower() if word is not None else "", _NAMES, 1, 0.75)
    if not close or (close[0] == "format" and re.match(r"format\s*=", text)):
        return None
    if close[0] == "format":
        message = "this comment says nothing to hplint; a format is stated as `# hplint: format=NAME`"
    else:
        message = "this comment suppresses nothing; name the rules, as in `# hplint: ignore[LR001] why`"
    return Problem(MALFORMED, message, span)


def _is_blank_before(source: SourceText, at: int) -> bool:
    line = source.position(at).line
    return not source.text[source.line_starts[line - 1] : at].strip()


def _line_span(source: SourceText, number: int) -> Span:
    starts = source.line_starts
    return Span(starts[number - 1], starts[number] if number < len(starts) else len(source.text) + 1)


def _from_settings(tree: Tree, path: str, settings: Settings) -> Iterator[Suppression]:
    """Yield the suppressions that the settings have for a file."""
    for entry in settings.suppressions_for(path) if path else ():
        node = at_pointer(tree, entry.at)
        is_for_many = any(char in entry.files for char in "*?[")
        if node is None:
            if not is_for_many and tree.root is not None:
                where = f"at {entry.at}, where there is nothing ({entry.place})"
                first = Span(tree.root.start, tree.root.start + 1)
                yield Suppression(entry.rules, entry.reason, first, Span(0, 0), where, False)
            continue
        start = node.key.start if isinstance(node.key, Node) else node.start
        place = Span(start, max(node.end, start + 1)) if entry.at else Span(0, len(tree.source.text) + 1)
        where = f"at {entry.at} ({entry.place})" if entry.at else f"in this file ({entry.place})"
        label = Span(start, start + 1) if node.kind in (MAP, LIST) else place
        yield Suppression(entry.rules, entry.reason, label, place, where, False, not is_for_many)


def at_pointer(tree: Tree, pointer: str) -> Node | None:
    """Return the node that a JSON pointer (RFC 6901) names, None where there is none."""
    node = tree.root
    for step in pointer.split("/")[1:]:
        if node is None:
            return None
        name = step.replace("~1", "/").replace("~0", "~")
        if node.items:
            node = node.at(int(name)) if name.isascii() and name.isdigit() else None
        else:
            node = node.get(name)
    return node


def pointer_of(tree: Tree, finding: Finding) -> str:
    """Return the JSON pointer of the smallest value that a finding begins in, its key included."""
    best: Node | None = None
    for node in tree.root.walk() if tree.root is not None else ():
        start = node.key.start if isinstance(node.key, Node) else node.start
        if start <= finding.span.start < max(node.end, start + 1):
            best = node
    steps = best.path() if best is not None else ()
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def _unknown(source: SourceText, suppression: Suppression, name: str, everything: list[tuple[str, str]]) -> Problem:
    from difflib import get_close_matches

    names = sorted({word for pair in everything for word in pair})
    close = get_close_matches(name, names, 1, 0.8) or get_close_matches(name.upper(), names, 1, 0.8)
    hint = f"did you mean `{close[0]}`?" if close else "`hplint rule` lists them"
    span = suppression.span
    if suppression.is_comment:
        at = source.text.index(name, source.text.index("[", span.start))
        span = Span(at, at + len(name))
    place = "" if suppression.is_comment else " (in the settings)"
    return Problem(UNKNOWN_RULE, f"`{name}`{place} is no rule; {hint}", span, close[0] if close else "")


def _unused(source: SourceText, suppression: Suppression, names: list[str]) -> Problem:
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    find = "finds" if len(names) == 1 else "find"
    message = f"{listed} {find} nothing {suppression.where}, so there is nothing to ignore"
    kept = [name for name in suppression.names if name not in names]
    text = source.text[suppression.span.start : suppression.span.end]
    head, _, rest = text.partition("[")
    replacement = f"{head}[{', '.join(kept)}]{rest.partition(']')[2]}" if kept else ""
    return Problem(UNUSED, message, suppression.span, replacement if suppression.is_comment else None)


def removal(source: SourceText, comment: Span) -> Span:
    """Return what to delete so that a comment is gone: its whole line where nothing else stands on it."""
    text = source.text
    if _is_blank_before(source, comment.start):
        line = _line_span(source, source.position(comment.start).line)
        return Span(line.start, min(line.end, len(text)))
    return Span(len(text[: comment.start].rstrip(" \t")), comment.end)


def insertion(tree: Tree, findings: Iterable[Finding], reason: str = "") -> tuple[Edit, ...]:
    """Return the edits that add comments which suppress `findings`, each on the line where it begins.

    A finding that no comment can stand beside (in JSON, inside a text) is left out. A comment goes behind its line, or
    onto a line of its own above a line that is long or has a comment. One that is there already takes the code, unless
    it gives another reason.
    """
    if tree.syntax == "json" or tree.root is None:
        return ()
    source = tree.source
    said = " ".join(reason.split())
    there = {
        source.position(one.place.start).line: one
        for one in read(tree)[0]
        if one.where in (_HERE, _BELOW) and one.reason == said
    }
    codes: dict[int, list[str]] = {}
    for finding in findings:
        listed = codes.setdefault(source.position(finding.span.start).line, [])
        if finding.code not in listed:
            listed.append(finding.code)
    plain = _data(tree.syntax, source.text)
    made = [_comment(tree, line, sorted(codes[line]), said, there.get(line)) for line in sorted(codes)]

    def is_comment(*edits: Edit) -> bool:
        """Whether what is added became a comment, and not a part of a text."""
        return not tree.complete or _data(tree.syntax, apply_edits(source.text, edits)) == plain

    return tuple(made if is_comment(*made) else (edit for edit in made if is_comment(edit)))


def _comment(tree: Tree, number: int, codes: list[str], said: str, there: Suppression | None) -> Edit:
    """Return the edit that adds codes to the suppression of a line, or a suppression to the line."""
    source = tree.source
    if there is not None:
        end = source.text.index("]", there.span.start)
        return Edit(Span(end, end), "".join(f", {code}" for code in codes if code not in there.names))
    line = source.line(number)
    start = source.line_starts[number - 1]
    comment = f"# {MARK} ignore[{', '.join(codes)}]{' ' + said if said else ''}"
    # Python's configparser, which reads files of sections, takes a comment behind a value for a part of it.
    if tree.syntax == "cfg" or "#" in line or len(line) + 2 + len(comment) > _LONGEST_LINE:
        indent = line[: len(line) - len(line.lstrip())]
        return Edit(Span(start, start), f"{indent}{comment}{source.newline}")
    end = start + len(line.rstrip())
    return Edit(Span(end, end), f"  {comment}")


def _data(syntax: str, text: str) -> str:
    """Return what a text says, in a form that compares NaN as equal."""
    from hplint.parsing import parse
    from hplint.text import SourceText

    return repr([root.data() for root in parse(SourceText(text), syntax).roots])
