"""Every test runs three ways: sync, on asyncio and on trio."""

from tests.three_ways import anyio_backend, one_ssl_context, way

__all__ = ["anyio_backend", "one_ssl_context", "way"]
