"""What files cost that are made to bring a linter down: CPU time and memory, on the command line and in the server.

    python benchmarks/adversarial_files.py [NAME...] [--without-server]

Prints a line per file of tests/adversarial.py, and marks what takes more than a second or 300 MB.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "server")]

from adversarial import FILES  # noqa: E402  # stands in tests/, which is no package
from raw import RawClient  # noqa: E402  # the same

MAX_SECONDS = 1.0
MAX_MEGABYTES = 300.0
MOST_SECONDS = 20
LANGUAGES = {".json": "json", ".toml": "toml"}


class Cost(NamedTuple):
    """CPU seconds, MB of memory at the most, and what was said about it."""

    seconds: float
    megabytes: float
    said: str

    @property
    def is_over(self) -> bool:
        return self.seconds > MAX_SECONDS or self.megabytes > MAX_MEGABYTES


def of_command(path: Path) -> Cost:
    """Return what `hplint check` costs."""
    command = [sys.executable, "-m", "hplint", "check", "--output-format", "concise", "--no-cache", str(path)]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, preexec_fn=_limit)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace").splitlines()
    first = said[0].rpartition("/")[2][:70] if said else "nothing"
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, f"exit {process.returncode}: {first}")


def _limit() -> None:
    """End a run that takes many times what it may."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def requests(uri: str) -> dict[str, dict[str, Any]]:
    """Return what an editor asks about a document, by method."""
    item = {"textDocument": {"uri": uri}}
    place = {"line": 3, "character": 6}
    range_ = {"start": {"line": 0, "character": 0}, "end": {"line": 60, "character": 0}}
    return {
        "textDocument/diagnostic": item,
        "textDocument/hover": {**item, "position": place},
        "textDocument/completion": {**item, "position": place},
        "textDocument/documentSymbol": item,
        "textDocument/inlayHint": {**item, "range": range_},
        "textDocument/codeLens": item,
        "textDocument/foldingRange": item,
        "textDocument/codeAction": {**item, "range": range_, "context": {"diagnostics": []}},
        "textDocument/documentLink": item,
        "textDocument/definition": {**item, "position": place},
        "textDocument/references": {**item, "position": place, "context": {"includeDeclaration": True}},
        "textDocument/documentHighlight": {**item, "position": place},
        "textDocument/prepareRename": {**item, "position": place},
        "textDocument/selectionRange": {**item, "positions": [place]},
    }


def of_server(path: Path, text: str) -> list[tuple[str, Cost]]:
    """Return what each request costs in a server that has nothing else open, and the memory after it."""
    costs = []
    with RawClient() as client:
        client.initialize({"textDocument": {"diagnostic": {}}})
        client.request("workspace/symbol", {"query": "x"})  # all is imported now
        before = _cpu(client.process.pid)
        client.open(path.as_uri(), text, LANGUAGES.get(path.suffix, "yaml"))
        for method, params in requests(path.as_uri()).items():
            answer = client.request(method, params)
            after = _cpu(client.process.pid)
            said = "error" if "error" in answer else "answered"
            costs.append((method.rpartition("/")[2], Cost(after - before, _peak(client.process.pid), said)))
            before = after
        # a break and its repair, as when somebody types
        for version, text_ in ((2, '"'), (3, "")):
            end = {"line": 1, "character": 1 if text_ == "" else 0}
            change = {"range": {"start": {"line": 1, "character": 0}, "end": end}, "text": text_}
            client.change(path.as_uri(), version, change)
            client.request("textDocument/diagnostic", {"textDocument": {"uri": path.as_uri()}})
            after = _cpu(client.process.pid)
            costs.append(("edit", Cost(after - before, _peak(client.process.pid), "answered")))
            before = after
    return costs


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> int:
    """Measure and print; returns 1 if a file costs more than it may."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--without-server", action="store_true")
    options = parser.parse_args()
    is_over = False
    for name in options.names or FILES:
        content = FILES[name]()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            cost = of_command(path)
            is_over |= cost.is_over
            mark = "OVER" if cost.is_over else ""
            told = f"{len(content) / 1e6:6.1f} MB {cost.seconds:6.2f} s {cost.megabytes:5.0f} MB"
            print(f"{name:<28}{told} {mark:<5}{cost.said}")
            if not options.without_server and path.suffix != ".keras":
                text = content.decode("utf-8", errors="replace")
                every = of_server(path, text)
                method, worst = max(every, key=lambda entry: entry[1].seconds)
                peak = max(cost.megabytes for _, cost in every)
                over = " ".join(f"{method}={cost.seconds:.2f}" for method, cost in every if cost.seconds > MAX_SECONDS)
                failed = " ".join(f"{method}=ERROR" for method, cost in every if cost.said == "error")
                is_over |= bool(over) or bool(failed) or peak > MAX_MEGABYTES
                mark = "OVER" if over or peak > MAX_MEGABYTES else ""
                print(f"{'  server':<35} {worst.seconds:6.2f} s {peak:5.0f} MB {mark:<5}worst {method} {over} {failed}")
            sys.stdout.flush()
    return int(is_over)


if __name__ == "__main__":
    sys.exit(main())
