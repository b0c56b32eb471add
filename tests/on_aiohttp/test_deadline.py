"""Those of tests.delivery.test_deadline that use a client, once more on aiohttp."""

from tests.delivery.test_deadline import *  # noqa: F403
