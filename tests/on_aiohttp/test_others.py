"""The tests of delivery, downloads and recovery, once more on aiohttp: the fault matrix too."""

# ruff: noqa: F403
from tests.answers.test_downloads import *
from tests.answers.test_recovery import *
from tests.delivery.test_deadline import *
from tests.delivery.test_failures import *
from tests.delivery.test_faults import *
from tests.delivery.test_gateways import *
from tests.delivery.test_official_faults import *
from tests.delivery.test_token import *
