"""How long an editor waits for diagnostics: `hplint server` side by side with other language servers, in one run.

    python benchmarks/editor_latency.py [--lines 100 2000 20000] [--edits N] [--runs N]
        [--document NAME] [--yaml-language-server FOLDER]

Absolute times move with the machine and its load, so the servers take turns within one run and the ratios count. Each
run opens a document, makes edits of one character 20 ms apart, each awaiting the diagnostics for it, and asks for
hovers. `FOLDER` is where npm installed yaml-language-server; it runs as shipped and with its debounce of 200 ms set to
none, on the same text and with hplint's schema of the format. The ruff server has as many lines of Python.

ryl has yamllint's default rules, since without a configuration it looks for nothing.

Rows are those that the project holds itself to; what is missed is marked. Documents of the largest size are broken too,
near the top, in the middle and near the end: by a quote that nothing closes, and by a line that is begun; then they are
repaired. A key is renamed, and a line comes and goes. `worst` is the slowest of all that.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, NamedTuple

from texts import data_sets, layers, nested, program

SECONDS = 120.0
PAUSE = 0.02
SETTLE = 2.0
"""Seconds after the first diagnostics, in which servers end what they do besides."""
VALUE = re.compile(r" *(- )?\w+: [\w.]")
"""A line with a key and a plain value."""


class Server(NamedTuple):
    """A language server to measure: its name, command, and which documents it is given."""

    name: str
    command: list[str]
    language: str
    settings: dict[str, str] = {}
    """Files to put beside the document, by their names."""


class Measured(NamedTuple):
    """What one run of a server gave: seconds, and MiB of memory."""

    started: float
    first: float
    edits: list[float]
    hovers: list[float]
    breaks: list[float]
    repairs: list[float]
    renames: list[float]
    memory: float
    found: int
    """How many diagnostics were published for what was opened."""


class Client:
    """Speaks to one server, the way editors without pulled diagnostics do."""

    def __init__(self, command: list[str], settings: dict[str, Any]) -> None:
        self.settings = settings
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self.received: Queue[tuple[float, dict[str, Any]]] = Queue()
        Thread(target=self._read, daemon=True).start()
        self.last_id = 0
        self.diagnostics = 0
        """How many the last ones were."""

    def _read(self) -> None:
        output = os.fdopen(os.dup(self.process.stdout.fileno()), "rb") if self.process.stdout else None
        while output is not None:
            length = 0
            while (line := output.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not line:
                return
            body = output.read(length)
            arrived = time.perf_counter()
            self.received.put((arrived, json.loads(body)))

    def send(self, message: dict[str, Any]) -> float:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        sent = time.perf_counter()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        return sent

    def wait(self, wanted: Any) -> float:
        """Wait for the answer to a request (an id) or a notification (its method); returns when it came."""
        while True:
            arrived, message = self.received.get(timeout=SECONDS)
            if "method" in message and "id" in message:
                self._serve(message)
                continue
            if message.get("method") == "textDocument/publishDiagnostics":
                self.diagnostics = len(message["params"]["diagnostics"])
            if wanted == (message.get("method") or message.get("id")):
                return arrived

    def drain(self) -> None:
        """Take what has come in unasked, such as diagnostics that were published twice."""
        while not self.received.empty():
            message = self.received.get()[1]
            if "method" in message and "id" in message:
                self._serve(message)

    def _serve(self, message: dict[str, Any]) -> None:
        """Answer a question of the server."""
        result: Any = None
        if message["method"] == "workspace/configuration":
            sections = [item.get("section") for item in message["params"]["items"]]
            result = [self.settings.get(section) for section in sections]
        self.send({"id": message["id"], "result": result})

    def request(self, method: str, params: Any) -> float:
        """Return the seconds that an answer takes."""
        self.last_id += 1
        sent = self.send({"id": self.last_id, "method": method, "params": params})
        return self.wait(self.last_id) - sent

    def change(self, uri: str, version: int, line: int, column: int, end: int, text: str) -> float:
        """Return the seconds from a change to the diagnostics for it."""
        place = {"start": {"line": line, "character": column}, "end": {"line": line, "character": end}}
        return self.changes(uri, version, [{"range": place, "text": text}])

    def changes(self, uri: str, version: int, changes: list[dict[str, Any]]) -> float:
        """Return the seconds from changes to the diagnostics for them."""
        item = {"uri": uri, "version": version}
        params = {"textDocument": item, "contentChanges": changes}
        sent = self.send({"method": "textDocument/didChange", "params": params})
        return self.wait("textDocument/publishDiagnostics") - sent


def measure(server: Server, text: str, edits: int, settings: dict[str, Any], breaking: bool) -> Measured:
    """Return what one session with one document takes."""
    folder = Path(tempfile.mkdtemp())
    uri = (folder / ("train.py" if server.language == "python" else "train.yaml")).as_uri()
    for name, content in server.settings.items():
        (folder / name).write_text(content)
    client = Client(server.command, settings)
    offered = {
        "workspace": {"configuration": True},
        "textDocument": {"publishDiagnostics": {"relatedInformation": True}},
    }
    root = {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": offered}
    client.request("initialize", {**root, "workspaceFolders": [{"uri": folder.as_uri(), "name": "x"}]})
    started = time.perf_counter() - client.begun
    client.send({"method": "initialized", "params": {}})
    item = {"uri": uri, "languageId": server.language, "version": 1, "text": text}
    client.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    first = client.wait("textDocument/publishDiagnostics") - client.begun
    lines = text.split("\n")
    time.sleep(SETTLE)
    client.drain()
    diagnostics = client.diagnostics
    version = 1
    times, hovers = [], []
    numbers = [at for at, line in enumerate(lines) if line[-1:].isdigit()]
    numbers = numbers or [at for at, line in enumerate(lines) if line[-1:].isalnum()]
    for number in range(edits):
        at = numbers[(number // 2 * 7919) % len(numbers)]
        end = len(lines[at])
        version += 1
        start, stop, typed = (end, end, "1") if number % 2 == 0 else (end, end + 1, "")
        times.append(client.change(uri, version, at, start, stop, typed))
        time.sleep(PAUSE)
    for number in range(10):
        position = {"line": (number * 31) % len(lines), "character": 6}
        hovers.append(client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": position}))
    breaks: list[float] = []
    repairs: list[float] = []
    renames: list[float] = []
    for share in (0.02, 0.3, 0.6, 0.95) if breaking else ():
        keyed = (at for at, line in enumerate(lines) if at >= share * len(lines) and VALUE.match(line))
        at = next(keyed, 0)
        value = lines[at].find(":") + 2
        key = len(lines[at]) - len(lines[at].lstrip(" -"))
        edits_of: list[tuple[list[float], int, int, int, str]] = [
            (breaks, at, value, value, '"'),
            (breaks, at, value, value, "x"),
            (repairs, at, value, value + 2, ""),
            (renames, at, key, key, "x"),
            (renames, at, key, key + 1, ""),
            (renames, at, len(lines[at]), len(lines[at]), f"\n{' ' * key}"),
            (breaks, at + 1, key, key, "new"),
            (repairs, at + 1, key + 3, key + 3, ": 1"),
        ]
        for kept, line, start, stop, typed in edits_of:
            version += 1
            kept.append(client.change(uri, version, line, start, stop, typed))
            time.sleep(PAUSE)
        version += 1
        place = {"start": {"line": at, "character": len(lines[at])}, "end": {"line": at + 1, "character": key + 6}}
        renames.append(client.changes(uri, version, [{"range": place, "text": ""}]))
        time.sleep(PAUSE)
    memory = _memory(client.process.pid)
    client.process.kill()
    client.process.wait()
    shutil.rmtree(folder, ignore_errors=True)
    return Measured(started, first, times, hovers, breaks, repairs, renames, memory, diagnostics)


def _memory(process_id: int) -> float:
    """Return the MiB of memory that a process and those it started hold; 0 where the system does not tell."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            about = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if process_id in (int(about["Pid"]), int(about["PPid"])):
            total += int(about.get("VmRSS", "0 kB").split()[0]) / 1024
    return total


DOCUMENTS = {"data-sets": (data_sets, "axolotl"), "layers": (layers, "hplint"), "nested": (nested, "litgpt")}
"""What is edited, and the format whose schema yaml-language-server is given: a list whose items each mean little, one
whose items each mean a lot, and real configs under keys of one document."""


def without_debounce(installed: Path, folder: Path) -> Path:
    """Return where a copy of yaml-language-server stands that validates at once."""
    copy = folder / "yaml-language-server"
    shutil.copytree(installed, copy, symlinks=True)
    settings = copy / "node_modules/yaml-language-server/out/server/src/yamlSettings.js"
    text = settings.read_text()
    assert "validationDelayMs = 200" in text, "another version: look up how it delays validation"
    settings.write_text(text.replace("validationDelayMs = 200", "validationDelayMs = 0"))
    return copy


def servers(yaml_server: Path | None, folder: Path) -> Iterator[Server]:
    """Yield the servers that can be measured here."""
    yield Server("hplint", [sys.executable, "-m", "hplint", "server"], "yaml")
    if yaml_server is not None:
        program = "node_modules/yaml-language-server/bin/yaml-language-server"
        yield Server("yaml-language-server", ["node", str(yaml_server / program), "--stdio"], "yaml")
        quick = without_debounce(yaml_server, folder)
        yield Server("yaml, no debounce", ["node", str(quick / program), "--stdio"], "yaml")
    ruff = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is not None:
        yield Server("ruff", [ruff, "server"], "python")
    ryl = shutil.which("ryl") or shutil.which("ryl", path=str(Path(sys.executable).parent))
    if ryl is not None:
        yield Server("ryl", [ryl, "server"], "yaml", {".yamllint": "extends: default\n"})


class Row(NamedTuple):
    """What is held: a figure of hplint over a figure of a peer at some size."""

    name: str
    measure: str
    lines: int
    peer: str
    must: float
    bold: float
    peer_lines: int = 0
    """The peer's size, where it is another."""


ROWS = (
    Row("c1 edit p50", "edit", 100, "yaml-language-server", 1 / 40, 1 / 100),
    Row("c1 edit p50", "edit", 100, "yaml, no debounce", 1 / 2, 1 / 3),
    Row("c2 edit p50", "edit", 2_000, "yaml-language-server", 1 / 50, 1 / 150),
    Row("c2 edit p50", "edit", 2_000, "yaml, no debounce", 1 / 8, 1 / 20),
    Row("c3 edit p50", "edit", 20_000, "yaml-language-server", 1 / 60, 1 / 250),
    Row("c3 edit p50", "edit", 20_000, "yaml, no debounce", 1 / 30, 1 / 100),
    Row("c4 edit p50", "edit", 100, "ruff", 2.0, 1.0),
    Row("c4 edit p50", "edit", 2_000, "ruff", 1.0, 0.5),
    Row("c4 edit p50", "edit", 20_000, "ruff", 0.3, 0.1),
    Row("c5 edit p50", "edit", 2_000, "ryl", 1.0, 0.5),
    Row("c5 edit p50", "edit", 20_000, "ryl", 0.3, 0.1),
    Row("c6 flatness of edit p50", "edit", 20_000, "hplint", 4.0, 2.0, 100),
    Row("c8 break, repair or rename", "worst", 20_000, "yaml, no debounce", 0.5, 0.25),
    Row("d1 start to first diagnostics", "first", 100, "yaml-language-server", 0.8, 0.6),
    Row("e1 memory", "memory", 100, "yaml-language-server", 0.70, 0.55),
    Row("e1 memory", "memory", 20_000, "yaml-language-server", 0.40, 0.30),
)


def figures(runs: list[Measured]) -> dict[str, float]:
    """Return the figures of one server at one size: milliseconds, and MiB."""
    edits = sorted(1000 * seconds for run in runs for seconds in run.edits)
    found = {
        "started": 1000 * statistics.median(run.started for run in runs),
        "first": 1000 * statistics.median(run.first for run in runs),
        "edit": statistics.median(edits),
        "p95": edits[int(0.95 * len(edits))],
        "p99": edits[int(0.99 * len(edits))],
        "hover": 1000 * statistics.median(seconds for run in runs for seconds in run.hovers),
        "memory": statistics.median(run.memory for run in runs),
        "found": float(runs[-1].found),
    }
    for name in ("breaks", "repairs", "renames"):
        times = [seconds for run in runs for seconds in getattr(run, name)]
        if times:
            found[name] = 1000 * statistics.median(times)
    if "breaks" in found:
        found["worst"] = max(found["breaks"], found["repairs"], found["renames"])
    return found


def main() -> int:
    """Measure, print a table and the rows; returns 1 if a row is above what must hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--lines", type=int, nargs="+", default=[100, 2_000, 20_000])
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--document", choices=DOCUMENTS, default="data-sets")
    parser.add_argument("--yaml-language-server", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    config, name = DOCUMENTS[options.document]
    schema = Path(__file__).parents[1] / f"schemas/{name}/schema.json"
    settings = {"yaml": {"schemas": {schema.as_uri(): "*.yaml"}, "validate": True}}
    found: dict[tuple[str, int], dict[str, float]] = {}
    columns = ("started", "first", "edit", "p95", "p99", "hover", "breaks", "repairs", "renames", "memory", "found")
    with tempfile.TemporaryDirectory() as folder:
        chosen = list(servers(options.yaml_language_server, Path(folder)))
        for lines in options.lines:
            runs: dict[str, list[Measured]] = {server.name: [] for server in chosen}
            for _ in range(options.runs):
                for server in chosen:
                    text = program(lines) if server.language == "python" else config(lines)
                    runs[server.name].append(
                        measure(server, text, options.edits, settings, lines == max(options.lines))
                    )
            print(f"\n{lines:,} lines (ms, MiB){'':<7}" + "".join(f"{column:>9}" for column in columns))
            for name, measured in runs.items():
                numbers = found[name, lines] = figures(measured)
                shown = (f"{numbers[column]:9.1f}" if column in numbers else f"{'':>9}" for column in columns)
                print(f"  {name:<26}" + "".join(shown), flush=True)
    print()
    return max([_judged(row, found) for row in ROWS], default=0)


def _judged(row: Row, found: dict[tuple[str, int], dict[str, float]]) -> int:
    """Print how a row stands; returns 1 if it is above what must hold."""
    ours, theirs = found.get(("hplint", row.lines), {}), found.get((row.peer, row.peer_lines or row.lines), {})
    if row.measure not in ours or row.measure not in theirs:
        return 0
    ratio = ours[row.measure] / theirs[row.measure]
    verdict = "bold" if ratio <= row.bold else "held" if ratio <= row.must else "MISSED"
    said = f"{row.name}, {row.lines:,} lines / {row.peer}"
    print(f"{said:<66} {ratio:7.4f}  must {row.must:.4f}  bold {row.bold:.4f}  {verdict}")
    return int(ratio > row.must)


if __name__ == "__main__":
    sys.exit(main())
