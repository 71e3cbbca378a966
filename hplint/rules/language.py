"""The condition language: a small subset of Python's expressions, checked and compiled once.

    layer.role == "hidden" and layer.activation == "sigmoid" and not any(l.kind == "attention" for l in model.layers)

Allowed: constants, lists, names of facts and parts, attributes of parts, comparisons, `in`, `and`, `or`, `not`,
`x if c else y`, + - * / // %, an index by a whole number, and calls of the functions below, three of which (any, all,
count) take one generator over a list of parts. Nothing else is: no power, no attribute starting with `_`, no other
call, so a rule from a stranger can neither run code nor run long. Names, attributes and the words of closed
vocabularies are checked against the facts' types.

Expressions compile to the text of a Python expression over hplint.rules.logic.
"""

from __future__ import annotations

import ast

from hplint.facts import derive as _derive  # noqa: F401  # registers the derived facts
from hplint.facts.fact import DERIVED, fact_types
from hplint.facts.parts import PARTS, VOCABULARIES

MAX_LENGTH = 2000
_LARGEST = 1.79e308  # about the largest float
MAX_NODES = 300
MAX_LOOPS = 2
"""How deep lists may be gone through within each other: each level multiplies the time by the number of layers."""

_COMPARE = {
    ast.Eq: "equal", ast.NotEq: "unequal", ast.Lt: "less", ast.LtE: "less_equal", ast.Gt: "greater",
    ast.GtE: "greater_equal", ast.Is: "equal", ast.IsNot: "unequal",
}  # fmt: skip
_ARITHMETIC = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
}  # fmt: skip
ARITHMETIC = tuple(_ARITHMETIC.values())
"""Functions of the operator module that compiled expressions use."""

# Function in the language -> (function of logic, number of arguments, type of the result).
FUNCTIONS = {
    "surely": ("surely", 1, "bool"),
    "abs": ("absolute", 1, "number"),
    "round": ("rounded", 1, "number"),
    "len": ("length", 1, "number"),
    "max": ("largest", 1, "number"),
    "min": ("smallest", 1, "number"),
    "sum": ("total", 1, "number"),
    "product": ("product", 1, "number"),
    "distinct": ("distinct", 1, "number"),
    "lower": ("lower", 1, "text"),
    "is_whole": ("is_whole", 1, "bool"),
    "is_number": ("is_number", 1, "bool"),
    "is_text": ("is_text", 1, "bool"),
    "is_sorted": ("is_sorted", 1, "bool"),
    "starts": ("starts", 2, "bool"),
    "ends": ("ends", 2, "bool"),
    "includes": ("includes", 2, "bool"),
}
_ABOUT_FACTS = {"known": "is_known", "written": "is_written", "default": "is_default", "inferred": "is_inferred"}
_OVER_PARTS = {"any": "some", "all": "every", "count": "count"}
_NUMBER_TYPES = {"int", "float"}


class ExpressionError(Exception):
    """An expression that is not of the language. `column` counts characters from 0 within the expression."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


def compile_expression(text: str, names: dict[str, str], vocabularies: dict[str, tuple[str, ...]]) -> str:
    """Return Python source for the expression `text`, evaluating to a value or U.

    `names` maps each name in scope to its type: the name of a class of parts, "list[Layer]", or a fact's type. In the
    source a name is looked up as `get(t, name)` unless it is "s" (the rule's subject), see `scope`.
    Raises ExpressionError.
    """
    return _Compiler(text, names, vocabularies).expression()[0]


def compile_condition(text: str, names: dict[str, str], vocabularies: dict[str, tuple[str, ...]]) -> str:
    """Return Python source that is True where the expression `text` is definitely true, else False.

    That is the value of compile_expression compared with True, in plain Python's `and` and `or`: what decides whether a
    rule fires runs on every config, and needs no third value. Raises ExpressionError.
    """
    compiler = _Compiler(text, names, vocabularies)
    return compiler.holds(compiler.tree, True)


def compile_fact(text: str, names: dict[str, str], vocabularies: dict[str, tuple[str, ...]]) -> str:
    """Return Python source that evaluates to the Fact, Part or list that the dotted path `text` names."""
    compiler = _Compiler(text, names, vocabularies)
    return compiler.fact(compiler.tree)


def scope(subject: str) -> dict[str, str]:
    """Return the names that a rule on `subject` (a class of parts, lower case) can use, with their types."""
    names = dict(fact_types(PARTS["Training"]))
    if subject != "training":
        names[subject] = "".join(word.title() for word in subject.split("_"))
    return names


class _Compiler:
    def __init__(self, text: str, names: dict[str, str], vocabularies: dict[str, tuple[str, ...]]) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"longer than {MAX_LENGTH} characters")
        try:
            self.tree: ast.expr = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ExpressionError(f"not an expression: {error}", getattr(error, "offset", 0) or 0) from None
        if sum(1 for _ in ast.walk(self.tree)) > MAX_NODES:
            raise ExpressionError(f"more than {MAX_NODES} parts; compute a fact instead")
        self.names = names
        self.vocabularies = {**VOCABULARIES, **vocabularies}
        self.local: dict[str, str] = {}

    def expression(self) -> tuple[str, str]:
        return self.value(self.tree)

    def fail(self, node: ast.AST, message: str) -> ExpressionError:
        return ExpressionError(message, getattr(node, "col_offset", 0))

    def value(self, node: ast.expr) -> tuple[str, str]:
        """Return source and type of an expression."""
        handler = getattr(self, f"on_{type(node).__name__.lower()}", None)
        if handler is None:
            raise self.fail(node, f"{type(node).__name__} is not part of the condition language")
        result: tuple[str, str] = handler(node)
        return result

    def holds(self, node: ast.expr, wanted: bool) -> str:
        """Return source that is True where `node` definitely has the truth `wanted`, else False."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.holds(node.operand, not wanted)
        if isinstance(node, ast.BoolOp):
            word = " and " if isinstance(node.op, ast.And) is wanted else " or "
            operands = sorted(node.values, key=self.effort)
            return f"({word.join(self.holds(operand, wanted) for operand in operands)})"
        source = self.value(node)[0]  # checks it, too
        if isinstance(node, ast.Call) and source.startswith("surely("):
            inner = self.holds(node.args[0], True)
            return inner if wanted else f"(not {inner})"
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            plain = self.plain_comparison(node, wanted)
            if plain is not None:
                return plain
        return f"({source} is True)" if wanted else f"(negate({source}) is True)"

    def effort(self, operand: ast.expr) -> tuple[bool, int]:
        """Return what orders the operands of a condition: first what is stated and soon settled, last exceptions.

        The order changes nothing about the answer, since no operand does anything but look at facts. A negation names
        an exception, which seldom settles a condition; inferred facts and lists of parts take longest to look at.
        """
        inside = list(ast.walk(operand))
        loops = sum(isinstance(node, ast.GeneratorExp) for node in inside)
        inferred = sum(isinstance(node, ast.Attribute) and self.is_inferred(node) for node in inside)
        is_exception = isinstance(operand, ast.UnaryOp) and isinstance(operand.op, ast.Not)
        return is_exception, loops + inferred

    def is_inferred(self, node: ast.Attribute) -> bool:
        """Whether a fact may have to be inferred before it can be compared."""
        try:
            return (self.value(node.value)[1], node.attr) in DERIVED
        except ExpressionError:  # of a part that a loop goes through, which counts for itself
            return False

    def plain_comparison(self, node: ast.Compare, wanted: bool) -> str | None:
        """Return Python's own comparison with constants, which U never equals; None where it would not do."""
        left, operator, right = node.left, node.ops[0], node.comparators[0]
        if isinstance(operator, (ast.In, ast.NotIn)):
            constants = right.elts if isinstance(right, (ast.List, ast.Tuple)) else []
        else:
            constants = [right] if isinstance(operator, (ast.Eq, ast.NotEq)) else []
        if not constants or not all(isinstance(constant, ast.Constant) for constant in constants):
            return None
        words = "".join(f"{self.value(constant)[0]}, " for constant in constants)
        if isinstance(operator, (ast.In, ast.Eq)) is wanted:
            return f"({self.value(left)[0]} in ({words}))"
        return f"({self.value(left)[0]} not in (U, {words}))"

    def on_constant(self, node: ast.Constant) -> tuple[str, str]:
        if node.value is None:
            return "None", "none"
        if isinstance(node.value, bool):
            return repr(node.value), "bool"
        if isinstance(node.value, (int, float)):
            if not -_LARGEST <= node.value <= _LARGEST:
                raise self.fail(node, "a number larger than any that a config holds")
            return repr(node.value), "number"
        if isinstance(node.value, str):
            return repr(node.value), "text"
        raise self.fail(node, f"the constant {node.value!r} is not part of the condition language")

    def on_list(self, node: ast.List | ast.Tuple) -> tuple[str, str]:
        items = [self.value(element)[0] for element in node.elts]
        return "(" + "".join(f"{item}, " for item in items) + ")", "list"

    on_tuple = on_list

    def on_name(self, node: ast.Name) -> tuple[str, str]:
        if node.id in self.local:
            return node.id, self.local[node.id]
        kind = self.names.get(node.id)
        if kind is None:
            raise self.fail(node, f"unknown name {node.id!r}{_nearest(node.id, self.names)}")
        if node.id in fact_types(PARTS["Training"]):
            return f"get(t, {node.id!r})", kind
        return "s", kind

    def on_attribute(self, node: ast.Attribute) -> tuple[str, str]:
        source, kind = self.value(node.value)
        return f"get({source}, {node.attr!r})", self.attribute_type(node, kind)

    def attribute_type(self, node: ast.Attribute, kind: str) -> str:
        if kind not in PARTS:
            raise self.fail(node, f"{ast.unparse(node.value)} is no group of facts, so it has no {node.attr!r}")
        facts = fact_types(PARTS[kind])
        if node.attr not in facts:
            raise self.fail(node, f"{kind} has no fact {node.attr!r}{_nearest(node.attr, facts)}")
        return facts[node.attr]

    def on_compare(self, node: ast.Compare) -> tuple[str, str]:
        parts = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators):
            (left_source, left_type), (right_source, right_type) = self.value(left), self.value(right)
            self.check_words(left, left_type, right)
            self.check_words(right, right_type, left)
            if isinstance(operator, (ast.In, ast.NotIn)):
                function = "contains" if isinstance(operator, ast.In) else "lacks"
                parts.append(f"{function}({right_source}, {left_source})")
            else:
                self.check_comparable(node, left_type, right_type)
                parts.append(f"{_COMPARE[type(operator)]}({left_source}, {right_source})")
            left = right
        return _joined("both", parts), "bool"

    def check_words(self, node: ast.expr, kind: str, other: ast.expr) -> None:
        """Complain about a word that the closed vocabulary of a fact does not have."""
        words = self.vocabularies.get(_inner(kind))
        if words is None:
            return
        constants = other.elts if isinstance(other, (ast.List, ast.Tuple)) else [other]
        for constant in constants:
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and constant.value not in words:
                hint = _nearest(constant.value, words)
                raise self.fail(constant, f"{ast.unparse(node)} is never {constant.value!r}{hint}")

    def check_comparable(self, node: ast.Compare, left: str, right: str) -> None:
        groups = {_group(left), _group(right)} - {"any", "none"}
        if len(groups) > 1:
            raise self.fail(node, f"a comparison of {' with '.join(sorted(groups))} is never true")

    def on_boolop(self, node: ast.BoolOp) -> tuple[str, str]:
        function = "both" if isinstance(node.op, ast.And) else "either"
        return _joined(function, [self.value(operand)[0] for operand in node.values]), "bool"

    def on_unaryop(self, node: ast.UnaryOp) -> tuple[str, str]:
        source, _ = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            return f"negate({source})", "bool"
        if isinstance(node.op, ast.USub):
            return f"calculate(sub, 0, {source})", "number"
        raise self.fail(node, "only `not` and `-` may stand before a value")

    def on_binop(self, node: ast.BinOp) -> tuple[str, str]:
        operation = _ARITHMETIC.get(type(node.op))
        if operation is None:
            raise self.fail(node, f"{type(node.op).__name__} is not part of the condition language")
        left, right = self.value(node.left)[0], self.value(node.right)[0]
        return f"calculate({operation}, {left}, {right})", "number"

    def on_ifexp(self, node: ast.IfExp) -> tuple[str, str]:
        then, kind = self.value(node.body)
        return f"choose({self.value(node.test)[0]}, lambda: {then}, lambda: {self.value(node.orelse)[0]})", kind

    def on_subscript(self, node: ast.Subscript) -> tuple[str, str]:
        index = node.slice
        negative = isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub)
        constant = index.operand if negative and isinstance(index, ast.UnaryOp) else index
        if not (isinstance(constant, ast.Constant) and isinstance(constant.value, int)):
            raise self.fail(node, "an index must be a whole number")
        source, kind = self.value(node.value)
        return f"item({source}, {-constant.value if negative else constant.value})", _element(kind)

    def on_call(self, node: ast.Call) -> tuple[str, str]:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.fail(node, "only the language's own functions can be called, without named arguments")
        name = node.func.id
        if name in _ABOUT_FACTS:
            self.arity(node, name, 1)
            return f"{_ABOUT_FACTS[name]}({self.fact(node.args[0])})", "bool"
        if name in _OVER_PARTS:
            self.arity(node, name, 1)
            return f"{_OVER_PARTS[name]}({self.generator(node.args[0])[0]})", "number" if name == "count" else "bool"
        if name in FUNCTIONS:
            function, arity, kind = FUNCTIONS[name]
            self.arity(node, name, arity)
            arguments = [
                self.generator(argument)[0] if isinstance(argument, ast.GeneratorExp) else self.value(argument)[0]
                for argument in node.args
            ]
            return f"{function}({', '.join(arguments)})", kind
        known = {**FUNCTIONS, **_ABOUT_FACTS, **_OVER_PARTS}
        raise self.fail(node, f"unknown function {name!r}{_nearest(name, known)}")

    def arity(self, node: ast.Call, name: str, arity: int) -> None:
        if len(node.args) != arity:
            raise self.fail(node, f"{name}() takes {arity} argument{'s' if arity > 1 else ''}")

    def generator(self, node: ast.expr) -> tuple[str, str]:
        if not isinstance(node, ast.GeneratorExp):
            raise self.fail(node, "any(), all() and count() take `condition for x in list`")
        loop = node.generators[0]
        if len(node.generators) != 1 or loop.is_async or not isinstance(loop.target, ast.Name):
            raise self.fail(node, "one `for name in list` only")
        if len(self.local) >= MAX_LOOPS:
            raise self.fail(node, f"more than {MAX_LOOPS} lists within each other; compute a fact instead")
        name = loop.target.id
        source, kind = self.value(loop.iter)
        if name in self.names or name in self.local or name in ("t", "s"):
            raise self.fail(node, f"the name {name!r} is taken")
        if not kind.startswith("list[") and _inner(kind) not in ("Values", "list"):
            raise self.fail(node, f"{ast.unparse(loop.iter)} is no list")
        self.local[name] = _element(kind)
        test = [self.value(condition)[0] for condition in loop.ifs]
        body, body_kind = self.value(node.elt)
        del self.local[name]
        if test:
            body = f"both({_joined('both', test)}, lambda: {body})"
        return f"members({source}, lambda {name}: {body})", body_kind

    def fact(self, node: ast.expr) -> str:
        """Return source for the Fact, Part or list that a dotted path names."""
        if isinstance(node, ast.Attribute):
            source, kind = self.value(node.value)
            self.attribute_type(node, kind)
            return f"fact({source}, {node.attr!r})"
        if isinstance(node, ast.Name):
            return self.on_name(node)[0]
        if isinstance(node, ast.Subscript):
            return self.on_subscript(node)[0]
        raise self.fail(node, "the path of a fact is needed here, such as optimizer.learning_rate")


def _joined(function: str, sources: list[str]) -> str:
    result = sources[-1]
    for source in reversed(sources[:-1]):
        result = f"{function}({source}, lambda: {result})"
    return result


def _inner(kind: str) -> str:
    return kind[5:-1] if kind.startswith("Fact[") else kind


def _element(kind: str) -> str:
    return kind[5:-1] if kind.startswith("list[") else "any"


def _group(kind: str) -> str:
    """Return the group of types among which comparing makes sense."""
    kind = _inner(kind)
    if kind in _NUMBER_TYPES or kind == "number":
        return "number"
    if kind in ("bool", "none", "any"):
        return kind
    if kind in ("Values", "list") or kind.startswith("list["):
        return "list"
    return "group of facts" if kind in PARTS else "text"


def _nearest(word: str, words: object) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(words), 1)  # type: ignore[call-overload]  # any iterable of text
    return f"; did you mean {close[0]!r}?" if close else ""
