"""A call has a total time, whatever the server does: on real sockets, by the real clock.

Each of these servers would come to an end by itself, in a good answer, long after the deadline.
"""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx
import pytest

from friendli_facade import (
    APITimeoutError,
    AuthenticationError,
    DownloadError,
    FriendliError,
    ServerError,
)
from friendli_facade._delivery.retries import pause
from friendli_facade.utils import BackoffStrategy, RetryConfig
from scripts.faults.server import answer, of_json, serving
from tests.callers import Caller
from tests.delivery.slow_servers import TIMES, drip, slow
from tests.delivery.test_faults import GOOD
from tests.patience import patiently
from tests.samples import PNG

DEADLINES = (0.3, 3, 30)
Client = Callable[..., Caller]

# What is cancelled leaves generators behind, and trio warns of it.
pytestmark = pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")


@pytest.fixture(autouse=True)
def clock() -> None:
    """Overrides the clock that stands still: these deadlines are real."""


WHOLE = of_json(GOOD).data
HEAD, _, BODY = WHOLE.partition(b"\r\n\r\n")
LONGER = HEAD.replace(str(len(BODY)).encode(), str(len(BODY) + TIMES).encode())
DRIPS = {
    "headers": drip(HEAD + b"\r\nX-Slow: ", b"\r\n\r\n" + BODY),
    "interim answers": drip(b"HTTP/1.1 103 Early Hints\r\nX: ", b"\r\n\r\n" + WHOLE),
    "body": drip(LONGER + b"\r\n\r\n", BODY),
}


@pytest.mark.parametrize("where", DRIPS)
async def test_a_server_that_drips_bytes_is_late(where: str, client: Client) -> None:
    """Each byte comes in time, and the answer does not: the error is ambiguous, and no retry."""
    patient = RetryConfig(retry_ambiguous_errors=True)

    async def check(deadline: float) -> None:
        with slow(DRIPS[where]) as server:
            async with client(server_url=server.url, timeout=deadline, retries=patient) as friendli:
                with pytest.raises(APITimeoutError) as failed:
                    await friendli.draw()
            assert server.done < TIMES
        assert (failed.value.ambiguous, failed.value.attempts) == (True, 1)
        assert failed.value.reason == f"the {deadline:g} s that it may take in all are over"

    await patiently(check, *DEADLINES)


async def test_a_server_that_drips_is_heard_to_the_end_within_its_time(client: Client) -> None:
    """What is slow and not late is a result."""

    def steps(connection: socket.socket) -> Iterator[None]:
        connection.recv(65536)
        for part in (WHOLE[:20], WHOLE[20:-5], WHOLE[-5:]):
            connection.sendall(part)
            yield

    with slow(steps) as server:
        async with client(server_url=server.url, timeout=30) as friendli:
            assert (await friendli.draw()).images[0].read() == PNG


async def test_an_upload_that_drips_away_is_late(client: Client) -> None:
    """A server that reads a little now and then holds nobody up."""

    def steps(connection: socket.socket) -> Iterator[None]:
        for _ in range(TIMES):
            connection.recv(65536)
            yield
        while connection.recv(2**20):
            pass

    picture = PNG + bytes(2**23)

    async def check(deadline: float) -> None:
        with slow(steps) as server:
            async with client(server_url=server.url, timeout=deadline) as friendli:
                with pytest.raises(APITimeoutError) as failed:
                    await friendli.draw(control_images=[picture], controlnet_weights=[0.5])
            assert server.done < TIMES
        assert failed.value.ambiguous

    await patiently(check, *DEADLINES)


@pytest.mark.parametrize("addresses", [1, 3])
async def test_a_connection_that_is_not_made_is_late(
    addresses: int, way: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many addresses a name has, and though each might take a minute; nothing was sent."""
    tried: list[object] = []
    lookup, connect = socket.getaddrinfo, socket.socket.connect
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port: int = listener.getsockname()[1]
        queue = [socket.socket() for _ in range(3)]
        for one in queue:  # which fills the backlog: further ones get no word
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))

        def getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
            found = lookup("127.0.0.1", *arguments, **named)
            return found * addresses if host in {"far.example", b"far.example"} else found

        def counted(self: socket.socket, place: Any) -> None:
            tried.append(place)
            connect(self, place)

        monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
        monkeypatch.setattr(socket.socket, "connect", counted)
        arguments = {"allow_insecure_http": True, "server_url": f"http://far.example:{port}"}

        async def check(deadline: float) -> None:
            tried.clear()
            async with client(timeout=deadline, **arguments) as friendli:
                with pytest.raises(APITimeoutError) as failed:
                    await friendli.draw()
            assert (failed.value.ambiguous, failed.value.attempts) == (False, 1)
            if way == "sync":  # the second address would begin when it is over
                assert len(tried) == 1

        await patiently(check, *DEADLINES)
        for one in queue:
            one.close()


async def test_a_handshake_that_drips_is_late(client: Client) -> None:
    """TLS is part of connecting: nothing was sent, and there is no time for another attempt."""

    async def check(deadline: float) -> None:
        with slow(drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"")) as server:
            url = server.url.replace("http:", "https:")
            async with client(server_url=url, timeout=deadline) as friendli:
                with pytest.raises(APITimeoutError) as failed:
                    await friendli.draw()
            assert server.done < TIMES
        assert (failed.value.ambiguous, failed.value.attempts) == (False, 1)

    await patiently(check, *DEADLINES)


async def test_a_proxy_that_drips_is_late(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was asked to connect, and nothing was sent to the server."""

    async def check(deadline: float) -> None:
        with slow(drip(b"HTTP/1.1 200 OK\r\nX: ", b"\r\n\r\n")) as server:
            monkeypatch.setenv("HTTPS_PROXY", server.url)
            async with client(server_url="https://api.friendli.ai", timeout=deadline) as friendli:
                with pytest.raises(APITimeoutError) as failed:
                    await friendli.draw()
            assert server.done < TIMES
        assert not failed.value.ambiguous

    await patiently(check, *DEADLINES)


async def test_a_download_that_drips_is_late(client: Client) -> None:
    """A picture is fetched within the time of a call, its repetitions included."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(PNG) + TIMES}\r\n\r\n".encode() + PNG

    async def check(deadline: float) -> None:
        with slow(drip(head, b"")) as storage:
            item = {"seed": 7, "response_format": "png", "url": f"{storage.url}/a.png"}
            with serving(lambda _: of_json({"data": [item]})) as server:
                async with client(server_url=server.url, timeout=deadline) as friendli:
                    (image,) = (await friendli.draw()).images
                    with pytest.raises(DownloadError, match=f"{deadline:g} s that it may take in"):
                        await friendli.read(image)
            assert storage.done < TIMES

    await patiently(check, *DEADLINES)


async def test_the_body_of_a_slow_answer_is_late_through_the_callers_own_client(
    way: str, client: Client
) -> None:
    """Its streams are not ours, so in sync only the body's pieces are looked at, and no header."""
    http: Any = httpx.Client() if way == "sync" else httpx.AsyncClient()

    async def check(deadline: float) -> None:
        settings = {"timeout": deadline, "http_client": http}
        with slow(DRIPS["body"]) as server:
            async with client(server_url=server.url, **settings) as friendli:
                with pytest.raises(APITimeoutError) as failed:
                    await friendli.draw()
            assert server.done < TIMES
        assert failed.value.ambiguous

    await patiently(check, *DEADLINES)
    if way == "sync":
        http.close()
    else:
        await http.aclose()


async def test_an_error_that_says_so_slowly_is_that_error(client: Client) -> None:
    """Its status came in time, and what it says of itself is cut at the deadline."""
    head = f"HTTP/1.1 401 Unauthorized\r\nContent-Length: {2 * TIMES}\r\n\r\n".encode()

    async def check(deadline: float) -> None:
        with slow(drip(head, b" " * TIMES)) as server:
            async with client(server_url=server.url, timeout=deadline) as friendli:
                with pytest.raises(AuthenticationError):
                    await friendli.draw()
            assert server.done < TIMES

    await patiently(check, *DEADLINES)


async def test_no_retry_begins_that_would_be_late(client: Client) -> None:
    """The refusal is raised at once where the wait that it takes would not be over in time."""
    backoff = RetryConfig(backoff=BackoffStrategy(initial_interval=60_000))
    with serving(lambda _: answer("503 Busy")) as server:
        async with client(server_url=server.url, timeout=29, retries=backoff) as friendli:
            with pytest.raises(ServerError):
                await friendli.draw()
        assert len(server.requests) == 1


async def test_a_call_without_a_limit_has_none(client: Client) -> None:
    """`timeout=None` waits, and so does `httpx.Timeout(None)`."""
    with serving(lambda _: of_json(GOOD)) as server:
        async with client(server_url=server.url, timeout=None) as friendli:
            assert (await friendli.draw()).images
            assert (await friendli.draw(timeout=httpx.Timeout(None))).images


async def test_an_error_at_the_deadline_leaves_the_client_as_it_was(client: Client) -> None:
    """After many late answers the next call works, and no connection stays open."""
    late = True

    def steps(connection: socket.socket) -> Iterator[None]:
        connection.recv(65536)
        if late:
            yield from DRIPS["headers"](connection)
        connection.sendall(WHOLE)
        yield

    with slow(steps) as server:
        async with client(server_url=server.url, timeout=DEADLINES[0]) as friendli:
            for _ in range(3):
                with pytest.raises(FriendliError):
                    await friendli.draw()
            late = False
            assert (await friendli.draw(timeout=30)).images[0].read() == PNG


async def test_a_pause_leaves_the_event_loop_to_others() -> None:
    """On asyncio and on trio; nothing else of a client waits."""
    order: list[str] = []

    async def work(name: str) -> None:
        order.append(f"{name} begins")
        await pause(0)
        order.append(f"{name} ends")

    async with anyio.create_task_group() as tasks:
        for name in ("one", "two"):
            tasks.start_soon(work, name)
    assert {line.split()[1] for line in order[:2]} == {"begins"}
    assert {line.split()[1] for line in order[2:]} == {"ends"}
