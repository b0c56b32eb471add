"""Thousands of calls against a server that fails at random, each checked against what must come."""

import asyncio
import gc
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import attrs
import httpx
from anyio.from_thread import start_blocking_portal
from httpx_aiohttp import HttpxAiohttpClient

from friendli_facade import AsyncFriendli, FriendliError, SyncFriendli
from friendli_facade.utils import BackoffStrategy, RetryConfig
from scripts.faults.matrix import LIMIT
from scripts.faults.server import Answer, Request, serving
from scripts.faults.soak_plan import Outcome, Plan, kind, opted_in, picture, refused

_DELAYS = BackoffStrategy(5, 20, 1.5, 600_000)
_RETRIES = RetryConfig("backoff", _DELAYS)
_OPTED = RetryConfig("backoff", _DELAYS, retry_ambiguous_errors=True)
_BRIEF = RetryConfig("backoff", BackoffStrategy(5, 20, 1.5, 60))
# What is never answered is given up soon; else a machine that is busy is no fault.
_PATIENCE, _HASTE = httpx.Timeout(60), httpx.Timeout(60, read=3)
_NOBODY = "http://127.0.0.1:1"


@attrs.frozen
class Done:
    """What a call ended in, and the attempts that its error counts."""

    kind: str
    attempts: int | None = None


def serve(seed: int, pipe: Connection) -> None:
    """The server's process: says its URL, and in the end how often it was asked for what."""
    plan = Plan(seed)
    running: dict[tuple[str, int], Iterator[tuple[Answer, Any]]] = {}
    counts: Counter[tuple[str, int]] = Counter()

    def respond(request: Request) -> Answer:
        post = request.method == "POST"
        number = int(request.json["prompt"] if post else request.target[1:])
        key = (request.method, number)
        counts[key] += 1
        if key not in running:
            running[key] = plan.posts(number, server.url) if post else plan.gets(number)
        return next(running[key])[0]

    with serving(respond) as server:
        pipe.send(server.url)
        pipe.recv()
        server.idle()
        pipe.send((dict(counts), server.open))


@attrs.define
class Figures:
    """What a soak has measured."""

    calls: int
    seconds: float = 0
    outcomes: Counter[str] = attrs.field(factory=Counter[str])
    posts: int = 0
    gets: int = 0
    wrong: list[str] = attrs.field(factory=list[str])
    files: list[int] = attrs.field(factory=list[int])
    megabytes: list[float] = attrs.field(factory=list[float])
    open_at_server: int = 0

    def table(self) -> str:
        """The figures as lines for people."""
        rows: dict[str, object] = {
            "calls": f"{self.calls} in {self.seconds:.1f} s",
            **{f"  {kind}": number for kind, number in sorted(self.outcomes.items())},
            "POSTs, GETs": f"{self.posts}, {self.gets}",
            "wrong outcomes or counts": len(self.wrong),
            "open files, before and after": self.files,
            "open connections at the server": self.open_at_server,
            "resident MiB, by fifths": " ".join(f"{size:.0f}" for size in self.megabytes),
        }
        return "\n".join(f"{name:40}{value}" for name, value in rows.items())


def soak(calls: int, at_once: int, seed: int, *, on_aiohttp: bool = False) -> Figures:
    """The figures of so many calls, of which so many are on their way at once."""
    plan, figures = Plan(seed), Figures(calls)
    done: dict[int, Done] = {}
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(seed, theirs), daemon=True)
    process.start()
    url: str = ours.recv()
    figures.files.append(_open_files())
    started = time.perf_counter()

    def finish(number: int, result: Done) -> None:
        done[number] = result
        if len(done) % max(1, calls // 5) == 0:
            gc.collect()
            figures.megabytes.append(_resident())

    # Three quarters on one event loop, and a quarter in threads beside it.
    numbers = iter([number for number in range(calls) if number % 4 != 3])
    with (
        SyncFriendli(**_settings(url)) as friendli,
        ThreadPoolExecutor(at_once // 4) as threads,
        start_blocking_portal() as loop,  # where a loop ran, coverage loses what comes after it
    ):

        def work(number: int) -> None:
            finish(number, _call(friendli, _arguments(plan, number), number))

        jobs = [threads.submit(work, number) for number in range(3, calls, 4)]
        client = _friendli(url, on_aiohttp)
        loop.call(_calls, client, plan, numbers, at_once - at_once // 4, finish)
        for job in jobs:
            job.result()
    figures.seconds = time.perf_counter() - started
    gc.collect()
    figures.files.append(_open_files())
    ours.send("done")
    counts, figures.open_at_server = ours.recv()
    process.join()
    for pipe in (ours, theirs):
        pipe.close()
    for number in range(calls):
        judged = done.get(number, Done("lost"))
        _judge(figures, number, plan.expected(number), judged, counts, on_aiohttp=on_aiohttp)
    return figures


def _judge(
    figures: Figures,
    number: int,
    expected: Outcome,
    done: Done,
    counts: dict[tuple[str, int], int],
    *,
    on_aiohttp: bool,
) -> None:
    made = Outcome(done.kind, counts.get(("POST", number), 0), counts.get(("GET", number), 0))
    figures.outcomes[made.kind] += 1
    figures.posts += made.posts
    figures.gets += made.gets
    counted = {None, made.gets or made.posts}
    if on_aiohttp and made.gets:  # it repeats a GET itself where a kept connection broke
        counted.add(made.gets - 1)
    if made != expected or (done.attempts not in counted and not refused(number)):
        figures.wrong.append(f"call {number}: {made}, {done.attempts} attempts, not {expected}")


def _settings(url: str) -> dict[str, Any]:
    return {
        "token": "flp_soak",
        "server_url": url,
        "timeout": _PATIENCE,
        "max_response_bytes": LIMIT,
        "retries": _RETRIES,
    }


def _arguments(plan: Plan, number: int) -> dict[str, Any]:
    arguments: dict[str, Any] = {"model": "m", "prompt": str(number)}
    if plan.stalls(number):
        arguments["timeout"] = _HASTE
    if refused(number):
        return {**arguments, "server_url": _NOBODY, "retries": _BRIEF}
    return {**arguments, "retries": _OPTED} if opted_in(number) else arguments


def _call(friendli: SyncFriendli, arguments: dict[str, Any], number: int) -> Done:
    try:
        (image,) = friendli.dedicated.image.generate(**arguments).images
        return _drawn(number, image.read())
    except FriendliError as error:
        return _failed(error)


async def _acall(friendli: AsyncFriendli, arguments: dict[str, Any], number: int) -> Done:
    try:
        (image,) = (await friendli.dedicated.image.generate(**arguments)).images
        return _drawn(number, await image.aread())
    except FriendliError as error:
        return _failed(error)


@asynccontextmanager
async def _friendli(url: str, on_aiohttp: bool) -> AsyncGenerator[AsyncFriendli]:
    if not on_aiohttp:
        async with AsyncFriendli(**_settings(url)) as friendli:
            yield friendli
        return
    limits = httpx.Limits(max_connections=4000)
    async with (
        HttpxAiohttpClient(limits=limits) as http,
        AsyncFriendli(**_settings(url), http_client=http) as friendli,
    ):
        yield friendli


async def _calls(
    client: AbstractAsyncContextManager[AsyncFriendli],
    plan: Plan,
    numbers: Iterator[int],
    at_once: int,
    finish: Callable[[int, Done], None],
) -> None:
    async with client as friendli:

        async def work() -> None:
            for number in numbers:
                finish(number, await _acall(friendli, _arguments(plan, number), number))

        await asyncio.gather(*(work() for _ in range(at_once)))


def _drawn(number: int, content: bytes) -> Done:
    return Done("picture" if content == picture(number) else "another call's picture")


def _failed(error: FriendliError) -> Done:
    return Done(kind(type(error), error.ambiguous), error.attempts)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20
