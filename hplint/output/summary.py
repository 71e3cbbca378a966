"""The line that ends a run."""

from __future__ import annotations

from hplint.findings import SAFE, SEVERITIES, UNSAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def summarise(configs: int, counts: Mapping[str, int], fixable: Mapping[str, int], fixed: int, is_diff: bool) -> str:
    """Return one line on a run: `counts` by severity, `fixable` by applicability, the fixes that were applied."""
    total = sum(counts.values())
    if is_diff:
        return f"{_number(fixed, 'fix', 'fixes')} in {_number(configs, 'config')}; nothing was written"
    done = f"Fixed {_number(fixed, 'finding')}; " if fixed else ""
    if not total:
        return f"{done}no findings in {_number(configs, 'config')}"
    split = ", ".join(_number(counts[name], name) if name != "info" else f"{counts[name]} info"
                      for name in reversed(SEVERITIES) if counts[name])  # fmt: skip
    said = f"{done}{_number(total, 'finding')} ({split}) in {_number(configs, 'config')}"
    ways = []
    if fixable[SAFE]:
        ways.append(f"{fixable[SAFE]} fixable with --fix")
    if fixable[UNSAFE]:
        ways.append(f"{fixable[UNSAFE]}{' more' if ways else ''} fixable with --fix --unsafe-fixes")
    return "; ".join([said, *ways])


def _number(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
