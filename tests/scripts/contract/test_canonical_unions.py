"""Unions in canonical form: no part holds another, and numbers are in one spelling."""

from typing import Any

import pytest

from scripts.contract.documents import Json
from tests.scripts.contract.test_canonical_schemas import LIST, NULL, NUMBER, TEXT, WHOLE, alone, to

ARRAY: Json = {"type": "array", "items": {}}
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


def tagged(value: str, *, name: str = "k", required: bool = True) -> Any:
    """An object that is known by a field."""
    schema = {"type": "object", "properties": {name: {**TEXT, "enum": [value]}}}
    return {**schema, "required": [name]} if required else schema


A, B, C = tagged("a"), tagged("b"), {**tagged("a"), "minProperties": 2}
NAMED: Json = {"A": A, "B": B, "C": C, "L": {**LIST, "description": "D", "default": []}}
TELLING = {"propertyName": "k", "mapping": {"a": "A", "b": "#/components/schemas/B"}}
# What is written, and its canonical form, where some objects have names.
AMONG_NAMES: dict[str, tuple[Any, Any]] = {
    "exactly one of different values": (
        {"oneOf": [{"enum": ["a"]}, {"const": "b"}]},
        {**TEXT, "enum": ["a", "b"]},
    ),
    "exactly one of values that overlap": (
        {"oneOf": [{"enum": ["b", "c"]}, {"enum": ["a", "b"]}]},
        {"oneOf": [{**TEXT, "enum": ["a", "b"]}, {**TEXT, "enum": ["b", "c"]}]},
    ),
    "exactly one, of which one has no type": (
        {"oneOf": [TEXT, {"minLength": 3}]},
        {"oneOf": [{"minLength": 3}, TEXT]},
    ),
    "exactly one of two that may be null": (
        {"oneOf": [{"type": ["string", "null"]}, {"type": ["integer", "null"]}]},
        {"oneOf": [{"anyOf": [WHOLE, NULL]}, {"anyOf": [TEXT, NULL]}]},
    ),
    "exactly one of objects whose tags may lack": (
        {"oneOf": [tagged("a"), tagged("b", required=False)]},
        {"oneOf": [tagged("a"), tagged("b", required=False)]},
    ),
    "exactly one of objects with other tags": (
        {"oneOf": [tagged("a"), tagged("b", name="j")]},
        {"oneOf": [tagged("b", name="j"), tagged("a")]},
    ),
    "exactly one of named objects": (
        {"oneOf": [to("B"), to("A")]},
        {"anyOf": [to("A"), to("B")]},
    ),
    "exactly one of named objects of one tag": (
        {"oneOf": [to("C"), to("A")]},
        {"oneOf": [to("A"), to("C")]},
    ),
    "exactly one that a field tells": (
        {"oneOf": [to("A"), to("C")], "discriminator": {"propertyName": "k"}},
        {"anyOf": [to("A"), to("C")], "discriminator": {"propertyName": "k"}},
    ),
    "one that a field tells": (
        {"oneOf": [to("A")], "discriminator": {"propertyName": "k"}},
        to("A"),
    ),
    "a union with a discriminator, or null": (
        {"anyOf": [{"oneOf": [to("A"), to("B")], "discriminator": TELLING}, NULL]},
        {
            "anyOf": [to("A"), to("B"), NULL],
            "discriminator": {
                **TELLING,
                "mapping": {"a": to("A")["$ref"], "b": to("B")["$ref"]},
            },
        },
    ),
    "two discriminators": (
        {
            "anyOf": [
                {"oneOf": [to("A"), to(name)], "discriminator": {"propertyName": name}}
                for name in ("B", "C")
            ]
        },
        {"anyOf": [to("A"), to("B"), to("C")]},
    ),
    "a named object that is an object": ({"allOf": [{"type": "object"}, to("A")]}, to("A")),
    "a named object that is a text": ({"allOf": [to("A"), TEXT]}, False),
    "a named object, twice": ({"allOf": [to("A"), to("A")]}, to("A")),
    "two named objects": ({"allOf": [to("A"), to("C")]}, C),
    "a named object of a union": ({"allOf": [{"anyOf": [to("A"), NULL]}, to("A")]}, to("A")),
    "a named object in words": (
        {"allOf": [to("A"), {"description": "D"}]},
        {**to("A"), "description": "D"},
    ),
    "a list with a name": (to("L"), NAMED["L"]),
    "a list with a name, in other words": (
        {**to("L"), "description": "Other"},
        {**NAMED["L"], "description": "Other"},
    ),
    "values of two types that meet": (
        {"allOf": [{"enum": ["a", 1]}, {"enum": [1.0, "b"]}]},
        {**WHOLE, "enum": [1]},
    ),
    "values that do not meet": ({"enum": ["a"], "const": "b"}, False),
    "bounds between whole numbers": (
        {**WHOLE, "minimum": 1.5, "exclusiveMaximum": 3.5},
        {**WHOLE, "minimum": 2, "maximum": 3},
    ),
    "other bounds between whole numbers": (
        {**WHOLE, "exclusiveMinimum": 1.5, "maximum": 3.5, "multipleOf": 1.0},
        {**WHOLE, "minimum": 2, "maximum": 3},
    ),
    "two bounds of whole numbers": (
        {**WHOLE, "exclusiveMinimum": 3, "minimum": 7, "exclusiveMaximum": 9, "maximum": 8},
        {**WHOLE, "minimum": 7, "maximum": 8},
    ),
    "numbers and whole numbers": (
        {**NUMBER, "enum": [1, 2.5]},
        {"anyOf": [{**WHOLE, "enum": [1]}, {**NUMBER, "enum": [2.5]}]},
    ),
    "whole numbers alone": ({**WHOLE, "enum": [1, 2.5]}, {**WHOLE, "enum": [1]}),
    "all bools, or null": (
        {"type": ["null", "boolean"], "enum": [None, True, False], "format": "x"},
        {"anyOf": [{"type": "boolean"}, NULL]},
    ),
    "a field without a value": (
        {"type": "object", "properties": {"a": False, "b": TEXT}, "additionalProperties": False},
        {"type": "object", "properties": {"b": TEXT}, "additionalProperties": False},
    ),
    "a field without a value among others": (
        {"type": "object", "properties": {"a": {**TEXT, "allOf": [WHOLE]}, "b": TEXT}},
        {"type": "object", "properties": {"a": False, "b": TEXT}},
    ),
}


@pytest.mark.parametrize("name", AMONG_NAMES)
def test_what_meets_and_what_is_apart_is_seen(name: str) -> None:
    """Through names too; and the form is its own form."""
    written, form = AMONG_NAMES[name]
    for schema in (written, form):
        assert alone(schema, **NAMED) == form
