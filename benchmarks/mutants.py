"""Changes one small thing in a module at a time, and tells which changes no test notices.

    python benchmarks/mutants.py hplint/text.py tests/test_text.py [TEST...] [--most 80] [--seed 1]

Each change (a comparison the other way, a number one more, an `and` for an `or`, a statement left out) is made in a
process of its own, in the function alone: files stay as they are. What survives is to be looked at: a test is missing
there, or the change means the same.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

CHECKOUT = Path(__file__).parents[1]
SECONDS = 60
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[tuple[str, str, Any]]:
    """Yield the changes of one node: in words, the attribute, and its new value."""
    if isinstance(node, ast.Compare):
        new = COMPARISONS.get(type(node.ops[0]))
        if new is not None:
            yield f"{type(node.ops[0]).__name__} -> {new.__name__}", "ops", [new(), *node.ops[1:]]
    elif isinstance(node, ast.BoolOp):
        other: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} -> {type(other).__name__}", "op", other
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield f"{type(node.op).__name__} -> {ARITHMETIC[type(node.op)].__name__}", "op", ARITHMETIC[type(node.op)]()
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield f"{node.value} -> {node.value + 1}", "value", node.value + 1
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield f"{node.value} -> {not node.value}", "value", not node.value
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield "condition -> not", "test", ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "return None", "value", ast.Constant(None)


def mutants(tree: ast.Module) -> list[tuple[int, str, ast.Module]]:
    """Return every change inside of a function: its line, what it is, and the whole module with it."""
    made = []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inside = {id(node) for function in functions for part in function.body for node in ast.walk(part)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in inside:
            continue
        for words, attribute, value in changes(node):
            changed = copy.deepcopy(tree)
            setattr(list(ast.walk(changed))[number], attribute, value)
            made.append((getattr(node, "lineno", 0), words, ast.fix_missing_locations(changed)))
    return made


def codes(code: CodeType, above: str = "") -> Iterator[tuple[str, CodeType]]:
    """Yield the code of functions by their qualified names."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            name = f"{above}{constant.co_name}"
            yield name, constant
            yield from codes(constant, f"{name}.")


def functions_of(module: ModuleType) -> dict[str, FunctionType]:
    """Return the functions and methods of a module by their qualified names."""
    found: dict[str, FunctionType] = {}
    for name, value in vars(module).items():
        members = [(name, value)]
        if isinstance(value, type) and value.__module__ == module.__name__:
            members += [(f"{name}.{below}", held) for below, held in vars(value).items()]
        for qualified, member in members:
            plain = getattr(member, "fget", None) or getattr(member, "__func__", None) or member
            plain = getattr(plain, "__wrapped__", plain)
            if isinstance(plain, FunctionType) and plain.__module__ == module.__name__:
                found[qualified] = plain
    return found


def exchange(module: ModuleType, path: Path, changed: ast.Module) -> bool:
    """Put the changed code in the place of the module's own; False where no function holds it."""
    functions = functions_of(module)
    is_changed = False
    for name, code in codes(compile(changed, str(path), "exec")):
        function = functions.get(name)
        if function is not None and function.__code__ != code:
            if function.__code__.co_freevars != code.co_freevars:
                return False
            function.__code__ = code
            is_changed = True
    return is_changed


def outcome(module: ModuleType, path: Path, changed: ast.Module, tests: list[str]) -> str:
    """Return "killed", "survived" or "out of reach" of one change."""
    process = os.fork()
    if process:
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        return {0: "survived", 77: "out of reach"}.get(status, "killed")
    signal.alarm(4 * SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    status = 77
    if exchange(module, path, changed):
        import pytest

        status = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow", *tests]))
    os._exit(status)


def main() -> int:
    """Make changes, run the tests and print what survived; returns 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--most", type=int, default=80, help="how many changes to make, chosen by chance")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    path = options.module.resolve()
    sys.path.insert(0, str(CHECKOUT))
    module = importlib.import_module(".".join(path.relative_to(CHECKOUT).with_suffix("").parts))
    text = path.read_text(encoding="utf-8")
    made = mutants(ast.parse(text))
    chosen = random.Random(options.seed).sample(made, min(options.most, len(made)))
    counts = {"killed": 0, "survived": 0, "out of reach": 0}
    for line, words, changed in sorted(chosen, key=lambda one: one[0]):
        ended = outcome(module, path, changed, options.tests)
        counts[ended] += 1
        if ended == "survived":
            print(f"{options.module}:{line}: {words}: {text.splitlines()[line - 1].strip()}", flush=True)
    told = ", ".join(f"{count} {words}" for words, count in counts.items())
    print(f"{options.module}: {len(chosen)} of {len(made)} changes: {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
