"""Reads answers: a result, or the error that the answer is."""

import json
from typing import Any

import httpx

from friendli_facade import checks
from friendli_facade.calls import Call, Result
from friendli_facade.downloads import Downloads
from friendli_facade.errors import Answer, InvalidResponseError, of_status
from friendli_facade.sending import Body
from friendli_facade.violations import Violation


def result(
    call: Call[Result], response: httpx.Response, body: Body, downloads: Downloads
) -> Result:
    """The call's result; raises the SDKError that the response is instead."""
    answer = Answer.of(response, body.content())
    if response.status_code != 200:
        raise of_status(answer)
    if body.is_cut:
        problem = f"the body has more than {body.limit} bytes (max_response_bytes)"
        raise InvalidResponseError(answer, problem)
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
