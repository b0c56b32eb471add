"""What several calls were given at once, and what changes while it is sent."""

import base64
import io
import json
import os
import re
import socket
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import anyio
import httpx
import pytest

from friendli_facade import AsyncFriendli, SyncFriendli, ValidationError
from friendli_facade._inputs.reading import PIECE
from tests.inputs.test_files import Raw
from tests.samples import PNG
from tests.transports import Wire, right

SKIPPED = b"skipped"
CONTENT = PNG + os.urandom(3_000_000)
CALLS = 8
OTHERS: dict[str, Callable[[], Any]] = {
    "in memory": lambda: io.BytesIO(SKIPPED + CONTENT),
    "raw": lambda: Raw(SKIPPED + CONTENT, most=10_000),
    "pipe": lambda: Raw(SKIPPED + CONTENT, most=10_000, seekable=False),
    "spooled": lambda: spooled(),  # noqa: PLW0108
}
KINDS = ["named", *OTHERS]


def spooled() -> Any:
    file = tempfile.SpooledTemporaryFile()  # noqa: SIM115
    file.write(SKIPPED + CONTENT)
    file.seek(0)
    return file


def opened(kind: str, path: Path) -> Any:
    """A file object that stands behind what shall be skipped."""
    path.write_bytes(SKIPPED + CONTENT)
    file = OTHERS[kind]() if kind in OTHERS else path.open("rb")
    assert file.read(len(SKIPPED)) == SKIPPED
    return file


def check(outcomes: list[Any], wire: Wire) -> None:
    """One call, at least, sent the whole of what was left; each other was refused, in words."""
    refused = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    assert {str(one)[:30] for one in refused} <= {"image must have something left"}
    assert len(wire.requests) == len(outcomes) - len(refused) >= 1
    for body in wire.bodies:
        assert base64.b64decode(body["image"]["image"]) == CONTENT


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_in_many_threads_is_sent_whole_or_refused(kind: str, tmp_path: Path) -> None:
    """One file object in calls of many threads: each sends what was left of it, or nothing."""
    for _ in range(5):
        wire, barrier = Wire(right), Barrier(CALLS)
        friendli = wire.sync()

        def call(file: Any, friendli: SyncFriendli = friendli, barrier: Barrier = barrier) -> Any:
            barrier.wait()
            try:
                return friendli.container.image.edit(image=file, prompt="p")
            except ValidationError as error:
                return error

        with opened(kind, tmp_path / "cat.png") as file, ThreadPoolExecutor(CALLS) as threads:
            outcomes = list(threads.map(call, [file] * CALLS))
        check(outcomes, wire)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_in_many_tasks_is_sent_whole_or_refused(kind: str, tmp_path: Path) -> None:
    """The same of many tasks."""
    wire = Wire(right)
    outcomes: list[Any] = []
    friendli = wire.asynchronous()

    async def call(file: Any) -> None:
        try:
            outcomes.append(await friendli.container.image.edit(image=file, prompt="p"))
        except ValidationError as error:
            outcomes.append(error)

    with opened(kind, tmp_path / "cat.png") as file:
        async with anyio.create_task_group() as tasks:
            for _ in range(CALLS):
                tasks.start_soon(call, file)
    assert len(outcomes) == CALLS
    check(outcomes, wire)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_moved_or_closed_meanwhile_is_sent_as_it_stood(
    kind: str, tmp_path: Path
) -> None:
    """What the caller does with a file object after the call began does no harm."""
    file = opened(kind, tmp_path / "cat.png")
    received: list[bytes] = []

    class Transport(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.SyncByteStream)
            for number, piece in enumerate(request.stream):
                received.append(piece)
                if number == 3:
                    file.seek(5) if file.seekable() else file.read()
                elif number == 6:
                    file.close()
            return right(request)

    friendli = SyncFriendli(http_client=httpx.Client(transport=Transport()))
    friendli.container.image.edit(image=file, prompt="p")
    assert base64.b64decode(json.loads(b"".join(received))["image"]["image"]) == CONTENT


class Rewriting(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Takes a body, and calls `change` when some pieces of it have come."""

    def __init__(self, after: int, change: Callable[[], object]) -> None:
        self.after = after
        self.change = change
        self.received = 0

    def _take(self, piece: bytes, number: int) -> None:
        self.received += len(piece)
        if number == self.after:
            self.change()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        for number, piece in enumerate(request.stream):
            self._take(piece, number)
        return right(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        number = 0
        async for piece in request.stream:
            self._take(piece, number)
            number += 1
        return right(request)


def settled(path: Path) -> Path:
    """A file that was written long ago, so that no clock is too coarse for what follows."""
    path.write_bytes(CONTENT)
    os.utime(path, ns=(0, 0))
    return path


LAST = len(CONTENT) // PIECE  # pieces before the last


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("after", [0, 1, LAST // 2, LAST])
async def test_a_file_that_is_rewritten_in_place_is_never_sent_whole(
    after: int, tmp_path: Path, *, is_open: bool
) -> None:
    """A file that is written to while it is sent is noticed before its last piece goes out."""
    path = tmp_path / "cat.png"
    other = PNG + os.urandom(len(CONTENT) - len(PNG))

    def change() -> None:
        with path.open("r+b") as file:
            file.write(other)

    async def call(transport: Rewriting, image: Any, *, asynchronous: bool) -> None:
        if asynchronous:
            http = httpx.AsyncClient(transport=transport)
            await AsyncFriendli(http_client=http).container.image.edit(image=image, prompt="p")
        else:
            client = SyncFriendli(http_client=httpx.Client(transport=transport))
            client.container.image.edit(image=image, prompt="p")

    for asynchronous in (False, True):
        settled(path)
        transport = Rewriting(after, change)
        with path.open("rb") as file, pytest.raises(ValidationError) as raised:
            await call(transport, file if is_open else path, asynchronous=asynchronous)
        assert "image must stay as it is until it is sent" in str(raised.value)
        assert transport.received < len(CONTENT) * 4 // 3


def test_a_server_never_has_the_whole_of_a_file_that_changed(tmp_path: Path) -> None:
    """On a real socket the connection ends before the body does."""
    path = tmp_path / "cat.png"
    path.write_bytes(CONTENT * 8)
    os.utime(path, ns=(0, 0))
    head, received, length = b"", 0, 1

    def serve() -> None:
        nonlocal head, received, length
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as request:
            while (line := request.readline()) != b"\r\n":
                head += line
            length = int(re.findall(rb"(?i)content-length: (\d+)", head)[0])
            path.write_bytes(CONTENT[::-1] * 8)
            while received < length and (piece := request.read1(1 << 16)):
                received += len(piece)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        friendli = SyncFriendli(server_url=url, retries=None)
        with friendli, pytest.raises(ValidationError):
            friendli.container.image.edit(image=path, prompt="p")
        thread.join()
    assert 0 < received < length
