"""A child process has nothing to do with what threads of its parent were reading."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tests.inputs.sending import sent
from tests.processes import in_child, needs_fork
from tests.samples import PNG

pytestmark = needs_fork


def test_a_child_does_not_wait_for_a_thread_that_it_has_not() -> None:
    """A file object that a thread was reading at the fork can be read in the child."""
    reading, may_end = Event(), Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            reading.set()
            may_end.wait(60)
            return super().read(size)

    def in_turn() -> bytes:
        may_end.set()
        return sent(file)

    file = Slow(PNG)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(sent, file)
        assert reading.wait(60)
        said = in_child(in_turn)
        may_end.set()
        assert call.result() == PNG
    assert said == repr(PNG)
