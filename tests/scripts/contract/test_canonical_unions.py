"""Unions in canonical form: no part holds another, and numbers are in one spelling."""

from typing import Any

import pytest

from tests.scripts.contract.test_canonical_schemas import LIST, NULL, NUMBER, TEXT, WHOLE, alone

ARRAY = {"type": "array", "items": {}}
# Kinds, and those of them that are no part of another.
UNIONS: dict[str, tuple[list[Any], list[Any]]] = {
    "least numbers": (
        [{**NUMBER, "minimum": 1}, {**NUMBER, "minimum": 0}],
        [{**NUMBER, "minimum": 0}],
    ),
    "greatest numbers": (
        [{**NUMBER, "maximum": 1}, {**NUMBER, "maximum": 0}],
        [{**NUMBER, "maximum": 1}],
    ),
    "a bound and none": ([{**NUMBER, "maximum": 1}, NUMBER], [NUMBER]),
    "more than, and at least": (
        [{**NUMBER, "exclusiveMinimum": 0}, {**NUMBER, "minimum": 0}],
        [{**NUMBER, "minimum": 0}],
    ),
    "more than, and at least more": (
        [{**NUMBER, "exclusiveMinimum": 0}, {**NUMBER, "minimum": 1}],
        [{**NUMBER, "exclusiveMinimum": 0}],
    ),
    "less than, and at most": (
        [{**NUMBER, "exclusiveMaximum": 0}, {**NUMBER, "maximum": 0}],
        [{**NUMBER, "maximum": 0}],
    ),
    "less than, and at most less": (
        [{**NUMBER, "exclusiveMaximum": 0}, {**NUMBER, "maximum": -1}],
        [{**NUMBER, "exclusiveMaximum": 0}],
    ),
    "less than, twice": (
        [{**NUMBER, "exclusiveMaximum": 0}, {**NUMBER, "exclusiveMaximum": -1}],
        [{**NUMBER, "exclusiveMaximum": 0}],
    ),
    "more than, twice": (
        [{**NUMBER, "exclusiveMinimum": 0}, {**NUMBER, "exclusiveMinimum": 1}],
        [{**NUMBER, "exclusiveMinimum": 0}],
    ),
    "at most, or one more thing": (
        [{**NUMBER, "maximum": 1}, {**NUMBER, "minimum": 0, "maximum": 1}],
        [{**NUMBER, "maximum": 1}],
    ),
    "bounds on two sides": (
        [{**NUMBER, "minimum": 0}, {**NUMBER, "maximum": 1}],
        [{**NUMBER, "maximum": 1}, {**NUMBER, "minimum": 0}],
    ),
    "lengths": (
        [
            {**TEXT, "minLength": 2},
            {**TEXT, "minLength": 1},
            {**TEXT, "minLength": 2, "maxLength": 3},
        ],
        [{**TEXT, "minLength": 1}],
    ),
    "greatest lengths": (
        [{**TEXT, "maxLength": 2}, {**TEXT, "maxLength": 1}],
        [{**TEXT, "maxLength": 2}],
    ),
    "lengths on two sides": (
        [{**TEXT, "minLength": 2}, {**TEXT, "maxLength": 3}],
        [{**TEXT, "maxLength": 3}, {**TEXT, "minLength": 2}],
    ),
    "patterns": (
        [
            {**TEXT, "pattern": "a"},
            {**TEXT, "pattern": "b"},
            {**TEXT, "pattern": "a", "maxLength": 1},
        ],
        [{**TEXT, "pattern": "a"}, {**TEXT, "pattern": "b"}],
    ),
    "a list of anything": ([LIST, {"type": "array"}], [ARRAY]),
    "a list that holds something": (
        [{**ARRAY, "contains": {}}, {**ARRAY, "maxItems": 3}],
        [{**ARRAY, "contains": {}}, {**ARRAY, "maxItems": 3}],
    ),
    "nothing, and text": ([{"not": {}}, TEXT], [TEXT, {"not": {}}]),
    "whole numbers, and others": (
        [{**WHOLE, "minimum": 2}, {**NUMBER, "minimum": 1}],
        [{**NUMBER, "minimum": 1}],
    ),
    "whole numbers, and others of them": (
        [{**WHOLE, "minimum": 1}, {**NUMBER, "minimum": 2}],
        [{**WHOLE, "minimum": 1}, {**NUMBER, "minimum": 2}],
    ),
    "what has no type": (
        [{"minLength": 3}, {**TEXT, "minLength": 4}, {**WHOLE}],
        [WHOLE, {"minLength": 3}],
    ),
    "values of one type": (
        [{"enum": ["b", "a"]}, {"const": "c"}, {"enum": ["a"]}],
        [{**TEXT, "enum": ["a", "b", "c"]}],
    ),
    "values, and what they belong to": (
        [{"enum": [1]}, {**WHOLE, "minimum": 0}, {"const": True}],
        [{**WHOLE, "enum": [1]}, {**WHOLE, "minimum": 0}, {"type": "boolean", "enum": [True]}],
    ),
    "in order": (
        [NULL, {"type": "object"}, LIST, {"type": "boolean"}, NUMBER, TEXT],
        [TEXT, NUMBER, {"type": "boolean"}, LIST, {"type": "object"}, NULL],
    ),
}


@pytest.mark.parametrize("name", UNIONS)
def test_a_union_has_no_part_of_another_part(name: str) -> None:
    """A kind that another holds is left out, and what is left is in order, null last."""
    written, form = UNIONS[name]
    for parts in (written, written[::-1]):
        assert alone({"anyOf": parts}) == (form[0] if len(form) == 1 else {"anyOf": form})


@pytest.mark.parametrize(
    ("written", "form"),
    [(2.0**53, 2**53), (-(2.0**53), -(2**53)), (2.0**54, 2.0**54), (1.5, 1.5), (1e300, 1e300)],
)
def test_whole_numbers_are_written_as_such(written: float, form: float) -> None:
    """As far as a float tells them apart; beyond, a number stays as it is written."""
    actual = alone({"default": written})["default"]
    assert (repr(actual), type(actual)) == (repr(form), type(form))
