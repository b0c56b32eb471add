"""Where a generated client could not read or send what a contract has: each place as a JSONPath."""

from typing import Any

import pytest

from scripts.contract.documents import Json
from scripts.generation import repairs

TEXT = {"type": "string"}
NULL = {"type": "null"}
BYTES = {"type": "string", "format": "binary"}
SELF = {"$ref": "#/components/schemas/Self"}
SCHEMAS = {"Self": {"type": "object", "properties": {"self": SELF, "b": BYTES}}}
FORM = "multipart/form-data"
ANSWER = "$.paths['/a'].post.responses['200'].content['application/json'].schema"
HEADERS = "$.paths..parameters[?@.in=='header'].schema.anyOf[?@.type=='null']"


def document(answer: Any = TEXT, media_type: str = "application/json", **further: Any) -> Json:
    """One operation, with an answer."""
    responses = {"200": {"content": {media_type: {"schema": answer}}}}
    operation = {"operationId": "do", "responses": responses, **further}
    return {"paths": {"/a": {"post": operation}}, "components": {"schemas": SCHEMAS}}


# The schema of an answer, and where in it bytes are that cannot be.
BYTES_IN: list[tuple[Any, list[str]]] = [
    (True, []),
    (TEXT, []),
    (BYTES, [f"{ANSWER}.format"]),
    ({"anyOf": [BYTES, NULL]}, [f"{ANSWER}.anyOf[?@.format=='binary'].format"]),
    (
        {"oneOf": [TEXT, {"properties": {"a b'c\\d": BYTES, "_2": BYTES}}]},
        [
            rf"{ANSWER}.oneOf[1].properties['a b\'c\\d'].format",
            f"{ANSWER}.oneOf[1].properties._2.format",
        ],
    ),
    ({"patternProperties": {"^a": BYTES}}, [f"{ANSWER}.patternProperties['^a'].format"]),
    ({"additionalProperties": BYTES}, [f"{ANSWER}.additionalProperties.format"]),
    ({"items": {"items": BYTES}}, [f"{ANSWER}.items.items.format"]),
    (
        {"prefixItems": [False, BYTES, {"items": BYTES}]},
        [
            f"{ANSWER}.prefixItems[?@.format=='binary'].format",
            f"{ANSWER}.prefixItems[2].items.format",
        ],
    ),
    ({"allOf": [SELF, SELF]}, ["$.components.schemas.Self.properties.b.format"]),
]


@pytest.mark.parametrize(("schema", "targets"), BYTES_IN, ids=range(len(BYTES_IN)))
def test_bytes_in_json_are_found_wherever_they_are(schema: Any, targets: list[str]) -> None:
    """In fields, lists and unions; of a schema that holds itself, once."""
    found = repairs.of(document(schema))
    assert found == [{"target": target, "remove": True} for target in targets]


@pytest.mark.parametrize(
    ("media_type", "is_text"),
    [
        ("image/png", False),
        ("application/octet-stream", False),
        ("text/plain", True),
        ("application/problem+json", True),
    ],
)
def test_text_has_no_bytes(media_type: str, is_text: bool) -> None:
    """Nor has JSON by another name; a picture has, and nothing else."""
    target = f"{ANSWER.replace('application/json', media_type)}.format"
    expected = [{"target": target, "remove": True}] if is_text else []
    assert repairs.of(document(BYTES, media_type)) == expected


def test_a_url_and_a_header_hold_text() -> None:
    """No bytes; and a header no null, of which it is told how many there are if more than one."""
    nullable = {"anyOf": [TEXT, NULL]}
    parameters = [{"name": "it's", "in": "query", "schema": {"anyOf": [BYTES, NULL]}}]
    query = "$.paths['/a'].post.parameters[?@.in=='query'&&@.name=='it\\'s'].schema"
    expected: list[Json] = [
        {"target": f"{query}.anyOf[?@.format=='binary'].format", "remove": True}
    ]
    assert repairs.of(document(parameters=parameters)) == expected
    for headers in (1, 2):
        parameters.append({"name": f"X-{headers}", "in": "header", "schema": nullable})
        fits = {"x-fits": 2} if headers == 2 else {}
        removed = {"target": HEADERS, **fits, "remove": True}
        assert repairs.of(document(parameters=parameters)) == [*expected, removed]


def test_a_part_of_a_form_is_a_file_or_text() -> None:
    """A file, or several, is bytes; a part that is an object is JSON; none of them is null."""
    fields = {
        "file": BYTES,
        "files": {"type": "array", "items": BYTES},
        "some": {"anyOf": [{"type": "array", "items": BYTES}, NULL]},
        "inner": {"type": "object", "properties": {"b": BYTES}},
        "word": {"anyOf": [TEXT, NULL]},
        "any": True,
    }
    form = {"content": {FORM: {"schema": {"type": "object", "properties": fields}}}}
    place = f"$.paths['/a'].post.requestBody.content['{FORM}'].schema.properties"
    assert repairs.of(document(requestBody=form)) == [
        {"target": f"{place}.inner.properties.b.format", "remove": True},
        {"target": f"{place}[*].anyOf[?@.type=='null']", "x-fits": 2, "remove": True},
    ]


def test_a_form_that_is_named_is_found_by_its_name() -> None:
    """One that is anything, or that has no schema, needs nothing."""
    whole = document(requestBody={"content": {FORM: {"schema": SELF}}})
    whole["components"]["schemas"] = {"Self": {"properties": {"a": {"anyOf": [NULL, TEXT]}}}}
    assert repairs.of(whole) == [
        {
            "target": "$.components.schemas.Self.properties[*].anyOf[?@.type=='null']",
            "remove": True,
        }
    ]
    for media in ({"schema": True}, {}):
        assert repairs.of(document(requestBody={"content": {FORM: media}})) == []
