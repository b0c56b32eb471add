"""Whoever asked for metadata that a picture does not take is warned."""

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from friendli_facade import MetadataWarning
from scripts.faults.server import answer
from tests.callers import Caller
from tests.images.wires import drawn, item
from tests.provenance.test_saving import SIGNED
from tests.storage import offered
from tests.three_ways import anyio_backend, client, one_ssl_context, way

__all__ = ["anyio_backend", "client", "one_ssl_context", "way"]


def test_warnings_that_are_errors_come_after_the_picture(tmp_path: Path) -> None:
    """Whoever insists on metadata is told, and has the picture."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(MetadataWarning):
            drawn(item(SIGNED["PNG"]))[0].save(tmp_path / "cat", metadata=True)
    assert (tmp_path / "cat.png").read_bytes() == SIGNED["PNG"]


async def test_who_awaits_is_warned_too(client: Callable[..., Caller], tmp_path: Path) -> None:
    """Of metadata that a picture has no place for."""
    content = SIGNED["WebP"]
    async with offered(client, [answer("200 OK", content)]) as (friendli, image, _):
        with pytest.warns(MetadataWarning, match="is signed"):
            place = await friendli.save(image, tmp_path / "cat", metadata=True)
    assert place.read_bytes() == content
