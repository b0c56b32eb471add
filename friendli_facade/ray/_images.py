"""The callable class for `ray.data.Dataset.map_batches`: rows in, rows with pictures out."""

import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio

from friendli_facade._language import threads
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.batch import _earlier, _jobs, _places
from friendli_facade.batch._jobs import Checked, Method
from friendli_facade.batch._ledger.names import further
from friendli_facade.batch._limits.attempts import (
    Attempts,
    RefusedError,
    is_refusal,
    refuses_account,
)
from friendli_facade.clients import AsyncFriendli
from friendli_facade.errors import FriendliError, SDKError, ValidationError
from friendli_facade.ray import _rows
from friendli_facade.ray._limit import ALIVE_EVERY, Limit, Turns, is_count
from friendli_facade.ray._rows import Drawn
from friendli_facade.ray._storage import Storage

_MOST_AT_ONCE = 256  # as many connections as an event loop has


class Images:
    """Draws a picture for each row, in an actor of Ray Data.

    For `map_batches` with `batch_format="pyarrow"`. Columns that are called like arguments of the
    operation are its arguments, an empty cell being left out; `key` names the row's picture, and
    is a hash of the arguments by default. Out come the same rows with `key`, `path`, `sha256`,
    `seed`, `error`, `ambiguous` and `attempts`. A row that fails has an `error`, and no other row
    does for it. What stands in the directory is not drawn again, and has 0 attempts.

    Args:
        method: Gives the method of a client: `lambda friendli: friendli.container.image.generate`.
        directory: A URL that pyarrow knows (`s3://bucket/pictures`), or an absolute path.
        limit: What all actors keep to together; None for this actor alone, without a rate.
        client: Makes the client of an actor.
        concurrency: Requests of one actor at once, at most 256.
        filesystem: A `pyarrow.fs.FileSystem` in which `directory` is a path; None for the URL's.

    Raises:
        ValidationError: An argument breaks a rule.
        OSError: Files cannot be made in the directory.
        ImportError: pyarrow is not installed.
    """

    def __init__(
        self,
        method: Callable[[AsyncFriendli], Callable[..., Awaitable[Any]]],
        directory: str | os.PathLike[str],
        *,
        limit: Limit | None = None,
        client: Callable[[], AsyncFriendli] = AsyncFriendli,
        concurrency: int = 32,
        filesystem: Any = None,
    ) -> None:
        if not is_count(concurrency) or concurrency > _MOST_AT_ONCE:
            rule = f"must be an integer from 1 to {_MOST_AT_ONCE}"
            raise ValidationError([Violation("concurrency", rule, shortened(concurrency))])
        self._method = Method(method(client()))
        if not self._method.is_async:
            rule = "must give a method of the client that it is given"
            raise ValidationError([Violation("method", rule)])
        self._storage = Storage(directory, filesystem)
        self._limit = limit or Turns(None, concurrency)
        self._holder = secrets.token_hex(8)
        self._concurrency = concurrency
        self._limiter: anyio.CapacityLimiter | None = None
        self._refused: Exception | None = None  # as every other row of this actor would be
        self._unsaved = 0  # bytes of the last picture that could not be saved

    async def __call__(self, rows: Any) -> Any:
        """The table's rows, in their order, with what came of each."""
        jobs = _rows.jobs(rows, self._method.names)
        drawn = [Drawn(None)] * len(jobs)
        keys: set[str] = set()

        async def draw(number: int) -> None:
            drawn[number] = await self._drawn(jobs[number], number + 1, keys)

        async with anyio.create_task_group() as signs:
            signs.start_soon(self._live)
            async with anyio.create_task_group() as tasks:
                for number in range(len(jobs)):
                    tasks.start_soon(draw, number)
            signs.cancel_scope.cancel()
        return _rows.table(rows, drawn)

    async def _live(self) -> None:
        while True:
            await self._limit.alive(self._holder)
            await anyio.sleep(ALIVE_EVERY)

    async def _drawn(self, job: Mapping[str, Any], number: int, keys: set[str]) -> Drawn:
        """What comes of a row; raises what Ray does, and nothing else."""
        key: str | None = None
        seed = job.get("seed")
        try:
            key, arguments = _jobs.keyed(job, number)
            checked = await _jobs.check(self._method, key, arguments)
        except ValidationError as error:
            return Drawn(key, str(error), seed=seed)
        if checked.key in keys:
            return Drawn(checked.key, str(_earlier.twice(checked, job).error), seed=seed)
        keys.add(checked.key)
        name = _places.of_key(checked.key)
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._concurrency)
        async with self._limiter:
            try:
                stored = await threads.run(self._storage.standing, name)
                if stored is None and self._unsaved:
                    await threads.run(self._storage.try_out, self._unsaved)
                    self._unsaved = 0
            except OSError as error:
                return Drawn(checked.key, str(error), seed=seed)
            if stored is not None:
                return Drawn(checked.key, None, stored.path, stored.sha256, seed)
            if self._refused is not None:
                words = f"not sent, as another row was refused: {self._refused}"
                return Drawn(checked.key, words, seed=seed)
            # A request that is paid for comes to its end, and so does its turn.
            with anyio.CancelScope(shield=True):
                return await self._sent(checked, name, seed)
        raise AssertionError

    async def _sent(self, checked: Checked, name: str, seed: object) -> Drawn:
        attempts: Attempts | None = None
        while True:
            turn = await self._limit.take(self._holder)
            attempts = attempts or Attempts(checked)
            try:
                result = await self._attempt(attempts, turn)
            except RefusedError as refusal:
                wait = attempts.wait_after(refusal.error)
                if wait is None:
                    return await self._failed(checked, name, seed, refusal.error, attempts)
                await anyio.sleep(wait)
                continue
            except Exception as error:  # of a hook of the caller's too
                return await self._failed(checked, name, seed, error, attempts)
            return await self._saved(checked, name, seed, result.images, attempts)

    async def _attempt(self, attempts: Attempts, turn: int) -> Any:
        try:
            result = await attempts.call(self._method)
        except (RefusedError, SDKError) as raised:
            error = raised.error if isinstance(raised, RefusedError) else raised
            if is_refusal(error):
                asked = error.retry_after
                hold = None if asked is None else min(asked, attempts.longest)
                await self._limit.give_back(turn, "refused", hold)
            else:
                await self._limit.give_back(turn, "failed")
            raise
        except BaseException:
            await self._limit.give_back(turn, "failed")
            raise
        await self._limit.give_back(turn, "succeeded")
        return result

    async def _failed(
        self, checked: Checked, name: str, seed: object, error: Exception, attempts: Attempts
    ) -> Drawn:
        if refuses_account(error):
            self._refused = error
        images = getattr(error, "images", ())
        if images:
            saved = await self._saved(checked, name, seed, images, attempts)
        else:
            saved = Drawn(checked.key, seed=seed)
        is_ambiguous = error.ambiguous if isinstance(error, FriendliError) else True
        return Drawn(
            *(checked.key, str(error), saved.path, saved.sha256, saved.seed, is_ambiguous),
            attempts=attempts.number,
        )

    async def _saved(
        self, checked: Checked, name: str, seed: object, images: Any, attempts: Attempts
    ) -> Drawn:
        """The row whose pictures are saved: the first comes last, for where it stands all do."""
        content = b""
        try:
            for number in reversed(range(1, len(images))):
                content = await images[number].aread()
                await threads.run(self._storage.save, further(name, number + 1), content)
            content = await images[0].aread()
            stored = await threads.run(self._storage.save, name, content)
        except (OSError, ValueError, FriendliError) as error:
            self._unsaved = len(content)
            number = attempts.number
            return Drawn(checked.key, str(error), seed=seed, ambiguous=True, attempts=number)
        drawn = images[0].seed
        return Drawn(
            *(checked.key, None, stored.path, stored.sha256),
            seed=seed if drawn is None else drawn,
            attempts=attempts.number,
        )
