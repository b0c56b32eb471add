"""The memory of this process, as Linux tells it."""

import gc
import re
from pathlib import Path

_PROCESS = Path("/proc/self")


class Peak:
    """How far this process's memory rises above what it was: begin when it is idle."""

    def __init__(self) -> None:
        gc.collect()
        # Makes the high-water mark begin anew; that of getrusage is for life.
        (_PROCESS / "clear_refs").write_text("5", encoding="ascii")
        self.idle = _bytes("VmRSS")

    def over_idle(self) -> int:
        """Bytes of the highest rise so far."""
        return _bytes("VmHWM") - self.idle


def _bytes(field: str) -> int:
    status = (_PROCESS / "status").read_text(encoding="ascii")
    (kibibytes,) = re.findall(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)
    return int(kibibytes) * 1024
