"""Beside vcrpy."""

# pyright: basic, reportMissingImports=false

from pathlib import Path

import pytest
import vcr
from vcr.errors import CannotOverwriteExistingCassetteException

from friendli_facade.sandbox import Sandbox
from tests.peers.tools.drawing import TOKEN, both, drawn


def test_a_cassette_is_recorded_and_played(tmp_path: Path) -> None:
    """Sync, async, a retry and a download: what it plays is what was drawn, and it has no token."""
    cassette = str(tmp_path / "cassette.yaml")
    recorder = vcr.VCR(filter_headers=["authorization"], match_on=["method", "uri", "body"])
    sandbox = Sandbox()
    with sandbox.serve() as server:
        sandbox.fail_next(503)
        with recorder.use_cassette(cassette):
            recorded = both(server_url=server.url)
    count = len(sandbox.requests)
    assert count == 5
    with recorder.use_cassette(cassette, record_mode="none") as played:
        assert both(server_url=server.url) == recorded
        assert played.all_played
    assert len(sandbox.requests) == count
    assert TOKEN not in (tmp_path / "cassette.yaml").read_text()


def test_a_request_that_was_not_recorded_is_its_own_to_refuse(tmp_path: Path) -> None:
    """What it raises is no failure of a network: it leaves the call as it is, without the token."""
    cassette = str(tmp_path / "empty.yaml")
    with (
        vcr.use_cassette(cassette, record_mode="none"),
        pytest.raises(CannotOverwriteExistingCassetteException) as failed,
    ):
        drawn()
    assert TOKEN not in str(failed.value)
