"""The rules engine against the jsonschema library: both accept and refuse the same values."""

import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from friendli_facade._rules.constraints import KEYWORDS
from friendli_facade._rules.schemas import Schemas
from friendli_facade._rules.violations import Violation

Draw = Callable[[st.SearchStrategy[Any]], Any]

# Small pools, so that schemas and values meet.
NAMES = st.sampled_from(["a", "b", "image"])
NUMBERS = st.sampled_from([-1, 0, 1, 2, 3, 0.5, 1.0, 1.5]) | st.integers() | st.floats(-9, 9)
TEXTS = st.sampled_from(["", "a", "b", "ab", "url"]) | st.text(max_size=3)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(NAMES, parts, max_size=3),
    max_leaves=6,
)
TYPES = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])
REFERENCES = st.sampled_from(["#/components/schemas/A", "#/components/schemas/B"])
SIZES = st.integers(0, 3)
SIMPLE: dict[str, st.SearchStrategy[Any]] = {
    "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "const": VALUES,
    "minimum": NUMBERS,
    "maximum": NUMBERS,
    "exclusiveMinimum": NUMBERS,
    "exclusiveMaximum": NUMBERS,
    # Powers of two: of other fractions floats are no exact multiples.
    "multipleOf": st.sampled_from([1, 2, 3, 0.5, 0.25]),
    "minLength": SIZES,
    "maxLength": SIZES,
    "pattern": st.sampled_from(["^a", "b$", "^[a-z]*$", "."]),
    "minItems": SIZES,
    "maxItems": SIZES,
    "uniqueItems": st.booleans(),
    "required": st.lists(NAMES, max_size=2, unique=True),
}
NESTING = {"properties", "additionalProperties", "items", "prefixItems"}
UNIONS = {"anyOf", "oneOf", "allOf"}


def schemas(depth: int = 3, *, inside: bool = True) -> st.SearchStrategy[Any]:
    """Schemas; `inside` whether a reference may stand here, and not refer to itself forever."""
    return st.booleans() | st.deferred(lambda: objects(depth, inside=inside))


@st.composite
def objects(draw: Draw, depth: int, *, inside: bool) -> dict[str, Any]:
    known = sorted(SIMPLE) + (sorted(NESTING | UNIONS) * 2 if depth else []) + ["$ref"] * inside
    keywords = draw(st.lists(st.sampled_from(known), max_size=3, unique=True))
    return {keyword: draw(argument(keyword, depth, inside=inside)) for keyword in keywords}


def argument(keyword: str, depth: int, *, inside: bool) -> st.SearchStrategy[Any]:
    match keyword:
        case "$ref":
            return REFERENCES
        case "properties":
            return st.dictionaries(NAMES, schemas(depth - 1), min_size=1, max_size=2)
        case "items" | "additionalProperties":
            return schemas(depth - 1)
        case "prefixItems":
            return st.lists(schemas(depth - 1), min_size=1, max_size=2)
        case "anyOf" | "oneOf" | "allOf":
            return st.lists(schemas(depth - 1, inside=inside), min_size=1, max_size=3)
        case _:
            return SIMPLE[keyword]


DEFINITIONS = st.fixed_dictionaries({"A": objects(2, inside=False), "B": objects(2, inside=False)})
TREE: dict[str, Any] = {
    "A": {
        "type": "object",
        "properties": {"a": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}},
        "additionalProperties": {"$ref": "#/components/schemas/B"},
    },
    "B": {"anyOf": [{"type": "null"}, {"enum": ["url", 1]}]},
}


def violations(schema: Any, definitions: dict[str, Any], value: Any) -> list[Violation]:
    """What the engine finds."""
    found: list[Violation] = []
    Schemas(definitions).compile(schema)(value, "value", found)
    return found


def library(schema: Any, definitions: dict[str, Any], value: Any) -> list[str]:
    """What the jsonschema library finds."""
    whole = {"allOf": [schema], "components": {"schemas": definitions}}
    validator: Any = Draft202012Validator(whole)
    return [error.message for error in validator.iter_errors(value)]


def sorts_lists(value: Any) -> bool:
    """Whether a list has three items or more, and lists among them.

    The library judges those by sorting, where Python holds True for 1, and may miss a repetition.
    """
    if isinstance(value, dict):
        return any(map(sorts_lists, cast("dict[str, Any]", value).values()))
    if not isinstance(value, list):
        return False
    items = cast("list[object]", value)
    nested = any(isinstance(item, list) for item in items)
    return (len(items) > 2 and nested) or any(map(sorts_lists, items))


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas(), DEFINITIONS, VALUES)
@example({"const": [1]}, {}, [True])
@example({"enum": [{"a": 0}]}, {}, {"a": False})
@example({"const": {"a": [1.0]}}, {}, {"a": [1]})
@example({"uniqueItems": True}, {}, [[1], [True]])
@example({"uniqueItems": True}, {}, [{"a": 0}, {"a": False}])
@example({"uniqueItems": True}, {}, [1, True, 0, False])
@example({"uniqueItems": True}, {}, [1, 1.0])
@example({"type": "integer"}, {}, 1e300)
@example({"type": "integer"}, {}, 10**5000)
@example({"multipleOf": 0.1}, {}, 0.5)
@example({"maximum": 0.5}, {}, 10**400)
@example({"$ref": "#/components/schemas/A"}, TREE, {"a": [{"a": [{"b": "url"}]}], "b": None})
@example({"$ref": "#/components/schemas/A"}, TREE, {"a": [{"a": [{"b": "png"}]}]})
@example({"$ref": "#/components/schemas/A", "required": ["b"]}, TREE, {"a": []})
@example({"$ref": "#/components/schemas/A", "type": "string"}, TREE, {})
@example({"anyOf": [{"$ref": "#/components/schemas/B", "type": "string"}]}, TREE, "url")
@example({"prefixItems": [{"type": "string"}], "items": False}, {}, ["a", "b"])
def test_engine_and_library_agree(schema: Any, definitions: dict[str, Any], value: Any) -> None:
    """A value that one of the two refuses, the other refuses as well."""
    assume("uniqueItems" not in json.dumps([schema, definitions]) or not sorts_lists(value))
    refused = bool(library(schema, definitions, value))
    event("refused" if refused else "accepted")
    assert bool(violations(schema, definitions, value)) == refused


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas(), DEFINITIONS, VALUES)
def test_violations_can_be_shown(schema: Any, definitions: dict[str, Any], value: Any) -> None:
    """Each violation begins with its argument's path, names a rule, and is one line of words."""
    for violation in violations(schema, definitions, value):
        assert violation.argument.startswith("value")
        assert violation.rule
        assert str(violation).startswith(f"{violation.argument} {violation.rule}")


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES, max_size=4), schemas())
def test_a_tuple_is_a_list(items: list[Any], schema: Any) -> None:
    """Python's tuples are arrays of JSON, and are judged like lists of the same items."""
    whole = {"type": "array", "items": schema, "minItems": 1, "uniqueItems": True}
    paths = [found.argument for found in violations(whole, TREE, items)]
    assert [found.argument for found in violations(whole, TREE, tuple(items))] == paths


SMALL: list[Any] = [
    *(None, True, False, -1, 0, 0.0, 0.5, 1, 1.0, 2, 3, "", "a", "ab", "abc", [], {}),
    *(
        [1],
        [True],
        [1, 1],
        [1, "a"],
        ["a", 1],
        ["a", "b"],
        ["a", 1, 2],
        ["a", 1, "b"],
        [[1], [1.0]],
    ),
    *({"a": 1}, {"a": "a"}, {"b": 1}, {"a": 1, "b": "b"}, {"a": "a", "b": 1}),
]
LETTER, NUMBER = {"type": "string"}, {"type": "integer"}
GRID: list[Any] = [
    *({keyword: to} for keyword in ("minimum", "maximum") for to in (0, 0.5, 1)),
    *({f"exclusive{keyword}": to} for keyword in ("Minimum", "Maximum") for to in (0, 0.5, 1)),
    *(
        {f"{end}{of}": to}
        for end in ("min", "max")
        for of in ("Length", "Items")
        for to in (0, 1, 2)
    ),
    *({"type": name} for name in ("array", "boolean", "integer", "null", "number", "object")),
    *({"const": value} for value in SMALL),
    {"enum": SMALL[::2]},
    *({"multipleOf": 0.5}, {"multipleOf": 2}, {"uniqueItems": True}, {"uniqueItems": False}),
    *({"pattern": "b"}, {"pattern": "^b"}, {"type": ["string", "null"]}, {"required": ["a", "b"]}),
    {"prefixItems": [LETTER], "items": NUMBER},
    {"prefixItems": [LETTER], "items": False},
    *({"prefixItems": [LETTER, NUMBER]}, {"items": NUMBER}, {"items": False}),
    {"properties": {"a": LETTER}, "additionalProperties": NUMBER},
    {"properties": {"a": LETTER}, "additionalProperties": False},
    *(
        {"additionalProperties": NUMBER},
        {"additionalProperties": False},
        {"properties": {"a": False}},
    ),
    *({union: [NUMBER, {"minimum": 1}]} for union in ("anyOf", "oneOf", "allOf")),
]


@pytest.mark.parametrize("schema", GRID, ids=[str(schema)[:60] for schema in GRID])
def test_engine_and_library_agree_at_the_bounds(schema: Any) -> None:
    """Each keyword alone, with values on, just below and just above what it asks for."""
    refused = [value for value in SMALL if library(schema, {}, value)]
    assert [value for value in SMALL if violations(schema, {}, value)] == refused


def test_every_keyword_is_drawn() -> None:
    """A keyword that the engine learns is compared with the library from then on."""
    assert {*SIMPLE, *NESTING, *UNIONS, "$ref"} == KEYWORDS
