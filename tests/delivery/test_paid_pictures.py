"""What hostile use found beside the wire: pictures that were dropped, and errors that were raw."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest

from friendli_facade import (
    APIConnectionError,
    APITimeoutError,
    AsyncFriendli,
    AuthenticationError,
    SDKError,
    SyncFriendli,
)
from friendli_facade.utils import BackoffStrategy, RetryConfig
from tests.samples import PNG, PNG_BASE64
from tests.transports import Wire, right

AT_ONCE = RetryConfig(
    "backoff", BackoffStrategy(initial_interval=0, max_interval=0), retry_ambiguous_errors=True
)
AT_A_URL = {"seed": 1, "response_format": "url", "url": "https://storage.example/a.png"}


def test_the_pictures_of_an_earlier_attempt_are_kept() -> None:
    """A call whose last attempt was refused has what the one before it brought."""
    item = {"seed": 7, "response_format": "png", "b64_json": PNG_BASE64}
    broken = {"data": [item, {**item, "b64_json": "?"}]}
    answers = iter([httpx.Response(200, json=broken), httpx.Response(401)])
    with pytest.raises(AuthenticationError) as failed:
        Wire(lambda _: next(answers)).sync(retries=AT_ONCE).dedicated.image.generate(
            model="m", prompt="p"
        )
    assert failed.value.ambiguous
    assert [image.read() for image in failed.value.images] == [PNG]


def test_a_whole_answer_that_is_late_is_a_result() -> None:
    """What came is not thrown away because the time is over by the time that it came."""

    def slow(request: httpx.Request) -> httpx.Response:
        time.sleep(60)  # of the tests' clock
        return right(request)

    friendli = Wire(slow).sync(timeout=30)
    assert friendli.container.image.generate(prompt="p").images[0].read() == PNG


@pytest.mark.parametrize("kind", ["read", "save"])
def test_no_picture_is_no_success(kind: str, tmp_path: Path) -> None:
    """A transport that runs out of answers, as a test's may, does not leave an empty picture."""
    answers = iter([httpx.Response(200, json={"data": [AT_A_URL]})])
    image = (
        Wire(lambda _: next(answers))
        .sync()
        .dedicated.image.generate(model="m", prompt="p")
        .images[0]
    )
    with pytest.raises(StopIteration):
        image.read() if kind == "read" else image.save(tmp_path / "kite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [201, 202, 204, 206])
def test_another_success_is_ambiguous(status: int) -> None:
    """A 2xx that is no 200 may well have drawn the picture."""
    with pytest.raises(SDKError) as failed:
        Wire(lambda _: httpx.Response(status)).sync().container.image.generate(prompt="p")
    assert failed.value.ambiguous


@pytest.mark.parametrize("way", ["asyncio"])
async def test_a_transport_that_cancels_is_an_error_of_ours() -> None:
    """An app under test that is cancelled within leaves words, and not an IndexError."""

    async def cancelled(_: httpx.Request) -> httpx.Response:
        raise asyncio.CancelledError

    http = httpx.AsyncClient(transport=httpx.MockTransport(cancelled))
    friendli = AsyncFriendli(http_client=http, retries=None)
    with pytest.raises(APIConnectionError, match="cancelled it") as failed:
        await friendli.container.image.generate(prompt="p")
    assert failed.value.ambiguous


def test_a_hook_may_replace_the_limits() -> None:
    """A timeout stays one where a request hook has put other extensions in place of ours."""

    def hook(request: httpx.Request) -> None:
        request.extensions = {"sni_hostname": "x"}

    def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    http = httpx.Client(transport=httpx.MockTransport(late), event_hooks={"request": [hook]})
    with pytest.raises(APITimeoutError, match="nothing came"):
        SyncFriendli(http_client=http, retries=None).container.image.generate(prompt="p")


def test_a_bad_header_of_the_callers_client_is_not_shown() -> None:
    """A secret that was read with its line break is neither told nor tried again."""

    def refusing(request: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError("Illegal header value b'SECRET\\n'", request=request)

    with pytest.raises(APIConnectionError) as failed:
        Wire(refusing).sync().container.image.generate(prompt="p")
    assert "SECRET" not in str(failed.value)
    assert (failed.value.ambiguous, failed.value.lasting) == (False, True)
