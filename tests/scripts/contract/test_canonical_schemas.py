"""Schemas in canonical form: each spelling of a set of values, and the one that is kept."""

from typing import Any

import pytest

from scripts.contract import canonical_form
from scripts.contract.documents import ContractError, Json

TEXT = {"type": "string"}
NULL = {"type": "null"}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}
LIST = {"type": "array", "items": TEXT}


def to(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def alone(schema: Any, **named: Any) -> Any:
    """The canonical form of one schema, beside named ones."""
    return of_document(schema, named)["paths"]["/a"]["post"]["requestBody"]["content"][
        "application/json"
    ]["schema"]


def of_document(schema: Any, named: Any) -> Json:
    body = {"content": {"application/json": {"schema": schema}}}
    return canonical_form.of(
        {
            "openapi": "3.1.0",
            "info": {"title": "A", "version": "1"},
            "paths": {"/a": {"post": {"operationId": "a", "requestBody": body}}},
            "components": {"schemas": named},
        }
    )


OBJECT: Json = {"type": "object", "properties": {"a": TEXT}}
TAGGED = [
    {"type": "object", "required": ["k"], "properties": {"k": {"type": "string", "enum": [name]}}}
    for name in ("a", "b")
]

# What is written, and its canonical form.
FORMS: dict[str, tuple[Any, Any]] = {
    "anything": (True, {}),
    "nothing": ({"type": "string", "allOf": [WHOLE]}, False),
    "nothing by enums": ({"enum": ["a"], "allOf": [{"enum": ["b"]}]}, False),
    "what both parts require": (
        {"type": "object", "required": ["a"], "allOf": [{"required": ["b", "a"]}]},
        {"type": "object", "required": ["a", "b"]},
    ),
    "multiples of the finer and of the coarser": (
        {"type": "integer", "multipleOf": 2, "allOf": [{"multipleOf": 4}]},
        {"type": "integer", "multipleOf": 4},
    ),
    "a list of anything": ({"type": "array"}, {"type": "array", "items": {}}),
    "a const": ({"const": "a"}, {"type": "string", "enum": ["a"]}),
    "an enum with null": ({"enum": [None, "a"]}, {"anyOf": [{**TEXT, "enum": ["a"]}, NULL]}),
    "an enum and a const": ({"enum": ["a", "b"], "const": "b"}, {**TEXT, "enum": ["b"]}),
    "an enum of two types": (
        {"enum": [1, "a"]},
        {"anyOf": [{**TEXT, "enum": ["a"]}, {**WHOLE, "enum": [1]}]},
    ),
    "an enum of another type": ({"type": "string", "enum": [1, "a"]}, {**TEXT, "enum": ["a"]}),
    "both bools": ({"enum": [True, False]}, {"type": "boolean"}),
    "enums that meet": (
        {"enum": ["a", "b"], "allOf": [{"enum": ["b", "c"]}]},
        {**TEXT, "enum": ["b"]},
    ),
    "integer or number": ({"type": ["integer", "number"]}, NUMBER),
    "integer and number": ({**NUMBER, "allOf": [WHOLE]}, WHOLE),
    "a part of another": ({"anyOf": [{**TEXT, "enum": ["a"]}, TEXT]}, TEXT),
    "anything or text": ({"anyOf": [TEXT, {}]}, {}),
    "a format of null": (
        {"type": ["string", "null"], "format": "uri"},
        {"anyOf": [{**TEXT, "format": "uri"}, NULL]},
    ),
    "bounds of integers": (
        {**WHOLE, "exclusiveMinimum": 0, "maximum": 9.5, "exclusiveMaximum": 9},
        {**WHOLE, "minimum": 1, "maximum": 8},
    ),
    "bounds of numbers": (
        {**NUMBER, "minimum": 0, "exclusiveMinimum": 0, "maximum": 1, "exclusiveMaximum": 2},
        {**NUMBER, "exclusiveMinimum": 0, "maximum": 1},
    ),
    "the stricter of bounds": (
        {**TEXT, "minLength": 1, "maxLength": 9, "allOf": [{"minLength": 2, "maxLength": 10}]},
        {**TEXT, "minLength": 2, "maxLength": 9},
    ),
    "multiples of multiples": (
        {**WHOLE, "multipleOf": 4, "allOf": [{"multipleOf": 2}]},
        {**WHOLE, "multipleOf": 4},
    ),
    "multiples of divisors": (
        {**WHOLE, "multipleOf": 2, "allOf": [{"multipleOf": 4}]},
        {**WHOLE, "multipleOf": 4},
    ),
    "multiples of both": (
        {**WHOLE, "multipleOf": 2, "allOf": [{"multipleOf": 3}]},
        {**WHOLE, "multipleOf": 2, "allOf": [{"multipleOf": 3}]},
    ),
    "two patterns": (
        {**TEXT, "pattern": "b", "allOf": [{"pattern": "a"}, {"pattern": "c"}]},
        {**TEXT, "pattern": "a", "allOf": [{"pattern": "b"}, {"pattern": "c"}]},
    ),
    "one pattern twice": (
        {**TEXT, "pattern": "a", "allOf": [{"pattern": "a"}]},
        {**TEXT, "pattern": "a"},
    ),
    "what two say of one place": (
        {"allOf": [{"anyOf": [{**TEXT, "x-a": at, "title": at}, NULL]} for at in ("one", "two")]},
        {"anyOf": [{**TEXT, "x-a": "one", "title": "one"}, NULL]},
    ),
    "items of both": (
        {**LIST, "uniqueItems": True, "allOf": [{"items": {"maxLength": 3}, "uniqueItems": False}]},
        {"type": "array", "items": {**TEXT, "maxLength": 3}, "uniqueItems": True},
    ),
    "fields of both": (
        {"allOf": [OBJECT, {"properties": {"a": {"maxLength": 3}, "b": WHOLE}, "required": ["b"]}]},
        {
            "type": "object",
            "required": ["b"],
            "properties": {"a": {**TEXT, "maxLength": 3}, "b": WHOLE},
        },
    ),
    "what both require": (
        {"allOf": [{**OBJECT, "required": ["b", "a"]}, {"required": ["c", "a"]}]},
        {**OBJECT, "required": ["a", "b", "c"]},
    ),
    "fields that the other has not": (
        {"allOf": [{**OBJECT, "additionalProperties": False}, {"properties": {"b": WHOLE}}]},
        {**OBJECT, "additionalProperties": False},
    ),
    "further fields of the other": (
        {"allOf": [{**OBJECT, "additionalProperties": WHOLE}, {"properties": {"b": {}}}]},
        {"type": "object", "properties": {"a": TEXT, "b": WHOLE}, "additionalProperties": WHOLE},
    ),
    "exactly one of two kinds": ({"oneOf": [NULL, TEXT]}, {"anyOf": [TEXT, NULL]}),
    "exactly one of tagged objects": ({"oneOf": TAGGED}, {"anyOf": TAGGED}),
    "exactly one of what overlaps": (
        {"oneOf": [{**TEXT, "maxLength": 3}, {**TEXT, "minLength": 2}, NULL]},
        {"anyOf": [{"oneOf": [{**TEXT, "maxLength": 3}, {**TEXT, "minLength": 2}]}, NULL]},
    ),
    "exactly one of what an enum overlaps": (
        {"oneOf": [{**TEXT, "enum": ["a"]}, {**TEXT, "minLength": 2}]},
        {"oneOf": [{**TEXT, "enum": ["a"]}, {**TEXT, "minLength": 2}]},
    ),
    "exactly one of two enums": (
        {"oneOf": [{**TEXT, "enum": ["a"]}, {**TEXT, "enum": ["b"]}]},
        {**TEXT, "enum": ["a", "b"]},
    ),
    "exactly one of integer and number": ({"oneOf": [NUMBER, WHOLE]}, {"oneOf": [WHOLE, NUMBER]}),
    "a default of a part": (
        {"anyOf": [{**WHOLE, "default": 3}, NULL]},
        {"anyOf": [{**WHOLE, "default": 3}, NULL]},
    ),
    "a default around": ({"allOf": [{**WHOLE, "default": 3}]}, {**WHOLE, "default": 3}),
    "two defaults": ({"allOf": [{**WHOLE, "default": 3}], "default": 4.0}, {**WHOLE, "default": 4}),
    "flags that say no": (
        {**TEXT, "deprecated": False, "readOnly": True},
        {**TEXT, "readOnly": True},
    ),
    "a title of each part": (
        {"anyOf": [{"anyOf": [TEXT, WHOLE], "title": "T"}, NULL]},
        {"anyOf": [{**TEXT, "title": "T"}, {**WHOLE, "title": "T"}, NULL]},
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_schema_has_one_form(name: str) -> None:
    """Each spelling, and the one form of all that say the same; which is its own form."""
    written, form = FORMS[name]
    assert alone(written) == form
    assert alone(form) == form


# A type, what demands nothing of its values, and what demands something.
DEMANDS: dict[str, tuple[str, list[Any], Any]] = {
    "minLength": ("string", [0], 1),
    "minItems": ("array", [0], 1),
    "minProperties": ("object", [0], 1),
    "required": ("object", [[]], ["a"]),
    "prefixItems": ("array", [[]], [{}]),
    "properties": ("object", [{}], {"a": TEXT}),
    "patternProperties": ("object", [{}], {"a": False}),
    "dependentRequired": ("object", [{}], {"a": ["b"]}),
    "dependentSchemas": ("object", [{}], {"a": False}),
    "additionalProperties": ("object", [True, {}], False),
    "unevaluatedProperties": ("object", [True, {}], False),
    "unevaluatedItems": ("array", [True, {}], False),
    "propertyNames": ("object", [True, {}], False),
    "uniqueItems": ("array", [False], True),
}


@pytest.mark.parametrize("keyword", DEMANDS)
def test_what_demands_nothing_is_left_out(keyword: str) -> None:
    """And the least that is a demand is kept."""
    kind, idle, demand = DEMANDS[keyword]
    whole = alone({"type": kind})
    for value in idle:
        assert alone({"type": kind, keyword: value}) == whole
    assert alone({"type": kind, keyword: demand}) == {**whole, keyword: demand}


def test_a_named_object_keeps_its_name_and_nothing_else_does() -> None:
    """An object is a class of the client's; a named text, list or union stands where it is used."""
    named = {"O": OBJECT, "T": TEXT, "L": LIST, "U": {"anyOf": [to("O"), to("T")]}, "A": to("O")}
    document = of_document({"type": "array", "items": to("U")}, {**named, "Unused": OBJECT})
    assert document["components"] == {"schemas": {"O": OBJECT}}
    assert alone(to("U"), **named) == {"anyOf": [to("O"), TEXT]}
    assert alone(to("A"), **named) == to("O")
    assert alone({"allOf": [to("O")], "type": "object"}, **named) == to("O")
    assert alone({"allOf": [to("O"), {"required": ["a"]}]}, **named) == {
        **OBJECT,
        "required": ["a"],
    }


def test_a_schema_may_hold_itself_further_down() -> None:
    """An object by its name, and a list or a union of itself too, which then keeps its own."""
    tree = {"type": "object", "properties": {"kids": {"type": "array", "items": to("Tree")}}}
    assert of_document(to("Tree"), {"Tree": tree})["components"]["schemas"] == {"Tree": tree}
    json_value = {"anyOf": [TEXT, {"type": "array", "items": to("Json")}, to("Json")]}
    assert alone(to("Json"), Json=json_value) == to("Json")
    assert of_document(to("Json"), {"Json": json_value})["components"]["schemas"] == {
        "Json": {"anyOf": [TEXT, {"type": "array", "items": to("Json")}]}
    }


@pytest.mark.parametrize(
    "named",
    [
        {"A": {"allOf": [to("A"), {"required": ["a"]}]}},
        {"A": {"allOf": [to("B")]}, "B": {"allOf": [to("A")]}},
        {"A": {**to("A"), "default": 1}},
        {"A": {"anyOf": [to("A")]}},
        {"A": {"oneOf": [to("B")]}, "B": to("A")},
    ],
)
def test_a_schema_that_is_a_part_of_itself_is_refused_in_words(named: Any) -> None:
    """Through `allOf`, or a union of one, it says nothing that could be followed."""
    with pytest.raises(
        ContractError, match="the schema A is an alias of itself, or contains itself"
    ):
        alone(to("A"), **named)


def test_two_unions_with_each_other_allow_what_either_does() -> None:
    """Where they meet again they add nothing; each is whole where it is used alone."""
    named = {"A": {"anyOf": [TEXT, to("B")]}, "B": {"anyOf": [WHOLE, to("A")]}}
    either = {"anyOf": [TEXT, WHOLE]}
    fields = {"a": to("A"), "b": to("B")}
    assert alone({"type": "object", "properties": fields}, **named) == {
        "type": "object",
        "properties": {"a": either, "b": either},
    }


@pytest.mark.parametrize(
    "reference", ["#/components/schemas/No", "T", "other.yaml#/T", "#/components/headers/T"]
)
def test_a_reference_must_lead_to_a_schema_of_the_document(reference: str) -> None:
    """The error names it as it is written."""
    with pytest.raises(ContractError, match=f"the reference {reference} leads to no schema"):
        alone({"$ref": reference}, T=TEXT)
