"""Those of tests.delivery.retries.test_official_faults that use a client, once more on aiohttp."""

from tests.delivery.retries.test_official_faults import *  # noqa: F403
