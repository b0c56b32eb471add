"""Faults of real sockets: what reached the server, what the caller is told, what stays open."""

import json
import tracemalloc
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import anyio.to_thread
import httpx
import pytest

from friendli_facade import APIConnectionError, FriendliError, InvalidResponseError, SDKError
from friendli_facade.utils import BackoffStrategy, RetryConfig
from scripts.faults.matrix import LIMIT, REFUSALS, Fault, faults, harmless
from scripts.faults.server import Answer, FaultServer, Request, Then, answer, of_json, serving
from tests.callers import Caller
from tests.conftest import Clock
from tests.patience import patiently
from tests.samples import PNG, PNG_BASE64
from tests.servers import refusing

GOOD = {"data": [{"seed": 7, "response_format": "png", "b64_json": PNG_BASE64}]}
WHOLE = json.dumps(GOOD).encode()
FAULTS = faults(WHOLE)
HARMLESS = harmless(WHOLE)
OPTED = RetryConfig(retry_ambiguous_errors=True)
# httpx leaves generators behind where a body cannot be decoded, or not be sent; trio warns of it.
QUIET = pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")


@contextmanager
def failing(fault: Answer, times: int, *, before: bool = False) -> Generator[FaultServer]:
    """A server that fails so often, and answers well from then on."""
    left = [fault] * times

    def answers(_: Request) -> Answer:
        # Counted by what was read: who gave up may be answered after those that came later.
        return of_json(GOOD) if before or len(server.requests) > times else fault

    with serving(answers, lambda: left.pop() if before and left else None) as server:
        yield server


def limits(fault: Fault) -> list[float]:
    """How long to wait for it, and for how much longer where what comes before it was late."""
    return [0.1, 1, 10] if fault.answer.then is Then.STALL else [60]


def moved(reply: Answer, place: str) -> Answer:
    """The same answer, with a place to redirect to."""
    return Answer(reply.data.replace(b"{elsewhere}", place.encode()), reply.then)


def told(error: FriendliError) -> dict[str, Any]:
    """What an error tells of itself."""
    names = ("attempts", "ambiguous", "status_code", "body")
    return {name: getattr(error, name, None) for name in names}


def params(chosen: list[Fault]) -> list[Any]:
    """The faults, each by its name."""
    loud = [fault for fault in chosen if fault.before]
    return [
        pytest.param(fault, id=fault.name, marks=[QUIET] if fault in loud else [])
        for fault in chosen
    ]


@pytest.mark.parametrize("fault", params(FAULTS))
async def test_what_may_have_cost_a_picture_is_sent_once(
    fault: Fault, client: Callable[..., Caller], clock: Clock
) -> None:
    """The error says what came; the server counts one request; the next call on the client works.

    No connection stays open, and no other server is ever asked.
    """

    async def check(seconds: float) -> None:
        with (
            serving(lambda _: answer()) as other,
            failing(moved(fault.answer, other.url), 2, before=fault.before) as server,
        ):
            async with client(server_url=server.url, max_response_bytes=LIMIT) as friendli:
                for number in (1, 2):
                    with pytest.raises(FriendliError) as failed:
                        await friendli.draw(timeout=httpx.Timeout(60, read=seconds))
                    assert type(failed.value) is fault.error
                    assert told(failed.value) == {
                        "attempts": 1,
                        "ambiguous": fault.ambiguous,
                        "status_code": fault.status,
                        "body": told(failed.value)["body"] if fault.body is None else fault.body,
                    }
                    assert fault.words in str(failed.value)
                    assert await anyio.to_thread.run_sync(server.read, number * fault.reads)
                assert (await friendli.draw()).images[0].read() == PNG
                assert (len(server.requests), clock.sleeps) == (2 * fault.reads + 1, [])
                assert await anyio.to_thread.run_sync(server.idle, 1)  # kept for the next
            assert await anyio.to_thread.run_sync(server.idle)
            assert other.connections == 0

    await patiently(check, *limits(fault))


@pytest.mark.parametrize("fault", params(REFUSALS))
async def test_a_refusal_is_repeated_until_it_ends(
    fault: Fault, client: Callable[..., Caller], clock: Clock
) -> None:
    """The server counts an attempt for each refusal and one for the picture, all on one socket."""
    with failing(fault.answer, 3) as server:
        async with client(server_url=server.url) as friendli:
            assert (await friendli.draw()).images[0].read() == PNG
        assert (len(server.requests), len(clock.sleeps), server.connections) == (4, 3, 1)
        assert await anyio.to_thread.run_sync(server.idle)


@pytest.mark.parametrize("fault", params(REFUSALS))
async def test_a_refusal_without_end_is_told(
    fault: Fault, client: Callable[..., Caller], clock: Clock
) -> None:
    """The last refusal is raised, and counts the attempts as the server does."""
    with failing(fault.answer, 1000) as server:
        backoff = BackoffStrategy(1000, 1000, 1, 4000)
        async with client(server_url=server.url, retries=RetryConfig(backoff=backoff)) as friendli:
            with pytest.raises(fault.error) as failed:
                await friendli.draw()
        assert 5 <= len(server.requests) <= 9  # each wait is between 0.5 and 1 s
        assert sum(clock.sleeps) <= 4
        assert told(failed.value) == {
            "attempts": len(server.requests),
            "ambiguous": False,
            "status_code": fault.status,
            "body": fault.body,
        }


@pytest.mark.parametrize("fault", params([fault for fault in FAULTS if fault.ambiguous]))
async def test_what_may_have_cost_a_picture_is_repeated_for_who_opts_in(
    fault: Fault, client: Callable[..., Caller]
) -> None:
    """With `retry_ambiguous_errors` the server counts two failed attempts and a good one."""
    settings = {"max_response_bytes": LIMIT, "retries": OPTED}

    async def check(seconds: float) -> None:
        timeout = httpx.Timeout(60, read=seconds)
        with failing(fault.answer, 2, before=fault.before) as server:
            async with client(server_url=server.url, **settings) as friendli:
                assert (await friendli.draw(timeout=timeout)).images[0].read() == PNG
            assert await anyio.to_thread.run_sync(server.idle)
            assert len(server.requests) == 2 * fault.reads + 1

    await patiently(check, *limits(fault))


@pytest.mark.parametrize("good", HARMLESS.values(), ids=HARMLESS)
async def test_what_only_looks_like_a_fault_is_a_result(
    good: Answer, client: Callable[..., Caller]
) -> None:
    """Interim answers, a wrong content type and every framing of HTTP end in the picture."""
    with serving(lambda _: good) as server:
        async with client(server_url=server.url) as friendli:
            assert (await friendli.draw()).images[0].read() == PNG
        assert len(server.requests) == 1


async def test_a_refused_connection_is_tried_again(
    client: Callable[..., Caller], clock: Clock
) -> None:
    """Nothing was sent, so it is repeated, up to the elapsed limit; the error says so."""
    backoff = BackoffStrategy(1000, 1000, 1, 4000)
    settings = {"retries": RetryConfig(backoff=backoff)}
    with refusing() as place:
        async with client(server_url=f"http://{place}", **settings) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    assert told(failed.value) == {
        "attempts": len(clock.sleeps) + 1,
        "ambiguous": False,
        "status_code": None,
        "body": b"",
    }
    assert 5 <= failed.value.attempts <= 9


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
@pytest.mark.parametrize("is_callers", [False, True])
async def test_a_server_that_sends_more_than_fits_is_left(
    status: str, client: Callable[..., Caller], way: str, *, is_callers: bool
) -> None:
    """What fits is the error's body; the rest is not waited for, and holds no connection."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: 999999999\r\n\r\n".encode()
    settings: dict[str, Any] = {"max_response_bytes": LIMIT, "retries": None}
    if is_callers:
        kind: Any = httpx.Client if way == "sync" else httpx.AsyncClient
        settings["http_client"] = kind(limits=httpx.Limits(max_connections=1))
    with serving(lambda _: Answer(head + bytes(LIMIT + 1), Then.STALL)) as server:
        async with client(server_url=server.url, **settings) as friendli:
            for _ in range(2):
                with pytest.raises(SDKError) as failed:
                    await friendli.draw(timeout=30)
                assert failed.value.body == bytes(LIMIT)
            assert await anyio.to_thread.run_sync(server.idle)
    assert server.connections == 2


async def test_a_bomb_unpacks_into_bounded_memory(client: Callable[..., Caller]) -> None:
    """Of four gigabytes no more is in memory at once than a piece or two of the wire unpack to."""
    packer = zlib.compressobj(wbits=31)
    start, block = (
        packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    reply = answer("200 OK", start + 4095 * block, "Content-Encoding: gzip")
    with serving(lambda _: reply) as server:
        async with client(server_url=server.url, max_response_bytes=LIMIT) as friendli:
            tracemalloc.start()
            try:
                with pytest.raises(InvalidResponseError) as failed:
                    await friendli.draw()
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
    assert len(failed.value.body) == LIMIT
    assert peak < 256 * 2**20
