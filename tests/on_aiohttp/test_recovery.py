"""Those of tests.answers.test_recovery that use a client, once more on aiohttp."""

from tests.answers.test_recovery import *  # noqa: F403
