"""The short form of what `scripts/bench soak` does in between."""

import pytest

from scripts.faults.disturbances import disturb


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
# An interrupt may fall into a callback of the collector, which cannot pass it on.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nothing_that_comes_in_between_costs_a_picture_or_a_connection() -> None:
    """Forks, event loops, cancellation and interrupts at random moments: all else is right."""
    figures = disturb(200, seed=2)
    assert figures.wrong == []
    assert (figures.forks, figures.loops) == (10, 8)
    assert figures.cancelled > 10
    assert figures.interrupted > 10
    assert figures.pictures > 200
