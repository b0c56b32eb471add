"""What a `timeout` means: how long each step of a request may take, and a call in all."""

import attrs
import httpx

# Drawing takes seconds to minutes: a short limit would lose pictures that are paid for.
_TEN_MINUTES = 600.0
DEFAULT_TIMEOUT = httpx.Timeout(connect=5, read=_TEN_MINUTES, write=_TEN_MINUTES, pool=None)


@attrs.frozen
class TimeLimits:
    """Seconds for each step of a request, as httpx has them, and for a call, or a download, in all.

    None stands for no end.
    """

    steps: httpx.Timeout
    total: float | None

    @classmethod
    def of(cls, timeout: "float | httpx.Timeout | None") -> "TimeLimits":
        """What a timeout means: a number is the time in all.

        An `httpx.Timeout` says nothing of the whole, which then takes ten minutes at most, or as
        long as its longest step; if a step has no end, neither has the whole.
        """
        if not isinstance(timeout, httpx.Timeout):
            return cls(httpx.Timeout(timeout), timeout)
        steps = (timeout.connect, timeout.read, timeout.write)
        limits = [step for step in steps if step is not None]
        return cls(timeout, max(_TEN_MINUTES, *limits) if len(limits) == len(steps) else None)
