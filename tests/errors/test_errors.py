"""The error tree, and what each error tells."""

import json
import pickle
import re
from typing import Any

import httpx
import pytest

from friendli_facade import (
    APIConnectionError,
    APITimeoutError,
    FriendliError,
    InvalidResponseError,
    OtherStatusError,
    SDKError,
    ServerError,
    UnprocessableEntityError,
    ValidationError,
    errors,
)
from tests.transports import Wire, always

CLASSES: dict[int, type[SDKError]] = {
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    413: errors.ContentTooLargeError,
    422: errors.UnprocessableEntityError,
    429: errors.RateLimitError,
    500: errors.ServerError,
    503: errors.ServerError,
    529: errors.ServerError,
    599: errors.ServerError,
    400: errors.OtherStatusError,
    418: errors.OtherStatusError,
    204: errors.OtherStatusError,
    302: errors.OtherStatusError,
    499: errors.OtherStatusError,
    600: errors.OtherStatusError,
}
AMBIGUOUS = {*range(200, 300), 408, 499, 502, 504, 520, 521, 522, 523, 524, 598}


def failure(answer: Any, **arguments: Any) -> SDKError:
    """The error of a call that is answered so."""
    with pytest.raises(SDKError) as failed:
        Wire(answer).sync().dedicated.image.generate(model="m", prompt="p", **arguments)
    return failed.value


def test_the_tree_that_is_drawn_is_the_tree_that_is() -> None:
    """The drawing at the top of `errors.py` names each class below its base."""
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"^((?:[│├└ ]   |[├└]── )*)(\w+Error)\b", line):
            depth = len(found[1]) // 4
            above[depth:] = [found[2]]
            drawn[found[2]] = above[depth - 1] if depth else "Exception"
    classes = [one for one in vars(errors).values() if isinstance(one, type)]
    real = {
        one.__name__: (one.__bases__[0] if one is not FriendliError else Exception).__name__
        for one in classes
        if issubclass(one, FriendliError)
    }
    assert drawn == real


@pytest.mark.parametrize(("status", "kind"), CLASSES.items())
def test_every_status_has_its_class(status: int, kind: type[SDKError]) -> None:
    """A status other than 200 raises the class of that status, under SDKError."""
    error = failure(always(status, text="no"))
    assert type(error) is kind
    assert error.status_code == status


def test_what_may_be_done_is_told_by_the_status() -> None:
    """A success may have drawn, and so may a server whose proxy lost the answer."""
    found = {
        status
        for status in range(100, 700)
        if errors.of_status(
            errors.Answer("POST", "https://e.com", status, "", httpx.Headers(), b"")
        ).ambiguous
    }
    assert found == AMBIGUOUS


def test_what_nobody_said_of_an_error_is_not_made_up() -> None:
    """One attempt, and no id; without an answer the request may have arrived, and may again."""
    error = APIConnectionError("POST", "https://e.com", "gone")
    assert (error.ambiguous, error.lasting) == (True, False)
    for other in (error, FriendliError("odd"), errors.DownloadError("https://e.com", "gone")):
        assert (other.attempts, other.request_id, other.images) == (1, None, ())
        assert "attempt" not in str(other)
    assert not FriendliError("odd").ambiguous


def test_an_answer_shows_neither_headers_nor_body() -> None:
    """Nor what its URL may be signed with: any of them may be a secret."""
    answer = errors.Answer(
        *("POST", "https://u:s3cret@e.com/a?s3cret", 500, "Error"),
        *(httpx.Headers({"Set-Cookie": "s3cret"}), b"s3cret"),
    )
    assert "s3cret" not in repr(answer)
    assert "https://e.com/a" in repr(answer)
    assert "<6 bytes>" in repr(answer)


def test_an_error_tells_what_was_asked_and_what_came() -> None:
    """Method, URL, status, headers and body of the answer are all there."""
    error = failure(always(409, headers={"X-Request-Id": "7"}, json={"detail": "still starting"}))
    url = "https://api.friendli.ai/dedicated/v1/images/generations"
    assert str(error) == f"POST {url} answered 409 Conflict: still starting"
    assert (error.method, error.url, error.headers["x-request-id"]) == ("POST", url, "7")
    assert (error.message, error.body) == ("still starting", b'{"detail":"still starting"}')


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"detail": "a"}, "a"),
        ({"message": "b"}, "b"),
        ({"error": "c"}, "c"),
        ({"error": {"message": "d", "code": 3}}, "d"),
        ({"detail": [{"loc": ["body", "seed"], "msg": "e", "type": "t"}]}, "body.seed: e"),
        ("f", "f"),
        ({"other": 1}, ""),
        ([1], ""),
        (None, ""),
    ],
)
def test_the_servers_own_message_is_found(body: object, message: str) -> None:
    """The message is read in the shapes that servers use."""
    assert failure(always(500, json=body)).message == message


def test_a_422_of_fastapi_is_parsed() -> None:
    """`details` holds location, message and type of each entry."""
    entries = [
        {"loc": ["body", "control_images", 1], "msg": "Field required", "type": "missing"},
        {"loc": ["body", "seed"], "msg": "Input should be an integer", "type": "int_type"},
    ]
    error = failure(always(422, json={"detail": entries}))
    assert isinstance(error, UnprocessableEntityError)
    assert [(one.location, one.message, one.type) for one in error.details] == [
        (("body", "control_images", 1), "Field required", "missing"),
        (("body", "seed"), "Input should be an integer", "int_type"),
    ]
    assert str(error).endswith(
        "body.control_images.1: Field required; body.seed: Input should be an integer"
    )


@pytest.mark.parametrize("body", [{"detail": "no"}, {"detail": [1, {"a": 1}]}, [1], "x"])
def test_a_422_of_another_kind_has_no_details(body: object) -> None:
    """A 422 that FastAPI did not write is an error all the same."""
    error = failure(always(422, json=body))
    assert isinstance(error, UnprocessableEntityError)
    assert error.details == ()


@pytest.mark.parametrize(
    ("cause", "kind", "words"),
    [
        (
            httpx.ConnectError("no route"),
            APIConnectionError,
            "no connection to localhost:8000: no route",
        ),
        (httpx.ReadError("reset"), APIConnectionError, "reset"),
        (httpx.WriteError(""), APIConnectionError, "WriteError"),
        (httpx.RemoteProtocolError("gone"), APIConnectionError, "gone"),
        (
            httpx.ConnectTimeout("slow"),
            APITimeoutError,
            "no connection to localhost:8000 within 5 s: is the address right?",
        ),
        (httpx.ReadTimeout("slow"), APITimeoutError, "nothing came within 600 s"),
        (httpx.WriteTimeout("slow"), APITimeoutError, "nothing could be sent within 600 s"),
        (
            httpx.PoolTimeout(""),
            APITimeoutError,
            "no connection of http_client became free within 600 s",
        ),
    ],
)
async def test_no_answer_is_an_error_with_httpxs_own_as_cause(
    cause: httpx.TransportError, kind: type[APIConnectionError], words: str
) -> None:
    """Failures to connect and timeouts have their own classes, in sync and async."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise cause

    with pytest.raises(APIConnectionError) as failed:
        Wire(handler).sync().container.image.generate(prompt="p")
    assert type(failed.value) is kind
    assert failed.value.__cause__ is cause
    said = "POST http://localhost:8000/v1/images/generations got no answer: "
    assert str(failed.value) == said + words
    assert (failed.value.body, failed.value.images) == (b"", ())
    with pytest.raises(kind):
        await Wire(handler).asynchronous().container.image.generate(prompt="p")


def test_a_password_in_the_server_url_is_not_shown() -> None:
    """Errors name the URL without the user and password that it may hold."""
    error = failure(always(500), server_url="https://user:hunter2@example.com")
    assert "hunter2" not in str(error)
    assert error.url == "https://example.com/dedicated/v1/images/generations"


def test_a_validation_error_is_a_value_error_with_all_violations() -> None:
    """Every rule that is broken is listed; one alone stands for itself."""
    with pytest.raises(ValueError, match="2 rules are broken") as failed:
        Wire(always(500)).sync().dedicated.image.generate(
            model="m", prompt="", num_inference_steps=51
        )
    assert isinstance(failed.value, ValidationError)
    assert str(failed.value).splitlines()[1:] == [
        "- prompt must not be empty",
        "- num_inference_steps must be at most 50, not 51",
    ]
    with pytest.raises(ValidationError) as failed:
        Wire(always(500)).sync().container.image.generate(prompt="")
    assert str(failed.value) == "prompt must not be empty"


def test_errors_survive_pickling() -> None:
    """An error of a worker process arrives as it was."""
    with pytest.raises(ValidationError) as refused:
        Wire(always(500)).sync().container.image.generate(prompt="")
    samples: list[FriendliError] = [
        failure(always(422, json={"detail": "no"})),
        failure(always(200, text="no")),
        refused.value,
        APITimeoutError("POST", "https://example.com", "slow"),
        errors.DownloadError("https://example.com", "gone"),
        APIConnectionError(method="POST", url="https://example.com", reason="gone"),
        errors.DownloadError(url="https://example.com", reason="gone"),
        ValidationError(violations=refused.value.violations),
    ]
    for error in samples:
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy)) == (type(error), str(error))


def test_the_classes_of_one_status_are_caught_by_their_base() -> None:
    """Whoever catches SDKError catches every answer that is no result."""
    kinds = {*CLASSES.values(), InvalidResponseError, OtherStatusError, ServerError}
    assert all(issubclass(kind, SDKError) for kind in kinds)
    assert json.loads(failure(always(400, json={"a": 1})).body) == {"a": 1}
