"""Those of tests.delivery.test_faults that use a client, once more on aiohttp."""

from tests.delivery.test_faults import *  # noqa: F403
