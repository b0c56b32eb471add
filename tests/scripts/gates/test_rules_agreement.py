"""The gate that compares the compiled rules with the contract, constraint by constraint."""

import copy
from typing import Any

import pytest
from friendli_api.rules import OPERATIONS, SCHEMAS

from friendli_facade._rules.constraints import ASSERTIONS
from scripts.contract.documents import ContractError
from scripts.contract.sample_values import Values
from scripts.gates import rules_agreement
from tests.scripts.gates.contracts import Change, changed, merged

pytestmark = pytest.mark.slow

REPAIR = (
    "run scripts/generate, and if it stays, mend scripts/generation/rules.py or the rules engine"
)
BODY = "DedicatedImageGenerationBody"
TEXT = {"type": "string"}


def found(document: dict[str, Any], schemas: Any = SCHEMAS) -> list[str]:
    """The gate's lines."""
    return rules_agreement.problems(document, OPERATIONS, schemas)


def weakened(change: Change) -> Any:
    """The rules after a change to dedicatedImagesGenerate's body."""
    schemas = copy.deepcopy(SCHEMAS)
    change(schemas[BODY])
    return schemas


def paths(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Where the constraints of dedicatedImagesGenerate's body stand, and their keywords."""
    schema = document["components"]["schemas"][BODY]
    every = rules_agreement.constraints(schema, Values(document), "body")
    return {(one.path, one.keyword) for one in every}


def test_the_rules_are_the_contracts() -> None:
    """There is nothing to say of the project as it stands."""
    assert found(merged()) == []


def test_every_constraint_is_found() -> None:
    """The walk comes through unions, lists and references, to each bound and type."""
    assert {
        ("body", "required"),
        ("body.num_inference_steps", "maximum"),
        ("body.controlnet_weights[]", "minimum"),
        ("body.response_format", "enum"),
        ("body.control_images[].image", "type"),
        ("body.control_images[]", "required"),
    } <= paths(merged())


LOST: dict[str, tuple[Change, str]] = {
    "a bound": (
        lambda body: body["properties"]["num_inference_steps"].pop("maximum"),
        "body.num_inference_steps has `maximum: 50`, which forbids 51, and the rules let pass it",
    ),
    "a bound of items": (
        lambda body: body["properties"]["controlnet_weights"]["anyOf"][0]["items"].pop("minimum"),
        "body.controlnet_weights[] has `minimum: 0`, which forbids -1, and the rules let pass it",
    ),
    "an enum": (
        lambda body: body["properties"]["response_format"]["anyOf"][0].pop("enum"),
        "body.response_format has `enum: ['jpeg', 'jpg', 'png', 'raw', 'url']`, "
        "which forbids 'another', and the rules let pass it",
    ),
    "a required argument": (
        lambda body: body["required"].remove("prompt"),
        "body has `required: ['model', 'prompt']`, "
        "which forbids {'model': 'x'}, and the rules let pass it",
    ),
    "a type": (
        lambda body: body["properties"].pop("seed"),
        "body.seed has `type: 'integer'`, which forbids 'another', and the rules let pass it",
    ),
    "a null": (
        lambda body: body["properties"]["seed"]["anyOf"].pop(),
        "body.seed has `type: 'null'`, which allows None, and the rules refuse it",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_a_constraint_that_is_lost_on_the_way_is_named(name: str) -> None:
    """The line names the operation, the place, the keyword and the value that passes."""
    change, line = LOST[name]
    assert f"dedicatedImagesGenerate: {line}: {REPAIR}" in found(merged(), weakened(change))


def test_a_bound_that_only_the_rules_have_is_named() -> None:
    """Rules that are stricter than the contract refuse what Friendli takes."""
    schemas = weakened(lambda body: body["properties"]["num_inference_steps"].update(maximum=49))
    assert [line.partition(":")[0] for line in found(merged(), schemas)] == [
        "dedicatedImagesGenerate"
    ]


# A schema for each keyword that the rules engine knows; None where the contract has one already.
EXAMPLES: dict[str, Any] = {
    "minimum": {"minimum": 3},
    "maximum": {"type": "number", "maximum": -3},
    "exclusiveMinimum": {"type": "integer", "exclusiveMinimum": 3},
    "exclusiveMaximum": {"type": "number", "exclusiveMaximum": 3},
    "multipleOf": {"type": "integer", "multipleOf": 8},
    "minLength": {"type": "string", "minLength": 2},
    "maxLength": {"type": "string", "maxLength": 2},
    "pattern": {"type": "string", "pattern": "^[a-z]+$"},
    "minItems": {"type": "array", "items": {"type": "string"}, "minItems": 2},
    "maxItems": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    "uniqueItems": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    "enum": {"enum": ["a", None, 3]},
    "const": {"const": "a"},
    "type": {"type": ["boolean", "null"]},
    "required": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
    "additionalProperties": {"type": "object", "additionalProperties": False},
    "items": {"type": "array", "prefixItems": [{"type": "string"}], "items": False},
}
NESTED: dict[str, Any] = {
    "properties": {"type": "object", "properties": {"a": {"maximum": 3, "type": "number"}}},
    "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
    "prefixItems": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]},
    "items": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
    "anyOf": {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string"}]},
    "allOf": {"allOf": [{"type": "integer"}, {"minimum": 3}]},
    "oneOf": {"oneOf": [{"type": "string", "maxLength": 2}, {"type": "null"}]},
}


def test_there_is_an_example_of_every_assertion() -> None:
    """No keyword of the rules engine is left out below."""
    assert EXAMPLES.keys() >= ASSERTIONS.keys()


@pytest.mark.parametrize("schema", [*EXAMPLES.values(), *NESTED.values()], ids=str)
def test_any_constraint_that_the_rules_lack_is_named(schema: Any) -> None:
    """Whatever the contract says of a new property, rules that do not know it are found out."""

    def change(body: Any) -> None:
        body["properties"]["extra"] = schema

    document = changed(change)
    lines = found(document)
    assert lines
    assert all("body.extra" in line and line.endswith(REPAIR) for line in lines)
    assert found(document, weakened(change)) == []


@pytest.mark.parametrize("keyword", EXAMPLES)
def test_a_constraint_that_the_rules_lack_alone_is_named(keyword: str) -> None:
    """Each keyword is tried for itself: the rest of its schema does not give it away."""
    schema = EXAMPLES[keyword]
    less = {name: value for name, value in schema.items() if name != keyword}
    document = changed(lambda body: body["properties"].update(extra=schema))
    assert found(document, weakened(lambda body: body["properties"].update(extra=less)))


ITEMS: Any = {"type": "array", "items": TEXT}
PAIR: Any = {"type": "array", "prefixItems": [TEXT, {"type": "number"}]}
# The contract's, the rules', and what is said of them.
SUBTLE: dict[str, tuple[Any, Any, str]] = {
    "one item at least": (
        {**ITEMS, "minItems": 1},
        ITEMS,
        "body.extra has `minItems: 1`, which forbids [], and the rules let pass it",
    ),
    "no further field": (
        {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False},
        {"type": "object", "properties": {"a": TEXT}},
        "body.extra has `additionalProperties: False`, which forbids {'another': ",
    ),
    "the first of a pair": (
        PAIR,
        {**PAIR, "prefixItems": [{}, {"type": "number"}]},
        "body.extra[0] has `type: 'string'`, which forbids ",
    ),
    "the second of a pair": (
        PAIR,
        {**PAIR, "prefixItems": [TEXT, {}]},
        "body.extra[1] has `type: 'number'`, which forbids ",
    ),
}


@pytest.mark.parametrize("name", SUBTLE)
def test_the_smallest_and_the_last_of_constraints_are_tried(name: str) -> None:
    """A list that may not be empty, an object with no more fields, each part of a tuple."""
    contract, rules, words = SUBTLE[name]
    document = changed(lambda body: body["properties"].update(extra=contract))
    lines = found(document, weakened(lambda body: body["properties"].update(extra=rules)))
    assert lines
    assert any(line.startswith(f"dedicatedImagesGenerate: {words}") for line in lines), lines
    whole = weakened(lambda body: body["properties"].update(extra=contract))
    assert found(document, whole) == []


def test_json_counts_wherever_it_stands() -> None:
    """A body's JSON form is compared, first or not; a body of another form has none."""
    document = merged()
    body = document["paths"]["/dedicated/v1/images/generations"]["post"]["requestBody"]
    json_form = body["content"].pop("application/json")
    text = {"text/plain": {"schema": TEXT}}
    lost = weakened(lambda schema: schema["required"].remove("prompt"))
    body["content"] = {**text, "application/json": json_form}
    assert any("has `required:" in line for line in found(document, lost))
    body["content"] = text
    assert found(document, lost) == []


def test_a_schema_that_holds_itself_is_walked_once() -> None:
    """A reference in a circle ends."""
    document = merged()
    image = document["components"]["schemas"]["ImageInput"]
    image["properties"]["mask"] = {"$ref": "#/components/schemas/ImageInput"}
    assert any("mask has" in line for line in found(document)) is False
    assert ("body.control_images[].image", "type") in paths(document)


def test_a_pattern_without_a_known_value_asks_for_one() -> None:
    """Where the gate cannot break a constraint it says so, and does not pass over it."""
    (line,) = found(changed(lambda body: body["properties"].update(extra={"pattern": ""})))
    assert line == (
        "dedicatedImagesGenerate: body.extra has `pattern: ''`, "
        "and scripts/contract/sample_values.py knows no value that breaks it: add one"
    )


def test_a_keyword_without_known_values_asks_for_some() -> None:
    """The gate says that it cannot try it, and tries those beside it."""
    schema: Any = {"type": "string", "contentSchema": {}, "maxLength": 2}
    lines = found(changed(lambda body: body["properties"].update(extra=schema)))
    assert (
        "dedicatedImagesGenerate: body.extra has `contentSchema: {}`, "
        "and scripts/contract/sample_values.py knows no values for it: add some"
    ) in lines
    assert any("body.extra has `maxLength: 2`" in line for line in lines)


def test_a_field_that_is_forbidden_is_compared_too() -> None:
    """Rules that let it pass, whatever its value, are found out."""
    forbidden = changed(lambda body: body["properties"].update(extra=False))
    assert any("body.extra has `enum: []`, which forbids None" in line for line in found(forbidden))
    assert found(forbidden, weakened(lambda body: body["properties"].update(extra=False))) == []


def test_a_schema_without_a_known_value_asks_for_an_example() -> None:
    """Where no value fits, an example in the overlay is one."""
    schema: Any = {"type": "object", "required": ["a"]}
    schema["properties"] = {"a": {"pattern": "^q{9}$"}}
    document = changed(lambda body: body["properties"].update(extra=schema))
    with pytest.raises(ContractError, match="give the schema an example"):
        found(document)
    schema["properties"]["a"]["example"] = "q" * 9
    assert found(changed(lambda body: body["properties"].update(extra=schema))) != []


def test_an_operation_without_rules_is_named() -> None:
    """The rules know every operation of the contract."""
    lacking = ["dedicatedImagesEdit", "dedicatedImagesGenerate", "containerImagesEdit"]
    rules = {name: rule for name, rule in OPERATIONS.items() if name not in lacking}
    assert sorted(rules_agreement.problems(merged(), rules, SCHEMAS)) == sorted(
        f"{name} is in the contract and not in the rules: run scripts/generate" for name in lacking
    )


def test_a_value_is_tried_where_its_constraint_stands() -> None:
    """In a body that is right otherwise, and nothing else of it moves."""
    triple = {"type": "array", "prefixItems": [TEXT, {"type": "number"}, TEXT]}
    document = changed(lambda body: body["properties"].update(extra=triple))
    body = document["components"]["schemas"]["DedicatedImageGenerationBody"]
    values = Values(document)
    whole = values.allowed(triple)
    for index in range(3):
        [place] = [
            one.place
            for one in rules_agreement.constraints(body, values, "body")
            if one.path == f"body.extra[{index}]"
        ]
        assert place("here")["extra"] == [*whole[:index], "here", *whole[index + 1 :]]


def test_a_headers_constraint_is_compared_too() -> None:
    """A bound of a header that the rules lack is named."""
    document = merged()
    document["paths"]["/dedicated/v1/images/edits"]["post"]["parameters"][0]["schema"] = {
        "type": "string",
        "maxLength": 5,
    }
    assert found(document) == [
        "dedicatedImagesEdit: X-Friendli-Team has `maxLength: 5`, which forbids 'xxxxxx', "
        f"and the rules let pass it: {REPAIR}"
    ]
