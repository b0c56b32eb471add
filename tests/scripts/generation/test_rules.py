"""What the rules have of a contract, and what they refuse."""

import json
from typing import Any

import pytest

from scripts.contract.documents import ContractError, Json
from scripts.generation import package, rules

TEXT = {"type": "string"}
OBJECT = {"type": "object"}


def answering(*codes: str, **content: Any) -> Json:
    """An operation with the same answer for some codes."""
    media = {
        media_type.replace("_", "/"): {"schema": schema} for media_type, schema in content.items()
    }
    return {"operationId": "do", "responses": {code: {"content": media} for code in codes}}


def document(*operations: Json) -> Json:
    return {"paths": {f"/{number}": {"post": one} for number, one in enumerate(operations)}}


def written(*operations: Json) -> Any:
    """The operations as `rules.py` has them."""
    found: dict[str, Any] = {}
    exec(rules.source(document(*operations)), found)
    return found["OPERATIONS"]


GOOD = answering("200", application_json=OBJECT)

# An operation, and what it answers when all is well.
ANSWERS: dict[str, tuple[Json, tuple[str, Any]]] = {
    "an object": (GOOD, ("200 application/json", OBJECT)),
    "no answers": ({"operationId": "do"}, ("nothing", {})),
    "errors alone": (answering("422", "default", application_json=TEXT), ("nothing", {})),
    "200 before others": (answering("201", "200", text_plain=TEXT), ("200 text/plain", TEXT)),
    "the lowest of others": (answering("204", "202", text_plain=TEXT), ("202 text/plain", TEXT)),
    "200 with what it has": (
        {
            "operationId": "do",
            "responses": {
                "201": {"content": {"text/plain": {"schema": TEXT}}},
                "200": {"content": {"application/json": {"schema": OBJECT}}},
                "299": {},
            },
        },
        ("200 application/json", OBJECT),
    ),
    "JSON before others": (
        answering("200", text_plain=TEXT, application_json=OBJECT),
        ("200 application/json", OBJECT),
    ),
    "what has a schema": (
        answering("200", application_json={}, text_plain=TEXT),
        ("200 text/plain", TEXT),
    ),
    "the first of others": (
        answering("200", text_html=TEXT, text_plain=OBJECT),
        ("200 text/html", TEXT),
    ),
    "no schema": (answering("204", image_png={}), ("204", {})),
    "no content": (answering("204"), ("204", {})),
    "the first without content": (answering("205", "204", "422"), ("204", {})),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_an_operation_answers_is_told(name: str) -> None:
    """In a word or two, with the schema: 200 first, JSON first, what has a schema first."""
    operation, expected = ANSWERS[name]
    assert rules.answer(operation) == expected


def test_an_answer_that_is_not_typical_is_named_on_purpose() -> None:
    """As what it is; another name, or none, is an error, and so is one for a typical answer."""
    stream = answering("200", **{"text_event-stream": TEXT})
    named = {**stream, "x-answer": "200 text/event-stream"}
    assert written(named)["do"]["response"] == TEXT
    for operation, reason in (
        (stream, r"^do: has no typed 200 answer \(application/json with a schema\)$"),
        ({**stream, "x-answer": "204"}, "^do: its x-answer is '204', but it answers '200 text/"),
        ({**GOOD, "x-answer": "204"}, "^do: its x-answer is '204', but it answers '200 appli"),
        ({"operationId": "do", "x-answer": "204"}, "but it answers 'nothing'$"),
    ):
        with pytest.raises(ContractError, match=reason):
            written(operation)


def test_where_and_how_an_operation_is_sent() -> None:
    """By its method and path, to its first server, with a token where it asks for one."""
    servers = [{"url": "https://a"}, {"url": "https://b"}]
    first: Json = {**GOOD, "servers": servers, "security": [{"token": []}]}
    found = written(first, {**GOOD, "operationId": "other", "security": [{"token": []}, {}]})
    assert {key: found["do"][key] for key in ("method", "path", "server", "token", "body")} == {
        "method": "POST",
        "path": "/0",
        "server": "https://a",
        "token": True,
        "body": None,
    }
    assert (found["other"]["server"], found["other"]["token"]) == ("", False)
    assert rules.needs_token(GOOD) is False


def test_the_contracts_order_is_kept() -> None:
    """Of schemas and of what is in them, as of operations."""
    schemas = {"B": {"type": "object", "required": ["z", "a"]}, "A": {"maximum": 2, "minimum": 1}}
    whole = document({**GOOD, "operationId": "z"}, {**GOOD, "operationId": "a"})
    found: dict[str, Any] = {}
    exec(rules.source(whole | {"components": {"schemas": schemas}}), found)
    assert json.dumps(found["SCHEMAS"]) == json.dumps(schemas)
    assert list(found["OPERATIONS"]) == ["z", "a"]
    assert list(found["OPERATIONS"]["z"])[:4] == ["method", "path", "server", "token"]


def test_a_fragment_of_a_path_is_not_sent() -> None:
    """It tells two operations on one path apart in the document."""
    whole = {"paths": {"/a#one": {"get": GOOD}}}
    found: dict[str, Any] = {}
    exec(rules.source(whole), found)
    assert (found["OPERATIONS"]["do"]["path"], found["OPERATIONS"]["do"]["method"]) == ("/a", "GET")


def test_a_parameter_has_its_place_and_its_schema() -> None:
    """It may be left out unless it is said to be required; one without a schema takes anything."""
    parameters = [
        {"name": "X-A", "in": "header", "required": True, "schema": {**TEXT, "title": "A"}},
        {"name": "b", "in": "query"},
    ]
    assert written({**GOOD, "parameters": parameters})["do"]["parameters"] == {
        "X-A": {"in": "header", "required": True, "schema": TEXT},
        "b": {"in": "query", "required": False, "schema": {}},
    }
    with pytest.raises(ContractError, match=r"^do\.b: a parameter with `content` cannot be sent"):
        written(
            {**GOOD, "parameters": [parameters[0], {"name": "b", "in": "query", "content": {}}]}
        )


def test_what_only_describes_is_left_out_at_any_depth() -> None:
    """And what is demanded is kept, wherever it stands."""
    said: Json = {**TEXT, "maxLength": 3, "description": "A.", "x-mine": 1, "default": "a"}
    kept = {**TEXT, "maxLength": 3}

    def within(part: Any) -> Json:
        return {
            "type": "object",
            "required": ["description"],
            "properties": {"description": part, "x-mine": {"type": "array", "items": part}},
            "additionalProperties": {"anyOf": [part, {"oneOf": [{"allOf": [part]}]}]},
        }

    schema = within(said) | {"title": "An object"}
    body = {"content": {"application/json": {"schema": schema}}}
    found = written({**GOOD, "requestBody": body, "responses": GOOD["responses"]})
    assert found["do"]["body"] == within(kept)
    body["content"]["application/json"]["schema"] = {"type": "array", "prefixItems": [said, True]}
    found = written({**GOOD, "requestBody": body})
    assert found["do"]["body"] == {"type": "array", "prefixItems": [kept, True]}


UNKNOWN: list[tuple[Any, str]] = [
    ({"not": {}}, "do.body"),
    ({"properties": {"a": {"not": {}}}}, "do.body.a"),
    ({"items": {"not": {}}}, "do.body.items"),
    ({"additionalProperties": {"not": {}}}, "do.body.additionalProperties"),
    ({"prefixItems": [{}, {"not": {}}]}, r"do.body.prefixItems\[1\]"),
    ({"anyOf": [{"not": {}}]}, r"do.body.anyOf\[0\]"),
]


@pytest.mark.parametrize(("schema", "place"), UNKNOWN, ids=range(len(UNKNOWN)))
def test_an_unknown_keyword_is_named_with_its_place(schema: Any, place: str) -> None:
    """Nothing that the contract demands is lost in silence."""
    body = {"content": {"application/json": {"schema": schema}}}
    with pytest.raises(ContractError, match=f"^{place}: the rules engine does not know .* 'not'$"):
        written({**GOOD, "requestBody": body})


def test_a_stream_is_text_for_the_generator() -> None:
    """A schema there is that of one event; other answers and the document itself stay."""
    schema = {"schema": OBJECT}
    content = {"text/event-stream": schema, "text/plain": schema, "application/json": schema}
    whole: Json = {
        "paths": {"/a": {"post": {"responses": {"200": {"content": content}, "204": {}}}}}
    }
    found = package.readable(whole)["paths"]["/a"]["post"]["responses"]
    assert found["200"]["content"] == {
        "text/event-stream": {"schema": TEXT},
        "text/plain": {"schema": TEXT},
        "application/json": schema,
    }
    assert content["text/plain"] == schema
