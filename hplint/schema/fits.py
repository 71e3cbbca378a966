"""Tells quickly whether a tree fits a schema, without saying what is wrong where it does not.

Most configs fit. Each part of a schema that a config reaches is made into one function from a node to true or false,
once per process; hplint/schema/check.py looks for what is wrong where one says false. A function may say false of a
value that the checks accept, which only costs time, and never true of one that they do not; tests hold the two to each
other.
"""

from __future__ import annotations

from hplint.facts.names import slips_of
from hplint.schema.exact import is_exactly
from hplint.schema.values import TYPES, asks_values_alone, becomes, is_missing, is_replaced, same
from hplint.syntax.tree import FLOAT, INTEGER, LIST, MAP, RUN, STRING, AllBut, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Fits = Callable[[Node], bool]

MAX_UNKNOWN_KEYS = 200
"""Of a map with more keys that its schema does not know, the checks say more than this could."""

_MERGE = "<<"
_LOOKS_BELOW = frozenset((
    "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "x-ignores", "x-slips",
))  # fmt: skip
"""What asks about the entries of a map or the items of a list."""
_SAYS_NOTHING = frozenset(("title", "description", "default", "examples", "deprecated"))
_made: dict[int, tuple[Mapping[str, Any], _Schema]] = {}


def fits(root: Node, schema: Mapping[str, Any]) -> bool:
    """Whether everything below `root` surely is as `schema` says."""
    made = _made.get(id(schema))
    if made is None:
        made = _made[id(schema)] = schema, _Schema(schema)  # kept with it, so that its identity stays its own
    made[1].failed.clear()
    return made[1].of(schema, False)(root)


def _accepts(node: Node) -> bool:
    return True


def resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return the schema that a reference to one leads to; any other as it is."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    return schema


class _Schema:
    """The functions made of the parts of one schema, by the parts' identity and whether the loader is lax."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.definitions: Mapping[str, Any] = root.get("$defs", {})
        self.is_exact = bool(root.get("x-exact"))
        self.known: dict[tuple[int, bool], Fits] = {}
        self.failed: set[tuple[int, int, bool]] = set()
        """What did not fit in this run: branches within branches would be tried anew at every level."""

    def of(self, schema: Any, lax: bool) -> Fits:
        """Return the function of a part of the schema."""
        schema = resolved(schema, self.definitions)
        if schema is True or not schema:
            return is_replaced if schema is False else _accepts
        lax = lax or bool(schema.get("x-lax"))
        found = self.known.get((id(schema), lax))
        if found is None:
            found = self.known[id(schema), lax] = self._make(schema, lax)
        return found

    def _make(self, schema: Mapping[str, Any], lax: bool) -> Fits:
        branches = schema.get("oneOf") or schema.get("anyOf")
        fits_branch = self.of_branches(schema, branches, lax) if branches is not None else None
        fits_value = _value(schema, lax, self.is_exact)
        if branches is None and _LOOKS_BELOW.isdisjoint(schema):
            if fits_value is None:
                return _accepts
            return lambda node: fits_value(node) or is_replaced(node)
        fits_map: Fits | None = None
        fits_list: Fits | None = None

        def fits(node: Node) -> bool:
            nonlocal fits_map, fits_list
            kind = node.kind
            if kind is not MAP and kind is not LIST:
                if (fits_branch is None or fits_branch(node)) and (fits_value is None or fits_value(node)):
                    return True
                return is_replaced(node)
            if self.failed and (id(node), id(schema), lax) in self.failed:
                return False
            rest = node.recall(schema, lax)
            if rest is not None and (not rest or (kind is MAP and self.fit_again(rest, schema, lax))):
                return True
            if (fits_branch is not None and not fits_branch(node)) or (fits_value is not None and not fits_value(node)):
                self.failed.add((id(node), id(schema), lax))
                return False
            if kind is MAP:
                if fits_map is None:  # made late, as schemas refer to themselves
                    fits_map = self.of_map(schema, lax)
                is_fine = fits_map(node)
            else:
                if fits_list is None:
                    fits_list = self.of_list(schema, lax)
                is_fine = fits_list(node)
            if is_fine:
                node.remember(schema, AllBut(), lax)
            else:
                self.failed.add((id(node), id(schema), lax))
            return is_fine

        return fits

    def fit_again(self, rest: list[Node], schema: Mapping[str, Any], lax: bool) -> bool:
        """Whether the values of a map that have changed since it was found to fit do so again."""
        if not asks_values_alone(schema):
            return False
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for value in rest:
            assert isinstance(value.key, Node)
            if not self.of(properties.get(value.key.value, others), lax)(value):
                return False
        rest.clear()
        return True

    def of_map(self, schema: Mapping[str, Any], lax: bool) -> Fits:
        """Return whether the entries of a map fit."""
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        fits_other = self.of(others, lax) if isinstance(others, dict) else None
        looks_for_slips = bool(schema.get("x-ignores") or schema.get("x-slips"))
        opened_by = schema.get("x-open-with", ())
        required = schema.get("required", ())
        known: dict[Any, Fits] = {}
        harmless: set[Any] = set()

        def fits(node: Node) -> bool:
            unknown = 0
            for key, value in node.entries:
                name = key.value
                below = known.get(name)
                if below is None and name in properties:
                    below = known[name] = self.of(properties[name], lax)
                if below is not None:
                    if not below(value):
                        return False
                elif name == _MERGE:
                    return False  # what it brings is for the checks to look at
                elif fits_other is not None:
                    if not fits_other(value):
                        return False
                elif others is False:
                    if not any(node.get(opener) is not None for opener in opened_by):
                        return False
                elif looks_for_slips and name not in harmless:
                    unknown += 1
                    near = slips_of(name, properties) if isinstance(name, str) else ()
                    if unknown > MAX_UNKNOWN_KEYS or any(node.get(known) is None for known in near):
                        return False
                    if not near and len(harmless) < MAX_UNKNOWN_KEYS:
                        harmless.add(name)
            return all(node.get(name) is not None for name in required)

        return fits

    def of_list(self, schema: Mapping[str, Any], lax: bool) -> Fits:
        """Return whether the items of a list fit."""
        smallest, largest = schema.get("minItems", 0), schema.get("maxItems")
        items = resolved(schema.get("items", True), self.definitions)
        fits_item = self.of(items, lax)

        def fits(node: Node) -> bool:
            size = len(node.items)
            if size < smallest or (largest is not None and size > largest):
                return False
            if size <= RUN:
                return all(map(fits_item, node.items))
            for run in node.runs():
                if not run.recall(items, lax):
                    if not all(map(fits_item, run.items)):
                        return False
                    run.remember(items, True, lax)
            return True

        return fits

    def of_branches(self, schema: Mapping[str, Any], branches: list[Any], lax: bool) -> Fits:
        """Return whether one of the branches fits, or that which the discriminator chooses."""
        made: list[Fits] = []

        def fits_any(node: Node) -> bool:
            if not made:
                made.extend(self.of(branch, lax) for branch in branches)
            for fits_branch in made:  # noqa: SIM110  # a generator takes longer, and this is asked of most values
                if fits_branch(node):
                    return True
            return False

        stated = [resolved(branch, self.definitions) for branch in branches]
        if all(isinstance(branch, dict) and branch.keys() - _SAYS_NOTHING == {"type"} for branch in stated):
            types = [branch["type"] for branch in stated]
            names = [name for one in types for name in ([one] if isinstance(one, str) else one)]
            fits_type = _value({"type": names}, lax, self.is_exact)
            if fits_type is not None:
                return fits_type
        discriminator = schema.get("discriminator")
        if discriminator is None:
            return fits_any
        fits_chosen = self.of_chosen(discriminator, branches, lax)
        return lambda node: fits_chosen(node) if node.kind is MAP else fits_any(node)

    def of_chosen(self, discriminator: Mapping[str, Any], branches: list[Any], lax: bool) -> Fits:
        """Return whether a map fits the branch that one of its values chooses."""
        name = discriminator["propertyName"]
        by_value = branches_by_value(name, branches, self.definitions)

        def fits(node: Node) -> bool:
            chosen = node.get(name)
            if chosen is None and "otherwise" in discriminator:
                return self.of(discriminator["otherwise"], lax)(node)
            if chosen is not None and is_replaced(chosen):
                return True
            value = chosen.value if chosen is not None else discriminator.get("default")
            if isinstance(value, str) and value in by_value:
                return self.of(by_value[value], lax)(node)
            is_text = chosen is None or (chosen.is_scalar and not chosen.is_number)
            return bool(discriminator.get("open") and is_text and not is_missing(value, discriminator))

        return fits


def branches_by_value(name: str, branches: list[Any], definitions: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the branches by the value of the property `name` that each is for."""
    table: dict[Any, Any] = {}
    for branch in branches:
        stated = resolved(branch, definitions).get("properties", {}).get(name, {})
        constant = resolved(stated, definitions)
        for value in constant.get("enum", [constant["const"]] if "const" in constant else []):
            table.setdefault(value, branch)
    return table


def _value(schema: Mapping[str, Any], lax: bool, is_exact: bool) -> Fits | None:
    """Return whether a value itself fits, without what is below it; None where any does."""
    wanted = schema.get("type")
    types = (wanted,) if isinstance(wanted, str) else tuple(wanted or ())
    kinds = frozenset(kind for name in types for kind in TYPES[name])
    choices = (schema["const"],) if "const" in schema else schema.get("enum")
    shortest = schema.get("minLength", 0)
    limits = [schema.get(name) for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")]
    has_limits = any(limit is not None for limit in limits)

    def fits_type(node: Node) -> bool:
        if is_exact:
            return is_exactly(node, types)
        if node.kind in kinds:
            return True
        if node.kind is FLOAT and "integer" in types and node.value.is_integer():
            return True
        return lax and any(becomes(node, name) for name in types)

    def fits_further(node: Node) -> bool:
        if choices is not None and not any(same(node, choice) for choice in choices):
            return False
        if node.kind is INTEGER or node.kind is FLOAT:
            return not has_limits or _is_within(node.value, limits)
        return node.kind is not STRING or len(node.value) >= shortest

    if choices is None and not shortest and not has_limits:
        return fits_type if types else None
    return (lambda node: fits_type(node) and fits_further(node)) if types else fits_further


def _is_within(value: float, limits: list[Any]) -> bool:
    lowest, highest, above, below = limits
    return (
        (lowest is None or value >= lowest)
        and (highest is None or value <= highest)
        and (above is None or value > above)
        and (below is None or value < below)
    )
