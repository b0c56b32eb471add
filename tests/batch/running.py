"""Batches on a wire that a test writes."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import httpx

from friendli_facade import batch
from tests.transports import Wire, right


@attrs.frozen
class Ran:
    """What a batch gave."""

    outcomes: Sequence[batch.Outcome[Any]]
    progress: batch.Progress

    @property
    def states(self) -> dict[str, str]:
        """The state of each key."""
        return {outcome.key: outcome.state for outcome in self.outcomes}

    def of(self, key: str) -> batch.Outcome[Any]:
        """The outcome of a key."""
        return next(outcome for outcome in self.outcomes if outcome.key == key)


async def run(
    way: str,
    wire: Wire,
    jobs: Any,
    directory: Path,
    client: Mapping[str, Any] | None = None,
    kind: str = "container",
    given: Mapping[str, Any] | None = None,
    **options: Any,
) -> Ran:
    """All outcomes of a batch."""
    if way == "sync":
        with wire.sync(**client or {}) as sync:
            method = partial(getattr(sync, kind).image.generate, **given or {})
            with batch.run(method, jobs, directory=directory, **options) as ran:
                return Ran(list(ran), ran.progress)
    async with wire.asynchronous(**client or {}) as friendli:
        amethod = partial(getattr(friendli, kind).image.generate, **given or {})
        async with batch.arun(amethod, jobs, directory=directory, **options) as outcomes:
            return Ran([outcome async for outcome in outcomes], outcomes.progress)


def jobs(number: int) -> list[dict[str, Any]]:
    """So many jobs."""
    return [{"key": f"k{n}", "prompt": f"p{n}"} for n in range(number)]


def but(
    others: Mapping[str, Callable[[], httpx.Response]],
) -> Callable[[httpx.Request], httpx.Response]:
    """Right answers, but for some prompts."""

    def handler(request: httpx.Request) -> httpx.Response:
        for prompt, other in others.items():
            if f'"{prompt}"'.encode() in request.content:
                return other()
        return right(request)

    return handler


def rows(directory: Path) -> dict[str, batch.Row]:
    """The rows of a folder's ledger."""
    with batch.Ledger(directory) as ledger:
        return {row.key: row for row in ledger.rows()}
