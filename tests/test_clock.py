"""The time that tests go by."""

import subprocess
import sys
import time

from tests.conftest import Clock


def test_it_passes_by_sleeping_and_for_processes_as_for_all(clock: Clock) -> None:
    """No test waits, but who waits for a process does not look for it a million times."""
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        assert process.wait(60) == 0
    assert clock.sleeps == []
    before = clock.now
    time.sleep(3600)
    assert (clock.sleeps, clock.now) == ([3600], before + 3600)
