"""What a span has of a call."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from friendli_facade import APIConnectionError, ValidationError
from friendli_facade.utils import Retry, RetryConfig
from scripts.faults.server import Answer, serving
from tests.callers import Caller
from tests.otel.conftest import Told
from tests.samples import answer
from tests.servers import Received, Reply, recording, refusing

Make = Callable[..., Caller]


def drawn(request: Received) -> Reply:
    """A picture, of an answer that has a name."""
    return 200, {"X-Request-Id": "r-1"}, json.dumps(answer(request.path)).encode()


def in_turn(*statuses: int) -> Callable[[Received], Reply]:
    """An answer with each of these statuses, then a picture."""
    left = list(statuses)
    return lambda request: (left.pop(0), {}, b"{}") if left else drawn(request)


def known(url: str) -> dict[str, Any]:
    """What is known of a call before it is sent."""
    return {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "friendli",
        "gen_ai.request.model": "m",
        "gen_ai.output.type": "image",
        "server.address": "127.0.0.1",
        "server.port": int(url.rpartition(":")[2]),
        "friendli.operation": "dedicatedImagesGenerate",
    }


async def test_a_call_is_one_span(client: Make, told: Told) -> None:
    """It is a client's, of the conventions' name, and says what was asked for and what came."""
    with recording(drawn) as server:
        async with client(server_url=server.url) as friendli:
            await friendli.draw(seed=7)
    span = told.span
    assert (span.name, span.kind) == ("generate_content m", SpanKind.CLIENT)
    assert (span.status.status_code, span.events, span.parent) == (StatusCode.UNSET, (), None)
    assert span.attributes == {
        **known(server.url),
        "gen_ai.request.seed": 7,
        "friendli.request_id": "r-1",
        "http.request.body.size": len(server.requests[0].body),
        "http.response.body.size": len(json.dumps(answer("/dedicated"))),
        "http.response.status_code": 200,
    }


async def test_retries_are_events(client: Make, told: Told) -> None:
    """Each failed attempt that is repeated is an event: why, and for how long the call waits."""
    retries: list[float] = []

    def noted(retry: Retry) -> None:
        retries.append(retry.delay)

    with recording(in_turn(503, 429)) as server:
        async with client(server_url=server.url, retries=RetryConfig(on_retry=noted)) as friendli:
            await friendli.draw()
    assert [(event.name, dict(event.attributes or {})) for event in told.span.events] == [
        (
            "friendli.retry",
            {
                "error.type": error,
                "http.response.status_code": status,
                "http.request.resend_count": number + 1,
                "friendli.retry.delay": retries[number],
            },
        )
        for number, (error, status) in enumerate([("ServerError", 503), ("RateLimitError", 429)])
    ]
    assert told.span.attributes
    assert told.span.attributes["http.request.resend_count"] == 2


async def test_a_call_that_on_retry_gives_up_has_its_error(client: Make, told: Told) -> None:
    """What `on_retry` raises, as that of a batch does, says less than what it was told of."""

    def give_up(_: Retry) -> None:
        raise LookupError

    with recording(in_turn(429)) as server:
        async with client(server_url=server.url, retries=RetryConfig(on_retry=give_up)) as friendli:
            with pytest.raises(LookupError):
                await friendli.draw()
    assert told.span.attributes
    assert told.span.attributes["error.type"] == "RateLimitError"
    assert told.span.attributes["http.response.status_code"] == 429
    assert told.span.events == ()


@pytest.mark.parametrize(
    ("status", "error", "ambiguous"),
    [
        (401, "AuthenticationError", False),
        (504, "ServerError", True),
        (418, "OtherStatusError", False),
    ],
)
async def test_an_error_is_told_by_its_class(
    client: Make, told: Told, status: int, error: str, ambiguous: bool
) -> None:
    """So is its status, and whether the picture may be paid for; its words are not."""
    with recording(in_turn(status)) as server:
        async with client(server_url=server.url, retries=None) as friendli:
            with pytest.raises(Exception, match=str(status)):
                await friendli.draw()
    assert (told.span.status.status_code, told.span.status.description) == (StatusCode.ERROR, None)
    assert told.span.attributes == {
        **known(server.url),
        "error.type": error,
        "friendli.ambiguous": ambiguous,
        "http.request.body.size": len(server.requests[0].body),
        "http.response.body.size": 2,
        "http.response.status_code": status,
    }


async def test_without_an_answer_there_is_no_status(client: Make, told: Told) -> None:
    """Where nobody listens the span has the reason, every attempt, and nothing of an answer."""
    attempts = RetryConfig(max_attempts=3)
    with refusing() as place:
        async with client(server_url=f"http://{place}", retries=attempts) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    assert told.span.status.description == failed.value.reason
    assert len(told.span.events) == 2
    assert told.span.attributes == {
        **known(f"http://{place}"),
        "error.type": "APIConnectionError",
        "friendli.ambiguous": False,
        "http.request.body.size": len(b'{"model":"m","prompt":"p"}'),
        "http.request.resend_count": 2,
    }


async def test_what_is_refused_is_seen_too(client: Make, told: Told) -> None:
    """A call that breaks a rule is a span, without sizes: nothing was sent."""
    async with client() as friendli:
        with pytest.raises(ValidationError):
            await friendli.draw(model="\ud800", seed=2**80, server_url="box:99", prompt="")
    assert told.span.attributes == {
        "error.type": "ValidationError",
        "friendli.ambiguous": False,
        "friendli.operation": "dedicatedImagesGenerate",
        "gen_ai.operation.name": "generate_content",
        "gen_ai.output.type": "image",
        "gen_ai.provider.name": "friendli",
        "gen_ai.request.model": "?",
    }


async def test_a_call_goes_where_its_contract_says(client: Make, told: Told) -> None:
    """Without an address of the caller's, the span has the default server's, and its port."""
    async with client() as friendli:
        with pytest.raises(ValidationError):
            await friendli.draw(seed=True)
    assert told.span.attributes
    place = (told.span.attributes["server.address"], told.span.attributes["server.port"])
    assert place == ("api.friendli.ai", 443)
    assert "gen_ai.request.seed" not in told.span.attributes


async def test_a_cancelled_call_ends_its_span(way: str, client: Make, told: Told) -> None:
    """It is an error of the name that the event loop has for it, and current no more."""
    names = {"asyncio": "CancelledError", "trio": "Cancelled", "sync": "KeyboardInterrupt"}

    async def hang(_: httpx.Request) -> None:
        await anyio.sleep_forever()

    def interrupt(_: httpx.Request) -> None:
        raise KeyboardInterrupt

    if way == "sync":
        http: Any = httpx.Client(event_hooks={"request": [interrupt]})
        with pytest.raises(KeyboardInterrupt):
            await client(http_client=http).draw()
    else:
        http = httpx.AsyncClient(event_hooks={"request": [hang]})
        with anyio.move_on_after(0.01) as scope:
            await client(http_client=http).draw()
        assert scope.cancelled_caught
    assert told.span.attributes
    assert told.span.attributes["error.type"] == names[way]
    assert told.span.status.status_code == StatusCode.ERROR
    assert trace.get_current_span() is trace.INVALID_SPAN


@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_a_body_without_a_length_is_counted(client: Make, told: Told, coding: str) -> None:
    """Its size is that of what came, and unknown where that was packed."""
    body = json.dumps(answer("/dedicated")).encode()
    sent = gzip.compress(body) if coding == "gzip" else body
    head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
    head += f"Content-Encoding: {coding}\r\n\r\n" if coding == "gzip" else "\r\n"
    chunks = f"{len(sent):x}\r\n".encode() + sent + b"\r\n0\r\n\r\n"
    with serving(lambda _: Answer(head.encode() + chunks)) as server:
        async with client(server_url=server.url) as friendli:
            await friendli.draw()
    assert told.span.attributes
    size = told.span.attributes.get("http.response.body.size")
    assert size == (None if coding == "gzip" else len(body))
