"""One measurement in a process of its own, printed as JSON.

`python -m scripts.benchmark.client CONTENDER SCENARIO URL OPTIONS`, where the options are JSON.
The standard library and the contender alone: the official SDK has an environment of its own.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from urllib.request import urlopen

from scripts.benchmark.contenders import AsyncSessionType, SessionType
from scripts.benchmark.memory import Peak

Sample = dict[str, float]
Options = Mapping[str, Any]
_BATCHES = 20


def small(contender: Any, url: str, options: Options) -> Sample:
    """Seconds of a small call, one after the other: the median of batches, which noise spares."""
    session: SessionType = contender.Session(url)
    return _batches(session.generate, options["calls"])


def checking(contender: Any, url: str, options: Options) -> Sample:
    """Seconds that checking a call takes, nothing sent."""
    return _batches(contender.checking(url), options["calls"])


def preparing(contender: Any, url: str, options: Options) -> Sample:
    """Seconds that a request takes, from arguments to all but sending."""
    return _batches(contender.preparing(url), options["calls"])


def _batches(call: Callable[[], object], calls: int) -> Sample:
    batch = calls // _BATCHES
    times: list[float] = []
    for _ in range(_BATCHES + 1):
        started = perf_counter()
        for _ in range(batch):
            call()
        times.append((perf_counter() - started) / batch)
    return {"seconds": median(times[1:])}


def small_async(contender: Any, url: str, options: Options) -> Sample:
    """The same, awaited one after the other."""

    async def measured() -> Sample:
        session: AsyncSessionType = contender.AsyncSession(url)
        batch = options["calls"] // _BATCHES
        times: list[float] = []
        for _ in range(_BATCHES + 1):
            started = perf_counter()
            for _ in range(batch):
                await session.generate()
            times.append((perf_counter() - started) / batch)
        return {"seconds": median(times[1:])}

    return asyncio.run(measured())


def many_async(contender: Any, url: str, options: Options) -> Sample:
    """Seconds of all calls, so many at a time, connecting included."""

    async def measured() -> Sample:
        session: AsyncSessionType = contender.AsyncSession(url)
        await session.generate()
        started = perf_counter()
        calls = iter(range(options["calls"]))
        await _workers(options["at_a_time"], session.generate, lambda: next(calls, None) is None)
        return {"seconds": perf_counter() - started}

    return asyncio.run(measured())


def rate(contender: Any, url: str, options: Options) -> Sample:
    """Calls a second with so many in flight, once all connections are there."""

    async def measured() -> Sample:
        session: AsyncSessionType = contender.AsyncSession(url)
        in_flight = options["at_a_time"]
        await asyncio.gather(*(session.generate() for _ in range(in_flight)))
        finished = 0

        async def call() -> None:
            nonlocal finished
            await session.generate()
            finished += perf_counter() < end

        started = perf_counter()
        end = started + options["seconds"]
        await _workers(in_flight, call, lambda: perf_counter() >= end)
        return {"rate": finished / options["seconds"]}

    return asyncio.run(measured())


async def _workers(
    number: int, call: Callable[[], Awaitable[object]], is_over: Callable[[], bool]
) -> None:
    async def work() -> None:
        while not is_over():
            await call()

    await asyncio.gather(*(work() for _ in range(number)))


def edit(contender: Any, url: str, options: Options) -> Sample:
    """Seconds, and memory over idle, of one upload after a small call."""
    session: SessionType = contender.Session(url)
    session.generate()
    peak, started = Peak(), perf_counter()
    session.edit(Path(options["picture"]))
    return {"seconds": perf_counter() - started, "peak": peak.over_idle()}


def edits_async(contender: Any, url: str, options: Options) -> Sample:
    """Seconds, and memory over idle, of uploads at the same time after a small call."""

    async def measured() -> Sample:
        session: AsyncSessionType = contender.AsyncSession(url)
        await session.generate()
        picture = Path(options["picture"])
        peak, started = Peak(), perf_counter()
        await asyncio.gather(*(session.edit(picture) for _ in range(options["at_a_time"])))
        return {"seconds": perf_counter() - started, "peak": peak.over_idle()}

    return asyncio.run(measured())


def save(contender: Any, url: str, options: Options) -> Sample:
    """Seconds, and memory over idle, of a large answer's way to disk after a small call."""
    session: SessionType = contender.Session(url)
    with tempfile.TemporaryDirectory(dir=options["folder"]) as folder:
        session.save(Path(folder) / "small.png")
        peak, started = Peak(), perf_counter()
        session.save(Path(folder) / "large.png")
        return {"seconds": perf_counter() - started, "peak": peak.over_idle()}


SCENARIOS: dict[str, Callable[[Any, str, Options], Sample]] = {
    scenario.__name__: scenario
    for scenario in (
        *(small, small_async, many_async, rate),
        *(edit, edits_async, save, checking, preparing),
    )
}


def main() -> None:
    """The command line; fails where the server refused anything."""
    contender, scenario, url, options = sys.argv[1:]
    module = import_module(f"scripts.benchmark.contenders.{contender}")
    sample = SCENARIOS[scenario](module, url, json.loads(options))
    place = url.split("/")[2]
    with urlopen(f"http://{place}/counts/") as response:
        if json.load(response)["refused"]:
            sys.exit(f"{contender} {scenario}: the server refused a request")
    print(json.dumps({**sample, "processor": process_time()}))


if __name__ == "__main__":
    main()
