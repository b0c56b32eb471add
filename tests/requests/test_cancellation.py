"""Calls that are cancelled while a thread reads the file that they send."""

import asyncio
import io
import json
import os
import random
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import anyio.to_thread
import attrs
import pytest

from friendli_facade import AsyncFriendli
from friendli_facade._inputs.reading import PIECE
from tests.samples import PNG, answer
from tests.servers import Received, Reply, recording
from tests.transports import Wire, right

PIECES = 5


@attrs.frozen
class Reading:
    """A file of which one piece takes as long as the test likes."""

    path: Path
    begun: Event = attrs.field(factory=Event)
    may_end: Event = attrs.field(factory=Event)
    was_awaited: Event = attrs.field(factory=Event)

    async def is_begun(self) -> None:
        """Returns when a thread is reading that piece."""
        await anyio.to_thread.run_sync(self.begun.wait, 30)

    async def is_closed(self) -> None:
        """Returns when nobody has the file open any more."""
        self.may_end.set()
        with anyio.fail_after(30):
            while opened(self.path):
                await anyio.sleep(0.001)


def opened(path: Path) -> int:
    """How often this process has a file open."""
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            count += os.path.samestat(descriptor.stat(), path.stat())
    return count


@pytest.fixture(params=range(1, PIECES + 1))
def reading(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[Reading]:
    """Stops at each of the pieces; the first one is read before, too, to see what it is."""
    path = tmp_path / "cat.png"
    path.write_bytes(PNG.ljust(PIECES * PIECE, b"x"))
    stopped = Reading(path)
    count = 0

    class Slow(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            nonlocal count
            count += 1
            if count == request.param + 1:
                stopped.begun.set()
                if not stopped.may_end.wait(60):
                    stopped.was_awaited.set()
            return super().read(size)

    usual: Callable[..., Any] = Path.open

    def opening(one: Path, *arguments: Any, **options: Any) -> Any:
        return Slow(one) if one == path else usual(one, *arguments, **options)

    monkeypatch.setattr(Path, "open", opening)
    yield stopped
    stopped.may_end.set()


async def edited(path: Path) -> None:
    await Wire(right).asynchronous().container.image.edit(image=path, prompt="p")


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_cancelled_task_raises_cancelled_error(reading: Reading) -> None:
    """`task.cancel()` is a CancelledError at once, however often, and the file is closed."""
    task = asyncio.create_task(edited(reading.path))
    await reading.is_begun()
    task.cancel()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not reading.was_awaited.is_set()
    await reading.is_closed()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_timeout_of_asyncio_raises_timeout_error(reading: Reading) -> None:
    """`asyncio.timeout` is a TimeoutError."""

    async def expire(limit: asyncio.Timeout) -> None:
        await reading.is_begun()
        limit.reschedule(asyncio.get_running_loop().time())

    async def call() -> None:
        async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as tasks:
            tasks.create_task(expire(limit))
            await edited(reading.path)

    with pytest.raises(TimeoutError):
        await call()
    assert not reading.was_awaited.is_set()
    await reading.is_closed()


async def test_a_cancelled_scope_ends_the_call(reading: Reading) -> None:
    """A cancel scope, of anyio or trio, ends the call at once."""

    async def cancel(scope: anyio.CancelScope) -> None:
        await reading.is_begun()
        scope.cancel()

    scope = anyio.CancelScope()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(cancel, scope)
        with scope:
            await edited(reading.path)
    assert scope.cancelled_caught
    assert not reading.was_awaited.is_set()
    await reading.is_closed()


async def test_any_number_of_cancelled_calls_leaves_nothing(tmp_path: Path) -> None:
    """Hundreds of calls, cancelled at any point, leave no file open, and the next call is right."""
    path = tmp_path / "cat.png"
    path.write_bytes(PNG.ljust(20 * PIECE, b"x"))
    chance = random.Random(9)

    def reply(request: Received) -> Reply:
        return 200, {}, json.dumps(answer(request.path)).encode()

    async def at_most(seconds: float, call: Callable[[], Awaitable[object]]) -> None:
        with anyio.move_on_after(seconds):
            await call()

    with recording(reply) as server:
        async with AsyncFriendli(server_url=server.url, retries=None) as friendli:

            async def edit() -> object:
                return await friendli.container.image.edit(image=path, prompt="p")

            for _ in range(30):
                async with anyio.create_task_group() as tasks:
                    for _ in range(10):
                        tasks.start_soon(at_most, chance.random() / 50, edit)
            await edit()
    with anyio.fail_after(30):
        while opened(path):
            await anyio.sleep(0.001)
