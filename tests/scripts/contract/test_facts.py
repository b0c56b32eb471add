"""The merged contract against the facts of Friendli's API, written out once more by hand."""

from typing import Any

import pytest

from scripts.contract import documents, loading, validation
from scripts.contract.documents import Json
from scripts.contract.loading import ROOT

MERGED = loading.load(ROOT)
SCHEMAS: Json = MERGED["components"]["schemas"]
DEDICATED = "https://api.friendli.ai"
CONTAINER = "http://localhost:8000"

# operationId: method, path, server, token, team header, body, answer
OPERATIONS = {
    "dedicatedImagesGenerate": (
        *("post", "/dedicated/v1/images/generations", DEDICATED, True, True),
        *("DedicatedImageGenerationBody", "ImageGenerationDedicatedResult"),
    ),
    "dedicatedImagesEdit": (
        *("post", "/dedicated/v1/images/edits", DEDICATED, True, True),
        *("DedicatedImageEditBody", "ImageGenerationDedicatedResult"),
    ),
    "containerImagesGenerate": (
        *("post", "/v1/images/generations", CONTAINER, False, False),
        *("ContainerImageGenerationBody", "ImageGenerationContainerResult"),
    ),
    "containerImagesEdit": (
        *("post", "/v1/images/edits", CONTAINER, False, False),
        *("ContainerImageEditBody", "ImageGenerationContainerResult"),
    ),
}

IMAGE: Json = {"$ref": "#/components/schemas/ImageInput"}
IMAGES: Json = {"items": IMAGE, "type": "array"}
WEIGHTS: Json = {"items": {"type": "number", "minimum": 0, "maximum": 1}, "type": "array"}
NULL: Json = {"type": "null"}
FORMATS = ["jpeg", "jpg", "png", "raw", "url"]


def nullable(schema: Json) -> Json:
    return {"anyOf": [schema, NULL]}


EDIT: Json = {"image": {"anyOf": [IMAGE, IMAGES]}}
CONTROL: Json = {"control_images": nullable(IMAGES), "controlnet_weights": nullable(WEIGHTS)}
COMMON: Json = {
    "prompt": {"type": "string"},
    "num_inference_steps": {"type": "integer", "default": 20, "minimum": 1, "maximum": 50},
    "seed": nullable({"type": "integer"}),
}
ON_DEDICATED: Json = {
    **COMMON,
    "model": {"type": "string"},
    "guidance_scale": nullable({"type": "number"}),
    "response_format": {**nullable({"type": "string", "enum": FORMATS}), "default": "url"},
}
IN_CONTAINER: Json = {
    **COMMON,
    "model": nullable({"type": "string"}),
    "guidance_scale": {"type": "number", "default": 0.0},
    "response_format": {
        **nullable({"type": "string", "enum": ["jpeg", "raw"]}),
        "default": "jpeg",
    },
}
ITEM: Json = {"seed": {"type": "integer"}, "response_format": {"type": "string"}}
BASE64: Json = {"type": "string", "contentEncoding": "base64"}
ITEMS = [
    {"$ref": "#/components/schemas/B64ImageItem"},
    {"$ref": "#/components/schemas/UrlImageItem"},
]

# schema: required, properties
OBJECTS: dict[str, tuple[set[str], Json]] = {
    "DedicatedImageGenerationBody": ({"model", "prompt"}, {**ON_DEDICATED, **CONTROL}),
    "DedicatedImageEditBody": ({"model", "prompt", "image"}, {**ON_DEDICATED, **EDIT}),
    "ContainerImageGenerationBody": ({"prompt"}, {**IN_CONTAINER, **CONTROL}),
    "ContainerImageEditBody": ({"prompt", "image"}, {**IN_CONTAINER, **EDIT}),
    "ImageInput": ({"image"}, {"image": {"type": "string"}}),
    "UrlImageItem": ({"seed", "response_format", "url"}, {**ITEM, "url": {"type": "string"}}),
    "B64ImageItem": ({"seed", "response_format", "b64_json"}, {**ITEM, "b64_json": BASE64}),
    "ImageGenerationDedicatedResult": (
        {"data"},
        {"data": {"type": "array", "items": {"anyOf": ITEMS}}},
    ),
    "ImageGenerationContainerResult": ({"image"}, {"image": BASE64}),
}
BODIES = [name for name in OBJECTS if name.endswith("Body")]

# A field, values that the contract takes, and values that it refuses.
VALUES: dict[str, tuple[list[Any], list[Any]]] = {
    "num_inference_steps": ([1, 20, 50, 20.0], [0, 51, -1, 1.5, "20", None, True]),
    "seed": ([0, -1, 2**63, None], [1.5, "7", False]),
    "controlnet_weights": ([[], [0, 1, 0.5], None], [[1.01], [-0.01], 0.5, [None], ["1"]]),
    "control_images": ([[], [{"image": "x"}], None], [["x"], [{}], {"image": "x"}]),
    "prompt": (["p"], [None, 1, ["p"]]),
    "image": ([{"image": "x"}, [{"image": "x"}], []], [None, "x", {}, ["x"], {"image": 1}]),
}


def operation(name: str) -> tuple[str, str, Json, Json]:
    """Path, method, path item and operation of that name."""
    return next(found for found in documents.operations(MERGED) if found[3]["operationId"] == name)


def content(part: Json) -> str:
    """The name of the one schema that a JSON body or answer refers to."""
    assert list(part["content"]) == ["application/json"]
    reference: str = part["content"]["application/json"]["schema"]["$ref"]
    return reference.rpartition("/")[2]


def test_there_are_four_operations() -> None:
    """No operation is missing, and none came along from elsewhere in Friendli's API."""
    names = [found[3]["operationId"] for found in documents.operations(MERGED)]
    assert sorted(names) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_where_it_is(name: str) -> None:
    """Its method, path, server, token, header, body and answer are those of the facts."""
    method, path, server, token, team, body, answer = OPERATIONS[name]
    found_path, found_method, _, found = operation(name)
    assert (found_method, found_path) == (method, path)
    assert found["servers"] == [{"url": server}]
    assert found.get("security", []) == ([{"token": []}] if token else [])
    header: Json = {"name": "X-Friendli-Team", "in": "header", "schema": {"type": "string"}}
    parameters = found.get("parameters", [])
    assert [undescribed(part) for part in parameters] == ([header] if team else [])
    assert found["requestBody"]["required"] is True
    assert content(found["requestBody"]) == body
    assert sorted(found["responses"]) == ["200", "422"]
    assert content(found["responses"]["200"]) == answer
    assert "content" not in found["responses"]["422"]


def test_the_token_is_a_bearer_token() -> None:
    """One security scheme, http bearer."""
    schemes: Json = MERGED["components"]["securitySchemes"]
    assert {name: undescribed(scheme) for name, scheme in schemes.items()} == {
        "token": {"type": "http", "scheme": "bearer"}
    }


def test_there_are_nine_schemas() -> None:
    """No other schema is in the slice."""
    assert sorted(SCHEMAS) == sorted(OBJECTS)


@pytest.mark.parametrize("name", OBJECTS)
def test_a_schema_says_what_the_facts_say(name: str) -> None:
    """Its required fields, types, nullability, enums, defaults and ranges.

    Optional fields may come in addition: nobody has to mend this table when upstream adds one.
    """
    required, properties = OBJECTS[name]
    schema = undescribed(SCHEMAS[name])
    assert set(schema) == {"type", "required", "properties"}
    assert schema["type"] == "object"
    assert (sorted(schema["required"]), len(schema["required"])) == (
        sorted(required),
        len(required),
    )
    known = {key: undescribed(schema["properties"][key]) for key in properties}
    assert known == properties


@pytest.mark.parametrize(
    ("body", "field"),
    [(body, field) for body in BODIES for field in VALUES if field in OBJECTS[body][1]],
)
def test_an_independent_validator_reads_the_ranges(body: str, field: str) -> None:
    """What the schemas take and refuse, by the jsonschema library, is what the facts say."""
    validator = validation.validator({"$ref": f"#/components/schemas/{body}"}, MERGED)
    least: Json = {"model": "m", "prompt": "p", "image": {"image": "x"}}
    least = {key: value for key, value in least.items() if key in OBJECTS[body][0]}
    taken, refused = VALUES[field]
    assert validator.is_valid(least)
    for value in taken:
        assert validator.is_valid({**least, field: value}), value
    for value in refused:
        assert not validator.is_valid({**least, field: value}), value


@pytest.mark.parametrize("body", BODIES)
def test_response_formats(body: str) -> None:
    """A dedicated endpoint knows five formats and a container two; both take null."""
    known = FORMATS if body.startswith("Dedicated") else ["jpeg", "raw"]
    schema = SCHEMAS[body]["properties"]["response_format"]
    validator = validation.validator(schema, MERGED)
    tried = [*FORMATS, None, "webp", "PNG", "", 1]
    assert [value for value in tried if validator.is_valid(value)] == [
        *(value for value in FORMATS if value in known),
        None,
    ]


def undescribed(schema: Json) -> Json:
    """A schema without its own description, and the names of its parts."""
    bare = {key: value for key, value in schema.items() if key not in {"description", "title"}}
    return (
        {**bare, "anyOf": [undescribed(part) for part in bare["anyOf"]]}
        if "anyOf" in bare
        else bare
    )
