"""Beside respx."""

# pyright: basic, reportMissingImports=false

import httpx
import pytest
import respx

from friendli_facade import APIConnectionError
from tests.peers.tools.drawing import ANSWER, PNG, SERVER, TOKEN, both, drawn


def test_its_routes_answer(respx_mock: respx.MockRouter) -> None:
    """Sync and async, after a retry; and what it shows of a request has no token."""
    answers = [httpx.Response(429), *(httpx.Response(200, json=ANSWER) for _ in range(2))]
    route = respx_mock.post(f"{SERVER}/dedicated/v1/images/edits").mock(side_effect=answers)
    assert both() == [PNG, PNG]
    assert route.call_count == 3
    assert b'"A kite"' in route.calls.last.request.content
    assert TOKEN not in repr(route.calls) + repr([call.request.headers for call in route.calls])


def test_its_side_effects_are_failures(respx_mock: respx.MockRouter) -> None:
    """An exception of httpx that it raises is an error of ours."""
    respx_mock.post(f"{SERVER}/dedicated/v1/images/edits").mock(side_effect=httpx.ConnectError)
    with pytest.raises(APIConnectionError) as failed:
        drawn(retries=None)
    assert TOKEN not in str(failed.value)
