"""Many jobs through the sandbox's transport: jobs a second, memory, and the ledger's share."""

import resource
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import anyio
import httpx

from friendli_facade import AsyncFriendli, batch
from friendli_facade.batch._ledger.ledger import Ledger
from friendli_facade.batch._ledger.steps import Step
from friendli_facade.sandbox import Sandbox
from friendli_facade.sandbox._pictures.drawing import Scene
from friendli_facade.sandbox._pictures.store import Picture
from friendli_facade.sandbox._received import Received

_WARM = 1_000  # jobs after which memory is looked at first


class _Stub(Sandbox):
    """A sandbox that draws nothing, and remembers nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = Received(1)

    def _picture(self, wished: Scene, media_type: str) -> Picture:  # noqa: ARG002
        return _PICTURE


_PICTURE = Picture(b"\xff\xd8\xff" + bytes(20_000), "image/jpeg", "stub")


class _Watched(Ledger):
    """A ledger that counts the processor time of its thread."""

    seconds = 0.0

    def apply(self, steps: list[Step]) -> list[Any]:
        before = time.thread_time()
        try:
            return super().apply(steps)
        finally:
            type(self).seconds += time.thread_time() - before


def _mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(number: int, concurrency: int, place: Path) -> None:
    """Prints the figures."""
    with (
        tempfile.TemporaryDirectory(dir=place) as folder,
        patch("friendli_facade.batch._runs.Ledger", _Watched),
    ):
        anyio.run(_run, number, concurrency, Path(folder))


async def _run(number: int, concurrency: int, folder: Path) -> None:
    jobs = ({"key": str(n), "prompt": f"A kite, {n}", "seed": n} for n in range(number))
    http = httpx.AsyncClient(transport=_Stub().transport)
    began, processor = time.perf_counter(), time.process_time()
    warm = 0.0
    async with (
        AsyncFriendli(http_client=http) as friendli,
        batch.arun(
            friendli.container.image.generate, jobs, directory=folder, concurrency=concurrency
        ) as outcomes,
    ):
        done = 0
        async for outcome in outcomes:
            done += outcome.state == "done"
            if done == _WARM:
                warm = _mebibytes()
    seconds, used = time.perf_counter() - began, time.process_time() - processor
    print(f"{done} of {number} done in {seconds:.1f} s: {done / seconds:.0f} a second")
    print(f"processor {used:.1f} s, {used / done * 1e3:.2f} ms a job")
    share = _Watched.seconds / used
    print(f"ledger {_Watched.seconds:.1f} s of it: {share:.1%}")
    print(f"memory after {_WARM}: {warm:.0f} MiB, at most {_mebibytes():.0f} MiB")
