"""The two faces of a batch: for `async with` and `async for`, and for `with` and `for`."""

import os
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from threading import Thread, current_thread
from typing import Any, Generic, Self, TypeVar

import anyio
from anyio import to_thread
from anyio.from_thread import BlockingPortal

from friendli_facade.batch import _plans
from friendli_facade.batch._engine import Ambiguous, Engine, OnProgress, Plan
from friendli_facade.batch._ledger.ledger import NAME, Ledger
from friendli_facade.batch._outcomes import Outcome, Progress, Result
from friendli_facade.batch._places import Naming

_Value = TypeVar("_Value")
_NOT_BEGUN = "a batch runs in its block: `with batch.run(...)`, or `async with batch.arun(...)`"


class AsyncRun(Generic[Result]):
    """A batch, which runs within its `async with` block; iterating it gives the outcomes."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._is_begun = False
        self.ended: Progress | None = None  # how far it had come then

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def _begin(self) -> None:
        if self._is_begun:
            raise RuntimeError("a batch runs once: make another for the rest")
        ledger = await to_thread.run_sync(_opened, self._plan)
        sending, self._outcomes = anyio.create_memory_object_stream[Outcome[Result]]()
        self._engine = Engine[Result](self._plan, ledger, sending)
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._over = anyio.Event()
        self._tasks.start_soon(self._work)
        self._is_begun = True

    async def _work(self) -> None:
        try:
            await self._engine.run()
        finally:
            self._over.set()

    def __aiter__(self) -> Self:
        if not self._is_begun:
            raise RuntimeError(_NOT_BEGUN)
        return self

    async def __anext__(self) -> Outcome[Result]:
        outcome = await self.next()
        if outcome is None:
            self.check()
            raise StopAsyncIteration
        return outcome

    async def next(self) -> Outcome[Result] | None:
        """The next outcome; None after the last."""
        try:
            return await self._outcomes.receive()
        except (anyio.EndOfStream, anyio.ClosedResourceError):
            return None

    def check(self) -> None:
        """Raises what ended the batch, if it was an error."""
        if self._engine.failure is not None:
            raise self._engine.failure

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        await self._leave()
        if error is None:
            self.check()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """The block without its error, which would end the thread of a SyncRun: see `check`."""
        await self._begin()
        try:
            yield
        finally:
            await self._leave()

    async def _leave(self) -> None:
        self.stop("its block was left")
        self._outcomes.close()
        # What is in flight is shielded: this waits for it to its end, and for nothing else.
        try:
            with anyio.CancelScope(shield=True):
                await self._over.wait()
        except KeyboardInterrupt:  # on trio, where it comes to a task
            self._engine.abandon()
            raise
        finally:
            try:
                await self._tasks.__aexit__(None, None, None)
            finally:
                self.ended = self._engine.progress()

    def stop(self, reason: str = "it was told to stop") -> None:
        """Begins no further job; what is in flight comes to its end, and can be iterated."""
        if not self._is_begun:
            raise RuntimeError(_NOT_BEGUN)
        self._engine.stop(reason)

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        if not self._is_begun:
            return Progress()
        return self.ended or self._engine.progress()


class SyncRun(Generic[Result]):
    """A batch, which runs within its `with` block; iterating it gives the outcomes.

    It runs on an event loop of its own, in a thread.
    """

    def __init__(self, plan: Plan) -> None:
        self._run = AsyncRun[Result](plan)
        self._is_begun = False
        self._came: tuple[Outcome[Result] | None] | None = None  # and was not handed out yet
        self._ended: Progress | None = None

    def __enter__(self) -> Self:
        if self._is_begun:
            raise RuntimeError("a batch runs once: make another for the rest")
        started: Future[BlockingPortal] = Future()
        # A thread that does not keep the process: a second interrupt shall end it.
        self._thread = Thread(target=anyio.run, args=(_serve, started), daemon=True, name="batch")
        self._thread.start()
        self._portal = started.result()
        self._line = self._portal.call(anyio.Lock)  # of calls for an outcome: some interrupted
        self._block = self._portal.wrap_async_context_manager(self._run.running())
        try:
            self._block.__enter__()
        except BaseException:
            self._end()
            raise
        self._is_begun = True
        return self

    def __iter__(self) -> Self:
        if not self._is_begun:
            raise RuntimeError(_NOT_BEGUN)
        return self

    def __next__(self) -> Outcome[Result]:
        if self._ended is not None:
            raise StopIteration
        outcome = self._portal.call(self._wait)
        self._came = None
        if outcome is None:
            self._run.check()
            raise StopIteration
        return outcome

    async def _wait(self) -> Outcome[Result] | None:
        """The next outcome: the same again where nobody heard of it, for an interrupt came."""
        async with self._line:
            came = self._came
            if came is None:
                came = self._came = (await self._run.next(),)
            return came[0]

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        # Nothing of the error is the loop's: an exit, say, would end it at once.
        self._block.__exit__(None, None, None)
        self._end()
        if error is None:
            self._run.check()

    def _end(self) -> None:
        self._ended = self._run.ended
        # An interrupted beginning may be under way still, and is left again.
        self._portal.start_task_soon(self._portal.stop, True)
        self._thread.join()

    def stop(self, reason: str = "it was told to stop") -> None:
        """Begins no further job; what is in flight comes to its end, and can be iterated."""
        if self._ended is None:
            self._call(lambda: self._run.stop(reason))

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return self._ended or self._call(lambda: self._run.progress)

    def _call(self, function: Callable[[], _Value]) -> _Value:
        if not self._is_begun or current_thread() is self._thread:  # in `on_progress`, say
            return function()
        return self._portal.call(function)


async def _serve(started: Future[BlockingPortal]) -> None:
    async with BlockingPortal() as portal:
        started.set_result(portal)
        await portal.sleep_until_stopped()


def _opened(plan: Plan) -> Ledger:
    plan.folder.prepare()
    ledger = Ledger.create(plan.folder.path / NAME)
    try:
        ledger.begin()
    except BaseException:
        ledger.close()
        raise
    return ledger


def run(
    method: Callable[..., Result],
    jobs: Iterable[Mapping[str, Any]],
    *,
    directory: str | os.PathLike[str],
    name: Naming | None = None,
    metadata: bool = False,
    concurrency: int = 16,
    rate: float | None = None,
    max_images: int | None = None,
    max_failures: int | None = None,
    max_cost: float | None = None,
    price_per_image: float | None = None,
    ambiguous: Ambiguous = "report",
    on_progress: OnProgress | None = None,
) -> SyncRun[Result]:
    """A batch of a SyncFriendli, to be run in a `with` block and iterated for its outcomes.

    Each job is checked before it is sent; a bad one fails alone. The folder holds the pictures and
    `ledger.sqlite3`, from which the same call goes on after a kill: what is done is not sent again.

    Leaving the block begins no further job, waits for those in flight, and keeps their pictures.
    An interrupt (Ctrl-C) leaves the block; a second one, while it waits, leaves those in flight
    to a thread that ends with the process: what it does not finish is ambiguous in the next batch.

    Args:
        method: What the jobs are arguments of: `friendli.dedicated.image.generate`, say, or a
            `functools.partial` of it with what they have in common.
        jobs: Mappings of arguments to values, each with a `key` of its own if you like; by default
            the key is a hash of the operation, the arguments and the bytes of local pictures. They
            are taken one after the other as they are needed, an iterator's in a thread.
        directory: Where pictures and ledger are; made if it is missing.
        name: What a picture is called, of its key and its job, without suffix; else as its key.
        metadata: Whether each picture's file tells how it was made, as with `Image.save`.
        concurrency: Requests at once, at most 256. Fewer are sent where the server answers 429 or
            503; its Retry-After holds all of them.
        rate: Requests a second, at most.
        max_images: Pictures that may be paid for, those that the ledger knows of included.
        max_failures: Jobs that fail before no further one is begun.
        max_cost: The same as `max_images`, as money: needs `price_per_image`.
        price_per_image: What a picture costs, for `max_cost` and `Progress.cost`.
        ambiguous: What becomes of jobs that may have been paid for in an earlier batch: `report`
            them, `retry` them, or `skip` them. None is sent again but by `retry`.
        on_progress: Called with a Progress after each job, on the batch's thread.

    Raises:
        ValidationError: An argument breaks a rule.
        OSError: Files cannot be made in the folder.
        LedgerError: The ledger is broken, of a newer version, or on a full disk.
    """
    return SyncRun(_plans.plan(method, jobs, is_async=False, **_options(locals())))


def arun(
    method: Callable[..., Awaitable[Result]],
    jobs: Iterable[Mapping[str, Any]] | AsyncIterable[Mapping[str, Any]],
    *,
    directory: str | os.PathLike[str],
    name: Naming | None = None,
    metadata: bool = False,
    concurrency: int = 16,
    rate: float | None = None,
    max_images: int | None = None,
    max_failures: int | None = None,
    max_cost: float | None = None,
    price_per_image: float | None = None,
    ambiguous: Ambiguous = "report",
    on_progress: OnProgress | None = None,
) -> AsyncRun[Result]:
    """A batch of an AsyncFriendli, to be run in an `async with` block, and iterated.

    It is that of `run`, with the same arguments; jobs may come from an async iterable too. A task
    that is cancelled leaves the block as any exception does: what is in flight comes to its end
    first, and its pictures are kept.
    """
    return AsyncRun(_plans.plan(method, jobs, is_async=True, **_options(locals())))


def _options(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in given if name not in {"method", "jobs"}}
