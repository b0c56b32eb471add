"""Sends a job: the row first, then the request, then the picture, then the row again."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import Any, Generic, Literal

import anyio
import attrs

from friendli_facade.batch._jobs import Checked, Method
from friendli_facade.batch._ledger.grouping import Grouping
from friendli_facade.batch._ledger.rows import LedgerError
from friendli_facade.batch._ledger.steps import Claim, Finish
from friendli_facade.batch._limits.attempts import (
    Attempts,
    RefusedError,
    is_refusal,
    refuses_account,
)
from friendli_facade.batch._limits.pace import Pace, Turn
from friendli_facade.batch._outcomes import Outcome, Result
from friendli_facade.batch._places import Folder, Saved
from friendli_facade.errors import (
    APIConnectionError,
    ClientClosedError,
    FriendliError,
    SDKError,
)

_NOTHING = Saved((), None)


@attrs.define
class _Sent:
    """A job on its way."""

    checked: Checked
    job: Mapping[str, Any]
    attempts: Attempts
    file: str = ""  # as the row has it, while that is ours and says that it is being sent
    claims: int = 0  # each of which the row counts as an attempt


@attrs.frozen
class _Wait:
    """What comes before the next attempt."""

    seconds: float


@attrs.define(eq=False, kw_only=True)
class Sending(Generic[Result]):
    """The way of a job to the server, and of its pictures to the folder.

    Args:
        repeats: Whether what a batch that is gone may have sent is sent again.
        stop: Told why no other job should be begun.
        fail: Told what ends the batch for good.
    """

    method: Method
    folder: Folder
    steps: Grouping
    pace: Pace
    threads: anyio.CapacityLimiter
    repeats: bool
    stop: Callable[[str], None]
    fail: Callable[[BaseException], None]
    images: int = 0
    lost: int = 0  # jobs that may be paid for, without a picture
    in_flight: int = 0
    _shielded: set[anyio.CancelScope] = attrs.field(init=False, factory=set[anyio.CancelScope])

    def abandon(self) -> None:
        """Lets a cancellation end what is being sent."""
        for scope in self._shielded:
            scope.shield = False

    async def send(
        self, checked: Checked, name: str, job: Mapping[str, Any]
    ) -> Outcome[Result] | None:
        """What comes of a job; None if another process has it in its hands after all.

        Cancelling ends it while it waits for its turn, and not any more when it is being sent.
        """
        sent = _Sent(checked, job, Attempts(checked))
        while True:
            came = await self._once(sent, name)
            if not isinstance(came, _Wait):
                return came
            await anyio.sleep(came.seconds)

    async def _once(self, sent: _Sent, name: str) -> Outcome[Result] | _Wait | None:
        """What comes of a job that has its turn; a _Wait if it was refused."""
        with ExitStack() as stack, anyio.CancelScope() as scope:
            async with self.pace.turn() as turn:
                scope.shield = True
                self._shielded.add(scope)
                stack.callback(self._shielded.discard, scope)
                if not sent.file and not await self._claim(sent, name):
                    return None
                self.in_flight += 1
                try:
                    result = await self._attempt(sent.attempts, turn)
                except RefusedError as refusal:
                    return await self._refused(sent, refusal.error)
                except Exception as error:
                    return await self._failed(sent, error)
                finally:
                    self.in_flight -= 1
            return await self._save(sent, result)
        raise AssertionError

    async def _claim(self, sent: _Sent, name: str) -> bool:
        checked = sent.checked
        free = self.folder.free(name, checked.key)
        claim = Claim(checked.key, checked.operation, checked.recorded, free, self.repeats)
        answer = await self.steps.do(claim)
        if not isinstance(answer, str):
            return False
        sent.file = answer
        sent.claims += 1
        return True

    async def _attempt(self, attempts: Attempts, turn: Turn) -> Any:
        try:
            result = await attempts.call(self.method, self.threads)
        except RefusedError as refusal:
            self._heed(refusal.error, attempts, turn)
            raise
        except SDKError as error:
            if is_refusal(error):
                self._heed(error, attempts, turn)
            raise
        turn.succeeded()
        return result

    def _heed(self, error: SDKError, attempts: Attempts, turn: Turn) -> None:
        asked = error.retry_after
        if asked is not None and asked > attempts.longest:
            longest = f"{attempts.longest:g} s, the longest that a call is repeated"
            self.stop(f"the server asks to wait {asked:.15g} s, more than {longest}")
            asked = None
        turn.refused(asked)

    async def _refused(self, sent: _Sent, error: SDKError) -> Outcome[Result] | _Wait:
        wait = sent.attempts.wait_after(error)
        if wait is None:
            return await self._failed(sent, error)
        if not error.ambiguous:
            # It is known not to be done: killed now, it is nothing to worry about.
            await self.steps.do(Finish(sent.checked.key, "pending", error=str(error)))
            sent.file = ""
        return _Wait(wait)

    async def _save(self, sent: _Sent, result: Any) -> Outcome[Result]:
        try:
            saved = await self.folder.save(result.images, sent.file)
        except (OSError, ValueError, FriendliError) as error:
            if isinstance(error, OSError):
                self.stop(f"a picture could not be saved: {error}")
            return await self._end(sent, "ambiguous", error=error, result=result)
        return await self._end(sent, "done", result=result, saved=saved)

    async def _failed(self, sent: _Sent, error: Exception) -> Outcome[Result]:
        if _concerns_all(error):
            self.stop(str(error))
        if not isinstance(error, FriendliError):  # of a hook of the caller's, after the request too
            return await self._end(sent, "ambiguous", error=error)
        saved = _NOTHING
        if error.images:
            with suppress(OSError, ValueError, FriendliError):
                saved = await self.folder.save(error.images, sent.file)
        return await self._end(
            sent, "ambiguous" if error.ambiguous else "failed", error=error, saved=saved
        )

    async def _end(
        self,
        sent: _Sent,
        state: Literal["done", "failed", "ambiguous"],
        *,
        result: Any = None,
        error: Exception | None = None,
        saved: Saved = _NOTHING,
    ) -> Outcome[Result]:
        images = getattr(error if result is None else result, "images", ())
        files = [self.folder.relative(path) for path in saved.paths]
        outcome = Outcome[Result](
            *(sent.checked.key, state, sent.job, result, error),
            paths=tuple(map(self.folder.shown, files)),
            seed=images[0].seed if images else None,
            sha256=saved.sha256,
            attempts=sent.attempts.number,
            seconds=sent.attempts.seconds,
        )
        path = outcome.path
        self.images += len(saved.paths)
        self.lost += state == "ambiguous" and path is None
        finish = Finish(
            *(sent.checked.key, state, outcome.attempts - sent.claims),
            images=len(saved.paths),
            seed=outcome.seed,
            file=files[0] if files else None,
            sha256=saved.sha256,
            error=None if error is None else str(error),
        )
        try:
            await self.steps.do(finish)
        except LedgerError as unwritten:  # the outcome has what is paid for, all the same
            self.fail(unwritten)
        return outcome


def _concerns_all(error: Exception) -> bool:
    """Whether every other job would fail as this one did."""
    if isinstance(error, APIConnectionError):
        return error.lasting
    return isinstance(error, ClientClosedError) or refuses_account(error)
