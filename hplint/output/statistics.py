"""How often each rule found something."""

from __future__ import annotations

from hplint.findings import SAFE, SEVERITIES, UNSAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hplint.findings import Finding
    from hplint.lint import Report
    from hplint.output.terminal import Screen


def render(reports: Sequence[Report], screen: Screen, as_json: bool) -> str:
    """Return a line per rule, the most frequent first: how often, severity, whether it can be fixed; or JSON."""
    by_code: dict[str, list[Finding]] = {}
    for report in reports:
        for finding in report.findings:
            by_code.setdefault(finding.code, []).append(finding)
    rows = sorted(by_code.items(), key=lambda row: (-len(row[1]), row[0]))
    if as_json:
        from hplint.output.jsontext import dumps

        entries = [
            {
                "code": code, "name": found[0].name, "count": len(found), "severity": _worst(found),
                "fixable": _count(found, SAFE), "unsafe_fixable": _count(found, UNSAFE),
                "files": sum(any(one.code == code for one in report.findings) for report in reports),
            }
            for code, found in rows
        ]  # fmt: skip
        return dumps(entries) + "\n"
    width = max((len(str(len(found))) for _, found in rows), default=0)
    lines = []
    for code, found in rows:
        severity = _worst(found)
        can = "F" if _count(found, SAFE) else "f" if _count(found, UNSAFE) else " "
        painted = screen.paint(f"{severity:<7}", severity)
        lines.append(f"{len(found):>{width}}  {code:<9} {painted} {can} {found[0].name}\n")
    return "".join(lines)


def _worst(found: list[Finding]) -> str:
    return max((finding.severity for finding in found), key=SEVERITIES.index)


def _count(found: list[Finding], applicability: str) -> int:
    """Return how many findings have a first fix of that kind."""
    return sum(any(fix.applicability == applicability for fix in finding.fixes) for finding in found)
