"""What hplint finds in a folder of real configs, by format and rule, and what has changed since the stored snapshot.

    python benchmarks/ecosystem.py CORPUS [--update] [--findings]

CORPUS holds one folder of files per kind of config. The snapshot (benchmarks/ecosystem.json) says for each file which
format it was taken for and which rules spoke; --update writes it anew, --findings prints every finding. Exits with 1
when hplint fails on a file, so that a crash never goes unseen; differences are for people to judge.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from hplint import lint
from hplint.findings import Finding

SNAPSHOT = Path(__file__).with_name("ecosystem.json")
Snapshot = dict[str, dict[str, list[str] | str | None]]


class Linted(NamedTuple):
    """One file: where it lies below the corpus, its format, what was found, and a crash if there was one."""

    path: str
    format: str | None
    findings: tuple[Finding, ...]
    places: tuple[int, ...]
    crash: str = ""


def lint_file(path: Path, corpus: Path) -> Linted:
    """Return what becomes of one file; never raises."""
    name = path.relative_to(corpus).as_posix()
    try:
        report = lint(path.read_bytes(), str(path))
    except Exception as error:  # whatever fails is what this program looks for
        return Linted(name, None, (), (), f"{type(error).__name__}: {error}")
    lines = tuple(report.source.position(finding.span.start).line for finding in report.findings)
    return Linted(name, report.recognition.name, report.findings, lines)


def as_snapshot(files: list[Linted]) -> Snapshot:
    """Return what is kept of a run: for each file its format and the rules that spoke, severity first."""
    return {
        file.path: {
            "format": file.format,
            "findings": sorted(f"{finding.severity} {finding.code}" for finding in file.findings),
        }
        for file in files
    }


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    """Return a line for each file whose format or findings are others than before."""
    lines = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old is None or new is None:
            lines.append(f"{'+' if old is None else '-'} {path}")
            continue
        if old["format"] != new["format"]:
            lines.append(f"~ {path}: {old['format']} -> {new['format']}")
        gone, come = (Counter(side["findings"] or ()) for side in (old, new))
        lines += [f"+ {path}: {finding}" for finding in (come - gone).elements()]
        lines += [f"- {path}: {finding}" for finding in (gone - come).elements()]
    return lines


def print_tables(files: list[Linted], seconds: float) -> None:
    """Print recognition and findings by folder, findings by rule, and the speed."""
    folders: dict[str, list[Linted]] = {}
    for file in files:
        folders.setdefault(file.path.partition("/")[0], []).append(file)
    print(f"{'folder':<20}{'files':>6}  {'formats':<44}findings")
    for folder, inside in sorted(folders.items()):
        formats = Counter(file.format or "-" for file in inside)
        found = Counter(f"{finding.severity[0].upper()} {finding.code}" for file in inside for finding in file.findings)
        shown = ", ".join(f"{name} {count}" for name, count in formats.most_common())
        print(f"{folder:<20}{len(inside):>6}  {shown:<44}{', '.join(f'{c} x{n}' for c, n in found.most_common())}")
    rules = Counter((finding.code, finding.name, finding.severity) for file in files for finding in file.findings)
    print(f"\n{'rule':<40}{'severity':<10}{'findings':>8}")
    for (code, name, severity), count in rules.most_common():
        print(f"{code + ' ' + name:<40}{severity:<10}{count:>8}")
    print(f"\n{len(files)} files, {len(files) / seconds:,.0f} files/s in one process")


def main() -> int:
    """Lint the corpus, print the tables and the differences, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--update", action="store_true", help="write the snapshot anew")
    parser.add_argument("--findings", action="store_true", help="print every finding")
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.corpus.glob("*/**/*") if path.is_file())
    if not paths:
        parser.error(f"{arguments.corpus} holds no folders of configs")
    start = time.perf_counter()
    files = [lint_file(path, arguments.corpus) for path in paths]
    print_tables(files, time.perf_counter() - start)
    if arguments.findings:
        for file in files:
            for finding, line in zip(file.findings, file.places):
                print(f"{file.path}:{line}: {finding.severity}[{finding.code}] {finding.message}")
    after = as_snapshot(files)
    if arguments.update:
        SNAPSHOT.write_text(json.dumps(after, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    elif SNAPSHOT.exists():
        changed = differences(json.loads(SNAPSHOT.read_text(encoding="utf-8")), after)
        print(f"\n{len(changed)} differences from {SNAPSHOT.name}")
        print("\n".join(changed))
    crashes = [file for file in files if file.crash]
    for file in crashes:
        print(f"CRASH {file.path}: {file.crash}")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
