"""What is told of attempts and retries, and to whom: nobody who did not ask."""

import logging
import subprocess
import sys
from importlib.util import find_spec

import httpx
import pytest

from friendli_facade import APIConnectionError, ServerError
from friendli_facade.utils import BackoffStrategy, Retry, RetryConfig
from tests.conftest import Clock
from tests.transports import Wire, right

PROGRAM = """
import sys
import httpx
from friendli_facade import SyncFriendli, utils
from tests.transports import right
left = [429, 503]
def answer(request):
    return httpx.Response(left.pop()) if left else right(request)
http = httpx.Client(transport=httpx.MockTransport(answer))
config = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 1, 1))
client = SyncFriendli(http_client=http, retries=config)
client.container.image.generate(prompt="p")
assert left == []
"""


def test_every_retry_is_told_once_to_the_log_and_to_on_retry(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Attempt, delay and reason: one record of INFO for each, by our logger alone."""
    seen: list[Retry] = []
    left = [503, 503]

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(left.pop(), headers={"Retry-After": "7"}) if left else right(request)

    with caplog.at_level(logging.INFO):
        config = RetryConfig(on_retry=seen.append)
        Wire(handler).sync(retries=config).container.image.generate(prompt="p")
    assert [(retry.attempt, retry.delay, type(retry.error)) for retry in seen] == [
        (1, 7, ServerError),
        (2, 7, ServerError),
    ]
    records = [record for record in caplog.records if record.name != "httpx"]
    assert [(record.name, record.levelname) for record in records] == [
        ("friendli_facade", "INFO")
    ] * 2
    first = records[0].getMessage()
    assert first.startswith("attempt 1 failed, next in 7.000 s: POST http://localhost:8000/v1/")


async def test_a_failed_attempt_is_logged_with_its_duration(
    caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    """At DEBUG there is a record for each attempt, those that got no answer included."""

    def handler(request: httpx.Request) -> httpx.Response:
        clock.now += 2.5
        raise httpx.ReadError("reset", request=request)

    wire = Wire(handler)
    with caplog.at_level(logging.DEBUG, "friendli_facade"):
        with pytest.raises(APIConnectionError):
            wire.sync().container.image.generate(prompt="p")
        with pytest.raises(APIConnectionError):
            await wire.asynchronous().container.image.generate(prompt="p")
    said = "POST http://localhost:8000/v1/images/generations: ReadError after 2.500 s, attempt 1, "
    records = [record for record in caplog.records if record.name == "friendli_facade"]
    assert [record.getMessage() for record in records] == [said + "14 bytes sent, 0 received"] * 2


async def test_an_attempt_that_is_answered_is_logged_with_its_own_duration(
    caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    """Counted from when that attempt began; with its number, and what was received."""

    def handler(request: httpx.Request) -> httpx.Response:
        clock.now += 2.5
        return right(request) if len(wire.requests) % 2 == 0 else httpx.Response(503, text="busy")

    wire, config = Wire(handler), RetryConfig(backoff=BackoffStrategy(4000))
    with caplog.at_level(logging.DEBUG, "friendli_facade"):
        wire.sync(retries=config).container.image.generate(prompt="p")
        await wire.asynchronous(retries=config).container.image.generate(prompt="p")
    size = len(right(wire.requests[0]).content)
    said = "POST http://localhost:8000/v1/images/generations: "
    records = [record for record in caplog.records if record.levelname == "DEBUG"]
    assert [record.getMessage() for record in records if record.name == "friendli_facade"] == [
        f"{said}503 after 2.500 s, attempt 1, 14 bytes sent, 4 received",
        f"{said}200 after 2.500 s, attempt 2, 14 bytes sent, {size} received",
    ] * 2


@pytest.mark.parametrize("first", ["", "import structlog\n"])
def test_a_retry_is_silent(first: str) -> None:
    """Nothing is printed, though structlog is installed, as it is here, or even imported."""
    assert find_spec("structlog")
    assert printed(first + PROGRAM) == ("", "")


def test_a_retry_is_one_record_for_who_asks() -> None:
    """With logging turned on in the usual way, a retry is one line, and no other library's."""
    asked = "import logging\nlogging.basicConfig(level='INFO', format='%(name)s %(message)s')\n"
    out, err = printed(asked + PROGRAM)
    lines = [line for line in err.splitlines() if not line.startswith("httpx ")]
    assert out == ""
    assert [line.partition(" failed")[0] for line in lines] == [
        "friendli_facade attempt 1",
        "friendli_facade attempt 2",
    ]


def printed(program: str) -> tuple[str, str]:
    """What a program writes on standard output and on standard error."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout, done.stderr
