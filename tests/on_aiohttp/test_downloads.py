"""Those of tests.answers.test_downloads that use a client, once more on aiohttp."""

from tests.answers.test_downloads import *  # noqa: F403
