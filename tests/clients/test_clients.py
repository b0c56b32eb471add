"""The life of a client, its settings, and what it refuses before anything is sent."""

from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import pytest

from friendli_facade import AsyncFriendli, ClientClosedError, SyncFriendli, ValidationError
from scripts.faults.server import of_json, serving
from tests.samples import answer
from tests.transports import Wire, right


def refused(wire: Wire, surface: str = "container", **arguments: Any) -> list[str]:
    """The words with which a call is refused; nothing must have been sent."""
    if surface == "dedicated":
        arguments.setdefault("model", "m")
    with pytest.raises(ValidationError) as failed:
        getattr(wire.sync(), surface).image.generate(prompt="p", **arguments)
    assert wire.requests == []
    return [str(violation) for violation in failed.value.violations]


def test_positional_arguments_are_a_type_error() -> None:
    """All arguments are named."""
    with pytest.raises(TypeError, match="positional"):
        Wire(right).sync().container.image.generate("p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def test_a_closed_client_says_so() -> None:
    """A call after the `with` block is a clear error, sync and async."""
    with SyncFriendli() as friendli:
        pass
    with pytest.raises(ClientClosedError, match="this SyncFriendli is closed"):
        friendli.container.image.generate(prompt="p")
    async with AsyncFriendli() as async_friendli:
        pass
    with pytest.raises(ClientClosedError, match="this AsyncFriendli is closed"):
        await async_friendli.container.image.generate(prompt="p")


async def test_the_callers_http_client_is_left_open() -> None:
    """An httpx client that was passed in is the caller's to close."""
    http = httpx.Client(transport=httpx.MockTransport(right))
    with SyncFriendli(http_client=http) as friendli:
        friendli.container.image.generate(prompt="p")
    assert not http.is_closed
    with pytest.raises(ClientClosedError):
        friendli.container.image.generate(prompt="p")
    http.close()
    with pytest.raises(ClientClosedError):
        SyncFriendli(http_client=http).container.image.generate(prompt="p")
    async_http = httpx.AsyncClient(transport=httpx.MockTransport(right))
    async with AsyncFriendli(http_client=async_http):
        pass
    assert not async_http.is_closed
    await async_http.aclose()


async def test_own_connections_are_closed() -> None:
    """Without `http_client`, closing closes the connections; closing twice is closing."""
    with serving(lambda request: of_json(answer(request.target))) as server:
        friendli = SyncFriendli(server_url=server.url)
        async_friendli = AsyncFriendli(server_url=server.url)
        friendli.container.image.generate(prompt="p")
        await async_friendli.container.image.generate(prompt="p")
        assert server.open == 2
        friendli.close()
        friendli.close()
        await async_friendli.aclose()
        await async_friendli.aclose()
        assert await anyio.to_thread.run_sync(server.idle)


def test_an_http_client_of_the_other_kind_is_refused() -> None:
    """SyncFriendli takes an httpx.Client, AsyncFriendli an httpx.AsyncClient."""
    http: Any = httpx.AsyncClient()
    with pytest.raises(ValidationError, match=r"http_client must be an httpx\.Client for Sync"):
        SyncFriendli(http_client=http)


def test_the_token_is_in_no_repr() -> None:
    """Neither a client nor its settings show the token."""
    friendli = SyncFriendli(token="flp_secret", server_url="http://localhost:1")
    assert repr(friendli) == "SyncFriendli(token='***', server_url='http://localhost:1')"
    assert "flp_secret" not in repr(vars(friendli))


def test_a_missing_token_is_refused_where_one_is_needed() -> None:
    """A dedicated call without a token is an error; a container needs none."""
    wire = Wire(right)
    with pytest.raises(ValidationError, match="token is required on dedicated endpoints"):
        wire.sync(token="").dedicated.image.generate(model="m", prompt="p")
    wire.sync(token=None).container.image.generate(prompt="p")
    assert len(wire.requests) == 1


@pytest.mark.parametrize("token", ["flp_x\n", "flp x\r\ny", "tökén", " flp_x"])
def test_a_token_that_no_header_can_hold_is_refused_unseen(token: str) -> None:
    """A token with a line break is refused at once, and not shown."""
    with pytest.raises(ValidationError, match="token must be visible ASCII") as failed:
        SyncFriendli(token=token)
    assert token.strip() not in str(failed.value)


@pytest.mark.parametrize("url", ["http://example.com", "http://192.168.0.1:8000", "HTTP://a.b"])
def test_the_token_is_not_sent_over_plain_http(url: str) -> None:
    """A dedicated call needs https, or loopback; a container, which gets no token, does not."""
    wire = Wire(right)
    said = refused(wire, "dedicated", server_url=url)
    assert said == [f"server_url must be https, or loopback, where the token is sent, not {url!r}"]
    wire.sync().container.image.generate(prompt="p", server_url=url)
    assert len(wire.requests) == 1


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.0.0.1", "http://[::1]:9"])
def test_loopback_may_have_the_token(url: str) -> None:
    """The sandbox and other servers on this machine get the token over plain http."""
    wire = Wire(right)
    wire.sync(server_url=url).dedicated.image.generate(model="m", prompt="p")
    assert wire.requests[0].headers["authorization"] == "Bearer flp_test"


@pytest.mark.parametrize(
    "url",
    [
        *("", "localhost:8000", "ftp://a", "https://", "https://a?b", "https://a#b"),
        *("https://a b", "https://a:x", "https://a:99999", "https://[::1", 5),
        *("https://a..b", "https://a:0", "https://\u2603.example"),
    ],
)
def test_a_server_url_must_be_one(url: Any) -> None:
    """A server URL is http(s) with a host, and has no query or fragment; so for the client."""
    rule = "server_url must be an http(s) URL without query or fragment"
    assert refused(Wire(right), server_url=url) == [f"{rule}, not {url!r}"]
    with pytest.raises(ValidationError):
        SyncFriendli(server_url=url)


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"a b": "c"}, "http_headers['a b'] must be a header name"),
        ({"": "c"}, "http_headers[''] must be a header name"),
        ({"X": "a\r\nb"}, "http_headers['X'] must be visible ASCII"),
        ({"X": "ü"}, "http_headers['X'] must be visible ASCII"),
        ({"X": 5}, "http_headers['X'] must be a string, not int"),
        ({"Content-Length": "5"}, "http_headers['Content-Length'] must be left to the client"),
        ([("X", "y")], "http_headers must be a mapping"),
    ],
)
def test_headers_that_http_refuses_are_refused(headers: Any, words: str) -> None:
    """Header names and values are checked, and values are not shown."""
    (said,) = refused(Wire(right), http_headers=headers)
    assert said.startswith(words)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), "5", True])
def test_a_timeout_is_more_than_nothing(timeout: Any) -> None:
    """A timeout is a positive number of seconds; so for the client."""
    (said,) = refused(Wire(right), timeout=timeout)
    assert said.startswith("timeout must be ")
    with pytest.raises(ValidationError):
        SyncFriendli(timeout=timeout)


def test_the_nearest_timeout_counts() -> None:
    """The call's timeout, else the client's, else that of the caller's httpx client, else ours."""
    wire = Wire(right)
    ours = {"connect": 5, "read": 600, "write": 600, "pool": 600}
    wire.sync().container.image.generate(prompt="p")
    wire.sync(timeout=7).container.image.generate(prompt="p")
    wire.sync(timeout=7).container.image.generate(prompt="p", timeout=None)
    http = httpx.Client(transport=httpx.MockTransport(wire), timeout=9)
    SyncFriendli(http_client=http).container.image.generate(prompt="p")
    used = [request.extensions["timeout"] for request in wire.requests]
    assert used == [ours, *(httpx.Timeout(seconds).as_dict() for seconds in (7, None, 9))]


def test_nothing_replaces_the_token_on_its_way() -> None:
    """Neither the httpx client's own `auth` nor a password in the URL takes the token's place."""
    wire = Wire(right)
    http = httpx.Client(transport=httpx.MockTransport(wire), auth=("user", "password"))
    friendli = SyncFriendli(token="t", http_client=http)
    friendli.dedicated.image.generate(model="m", prompt="p", server_url="https://u:p@example.com")
    friendli.container.image.generate(prompt="p")
    sent = [request.headers["authorization"].split()[0] for request in wire.requests]
    assert sent == ["Bearer", "Basic"]


def test_a_post_is_not_redirected() -> None:
    """A redirect is an error, even if the caller's httpx client follows them."""
    wire = Wire(lambda _: httpx.Response(307, headers={"Location": "https://elsewhere.example"}))
    http = httpx.Client(transport=httpx.MockTransport(wire), follow_redirects=True)
    with pytest.raises(Exception, match="answered 307"):
        SyncFriendli(http_client=http).container.image.generate(prompt="p")
    assert len(wire.requests) == 1


def test_certificates_that_are_not_there_are_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The variable is named when the client is made."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(ValidationError, match="SSL_CERT_FILE"):
        SyncFriendli(token="t")
