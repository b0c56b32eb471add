"""Reads answers: a result, or the error that the answer is."""

import json
from binascii import a2b_base64
from typing import Any

import httpx

from friendli_facade._answers import results
from friendli_facade._answers.downloads import Downloads
from friendli_facade._answers.results import Result
from friendli_facade._answers.scanning import Scanner
from friendli_facade._requests.calls import Call
from friendli_facade._rules import request_bodies
from friendli_facade._rules.violations import Violation
from friendli_facade.errors import Answer, InvalidResponseError, of_status


def result(
    kind: type[Result], call: Call, response: httpx.Response, body: Scanner, downloads: Downloads
) -> Result:
    """The call's result, of type `kind`; raises the SDKError that the response is instead."""
    if response.status_code != 200:
        raise of_status(Answer.of(response, body.content()))
    try:
        return _result(kind, call, body, downloads)
    except ValueError as error:
        problem = str(error)
    raise InvalidResponseError(Answer.of(response, body.content()), problem)


def _result(kind: type[Result], call: Call, body: Scanner, downloads: Downloads) -> Result:
    """The call's result; raises ValueError, which says what is wrong with the body."""
    if body.is_cut:
        raise ValueError(f"the body has more than {body.limit} bytes (max_response_bytes)")
    try:
        payload: Any = json.loads(body.json())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the body is not JSON ({error})") from None
    found: list[Violation] = []
    request_bodies.response_check(call.operation)(payload, "", found)
    if found:
        raise ValueError(f"the body is not as the contract has it: {found[0]}")
    pictures = body.pictures()

    def decode(text: str) -> bytes:
        return pictures.get(text) or decoded(text)

    try:
        return results.read(kind, payload, call.body, decode, downloads)
    except ValueError as error:
        raise ValueError(f"a picture is not base64 ({error})") from None


def decoded(text: str) -> bytes:
    """The bytes of base64 text, as a data URL and with line breaks too; raises ValueError."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        content = a2b_base64(text, strict_mode=True)
    except ValueError:
        content = a2b_base64("".join(text.split()), strict_mode=True)
    if not content:
        raise ValueError("the picture is empty")
    return content
