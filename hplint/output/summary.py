"""The line that ends a run."""

from __future__ import annotations

from hplint.findings import INFO, SAFE, SEVERITIES, UNSAFE
from hplint.output.terminal import safe_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def of_check(
    configs: int, counts: Mapping[str, int], fixable: Mapping[str, int], fixed: int, unread: int, gone: int = 0
) -> str:
    """Return the line for `hplint check`.

    configs  how many configs were linted
    counts   findings by severity
    fixable  findings that can be fixed, by applicability
    fixed    how many fixes were applied
    unread   how many files could not be read or written
    gone     how many findings that the baseline knows are no longer there
    """
    total = sum(counts.values())
    said = [f"Fixed {_number(fixed, 'finding')}"] if fixed else []
    split = ", ".join(_severity(name, counts[name]) for name in reversed(SEVERITIES) if counts[name])
    found = f"{_number(total, 'finding')} ({split})" if total else "no findings"
    said.append(f"{found} in {_number(configs, 'config')}" if configs else "no training configs found")
    if fixable[SAFE]:
        said.append(f"{fixable[SAFE]} fixable with --fix")
    if fixable[UNSAFE]:
        said.append(f"{fixable[UNSAFE]}{' more' if fixable[SAFE] else ''} fixable with --fix --unsafe-fixes")
    if gone:
        said.append(f"{gone} known to the baseline {'is' if gone == 1 else 'are'} gone, `hplint baseline` forgets them")
    return "; ".join(said + _unread(unread))


def of_diff(configs: int, fixes: int, unread: int) -> str:
    """Return the line for `hplint check --diff`: how many fixes were shown, in how many configs."""
    said = f"{_number(fixes, 'fix', 'fixes')} in {_number(configs, 'config')}; nothing was written"
    return "; ".join([said, *_unread(unread)])


def of_data(paths: list[str]) -> str:
    """Return the line about files that hold data and were left alone."""
    first = safe_path(paths[0])
    if len(paths) == 1:
        return f"{first} is called .json and holds a table; it was left alone"
    return f"{len(paths)} files, {first} first, are called .json and hold tables; they were left alone"


def _unread(count: int) -> list[str]:
    return [f"{_number(count, 'file')} could not be read or written"] if count else []


def _severity(name: str, count: int) -> str:
    return f"{count} {name}" if name == INFO else _number(count, name)


def _number(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
