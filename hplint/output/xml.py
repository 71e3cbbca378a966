"""Text for XML reports."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from hplint.output.terminal import escape


def attribute(value: object) -> str:
    """Return a value as a quoted attribute; characters that XML cannot hold are written out."""
    return quoteattr(escape(str(value)))


def element(name: str, attributes: dict[str, object], content: str = "") -> str:
    """Return an element; `content` is XML already."""
    listed = "".join(f" {key}={attribute(value)}" for key, value in attributes.items())
    return f"<{name}{listed}>{content}</{name}>" if content else f"<{name}{listed}/>"
