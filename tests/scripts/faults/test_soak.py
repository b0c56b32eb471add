"""The short form of `scripts/bench soak`."""

import pytest

from scripts.faults import soak as soaking
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


def test_a_call_that_ends_otherwise_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its number, what came of it, and what was to come."""

    def of_nobody(_: int) -> bytes:
        return b"of nobody"

    monkeypatch.setattr(soaking, "picture", of_nobody)
    figures = soak(calls=8, at_once=4, seed=2)
    others = figures.outcomes["another call's picture"]
    assert 0 < others <= 8
    assert figures.outcomes["picture"] == 0
    assert len(figures.wrong) == others
    assert all(
        "another call's picture" in line and "not Outcome(" in line for line in figures.wrong
    )
