"""What comes in between: forks, event loops, cancellation and interrupts, on a server that works.

Each is done to one client, over and over, at moments that are drawn at random. Nothing that they
do may give a call another one's picture, lose one that was not disturbed, or cost a connection.
"""

import asyncio
import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from random import Random
from threading import Event
from typing import Any

import anyio
import attrs

from friendli_facade import AsyncFriendli, SyncFriendli, models
from scripts.faults.server import Answer, Request, answer, of_json, serving
from scripts.faults.soak_plan import picture

_SECONDS = 0.004  # about as long as a call takes
_AT_ONCE = 8
_PATIENCE = 60  # seconds after which what hangs is ended


@attrs.define
class Disturbances:
    """How often a client was disturbed, and what came of it."""

    forks: int = 0
    loops: int = 0
    cancelled: int = 0
    interrupted: int = 0
    pictures: int = 0
    wrong: list[str] = attrs.field(factory=list[str])

    def table(self) -> str:
        """The figures as lines for people."""
        rows = {
            "forks": self.forks,
            "event loops": self.loops,
            "cancelled calls": self.cancelled,
            "interrupted calls": self.interrupted,
            "pictures beside them": self.pictures,
            "wrong pictures, lost calls, connections": len(self.wrong),
        }
        return "\n".join(f"{name:40}{value}" for name, value in rows.items())

    def see(self, what: str, image: bytes, number: int) -> None:
        """Counts a picture, and whether it is the one that was asked for."""
        self.pictures += 1
        if image != picture(number):
            self.wrong.append(f"{what}: not picture {number}")


def disturb(times: int, seed: int) -> Disturbances:
    """The figures of so many disturbances of each kind; a fork and a loop count for twenty."""
    figures, chance = Disturbances(), Random(seed)  # noqa: S311
    with _server() as (url, is_idle):
        for kind in (_fork, _change_loops, _cancel, _cancel_scopes, _interrupt):
            kind(url, times, figures, chance)
            if not is_idle():
                figures.wrong.append(f"{kind.__name__}: connections are open at the server")
    return figures


def _fork(url: str, times: int, figures: Disturbances, _chance: Random) -> None:
    """Parent and child read the same result's pictures, while threads of the parent draw."""
    if not hasattr(os, "fork"):
        return
    warnings.filterwarnings("ignore", ".*fork.*", DeprecationWarning)
    over = Event()
    with SyncFriendli(token="t", server_url=url) as friendli, ThreadPoolExecutor(2) as threads:

        def draw_on() -> None:
            while not over.is_set():
                _image(friendli, 99).read()

        drawing = [threads.submit(draw_on) for _ in range(2)]
        for _ in range(max(1, times // 20)):
            images = [_image(friendli, number) for number in range(8)]
            images[0].read()
            child = _child(partial(_read, images[1::2], 1))
            for number in range(2, 8, 2):
                figures.see("a parent's", images[number].read(), number)
            figures.forks += 1
            _, status = os.waitpid(child, 0)
            if status:
                figures.wrong.append(f"a child read other pictures, or ended by {status}")
        over.set()
        for one in drawing:
            one.result()


def _read(images: list[models.Image], first: int) -> bool:
    return all(
        image.read() == picture(number)
        for image, number in zip(images, range(first, 8, 2), strict=False)
    )


def _child(work: Callable[[], bool]) -> int:
    """A child process whose status is 0 if `work` is true."""
    child = os.fork()
    if not child:
        signal.alarm(_PATIENCE)
        status = 1
        with suppress(BaseException):
            status = 0 if work() else 1
        os._exit(status)
    return child


def _change_loops(url: str, times: int, figures: Disturbances, _chance: Random) -> None:
    """Threads with one event loop after the other, of asyncio and trio, share a client."""
    friendli = AsyncFriendli(token="t", server_url=url)

    async def draw(first: int) -> None:
        for number in range(first, first + 10):
            figures.see("a loop's", await (await _aimage(friendli, number)).aread(), number)

    def work(thread: int) -> None:
        for turn in range(max(1, times // 80)):
            anyio.run(draw, thread * 10, backend=("asyncio", "trio")[(thread + turn) % 2])
            figures.loops += 1

    with ThreadPoolExecutor(4) as threads:
        for one in [threads.submit(work, thread) for thread in range(4)]:
            one.result()


def _cancel(url: str, times: int, figures: Disturbances, chance: Random) -> None:
    """Tasks of asyncio are cancelled by `task.cancel()`."""

    async def cancelled(call: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        task = asyncio.ensure_future(call())
        await asyncio.sleep(chance.uniform(0, _AT_ONCE * _SECONDS))
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return task.cancelled()

    anyio.run(_cancelling, url, times, figures, cancelled)


def _cancel_scopes(url: str, times: int, figures: Disturbances, chance: Random) -> None:
    """Tasks of trio are cancelled by their scope."""

    async def cancelled(call: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        with anyio.move_on_after(chance.uniform(0, _AT_ONCE * _SECONDS)) as scope:
            await call()
        return scope.cancelled_caught

    anyio.run(_cancelling, url, times, figures, cancelled, backend="trio")


async def _cancelling(
    url: str,
    times: int,
    figures: Disturbances,
    cancelled: Callable[[Callable[[], Coroutine[Any, Any, None]]], Coroutine[Any, Any, bool]],
) -> None:
    """Cancels calls, a few at a time, and then makes more than there are places in httpx's pool."""
    async with AsyncFriendli(token="t", server_url=url, retries=None) as friendli:

        async def draw() -> None:
            figures.see("a task's", await (await _aimage(friendli, 7)).aread(), 7)

        async def work() -> None:
            for _ in range(times // _AT_ONCE):
                was_cancelled = await cancelled(draw)
                figures.cancelled += was_cancelled

        for job, jobs in ((work, _AT_ONCE), (draw, 120)):
            with anyio.fail_after(_PATIENCE):
                async with anyio.create_task_group() as tasks:
                    for _ in range(jobs):
                        tasks.start_soon(job)


def _interrupt(url: str, times: int, figures: Disturbances, chance: Random) -> None:
    """KeyboardInterrupt, as a signal raises it."""
    if not hasattr(signal, "setitimer"):
        return
    # What an interrupted call had is left to the garbage collector.
    warnings.filterwarnings("ignore", "unclosed <s", ResourceWarning)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    friendli = SyncFriendli(token="t", server_url=url, retries=None)
    try:
        for _ in range(times):
            try:
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.0001, _SECONDS))
                figures.see("a thread's", _image(friendli, 7).read(), 7)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except KeyboardInterrupt:
                figures.interrupted += 1
        signal.alarm(_PATIENCE)
        figures.see("the next", _image(friendli, 7).read(), 7)
        friendli.close()  # which would say if a call were counted for good
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _image(friendli: SyncFriendli, number: int) -> models.Image:
    return friendli.dedicated.image.generate(model="m", prompt=str(number)).images[0]


async def _aimage(friendli: AsyncFriendli, number: int) -> models.Image:
    return (await friendli.dedicated.image.generate(model="m", prompt=str(number))).images[0]


@contextmanager
def _server() -> Generator[tuple[str, Callable[[], bool]]]:
    """The URL of a server in a process of its own, and whether its connections are all closed."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    process.start()

    def is_idle() -> bool:
        ours.send("idle")
        idle: bool = ours.recv()
        return idle

    try:
        yield ours.recv(), is_idle
    finally:
        ours.send(None)
        process.join()
        for pipe in (ours, theirs):
            pipe.close()


def serve(pipe: Connection) -> None:
    """The server's process: says its URL, and whether all is closed whenever it is asked."""

    def respond(request: Request) -> Answer:
        if request.method == "GET":
            return answer("200 OK", picture(int(request.target[1:])))
        url = f"{server.url}/{request.json['prompt']}"
        return of_json({"data": [{"seed": 7, "response_format": "url", "url": url}]})

    with serving(respond) as server:
        pipe.send(server.url)
        while pipe.recv():
            pipe.send(server.idle())
