"""A batch against a server that allows so many requests a second, and refuses more."""

import base64
import tempfile
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import attrs
import httpx

from friendli_facade import AsyncFriendli, batch
from scripts.batches.kills import picture


@attrs.define
class Server:
    """Allows `rate` requests in any second; those beyond are answered 429 at once.

    Time is the event loop's, so it may be a faked one.
    """

    rate: int
    latency: float
    retry_after: str | None
    taken: deque[float] = attrs.field(factory=deque[float])
    allowed: int = 0
    refused: int = 0

    async def __call__(self, _: httpx.Request) -> httpx.Response:
        """A picture after the latency, or a refusal."""
        now = anyio.current_time()
        while self.taken and self.taken[0] <= now - 1:
            self.taken.popleft()
        if len(self.taken) >= self.rate:
            self.refused += 1
            headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
            return httpx.Response(429, headers=headers)
        self.taken.append(now)
        self.allowed += 1
        await anyio.sleep(self.latency)
        return httpx.Response(200, json={"image": base64.b64encode(picture(1)).decode()})


@attrs.frozen
class Figures:
    """What the batch made of what was allowed."""

    used: float  # of what the server allows
    refused: float  # of all requests
    seconds: float


async def run(server: Server, jobs: int, concurrency: int, folder: Path) -> Figures:
    """The figures of a batch of so many jobs."""
    began = anyio.current_time()
    http = httpx.AsyncClient(transport=httpx.MockTransport(server))
    prompts = [{"key": str(n), "prompt": "A kite"} for n in range(jobs)]
    async with (
        AsyncFriendli(http_client=http) as friendli,
        batch.arun(
            friendli.container.image.generate, prompts, directory=folder, concurrency=concurrency
        ) as outcomes,
    ):
        failed = [outcome.error async for outcome in outcomes if outcome.state != "done"]
    if failed:
        raise AssertionError(failed)
    seconds = anyio.current_time() - began
    return Figures(
        used=server.allowed / (server.rate * seconds),
        refused=server.refused / (server.allowed + server.refused),
        seconds=seconds,
    )


def measure(jobs: int, rate: int, latency: float) -> None:
    """Prints the figures, with a Retry-After and without."""
    for retry_after in (None, "1"):
        server = Server(rate, latency, retry_after)
        with tempfile.TemporaryDirectory() as folder:
            start: Callable[..., Awaitable[Figures]] = run
            figures = anyio.run(start, server, jobs, 64, Path(folder))
        print(
            f"Retry-After {retry_after}: {jobs} jobs in {figures.seconds:.1f} s, "
            f"{figures.used:.0%} of what is allowed, {figures.refused:.1%} refused"
        )
