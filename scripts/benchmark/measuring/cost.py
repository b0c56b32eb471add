"""What this process spends, as Linux tells it.

Of the standard library what no import row could miss: it is loaded before an import is measured.
"""

import gc
import resource
import time

Sample = dict[str, float]


def processor() -> float:
    """Seconds that the processor has worked for this process: as user, and as system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Cost:
    """What is spent from here on: begin when the process is idle."""

    def __init__(self) -> None:
        gc.collect()
        # Makes the high-water mark begin anew; that of getrusage is for life.
        with open("/proc/self/clear_refs", "wb") as marks:  # noqa: PTH123
            marks.write(b"5")
        self._idle = _memory(b"VmRSS:")
        self._started = time.perf_counter()
        self._processor = processor()

    def sample(self, calls: int = 1) -> Sample:
        """Seconds of a call, of the processor and of the clock, and bytes above idle."""
        worked = processor() - self._processor
        passed = time.perf_counter() - self._started
        return {
            "processor": worked / calls,
            "seconds": passed / calls,
            "peak": _memory(b"VmHWM:") - self._idle,
        }


def _memory(field: bytes) -> int:
    """Bytes; `field` is a line's name in the kernel's account of this process."""
    with open("/proc/self/status", "rb") as status:  # noqa: PTH123
        (line,) = [line for line in status if line.startswith(field)]
    return int(line.split()[1]) * 1024
