"""Every kind of change that an operation can see, what it means, and what the facade must do."""

import copy
from typing import Any

import pytest

from scripts.evolution import compare_contracts
from scripts.evolution.severity import version_step
from tests.scripts.evolution.contracts import (
    ANSWER,
    COMPATIBLE,
    MERGED,
    REQUEST,
    REQUESTS,
    RESPONSES,
    Mutation,
    found,
    mutated,
    operation,
    probing,
    schema,
)

TEXT = {"type": "string"}
GENERATE = "containerImagesGenerate"
DEDICATED = "dedicatedImagesGenerate"
HEADER = {"name": "X-Trace", "in": "header", "schema": TEXT}


def of(name: str, **parts: Any) -> Mutation:
    """Parts of an operation, replaced."""
    return lambda document: operation(document, name).update(copy.deepcopy(parts))


def without(name: str, *path: str) -> Mutation:
    """An operation less what lies at a path in it."""

    def how(document: Any) -> None:
        part = operation(document, name)
        for key in path[:-1]:
            part = part[key]
        del part[path[-1]]

    return how


def field(name: str, key: str, how: Mutation) -> Mutation:
    """A property of a schema, changed."""
    return lambda document: how(schema(document, name)["properties"][key])


def removed(name: str, key: str) -> Mutation:
    """A schema less one of its properties."""

    def how(document: Any) -> None:
        del schema(document, name)["properties"][key]
        required = schema(document, name)["required"]
        schema(document, name)["required"] = [one for one in required if one != key]

    return how


def required(name: str, *keys: str) -> Mutation:
    return lambda document: schema(document, name).update(required=list(keys))


def moved(old: str, new: str) -> Mutation:
    """A path under another name."""
    return lambda document: document["paths"].update({new: document["paths"].pop(old)})


def put(document: Any) -> None:
    item = document["paths"]["/v1/images/generations"]
    item["put"] = item.pop("post")


def operation_removed(document: Any) -> None:
    del document["paths"]["/v1/images/edits"]


def operation_added(document: Any) -> None:
    item = copy.deepcopy(document["paths"]["/v1/images/edits"])
    item["post"]["operationId"] = "containerImagesVary"
    document["paths"]["/v1/images/variations"] = item


def media_type(part: Any, name: str) -> None:
    part["content"][name] = {"schema": TEXT}


def bearer_to_key(document: Any) -> None:
    scheme = {"type": "apiKey", "in": "header", "name": "X-Key"}
    document["components"]["securitySchemes"]["token"] = scheme


def response(code: str, content: Any) -> Mutation:
    def how(document: Any) -> None:
        operation(document, GENERATE)["responses"][code] = {"description": "", **content}

    return how


TYPED = {"content": {"application/json": {"schema": TEXT}}}

# The change; its place, its words, its meaning, the version step, and what the facade does.
CHANGES: dict[str, tuple[Mutation, str, str, str, str, str]] = {
    "an optional field": (
        probing(REQUEST, TEXT),
        *(f"{REQUEST}.probe", "was added", COMPATIBLE, "minor", "add `probe` to the signature"),
    ),
    "a required field": (
        probing(REQUEST, TEXT, required=True),
        *(f"{REQUEST}.probe", "was added, and is required", REQUESTS, "major"),
        "add `probe` to the signature, as a required argument",
    ),
    "a field less": (
        removed(REQUEST, "seed"),
        *(f"{REQUEST}.seed", "was removed", REQUESTS, "major", "remove `seed` from the signature"),
    ),
    "a field that became required": (
        required(REQUEST, "prompt", "seed"),
        *(f"{REQUEST}.seed", "is now required", REQUESTS, "major"),
        "make `seed` a required argument",
    ),
    "a field that became optional": (
        required(REQUEST),
        *(f"{REQUEST}.prompt", "is no longer required", COMPATIBLE, "minor"),
        "give `prompt` the default UNSET",
    ),
    "a field of another type": (
        field(REQUEST, "prompt", lambda part: part.update(type="integer")),
        *(f"{REQUEST}.prompt", "from a string to an integer", REQUESTS, "major"),
        "follow in the type of `prompt`",
    ),
    "a wider range": (
        field(REQUEST, "num_inference_steps", lambda part: part.update(maximum=100)),
        *(f"{REQUEST}.num_inference_steps", "to `at most 100`", COMPATIBLE, "minor"),
        "correct README.md; docstring and checks of `num_inference_steps` follow",
    ),
    "another default": (
        field(REQUEST, "num_inference_steps", lambda part: part.update(default=30)),
        *(f"{REQUEST}.num_inference_steps", "from 20 to 30", COMPATIBLE, "minor"),
        "the docstring of `num_inference_steps` follows",
    ),
    "another format of pictures": (
        field(REQUEST, "response_format", lambda part: part["anyOf"][0]["enum"].append("webp")),
        *(f"{REQUEST}.response_format", '"webp" was added', COMPATIBLE, "minor"),
        "type and docstring of `response_format` follow",
    ),
    "a field inside an argument": (
        probing("ImageInput", TEXT),
        *("ImageInput.probe", "was added", COMPATIBLE, "minor", "what `control_images` is made of"),
    ),
    "a field of an answer": (
        probing(ANSWER, TEXT, required=True),
        *(f"{ANSWER}.probe", "was added, and is required", COMPATIBLE, "minor", "in the result"),
    ),
    "a field of an answer less": (
        removed(ANSWER, "image"),
        *(f"{ANSWER}.image", "was removed", RESPONSES, "major", "do without it in the result"),
    ),
    "a field of an answer that may be missing": (
        required(ANSWER),
        *(f"{ANSWER}.image", "is no longer required", RESPONSES, "major", "to be missing"),
    ),
    "a field of an answer that may be null": (
        field("UrlImageItem", "url", lambda part: part.update(type=["string", "null"])),
        *("UrlImageItem.url", "null is now possible", RESPONSES, "major", "read it so"),
    ),
    "a field of an answer with fewer values": (
        field("UrlImageItem", "response_format", lambda part: part.update(enum=["url"])),
        *("UrlImageItem.response_format", 'only "url"', COMPATIBLE, "patch", "in the result"),
    ),
    "an operation": (
        operation_added,
        *("containerImagesVary", "was added", COMPATIBLE, "minor", "add a method for it"),
    ),
    "an operation less": (
        operation_removed,
        *("containerImagesEdit", "was removed", REQUESTS, "major", "remove its method"),
    ),
    "an operation elsewhere": (
        moved("/v1/images/generations", "/v2/images/generations"),
        *(GENERATE, "from POST /v1/images/generations to POST /v2/", REQUESTS, "major", "nothing"),
    ),
    "another method": (put, GENERATE, "to PUT", REQUESTS, "major", "nothing"),
    "another operationId": (
        of(GENERATE, operationId="containerImagesDraw"),
        *("containerImagesDraw", f"was {GENERATE}", COMPATIBLE, "patch", "containerImagesDraw"),
    ),
    "a deprecated operation": (
        of(GENERATE, deprecated=True),
        *(GENERATE, "is now deprecated", COMPATIBLE, "patch", "docstring"),
    ),
    "another server": (
        of(GENERATE, servers=[{"url": "http://localhost:9000"}]),
        *(f"{GENERATE}.servers", "http://localhost:9000", REQUESTS, "major", "nothing"),
    ),
    "a further server": (
        of(GENERATE, servers=[{"url": "http://localhost:8000"}, {"url": "https://b"}]),
        *(f"{GENERATE}.servers", "https://b was added", COMPATIBLE, "minor", "nothing"),
    ),
    "a token": (
        of(GENERATE, security=[{"token": []}]),
        *(f"{GENERATE}.security", "was nothing, and is token", REQUESTS, "major", "token is sent"),
    ),
    "no token": (
        of(DEDICATED, security=[]),
        *(f"{DEDICATED}.security", "and is nothing", COMPATIBLE, "minor", "token is sent"),
    ),
    "a token that may be left out": (
        of(DEDICATED, security=[{"token": []}, {}]),
        *(f"{DEDICATED}.security", "or nothing", COMPATIBLE, "minor", "token is sent"),
    ),
    "a scope": (
        of(DEDICATED, security=[{"token": ["images"]}]),
        *(f"{DEDICATED}.security", "token", REQUESTS, "major", "token is sent"),
    ),
    "an optional header": (
        of(GENERATE, parameters=[HEADER]),
        *(f"{GENERATE}.X-Trace", "header parameter was added", COMPATIBLE, "minor"),
        "add `x_trace` to the signature",
    ),
    "a required header": (
        of(GENERATE, parameters=[{**HEADER, "required": True}]),
        *(f"{GENERATE}.X-Trace", "and is required", REQUESTS, "major", "required argument"),
    ),
    "a header less": (
        of(DEDICATED, parameters=[]),
        *(f"{DEDICATED}.X-Friendli-Team", "was removed", REQUESTS, "major", "x_friendli_team"),
    ),
    "a header that became required": (
        lambda document: operation(document, DEDICATED)["parameters"][0].update(required=True),
        *(f"{DEDICATED}.X-Friendli-Team", "is now required", REQUESTS, "major", "required"),
    ),
    "a stricter header": (
        lambda document: operation(document, DEDICATED)["parameters"][0]["schema"].update(
            maxLength=8
        ),
        *(f"{DEDICATED}.X-Friendli-Team", "at most 8", REQUESTS, "major", "x_friendli_team"),
    ),
    "another style": (
        lambda document: operation(document, DEDICATED)["parameters"][0].update(explode=True),
        *(f"{DEDICATED}.X-Friendli-Team", "explode", REQUESTS, "major", "x_friendli_team"),
    ),
    "no body": (
        without(GENERATE, "requestBody"),
        *(f"{GENERATE}.body", "was removed", REQUESTS, "major", "body"),
    ),
    "a body that may be left out": (
        lambda document: operation(document, GENERATE)["requestBody"].update(required=False),
        *(f"{GENERATE}.body", "is no longer required", COMPATIBLE, "minor", "body"),
    ),
    "a further form of the body": (
        lambda document: media_type(operation(document, GENERATE)["requestBody"], "text/plain"),
        *(f"{GENERATE}.body", "text/plain was added", COMPATIBLE, "minor", "body"),
    ),
    "a form of the body less": (
        without(GENERATE, "requestBody", "content", "application/json"),
        *(f"{GENERATE}.body", "application/json was removed", REQUESTS, "major", "body"),
    ),
    "a further form of the answer": (
        lambda document: media_type(operation(document, GENERATE)["responses"]["200"], "image/png"),
        *(f"{GENERATE}.200", "image/png was added", RESPONSES, "major", "result"),
    ),
    "a form of the answer less": (
        without(GENERATE, "responses", "200", "content", "application/json"),
        *(f"{GENERATE}.200", "application/json was removed", RESPONSES, "major", "result"),
    ),
    "an answer less": (
        without(GENERATE, "responses", "200"),
        *(f"{GENERATE}.200", "was removed", RESPONSES, "major", "result"),
    ),
    "a further answer": (
        response("202", TYPED),
        *(f"{GENERATE}.202", "was added", RESPONSES, "major", "result"),
    ),
    "a further error": (
        response("429", {}),
        *(f"{GENERATE}.429", "was added", COMPATIBLE, "minor", "nothing"),
    ),
    "an error that says more": (
        response("422", TYPED),
        *(f"{GENERATE}.422", "application/json was added", COMPATIBLE, "minor", "result"),
    ),
    "an error less": (
        without(GENERATE, "responses", "422"),
        *(f"{GENERATE}.422", "was removed", COMPATIBLE, "patch", "result"),
    ),
    "a header of an answer": (
        lambda document: operation(document, GENERATE)["responses"]["200"].update(
            headers={"X-Cost": {"schema": TEXT}}
        ),
        *(f"{GENERATE}.200.X-Cost", "the header was added", COMPATIBLE, "minor", "result"),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named_judged_and_answered(name: str) -> None:
    """One mutation is one change: where, what, for whom it breaks, the version, and what to do."""
    how, place, words, meaning, step, facade = CHANGES[name]
    noted = found(how)
    assert {change.place for change in noted} == {place}
    assert {change.meaning for change in noted} == {meaning}
    assert {change.step for change in noted} == {step}
    assert words in noted[0].words
    assert any(facade in change.facade for change in noted)


def test_an_unchanged_contract_has_no_changes() -> None:
    """A document compared with itself, or with one of other prose, differs in nothing."""

    def prose(document: Any) -> None:
        operation(document, GENERATE).update(summary="Other.", description="Other.", tags=["T"])
        document["info"].update(title="Other", version="9")
        schema(document, REQUEST)["properties"]["prompt"]["description"] = "Other."

    assert found(lambda document: None) == []
    assert found(prose) == []


def test_another_token_breaks_every_operation_that_asks_for_one() -> None:
    """The scheme behind a name counts: a bearer token that became a key is another requirement."""
    noted = found(bearer_to_key)
    places = [change.place for change in noted]
    assert places == ["dedicatedImagesEdit.security", "dedicatedImagesGenerate.security"]
    assert {change.meaning for change in noted} == {REQUESTS}


def test_a_shared_path_says_what_its_operations_take() -> None:
    """A parameter that moved to the path item is no change."""

    def how(document: Any) -> None:
        item = document["paths"]["/dedicated/v1/images/edits"]
        item["parameters"] = item["post"].pop("parameters")

    assert found(how) == []


def test_the_version_follows_the_gravest_change() -> None:
    """Major for what breaks callers, minor for what they may use, else patch."""
    breaking = found(removed(REQUEST, "seed"))
    new = found(probing(REQUEST, TEXT))
    other = found(of(GENERATE, deprecated=True))
    assert version_step([*other, *breaking, *new]) == "major"
    assert version_step([*other, *new]) == "minor"
    assert version_step(other) == "patch"
    assert version_step([]) == "patch"


def test_operations_that_were_not_there_are_all_new() -> None:
    """Against an empty document, each operation is an addition."""
    noted = compare_contracts.compare({}, MERGED)
    assert len(noted) == 4
    assert {change.meaning for change in noted} == {COMPATIBLE}


def test_a_swap_of_two_names_is_two_changes() -> None:
    """Operations are known by their operationId: two that swap theirs have both moved."""

    def how(document: Any) -> None:
        one, other = (
            operation(document, f"containerImages{verb}") for verb in ("Generate", "Edit")
        )
        one["operationId"], other["operationId"] = other["operationId"], one["operationId"]

    moves = [change for change in found(how) if "moved from" in change.words]
    assert [change.operations for change in moves] == [
        ("containerImagesGenerate",),
        ("containerImagesEdit",),
    ]
    assert mutated(how) != MERGED
