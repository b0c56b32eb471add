"""What a slice takes of a document: facts, all that they reach, and nothing else."""

import json
from typing import Any

import pytest

from scripts.contract import slices, yaml_documents
from scripts.contract.documents import ContractError, Json
from scripts.contract.loading import DOCUMENT, ROOT
from scripts.contract.validation import validate
from scripts.evolution import overlay_repairs
from scripts.generation import rules
from tests.scripts.evolution.contracts import VENDORED, mutated, operation, schema

TEXT = {"type": "string"}
# A named object stays; anything else with a name stands where it is used.
PART = {"type": "object", "properties": {"a": TEXT}}


def to(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}"}


def document(schemas: Any, answer: Any = None, **parts: Any) -> Json:
    """A document with one operation, tagged T, whose body is the first of the schemas."""
    content = {"application/json": {"schema": to(next(iter(schemas)))}}
    responses = {"200": {"description": "", "content": answer or content}}
    operation = {"tags": ["T"], "operationId": "do", "responses": responses}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/do": {"post": {**operation, "requestBody": {"content": content}, **parts}}},
        "components": {"schemas": schemas},
    }


def cut(schemas: Any, **parts: Any) -> Any:
    return slices.cut(document(schemas, **parts), ["T"])


def schemas_of(schemas: Any) -> Any:
    return cut(schemas)["components"]["schemas"]


def test_the_vendored_facts_are_their_own_slice() -> None:
    """Cutting what was cut changes nothing: the file is byte for byte what is dumped."""
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    assert yaml_documents.dump(slices.cut(VENDORED, slices.IMAGES)) == body


def test_aliases_are_replaced_by_what_they_stand_for() -> None:
    """A schema that is only a reference, with prose or without, is gone; also a chain of them."""
    actual = schemas_of(
        {
            "Body": {"properties": {"a": to("One")}, "type": "object"},
            "One": {**to("Two"), "title": "One"},
            "Two": {**to("Real"), "description": "Two.", "x-a": 1},
            "Real": PART,
        }
    )
    assert actual == {"Body": {"properties": {"a": to("Real")}, "type": "object"}, "Real": PART}


def test_a_reference_with_facts_beside_it_is_no_alias() -> None:
    """What a reference's siblings say is kept, where the reference is followed."""
    one: Json = {**to("Real"), "default": {}}
    body = {"type": "object", "properties": {"a": to("One")}}
    assert schemas_of({"Body": body, "One": one, "Real": PART})["Body"]["properties"] == {"a": one}


def test_prose_and_extensions_go_and_data_stays() -> None:
    """A property called `description` is a property; an enum's or default's objects are data."""
    facts = {
        "type": "object",
        "properties": {
            **dict.fromkeys(("description", "example", "x-a", "title"), TEXT),
            "given": {"type": "object", "enum": [{"title": "a", "x-a": 1}]},
        },
        "default": {"description": "a"},
    }
    prose = {"title": "T", "description": "D", "example": 1, "examples": [1], "x-a": {"b": 1}}
    assert schemas_of({"Body": {**facts, **prose, "externalDocs": {"url": "u"}}}) == {"Body": facts}


def test_a_property_may_be_called_as_a_keyword() -> None:
    """What is said in its schema is prose or fact as anywhere, and its own properties are names."""
    written = {**TEXT, "title": "T", "x-a": 1}
    names = ("default", "enum", "properties", "mapping", "title")
    inner = {"type": "object", "description": "D", "properties": {"properties": written}}
    body = {"type": "object", "properties": {**dict.fromkeys(names, written), "inner": inner}}
    facts = {"type": "object", "properties": {"properties": TEXT}}
    assert schemas_of({"Body": body})["Body"]["properties"] == {
        **dict.fromkeys(sorted(names), TEXT),
        "inner": facts,
    }


def test_a_schema_may_be_called_as_a_keyword() -> None:
    """Or as an extension: a name is no keyword."""
    for name in ("title", "links", "default", "x-mine"):
        assert schemas_of({name: PART}) == {name: PART}


def test_of_a_path_the_chosen_operations_are_cut() -> None:
    """What the path says for all of them is said by each; an operation without a tag is not cut."""
    whole = document({"Body": PART})
    item = whole["paths"]["/do"]
    item["parameters"] = [{"name": "p", "in": "query", "schema": TEXT}]
    for method, parts in (("get", {"tags": ["Other"]}), ("put", {}), ("delete", {"tags": ["T"]})):
        item[method] = {"operationId": method, "responses": {"200": {"description": ""}}, **parts}
    whole["paths"]["/other"] = {"get": {**item["get"], "operationId": "other"}}
    whole["tags"] = [{"name": "T", "x-a": 1}, {"name": "Other"}]
    actual = slices.cut(whole, ["T", "None"])
    assert list(actual["paths"]) == ["/do"]
    assert {
        method: one["parameters"][0]["name"] for method, one in actual["paths"]["/do"].items()
    } == {"post": "p", "delete": "p"}
    assert actual["tags"] == [{"name": "T"}]
    assert slices.cut(whole, None)["paths"]["/do"].keys() == {"get", "put", "post", "delete"}


def test_tags_are_those_of_operations() -> None:
    """Each once, in the order of the operations, also of a path that is shared."""
    whole = document({"Body": PART})
    whole["tags"] = [{"name": "Unused"}]
    whole["paths"]["/do"]["get"] = {"tags": ["A", "T"]}
    whole["components"]["pathItems"] = {"P": {"put": {"tags": ["B", "A"]}, "patch": {}}}
    whole["paths"]["/p"] = {"$ref": "#/components/pathItems/P"}
    assert slices.tags(whole) == ["A", "T", "B"]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [(None, "no operation$"), (["A"], "no operation tagged A$"), (["A", "B"], "tagged A or B$")],
)
def test_no_operation_is_an_error(chosen: list[str] | None, words: str) -> None:
    """It says which were asked for."""
    whole = document({"Body": PART})
    if chosen is None:
        whole["paths"] = {"/do": {"summary": "Nothing yet."}}
    with pytest.raises(ContractError, match=words):
        slices.cut(whole, chosen)


def test_schemas_are_reached_through_every_keyword() -> None:
    """Whatever keyword holds a reference, the schema is taken along."""
    keywords = {
        **{name: to(f"In{index}") for index, name in enumerate(("items", "not", "if", "then"))},
        "additionalProperties": to("In4"),
        "patternProperties": {"^a": to("In5")},
        "anyOf": [{"oneOf": [{"allOf": [{"prefixItems": [to("In6")]}]}]}],
        "discriminator": {"propertyName": "a", "mapping": {"b": to("In7")["$ref"], "c": "In8"}},
    }
    others = {f"In{index}": PART for index in reversed(range(9))}
    body: Json = {"type": "object", "properties": {"all": keywords}}
    union = {"anyOf": [to("In7"), to("In8")], "discriminator": keywords.pop("discriminator")}
    body["properties"]["one"] = union
    actual = schemas_of({"Body": body, "Unused": PART, **others})
    assert list(actual) == ["Body", *sorted(others)]
    mapping = actual["Body"]["properties"]["one"]["discriminator"]["mapping"]
    assert mapping["c"] == to("In8")["$ref"]


def test_schemas_may_contain_each_other() -> None:
    """A circle of schemas is taken whole."""
    tree = {"type": "object", "properties": {"kids": {"type": "array", "items": to("Tree")}}}
    assert schemas_of({"Tree": tree}) == {"Tree": tree}


def test_shared_parts_are_written_out() -> None:
    """References to parameters, bodies, answers and headers are resolved where they stand."""
    whole = document({"Body": PART})
    item = whole["paths"]["/do"]["post"]
    whole["components"] |= {
        "parameters": {"P": {"name": "p", "in": "query", "schema": to("Body"), "description": "D"}},
        "requestBodies": {"B": item["requestBody"]},
        "responses": {
            "R": {"description": "D", "headers": {"H": {"$ref": "#/components/headers/H"}}}
        },
        "headers": {"H": {"schema": TEXT, "description": "D"}},
    }
    item["parameters"] = [{"$ref": "#/components/parameters/P"}]
    item["requestBody"] = {"$ref": "#/components/requestBodies/B"}
    item["responses"]["400"] = {"$ref": "#/components/responses/R"}
    actual = slices.cut(whole, ["T"])
    assert set(actual["components"]) == {"schemas"}
    post = actual["paths"]["/do"]["post"]
    assert post["parameters"] == [{"name": "p", "in": "query", "schema": to("Body")}]
    assert post["responses"]["400"] == {"description": "", "headers": {"H": {"schema": TEXT}}}
    validate(actual)


def test_what_changes_the_wire_is_kept() -> None:
    """Servers, security, encodings, styles and deprecations are facts, at any level."""
    content = {"multipart/form-data": {"schema": TEXT, "encoding": {"a": {"contentType": "b"}}}}
    parameter = {"name": "p", "in": "query", "style": "pipeDelimited", "schema": TEXT}
    parts: Json = {
        "servers": [{"url": "https://a"}],
        "security": [{"key": []}],
        "deprecated": True,
        "requestBody": {"required": True, "content": content},
        "parameters": [parameter],
    }
    whole = document({"Body": TEXT}, **parts)
    whole["components"]["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": "K", "description": "D"},
        "unused": {"type": "http", "scheme": "basic"},
    }
    whole["paths"]["/do"]["parameters"] = [parameter]
    actual = slices.cut(whole, ["T"])
    post = actual["paths"]["/do"]["post"]
    assert {name: post[name] for name in parts} == parts
    assert actual["components"]["securitySchemes"] == {
        "key": {"type": "apiKey", "in": "header", "name": "K"}
    }


def test_the_answer_of_an_operation_must_be_named_where_it_is_not_typical() -> None:
    """A stream, a 201 or an empty answer is refused, until `x-answer` says that it is meant."""
    answers: dict[str, tuple[Json, Json]] = {
        "200 text/event-stream": ({"200": {"text/event-stream": {"schema": TEXT}}}, TEXT),
        "201 application/json": ({"201": {"application/json": {"schema": TEXT}}}, TEXT),
        "200": ({"200": {"application/json": {"schema": {}}}}, {}),
        "204": ({"204": {}}, {}),
        "nothing": ({"302": {}}, {}),
    }
    for name, (contents, response) in answers.items():
        whole = document({"Body": TEXT})
        post = whole["paths"]["/do"]["post"]
        post["responses"] = {
            code: {"description": "", **({"content": content} if content else {})}
            for code, content in contents.items()
        }
        with pytest.raises(ContractError, match="no typed 200"):
            rules.source(whole)
        [action] = overlay_repairs.overlay(whole)["actions"]
        assert action["update"] == {"x-answer": name}
        post["x-answer"] = name
        found: dict[str, Any] = {}
        exec(rules.source(whole), found)
        assert found["OPERATIONS"]["do"]["response"] == response
        post["x-answer"] = "200 image/png"
        with pytest.raises(ContractError, match=f"it answers '{name}'"):
            rules.source(whole)


def test_a_fragment_tells_two_operations_on_one_path_apart() -> None:
    """`/do#stream` is in the document; `/do` is what is sent."""
    whole = document({"Body": TEXT})
    whole["paths"]["/do#stream"] = json.loads(json.dumps(whole["paths"]["/do"]))
    whole["paths"]["/do#stream"]["post"]["operationId"] = "stream"
    found: dict[str, Any] = {}
    exec(rules.source(slices.cut(whole, ["T"])), found)
    assert [one["path"] for one in found["OPERATIONS"].values()] == ["/do", "/do"]


def test_only_chosen_operations_are_cut() -> None:
    """An operation of another tag, and what only it reaches, stays behind."""
    actual = slices.cut(VENDORED, ["Container.Image"])
    assert list(actual["paths"]) == ["/v1/images/edits", "/v1/images/generations"]
    assert actual["tags"] == [{"name": "Container.Image"}]
    assert "securitySchemes" not in actual["components"]
    assert "UrlImageItem" not in actual["components"]["schemas"]


def test_the_slice_shares_nothing_with_the_document() -> None:
    """An action on the slice leaves upstream's document as it was."""
    whole = mutated(lambda document: None, VENDORED)
    actual = slices.cut(whole, slices.IMAGES)
    schema(actual, "ImageInput")["properties"]["image"]["type"] = "integer"
    operation(actual, "containerImagesEdit")["responses"].clear()
    assert whole == VENDORED
