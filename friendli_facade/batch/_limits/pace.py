"""How many requests of a batch go out at once, and how fast: as many as the server takes."""

from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import anyio
import attrs

_FIRST = 8  # requests at once to begin with; each success adds one, until the first refusal
_DECREASE = 0.8  # what is left of them after a refusal
_SLOWER = 0.95  # what is left of the measured rate after a refusal
_PLATEAU = 20.0  # seconds until the rate is again what it was; beyond, it grows ever faster
_LEAST = 0.9  # what is left of it at least, however little it seems that the server took
_LATE = 3  # turns that may follow at once where the event loop was late
_WINDOW = 1.0  # seconds over which the rate is measured
_MOST_MEASURED = 4096


@attrs.define(eq=False)
class Turn:
    """A request on its way."""

    began: float
    _pace: "Pace"

    def succeeded(self) -> None:
        """The server took it."""
        self._pace.succeeded(self)

    def refused(self, seconds: float | None) -> None:
        """The server refused it, and asks to wait, for all requests, if it says how long."""
        self._pace.refused(self, seconds)


class Pace:
    """Gives turns: additive increase and multiplicative decrease of what is sent at once.

    What a server allows may be a number at once, or a rate. The number follows from AIMD. A rate
    is measured when the server refuses: what it took last, a little less, is kept to then, and
    after some time more is tried, as CUBIC does in TCP (RFC 9438, 4.1).

    Args:
        most: Requests at once.
        rate: Requests a second at most, one after the other; None for no limit.
    """

    def __init__(self, most: int, rate: float | None = None) -> None:
        self._most = most
        self._tokens = float(min(most, _FIRST))
        self._limiter = anyio.CapacityLimiter(int(self._tokens))
        self._line = anyio.Lock()
        self._rate = rate
        self._next = 0.0  # when the next request may go
        self._held_until = 0.0
        self._refused = -1.0  # when a refusal was last heeded
        self._measured = 0  # requests that the server took in the second before
        self._began: deque[float] = deque(maxlen=_MOST_MEASURED)

    @property
    def at_once(self) -> int:
        """How many may be under way now."""
        return int(self._limiter.total_tokens)

    @property
    def rate(self) -> float | None:
        """How many a second may begin now; None for any number."""
        if self._refused < 0:
            return self._rate
        passed = (anyio.current_time() - self._refused) / _PLATEAU
        growth = 1 + (1 - _SLOWER) * (passed - 1) ** 3
        allowed = max(self._measured, 1) / _WINDOW * growth
        return allowed if self._rate is None else min(allowed, self._rate)

    @property
    def held(self) -> float:
        """Seconds for which nothing is sent, because the server asked to wait."""
        return max(0.0, self._held_until - anyio.current_time())

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[Turn]:
        """Within it, a request may be sent."""
        turn = await self.take()
        try:
            yield turn
        finally:
            self.give_back(turn)

    async def take(self) -> Turn:
        """A turn, to be given back."""
        turn = Turn(0, self)
        await self._limiter.acquire_on_behalf_of(turn)
        try:
            async with self._line:  # so that one waits for the clock, and not all
                await self._wait()
        except BaseException:
            self.give_back(turn)
            raise
        turn.began = anyio.current_time()
        self._began.append(turn.began)
        return turn

    def give_back(self, turn: Turn) -> None:
        """Ends a turn, and lets another begin."""
        self._limiter.release_on_behalf_of(turn)

    async def _wait(self) -> None:
        while True:
            now = anyio.current_time()
            begin = max(now, self._held_until)
            rate = self.rate
            if rate is not None:
                begin = max(begin, self._next)
                if begin <= now:
                    # What is a little late makes up for it, and what is later does not.
                    self._next = max(self._next, now - _LATE / rate) + 1 / rate
            if begin <= now:
                return
            await anyio.sleep_until(begin)

    def succeeded(self, turn: Turn) -> None:
        """The server took a request: one more at once may be tried, or a part of one."""
        needed = (anyio.current_time() - turn.began) * (self.rate or 0)
        is_slow = self._refused < 0 or self._tokens < needed
        self._tokens += 1 if is_slow else 1 / self._tokens
        self._set()

    def refused(self, turn: Turn, seconds: float | None) -> None:
        """Holds all requests for as long as the server asks; fewer go out after that."""
        now = anyio.current_time()
        if seconds is not None:
            self._held_until = max(self._held_until, now + seconds)
        self._next = max(self._next, self._held_until, now)
        with suppress(ValueError):  # older than all that are remembered
            self._began.remove(turn.began)
        if turn.began <= self._refused:
            # Under way already at the refusal before: all it says is that it was not taken then.
            self._measured -= turn.began > self._refused - _WINDOW
            return
        while self._began and self._began[0] <= now - _WINDOW:
            self._began.popleft()
        self._measured = max(len(self._began), int(self._measured * _LEAST))
        self._refused = now
        self._tokens *= _DECREASE
        self._set()

    def _set(self) -> None:
        self._tokens = min(max(self._tokens, 1.0), float(self._most))
        self._limiter.total_tokens = int(self._tokens)
