"""What the rules engine says: the argument's path, the rule in words, the value shortened."""

from typing import Any

import pytest
from friendli_api import rules

from friendli_facade._rules.constraints import ANNOTATIONS, KEYWORDS
from friendli_facade._rules.schemas import Schemas
from friendli_facade._rules.violations import Violation, shortened

REPOSITORY: dict[str, Any] = {
    "Tree": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "kids": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
        "required": ["name"],
    }
}
FORMAT = {"anyOf": [{"type": "string", "enum": ["url", "png"]}, {"type": "null"}]}


def said(schema: Any, value: Any, path: str = "x") -> list[str]:
    """The engine's messages about a value."""
    found: list[Violation] = []
    Schemas(REPOSITORY).compile(schema)(value, path, found)
    return [str(violation) for violation in found]


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "string"}, 1, "x must be a string, not 1"),
        ({"type": "integer"}, 1.5, "x must be an integer, not 1.5"),
        ({"type": "integer"}, True, "x must be an integer, not True"),
        ({"type": "number"}, "1", "x must be a number, not '1'"),
        ({"type": "number"}, False, "x must be a number, not False"),
        ({"type": "boolean"}, 0, "x must be a bool, not 0"),
        ({"type": "null"}, 0, "x must be None, not 0"),
        ({"type": "array"}, {"a": 1}, "x must be a list, not {'a': 1}"),
        ({"type": "object"}, [1], "x must be an object, not [1]"),
        ({"type": ["string", "null"]}, 1, "x must be a string or None, not 1"),
        ({"minimum": 1}, 0, "x must be at least 1, not 0"),
        ({"maximum": 50}, 51, "x must be at most 50, not 51"),
        ({"exclusiveMinimum": 0}, 0, "x must be more than 0, not 0"),
        ({"exclusiveMaximum": 1}, 1.0, "x must be less than 1, not 1.0"),
        ({"multipleOf": 8}, 12, "x must be a multiple of 8, not 12"),
        ({"minLength": 1}, "", "x must not be empty, not ''"),
        ({"minLength": 2}, "a", "x must have at least 2 characters, not 'a'"),
        ({"maxLength": 2}, "abc", "x must have at most 2 characters, not 'abc'"),
        ({"pattern": "^a"}, "b", "x must match the pattern ^a, not 'b'"),
        ({"minItems": 1}, [], "x must not be empty, not []"),
        ({"minItems": 2}, [1], "x must have at least 2 items, not [1]"),
        ({"maxItems": 1}, [1, 2], "x must have at most 1 items, not [1, 2]"),
        ({"uniqueItems": True}, [1, 1], "x must not repeat an item, not [1, 1]"),
        ({"enum": ["url", 1, None]}, "raw", "x must be one of 'url', 1, None, not 'raw'"),
        ({"const": "on"}, "off", "x must be 'on', not 'off'"),
        ({"required": ["y"]}, {}, "x.y is required"),
        ({"properties": {"y": {"type": "null"}}}, {"y": 1}, "x.y must be None, not 1"),
        ({"additionalProperties": False}, {"y": 1}, "x.y is not known here: leave it out"),
        ({"additionalProperties": {"type": "null"}}, {"y": 1}, "x.y must be None, not 1"),
        ({"items": {"type": "null"}}, [None, 1], "x[1] must be None, not 1"),
        ({"prefixItems": [{"type": "null"}]}, [1, 1], "x[0] must be None, not 1"),
        ({"allOf": [{"minimum": 1}, {"maximum": 9}]}, 10, "x must be at most 9, not 10"),
        ({"oneOf": [{"minimum": 1}, {"maximum": 9}]}, 5, "x must fit one alternative only, not 5"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "x must be a string or None, not 1"),
        ({"$ref": "#/components/schemas/Tree"}, {}, "x.name is required"),
        (False, 1, "x is not known here: leave it out"),
    ],
)
def test_every_keyword_has_its_words(schema: Any, value: Any, message: str) -> None:
    """One broken rule is one sentence: argument, rule, value."""
    assert said(schema, value) == [message]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        *(({keyword: 1}, "other") for keyword in ("minimum", "maximum", "multipleOf", "minItems")),
        *(({keyword: 1}, [5]) for keyword in ("exclusiveMinimum", "exclusiveMaximum", "minLength")),
        *(({keyword: 1}, True) for keyword in ("exclusiveMinimum", "exclusiveMaximum")),
        ({"pattern": "^a"}, 1),
        ({"required": ["a"], "properties": {"a": False}, "additionalProperties": False}, []),
        ({"items": False, "uniqueItems": True, "maxItems": 0}, "aa"),
        (True, object()),
        ({}, object()),
        (dict.fromkeys(ANNOTATIONS, "anything"), 1),
    ],
)
def test_a_keyword_speaks_of_its_own_type_only(schema: Any, value: Any) -> None:
    """A bound says nothing about text, a length nothing about numbers, an annotation nothing."""
    assert said(schema, value) == []


@pytest.mark.parametrize(
    ("of", "value", "fits"),
    [
        *((0.1, 0.5, True), (0.1, 0.3, True), (0.01, 4.02, True), (0.1, 0.35, False)),
        *((0.5, 10**400, True), (0.5, float("inf"), False), (2, float("nan"), False)),
    ],
    ids=["0.5/0.1", "0.3/0.1", "4.02/0.01", "0.35/0.1", "huge/0.5", "inf/0.5", "nan/2"],
)
def test_multiples_are_exact(of: float, value: float, fits: bool) -> None:
    """Numbers are judged as they are written, not by the rounding of floats."""
    assert (said({"multipleOf": of}, value) == []) == fits


@pytest.mark.parametrize("keyword", ["patternProperties", "not", "if", "minContains", "Minimum"])
def test_an_unknown_keyword_is_an_error(keyword: str) -> None:
    """A rule that the engine does not know is not passed over in silence."""
    assert keyword not in KEYWORDS
    with pytest.raises((KeyError, ValueError), match=f"'{keyword}'"):
        said({"type": "object", keyword: {}}, {})


@pytest.mark.parametrize(
    ("value", "messages"),
    [
        (None, []),
        ("png", []),
        ("gif", ["x must be one of 'url', 'png', not 'gif'"]),
        (1, ["x must be a string or None, not 1"]),
    ],
)
def test_a_union_speaks_of_the_branch_that_fits(value: Any, messages: list[str]) -> None:
    """A text of the wrong kind is told the right ones, not that it could be None."""
    assert said(FORMAT, value) == messages


def test_a_union_of_lists_and_objects_points_inside() -> None:
    """The branch of the value's own type says what is wrong, at the place where it is."""
    image = {"$ref": "#/components/schemas/Tree"}
    schema = {"anyOf": [image, {"type": "array", "items": image}]}
    assert said(schema, [{"name": "a"}, {"name": 1}]) == ["x[1].name must be a string, not 1"]
    assert said(schema, {"name": ""}) == ["x.name must not be empty, not ''"]
    assert said(schema, "cat") == ["x must be an object or a list, not 'cat'"]


def test_a_union_speaks_of_the_branch_with_the_fewest_violations() -> None:
    """Of several branches of the value's type, the one that is nearest says what is lacking."""
    branches = [{"type": "object", "required": names} for names in (["a", "b", "c"], ["a", "d"])]
    assert said({"anyOf": branches}, {"d": 1}) == ["x.a is required"]
    assert said({"anyOf": branches}, {"b": 1, "c": 1}) == ["x.a is required"]


def test_nested_unions_count_all_their_types() -> None:
    """A union within a union: the fitting branch is found, and all types are named."""
    schema = {"anyOf": [FORMAT, {"type": "integer", "minimum": 1}]}
    assert said(schema, "gif") == ["x must be one of 'url', 'png', not 'gif'"]
    assert said(schema, 0) == ["x must be at least 1, not 0"]
    assert said(schema, []) == ["x must be a string or None or an integer, not []"]


def test_every_violation_is_reported_at_once() -> None:
    """One check finds all that is wrong, at any depth, in the order of the value."""
    schema = {"$ref": "#/components/schemas/Tree"}
    value = {"name": "", "kids": [{"kids": [7]}, {"name": "b", "kids": "no"}, {"name": 2}]}
    assert said(schema, value) == [
        "x.name must not be empty, not ''",
        "x.kids[0].kids[0] must be an object, not 7",
        "x.kids[0].name is required",
        "x.kids[1].kids must be a list, not 'no'",
        "x.kids[2].name must be a string, not 2",
    ]


def test_the_contracts_own_arguments_are_named_as_a_caller_writes_them() -> None:
    """From the top of a body, a path is the argument's name, then index and key."""
    body = {
        "prompt": None,
        "num_inference_steps": 51,
        "response_format": "gif",
        "control_images": [{"image": "x"}, {"image": 1}],
        "controlnet_weights": [0.5, 1.5],
    }
    schema = {"$ref": "#/components/schemas/DedicatedImageGenerationBody"}
    found: list[Violation] = []
    Schemas(rules.SCHEMAS).compile(schema)(body, "", found)
    assert sorted(map(str, found)) == [
        "control_images[1].image must be a string, not 1",
        "controlnet_weights[1] must be at most 1, not 1.5",
        "model is required",
        "num_inference_steps must be at most 50, not 51",
        "prompt must be a string, not None",
        "response_format must be one of 'jpeg', 'jpg', 'png', 'raw', 'url', not 'gif'",
    ]
    assert all(shortened(body) not in str(violation) for violation in found)
