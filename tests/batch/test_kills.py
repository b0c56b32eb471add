"""Processes that are killed: the same with more rows and kills is `python -m scripts.batches`."""

from pathlib import Path

import pytest

from friendli_facade.batch._ledger import owners
from scripts.batches import kills

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("at_once", "number"), [(1, 2), (2, 1)])
def test_a_killed_batch_goes_on(at_once: int, number: int) -> None:
    """Every row is done, each sent once but for those reported, and no file is half written."""
    figures = kills.run(60, number, seed=at_once, at_once=at_once)
    assert figures.wrong == []
    assert (figures.kills, figures.done) == (number, 60)


def test_a_lock_ends_with_its_owner(tmp_path: Path) -> None:
    """It is alive until it is released, and leaves no file."""
    ledger = tmp_path / "ledger.sqlite3"
    owner = owners.Owner(ledger)
    assert owners.is_alive(ledger, owner.token)
    owner.release()
    assert not owners.is_alive(ledger, owner.token)
    assert not list(tmp_path.iterdir())
