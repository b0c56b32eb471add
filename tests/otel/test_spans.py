"""What a span has of a call."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from opentelemetry import trace
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.trace import SpanKind, StatusCode

from friendli_facade import APIConnectionError, AsyncFriendli, SyncFriendli, ValidationError
from friendli_facade.utils import Retry, RetryConfig
from scripts.faults.server import Answer, Request, of_json, serving
from scripts.faults.server import answer as raw
from tests.callers import Caller
from tests.otel.conftest import Told
from tests.samples import PNG, answer
from tests.servers import Received, Recorder, Reply, recording

Make = Callable[..., Caller]


def drawn(request: Received) -> Reply:
    """A picture, of an answer that has a name."""
    return 200, {"X-Request-Id": "r-1"}, json.dumps(answer(request.path)).encode()


def in_turn(*statuses: int) -> Callable[[Received], Reply]:
    """An answer with each of these statuses, then a picture."""
    left = list(statuses)
    return lambda request: (left.pop(0), {}, b"{}") if left else drawn(request)


def known(server: Recorder) -> dict[str, Any]:
    """What is known of a call before it is sent."""
    return {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "friendli",
        "gen_ai.request.model": "m",
        "gen_ai.output.type": "image",
        "server.address": "127.0.0.1",
        "server.port": int(server.url.rpartition(":")[2]),
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
        **known(server),
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
        **known(server),
        "error.type": error,
        "friendli.ambiguous": ambiguous,
        "http.request.body.size": len(server.requests[0].body),
        "http.response.body.size": 2,
        "http.response.status_code": status,
    }


async def test_without_an_answer_there_is_no_status(client: Make, told: Told) -> None:
    """Where nobody listens the span has the reason, every attempt, and nothing of an answer."""
    with recording(drawn) as server:
        pass
    async with client(server_url=server.url, retries=RetryConfig(max_attempts=3)) as friendli:
        with pytest.raises(APIConnectionError) as failed:
            await friendli.draw()
    assert told.span.status.description == failed.value.reason
    assert len(told.span.events) == 2
    assert told.span.attributes == {
        **known(server),
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


async def test_httpx_spans_are_children(client: Make, told: Told) -> None:
    """httpx's own instrumentation shows each attempt within the call, and a download beside it."""
    place = ""

    def linked(request: Received) -> Reply:
        if request.method == "GET":
            return 200, {}, PNG
        item = {"seed": 7, "response_format": "url", "url": place}
        return 200, {}, json.dumps({"data": [item]}).encode()

    httpx_spans = HTTPXClientInstrumentor()
    httpx_spans.instrument(tracer_provider=told.tracers)
    try:
        with recording(linked) as server:
            place = f"{server.url}/picture.png"
            async with client(server_url=server.url) as friendli:
                result = await friendli.draw()
                assert await friendli.read(result.images[0]) == PNG
    finally:
        httpx_spans.uninstrument()
    attempt, call, download = told.spans
    assert (attempt.name, call.name, download.name) == ("POST", "generate_content m", "GET")
    assert call.context is not None
    assert attempt.parent is not None
    assert attempt.parent.span_id == call.context.span_id
    assert download.parent is None


async def test_calls_at_once_have_parents_of_their_own(told: Told) -> None:
    """Twenty tasks, each in a span of the caller's: each call is its own task's child."""
    tracer = told.tracers.get_tracer("callers")
    left = [503] * 10

    def answered(request: Request) -> Answer:
        return raw(f"{left.pop()} No", b"{}") if left else of_json(answer(request.target))

    with serving(answered) as server:
        async with AsyncFriendli(token="t", server_url=server.url) as friendli:

            async def draw(number: int) -> None:
                with tracer.start_as_current_span(f"task {number}"):
                    model = f"{number}"
                    await friendli.dedicated.image.generate(model=model, prompt="p")

            async with anyio.create_task_group() as tasks:
                for number in range(20):
                    tasks.start_soon(draw, number)
    names = {span.context.span_id: span.name for span in told.spans if span.context}
    calls = [span for span in told.spans if span.name.startswith("generate_content")]
    assert len(calls) == 20
    assert sum(len(call.events) for call in calls) == 10
    for call in calls:
        assert call.parent
        assert names[call.parent.span_id] == call.name.replace("generate_content", "task")


def test_a_download_is_no_part_of_a_call(told: Told) -> None:
    """A download has no span and no event of its own, not even one that `on_retry` begins."""
    place = ""
    failing = [503, 503]

    def linked(request: Received) -> Reply:
        if request.method == "GET":
            return (failing.pop(), {}, b"") if failing else (200, {}, PNG)
        item = {"seed": 7, "response_format": "url", "url": place}
        return 200, {}, json.dumps({"data": [item]}).encode()

    statuses = [503]

    def served(request: Received) -> Reply:
        is_draw = request.method == "POST" and len(told.spans) == 1
        return (statuses.pop(), {}, b"") if is_draw and statuses else linked(request)

    with recording(served) as server, SyncFriendli(token="t", server_url=server.url) as friendli:
        place = f"{server.url}/picture.png"
        first = friendli.dedicated.image.generate(model="m", prompt="p").images[0]

        def read(_: Retry) -> None:
            first.read()

        config = RetryConfig(on_retry=read)
        friendli.dedicated.image.generate(model="m", prompt="p", retries=config)
    assert failing == []
    assert [len(span.events) for span in told.spans] == [0, 1]


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
