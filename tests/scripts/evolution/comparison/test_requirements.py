"""Changes of servers, security, answers and parameters, word for word."""

from typing import Any

import pytest

from tests.scripts.evolution.comparison.mutations import DEDICATED, GENERATE, HEADER, TEXT, of
from tests.scripts.evolution.contracts import (
    COMPATIBLE,
    REQUESTS,
    RESPONSES,
    Mutation,
    found,
    operation,
)

URLS = ("http://localhost:8000", "https://b", "https://c")
KEY = {"type": "apiKey", "in": "header", "name": "X-Key", "description": "A key."}
NULL = {"description": ""}
TYPED = {"description": "", "content": {"text/plain": {"schema": TEXT}}}


def servers(*numbers: int) -> Mutation:
    return of(GENERATE, servers=[{"url": URLS[number]} for number in numbers])


def asking(*requirements: Any) -> Mutation:
    """Requirements of an operation, where `key` is a second scheme."""

    def how(document: Any) -> None:
        document["components"]["securitySchemes"]["key"] = KEY
        operation(document, GENERATE)["security"] = list(requirements)

    return how


def answers(**responses: Any) -> Mutation:
    return of(
        GENERATE, responses={code.lstrip("_"): response for code, response in responses.items()}
    )


def parameter(**parts: Any) -> Mutation:
    return of(GENERATE, parameters=[{**HEADER, **parts}])


BEARER = "token (http bearer)"
KEYED = "key (X-Key header apiKey)"
# Before, after, and each change: its place below the operation, its words, meaning and step.
CHANGES: dict[str, tuple[Mutation, Mutation, list[tuple[str, str, str, str]]]] = {
    "servers in another order": (servers(0, 1, 2), servers(0, 2, 1), []),
    "the first server": (
        servers(0, 1),
        servers(1, 0),
        [
            (
                ".servers",
                f"the server was {URLS[0]}, {URLS[1]} and is {URLS[1]}, {URLS[0]}",
                REQUESTS,
                "major",
            )
        ],
    ),
    "no server": (
        servers(0),
        servers(),
        [(".servers", f"the server was {URLS[0]} and is /", REQUESTS, "major")],
    ),
    "a server at last": (
        servers(),
        servers(0),
        [(".servers", f"the server was / and is {URLS[0]}", REQUESTS, "major")],
    ),
    "a server for another": (
        servers(0, 1),
        servers(0, 2),
        [
            (".servers", f"{URLS[1]} was removed", REQUESTS, "major"),
            (".servers", f"{URLS[2]} was added", COMPATIBLE, "minor"),
        ],
    ),
    "both of two tokens": (
        asking({"token": []}),
        asking({"token": [], "key": []}),
        [(".security", f"was {BEARER}, and is {KEYED} with {BEARER}", REQUESTS, "major")],
    ),
    "one of two tokens": (
        asking({"token": [], "key": []}),
        asking({"key": []}),
        [(".security", f"was {KEYED} with {BEARER}, and is {KEYED}", COMPATIBLE, "minor")],
    ),
    "either of two tokens": (
        asking({"token": []}),
        asking({"token": []}, {"key": []}),
        [(".security", f"was {BEARER}, and is {KEYED} or {BEARER}", COMPATIBLE, "minor")],
    ),
    "one alternative less": (
        asking({"token": []}, {"key": []}),
        asking({"key": []}),
        [(".security", f"was {KEYED} or {BEARER}, and is {KEYED}", REQUESTS, "major")],
    ),
    "an alternative that asks for more, less": (
        asking({"key": []}, {"key": [], "token": []}),
        asking({"key": []}),
        [
            (
                ".security",
                f"was {KEYED} with {BEARER} or {KEYED}, and is {KEYED}",
                COMPATIBLE,
                "patch",
            )
        ],
    ),
    "a default beside nothing": (
        answers(),
        answers(default=TYPED),
        [(".default", "was added", RESPONSES, "major")],
    ),
    "a default beside an answer": (
        answers(_200=TYPED),
        answers(_200=TYPED, default=TYPED),
        [(".default", "was added", COMPATIBLE, "minor")],
    ),
    "a default less": (
        answers(_200=TYPED, default=TYPED),
        answers(_200=TYPED),
        [(".default", "was removed", COMPATIBLE, "patch")],
    ),
    "the only answer, which is the default": (
        answers(default=TYPED, _400=TYPED),
        answers(_400=TYPED),
        [(".default", "was removed", RESPONSES, "major")],
    ),
    "a first form of an answer": (
        answers(_200=NULL),
        answers(_200=TYPED),
        [(".200", "text/plain was added", COMPATIBLE, "minor")],
    ),
    "an optional parameter that is required": (
        parameter(),
        parameter(required=True),
        [(".X-Trace", "is now required", REQUESTS, "major")],
    ),
    "a required parameter that is optional": (
        parameter(required=True),
        parameter(),
        [(".X-Trace", "is no longer required", COMPATIBLE, "minor")],
    ),
    "a parameter in the query": (
        parameter(),
        of(GENERATE, parameters=[{**HEADER, "in": "query"}]),
        [
            (".X-Trace", "the header parameter was removed", REQUESTS, "major"),
            (".X-Trace", "the query parameter was added", COMPATIBLE, "minor"),
        ],
    ),
    "a parameter of another style": (
        of(GENERATE, parameters=[{**HEADER, "in": "query"}]),
        of(GENERATE, parameters=[{**HEADER, "in": "query", "style": "deepObject"}]),
        [(".X-Trace", "style was None and is deepObject", REQUESTS, "major")],
    ),
    "reserved characters": (
        of(GENERATE, parameters=[{**HEADER, "in": "query", "allowReserved": True}]),
        of(GENERATE, parameters=[{**HEADER, "in": "query", "allowEmptyValue": True}]),
        [
            (".X-Trace", "allowReserved was True and is None", REQUESTS, "major"),
            (".X-Trace", "allowEmptyValue was None and is True", REQUESTS, "major"),
        ],
    ),
    "a parameter with a content": (
        of(GENERATE, parameters=[{**HEADER, "schema": {}, "content": {"a/b": {"schema": TEXT}}}]),
        of(
            GENERATE,
            parameters=[
                {**HEADER, "schema": {}, "content": {"a/b": {"schema": {"type": "integer"}}}}
            ],
        ),
        [(".X-Trace", "the type changed from a string to an integer", REQUESTS, "major")],
    ),
    "a parameter with a schema in place of a content": (
        of(GENERATE, parameters=[{**HEADER, "schema": {}, "content": {"a/b": {"schema": TEXT}}}]),
        parameter(schema={}),
        [(".X-Trace", "a/b was removed", REQUESTS, "major")],
    ),
    "no longer deprecated": (
        of(GENERATE, deprecated=True),
        of(GENERATE, deprecated=False),
        [("", "is no longer deprecated", COMPATIBLE, "patch")],
    ),
    "another name and another place": (
        of(GENERATE),
        of(GENERATE, operationId="draw"),
        [("", f"the operationId was {GENERATE}", COMPATIBLE, "patch")],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_of_an_operation_is_said_once(name: str) -> None:
    """Word for word, with what it means for callers and their version."""
    before, after, changes = CHANGES[name]
    noted = found(after, before)
    assert {place.partition(".")[0] for place in (change.place for change in noted)} <= {
        GENERATE,
        "draw",
    }
    assert [
        (
            change.place.removeprefix(GENERATE).removeprefix("draw"),
            change.words,
            change.meaning,
            change.step,
        )
        for change in noted
    ] == changes


def test_what_a_scheme_is_called_or_said_of_it_is_no_requirement() -> None:
    """A token under another name is the same token; so is one without a description."""

    def renamed(document: Any) -> None:
        schemes = document["components"]["securitySchemes"]
        token = schemes.pop("token")
        assert token.pop("description")
        schemes["other"] = token
        for name in (DEDICATED, "dedicatedImagesEdit"):
            operation(document, name)["security"] = [{"other": []}]

    assert found(renamed) == []


def test_an_argument_is_called_as_in_python() -> None:
    """The advice names a header as the signature does."""
    [change] = found(of(GENERATE, parameters=[HEADER]), of(GENERATE))
    assert change.facade == "add `x_trace` to the signature"
    [change] = found(of(GENERATE, parameters=[{**HEADER, "required": True}]), of(GENERATE))
    assert change.facade == "add `x_trace` to the signature, as a required argument"
    [change] = found(of(GENERATE, parameters=[]), of(GENERATE, parameters=[HEADER]))
    assert change.facade == "remove `x_trace` from the signature"
