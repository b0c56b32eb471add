"""Every kind of change that an operation and its fields can see, and what it means."""

from typing import Any

import pytest

from scripts.evolution import compare_contracts
from scripts.evolution.severity import version_step
from tests.scripts.evolution.comparison.mutations import (
    DEDICATED,
    GENERATE,
    TEXT,
    Judged,
    assert_judged,
    bearer_to_key,
    field,
    moved,
    of,
    operation_added,
    operation_removed,
    put,
    removed,
    required,
)
from tests.scripts.evolution.contracts import (
    ANSWER,
    COMPATIBLE,
    MERGED,
    REQUEST,
    REQUESTS,
    RESPONSES,
    found,
    mutated,
    operation,
    probing,
    schema,
)

CHANGES: dict[str, Judged] = {
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
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named_judged_and_answered(name: str) -> None:
    """One mutation is one change: where, what, for whom it breaks, the version, and what to do."""
    assert_judged(CHANGES[name])


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
