"""What a lint run says: findings, their evidence and their fixes."""

from __future__ import annotations

from hplint.records import record
from hplint.text import Edit, Span

ERROR = "error"
"""It will crash, or silently train something else than the config says."""
WARNING = "warning"
"""Nearly always a mistake."""
INFO = "info"
"""Advice."""
SEVERITIES = (INFO, WARNING, ERROR)

LOW, MEDIUM, HIGH = CONFIDENCES = ("low", "medium", "high")

SAFE = "safe"
"""Keeps the meaning that was wanted, or the config was certainly broken."""
UNSAFE = "unsafe"
"""Likely right, but the author must agree."""
DISPLAY = "display"
"""Shown, never applied."""
APPLICABILITIES = (DISPLAY, UNSAFE, SAFE)


@record
class Evidence:
    """Something that a finding rests on.

    `span` is None for what no single place says. `path` names the other file that the span is in, such as the DeepSpeed
    file that a config names; None for the config itself.
    """

    message: str
    span: Span | None
    path: str | None = None


@record
class Fix:
    """Edits that mend a finding when applied together."""

    title: str
    applicability: str
    edits: tuple[Edit, ...]


@record
class Finding:
    """One thing to tell the user about one place of one file."""

    code: str
    name: str
    severity: str
    confidence: str
    message: str
    span: Span
    evidence: tuple[Evidence, ...] = ()
    fixes: tuple[Fix, ...] = ()

    @property
    def sort_key(self) -> tuple[int, int, str, str]:
        """Orders findings by place, then code."""
        return (self.span.start, self.span.end, self.code, self.message)
