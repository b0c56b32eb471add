"""Beside structlog."""

# pyright: basic, reportMissingImports=false

import io
import json
import logging
from collections.abc import Generator

import pytest
import structlog

from friendli_facade import FriendliError
from friendli_facade.sandbox import Sandbox
from tests.peers.tools.drawing import TOKEN, both, drawn


@pytest.fixture
def log() -> Generator[io.StringIO]:
    """All that is logged, down to DEBUG, as structlog writes it with all local variables."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.dict_tracebacks,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_it_writes_our_log_without_the_token(log: io.StringIO) -> None:
    """What is logged of calls, and of a failure with its frames, is JSON of one line each."""
    sandbox = Sandbox()
    sandbox.fail_next(503)
    with sandbox.serve() as server:
        both(server_url=server.url)
        sandbox.fail_next(400)
        try:
            drawn(server_url=server.url, retries=None)
        except FriendliError:
            logging.getLogger("app").exception("no picture")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    names = {line["logger"].partition(".")[0] for line in lines}
    assert names >= {"friendli_facade", "httpcore", "app"}
    assert lines[-1]["exception"][0]["exc_type"] == "OtherStatusError"
    assert lines[-1]["exception"][0]["frames"][-1]["locals"]
    assert TOKEN not in log.getvalue()
