"""One measurement in a process of its own, printed as JSON.

The arguments are a contender, a scenario, the URL, and the scenario's options as JSON.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from scripts.benchmark.measuring.contenders import AsyncSessionType, SessionType
from scripts.benchmark.measuring.cost import Cost, Sample
from scripts.benchmark.pictures import is_whole

Options = Mapping[str, Any]
_FEWEST = 20  # calls that a figure is made of, however long they take


def small(contender: Any, url: str, options: Options) -> Sample:
    """Small calls, one after the other."""
    session: SessionType = contender.Session(url)
    return _repeated(session.generate, options["calls"])


def checking(contender: Any, url: str, options: Options) -> Sample:
    """Looking for what is wrong with a call, nothing sent."""
    return _repeated(contender.checking(url), options["calls"])


def preparing(contender: Any, url: str, options: Options) -> Sample:
    """Making a request, from arguments to all but sending."""
    return _repeated(contender.preparing(url), options["calls"])


def _repeated(call: Callable[[], object], calls: int) -> Sample:
    for _ in range(calls // 10):
        call()
    cost = Cost()
    for _ in range(calls):
        call()
    return cost.sample(calls)


async def small_async(contender: Any, url: str, options: Options) -> Sample:
    """Small calls, awaited one after the other."""
    session: AsyncSessionType = contender.AsyncSession(url)
    calls = options["calls"]
    for _ in range(calls // 10):
        await session.generate()
    cost = Cost()
    for _ in range(calls):
        await session.generate()
    return cost.sample(calls)


async def in_flight(contender: Any, url: str, options: Options) -> Sample:
    """Calls that are answered after a while, so many at a time: those that end in some seconds.

    The seconds begin after as many answers as there are workers, or, where these take too long,
    when the longest warming up is over; they last until a few calls have ended. Memory counts
    from before the first call.
    """
    session: AsyncSessionType = contender.AsyncSession(url)
    ended, goal = 0, options["at_a_time"]
    reached = asyncio.Event()
    memory = Cost()

    async def work() -> None:
        nonlocal ended
        while True:
            await session.generate()
            ended += 1
            if ended >= goal:
                reached.set()

    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(work()) for _ in range(goal)]

    async def waited(what: Coroutine[Any, Any, object], most: float | None = None) -> None:
        waiting = [asyncio.create_task(what), *tasks]
        await asyncio.wait(waiting, timeout=most, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()  # no worker ends unless a call failed

    await waited(reached.wait(), options["longest_warming_up"])
    before, cost = ended, Cost()
    goal = before + _FEWEST
    reached.clear()
    await waited(asyncio.sleep(options["seconds"]))
    await waited(reached.wait())
    return {**cost.sample(ended - before), "peak": memory.sample()["peak"]}


def edit(contender: Any, url: str, options: Options) -> Sample:
    """One upload, after a small call."""
    session: SessionType = contender.Session(url)
    session.generate()
    pictures = [Path(picture) for picture in options["pictures"]]
    cost = Cost()
    session.edit(pictures)
    return cost.sample()


async def edits_async(contender: Any, url: str, options: Options) -> Sample:
    """Uploads at the same time, after a small call."""
    session: AsyncSessionType = contender.AsyncSession(url)
    await session.generate()
    pictures = [Path(picture) for picture in options["pictures"]]
    cost = Cost()
    await asyncio.gather(*(session.edit(pictures) for _ in range(options["at_a_time"])))
    return cost.sample()


def save(contender: Any, url: str, options: Options) -> Sample:
    """Large answers' way to disk, one after the other, after a small one."""
    session: SessionType = contender.Session(url)
    return _saved(session.save, options)


def save_url(contender: Any, url: str, options: Options) -> Sample:
    """The same, of answers that say where the picture lies."""
    session: SessionType = contender.Session(url)
    return _saved(session.save_url, options)


def _saved(save: Callable[[Path], object], options: Options) -> Sample:
    with tempfile.TemporaryDirectory(dir=options["folder"]) as folder:
        paths = [Path(folder) / f"{number}.png" for number in range(options["answers"] + 1)]
        save(paths.pop())
        cost = Cost()
        for path in paths:
            save(path)
        sample = cost.sample(len(paths))
        for path in paths:
            if path.stat().st_size != options["size"] or not is_whole(path.read_bytes()):
                sys.exit("the picture on disk is not the one that was sent")
    return sample


SCENARIOS: dict[str, Callable[[Any, str, Options], Sample | Awaitable[Sample]]] = {
    scenario.__name__: scenario
    for scenario in (
        *(small, small_async, in_flight, edit, edits_async),
        *(save, save_url, checking, preparing),
    )
}


def main() -> None:
    """The command line; fails where the server refused anything."""
    contender, scenario, url, options = sys.argv[1:]
    module = import_module(f"scripts.benchmark.measuring.contenders.{contender}")
    measured = SCENARIOS[scenario](module, url, json.loads(options))
    if isinstance(measured, dict):
        _tell(measured, url)
    else:
        asyncio.run(_awaited(measured, url))


async def _awaited(measured: Awaitable[Sample], url: str) -> None:
    _tell(await measured, url)


def _tell(sample: Sample, url: str) -> None:
    """Prints a sample and ends the process, and with it the calls that are still in flight."""
    place = url.split("/")[2]
    with urlopen(f"http://{place}/counts/") as response:
        if json.load(response)["refused"]:
            sys.exit(f"the server refused a request: {' '.join(sys.argv[1:])}")
    print(json.dumps(sample), flush=True)
    os._exit(0)  # to cancel a thousand calls takes some clients minutes
