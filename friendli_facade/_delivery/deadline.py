"""When a call must have ended, and what that leaves to its attempts and their steps."""

from math import inf
from time import monotonic

import attrs

from friendli_facade._requests.time_limits import TimeLimits


def now() -> float:
    """Seconds of the clock by which calls are timed."""
    return monotonic()  # looked up when it is needed: tests have a clock of their own


@attrs.frozen
class Deadline:
    """The end of a call that began at `started`: now, unless it is said."""

    limits: TimeLimits
    started: float = attrs.field(factory=now)

    @property
    def elapsed(self) -> float:
        """Seconds since the call began."""
        return monotonic() - self.started

    @property
    def left(self) -> float:
        """Seconds until it must have ended; infinity if it need not, nothing if it is late."""
        return inf if self.limits.total is None else max(0.0, self.limits.total - self.elapsed)

    def steps(self) -> dict[str, float | None]:
        """The limits of a request's steps, as httpx takes them, each cut to what is left."""
        left, steps = self.left, self.limits.steps.as_dict()
        if left == inf:
            return steps
        return {step: left if limit is None else min(limit, left) for step, limit in steps.items()}


@attrs.frozen
class Attempt:
    """One of the attempts of a call, which count from 1."""

    number: int
    deadline: Deadline
