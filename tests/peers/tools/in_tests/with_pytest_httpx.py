"""Beside pytest-httpx."""

# pyright: basic, reportMissingImports=false

import pytest
from pytest_httpx import HTTPXMock

from friendli_facade import FriendliError
from tests.peers.tools.drawing import ANSWER, PNG, SERVER, TOKEN, both, drawn


def test_its_answers_are_read(httpx_mock: HTTPXMock) -> None:
    """Sync and async, after a retry; and what it shows of a request has no token."""
    httpx_mock.add_response(status_code=503)
    httpx_mock.add_response(json=ANSWER, method="POST", is_reusable=True)
    assert both() == [PNG, PNG]
    requests = httpx_mock.get_requests()
    assert len(requests) == 3
    assert {request.url.path for request in requests} == {"/dedicated/v1/images/edits"}
    assert b'"A kite"' in requests[0].content
    assert TOKEN not in repr(requests) + repr([request.headers for request in requests])


@pytest.mark.httpx_mock(
    assert_all_responses_were_requested=False, assert_all_requests_were_expected=False
)
def test_what_it_does_not_expect_is_told(httpx_mock: HTTPXMock) -> None:
    """A request that no answer is for ends in an error of ours, without the token."""
    httpx_mock.add_response(url=f"{SERVER}/another", match_headers={"Authorization": "Bearer no"})
    with pytest.raises(FriendliError) as failed:
        drawn(retries=None)
    assert "No response can be found" in str(failed.value)
    assert TOKEN not in str(failed.value)
