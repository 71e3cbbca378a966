"""What compiled conditions are made of: three-valued (Kleene) logic over facts.

Every function takes and returns plain values, or `U` for unknown. Unknown spreads through comparisons and arithmetic;
`and` with a false side is false and `or` with a true side is true whatever the other side is. None is a known value,
"definitely absent": it equals only None, and no ordering holds for it.
"""

from __future__ import annotations

from math import log10

from hplint.facts.fact import DEFAULT, INFERRED, UNKNOWN, WRITTEN, Fact, Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


class Unknown:
    """The type of U."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "unknown"


U = Unknown()


def get(part: Any, name: str) -> Any:
    """Return the value of fact `name`, a part or a list of parts; U if unknown, None of None."""
    if part is U or part is None:
        return part
    facts = part.facts
    found = facts[name] if name in facts else part.get(name)
    if found is UNKNOWN:
        return U
    return found.value if type(found) is Fact else found


def fact(part: Any, name: str) -> Any:
    """Return the fact itself (or part, or list), with its origin; UNKNOWN when the way to it is unknown or absent."""
    return part.get(name) if isinstance(part, Part) else UNKNOWN


def is_known(found: Any) -> bool:
    """Whether a fact, part or list is known; a part is known when any of its facts is."""
    if isinstance(found, Part):
        return any(True for _ in found.known())
    return found is not UNKNOWN and found is not U and found is not None


def is_written(found: Any) -> bool:
    """Whether a fact stands in the file."""
    return type(found) is Fact and found.origin is WRITTEN


def is_default(found: Any) -> bool:
    """Whether a fact is filled in by the framework."""
    return type(found) is Fact and found.origin is DEFAULT


def is_inferred(found: Any) -> bool:
    """Whether a fact follows from others."""
    return type(found) is Fact and found.origin is INFERRED


def both(left: Any, right: Callable[[], Any]) -> Any:
    """Kleene `and`, the right side evaluated only when it matters."""
    if left is False:
        return False
    other = right()
    if other is False:
        return False
    return U if left is U or other is U else other


def either(left: Any, right: Callable[[], Any]) -> Any:
    """Kleene `or`."""
    if left is True:
        return True
    other = right()
    if other is True:
        return True
    return U if left is U or other is U else other


def negate(value: Any) -> Any:
    """Kleene `not`."""
    return U if value is U else not value


def surely(value: Any) -> bool:
    """Whether a condition is definitely true: for exceptions, which unknown facts must not open."""
    return value is True


def choose(test: Any, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """`then if test else otherwise`, unknown when the test is."""
    if test is U:
        return U
    return then() if test else otherwise()


def equal(a: Any, b: Any) -> Any:
    """Equality."""
    return U if a is U or b is U else a == b


def unequal(a: Any, b: Any) -> Any:
    """Inequality."""
    return U if a is U or b is U else a != b


def less(a: Any, b: Any) -> Any:
    """`a < b`."""
    if a is U or b is U:
        return U
    if a is None or b is None:
        return False
    try:
        return a < b
    except TypeError:
        return U


def less_equal(a: Any, b: Any) -> Any:
    """`a <= b`."""
    if a is U or b is U:
        return U
    if a is None or b is None:
        return False
    try:
        return a <= b
    except TypeError:
        return U


def greater(a: Any, b: Any) -> Any:
    """`a > b`."""
    if a is U or b is U:
        return U
    if a is None or b is None:
        return False
    try:
        return a > b
    except TypeError:
        return U


def greater_equal(a: Any, b: Any) -> Any:
    """`a >= b`."""
    if a is U or b is U:
        return U
    if a is None or b is None:
        return False
    try:
        return a >= b
    except TypeError:
        return U


def contains(container: Any, item: Any) -> Any:
    """`item in container`."""
    if container is U or item is U:
        return U
    if container is None:
        return False
    try:
        if not isinstance(container, str) and U in container:
            return True if item in container else U
        return item in container
    except TypeError:  # a fact can be of several types, and be no container here
        return U


def lacks(container: Any, item: Any) -> Any:
    """`item not in container`."""
    return negate(contains(container, item))


def calculate(operation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """Arithmetic; unknown where a side is unknown or absent, or where the result does not exist."""
    if a is U or b is U or a is None or b is None:
        return U
    try:
        return operation(a, b)
    except (TypeError, ZeroDivisionError, OverflowError, ValueError):
        return U


def item(sequence: Any, index: int) -> Any:
    """`sequence[index]`, unknown where there is none."""
    if sequence is U or sequence is None:
        return U
    try:
        return sequence[index]
    except (IndexError, TypeError, KeyError):
        return U


def some(results: Iterable[Any]) -> Any:
    """Kleene `any`."""
    answer: Any = False
    for result in results:
        if result is True:
            return True
        if result is U:
            answer = U
    return answer


def every(results: Iterable[Any]) -> Any:
    """Kleene `all`."""
    answer: Any = True
    for result in results:
        if result is False:
            return False
        if result is U:
            answer = U
    return answer


def count(results: Iterable[Any]) -> Any:
    """How many results are true; unknown as soon as one is."""
    total = 0
    for result in results:
        if result is U:
            return U
        total += bool(result)
    return total


def members(parts: Any, convert: Callable[[Any], Any]) -> Iterable[Any]:
    """Yield `convert(part)` for each part of a list; a single unknown for an unknown list, nothing for None."""
    if parts is U:
        return (U,)
    return (convert(part) for part in parts or ())


def _over(function: Callable[[list[Any]], Any]) -> Callable[[Any], Any]:
    def apply(values: Any) -> Any:
        if values is U or values is None:
            return U
        try:
            values = list(values)
            if not values or any(value is U or value is None for value in values):
                return U
            return function(values)
        except (TypeError, OverflowError):
            return U

    return apply


def _product(values: list[Any]) -> Any:
    result = 1
    for value in values:
        result *= value
    return result


largest = _over(max)
smallest = _over(min)
total = _over(sum)
product = _over(_product)


def _one(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def apply(value: Any) -> Any:
        if value is U or value is None:
            return U
        try:
            return function(value)
        except (TypeError, ValueError, OverflowError, AttributeError):
            return U

    return apply


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


absolute = _one(abs)
rounded = _one(lambda value: int(value + 0.5) if value >= 0 else -int(-value + 0.5))
lower = _one(lambda value: value.lower())
length = _one(len)
is_whole = _one(_is_whole)
is_number = _one(_is_number)
is_text = _one(lambda value: isinstance(value, str))
is_sorted = _one(lambda values: all(a <= b for a, b in zip(values, values[1:])))
distinct = _one(lambda values: len({repr(value) for value in values}))


def starts(text: Any, beginnings: Any) -> Any:
    """Whether a text begins with one of `beginnings`."""
    return _one(lambda value: value.startswith(tuple(beginnings)))(text)


def ends(text: Any, endings: Any) -> Any:
    """Whether a text ends with one of `endings`."""
    return _one(lambda value: value.endswith(tuple(endings)))(text)


def includes(text: Any, words: Any) -> Any:
    """Whether a text contains one of `words`, in any case."""
    return _one(lambda value: any(word in value.lower() for word in words))(text)


_LARGEST_SHOWN = 10**30


def show(value: Any, fallback: str | None = None) -> str:
    """Return `value` as people write it, for messages."""
    if value is U or (value is None and fallback is not None):
        return "unknown" if fallback is None else fallback
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > _LARGEST_SHOWN:
            return f"a number of {int(log10(abs(value))) + 1:,} digits"
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and 10_000 <= abs(value) < 1e15 else f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return "(" + ", ".join("?" if part is None else show(part) for part in value) + ")"
    return str(value)
