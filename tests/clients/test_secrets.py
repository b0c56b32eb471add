"""The token is seen by the server that it is for, and by nobody else."""

import copy
import logging
import os
import pickle
import subprocess
import sys
import traceback
from typing import Any

import httpx
import pytest

from friendli_facade import FriendliError, SyncFriendli, ValidationError
from friendli_facade._requests.settings import Token
from tests.transports import Wire, always, right

MARK = "flp_MARKER"


def with_locals(error: BaseException) -> str:
    """A traceback as error trackers write it: with the local variables of each frame."""
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def ours(shown: str) -> str:
    """The parts of a traceback that belong to this package's frames."""
    frames = shown.split('\n  File "')
    return "\n".join(frame for frame in frames if "friendli_facade/" in frame.partition('"')[0])


@pytest.mark.parametrize(
    "handler",
    [always(401), always(500, html="no"), always(200, text="?"), always(200, json={"data": []})],
)
def test_no_traceback_shows_the_token(handler: Any) -> None:
    """Neither an error's words nor the local variables of our frames hold the token."""
    wire = Wire(handler)
    friendli = wire.sync(token=MARK)
    with pytest.raises(FriendliError) as failed:
        friendli.dedicated.image.generate(model="m", prompt="p").images[0].read()
    error = failed.value
    assert MARK not in ours(with_locals(error)) + str(error) + repr(error) + repr(vars(error))
    assert wire.requests[0].headers["authorization"] == f"Bearer {MARK}"


@pytest.mark.parametrize(
    "arguments",
    [{"token": MARK + "\n"}, {"token": MARK, "timeout": -1}, {"token": MARK, "retries": 3}],
)
def test_a_client_that_cannot_be_made_does_not_show_it(arguments: dict[str, Any]) -> None:
    """A wrong argument of the client is an error without the token, local variables included."""
    with pytest.raises(ValidationError) as failed:
        SyncFriendli(**arguments)
    frames = with_locals(failed.value).split('\n  File "')
    made = [frame for frame in frames if "/clients.py" in frame]
    assert made
    assert MARK not in "".join(made)
    assert MARK not in str(failed.value)


def refuses(request: httpx.Request) -> httpx.Response:
    """No connection."""
    raise httpx.ConnectError("refused", request=request)


@pytest.mark.parametrize("handler", [always(500), always(200, text="?"), refuses])
@pytest.mark.parametrize("steps", [7, 51])
@pytest.mark.parametrize("verb", ["generate", "edit"])
async def test_what_a_call_sends_is_not_in_our_frames(handler: Any, steps: int, verb: str) -> None:
    """Local variables show no header, prompt or picture below the method that was given them."""
    arguments: dict[str, Any] = {
        "prompt": f"prompt {MARK}",
        "http_headers": {"Authorization": f"Basic {MARK}"},
        "num_inference_steps": steps,
    }
    if verb == "edit":
        arguments["image"] = b"\x89PNG\r\n\x1a\n" + MARK.encode()
    wire = Wire(handler)
    with pytest.raises(FriendliError) as failed:
        getattr(wire.sync().container.image, verb)(**arguments)
    with pytest.raises(FriendliError) as afailed:
        await getattr(wire.asynchronous().container.image, verb)(**arguments)
    for error in (failed.value, afailed.value):
        frames = ours(with_locals(error)).split("\n  ")
        below = "\n".join(frames).partition("/_sender.py")[2]
        assert below
        assert MARK not in below


def test_a_client_is_not_pickled_and_says_why() -> None:
    """Neither a client nor its token can be pickled or copied by accident."""
    friendli = SyncFriendli(token=MARK)
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(
            TypeError, match="SyncFriendli is not pickled: make one in each process"
        ):
            attempt(friendli)
    with pytest.raises(TypeError, match="a token is not pickled"):
        pickle.dumps(Token(MARK))
    assert MARK not in repr(Token(MARK)) + str(Token(MARK)) + f"{Token(MARK)}"


def test_the_log_shows_no_token_no_prompt_and_no_picture(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At DEBUG, a record holds method, URL, status, duration, attempt and sizes alone."""
    with caplog.at_level(logging.DEBUG, "friendli_facade"):
        Wire(right).sync(token=MARK).dedicated.image.generate(
            model="m", prompt="secret prompt", server_url="https://user:hunter2@example.com"
        )
    (record,) = [record for record in caplog.records if record.name == "friendli_facade"]
    said = record.getMessage()
    assert said.startswith("POST https://example.com/dedicated/v1/images/generations: 200 after ")
    assert "attempt 1, 38 bytes sent, " in said
    assert not {word for word in (MARK, "secret prompt", "hunter2") if word in said}


@pytest.mark.parametrize("value", ["1", "true", "yes"])
def test_friendli_debug_shows_the_log(value: str) -> None:
    """FRIENDLI_DEBUG writes the records to standard error."""
    assert "attempt 1" in debugged(value)


@pytest.mark.parametrize("value", ["", "0", "false", "False", "no"])
def test_friendli_debug_can_mean_no(value: str) -> None:
    """Zero, false and empty mean no: nothing is written, not even where retries are logged."""
    assert debugged(value) == ""


def debugged(value: str) -> str:
    """What a program that makes a failing and a good call writes to standard error."""
    code = (
        "import httpx\n"
        "from friendli_facade import SyncFriendli, utils\n"
        "from tests.transports import right\n"
        "left = [503]\n"
        "def answer(request):\n"
        "    return httpx.Response(left.pop()) if left else right(request)\n"
        "http = httpx.Client(transport=httpx.MockTransport(answer))\n"
        "config = utils.RetryConfig('backoff', utils.BackoffStrategy(1, 1, 1))\n"
        "for _ in range(2):\n"
        "    client = SyncFriendli(http_client=http, retries=config)\n"
        "client.container.image.generate(prompt='p')\n"
    )
    environment = {**os.environ, "FRIENDLI_DEBUG": value}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return done.stderr


def test_a_redirected_download_is_as_plain_as_the_first() -> None:
    """No hop of a download gets the token, a cookie or a header of the client."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            item = {"seed": 1, "response_format": "url", "url": "https://a.example/cat?sign=1"}
            return httpx.Response(200, json={"data": [item]})
        if request.url.host == "a.example":
            return httpx.Response(
                302, headers={"Location": "https://b.example/cat", "Set-Cookie": "a=1"}
            )
        return httpx.Response(200, content=b"\x89PNG\r\n\x1a\n")

    wire = Wire(handler)
    http = httpx.Client(
        transport=httpx.MockTransport(wire),
        headers={"X-Mine": "1"},
        cookies={"c": "1"},
        auth=("u", "p"),
    )
    friendli = SyncFriendli(token=MARK, http_client=http)
    friendli.dedicated.image.generate(model="m", prompt="p").images[0].read()
    assert [request.url.host for request in wire.requests[1:]] == ["a.example", "b.example"]
    assert [set(request.headers) for request in wire.requests[1:]] == [{"host"}] * 2


def test_plain_http_can_be_allowed() -> None:
    """`allow_insecure_http` is the explicit way to send the token over plain http."""
    wire = Wire(right)
    friendli = wire.sync(allow_insecure_http=True, server_url="http://gateway.internal")
    friendli.dedicated.image.generate(model="m", prompt="p")
    assert wire.requests[0].headers["authorization"] == "Bearer flp_test"
