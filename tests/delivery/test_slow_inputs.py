"""The time that a call's pictures take to be read is time of the call."""

import io
from typing import Any

import pytest

from friendli_facade import APITimeoutError
from tests.conftest import Clock
from tests.samples import PNG
from tests.transports import Wire, right


class SlowFile(io.BytesIO):
    """A file on a disk that takes twenty seconds."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(PNG)
        self._clock = clock

    def read(self, size: int | None = -1, /) -> bytes:
        """What is left, twenty seconds later."""
        self._clock.now += 20
        return super().read(size)


@pytest.mark.parametrize(("timeout", "is_late"), [(10, True), (600, False)])
async def test_a_picture_that_is_read_slowly_uses_up_the_time(
    timeout: float, is_late: bool, clock: Clock
) -> None:
    """A call that is late before it is sent is not sent, and surely not paid for."""
    wire = Wire(right)
    call: Any = wire.sync(timeout=timeout).container.image.edit
    acall: Any = wire.asynchronous(timeout=timeout).container.image.edit
    if not is_late:
        call(image=SlowFile(clock), prompt="p")
        await acall(image=SlowFile(clock), prompt="p")
        assert len(wire.requests) == 2
        return
    with pytest.raises(APITimeoutError, match="10 s that it may take in all are over") as failed:
        call(image=SlowFile(clock), prompt="p")
    with pytest.raises(APITimeoutError) as afailed:
        await acall(image=SlowFile(clock), prompt="p")
    assert not failed.value.ambiguous
    assert not afailed.value.ambiguous
    assert wire.requests == []
