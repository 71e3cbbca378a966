"""What leads elsewhere: files that a config names, pages of rules that its comments name."""

from __future__ import annotations

import re

from hplint import knowledge
from hplint.records import record
from hplint.syntax.tree import STRING
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.ide.document import Document

FILE, PAGE = "file", "page"
MAX_PATH = 500
_PATH = re.compile(r"(?:[~.]{0,2}/)?[^\s:*?\"<>|{}$,;]+(?:/[^\s:*?\"<>|{}$,;]*|\.[A-Za-z][A-Za-z0-9]{0,5})")
_COMMENT = re.compile(r"(?:#|//)[ \t]*hplint\b[^\r\n]*")
_RULE = re.compile(r"\b[A-Z]{2,8}[0-9]{3}\b")


@record
class Link:
    """A place that may lead to `target`.

    For FILE that is a path as written, to be looked for beside the config and in the workspace, and dropped where there
    is no such file; for PAGE it is an address.
    """

    span: Span
    kind: str
    target: str


def links(document: Document) -> tuple[Link, ...]:
    """Return what may lead elsewhere, in the order of the text."""
    found = []
    for root in document.roots:
        for node in root.walk():
            if node.kind is STRING and not node.is_alias and _is_path(node.value):
                quoted = node.style in ('"', "'")
                found.append(Link(Span(node.start + quoted, node.end - quoted), FILE, node.value))
    documents = knowledge.rule_documents() if "hplint:" in document.text else {}
    for comment in _COMMENT.finditer(document.text):
        codes = _RULE.finditer(document.text, comment.start(), comment.end())
        found += [
            Link(Span(code.start(), code.end()), PAGE, knowledge.page_url(code.group()))
            for code in codes
            if code.group() in documents
        ]
    return tuple(sorted(found, key=lambda link: (link.span.start, link.span.end)))


def _is_path(words: str) -> bool:
    return 2 < len(words) <= MAX_PATH and _PATH.fullmatch(words) is not None
