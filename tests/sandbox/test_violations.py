"""How the sandbox words what a schema finds, beyond what today's contract holds."""

from typing import Any

import pytest

from friendli_facade.sandbox import Sandbox
from friendli_facade.sandbox._faults import Fault
from friendli_facade.sandbox._requests.operations import BodyValidator, Operation
from friendli_facade.sandbox._requests.validation import violations

NOTHING: dict[str, Any] = {}


def found(schema: dict[str, Any], value: Any) -> list[dict[str, Any]]:
    """What is wrong with a body whose field x has a value, by the schema of that field."""
    fields = {"x": schema}
    validator = BodyValidator({"type": "object", "properties": fields})
    operation = Operation("/", False, fields, validator, False)
    return violations(operation, {"x": value})


def lengths(name: str, bound: int, actual: int) -> dict[str, Any]:
    return {"field_type": "List", name: bound, "actual_length": actual}


# Type, words and context are pydantic's own, as version 2.12 gives them.
WORDS: list[tuple[dict[str, Any], Any, str, str, dict[str, Any]]] = [
    ({"exclusiveMinimum": 0}, 0, "greater_than", "Input should be greater than 0", {"gt": 0}),
    ({"exclusiveMaximum": 1}, 1, "less_than", "Input should be less than 1", {"lt": 1}),
    ({"multipleOf": 8}, 7, "multiple_of", "Input should be a multiple of 8", {"multiple_of": 8}),
    (
        {"pattern": "^a"},
        "b",
        "string_pattern_mismatch",
        "String should match pattern '^a'",
        {"pattern": "^a"},
    ),
    (
        {"minLength": 1},
        "",
        "string_too_short",
        "String should have at least 1 character",
        {"min_length": 1},
    ),
    (
        {"maxLength": 2},
        "abc",
        "string_too_long",
        "String should have at most 2 characters",
        {"max_length": 2},
    ),
    (
        {"minItems": 2},
        [1],
        "too_short",
        "List should have at least 2 items after validation, not 1",
        lengths("min_length", 2, 1),
    ),
    (
        {"maxItems": 1},
        [1, 2],
        "too_long",
        "List should have at most 1 item after validation, not 2",
        lengths("max_length", 1, 2),
    ),
    ({"type": "boolean"}, 5, "bool_type", "Input should be a valid boolean", NOTHING),
    (
        {"type": "boolean"},
        "x",
        "bool_parsing",
        "Input should be a valid boolean, unable to interpret input",
        NOTHING,
    ),
    ({"type": "null"}, 5, "none_required", "Input should be None", NOTHING),
    (
        {"type": "number"},
        "x",
        "float_parsing",
        "Input should be a valid number, unable to parse string as a number",
        NOTHING,
    ),
    ({"type": ["integer", "null"]}, [], "int_type", "Input should be a valid integer", NOTHING),
    ({"const": "a"}, "b", "literal_error", "Input should be 'a'", {"expected": "'a'"}),
    (
        {"type": "string", "enum": ["a", "b"]},
        5,
        "literal_error",
        "Input should be 'a' or 'b'",
        {"expected": "'a' or 'b'"},
    ),
    (
        {"uniqueItems": True},
        [1, 1],
        "value_error",
        "Value error, [1, 1] has non-unique elements",
        NOTHING,
    ),
]


@pytest.mark.parametrize(("schema", "value", "kind", "message", "context"), WORDS)
def test_words_of_a_keyword(
    schema: dict[str, Any], value: Any, kind: str, message: str, context: dict[str, Any]
) -> None:
    """A contract may come to use any keyword; each is told as pydantic would tell it."""
    (one,) = found(schema, value)
    assert (one["type"], one["msg"], one.get("ctx", {})) == (kind, message, context)
    assert (one["loc"], one["input"]) == (["body", "x"], value)


def test_unknown_fields_of_a_closed_object() -> None:
    """Each field that an object may not have is told at its own place."""
    schema: dict[str, Any] = {"properties": {"a": {}}, "additionalProperties": False}
    told = [
        (one["type"], one["loc"], one["msg"]) for one in found(schema, {"a": 1, "b": 2, "c": 3})
    ]
    assert told == [
        ("extra_forbidden", ["body", "x", name], "Extra inputs are not permitted") for name in "bc"
    ]


def test_neither_of_two_types() -> None:
    """A value that fits none of several types is told of each of them."""
    told = [one["type"] for one in found({"type": ["array", "object"]}, 5)]
    assert told == ["list_type", "model_attributes_type"]


def test_an_item_of_a_list_that_may_be_alone() -> None:
    """Where one or several are taken, a wrong one of several is told at its place, and no more."""
    one = {"type": "object"}
    several: dict[str, Any] = {"type": "array", "items": one}
    told = [(one["type"], one["loc"]) for one in found({"anyOf": [one, several]}, [{}, 5])]
    assert told == [("model_attributes_type", ["body", "x", 1])]


def test_a_url_that_cannot_be_taken_apart_meets_no_fault() -> None:
    """A request that is for no operation leaves the faults to those that are."""
    sandbox = Sandbox()
    sandbox.fail_next(500)
    assert sandbox.next_fault("POST", "http://[/v1/images/edits") == Fault()
    assert sandbox.next_fault("POST", "http://x/v1/images/edits") != Fault()
