"""Values for schemas: one that is allowed, some on both sides of a keyword, one of each variety."""

from typing import Any

import pytest

from scripts.contract.documents import ContractError
from scripts.contract.sample_values import PICTURE, Values

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}
NULL = {"type": "null"}
LIST = {"type": "array", "items": TEXT}
SELF = {"$ref": "#/components/schemas/Self"}
OBJECT = {"type": "object", "required": ["a"], "properties": {"a": TEXT, "b": WHOLE}}
VALUES = Values({"components": {"schemas": {"Object": OBJECT}}})

# A schema, and the first value that is found for it.
ALLOWED: list[tuple[Any, Any]] = [
    (True, "x"),
    ({}, "x"),
    ({"default": 7}, 7),
    ({**WHOLE, "example": 8, "default": 7}, 8),
    ({**WHOLE, "example": "wrong", "default": 7}, 7),
    ({**WHOLE, "examples": [9]}, 9),
    ({"enum": [None, "a"]}, "a"),
    (NULL, None),
    ({"anyOf": [NULL, WHOLE]}, 1),
    ({"type": "boolean"}, True),
    (WHOLE, 1),
    ({**WHOLE, "maximum": 0}, 0),
    ({**NUMBER, "exclusiveMaximum": 1}, 0.5),
    ({**WHOLE, "minimum": 7}, 7),
    ({**WHOLE, "exclusiveMinimum": 7}, 8),
    ({**WHOLE, "maximum": -7}, -7),
    ({**WHOLE, "multipleOf": 8, "minimum": 2}, 8),
    (TEXT, "x"),
    ({**TEXT, "minLength": 0}, "x"),
    ({**TEXT, "minLength": 3}, "xxx"),
    ({**TEXT, "maxLength": 0}, ""),
    ({**TEXT, "pattern": "^[0-9]$"}, "0"),
    ({**TEXT, "format": "uuid"}, "12345678-1234-5678-1234-567812345678"),
    ({**TEXT, "format": "date"}, "2026-01-02"),
    ({**TEXT, "format": "uri"}, "x"),
    (LIST, []),
    ({**LIST, "minItems": 0}, []),
    ({**LIST, "minItems": 1}, ["x"]),
    ({**LIST, "minItems": 3}, ["x", "x", "x"]),
    ({"type": "array", "minItems": 2}, ["x", "x"]),
    ({"type": "array", "prefixItems": [WHOLE, TEXT]}, [1, "x"]),
    ({"type": "array", "prefixItems": [WHOLE], "items": TEXT, "minItems": 3}, [1, "x", "x"]),
    ({"type": "array", "contains": {}, "items": TEXT}, ["x"]),
    (OBJECT, {"a": "x"}),
    ({"$ref": "#/components/schemas/Object"}, {"a": "x"}),
    ({"type": "object", "required": ["c"]}, {"c": "x"}),
    ({"allOf": [{**WHOLE, "minimum": 5}]}, 5),
    ({"oneOf": [{"$ref": "#/components/schemas/Object"}]}, {"a": "x"}),
]


@pytest.mark.parametrize(("schema", "value"), ALLOWED, ids=str)
def test_a_value_that_is_allowed_is_found(schema: Any, value: Any) -> None:
    """What the schema shows itself comes first, null last, and it is always allowed."""
    actual = VALUES.allowed(schema)
    assert (actual, type(actual)) == (value, type(value))
    assert VALUES.is_allowed(actual, schema)


def test_a_picture_is_a_picture() -> None:
    """Base64 text is that of a real one."""
    import base64

    found = VALUES.allowed({**TEXT, "contentEncoding": "base64"})
    assert base64.b64decode(found, validate=True) == PICTURE
    assert PICTURE.startswith(b"\x89PNG")


@pytest.mark.parametrize("schema", [False, {**TEXT, "pattern": "^q{9}$"}])
def test_where_none_is_found_an_example_is_asked_for(schema: Any) -> None:
    """The error names the schema."""
    with pytest.raises(ContractError, match=r"no value is found that fits .*give the schema an ex"):
        VALUES.allowed(schema)


# A schema, a keyword of it, and values on both sides.
AROUND: list[tuple[Any, str, list[Any]]] = [
    ({**NUMBER, "minimum": 3}, "minimum", [3, 2]),
    ({**NUMBER, "maximum": 3}, "maximum", [3, 4]),
    ({**WHOLE, "exclusiveMinimum": 3}, "exclusiveMinimum", [4, 3]),
    ({**WHOLE, "exclusiveMaximum": 3}, "exclusiveMaximum", [2, 3]),
    ({**NUMBER, "multipleOf": 4}, "multipleOf", [4, 8, 6.0]),
    ({**TEXT, "minLength": 2}, "minLength", ["xx", "x"]),
    ({**TEXT, "minLength": 1}, "minLength", ["x", ""]),
    ({**TEXT, "maxLength": 2}, "maxLength", ["xx", "xxx"]),
    ({**LIST, "minItems": 2}, "minItems", [[], ["x"], ["x", "x"], ["x"] * 3]),
    ({**LIST, "minItems": 1}, "minItems", [[], ["x"], ["x", "x"]]),
    ({"type": "array", "minItems": 1}, "minItems", [[], ["x"], ["x", "x"]]),
    ({**LIST, "maxItems": 3}, "maxItems", [[], ["x"] * 2, ["x"] * 3, ["x"] * 4]),
    ({**LIST, "uniqueItems": True}, "uniqueItems", [[], ["x"], ["x", "x"]]),
    ({**OBJECT, "required": ["a", "b"]}, "required", [{"b": 1}, {"a": "x"}]),
    ({"enum": ["a"]}, "enum", ["a", None, True, 1, 1.5, "another", [], {}]),
    (TEXT, "type", [None, True, 1, 1.5, "another", [], {}]),
]


@pytest.mark.parametrize(("schema", "keyword", "values"), AROUND, ids=str)
def test_values_lie_on_both_sides_of_a_keyword(
    schema: Any, keyword: str, values: list[Any]
) -> None:
    """At a bound and one step over it, so that a rule that is off by one shows."""
    found = VALUES.around(keyword, schema)
    assert sorted(map(repr, found)) == sorted(map(repr, values))
    if keyword != "required":
        assert {VALUES.is_allowed(value, schema) for value in found} == {True, False}


def test_items_and_further_fields_are_of_each_type() -> None:
    """Behind the first items of a tuple, and beside the fields that are required."""
    pair = {"type": "array", "prefixItems": [TEXT], "items": WHOLE}
    found = VALUES.around("items", pair)
    assert [part[0] for part in found] == ["x"] * 7
    assert [part for part in found if VALUES.is_allowed(part, pair)] == [["x", 1]]
    closed = {**OBJECT, "additionalProperties": WHOLE}
    found = VALUES.around("additionalProperties", closed)
    assert [part for part in found if VALUES.is_allowed(part, closed)] == [{"a": "x", "another": 1}]


# A schema, and all that it leaves open.
VARIETIES: list[tuple[Any, list[Any]]] = [
    (TEXT, ["x"]),
    ({"anyOf": [TEXT, WHOLE, NULL]}, ["x", 1, None]),
    ({"oneOf": [WHOLE, TEXT]}, [1, "x"]),
    ({"type": "array", "items": {"anyOf": [TEXT, WHOLE]}}, [["x", 1]]),
    ({"type": "array", "items": {"anyOf": [TEXT, WHOLE]}, "maxItems": 1}, [[]]),
    (OBJECT, [{"a": "x", "b": 1}, {"a": "x"}]),
    (
        {**OBJECT, "properties": {"a": {"anyOf": [TEXT, NULL]}, "b": WHOLE}},
        [{"a": "x", "b": 1}, {"a": None, "b": 1}, {"a": "x"}],
    ),
]


@pytest.mark.parametrize(("schema", "values"), VARIETIES, ids=str)
def test_each_kind_and_each_field_that_may_lack_is_shown(schema: Any, values: list[Any]) -> None:
    """One value of each kind, all kinds in one list, and an object without each optional field."""
    assert list(VALUES.variety(schema)) == values


def test_an_object_in_itself_is_shown_once() -> None:
    """The variety of what holds itself ends, with the field left out inside."""
    tree = {"type": "object", "properties": {"a": TEXT, "kid": SELF}}
    values = Values({"components": {"schemas": {"Self": tree}}})
    assert list(values.variety(SELF)) == [{"a": "x"}, {}, {"a": "x"}]
