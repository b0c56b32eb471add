"""However a batch ends, and whenever: what was paid for stands in its place, and is sent once."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import anyio
import attrs
import httpx
import pytest
from anyio.lowlevel import checkpoint

from friendli_facade import AsyncFriendli, batch, utils
from tests.batch.running import jobs, rows
from tests.thorough import examples
from tests.transports import right

_SOON = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 2, 1), max_attempts=4)
_WAYS = ("all", "budget", "stop", "leave", "error", "cancel", "deadline", "jobs", "progress")


class EndError(BaseException):
    """What a caller's code raises."""


@attrs.define
class Round:
    """A batch that ends in one way at one moment, and another that goes on where it ended."""

    directory: Path
    chance: Random
    paid: Counter[str] = attrs.field(factory=Counter[str])

    async def run(self) -> str:
        """What holds no more; empty if all is well."""
        table = jobs(self.chance.randrange(1, 12))
        way, at = self.chance.choice(_WAYS), self.chance.randrange(1, 12)
        for ending in (way, "all"):
            try:
                await self._batch(table, ending, at)
            except* EndError:
                pass
            if wrong := self._wrong(table):
                return f"{way} at {at}, then {ending}: {wrong}"
        return ""

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        await self._moment()
        if self.chance.random() < 0.1:
            return httpx.Response(self.chance.choice([400, 429, 503]), json={"detail": "no"})
        self.paid[json.loads(request.content)["prompt"]] += 1
        answer = right(request)
        await self._moment()
        return answer

    async def _moment(self) -> None:
        for _ in range(self.chance.randrange(4)):
            await checkpoint()
        await anyio.sleep(self.chance.choice([0, 0, 0.001, 0.003]))

    async def _batch(self, table: list[dict[str, Any]], ending: str, at: int) -> None:
        told = 0

        def coming() -> Iterator[dict[str, Any]]:
            for number, job in enumerate(table):
                if ending == "jobs" and number == at:
                    raise EndError
                yield job

        def tell(_: batch.Progress) -> None:
            nonlocal told
            told += 1
            if ending == "progress" and told == at:
                raise EndError

        wire = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        with anyio.CancelScope() as scope:
            if ending == "deadline":
                scope.deadline = anyio.current_time() + at * 0.003
            async with (
                AsyncFriendli(token="flp_test", http_client=wire, retries=_SOON) as friendli,
                batch.arun(
                    friendli.container.image.generate,
                    coming() if ending == "jobs" or self.chance.random() < 0.5 else table,
                    directory=self.directory,
                    concurrency=self.chance.randrange(1, 6),
                    max_images=at if ending == "budget" else None,
                    on_progress=tell,
                ) as outcomes,
            ):
                number = 0
                async for _ in outcomes:
                    number += 1
                    if number != at:
                        continue
                    if ending == "stop":
                        outcomes.stop()
                    elif ending == "cancel":
                        scope.cancel()
                    elif ending == "leave":
                        break
                    elif ending == "error":
                        raise EndError

    def _wrong(self, table: list[dict[str, Any]]) -> str:
        is_begun = (self.directory / "ledger.sqlite3").exists()
        found = rows(self.directory) if is_begun else {}
        for job in table:
            row, paid = found.get(job["key"]), self.paid[job["prompt"]]
            state = None if row is None else row.state
            files = [path.name for path in self.directory.glob(f"{job['key']}.*")]
            is_right = state not in {"sending", "ambiguous"}
            if paid != len(files) or paid > 1 or (state == "done") != (paid == 1) or not is_right:
                return f"{job['key']} was paid for {paid} times, is {state}, and has {files}"
        return ""


@pytest.mark.slow
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_what_was_paid_for_is_kept_and_is_not_sent_again(
    tmp_path: Path, anyio_backend: str
) -> None:
    """Of rounds that differ in the ending, its moment, the answers and how long they take."""
    for seed in range(examples(30, 5000)):
        directory = tmp_path / str(seed)
        assert not await Round(directory, Random(f"{anyio_backend} {seed}")).run(), seed
