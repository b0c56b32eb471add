"""Every kind of change of parameters, bodies and answers, and what it means."""

import copy
from typing import Any

import pytest

from scripts.evolution.compare_constraints import fact_changes
from tests.scripts.evolution.comparison.mutations import (
    DEDICATED,
    GENERATE,
    HEADER,
    TEXT,
    TYPED,
    Judged,
    assert_judged,
    media_type,
    of,
    response,
    without,
)
from tests.scripts.evolution.contracts import (
    COMPATIBLE,
    REQUESTS,
    RESPONSES,
    Mutation,
    found,
    operation,
)

BODY = {"content": {"application/json": {"schema": TEXT}}}
SERVERS = [{"url": "http://localhost:8000"}, {"url": "https://b"}]
COST = {"X-Cost": {"schema": TEXT}}


def encoded(content_type: str) -> Mutation:
    """A body whose pictures are written in another way."""

    def how(document: Any) -> None:
        body = operation(document, GENERATE)["requestBody"]["content"]["application/json"]
        body["encoding"] = {"control_images": {"contentType": content_type}}

    return how


def with_answer_headers(headers: Any) -> Mutation:
    return lambda document: operation(document, GENERATE)["responses"]["200"].update(
        headers=copy.deepcopy(headers)
    )


CHANGES: dict[str, Judged] = {
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
    "a deprecated header": (
        lambda document: operation(document, DEDICATED)["parameters"][0].update(deprecated=True),
        *(f"{DEDICATED}.X-Friendli-Team", "is now deprecated", COMPATIBLE, "patch"),
        "nothing: the docstring of `x_friendli_team` follows",
    ),
    "another encoding of the body": (
        encoded("image/png"),
        *(f"{GENERATE}.body", "the encoding of its parts changed", REQUESTS, "major", "body"),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named_judged_and_answered(name: str) -> None:
    """One mutation is one change: where, what, for whom it breaks, the version, and what to do."""
    assert_judged(CHANGES[name])


# What has to be there first; and the change, as above.
FROM: dict[str, tuple[Mutation, Judged]] = {
    "a server less": (
        of(GENERATE, servers=SERVERS),
        (
            of(GENERATE, servers=SERVERS[:1]),
            *(f"{GENERATE}.servers", "https://b was removed", REQUESTS, "major", "nothing"),
        ),
    ),
    "a header that is no longer deprecated": (
        of(GENERATE, parameters=[{**HEADER, "deprecated": True}]),
        (
            of(GENERATE, parameters=[HEADER]),
            *(f"{GENERATE}.X-Trace", "is no longer deprecated", COMPATIBLE, "patch", "x_trace"),
        ),
    ),
    "a body": (
        without(GENERATE, "requestBody"),
        (
            of(GENERATE, requestBody=BODY),
            *(f"{GENERATE}.body", "was added", COMPATIBLE, "minor", "body"),
        ),
    ),
    "a required body": (
        without(GENERATE, "requestBody"),
        (
            of(GENERATE, requestBody={**BODY, "required": True}),
            *(f"{GENERATE}.body", "was added, and is required", REQUESTS, "major", "body"),
        ),
    ),
    "another encoding": (
        encoded("image/png"),
        (
            encoded("image/jpeg"),
            *(f"{GENERATE}.body", "encoding of its parts changed", REQUESTS, "major", "body"),
        ),
    ),
    "a header of an answer less": (
        with_answer_headers(COST),
        (
            with_answer_headers({}),
            *(f"{GENERATE}.200.X-Cost", "the header was removed", RESPONSES, "major"),
            "do without it in the result",
        ),
    ),
    "a header of an answer of another type": (
        with_answer_headers(COST),
        (
            with_answer_headers({"X-Cost": {"schema": {"type": "integer"}}}),
            *(f"{GENERATE}.200.X-Cost", "from a string to an integer", RESPONSES, "major"),
            "read it so in the result",
        ),
    ),
}


@pytest.mark.parametrize("name", FROM)
def test_a_change_of_what_the_contract_may_have_is_judged(name: str) -> None:
    """The same of what Friendli's contract has not today, and may have tomorrow."""
    before, expected = FROM[name]
    assert_judged(expected, before)


def test_a_path_may_be_a_reference() -> None:
    """A path item that moved to the shared parts is no change; what changes behind it is one."""

    def shared(document: Any) -> None:
        paths = document["paths"]
        document["components"]["pathItems"] = {"Edits": paths["/v1/images/edits"]}
        paths["/v1/images/edits"] = {"$ref": "#/components/pathItems/Edits"}

    def deprecated(document: Any) -> None:
        document["components"]["pathItems"]["Edits"]["post"]["deprecated"] = True

    assert found(shared) == []
    (change,) = found(deprecated, shared)
    assert (change.place, change.words) == ("containerImagesEdit", "is now deprecated")


def test_the_order_of_names_makes_no_difference() -> None:
    """Of an object in an enum, or in a keyword that is compared as it stands."""
    one, other = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert list(fact_changes({"enum": [one], "x": one}, {"enum": [other], "x": other})) == []
    assert len(list(fact_changes({"x": one}, {"x": {**one, "b": True}}))) == 1
