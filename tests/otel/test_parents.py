"""Spans among others: of callers, of httpx, of downloads."""

import json
from collections.abc import Callable

import anyio
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from friendli_facade import AsyncFriendli, SyncFriendli
from friendli_facade.utils import Retry, RetryConfig
from scripts.faults.server import Answer, Request, of_json, serving
from scripts.faults.server import answer as raw
from tests.callers import Caller
from tests.otel.conftest import Told
from tests.samples import PNG, answer
from tests.servers import Received, Reply, recording

Make = Callable[..., Caller]


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
