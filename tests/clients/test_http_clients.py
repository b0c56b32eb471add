"""httpx clients of the caller's: what they add, what they may not, and what they do in between."""

import gc
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
import trio
from trio.testing import MockClock

from friendli_facade import (
    APIConnectionError,
    APITimeoutError,
    AsyncFriendli,
    AuthenticationError,
    ClientClosedError,
    FriendliError,
    RateLimitError,
    SyncFriendli,
    ValidationError,
    utils,
)
from tests.samples import PNG
from tests.transports import Wire, always, right

BRIEF = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 1, 1, 1000))


class Unread(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes over a wire, and is there when it is read."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"detail": "slow down"}'

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def limited() -> httpx.Response:
    """A 429 with words."""
    return httpx.Response(429, headers={"Retry-After": "1"}, stream=Unread())


def replies(*answers: httpx.Response) -> Wire:
    """A wire with these answers, and right ones after them."""
    left = list(answers)
    return Wire(lambda request: left.pop(0) if left else right(request))


def raises(response: httpx.Response) -> None:
    """The hook of httpx's documentation, without reading."""
    response.raise_for_status()


def reads(response: httpx.Response) -> None:
    """The hook of httpx's documentation."""
    response.read()
    response.raise_for_status()


async def araises(response: httpx.Response) -> None:
    response.raise_for_status()


async def areads(response: httpx.Response) -> None:
    await response.aread()
    response.raise_for_status()


def sync(wire: Wire, **settings: Any) -> httpx.Client:
    """An httpx client on a wire."""
    return httpx.Client(transport=httpx.MockTransport(wire), **settings)


@pytest.mark.parametrize(("hook", "words"), [(raises, ""), (reads, "slow down")])
def test_a_hook_that_raises_for_a_status_changes_nothing(
    hook: Callable[[httpx.Response], None], words: str
) -> None:
    """A 429 is a RateLimitError, with the server's words if the hook has read them."""
    http = sync(replies(limited()), event_hooks={"response": [hook]})
    with pytest.raises(RateLimitError) as failed:
        SyncFriendli(http_client=http, retries=None).container.image.generate(prompt="p")
    assert (failed.value.message, failed.value.retry_after) == (words, 1)


@pytest.mark.parametrize(("hook", "words"), [(araises, ""), (areads, "slow down")])
async def test_so_it_is_in_async(hook: Callable[[httpx.Response], Any], words: str) -> None:
    """The same with an AsyncClient."""
    transport = httpx.MockTransport(replies(limited()))
    async with httpx.AsyncClient(transport=transport, event_hooks={"response": [hook]}) as http:
        friendli = AsyncFriendli(http_client=http, retries=None)
        with pytest.raises(RateLimitError) as failed:
            await friendli.container.image.generate(prompt="p")
    assert (failed.value.message, failed.value.retry_after) == (words, 1)


def test_retries_and_redirects_go_on_behind_such_a_hook() -> None:
    """A 503 is repeated, and a picture that has moved is followed."""
    item = {"seed": 7, "response_format": "url", "url": "https://storage.example/a"}
    wire = replies(
        httpx.Response(503),
        httpx.Response(200, json={"data": [item]}),
        httpx.Response(302, headers={"Location": "https://storage.example/b"}),
        httpx.Response(200, content=PNG),
    )
    http = sync(wire, event_hooks={"response": [raises]})
    friendli = SyncFriendli(token="t", http_client=http, retries=BRIEF)
    (image,) = friendli.dedicated.image.generate(model="m", prompt="p").images
    assert image.read() == PNG
    assert len(wire.requests) == 4


def test_a_hooks_own_errors_are_the_callers() -> None:
    """What a hook raises about another request, or of another kind, comes as it is."""
    other = httpx.Request("GET", "https://other.example")

    def fails(_: httpx.Response) -> None:
        httpx.Response(401, request=other).raise_for_status()

    def breaks(_: httpx.Response) -> None:
        raise RuntimeError("mine")

    kinds: list[tuple[Any, type[Exception]]] = [
        (fails, httpx.HTTPStatusError),
        (breaks, RuntimeError),
    ]
    for hook, kind in kinds:
        http = sync(Wire(right), event_hooks={"response": [hook]})
        with pytest.raises(kind) as failed:
            SyncFriendli(http_client=http).container.image.generate(prompt="p")
        assert type(failed.value) is kind


async def test_an_http_client_that_is_closed_between_attempts_is_told() -> None:
    """No raw RuntimeError of httpx's, and nothing is sent any more."""
    wire = Wire(lambda _: httpx.Response(503))
    http = sync(wire)
    closing = utils.RetryConfig(on_retry=lambda _: http.close())
    with pytest.raises(ClientClosedError, match="http_client is closed"):
        SyncFriendli(http_client=http, retries=closing).container.image.generate(prompt="p")
    assert len(wire.requests) == 1
    async_http = httpx.AsyncClient(transport=httpx.MockTransport(wire))
    await async_http.aclose()
    with pytest.raises(ClientClosedError, match="http_client is closed"):
        await AsyncFriendli(http_client=async_http).container.image.generate(prompt="p")
    assert len(wire.requests) == 1


async def test_what_on_retry_raises_in_a_download_comes_as_it_is() -> None:
    """It is the caller's error, and not a closed client."""
    item = {"seed": 7, "response_format": "url", "url": "https://storage.example/a"}

    def handler(request: httpx.Request) -> httpx.Response:
        is_post = request.method == "POST"
        return httpx.Response(200, json={"data": [item]}) if is_post else httpx.Response(503)

    def stop(_: utils.Retry) -> None:
        raise RuntimeError("mine")

    settings: dict[str, Any] = {"retries": utils.RetryConfig(on_retry=stop)}
    friendli, async_friendli = (
        Wire(handler).sync(**settings),
        Wire(handler).asynchronous(**settings),
    )
    (image,) = friendli.dedicated.image.generate(model="m", prompt="p").images
    with pytest.raises(RuntimeError, match="mine"):
        image.read()
    generate = async_friendli.dedicated.image.generate
    (image,) = (await generate(model="m", prompt="p")).images
    with pytest.raises(RuntimeError, match="mine"):
        await image.aread()


def test_an_http_clients_own_header_does_not_replace_the_token() -> None:
    """Its Authorization goes to a container, which gets no token; a call's own header wins."""
    wire = Wire(right)
    http = sync(wire, headers={"Authorization": "Basic gateway", "X-Own": "1"})
    friendli = SyncFriendli(token="t", http_client=http)
    friendli.dedicated.image.generate(model="m", prompt="p")
    friendli.container.image.generate(prompt="p")
    friendli.dedicated.image.generate(
        model="m", prompt="p", http_headers={"authorization": "Mine x"}
    )
    sent = [request.headers["authorization"] for request in wire.requests]
    assert sent == ["Bearer t", "Basic gateway", "Mine x"]
    assert {request.headers["x-own"] for request in wire.requests} == {"1"}


def test_a_401_names_the_http_client_that_has_a_login() -> None:
    """In its headers, or as its `auth`; a container gets no token of ours."""
    transport = httpx.MockTransport(always(401))
    for http in (
        httpx.Client(transport=transport, headers={"Authorization": "Basic YTpi"}),
        httpx.Client(transport=transport, auth=("a", "b")),
    ):
        with pytest.raises(AuthenticationError) as failed:
            SyncFriendli(http_client=http).container.image.generate(prompt="p")
        assert failed.value.hint == "its Authorization is that of http_client"


async def test_a_cookie_that_cannot_be_sent_is_told_at_once() -> None:
    """A server left it in `http_client`; nothing is sent, and no repetition mends it."""
    wire = Wire(right)
    transport = httpx.MockTransport(wire)
    cookies = {"c": "\N{SNOWMAN}"}
    friendli = SyncFriendli(http_client=httpx.Client(transport=transport, cookies=cookies))
    other = AsyncFriendli(http_client=httpx.AsyncClient(transport=transport, cookies=cookies))
    with pytest.raises(APIConnectionError, match="adds what cannot be sent: ") as failed:
        friendli.container.image.generate(prompt="p")
    with pytest.raises(APIConnectionError, match="adds what cannot be sent: ") as afailed:
        await other.container.image.generate(prompt="p")
    for error in (failed.value, afailed.value):
        assert (error.attempts, error.ambiguous, error.lasting) == (1, False, True)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "No such file or directory"), "No such file or directory"),
        (OSError("an odd one"), "an odd one"),
    ],
)
def test_certificates_that_cannot_be_read_are_refused_in_words(
    error: OSError, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables that name them are named, with the system's own words."""

    def create() -> None:
        raise error

    monkeypatch.setattr(httpx, "create_ssl_context", create)
    with pytest.raises(ValidationError) as failed:
        SyncFriendli()
    rule = f"must name certificates that can be read ({words})"
    assert str(failed.value) == f"SSL_CERT_FILE or SSL_CERT_DIR {rule}"


def test_a_transport_that_never_ends_is_cancelled_after_httpxs_own_limits() -> None:
    """Not before the time is over, and soon after it: by then they have said what was sent."""

    async def hang(_: httpx.Request) -> httpx.Response:
        await trio.sleep(3600)
        return httpx.Response(200)

    async def draw() -> float:
        began = trio.current_time()
        http = httpx.AsyncClient(transport=httpx.MockTransport(hang))
        with pytest.raises(APITimeoutError):
            await AsyncFriendli(http_client=http, timeout=60).container.image.generate(prompt="p")
        return trio.current_time() - began

    assert 60 <= trio.run(draw, clock=MockClock(autojump_threshold=0)) < 61


def test_a_transport_that_leaves_a_body_at_its_middle_is_warned_of_nothing() -> None:
    """On trio, which misses the end of every generator that is not gone through."""

    class Leaving(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            async for _ in request.stream:
                return httpx.Response(413)
            return httpx.Response(200)

    async def edit() -> None:
        async with httpx.AsyncClient(transport=Leaving()) as http:
            friendli = AsyncFriendli(http_client=http, retries=None)
            with pytest.raises(FriendliError, match="answered 413"):
                await friendli.container.image.edit(image=PNG * 10_000, prompt="p")
        gc.collect()
        await trio.lowlevel.checkpoint()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        trio.run(edit)
    assert [str(warning.message) for warning in caught] == []
