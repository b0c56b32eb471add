"""The batch itself, on an event loop: from jobs to outcomes, by way of the ledger."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from contextlib import aclosing, suppress
from typing import Any, Generic, Literal, TypeAlias

import anyio
import attrs
from anyio import to_thread
from anyio.abc import ObjectSendStream, TaskGroup

from friendli_facade.batch import _earlier, _jobs, _source
from friendli_facade.batch._earlier import Verdict
from friendli_facade.batch._jobs import Checked, Method
from friendli_facade.batch._ledger.grouping import Grouping
from friendli_facade.batch._ledger.ledger import Ledger
from friendli_facade.batch._ledger.steps import Found, Look, Note
from friendli_facade.batch._limits.budget import Budget
from friendli_facade.batch._limits.pace import Pace
from friendli_facade.batch._outcomes import Outcome, Progress, Result
from friendli_facade.batch._places import Folder
from friendli_facade.batch._sending import Sending
from friendli_facade.errors import ValidationError

Ambiguous: TypeAlias = Literal["report", "retry", "skip"]
OnProgress: TypeAlias = Callable[[Progress], object]

_MANY = 1_000  # jobs that other processes send, until half of them are looked at again


@attrs.frozen
class Plan:
    """What a batch was asked to do, checked."""

    method: Method
    jobs: Iterable[Any] | AsyncIterable[Any]
    folder: Folder
    concurrency: int
    rate: float | None
    most_images: int | None
    max_failures: int | None
    price_per_image: float | None
    ambiguous: Ambiguous
    on_progress: OnProgress | None


class Engine(Generic[Result]):
    """One batch, from its beginning to its end."""

    def __init__(self, plan: Plan, ledger: Ledger, outcomes: ObjectSendStream[Any]) -> None:
        self.failure: BaseException | None = None
        self._plan = plan
        self._outcomes = outcomes
        self._ledger = ledger
        self._steps = Grouping(ledger)
        self._pace = Pace(plan.concurrency, plan.rate)
        self._budget = Budget(plan.most_images, ledger.paid() if plan.most_images else 0)
        self._sending = Sending[Result](
            method=plan.method,
            folder=plan.folder,
            steps=self._steps,
            pace=self._pace,
            threads=anyio.CapacityLimiter(plan.concurrency),
            repeats=plan.ambiguous == "retry",
            stop=self.stop,
            fail=self._fail,
        )
        # As many as are sent, and as many that are checked, looked up or saved meanwhile.
        self._room = anyio.CapacityLimiter(2 * plan.concurrency)
        self._in_hand: set[str] = set()
        self._elsewhere: list[tuple[int, Any]] = []
        self._progress = Progress()
        self._began = anyio.current_time()
        self._scope: anyio.CancelScope | None = None
        self._is_over = False

    def progress(self) -> Progress:
        """How far it has come."""
        price = self._plan.price_per_image
        now, seen = self._pace, self._progress
        return attrs.evolve(
            seen,
            elsewhere=seen.elsewhere + len(self._elsewhere),
            images=self._sending.images,
            cost=None if price is None else price * (self._sending.images + self._sending.lost),
            in_flight=self._sending.in_flight,
            at_once=now.at_once,
            held=now.held,
            seconds=anyio.current_time() - self._began,
        )

    def stop(self, reason: str) -> None:
        """Begins no further job; what was sent comes to its end."""
        if self._is_over:
            return
        self._progress.stopped = self._progress.stopped or reason
        if self._scope is not None:
            self._scope.cancel()

    def abandon(self) -> None:
        """Once it was stopped, leaves what was sent, too: it is ambiguous in the next batch."""
        self._sending.abandon()

    async def run(self) -> None:
        """Does all jobs; what stopped it for good is its `failure` then."""
        try:
            await self._all(_source.each(self._plan.jobs))
            before = len(self._elsewhere) + 1
            # Other processes may have been killed since, or be done.
            while self._elsewhere and len(self._elsewhere) < before:
                before, left = len(self._elsewhere), self._elsewhere
                self._elsewhere = []
                await self._all(_source.each([job for _, job in left]))
        finally:
            self._is_over = True
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self._close)
                await self._outcomes.aclose()

    async def _all(self, jobs: AsyncGenerator[Any]) -> None:
        async with anyio.create_task_group() as tasks:
            self._scope = tasks.cancel_scope
            if self._progress.stopped:
                self._scope.cancel()
            try:
                async with aclosing(jobs):
                    await self._dispatch(jobs, tasks)
            except (Exception, KeyboardInterrupt, SystemExit) as error:  # of the caller's iterable
                self._fail(error)

    def _close(self) -> None:
        try:
            self._ledger.close()
        except Exception as error:
            self.failure = self.failure or error

    async def _dispatch(self, jobs: AsyncGenerator[Any], tasks: TaskGroup) -> None:
        number = 0
        async for job in jobs:
            number += 1
            await self._begin(tasks, number, job)
            if len(self._elsewhere) >= _MANY:
                half = len(self._elsewhere) // 2
                again, self._elsewhere = self._elsewhere[:half], self._elsewhere[half:]
                for one in again:
                    await self._begin(tasks, *one)

    async def _begin(self, tasks: TaskGroup, number: int, job: Any) -> None:
        borrower = object()
        await self._room.acquire_on_behalf_of(borrower)
        tasks.start_soon(self._do, number, job, borrower)

    async def _do(self, number: int, job: Any, borrower: object) -> None:
        try:
            outcome = await self._outcome(number, job)
            if outcome is not None:
                with anyio.CancelScope(shield=True):
                    await self._give(outcome)
        except Exception as error:  # of the ledger, say
            self._fail(error)
        finally:
            self._room.release_on_behalf_of(borrower)

    def _fail(self, error: BaseException) -> None:
        self.failure = self.failure or error
        self.stop(f"it failed: {error}")

    async def _give(self, outcome: Outcome[Result]) -> None:
        seen, most = self._progress, self._plan.max_failures
        seen.done += outcome.state == "done"
        seen.earlier += outcome.state == "done" and outcome.is_earlier
        seen.failed += outcome.state == "failed"
        seen.ambiguous += outcome.state == "ambiguous"
        failures = seen.failed + self._sending.lost
        if most is not None and failures >= most:
            self.stop(f"max_failures: {failures} jobs failed")
        self._tell()
        # Where nobody asks any more, the ledger has it.
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await self._outcomes.send(outcome)

    def _tell(self) -> None:
        try:
            if self._plan.on_progress is not None:
                self._plan.on_progress(self.progress())
        except BaseException as error:  # SystemExit too, which is no reason to leave what was sent
            self._fail(error)

    async def _outcome(self, number: int, job: Any) -> Outcome[Result] | None:
        """What comes of a job; None if that is not for this batch to say."""
        key: str | None = None
        try:
            key, arguments = _jobs.keyed(job, number)
            checked = await _jobs.check(self._plan.method, key, arguments)
            name = self._plan.folder.name(checked.key, job)
        except ValidationError as error:
            if key is not None and key not in self._in_hand:
                await self._steps.do(Note(key, self._plan.method.operation, "{}", str(error)))
            return Outcome(key or f"job {number}", "failed", job, error=error)
        if checked.key in self._in_hand:
            return _earlier.twice(checked, job)
        self._in_hand.add(checked.key)
        try:
            found: Found | None = await self._steps.do(Look(checked.key))
            if found is not None:
                found = await _earlier.adopted(found, self._plan.folder, self._steps)
                verdict = _earlier.verdict(found, checked)
                is_repeated = verdict == "ambiguous" and self._plan.ambiguous == "retry"
                if verdict != "send" and not is_repeated:
                    return self._known(verdict, found, checked, number, job)
            return await self._sent(checked, name, number, job)
        finally:
            self._in_hand.discard(checked.key)

    def _known(
        self, verdict: Verdict, found: Found, checked: Checked, number: int, job: Any
    ) -> Outcome[Result] | None:
        """What comes of a job that is not sent."""
        outcome: Outcome[Result] | None = None
        match verdict:
            case "done":
                outcome = _earlier.done(found.row, job, self._plan.folder)
            case "changed":
                outcome = _earlier.changed(found.row, checked, job)
            case "twice":
                outcome = _earlier.twice(checked, job)
            case "ambiguous" if self._plan.ambiguous == "report":
                paths = _earlier.kept(found.row, self._plan.folder)
                outcome = attrs.evolve(_earlier.ambiguous(found.row, job), paths=paths)
            case "ambiguous":
                self._progress.skipped += 1
            case _:
                self._elsewhere.append((number, job))
        return outcome

    async def _sent(
        self, checked: Checked, name: str, number: int, job: Any
    ) -> Outcome[Result] | None:
        if not await self._budget.keep():
            self.stop(f"{self._plan.most_images} pictures are paid for, as many as may be")
            return None
        images = 0
        try:
            outcome = await self._sending.send(checked, name, job)
            if outcome is None:
                self._elsewhere.append((number, job))
            elif outcome.state != "failed":
                images = max(1, len(outcome.paths))
        finally:
            self._budget.settle(images)
        return outcome
