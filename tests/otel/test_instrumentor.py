"""Switching spans on and off, and what they may never do to a call."""

import gc
import json
import logging
import subprocess
import sys
import weakref
from collections.abc import Callable
from contextvars import Context, copy_context
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import pytest
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor

from friendli_facade import ValidationError, otel
from friendli_facade._delivery.retries import Attempts
from friendli_facade._sender import AsyncSender, Sender, SyncSender
from friendli_facade.otel import FriendliInstrumentor
from friendli_facade.utils import Retry, RetryConfig
from tests.callers import Caller
from tests.otel.conftest import Told
from tests.samples import answer
from tests.servers import Received, Reply, recording

ROOM = Path(otel.__file__).parent
CALL = """
import sys
from friendli_facade import SyncFriendli
from friendli_facade.sandbox import Sandbox

with SyncFriendli(http_client=Sandbox().http_client()) as friendli:
    friendli.container.image.generate(prompt="a kite")
"""


def drawn(request: Received) -> Reply:
    """A picture."""
    return 200, {}, json.dumps(answer(request.path)).encode()


def functions() -> list[object]:
    """All that a call goes through."""
    owners = (SyncSender, AsyncSender, Sender, Attempts)
    return [(owner, name, value) for owner in owners for name, value in vars(owner).items()]


async def test_uninstrumenting_restores_everything(
    client: Callable[..., Caller], untold: Told
) -> None:
    """The classes are as they were, and a client that was seen is seen no more, and then again."""
    before = functions()
    with recording(drawn) as server:
        async with client(server_url=server.url) as friendli:
            for _ in range(2):
                untold.instrument()
                assert functions() != before
                await friendli.draw()
                FriendliInstrumentor().uninstrument()
                assert functions() == before
                await friendli.draw()
    assert len(untold.spans) == 2


async def test_suppressed_calls_are_not_seen(client: Callable[..., Caller], told: Told) -> None:
    """What OpenTelemetry's own switch for a context turns off is off."""
    with recording(drawn) as server:
        async with client(server_url=server.url) as friendli:
            with suppress_instrumentation():
                await friendli.draw()
            await friendli.draw()
    assert len(told.spans) == 1


async def test_the_metric_counts_calls(client: Callable[..., Caller], told: Told) -> None:
    """Durations have the conventions' name, unit and buckets, by model, server and error."""
    with recording(drawn) as server:
        async with client(server_url=server.url) as friendli:
            await friendli.draw()
            await friendli.draw()
            with pytest.raises(ValidationError):
                await friendli.draw(num_inference_steps=51)
    metric = told.metric
    assert (metric["name"], metric["unit"]) == ("gen_ai.client.operation.duration", "s")
    right, wrong = metric["data"]["data_points"]
    assert [right["count"], wrong["count"]] == [2, 1]
    assert right["explicit_bounds"] == [
        *(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
    ]
    assert right["attributes"] == {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "friendli",
        "gen_ai.request.model": "m",
        "server.address": "127.0.0.1",
        "server.port": int(server.url.rpartition(":")[2]),
    }
    assert wrong["attributes"] == {**right["attributes"], "error.type": "ValidationError"}


class Broken(SpanProcessor):
    """Fails at one end of a span."""

    def __init__(self, end: str) -> None:
        self._end = end

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        if self._end == "start":
            raise LookupError("broken processor")

    def on_end(self, span: ReadableSpan) -> None:
        if self._end == "end":
            raise LookupError("broken processor")


@pytest.mark.parametrize("end", ["start", "end"])
async def test_broken_telemetry_breaks_no_call(
    client: Callable[..., Caller], told: Told, caplog: pytest.LogCaptureFixture, end: str
) -> None:
    """What it raises is logged, and the call has its result, or its own error."""
    told.tracers.add_span_processor(Broken(end))
    with caplog.at_level(logging.ERROR), recording(drawn) as server:
        async with client(server_url=server.url) as friendli:
            assert len((await friendli.draw()).images) == 1
            with pytest.raises(ValidationError):
                await friendli.draw(num_inference_steps=51)
    records = [r for r in caplog.records if r.name.startswith("friendli_facade.otel")]
    assert [record.getMessage() for record in records] == ["a call is not seen whole"] * 2
    assert "LookupError: broken processor" in caplog.text


async def test_a_broken_context_breaks_no_call(
    client: Callable[..., Caller],
    told: Told,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A span that cannot be made the current one is told all the same, and that once."""

    def broken(_: Context) -> None:
        raise LookupError("broken context")

    monkeypatch.setattr("opentelemetry.context.attach", broken)
    with caplog.at_level(logging.ERROR), recording(drawn) as server:
        async with client(server_url=server.url) as friendli:
            assert len((await friendli.draw()).images) == 1
    assert [record.getMessage() for record in caplog.records] == ["a call is not seen whole"]
    assert len(told.spans) == 1


async def test_the_callers_hooks_go_on(way: str, client: Callable[..., Caller], told: Told) -> None:
    """`event_hooks` of the caller's httpx client see each request and answer, as without spans."""
    seen: list[str] = []

    def request(_: httpx.Request) -> None:
        seen.append("request")

    def response(answer: httpx.Response) -> None:
        seen.append(str(answer.status_code))

    async def arequest(sent: httpx.Request) -> None:
        request(sent)

    async def aresponse(came: httpx.Response) -> None:
        response(came)

    with recording(drawn) as server:
        if way == "sync":
            http: Any = httpx.Client(event_hooks={"request": [request], "response": [response]})
        else:
            hooks: dict[str, list[Callable[..., Any]]] = {
                "request": [arequest],
                "response": [aresponse],
            }
            http = httpx.AsyncClient(event_hooks=hooks)
        async with client(server_url=server.url, http_client=http) as friendli:
            await friendli.draw()
        http.close() if way == "sync" else await http.aclose()
    assert seen == ["request", "200"]
    assert len(told.spans) == 1


async def test_no_result_is_kept(client: Callable[..., Caller], told: Told) -> None:
    """What a hook starts keeps its context for as long as it runs, and no pictures with it."""
    contexts: list[Context] = []
    statuses = [503]

    def answered(request: Received) -> Reply:
        return (statuses.pop(), {}, b"") if statuses else drawn(request)

    def noted(_: Retry) -> None:
        contexts.append(copy_context())

    with recording(answered) as server:
        async with client(server_url=server.url, retries=RetryConfig(on_retry=noted)) as friendli:
            picture = weakref.ref((await friendli.draw()).images[0])
    gc.collect()
    assert (len(contexts), picture()) == (1, None)


async def test_no_frame_shows_arguments(client: Callable[..., Caller], told: Told) -> None:
    """An error tracker that keeps local variables sees nothing of a call in frames of this room."""
    async with client() as friendli:
        with pytest.raises(ValidationError) as refused:
            await friendli.draw(num_inference_steps=51, prompt="nobody's business")
    traceback: TracebackType | None = refused.value.__traceback__
    shown: list[str] = []
    while traceback is not None:
        if Path(traceback.tb_frame.f_code.co_filename).parent == ROOM:
            shown.append(repr(traceback.tb_frame.f_locals))
        traceback = traceback.tb_next
    assert shown
    assert [variables for variables in shown if "business" in variables] == []


def test_a_call_alone_imports_nothing() -> None:
    """Without spans nothing of OpenTelemetry is imported, installed or not."""
    code = f"{CALL}\nprint([name for name in sys.modules if name.startswith('opentelemetry')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_the_extra_it_says_what_to_install() -> None:
    """Where OpenTelemetry is missing, its import names the extra."""
    code = "import sys; sys.modules['opentelemetry'] = None\nimport friendli_facade.otel"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    words = "friendli_facade.otel needs opentelemetry: pip install 'friendli-facade[otel]'"
    assert done.stderr.endswith(f"ModuleNotFoundError: {words}\n")


@pytest.mark.slow
def test_opentelemetry_instrument_finds_it(tmp_path: Path) -> None:
    """The command that instruments a program from outside does so, by the entry point."""
    code = "from friendli_facade.otel import FriendliInstrumentor as I\n"
    code += "print(I().is_instrumented_by_opentelemetry)"
    command = Path(sys.executable).with_name("opentelemetry-instrument")
    done = subprocess.run(
        [command, sys.executable, "-c", CALL + code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_an_import_that_fails_otherwise_is_told_as_it_is() -> None:
    """What is missing is no part of the extra, then."""
    code = "import sys; sys.modules['friendli_facade._sender'] = None\nimport friendli_facade.otel"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install" not in done.stderr
    assert "friendli_facade._sender" in done.stderr.splitlines()[-1]
