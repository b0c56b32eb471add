"""Reads answers: a result, or the error that the answer is."""

import json
from typing import Any

import httpx

from friendli_facade import checks
from friendli_facade.calls import Call, Result
from friendli_facade.downloads import Downloads
from friendli_facade.errors import Answer, InvalidResponseError, of_status
from friendli_facade.violations import Violation


def result(call: Call[Result], response: httpx.Response, downloads: Downloads) -> Result:
    """The call's result; raises the SDKError that the response is instead."""
    answer = Answer(
        method=response.request.method,
        url=shown(response.request.url),
        status_code=response.status_code,
        reason=response.reason_phrase,
        headers=response.headers,
        body=response.content,
    )
    if response.status_code != 200:
        raise of_status(answer)
    try:
        payload: Any = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise InvalidResponseError(answer, f"the body is not JSON ({error})") from None
    found: list[Violation] = []
    checks.response_check(call.operation)(payload, "", found)
    if found:
        raise InvalidResponseError(answer, f"the body is not as the contract has it: {found[0]}")
    try:
        return call.result(payload, downloads)
    except ValueError as error:
        raise InvalidResponseError(answer, f"a picture is not base64 ({error})") from None


def shown(url: httpx.URL) -> str:
    """A URL without the user and password that it may hold."""
    return str(url.copy_with(username=None, password=None)) if url.userinfo else str(url)
