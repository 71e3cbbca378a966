"""JSON inside a JSON string: the text that the string holds, and where its characters stand in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import decoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Not in the type stubs, but used by every JSON decoder written on top of the standard library's.
scan_string: Callable[[str, int], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]
"""Return the value of the JSON string whose content begins at an offset, and the offset behind its closing quote."""

_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")


class EmbeddedText:
    """The text held by the JSON string that a file consists of, and where its characters stand in the file."""

    def __init__(self, outer: str) -> None:
        """Read the string that begins at the first quote of `outer`; JSONDecodeError if it is broken."""
        start = outer.index('"') + 1
        self.text, end = scan_string(outer, start)
        # Between escapes the two texts run side by side, so the places after escapes are enough.
        self._inner = [0]
        self._outer = [start]
        shift = start
        for escape in _ESCAPE.finditer(outer, start, end - 1):
            shift += len(escape[0]) - 1
            self._inner.append(escape.end() - shift)
            self._outer.append(escape.end())

    def outer(self, offset: int) -> int:
        """Return the place in the file of the held text's character `offset`."""
        index = bisect_right(self._inner, offset) - 1
        return self._outer[index] + offset - self._inner[index]
