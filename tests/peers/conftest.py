"""Tests beside a real program run three ways too, and without the environment's proxies."""

import pytest

from tests.three_ways import anyio_backend, client, way

__all__ = ["anyio_backend", "client", "way"]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the tests has no say."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
