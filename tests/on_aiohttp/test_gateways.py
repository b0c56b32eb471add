"""Those of tests.delivery.test_gateways that use a client, once more on aiohttp."""

from tests.delivery.test_gateways import *  # noqa: F403
