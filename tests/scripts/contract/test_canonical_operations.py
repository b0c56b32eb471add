"""Operations in canonical form: parameters, answers, servers and security, each as one says it."""

from typing import Any

import pytest

from scripts.contract import canonical_form
from scripts.contract.documents import ContractError, Json

TEXT = {"type": "string"}
KEY = {"type": "apiKey", "in": "header", "name": "x-api-KEY"}
SCHEMES = {
    "bearer": {"type": "http", "scheme": "Bearer", "bearerFormat": "JWT"},
    "header": KEY,
    "query": {**KEY, "in": "query"},
}


def document(operation: Json, **parts: Any) -> Json:
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"post": {"operationId": "a", **operation}}},
        "components": {"securitySchemes": SCHEMES},
        **parts,
    }


def of(operation: Json, **parts: Any) -> Any:
    """The canonical form of one operation, but for its name."""
    made = canonical_form.of(document(operation, **parts))["paths"]["/a"]["post"]
    return {name: part for name, part in made.items() if name != "operationId"}


# A parameter, and its canonical form.
PARAMETERS: dict[str, tuple[Json, Json]] = {
    "a form in the query": (
        {"name": "Q", "in": "query", "style": "form", "explode": True, "schema": TEXT},
        {"name": "Q", "in": "query", "schema": TEXT},
    ),
    "a form that is not exploded": (
        {"name": "q", "in": "query", "explode": False},
        {"name": "q", "in": "query", "explode": False},
    ),
    "a form in a cookie": (
        {"name": "q", "in": "cookie", "style": "form", "explode": True},
        {"name": "q", "in": "cookie"},
    ),
    "a simple path": (
        {"name": "q", "in": "path", "style": "simple", "explode": False, "required": True},
        {"name": "q", "in": "path", "required": True},
    ),
    "an exploded path": (
        {"name": "q", "in": "path", "style": "simple", "explode": True, "required": True},
        {"name": "q", "in": "path", "explode": True, "required": True},
    ),
    "another style": (
        {"name": "q", "in": "path", "style": "label", "explode": False, "required": True},
        {"name": "q", "in": "path", "style": "label", "required": True},
    ),
    "a form where a form is no default": (
        {"name": "q", "in": "query", "style": "spaceDelimited", "explode": True},
        {"name": "q", "in": "query", "style": "spaceDelimited", "explode": True},
    ),
    "a header": (
        {"name": "x-TRACE-id", "in": "header", "style": "simple", "explode": False},
        {"name": "X-Trace-Id", "in": "header"},
    ),
    "flags that say no": (
        {
            "name": "q",
            "in": "query",
            "required": False,
            "deprecated": False,
            "allowReserved": False,
            "allowEmptyValue": False,
        },
        {"name": "q", "in": "query"},
    ),
    "flags that say yes": (
        {
            "name": "q",
            "in": "query",
            "required": True,
            "deprecated": True,
            "allowReserved": True,
            "allowEmptyValue": True,
        },
        {
            "name": "q",
            "in": "query",
            "required": True,
            "deprecated": True,
            "allowReserved": True,
            "allowEmptyValue": True,
        },
    ),
    "a content": (
        {"name": "q", "in": "query", "content": {"Application/JSON": {"schema": True}}},
        {"name": "q", "in": "query", "content": {"application/json": {"schema": {}}}},
    ),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_has_one_form(name: str) -> None:
    """What OpenAPI takes for granted where nothing is said is not said; the rest is."""
    written, form = PARAMETERS[name]
    assert of({"parameters": [written]})["parameters"] == [form]
    assert of({"parameters": [form]})["parameters"] == [form]


def test_an_operation_says_its_own_over_its_paths() -> None:
    """Of one name in one place the operation's parameter counts; they are in order, by place."""
    shared = [
        {"name": "b", "in": "query", "schema": TEXT},
        {"name": "a", "in": "query", "deprecated": True},
    ]
    own = [{"name": "a", "in": "query"}, {"name": "b", "in": "header"}]
    whole = document({"parameters": own})
    whole["paths"]["/a"]["parameters"] = shared
    actual = canonical_form.of(whole)["paths"]["/a"]["post"]["parameters"]
    assert actual == [{"name": "B", "in": "header"}, own[0], shared[0]]


# Parts of an operation, and their canonical form.
OPERATIONS: dict[str, tuple[Json, Json]] = {
    "tags": ({"tags": ["b", "a", "b"]}, {"tags": ["a", "b"]}),
    "nothing said": (
        {"tags": [], "servers": [], "security": [], "parameters": [], "responses": {}},
        {},
    ),
    "flags and callbacks": ({"deprecated": False, "callbacks": {"a": {}}}, {}),
    "a deprecation": ({"deprecated": True}, {"deprecated": True}),
    "servers": (
        {"servers": [{"url": "https://b/"}, {"url": "https://a"}, {"url": "https://b"}]},
        {"servers": [{"url": "https://b"}, {"url": "https://a"}]},
    ),
    "the server that is taken for granted": ({"servers": [{"url": "/"}]}, {}),
    "a server beside it": (
        {"servers": [{"url": "/"}, {"url": "https://a"}]},
        {"servers": [{"url": ""}, {"url": "https://a"}]},
    ),
    "codes": (
        {"responses": {"4xx": {"description": ""}, "default": {"description": ""}}},
        {"responses": {"4XX": {"description": ""}, "default": {"description": ""}}},
    ),
    "an answer of little": (
        {"responses": {"200": {"headers": {}, "content": {}, "links": {"a": {}}}}},
        {"responses": {"200": {"description": ""}}},
    ),
    "headers of an answer": (
        {"responses": {"200": {"headers": {"content-TYPE": {}, "x-cost": {"required": False}}}}},
        {"responses": {"200": {"description": "", "headers": {"X-Cost": {}}}}},
    ),
    "a body that may be left out": (
        {"requestBody": {"required": False, "content": {"text/plain": {}}}},
        {"requestBody": {"content": {"text/plain": {}}}},
    ),
    "a body that may not": (
        {"requestBody": {"required": True, "content": {"text/plain": {}}}},
        {"requestBody": {"required": True, "content": {"text/plain": {}}}},
    ),
    "media types": (
        {
            "requestBody": {
                "content": {"Text/Plain ; Charset=UTF-8": {}, "text/CSV; header=Present": {}}
            }
        },
        {"requestBody": {"content": {"text/csv;header=Present": {}, "text/plain": {}}}},
    ),
    "encodings": (
        {
            "requestBody": {
                "content": {"a/b": {"encoding": {"x": {}}}, "c/d": {"encoding": {"x": {"y": 1}}}}
            }
        },
        {"requestBody": {"content": {"a/b": {}, "c/d": {"encoding": {"x": {"y": 1}}}}}},
    ),
    "one requirement of several": (
        {"security": [{"query": ["b", "a", "b"]}, {"header": []}, {"query": ["b", "a", "b"]}]},
        {"security": [{"header": []}, {"query": ["a", "b"]}]},
    ),
    "nothing asked for": ({"security": [{}]}, {}),
    "nothing asked for, or something": (
        {"security": [{"header": []}, {}]},
        {"security": [{"header": []}, {}]},
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_one_form(name: str) -> None:
    """Each spelling, and the one form of all that say the same; which is its own form."""
    written, form = OPERATIONS[name]
    assert of(written) == form
    assert of(form) == form


def test_what_a_document_says_for_all_is_said_by_each() -> None:
    """Servers and security of the document stand in the operation, unless it has its own."""
    parts: Json = {"servers": [{"url": "https://a"}], "security": [{"header": []}]}
    assert of({}, **parts) == parts
    assert of({"servers": [{"url": "https://b"}], "security": []}, **parts) == {
        "servers": [{"url": "https://b"}]
    }


def test_of_security_schemes_the_ones_asked_for_stay() -> None:
    """Names that know no case are written in one; a key of the query knows its case."""
    for name, form in {
        "bearer": {"type": "http", "scheme": "bearer"},
        "header": {**KEY, "name": "X-Api-Key"},
        "query": {**KEY, "in": "query"},
    }.items():
        whole = canonical_form.of(document({"security": [{name: []}]}))
        assert whole["components"] == {"securitySchemes": {name: form}}
    assert canonical_form.of(document({}))["components"] == {}


def test_a_security_scheme_that_nothing_describes_is_refused() -> None:
    """By its name."""
    with pytest.raises(ContractError, match="the security scheme 'own' leads nowhere"):
        of({"security": [{"header": []}, {"own": []}]})


def test_names_are_in_order_and_examples_as_they_were() -> None:
    """Keywords as one reads them, then the others by name; defaults and names by the alphabet."""
    schema = {
        "x-b": 1,
        "x-a": 1,
        "example": {"b": 1.0, "a": 2},
        "default": {"b": 1.0, "a": [3.0]},
        "properties": {"type": TEXT, "b": {"maxLength": 3, "type": "string"}},
        "type": "object",
    }
    media = {"schema": schema, "examples": {"z": {"value": {"b": 1.0, "a": 1}}}}
    made = of({"requestBody": {"content": {"a/b": media}}, "summary": "S", "x-a": {"b": 1, "a": 1}})
    assert list(made) == ["summary", "requestBody", "x-a"]
    assert list(made["x-a"]) == ["a", "b"]
    content = made["requestBody"]["content"]["a/b"]
    assert list(content["examples"]["z"]["value"]) == ["b", "a"]
    made = content["schema"]
    assert list(made) == ["type", "default", "properties", "example", "x-a", "x-b"]
    assert repr(made["default"]) == "{'a': [3], 'b': 1}"
    assert repr(made["example"]) == "{'b': 1.0, 'a': 2}"
    assert list(made["properties"]) == ["b", "type"]
    assert list(made["properties"]["b"]) == ["type", "maxLength"]


def test_tags_of_a_document_are_in_order() -> None:
    """By their names, each once, with what is said of it."""
    tags = [{"name": "b"}, {"name": "a", "description": "A."}, {"name": "b"}]
    assert canonical_form.of(document({}, tags=tags))["tags"] == [
        {"name": "a", "description": "A."},
        {"name": "b"},
    ]


@pytest.mark.parametrize("written", ["3.1.0", "3.1.1", "3.1.10"])
def test_versions_of_openapi_3_1_are_one(written: str) -> None:
    """The last number changes nothing for a document."""
    assert canonical_form.of(document({}, openapi=written))["openapi"] == "3.1.0"


@pytest.mark.parametrize("name", [None, 1])
def test_an_operation_must_have_a_name(name: object) -> None:
    """A client calls it by that; the error says which operation lacks one."""
    with pytest.raises(ContractError, match="POST /a: has no operationId"):
        canonical_form.of(document({"operationId": name}))
