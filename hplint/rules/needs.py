"""What a config must state for a rule to have any chance of firing, read from the rule's condition.

A condition is definitely true only if the facts that it compares are known. Where such a fact is never inferred, or
only from certain others, it or one of those must be stated, so a rule need not be asked of a config without them; often
one of a few values is needed, too. The needs of a rule are groups of alternatives: each group maps paths such as
"optimizer.momentum" or "layer.kind" to the values that would do, or to None for any value, and some part of the config
must state one of them.

Needs are made when the knowledge is compiled; hplint.rules.index looks at them. They leave rules out that would find
nothing, and never change what is found.
"""

from __future__ import annotations

import ast

from hplint.facts import derive as _derive  # noqa: F401  # registers the derived facts
from hplint.facts.fact import DERIVED, RESTS_ON, fact_types
from hplint.facts.parts import PARTS, SINGLE
from hplint.rules.language import FUNCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Group = dict[str, frozenset[Any] | None]
    """Alternatives: path -> the values that would do, None for any value."""
    Needs = tuple[tuple[tuple[str, tuple[Any, ...] | None], ...], ...]
    """The same as plain data."""

_LISTS = {
    "inputs": "Input", "outputs": "Output", "metrics": "Metric", "model.layers": "Layer",
    "search.parameters": "Parameter",
}  # fmt: skip
"""The lists whose parts are the subjects of rules, as conditions name them."""


_OWNERS = {"training": "Training", **fact_types(PARTS["Training"])}
"""The classes of the single parts, by their names."""


def needs(condition: str, subject: str) -> Needs:
    """Return the needs of a checked condition of a rule on `subject`: groups of (path, values) alternatives."""
    scope = {} if subject == "training" else {subject: "".join(word.title() for word in subject.split("_"))}
    groups = _Reader(scope).groups(ast.parse(" ".join(condition.split()), mode="eval").body, True)
    return tuple(
        tuple((path, None if values is None else tuple(sorted(values, key=repr))) for path, values in group.items())
        for group in groups
    )


def rarest_first(of_rules: list[Needs]) -> list[Needs]:
    """Return the needs of all rules with the groups in order: first what the fewest configs can be expected to meet.

    That is a group that asks for certain values, or for facts that few rules speak of.
    """
    mentions: dict[str, int] = {}
    for needed in of_rules:
        for path in {path for alternatives in needed for path, _ in alternatives}:
            mentions[path] = mentions.get(path, 0) + 1

    def expected(alternatives: tuple[tuple[str, tuple[Any, ...] | None], ...]) -> int:
        return sum(mentions[path] * (4 if values is None else 1) for path, values in alternatives)

    return [tuple(sorted(needed, key=expected)) for needed in of_rules]


_SPARSE = (
    "problem", "scalar", "entry", "parameter", "metric", "search", "tuning", "precision", "evaluation",
    "early_stopping",
)  # fmt: skip
"""Parts of which most configs state nothing, or that most files do not give."""


def group(needed: Needs, subject: str) -> str:
    """Return the name of the module that holds a condition: a sparse part that all of the module need, or "common"."""
    owners = [{path.partition(".")[0] for path, _wanted in alternatives} for alternatives in needed]
    needed_parts = {subject, *(owner for one_of in owners if len(one_of) == 1 for owner in one_of)}
    return next((part for part in _SPARSE if part in needed_parts), "common")


class _Reader:
    """Reads needs from a condition. `names` are the parts in scope beside those of the training."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def groups(self, node: ast.expr, truth: bool) -> list[Group]:
        """Return what is needed for `node` to be definitely true, or definitely false."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.groups(node.operand, not truth)
        if isinstance(node, ast.BoolOp):
            sides = [self.groups(value, truth) for value in node.values]
            return _every(sides) if isinstance(node.op, ast.And) is truth else _some(sides)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self.of_call(node, node.func.id, truth)
        if isinstance(node, ast.Compare) and truth:
            values = self.listed(node)
            return _every(map(self.known, (node.left, *node.comparators))) if values is None else [values]
        return self.known(node)

    def of_call(self, node: ast.Call, function: str, truth: bool) -> list[Group]:
        argument = node.args[0]
        if function == "surely":
            return self.groups(argument, True) if truth else []
        if function in ("known", "written", "default", "inferred"):
            return self.known(argument) if truth else []
        if isinstance(argument, ast.GeneratorExp) and function == ("any" if truth else "all"):
            return self.of_some_part(argument, truth)
        return self.known(node)

    def of_some_part(self, generator: ast.GeneratorExp, truth: bool) -> list[Group]:
        """Return what is needed for one of the parts that a generator looks at to have the truth."""
        loop = generator.generators[0]
        kind = _LISTS.get(ast.unparse(loop.iter))
        if kind is None or not isinstance(loop.target, ast.Name):
            return self.known(loop.iter)  # a list of values, one of which decides
        inner = _Reader({**self.names, loop.target.id: kind})
        return _every([*(inner.groups(test, True) for test in loop.ifs), inner.groups(generator.elt, truth)])

    def listed(self, node: ast.Compare) -> Group | None:
        """Return the need of a comparison of a stated fact with constants, None for any other comparison."""
        if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Eq, ast.In)):
            return None
        group = self.of_fact(node.left)
        right = node.comparators[0]
        if isinstance(right, (ast.List, ast.Tuple)) and isinstance(node.ops[0], ast.Eq):
            return None  # a fact that is a whole list, not one of its items
        constants = right.elts if isinstance(right, (ast.List, ast.Tuple)) else [right]
        if group is None or len(group) > 1 or not all(isinstance(constant, ast.Constant) for constant in constants):
            return None
        values = frozenset(constant.value for constant in constants if isinstance(constant, ast.Constant))
        return dict.fromkeys(group, values)

    def known(self, node: ast.expr) -> list[Group]:
        """Return what is needed for the value of `node` to be known."""
        group = self.of_fact(node)
        if group is not None:
            return [group]
        if isinstance(node, ast.Compare) and len(node.ops) > 1:
            return []  # of 0 < x < y, one comparison alone may make it false
        if isinstance(node, (ast.Compare, ast.BinOp, ast.UnaryOp, ast.Subscript)):
            return _every(self.known(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self.known(node.args[0]) if node.func.id in FUNCTIONS and node.func.id != "surely" else []
        return self.known(node.value) if isinstance(node, ast.Attribute) else []

    def of_fact(self, node: ast.expr) -> Group | None:
        """Return what must be stated for a fact to be known; None where nothing is told of that, or for no fact."""
        if isinstance(node, ast.Name) and node.id not in self.names:
            return self.of_fact(ast.Attribute(ast.Name("training"), node.id))
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return None
        owner = node.value.id
        kind = self.names.get(owner) or _OWNERS.get(owner, "")
        if kind not in PARTS or (kind == "Training" and node.attr in SINGLE):
            return None
        return _needed(kind, kind.lower() if owner in self.names else owner, node.attr)


def _needed(kind: str, owner: str, fact: str) -> Group | None:
    """Return what must be stated for a fact of the part `owner`, which is of class `kind`, to be known."""
    if (kind, fact) not in DERIVED:
        return {f"{owner}.{fact}": None}
    if (kind, fact) not in RESTS_ON:
        return None
    group: Group = {f"{owner}.{fact}": None}  # a reader may state it, too
    for path in RESTS_ON[kind, fact]:
        other, _, name = path.rpartition(".")
        other_kind = _OWNERS.get(other) or other.title() if other else kind
        below = _needed(other_kind, other or owner, name)
        if below is None:
            return None
        group |= below
    return group


def _every(sides: Iterable[list[Group]]) -> list[Group]:
    """Return the needs of conditions that must all hold."""
    found: list[Group] = []
    for group in (group for side in sides for group in side):
        if group not in found:
            found.append(group)
    return found


def _some(sides: list[list[Group]]) -> list[Group]:
    """Return the needs of conditions of which one must hold: for each need of the first, one need of every other."""
    first, *others = sides
    if not all(others):
        return []
    found = []
    for group in first:
        # A need for the same facts says most in common.
        chosen = [min(side, key=lambda other: (other.keys() != group.keys(), len(other))) for side in others]
        joined: Group = {}
        for one in [group, *chosen]:
            for path, values in one.items():
                before = joined.get(path, frozenset())
                joined[path] = None if before is None or values is None else before | values
        found.append(joined)
    return found
