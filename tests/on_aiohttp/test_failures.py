"""Those of tests.delivery.test_failures that use a client, once more on aiohttp."""

from tests.delivery.test_failures import *  # noqa: F403
