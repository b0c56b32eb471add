"""What a failure of httpx is called, whatever transport it comes from."""

import errno
import re
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from friendli_facade import APIConnectionError, APITimeoutError
from scripts.faults.server import Answer, Then, answer, serving
from tests.callers import Caller
from tests.transports import Wire

STEPS = httpx.Timeout(connect=1, read=2, write=3, pool=4)
HERE = "localhost:8000"


def caused(error: Exception, cause: BaseException) -> Exception:
    """An error, and what it came of."""
    error.__cause__ = cause
    return error


def of_tls(reason: str, kind: type[ssl.SSLError] = ssl.SSLError) -> ssl.SSLError:
    """An error of OpenSSL's."""
    error = kind(1, f"[SSL: {reason}] in words")
    error.reason = reason
    return error


def failure(error: Exception, **arguments: Any) -> APIConnectionError:
    """What a call raises whose transport fails so, and that it raises no other in async."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    arguments = {"prompt": "p", "retries": None, **arguments}
    with pytest.raises(APIConnectionError) as failed:
        Wire(fail).sync(allow_insecure_http=True).container.image.generate(**arguments)
    return failed.value


@pytest.mark.parametrize(
    ("error", "reason", "lasting", "ambiguous"),
    [
        (httpx.ReadError("words"), "words", False, True),
        (httpx.ReadError(""), "ReadError", False, True),
        (caused(httpx.ReadError(""), OSError(errno.EPIPE, "gone")), "gone", False, True),
        (httpx.ConnectError("words"), f"no connection to {HERE}: words", False, False),
        (
            caused(httpx.ConnectError("words"), OSError(errno.EPIPE, "gone")),
            f"no connection to {HERE}: gone",
            False,
            False,
        ),
        (
            caused(
                httpx.ConnectError("words"),
                ExceptionGroup("all", [OSError("first"), ConnectionRefusedError(1, "second")]),
            ),
            f"{HERE} refuses connections: is the server, or the container, running there?",
            False,
            False,
        ),
        (
            caused(httpx.ConnectError("words"), of_tls("UNSUPPORTED_PROTOCOL")),
            f"no TLS with {HERE} ([SSL: UNSUPPORTED_PROTOCOL] in words)",
            True,
            False,
        ),
        (
            caused(httpx.ConnectError("words"), of_tls("RECORD_LAYER_FAILURE")),
            f"no TLS with {HERE} ([SSL: RECORD_LAYER_FAILURE] in words): "
            "is its URL http, and not https?",
            True,
            False,
        ),
        (
            caused(httpx.ConnectError("words"), of_tls("EOF", ssl.SSLEOFError)),
            f"no TLS with {HERE} ([SSL: EOF] in words)",
            False,
            False,
        ),
        (httpx.LocalProtocolError("too little data"), "too little data", False, True),
        (httpx.UnsupportedProtocol("no such scheme"), "no such scheme", True, False),
        (
            httpx.ProxyError("403 Forbidden"),
            f"the proxy refused to connect to {HERE}: 403 Forbidden",
            True,
            False,
        ),
        (
            httpx.ProxyError("503 Busy"),
            f"the proxy refused to connect to {HERE}: 503 Busy",
            False,
            False,
        ),
    ],
    ids=repr,
)
def test_a_failure_is_told_by_what_it_came_of(
    error: Exception, reason: str, lasting: bool, ambiguous: bool
) -> None:
    """Its own words, else the system's, else its class; and what may have been done."""
    failed = failure(error)
    assert (failed.reason, failed.lasting, failed.ambiguous) == (reason, lasting, ambiguous)
    assert type(failed) is APIConnectionError


@pytest.mark.parametrize(
    ("error", "reason", "ambiguous"),
    [
        (httpx.ReadTimeout(""), "nothing came within 2 s", True),
        (httpx.WriteTimeout(""), "nothing could be sent within 3 s", True),
        (
            httpx.PoolTimeout(""),
            "no connection of http_client became free within 4 s",
            False,
        ),
        (
            httpx.ConnectTimeout(""),
            f"no connection to {HERE} within 1 s: is the address right?",
            False,
        ),
    ],
    ids=repr,
)
def test_a_step_that_takes_too_long_is_told_with_its_limit(
    error: Exception, reason: str, ambiguous: bool
) -> None:
    """And without, where it has none."""
    failed = failure(error, timeout=STEPS)
    assert (failed.reason, failed.lasting, failed.ambiguous) == (reason, False, ambiguous)
    assert type(failed) is APITimeoutError
    assert failure(error, timeout=None).reason == re.sub(r" within \d s", "", reason)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://intern.example", "intern.example:80"),
        ("https://intern.example", "intern.example:443"),
        ("https://intern.example:8443", "intern.example:8443"),
    ],
)
def test_a_place_has_its_port(url: str, place: str) -> None:
    """Also where the URL leaves it out."""
    failed = failure(httpx.ConnectError("words"), server_url=url)
    assert failed.reason == f"no connection to {place}: words"


async def test_a_handshake_that_is_cut_is_one_of_tls(client: Callable[..., Caller]) -> None:
    """There was a connection, so it is not the address that is wrong."""
    with serving(lambda _: answer(), lambda: Answer(b"", Then.RESET)) as server:
        place = server.url.removeprefix("http://")
        async with client(server_url=f"https://{place}", retries=None) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    assert failed.value.reason == f"no TLS with {place} (Connection reset by peer)"
    assert (failed.value.lasting, failed.value.ambiguous) == (False, False)


async def test_so_is_one_through_a_proxy(
    client: Callable[..., Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy has connected, so who says nothing is the server."""
    with serving(lambda _: Answer(answer().data, Then.STALL)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        url = "https://api.friendli.ai"
        async with client(server_url=url, retries=None) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw(timeout=60)
    assert failed.value.reason.startswith("no TLS with api.friendli.ai:443 (")
    assert not failed.value.ambiguous
