"""A server that repeats the token is quoted without it."""

import base64
import logging
import pickle
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from friendli_facade import APIConnectionError, FriendliError, SDKError, SyncFriendli
from friendli_facade.utils import BackoffStrategy, RetryConfig
from scripts.faults.server import Answer, Then, serving
from tests.errors.answered import streamed
from tests.transports import Wire

TOKEN = "flp_marker/that+no_one=else.has"
BEARER = f"Bearer {TOKEN}"
FORMS = {
    "as it is": TOKEN,
    "with its scheme": BEARER,
    "in a URL": quote(TOKEN, safe=""),
    "in base64": base64.b64encode(TOKEN.encode()).decode(),
    "the header in base64": base64.b64encode(BEARER.encode()).decode(),
    "the beginning of more in base64": base64.b64encode(f"{TOKEN} and more".encode()).decode(),
}
ANSWERS: dict[str, Callable[[str], httpx.Response]] = {
    "words": lambda form: httpx.Response(401, json={"message": f"no such token: {form}"}),
    "a body without words": lambda form: httpx.Response(500, json={"headers": [form]}),
    "a page": lambda form: httpx.Response(502, html=f"<title>{form}</title>"),
    "at the end of what is shown": lambda form: httpx.Response(500, text="x" * 292 + form),
    "details": lambda form: httpx.Response(422, json={"detail": [{"msg": form, "loc": [form]}]}),
    "headers": lambda form: httpx.Response(429, headers={"X-Request-Id": form}),
    "a redirect": lambda form: httpx.Response(302, headers={"Location": f"/{form}"}),
    "the status": lambda form: httpx.Response(
        500, extensions={"reason_phrase": form.encode()}, text=""
    ),
    "no result": lambda form: httpx.Response(200, json={"data": form}),
    "no picture": lambda form: httpx.Response(
        200,
        json={
            "data": [
                {
                    "seed": 7,
                    "response_format": "png",
                    "b64_json": base64.b64encode(form.encode()).decode(),
                }
            ]
        },
    ),
}


def shown(error: FriendliError) -> str:
    """All that can be seen of an error."""
    lines = traceback.format_exception(error)
    return "".join((*lines, str(error), repr(error), repr(vars(error)), str(pickle.dumps(error))))


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_error_shows_the_token_that_its_answer_repeats(
    answer: Callable[[str], httpx.Response],
    form: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Wherever it stands in the answer, and however it is written; in logs and pickles neither."""
    caplog.set_level(logging.DEBUG, "friendli_facade")
    once = RetryConfig(
        backoff=BackoffStrategy(initial_interval=0), max_attempts=2, status_codes=[401, 422, 500]
    )
    friendli = Wire(lambda _: answer(form)).sync(token=TOKEN, retries=once)
    with pytest.raises(SDKError) as failed:
        friendli.dedicated.image.generate(model="m", prompt="p")
    told = shown(failed.value) + repr(failed.value.headers.raw) + caplog.text
    told += repr(getattr(failed.value, "details", "")) + repr(failed.value.request_id)
    for one in FORMS.values():
        assert one[:-4] not in told
    assert TOKEN[:9] not in told


@pytest.mark.parametrize(
    "came",
    [
        f"{TOKEN}\r\n\r\n",
        f"HTTP/1.1 200 OK\r\n{TOKEN}\r\n\r\n",
        f"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{TOKEN}",
    ],
)
def test_no_broken_answer_shows_the_token_that_it_repeats(came: str) -> None:
    """Neither the error's words, nor those of its causes, nor what came of the body."""
    with (
        serving(lambda _: Answer(came.encode(), Then.CLOSE)) as server,
        SyncFriendli(token=TOKEN, server_url=server.url, retries=None) as friendli,
        pytest.raises(APIConnectionError) as failed,
    ):
        friendli.dedicated.image.generate(model="m", prompt="p")
    assert TOKEN not in shown(failed.value)


def test_a_token_is_hidden_that_json_escapes() -> None:
    """Some programs write a slash in JSON with a backslash before it."""
    escaped = TOKEN.replace("/", r"\/")
    answer = streamed(500, f'{{"message": "{escaped}"}}'.encode(), [])
    friendli = Wire(lambda _: answer).sync(token=TOKEN)
    with pytest.raises(SDKError) as failed:
        friendli.dedicated.image.generate(model="m", prompt="p")
    assert failed.value.message == "***"
    assert failed.value.body == b'{"message": "***"}'


@pytest.mark.parametrize("name", ["X-Api-Key", "Authorization", "Cookie", "x-gateway-token"])
def test_other_secrets_of_headers_are_hidden_too(name: str) -> None:
    """What names itself so, of the client, of a call or of http_client; and nothing else."""

    def mirror(request: httpx.Request) -> httpx.Response:
        own = request.headers[name], request.headers["X-Own"]
        return httpx.Response(
            403, json={"message": " ".join(own)}, headers={"X-Request-Id": own[1]}
        )

    sent = {name: TOKEN, "X-Own": "a-word-of-ones-own"}
    http = httpx.Client(transport=httpx.MockTransport(mirror), headers=sent)
    clients: list[tuple[SyncFriendli, dict[str, Any]]] = [
        (Wire(mirror).sync(http_headers=sent), {}),
        (Wire(mirror).sync(), {"http_headers": sent}),
        (SyncFriendli(http_client=http, retries=None), {}),
    ]
    for friendli, options in clients:
        with pytest.raises(SDKError) as failed:
            friendli.container.image.generate(prompt="p", **options)
        assert failed.value.message == "*** a-word-of-ones-own"
        assert failed.value.request_id == "a-word-of-ones-own"
        assert TOKEN not in shown(failed.value)


def test_a_word_that_is_a_short_token_is_left_in_messages() -> None:
    """A token of a test, such as `any`, is no secret, and stands in other words by chance."""
    body = b'{"message": "not in any company"}'
    friendli = Wire(lambda _: streamed(403, body, [])).sync(token="any")
    with pytest.raises(SDKError) as failed:
        friendli.dedicated.image.generate(model="m", prompt="p")
    assert failed.value.message == "not in any company"
    assert failed.value.body == body
