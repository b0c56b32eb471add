"""Beside sentry-sdk."""

# pyright: basic, reportMissingImports=false

import json
from collections.abc import Generator
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from friendli_facade import FriendliError
from friendli_facade.sandbox import Sandbox
from tests.peers.tools.drawing import TOKEN, both, drawn


class Recording(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize())

    @property
    def text(self) -> str:
        return b"\n".join(self.sent).decode()


@pytest.fixture
def sentry() -> Generator[Recording]:
    """All that it can see: locals, personal data, traces."""
    transport = Recording()
    sentry_sdk.init(
        dsn="https://key@sentry.example/1",
        transport=transport,
        traces_sample_rate=1.0,
        data_collection={},  # all that it knows of
        max_request_body_size="always",
    )
    yield transport
    sentry_sdk.init()


def test_it_sees_calls_and_failures_without_the_token(sentry: Recording) -> None:
    """Spans, breadcrumbs and an exception with all local variables of its frames."""
    sandbox = Sandbox()
    with sandbox.serve() as server, sentry_sdk.start_transaction(name="drawing"):
        both(server_url=server.url)
        sandbox.fail_next(500, times=2)
        sandbox.truncate_next()
        for _ in range(3):
            with pytest.raises(FriendliError) as failed:
                drawn(server_url=server.url, retries=None)
            sentry_sdk.capture_exception(failed.value)
        with pytest.raises(FriendliError) as failed:
            drawn(server_url="http://127.0.0.1:9", retries=None)
        sentry_sdk.capture_exception(failed.value)
    sentry_sdk.flush()
    text = sentry.text
    assert text.count('"mechanism"') >= 4
    assert "/dedicated/v1/images/edits" in text
    assert '"op":"http.client"' in text
    assert '"vars"' in text
    events: list[Any] = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert events
    assert TOKEN not in text
