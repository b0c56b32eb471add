"""What is aiohttp's own: its connections, its errors, its event loop."""

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path

import httpx
import httpx_aiohttp
import pytest

from friendli_facade import APIConnectionError, AsyncFriendli, ClientClosedError
from scripts.faults.server import Answer, Request, Then, of_json, serving
from tests.callers import Caller
from tests.delivery.test_token import frames
from tests.samples import PNG, PNG_BASE64
from tests.three_ways import TOKEN

RESULT = {"data": [{"seed": 7, "response_format": "png", "b64_json": PNG_BASE64}]}


async def test_calls_share_kept_connections(client: Callable[..., Caller]) -> None:
    """One after the other they use one connection."""
    with serving(lambda _: of_json(RESULT)) as server:
        async with client(server_url=server.url) as friendli:
            for _ in range(5):
                assert await friendli.read((await friendli.draw()).images[0]) == PNG
    assert (len(server.requests), server.connections) == (5, 1)


async def test_a_file_is_streamed_with_its_length(
    client: Callable[..., Caller], tmp_path: Path
) -> None:
    """An upload has a Content-Length, no Transfer-Encoding, and arrives whole."""
    picture = PNG + bytes(300_000)
    (tmp_path / "cat.png").write_bytes(picture)
    with serving(lambda _: of_json(RESULT)) as server:
        async with client(server_url=server.url) as caller:
            friendli = caller.friendli
            assert isinstance(friendli, AsyncFriendli)
            await friendli.dedicated.image.edit(
                model="m", prompt="p", image=[tmp_path / "cat.png", picture]
            )
    (request,) = server.requests
    assert "transfer-encoding" not in request.headers
    assert int(request.headers["content-length"]) == len(request.body)
    assert [base64.b64decode(one["image"]) for one in request.json["image"]] == [picture] * 2


@pytest.mark.parametrize(
    "fault",
    [
        Answer(then=Then.CLOSE),
        Answer(then=Then.RESET),
        Answer(b"HTTP/1.1 200 OK\r\nX-", Then.RESET),
        Answer(b"SSH-2.0\r\n", Then.CLOSE),
        Answer(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n"),
    ],
    ids=["closed", "reset", "reset within the headers", "no HTTP", "a huge header"],
)
async def test_what_was_sent_is_never_called_unsent(
    fault: Answer, client: Callable[..., Caller]
) -> None:
    """The picture may be paid for: one request, an ambiguous error, and the token nowhere in it."""

    def fail(_: Request) -> Answer:
        return fault

    with serving(fail) as server:
        async with client(server_url=server.url) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    assert (len(server.requests), failed.value.attempts, failed.value.ambiguous) == (1, 1, True)
    ours = [names for file, names in frames(failed.value) if "tests" not in file]
    assert TOKEN not in repr(ours)
    error: BaseException | None = failed.value
    while error is not None:
        assert TOKEN not in repr((vars(error), error.args, str(error)))
        error = error.__context__


async def test_calls_that_are_cancelled_cost_no_connection() -> None:
    """After a hundred of them a pool of two places has both."""
    is_slow = True

    def respond(_: Request) -> Answer:
        return Answer(then=Then.STALL) if is_slow else of_json(RESULT)

    limits = httpx.Limits(max_connections=2)
    with serving(respond) as server:
        async with (
            httpx_aiohttp.HttpxAiohttpClient(limits=limits) as http,
            AsyncFriendli(token=TOKEN, server_url=server.url, http_client=http) as friendli,
        ):
            image = friendli.dedicated.image
            for _ in range(10):
                calls = [
                    asyncio.create_task(image.generate(model="m", prompt="p")) for _ in range(10)
                ]
                await asyncio.sleep(0.02)
                for call in calls:
                    call.cancel()
                ended = await asyncio.gather(*calls, return_exceptions=True)
                assert {type(one) for one in ended} == {asyncio.CancelledError}
            is_slow = False
            drawn = await asyncio.gather(
                *(image.generate(model="m", prompt="p", timeout=30) for _ in range(8))
            )
    assert len(drawn) == 8


def test_a_second_event_loop_is_refused() -> None:
    """Its connections belong to the first one, as those of httpx do."""
    with serving(lambda _: of_json(RESULT)) as server:
        http = httpx_aiohttp.HttpxAiohttpClient(limits=httpx.Limits(max_connections=4000))
        friendli = AsyncFriendli(token=TOKEN, server_url=server.url, http_client=http)

        async def draw() -> None:
            await friendli.dedicated.image.generate(model="m", prompt="p")

        with asyncio.Runner() as first:
            first.run(draw())
            with asyncio.Runner() as second, pytest.raises(ClientClosedError, match="event loop"):
                second.run(draw())
            first.run(http.aclose())
    assert len(server.requests) == 1
