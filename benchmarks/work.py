"""How much work a lint is, counted and not timed: the instructions that Python's interpreter carries out.

    python benchmarks/work.py [FOLDER]

Lints every YAML file of examples/ (or of FOLDER) with hplint and with yamllint, whose parser is Python too, and counts
the bytecode instructions of each; a first round, uncounted, loads what a run loads once. The count is the same on every
machine and under any load, so CI can hold the ratio to a bound: it ends with status 1 where hplint has more than MOST
of yamllint's instructions. What C code does, such as libyaml, is not counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from yamllint import linter  # type: ignore[import-untyped]  # yamllint has no types
from yamllint.config import YamlLintConfig  # type: ignore[import-untyped]  # the same

from hplint.lint import lint

MOST = 0.225
"""The bound: about a sixth above what it was when it was set, so that a new rule or format has room."""
EXAMPLES = Path(__file__).parents[1] / "examples"


def instructions(work: Callable[[], Any]) -> int:
    """Return how many bytecode instructions `work` takes."""
    counted = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal counted
        if event == "call":
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        elif event == "opcode":
            counted += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


def work_of(paths: list[Path]) -> Iterator[tuple[str, int, int]]:
    """Yield for each file its name and the instructions of hplint and of yamllint."""
    config = YamlLintConfig("extends: default")
    for path in paths:
        data = path.read_bytes()
        text = data.decode("utf-8", "replace")

        def by_hplint(data: bytes = data, path: Path = path) -> None:
            lint(data, path.name)

        def by_yamllint(text: str = text, path: Path = path) -> None:
            list(linter.run(text, config, str(path)))

        by_hplint()
        by_yamllint()
        yield path.name, instructions(by_hplint), instructions(by_yamllint)


def main() -> int:
    """Print a line for each file and the ratio over all; returns 1 where it is above the bound."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    total = total_yamllint = 0
    for name, ours, theirs in work_of(sorted(folder.rglob("*.yaml"))):
        print(f"{name:<40} {ours:>9,} {theirs:>11,}   {ours / theirs:.3f}")
        total += ours
        total_yamllint += theirs
    ratio = total / total_yamllint
    print(f"{'all':<40} {total:>9,} {total_yamllint:>11,}   {ratio:.3f}, at most {MOST}")
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
