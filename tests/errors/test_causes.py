"""Causes keep what helps: httpx's class and words, and nothing of the request."""

import traceback
from collections.abc import Iterator

import httpx
import pytest

from friendli_facade import (
    APIConnectionError,
    APITimeoutError,
    AsyncFriendli,
    DownloadError,
    FriendliError,
    SyncFriendli,
)
from scripts.faults.server import Answer, Then, answer, serving
from tests.errors.answered import download_failure
from tests.servers import refusing
from tests.three_ways import TOKEN
from tests.transports import Wire

FAULTS = {
    "closed": Answer(then=Then.CLOSE),
    "cut": answer("200 OK", b"{}" * 99, cut=9),
    "no HTTP": Answer(b"SSH-2.0\r\n", Then.CLOSE),
}
NOWHERE = {
    "a redirect to nowhere": answer("302 Found", b"", "Location: http://[::1"),
    "a redirect to no name": answer("302 Found", b"", "Location: http://xn--a/"),
}


def causes(error: BaseException) -> Iterator[BaseException]:
    """What an error came from, and what that came from."""
    link = error.__cause__ or error.__context__
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def check(error: FriendliError) -> None:
    """Fails where a cause holds the request, or a frame that does."""
    links = list(causes(error))
    assert links
    for link in links:
        assert link.__traceback__ is None
        assert TOKEN not in repr(vars(link))
        if isinstance(link, httpx.RequestError):
            assert dict(link.request.headers).keys() <= {"host", "content-length"}
            assert link.request.method == "POST"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_cause_holds_no_request(fault: Answer) -> None:
    """Whatever broke the exchange: the token is in no cause, nor in its frames."""
    with serving(lambda _: fault) as server:
        with (
            SyncFriendli(token=TOKEN, server_url=server.url, retries=None) as friendli,
            pytest.raises(APIConnectionError) as failed,
        ):
            friendli.dedicated.image.generate(model="m", prompt="p")
        check(failed.value)
        async with AsyncFriendli(token=TOKEN, server_url=server.url, retries=None) as other:
            with pytest.raises(APIConnectionError) as failed:
                await other.dedicated.image.generate(model="m", prompt="p")
        check(failed.value)


@pytest.mark.parametrize("fault", NOWHERE.values(), ids=NOWHERE)
def test_a_cause_of_the_callers_client_holds_no_request(fault: Answer) -> None:
    """Nor where httpx fails to prepare the request of a redirect, which it tries to by itself."""
    with serving(lambda _: fault) as server, httpx.Client() as http:
        own = SyncFriendli(token=TOKEN, server_url=server.url, retries=None, http_client=http)
        with own as friendli, pytest.raises(APIConnectionError) as failed:
            friendli.dedicated.image.generate(model="m", prompt="p")
    check(failed.value)


def test_a_refused_connection_keeps_the_systems_words() -> None:
    """The chain goes down to the socket's own error."""
    with (
        refusing() as place,
        SyncFriendli(token=TOKEN, server_url=f"http://{place}", retries=None) as friendli,
        pytest.raises(APIConnectionError) as failed,
    ):
        friendli.dedicated.image.generate(model="m", prompt="p")
    check(failed.value)
    kinds = [type(link) for link in causes(failed.value)]
    assert (kinds[0], kinds[-1]) == (httpx.ConnectError, ConnectionRefusedError)


def test_a_timeout_keeps_its_class() -> None:
    """Of a timeout the cause says which one it was."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(APITimeoutError) as failed:
        Wire(handler).sync(token=TOKEN).dedicated.image.generate(model="m", prompt="p")
    check(failed.value)
    assert type(failed.value.__cause__) is httpx.ReadTimeout


def test_a_password_in_a_url_is_in_no_cause() -> None:
    """The URL of the cause's request is as errors show it."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    with pytest.raises(APIConnectionError) as failed:
        Wire(handler).sync().container.image.generate(
            prompt="p", server_url="https://user:hunter2@example.com"
        )
    cause = failed.value.__cause__
    assert isinstance(cause, httpx.ReadError)
    assert str(cause.request.url) == "https://example.com/v1/images/generations"


def test_what_the_caller_was_handling_keeps_its_frames() -> None:
    """Only httpx's errors are stripped; a call within an `except` block touches no other."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    own = KeyError("mine")
    friendli = Wire(handler).sync()
    try:
        raise own
    except KeyError:
        with pytest.raises(APIConnectionError) as failed:
            friendli.container.image.generate(prompt="p")
    assert own in list(causes(failed.value))
    assert own.__traceback__ is not None
    assert "KeyError: 'mine'" in "".join(traceback.format_exception(failed.value))


def test_a_failed_download_has_its_causes() -> None:
    """DownloadError, then the error of the exchange, then httpx's."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    error = download_failure(handler)
    assert isinstance(error, DownloadError)
    assert [type(link) for link in causes(error)][:2] == [APIConnectionError, httpx.ReadError]
    assert str(error).endswith("could not be fetched: no answer: gone")
