"""Processes that are killed: the same with more rows and kills is `python -m scripts.batches`."""

import pytest

from scripts.batches import kills

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("at_once", "number"), [(1, 2), (2, 1)])
def test_a_killed_batch_goes_on(at_once: int, number: int) -> None:
    """Every row is done, each sent once but for those reported, and no file is half written."""
    figures = kills.run(60, number, seed=at_once, at_once=at_once)
    assert figures.wrong == []
    assert (figures.kills, figures.done) == (number, 60)
