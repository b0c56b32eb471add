"""The short form of `scripts/bench soak`."""

import pytest

from scripts.faults.soak import soak

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("on_aiohttp", [False, True], ids=["httpx", "aiohttp"])
def test_every_call_ends_as_it_must(on_aiohttp: bool) -> None:
    """Sync and async calls at a server that fails at random: none lost, repeated or mixed up."""
    figures = soak(calls=300, at_once=16, seed=2, on_aiohttp=on_aiohttp)
    assert figures.wrong == []
    assert figures.outcomes["picture"] > 150
    assert len(figures.outcomes) > 6
    before, after = figures.files
    assert after <= before
    assert figures.open_at_server == 0
    assert figures.megabytes[-1] < figures.megabytes[0] + 32
