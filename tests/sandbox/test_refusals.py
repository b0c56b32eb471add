"""What the sandbox refuses, and how."""

import json
from bisect import bisect_left
from typing import Any

import pytest

from friendli_facade.sandbox import Request, Sandbox
from friendli_facade.sandbox._messages import RefusalError
from friendli_facade.sandbox._requests.validation import violations
from tests.sandbox.asking import (
    CONTAINER_EDIT,
    CONTAINER_GENERATE,
    DEDICATED_EDIT,
    DEDICATED_GENERATE,
    HEADERS,
    OPERATIONS,
    ORIGIN,
    details,
    post,
)

MINIMAL = {"model": "m", "prompt": "p", "response_format": None}


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Basic eDp5"}, {"authorization": "Bearer "}]
)
def test_token_is_asked_for(sandbox: Sandbox, headers: dict[str, str]) -> None:
    """A dedicated operation without a bearer token is a 401 that says which scheme it wants."""
    response = sandbox.handle(Request("POST", ORIGIN + DEDICATED_GENERATE, headers, b"{}"))
    assert response.status_code == 401
    assert json.loads(response.content) == {"detail": "Not authenticated"}
    assert response.headers["www-authenticate"] == "Bearer"


def test_container_asks_for_no_token(sandbox: Sandbox) -> None:
    """A container answers without a token, as its contract declares none."""
    headers = {"content-type": "application/json"}
    request = Request("POST", ORIGIN + CONTAINER_GENERATE, headers, b'{"prompt": "p"}')
    assert sandbox.handle(request).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/v1/images", "/v1/images/edits/", f"/pictures/{'0' * 64}.png"]
)
def test_unknown_path(sandbox: Sandbox, path: str) -> None:
    """A path that nothing is at is a 404 in FastAPI's words."""
    response = sandbox.handle(Request("GET", ORIGIN + path))
    assert response.status_code == 404
    assert json.loads(response.content) == {"detail": "Not Found"}


def test_wrong_method(sandbox: Sandbox) -> None:
    """A method that an operation does not have is a 405 that names the one it has."""
    response = sandbox.handle(Request("GET", ORIGIN + CONTAINER_EDIT))
    assert response.status_code == 405
    assert json.loads(response.content) == {"detail": "Method Not Allowed"}
    assert response.headers["allow"] == "POST"


def test_unknown_endpoint() -> None:
    """With endpoints configured, a model is one of their ids or `id:route`; any other is a 404."""
    sandbox = Sandbox(endpoints=["mine"])
    statuses = {
        model: post(sandbox, DEDICATED_GENERATE, {"model": model, "prompt": "p"}).status_code
        for model in ("mine", "mine:route", "yours", "mine2", ":mine")
    }
    assert statuses == {"mine": 200, "mine:route": 200, "yours": 404, "mine2": 404, ":mine": 404}
    response = post(sandbox, DEDICATED_GENERATE, {"model": "yours", "prompt": "p"})
    assert json.loads(response.content) == {"detail": "Endpoint 'yours' not found"}


def test_route_of_a_container_is_no_endpoint() -> None:
    """A container's model is an adapter's route, which the configured endpoints do not bound."""
    sandbox = Sandbox(endpoints=[])
    assert post(sandbox, CONTAINER_GENERATE, {"model": "any", "prompt": "p"}).status_code == 200


VIOLATIONS: list[tuple[dict[str, Any], str, list[str | int], str]] = [
    ({"prompt": 5}, "string_type", ["prompt"], "Input should be a valid string"),
    (
        {"prompt": "\ud800"},
        "string_unicode",
        ["prompt"],
        "Input should be a valid string, unable to parse raw data as a unicode string",
    ),
    ({"model": None}, "string_type", ["model"], "Input should be a valid string"),
    (
        {"num_inference_steps": 51},
        "less_than_equal",
        ["num_inference_steps"],
        "Input should be less than or equal to 50",
    ),
    (
        {"num_inference_steps": 0},
        "greater_than_equal",
        ["num_inference_steps"],
        "Input should be greater than or equal to 1",
    ),
    (
        {"num_inference_steps": "many"},
        "int_parsing",
        ["num_inference_steps"],
        "Input should be a valid integer, unable to parse string as an integer",
    ),
    (
        {"num_inference_steps": 1.5},
        "int_from_float",
        ["num_inference_steps"],
        "Input should be a valid integer, got a number with a fractional part",
    ),
    (
        {"num_inference_steps": True},
        "int_type",
        ["num_inference_steps"],
        "Input should be a valid integer",
    ),
    (
        {"guidance_scale": []},
        "float_type",
        ["guidance_scale"],
        "Input should be a valid number",
    ),
    ({"seed": {}}, "int_type", ["seed"], "Input should be a valid integer"),
    (
        {"response_format": "gif"},
        "literal_error",
        ["response_format"],
        "Input should be 'jpeg', 'jpg', 'png', 'raw' or 'url'",
    ),
    (
        {"response_format": 5},
        "literal_error",
        ["response_format"],
        "Input should be 'jpeg', 'jpg', 'png', 'raw' or 'url'",
    ),
    ({"control_images": "x"}, "list_type", ["control_images"], "Input should be a valid list"),
    (
        {"control_images": [{}]},
        "missing",
        ["control_images", 0, "image"],
        "Field required",
    ),
    (
        {"control_images": [{"image": "http://x/"}], "controlnet_weights": [1.5]},
        "less_than_equal",
        ["controlnet_weights", 0],
        "Input should be less than or equal to 1",
    ),
    (
        {"control_images": [{"image": "http://x/"}], "controlnet_weights": [0.5, 0.5]},
        "value_error",
        ["controlnet_weights"],
        "Value error, List should have as many items as control_images, 1, not 2",
    ),
    (
        {"controlnet_weights": [0.5]},
        "value_error",
        ["controlnet_weights"],
        "Value error, List should have as many items as control_images, 0, not 1",
    ),
]


@pytest.mark.parametrize(("change", "kind", "loc", "message"), VIOLATIONS)
def test_one_violation(
    sandbox: Sandbox, change: dict[str, Any], kind: str, loc: list[Any], message: str
) -> None:
    """A violation has pydantic's type and words, and the place of the value in the body."""
    (found,) = details(sandbox, DEDICATED_GENERATE, MINIMAL | change)
    assert (found["type"], found["loc"], found["msg"]) == (kind, ["body", *loc], message)


def test_all_violations_at_once(sandbox: Sandbox) -> None:
    """Everything that is wrong with a body is in one answer."""
    body = {"num_inference_steps": 99, "image": [{"image": "%"}, {}]}
    found = {tuple(one["loc"][1:]): one["type"] for one in details(sandbox, DEDICATED_EDIT, body)}
    assert found == {
        ("prompt",): "missing",
        ("model",): "missing",
        ("num_inference_steps",): "less_than_equal",
        ("image", 0, "image"): "value_error",
        ("image", 1, "image"): "missing",
    }


def test_input_is_echoed_shortened(sandbox: Sandbox) -> None:
    """A violation holds the value that it is about, cut where that is huge."""
    (found,) = details(sandbox, DEDICATED_GENERATE, MINIMAL | {"seed": "x" * 5000})
    assert found["input"] == "x" * 100 + "…"


def test_neither_one_image_nor_several(sandbox: Sandbox) -> None:
    """A value that fits no alternative of a union is told what each of them wants."""
    found = details(sandbox, CONTAINER_EDIT, {"prompt": "p", "image": "cat.png"})
    assert [one["type"] for one in found] == ["model_attributes_type", "list_type"]
    assert all(one["loc"] == ["body", "image"] for one in found)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "Expecting property name enclosed in double quotes"),
        (b"{'a': 1}", "Expecting property name enclosed in double quotes"),
        (b'{"seed": NaN}', "NaN is not JSON"),
        (b'{"guidance_scale": 1e999}', "Number out of range"),
    ],
)
def test_invalid_json(sandbox: Sandbox, body: bytes, error: str) -> None:
    """A body that is not JSON is a 422 that says why."""
    (found,) = details(sandbox, CONTAINER_GENERATE, body)
    assert (found["type"], found["msg"]) == ("json_invalid", "JSON decode error")
    assert found["ctx"] == {"error": error}


@pytest.mark.parametrize("body", [b"\xff\xfe\xfd", b"[" * 100_000, b"1" * 5000])
def test_unparsable_body(sandbox: Sandbox, body: bytes) -> None:
    """A body that a parser gives up on is a 400, as FastAPI answers."""
    response = post(sandbox, CONTAINER_GENERATE, body)
    assert response.status_code == 400


def test_brackets_at_the_limit_of_the_parser(sandbox: Sandbox) -> None:
    """Brackets just not too deep for the parser are not too deep for what comes after it."""

    def parses(depth: int) -> bool:
        try:
            json.loads("[" * depth + "]" * depth)
        except RecursionError:
            return False
        return True

    # Some hundreds up to Python 3.11, some ten thousand after it.
    limit = bisect_left(range(1_000_000), True, key=lambda depth: not parses(depth))
    depths = {limit - 1, limit, *range(max(1, limit - 300), limit + 20, 1 + limit // 1000)}
    bodies = (b'{"prompt": %s%s}' % (b"[" * depth, b"]" * depth) for depth in depths)
    assert {post(sandbox, CONTAINER_GENERATE, body).status_code for body in bodies} == {400, 422}


def test_brackets_too_deep_for_an_error_are_a_refusal() -> None:
    """It prints its value: there is a depth, another on each Python, at which that alone fails."""

    class Deep:
        @property
        def validator(self) -> "Deep":
            return self

        def iter_errors(self, _body: object) -> object:
            raise RecursionError

    operation: Any = Deep()
    with pytest.raises(RefusalError) as raised:
        violations(operation, {})
    assert raised.value.response.status_code == 400


def test_no_body(sandbox: Sandbox) -> None:
    """A request without a body misses it."""
    (found,) = details(sandbox, CONTAINER_GENERATE, b"")
    assert (found["type"], found["loc"]) == ("missing", ["body"])


@pytest.mark.parametrize("body", [b"[]", b"5", b"null", b'"text"'])
def test_body_that_is_no_object(sandbox: Sandbox, body: bytes) -> None:
    """A body of another JSON type is a violation of the whole."""
    (found,) = details(sandbox, CONTAINER_GENERATE, body)
    assert (found["type"], found["loc"]) == ("model_attributes_type", ["body"])


@pytest.mark.parametrize("path", OPERATIONS)
@pytest.mark.parametrize("kind", ["text/plain", "", "multipart/form-data; boundary=x"])
def test_wrong_content_type(sandbox: Sandbox, path: str, kind: str) -> None:
    """A body that does not say it is JSON is not read as JSON."""
    request = Request("POST", ORIGIN + path, {**HEADERS, "Content-Type": kind}, b'{"prompt": "p"}')
    response = sandbox.handle(request)
    assert response.status_code == 422
    (found,) = json.loads(response.content)["detail"]
    assert (found["type"], found["loc"]) == ("model_attributes_type", ["body"])


def test_unusable_url(sandbox: Sandbox) -> None:
    """A URL that cannot be taken apart is a 400."""
    assert sandbox.handle(Request("GET", "http://[/v1")).status_code == 400
