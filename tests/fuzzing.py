"""What hplint is fed by chance: each of TRIALS takes a source of chance, feeds one entry, and raises if that gives way.

An entry is anything that takes what somebody else wrote: configs, messages, settings, rules, formats, baselines.
The same seed makes the same trial, so that a failure can be had again.
"""

from __future__ import annotations

import gc
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hplint import baseline, lint
from hplint.findings import DISPLAY
from hplint.lint import Report
from hplint.parsing import SYNTAXES
from hplint.rules.build import vocabularies
from hplint.rules.language import ExpressionError, compile_condition, scope
from hplint.server.endpoints import Connection
from hplint.server.loop import serve
from hplint.settings import SettingsError, find_settings
from hplint.settings_keys import KEYS
from hplint.text import apply_edits

CHECKOUT = Path(__file__).parents[1]
LARGEST = 12_000
ODD = (
    "1e400", "-1e400", "9" * 400, "9" * 5_000, "0x"+ "f" * 4_000, "0", "-1", "1e308", "-0.0", "1e-400", ".nan",
    ".inf", "-.inf", "NaN", "Infinity", "null", "true", "''", '""', "[]", "{}", "[1,[2]]", "{a: 1}", "9" * 19,
    "9" * 25, "1.5", "1e3", "'9999999999'", "a b", "[nan]", "2020-01-01", "~", "0.1.1", "=", "<<", "[.nan, .inf]",
    r'"\ud800"', "!!int x", "*a", "&a 1", "${a}", "${a.b}", "${.a}", "${oc.env:X}", "{{ x }}", "???", "_", ".", "..",
    "/", "~/x", "\\", "%", "@", "no", "on", "1_000", "0o17", "0b1", "1:30", "é", "😀", "\u0085", "\u2028", "\ufeff",
    "\x00", "# hplint: ignore[ALL]", "# hplint: ignore-block[LR] x", "# hplint: format=keras", "!ref <a>",
    "!!python/object:x.Y {}", "torch.nn.ReLU",
)  # fmt: skip
"""Values that are too large, of another kind, or mean something else to one of the loaders."""
MARKS = (
    ":", ": ", "-", "- ", '"', "'", "{", "}", "[", "]", ",", "\n", "\r\n", "\r", "  ", "\t", "#", "&a ", "*a", "<<: ",
    "---\n", "...\n", "|\n", ">\n", "? ", "%YAML 1.1\n", "!!str ", "[x]\n", "[[x]]\n", "= ", "'''", '"""', "//", "\\u",
)  # fmt: skip
_SCALAR = re.compile(r"(?<=[:=\s,\[])\s*(-?\d[\d._e+-]*|true|false|[\w./-]+|\"[^\"\n]*\")(?=\s*[,\]\n}])")


@cache
def configs() -> tuple[tuple[str, str], ...]:
    """Return configs to begin with: name and text, of every format that examples/ and the corpus have."""
    folders = [CHECKOUT / "examples" / "good", CHECKOUT / "examples" / "bad"]
    if os.environ.get("HPLINT_CORPUS"):
        folders.append(Path(os.environ["HPLINT_CORPUS"]))
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in SYNTAXES]
    small = [path for path in paths if path.is_file() and path.stat().st_size <= LARGEST and path.suffix != ".keras"]
    return tuple((path.name, path.read_bytes().decode("utf-8", "replace")) for path in small)


def spoilt(chance: Random, text: str, times: int) -> str:
    """Return a text with values replaced by odd ones, and marks put in, left out or doubled."""
    for _ in range(times):
        how = chance.random()
        if how < 0.6:
            places = list(_SCALAR.finditer(text))
            if places:
                start, end = chance.choice(places).span(1)
                text = text[:start] + chance.choice(ODD) + text[end:]
                continue
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 0, 1, 2, 5, 40)))
        piece = chance.choice((*MARKS, "", text[start:end] * 2))
        text = text[:start] + piece + text[end:]
    return text


def is_sound(report: Report) -> None:
    """Raise unless findings and fixes stand inside of the text."""
    size = len(report.source.text)
    for finding in report.findings:
        assert 0 <= finding.span.start <= finding.span.end <= size, finding
        assert finding.message.strip(), finding
        for fix in finding.fixes:
            assert all(0 <= edit.span.start <= edit.span.end <= size for edit in fix.edits), fix
            apply_edits(report.source.text, fix.edits)


# -- configs -----------------------------------------------------------------------------------------------------------


def config_text(chance: Random) -> None:
    """Lint a config that somebody got wrong in several ways."""
    name, text = chance.choice(configs())
    is_sound(lint(spoilt(chance, text, chance.choice((1, 1, 2, 4, 30))), name))


def config_bytes(chance: Random) -> None:
    """Lint bytes that may be no text, under a name that may be of another syntax."""
    _, text = chance.choice(configs())
    data = bytearray(text.encode(chance.choice(("utf-8", "utf-8", "utf-16", "utf-32", "utf-8-sig"))))
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randint(0, len(data))
        data[at : at + chance.choice((0, 1, 4))] = bytes(chance.randrange(256) for _ in range(chance.choice((0, 1, 4))))
    is_sound(lint(bytes(data), f"x{chance.choice(tuple(SYNTAXES))}"))


def fixes(chance: Random) -> None:
    """Apply each fix of a config with odd values: the text is no harder to read, and the finding is gone."""
    name, text = chance.choice(configs())
    for _ in range(chance.choice((0, 1, 2))):
        text = spoilt(chance, text, 1)
    report = lint(text, name)
    if report.tree is None or report.tree.problems:
        return
    before = Counter((finding.code, finding.message) for finding in report.findings)
    for finding in report.findings:
        for fix in finding.fixes:
            if fix.applicability == DISPLAY:
                continue
            after = lint(apply_edits(text, fix.edits), name)
            assert after.tree is not None, fix
            assert not after.tree.problems, (fix, after.tree.problems)
            same = Counter((found.code, found.message) for found in after.findings)
            this = (finding.code, finding.message)
            assert same[this] < before[this], (finding, fix)


# -- messages ----------------------------------------------------------------------------------------------------------

METHODS = (
    "textDocument/codeAction", "textDocument/codeLens", "textDocument/completion", "textDocument/definition",
    "textDocument/diagnostic", "textDocument/documentHighlight", "textDocument/documentLink",
    "textDocument/documentSymbol", "textDocument/foldingRange", "textDocument/hover", "textDocument/inlayHint",
    "textDocument/prepareRename", "textDocument/references", "textDocument/rename", "textDocument/selectionRange",
    "workspace/executeCommand", "codeAction/resolve", "workspace/symbol", "workspace/diagnostic", "nothing/like/it",
)  # fmt: skip
NOTIFICATIONS = (
    "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave",
    "workspace/didChangeConfiguration", "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders",
    "window/workDoneProgress/cancel", "$/cancelRequest", "$/setTrace", "initialized",
)  # fmt: skip
URIS = ("file:///p/a.yaml", "file:///p/b.json", "file:///p/c.toml", "untitled:x", "file:///p/hplint.toml", "x", "", "%")
SPOILT: tuple[Any, ...] = (
    None, 5, -1, 1.5, [], {}, "x", True, {"line": -1}, [[]], 2**70, "\ud800", {"jsonrpc": "2.0"}, float("inf"), "\0",
)  # fmt: skip


def _params(chance: Random) -> dict[str, Any]:
    """Return params that fit many methods."""

    def place() -> dict[str, Any]:
        return {"line": chance.choice((0, 1, 5, 400, -1, 2**31)), "character": chance.choice((0, 1, 7, 5_000, -3))}

    def range_() -> dict[str, Any]:
        return {"start": place(), "end": place()}

    def uri() -> str:
        return chance.choice(URIS)

    _, text = chance.choice(configs())
    item = {"uri": uri(), "languageId": chance.choice(("yaml", "json", "toml", "x")), "version": chance.randrange(9)}
    changes = [{"range": range_(), "text": chance.choice(ODD)}, {"text": spoilt(chance, text, 2)}]
    return {
        "textDocument": {**item, "text": spoilt(chance, text, 3)},
        "contentChanges": chance.sample(changes, chance.randint(0, 2)),
        "position": place(),
        "positions": [place(), place()],
        "range": range_(),
        "context": {"diagnostics": [], "includeDeclaration": True, "triggerKind": 1, "only": ["quickfix"]},
        "newName": chance.choice(("new", "", "a b", "é", "x\ny")),
        "command": chance.choice(("hplint.server.explain", "hplint.server.describe", "nothing")),
        "arguments": [uri()],
        "title": "x",
        "data": {"uri": uri(), "version": 1, "make": chance.choice(("ignore", "fix-all", "x")), "code": "LR001"},
        "query": "a",
        "previousResultIds": [{"uri": uri(), "value": "x"}],
        "settings": {"hplint": chance.choice(({"enable": True}, {"enable": 3}, None, {"select": [1], "ignore": "x"}))},
        "changes": [{"uri": uri(), "type": 2}],
        "event": {"added": [{"uri": uri(), "name": "x"}], "removed": []},
        "id": chance.randrange(20),
        "token": "t",
    }


def _spoil_params(chance: Random, value: Any) -> Any:
    """Return a value with a part of it put in the place of another of any kind."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        if chance.random() < 0.2:
            return {name: below for name, below in value.items() if name != key}
        return {**value, key: _spoil_params(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.5:
        return [_spoil_params(chance, value[0]), *value[1:]]
    return chance.choice(SPOILT)


def _message(chance: Random, number: int) -> tuple[Any, Any]:
    """Return a message, and the id that an answer to it must have (None for none)."""
    params: Any = _params(chance)
    while chance.random() < 0.4:
        params = _spoil_params(chance, params)
    if chance.random() < 0.5:
        return {"jsonrpc": "2.0", "method": chance.choice(NOTIFICATIONS), "params": params}, None
    method = chance.choice(METHODS)
    identity: Any = number if chance.random() < 0.9 else f"n{number}"
    return {"jsonrpc": "2.0", "id": identity, "method": method, "params": params}, identity


def messages(chance: Random) -> None:
    """Send a server messages of which some are nonsense: each request is answered once, none by a failure of hplint."""
    start: Any = {"processId": None, "rootUri": None, "capabilities": {"textDocument": {"diagnostic": {}}}}
    if chance.random() < 0.3:
        start = _spoil_params(chance, start)
    bodies = [json.dumps({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": start}).encode()]
    wanted: list[Any] = [0]
    for number in range(1, 25):
        message, identity = _message(chance, number)
        body = json.dumps(message).encode()
        if chance.random() < 0.05:
            body = chance.choice((b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, body[: len(body) // 2]))
        elif identity is not None:
            wanted.append(identity)
        bodies.append(body)
    bodies.append(json.dumps({"jsonrpc": "2.0", "id": 99, "method": "shutdown"}).encode())
    bodies.append(json.dumps({"jsonrpc": "2.0", "method": "exit"}).encode())
    sent: list[Any] = []
    waiting = iter(bodies)
    thresholds = gc.get_threshold()
    try:
        serve(Connection(lambda: next(waiting, None), lambda body: sent.append(json.loads(body))))
    finally:
        gc.set_threshold(*thresholds)  # the server sets its own, and expects the process to end
        gc.unfreeze()
    answered = [message["id"] for message in sent if "method" not in message and message.get("id") is not None]
    assert sorted(map(str, answered)) == sorted(map(str, [*wanted, 99])), (wanted, answered)
    for message in sent:
        assert message.get("error", {}).get("code") != -32603, message
        said = json.dumps(message)
        assert "Traceback" not in said
        assert str(CHECKOUT / "hplint") + os.sep not in said.replace(str(CHECKOUT / "hplint" / "_knowledge"), "")
        if message.get("method") == "window/logMessage":
            assert " failed: " not in message["params"]["message"], message


def _says(error: Exception, pattern: str) -> None:
    """Raise unless an error says where to look."""
    assert re.search(pattern, str(error)), error


# -- what a project says -----------------------------------------------------------------------------------------------


def settings(chance: Random) -> None:
    """Read settings with odd values: they count, or it is said what is wrong with them."""
    values = (
        *ODD,
        "true",
        "['ALL']",
        "['LR', 3]",
        "'x'",
        "{'*' = ['LR']}",
        "[{files = '*', rules = ['LR'], at = '/a'}]",
    )
    lines = [f"{chance.choice(tuple(KEYS))} = {chance.choice(values)}" for _ in range(chance.choice((1, 2, 4)))]
    if chance.random() < 0.3:
        lines.insert(chance.randint(0, len(lines)), f"[{chance.choice(tuple(KEYS))}]")
    text = spoilt(chance, "\n".join(lines) + "\n", chance.choice((0, 1)))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "hplint.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
        Path(folder, ".git").mkdir()
        try:
            found = find_settings(folder)
        except SettingsError as error:
            _says(error, "hplint.toml")
            return
        name, config = chance.choice(configs())
        is_sound(lint(config, os.path.join(folder, name), found))


@cache
def _own() -> dict[str, str]:
    top = CHECKOUT / "examples" / "own" / "lint"
    return {str(path.relative_to(top)): path.read_text() for path in sorted(top.rglob("*.*")) if path.is_file()}


def own_knowledge(chance: Random) -> None:
    """Read rules, formats and schemas of a project's own that are spoilt, and lint with what can be used."""
    spoilt_one = chance.choice(tuple(_own()))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, ".git").mkdir()
        Path(folder, "hplint.toml").write_text('own = ["lint"]\n')
        for name, text in _own().items():
            path = Path(folder, "lint", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            made = spoilt(chance, text, chance.choice((1, 1, 2))) if name == spoilt_one else text
            path.write_bytes(made.encode("utf-8", "surrogatepass"))
        try:
            found = find_settings(folder)
        except SettingsError as error:
            _says(error, r":\d+: ")
            return
        text = "acme_version: 2\noptim: {lr: 0.001}\ntrain: {epochs: 3, batch: 100}\n"
        is_sound(lint(spoilt(chance, text, chance.choice((0, 1, 2))), "train.yaml", found))


FACTS = (
    "optimizer.learning_rate", "optimizer.name", "optimizer.betas", "run.batch_size", "run.epochs", "task.kind", "loss",
    "model.layers", "inputs", "task.classes", "model.family", "schedule.warmup_steps", "run", "outputs",
)  # fmt: skip
FUNCTIONS = (
    "len",
    "max",
    "min",
    "sum",
    "abs",
    "round",
    "lower",
    "product",
    "distinct",
    "is_whole",
    "is_sorted",
    "surely",
)


def _expression(chance: Random, depth: int) -> str:
    """Return an expression of the condition language, with no regard to what its facts are."""
    if depth <= 0 or chance.random() < 0.2:
        return chance.choice((*FACTS, "1", "0", "-1.5", "10**2", "'adam'", "None", "True", "[1, 'x']", "1e299"))
    left, right = _expression(chance, depth - 1), _expression(chance, depth - 1)
    how = chance.random()
    if how < 0.4:
        return f"({left} {chance.choice(('==', '<', '>=', 'in', 'not in', 'and', 'or', '!='))} {right})"
    if how < 0.6:
        return f"({left} {chance.choice(('+', '-', '*', '/', '//', '%'))} {right})"
    if how < 0.8:
        return f"{chance.choice(FUNCTIONS)}({left})"
    if how < 0.9:
        return f"{chance.choice(('starts', 'ends', 'includes'))}({left}, {right})"
    return chance.choice((f"(not {left})", f"({left} if {right} else {left})", f"{left}[{chance.choice((0, -1, 9))}]"))


def own_conditions(chance: Random) -> None:
    """Lint with a rule whose condition, message and fix are expressions by chance: they hold, or they do not."""
    rule = next(text for name, text in _own().items() if name.endswith("ACME001.yaml"))
    rule = rule.replace("run.batch_size % 32 != 0", json.dumps(_expression(chance, 4)), 1)
    rule = rule.replace("{run.batch_size} is", "{" + _expression(chance, 1) + "} is", 1)
    rule = rule.replace("= (run.batch_size // 32 + 1) * 32", f"= {_expression(chance, 2)}", 1)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, ".git").mkdir()
        Path(folder, "hplint.toml").write_text('own = ["lint"]\n')
        Path(folder, "lint", "rules").mkdir(parents=True)
        Path(folder, "lint", "rules", "ACME001.yaml").write_text(rule)
        try:
            found = find_settings(folder)
        except SettingsError as error:
            _says(error, r":\d+: ")
            return
        for _ in range(5):
            name, text = chance.choice(configs())
            is_sound(lint(spoilt(chance, text, chance.choice((0, 1, 3))), name, found))


def conditions(chance: Random) -> None:
    """Compile expressions that are none, or all too many."""
    words = (
        "layer", "layers", "optimizer", ".learning_rate", ".", "(", ")", "[", "]", " and ", " or ", " not ", " if ",
        " else ", "==", "<", "in", "+", "*", "**", "lambda:", "any(", " for l in model.layers", "1", "'x'", "f'{x}'",
        "__class__", "None", "True", ",", ":=", "...", "*x", "0x", "1e999", "@", "\n", "\0", "é", "\ud800", "len(", "-",
    )  # fmt: skip
    text = "".join(chance.choice(words) for _ in range(chance.choice((1, 3, 8, 60))))
    text *= chance.choice((1, 1, 1, 50))
    try:
        compiled = compile_condition(text, scope(chance.choice(("training", "layer", "scalar"))), _vocabularies())
    except ExpressionError:
        return
    compile(compiled, "<condition>", "eval")


@cache
def _vocabularies() -> Any:
    from hplint import knowledge

    return vocabularies(knowledge.data("names"))


def known_findings(chance: Random) -> None:
    """Read a baseline that somebody has edited."""
    entry = {"path": "a.yaml", "code": "LR001", "message": "m", "line": "l", "count": 1}
    document: Any = {"version": 1, "findings": [entry, entry]}
    while chance.random() < 0.7:
        document = _spoil_params(chance, document)
    text = spoilt(chance, json.dumps(document), chance.choice((0, 0, 1)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "hplint-baseline.json")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            known = baseline.load(str(path))
        except baseline.BaselineError as error:
            _says(error, "hplint-baseline.json")
            return
        known.new(lint("hplint: 1\noptimizer: {name: sgd, learning_rate: 10}\n", os.path.join(folder, "a.yaml")))
        known.gone()
        baseline.dump(known.shrunk())


TRIALS: dict[str, Callable[[Random], None]] = {
    trial.__name__: trial
    for trial in (
        config_text, config_bytes, fixes, messages, settings, own_knowledge, own_conditions, conditions, known_findings,
    )
}  # fmt: skip
"""The entries by name."""
COSTLY = {"messages": 10, "fixes": 2}
"""Entries of which fewer trials are made, by how many times fewer."""
