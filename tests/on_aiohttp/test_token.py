"""Those of tests.delivery.test_token that use a client, once more on aiohttp."""

from tests.delivery.test_token import *  # noqa: F403
