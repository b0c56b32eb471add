"""Everything but the actor runs without Ray, on asyncio and on trio."""

from pathlib import Path

import pytest

from tests.ray.drawing import Drawing
from tests.three_ways import one_ssl_context

__all__ = ["one_ssl_context"]


@pytest.fixture
def drawing(tmp_path: Path) -> Drawing:
    """Rows to be drawn into a folder."""
    return Drawing(tmp_path / "pictures")
