"""The three-valued functions that conditions are made of, each held to what it says in plain words."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hplint.rules import logic
from hplint.rules.logic import U

PLAIN = st.sampled_from([None, -1, 0, 1, 2, 2.5, True, "adam", "", [1, 2], [], float("inf")])
VALUES = PLAIN | st.just(U)
ORDERS = [
    (logic.less, operator.lt), (logic.less_equal, operator.le), (logic.greater, operator.gt),
    (logic.greater_equal, operator.ge),
]  # fmt: skip


@pytest.mark.parametrize(("order", "plain"), ORDERS, ids=lambda one: one.__name__)
@given(left=VALUES, right=VALUES)
def test_order_is_open_for_what_is_unknown_and_holds_for_nothing_that_is_absent(
    order: Callable[[Any, Any], Any], plain: Callable[[Any, Any], Any], left: Any, right: Any
) -> None:
    said = order(left, right)
    if left is U or right is U:
        assert said is U
    elif left is None or right is None:
        assert said is False
    else:
        try:
            assert said is plain(left, right)
        except TypeError:
            assert said is U


@given(left=VALUES, right=VALUES)
def test_equality_is_open_for_what_is_unknown_alone(left: Any, right: Any) -> None:
    is_open = left is U or right is U
    assert logic.equal(left, right) is (U if is_open else left == right)
    assert logic.unequal(left, right) is (U if is_open else left != right)


@given(container=st.none() | st.lists(PLAIN | st.just(U), max_size=3) | st.just("an adam"), item=VALUES)
def test_membership_is_open_where_an_unknown_member_could_be_it(container: Any, item: Any) -> None:
    said = logic.contains(container, item)
    if item is U:
        assert said is U
    elif container is None:
        assert said is False
    elif isinstance(container, str):
        assert said is (item in container if isinstance(item, str) else U)
    elif any(member is not U and member == item for member in container):
        assert said is True
    else:
        assert said is (U if any(member is U for member in container) else False)
    assert logic.lacks(container, item) is (U if said is U else not said)


@pytest.mark.parametrize("plain", [operator.add, operator.mul, operator.truediv, operator.floordiv, operator.mod])
@given(left=VALUES, right=VALUES)
def test_arithmetic_is_open_where_there_is_no_result(plain: Callable[[Any, Any], Any], left: Any, right: Any) -> None:
    said = logic.calculate(plain, left, right)
    if left is U or right is U or left is None or right is None:
        assert said is U
        return
    try:
        wanted = plain(left, right)
    except (TypeError, ZeroDivisionError):
        assert said is U
    else:
        assert repr(said) == repr(wanted)


@pytest.mark.parametrize("value", [U, None, 3, "", [], [1]])
def test_an_item_that_is_not_there_is_unknown(value: Any) -> None:
    assert logic.item(value, 4) is U
    assert logic.item([1, 2], -2) == 1
    assert logic.item([1, 2], -3) is U


NUMBERS = st.sampled_from([U, None, 1, 2.5, 7])


@given(values=st.lists(NUMBERS, max_size=4))
def test_what_is_said_of_numbers_is_open_unless_all_are_known(values: list[Any]) -> None:
    is_open = not values or U in values or None in values
    assert logic.largest(values) is (U if is_open else max(values))
    assert logic.smallest(values) is (U if is_open else min(values))
    assert logic.total(values) == (U if is_open else sum(values))
    assert logic.length(values) == len(values)


@pytest.mark.parametrize("function", [logic.largest, logic.total, logic.product, logic.length, logic.lower])
@pytest.mark.parametrize("value", [U, None, 3])
def test_what_is_said_of_no_list_is_open(function: Callable[[Any], Any], value: Any) -> None:
    assert function(value) is U


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (U, "unknown"), (None, "none"), (True, "true"), (False, "false"), (9_999, "9999"), (10_000, "10,000"),
        (-10_000, "-10,000"), (10**30, f"{10**30:,}"), (10**31, "a number of 32 digits"), (0.1, "0.1"),
        (-(10**40), "a number of 41 digits"), (10_000.0, "10,000"), (1e16, "1e+16"), (float("inf"), "inf"),
        ((None, 3, 20_000), "(?, 3, 20,000)"), ("adam", "adam"),
    ],
)  # fmt: skip
def test_values_are_shown_as_people_write_them(value: Any, shown: str) -> None:
    assert logic.show(value) == shown


def test_what_is_absent_can_be_called_otherwise() -> None:
    assert logic.show(None, "no limit") == "no limit"
    assert logic.show(U, "not stated") == "not stated"
    assert logic.show(0, "no limit") == "0"


def test_a_number_too_long_to_write_is_told_by_its_digits() -> None:
    assert logic.show(10**5_000) == "a number of 5,001 digits"
