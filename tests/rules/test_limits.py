"""How much of a value is taken, and how much of it is shown, at the limit and beside it."""

from typing import Any

import attrs
import pytest

from friendli_facade._rules.json_values import plain
from friendli_facade._rules.violations import RefusedError, reason, shortened


@attrs.frozen
class Nested:
    """An object that shows what is in it."""

    part: Any
    hidden: int = attrs.field(default=0, repr=False)


def test_mappings_are_levels_as_lists_are() -> None:
    """Forty-nine mappings around a value are taken, and fifty are too deep."""
    value: Any = "end"
    for _ in range(49):
        value = {"x": value}
    assert plain(value) == value
    with pytest.raises(RefusedError, match="at most 50 levels deep"):
        plain({"x": value})


def test_ten_thousand_values_are_taken() -> None:
    """The list is one of them, so that one item more is too many."""
    assert len(plain([0] * 9_999)) == 9_999
    with pytest.raises(RefusedError, match="at most 10000 values"):
        plain([0] * 10_000)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([[[[0]]]], "[[[[...]]]]"),
        ([[[0]]], "[[[0]]]"),
        ({"a": {"a": {"a": {"a": 0}}}}, "{'a': {'a': {'a': {...}}}}"),
        ({"a": {"a": {"a": 0}}}, "{'a': {'a': {'a': 0}}}"),
        ({(1, 2): 0, ((1,),): 0}, "{(1, 2): 0, ((...,),): 0}"),
        (Nested(Nested(Nested(Nested(0)))), "Nested(part=Nested(part=Nested(part=Nested(...))))"),
        (Nested(Nested(Nested(0))), "Nested(part=Nested(part=Nested(part=0)))"),
        ([1] * 6, "[1, 1, 1, 1, 1, 1]"),
        ([1] * 7, "[1, 1, 1, 1, 1, 1, ...]"),
        ([1] * 8, "[1, 1, 1, 1, 1, 1, ...]"),
    ],
)
def test_three_levels_and_six_parts_are_shown(value: object, shown: str) -> None:
    """Of lists, mappings and objects alike; dots stand for what is deeper, or comes after."""
    assert shortened(value) == shown


@pytest.mark.parametrize("value", [(), (1,), (1, 2), {1}, set[int](), [], {}], ids=repr)
def test_brackets_are_those_that_python_writes(value: object) -> None:
    """A tuple of one is no number in brackets, and an empty set is no mapping."""
    assert shortened(value) == repr(value)


def test_an_integer_is_written_out_up_to_256_bits() -> None:
    """A longer one is told by its digits."""
    assert shortened(2**256 - 1) == "115792089237316195...7584007913129639935"
    assert shortened(2**256) == "<integer of about 78 digits>"


def test_an_error_of_two_hundred_characters_is_cut() -> None:
    """One less is told whole; of a longer one both ends are."""
    assert reason(ValueError("x" * 187)) == "ValueError: " + "x" * 187
    assert reason(ValueError("x" * 187 + "y")) == f"ValueError: {'x' * 108}...{'x' * 59}y"


def test_a_value_of_eighty_characters_is_cut() -> None:
    """One of seventy-nine is shown whole; of a longer one the first fifty and the last are."""
    assert shortened(["a" * 35, "b" * 36]) == repr(["a" * 35, "b" * 36])
    assert shortened(["a" * 36, "b" * 36]) == f"['{'a' * 36}', '{'b' * 8}...{'b' * 23}']"
