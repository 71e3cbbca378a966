"""JSON Schemas of the arguments of functions and classes from their source, without importing it."""

from __future__ import annotations

import ast
import zipfile
from pathlib import Path
from typing import Any

from typed_schema import union, with_default

Schema = dict[str, Any]

NAMES: dict[str, Schema] = {
    "bool": {"type": "boolean"}, "int": {"type": "integer"}, "float": {"type": "number"}, "str": {"type": "string"},
    "None": {"type": "null"}, "dict": {"type": "object"}, "Dict": {"type": "object"}, "Mapping": {"type": "object"},
    "list": {"type": "array"}, "List": {"type": "array"}, "tuple": {"type": "array"}, "Tuple": {"type": "array"},
    "Sequence": {"type": "array"}, "Path": {"type": "string"}, "PathLike": {"type": "string"},
    "_PATH": {"type": "string"},
}  # fmt: skip
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Source:
    """The modules of one release of a package."""

    def __init__(self, package: str, texts: dict[str, str]) -> None:
        self.package = package
        self.modules = {name: ast.parse(text) for name, text in texts.items()}
        self.packages = {name.removesuffix(".__init__") for name in texts if name.endswith(".__init__")}
        self.modules = {name.removesuffix(".__init__"): tree for name, tree in self.modules.items()}

    def names(self, module: str) -> dict[str, ast.AST]:
        """What the top level of a module calls by a name: definitions, imports and assignments."""
        found: dict[str, ast.AST] = {}
        for node in ast.walk(ast.Module(self.modules[module].body, [])):
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and node in self.modules[module].body:
                found[node.name] = node
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    origin = self.origin(module, node)
                    found[alias.asname or alias.name] = ast.Constant(f"{origin}.{alias.name}")
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, node.value)
        return found

    def origin(self, module: str, node: ast.ImportFrom) -> str:
        """The module that `from x import y` names, `x` being relative or not."""
        if not node.level:
            return node.module or ""
        base = module.split(".")
        base = base[: len(base) - node.level + (module in self.packages)]
        return ".".join([*base, *([node.module] if node.module else [])])

    def definition(self, path: str, depth: int = 0) -> ast.AST | None:
        """The function or class that a path leads to, through imports and partial applications."""
        module, _, name = path.rpartition(".")
        if module not in self.modules or depth > 10:
            return None
        found = self.names(module).get(name)
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            return self.definition(found.value, depth + 1)
        if isinstance(found, ast.Call) and ast.unparse(found.func) in ("partial", "functools.partial"):
            return self.definition(f"{module}.{ast.unparse(found.args[0])}", depth + 1)
        if isinstance(found, ast.Name):
            return self.definition(f"{module}.{found.id}", depth + 1)
        return found if isinstance(found, (*FUNCTIONS, ast.ClassDef)) else None

    def components(self, foreign_packages: tuple[str, ...] = ()) -> tuple[dict[str, ast.AST], set[str]]:
        """Every public path that leads to a function or class of the package, and those that lead out to others."""
        found: dict[str, ast.AST] = {}
        foreign: set[str] = set()
        for module in self.modules:
            inner = module.removeprefix(f"{self.package}.")
            if any(step.startswith("_") for step in inner.split(".")):
                continue
            for name, said in self.names(module).items():
                if name.startswith("_"):
                    continue
                definition = self.definition(f"{module}.{name}")
                if definition is not None:
                    found[f"{module}.{name}"] = definition
                elif isinstance(said, ast.Constant) and str(said.value).partition(".")[0] in foreign_packages:
                    foreign.add(f"{module}.{name}")
        return found, foreign


def from_folder(package: str, folder: Path) -> Source:
    """The package in a folder."""
    paths = (folder / package).rglob("*.py")
    texts = {".".join(path.relative_to(folder).with_suffix("").parts): path.read_text("utf-8") for path in paths}
    return Source(package, texts)


def from_wheel(package: str, path: Path) -> Source:
    """The package in a wheel."""
    with zipfile.ZipFile(path) as wheel:
        names = [name for name in wheel.namelist() if name.startswith(f"{package}/") and name.endswith(".py")]
        return Source(package, {name[:-3].replace("/", "."): wheel.read(name).decode("utf-8") for name in names})


def schema_of(hint: ast.AST | None) -> Any:
    """The schema of what an annotation accepts; True where that is anything, or an object of a class."""
    if isinstance(hint, ast.Constant):
        if isinstance(hint.value, str):
            return schema_of(ast.parse(hint.value, mode="eval").body)
        return {"type": "null"} if hint.value is None else True
    if isinstance(hint, (ast.Name, ast.Attribute)):
        return NAMES.get(ast.unparse(hint).rpartition(".")[2], True)
    if isinstance(hint, ast.BinOp) and isinstance(hint.op, ast.BitOr):
        return union([schema_of(hint.left), schema_of(hint.right)])
    if isinstance(hint, ast.Subscript):
        inside = hint.slice.elts if isinstance(hint.slice, ast.Tuple) else [hint.slice]
        name = ast.unparse(hint.value).rpartition(".")[2]
        if name in ("Optional", "Union"):
            return union([*map(schema_of, inside), *([{"type": "null"}] if name == "Optional" else [])])
        if name == "Literal":
            return {"enum": [ast.literal_eval(item) for item in inside]}
        if name in ("List", "list", "Sequence"):
            items = schema_of(inside[0])
            return {"type": "array"} if items is True else {"type": "array", "items": items}
        return NAMES.get(name, True)
    return True


def arguments(definition: ast.AST) -> Schema:
    """The schema of the keyword arguments of a function or class."""
    if isinstance(definition, ast.ClassDef):
        made = [node for node in definition.body if isinstance(node, FUNCTIONS) and node.name == "__init__"]
        if not made:  # its constructor is that of another class
            return {"properties": {}, "additionalProperties": True}
        spec, skipped = made[0].args, 1
    elif isinstance(definition, FUNCTIONS):
        spec, skipped = definition.args, 0
    listed = [*spec.posonlyargs, *spec.args]
    defaults = dict(zip([one.arg for one in reversed(listed)], reversed(spec.defaults)))
    defaults |= {one.arg: value for one, value in zip(spec.kwonlyargs, spec.kw_defaults) if value is not None}
    properties = {}
    for one in [*listed[skipped:], *spec.kwonlyargs]:
        try:
            default: Any = ast.literal_eval(defaults[one.arg]) if one.arg in defaults else ...
        except ValueError:  # a default that is no plain data
            default = ...
        properties[one.arg] = with_default(schema_of(one.annotation), default)
    return {"properties": properties, "additionalProperties": spec.kwarg is not None}


def widened(made: Schema, earlier: list[dict[str, Schema]], path: str) -> Schema:
    """The schema of a component's arguments, with those it had in earlier releases, or had of other types."""
    for release in earlier:
        for name, below in release.get(path, {"properties": {}})["properties"].items():
            made["properties"][name] = union([made["properties"].get(name), below])
    return made
