"""A measurement in which a call went wrong is none."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.benchmark.measuring import client
from scripts.benchmark.pictures import picture


class Other:
    """A contender that gets something else than what was sent."""

    class Session:
        def __init__(self, url: str) -> None: ...

        def save(self, path: Path) -> object:
            return path.write_bytes(picture(512)[:-1] + b"?")

        def save_url(self, path: Path) -> object:
            return path.write_bytes(picture(511))


class Failing:
    """A contender whose third call fails."""

    class AsyncSession:
        calls = 0

        def __init__(self, url: str) -> None: ...

        async def generate(self) -> object:
            self.calls += 1
            if self.calls > 2:
                raise OSError("cut")
            return None


@pytest.mark.parametrize("scenario", [client.save, client.save_url])
def test_a_picture_that_is_another_on_disk_ends_the_process(
    scenario: Callable[[Any, str, client.Options], object], tmp_path: Path
) -> None:
    """Whether its bytes differ or their number does: neither is what was sent."""
    options = {"folder": str(tmp_path), "answers": 1, "size": 512}
    with pytest.raises(SystemExit, match="the picture on disk is not the one that was sent"):
        scenario(Other, "", options)
    assert list(tmp_path.iterdir()) == []


def test_a_call_that_fails_in_flight_ends_the_measurement() -> None:
    """With what went wrong, and before any figure is told."""
    options = {"at_a_time": 1, "seconds": 60, "longest_warming_up": 60}
    with pytest.raises(OSError, match="cut"):
        asyncio.run(client.in_flight(Failing, "", options))
