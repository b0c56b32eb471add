"""Names, types and bounds of the contract, in the facade's words."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pytest
from friendli_api.models import ImageInput

from friendli_facade._inputs.image_source import ImageSource
from friendli_facade.utils import Unset
from scripts.contract.documents import Json
from scripts.contract.sample_values import Values
from scripts.generation import arguments, constraint_words
from scripts.generation.python import types_of_schemas
from scripts.generation.python.types_of_schemas import ListOf

TEXT = {"type": "string"}
NULL = {"type": "null"}
PICTURE = {"$ref": "#/components/schemas/ImageInput"}
NAMED = {"Steps": {"type": "integer"}, "ImageInput": {"type": "object"}}
VALUES = Values({"components": {"schemas": NAMED}})


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("dedicatedImagesEdit", "dedicated.edit"),
        ("containerImagesUpscaleTwice", "container.upscale_twice"),
        ("containerImages", "container.images"),
        ("v1ImagesEdit2", "v1.edit2"),
    ],
)
def test_an_operation_has_a_name_of_the_facade(operation: str, name: str) -> None:
    """Its first word is the surface, and what follows the kind of thing is the function's."""
    assert arguments.function_name(operation) == name


def test_an_argument_is_what_the_contract_has() -> None:
    """From the body or from a header, with what is said of it; what is only read is none."""
    body: Json = {
        "required": ["a"],
        "properties": {
            "a": {**TEXT, "description": "A.", "deprecated": True},
            "b": TEXT,
            "c": {**TEXT, "readOnly": True},
        },
    }
    parameters: list[Json] = [
        {"name": "X-D", "in": "header", "required": True, "description": "D.", "deprecated": True}
        | {"schema": TEXT},
        {"name": "e", "in": "query"},
    ]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}
    document = {"components": {"schemas": {"Body": body}}}
    operation = {"requestBody": {"content": content}, "parameters": parameters}
    found = arguments.of_operation(document, operation)
    assert list(found) == ["x_d", "e", "a", "b"]
    assert found == {
        "x_d": arguments.Field(
            TEXT, required=True, in_body=False, description="D.", deprecated=True
        ),
        "e": arguments.Field({}, required=False, in_body=False, description="", deprecated=False),
        "a": arguments.Field(
            body["properties"]["a"], required=True, in_body=True, description="A.", deprecated=True
        ),
        "b": arguments.Field(TEXT, required=False, in_body=True, description="", deprecated=False),
    }
    assert arguments.of_operation(document, {}) == {}


# A schema, and its bounds in words.
BOUNDS: list[tuple[Any, str]] = [
    (True, ""),
    ({}, ""),
    ({"minimum": 1, "maximum": 50, "type": "integer"}, "at least 1, at most 50"),
    ({"anyOf": [{"enum": ["a", None, 3]}, NULL]}, '`"a"`, `3`'),
    ({"enum": ["a`b"]}, r'`"a\u0060b"`'),
    ({"type": "array", "items": {"minimum": 0}}, "each at least 0"),
    ({"type": "array", "items": TEXT}, ""),
    ({"type": "array", "items": PICTURE, "maxItems": 2}, "must have at most 2 items"),
    ({"oneOf": [{"minimum": 1}]}, "at least 1"),
    ({"allOf": [{"minimum": 1}, PICTURE], "maximum": 3}, "at least 1, at most 3"),
]


@pytest.mark.parametrize(("schema", "words"), BOUNDS, ids=range(len(BOUNDS)))
def test_bounds_are_told_in_words(schema: Any, words: str) -> None:
    """Those of all parts and of the items, in order; of what is referred to its own page tells."""
    assert constraint_words.of_schema(schema) == words


# A schema, its types, and those as an annotation.
TYPES: list[tuple[Any, set[Any], str]] = [
    ({}, {Any}, "`Any`"),
    (True, {Any}, "`Any`"),
    (TEXT, {str}, "`str`"),
    ({"type": "object"}, {Mapping}, "`Mapping`"),
    ({"anyOf": [NULL, {"type": "number"}]}, {float, type(None)}, "`float | None`"),
    ({"oneOf": [{"type": "boolean"}, TEXT]}, {bool, str}, "`bool | str`"),
    (
        {"enum": ["b", "a", None]},
        {Literal["a"], Literal["b"], type(None)},
        "`Literal['a', 'b'] | None`",
    ),
    ({"type": "array"}, {ListOf(frozenset({Any}))}, "`Sequence[Any]`"),
    (
        {"type": "array", "items": PICTURE},
        {ListOf(frozenset({ImageInput}))},
        "`Sequence[ImageSource]`",
    ),
    ({"$ref": "#/components/schemas/Steps"}, {int}, "`int`"),
    (PICTURE, {ImageInput}, "`ImageSource`"),
]


@pytest.mark.parametrize(("schema", "types", "words"), TYPES, ids=range(len(TYPES)))
def test_a_schema_has_types(schema: Any, types: set[Any], words: str) -> None:
    """Those of all that it allows, and as a declaration would have them."""
    found = types_of_schemas.of_schema(schema, VALUES)
    assert found == types
    assert types_of_schemas.words(found) == words


HINTS: list[tuple[Any, set[Any]]] = [
    (str, {str}),
    (str | None, {str, type(None)}),
    (str | Unset, {str, Unset}),
    (float | int, {float}),
    (int, {int}),
    (Literal["a", "b", None], {Literal["a"], Literal["b"], type(None)}),
    (list[float | int], {ListOf(frozenset({float}))}),
    (Sequence[ImageSource] | None, {ListOf(frozenset({ImageInput})), type(None)}),
    (Mapping[str, str], {Mapping[str, str]}),
    (ImageSource, {ImageInput}),
]


@pytest.mark.parametrize(("hint", "types"), HINTS, ids=range(len(HINTS)))
def test_an_annotation_has_types(hint: Any, types: set[Any]) -> None:
    """An int passes for a float, a list for a sequence, and every form of a picture for one."""
    assert types_of_schemas.of_hint(hint) == types


def test_what_is_left_out_stands_last() -> None:
    """None, and what nobody gave, behind the types that have values."""
    found = frozenset({Unset, type(None), str, Literal["z"], int})
    assert types_of_schemas.words(found) == "`int | str | Literal['z'] | None | Unset`"
