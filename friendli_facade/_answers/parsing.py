"""Parses answers: a result, or the error that the answer is."""

import json
from binascii import a2b_base64
from typing import Any

import attrs

from friendli_facade._answers import results
from friendli_facade._answers.completed import Record
from friendli_facade._answers.results import Made, Result
from friendli_facade._answers.scanning import Scanner
from friendli_facade._error_answers.bodies import beginning
from friendli_facade._images import media_types
from friendli_facade._images.image import Downloads
from friendli_facade._requests.calls import Call
from friendli_facade._rules import request_bodies
from friendli_facade._rules.violations import Violation
from friendli_facade.errors import Answer, InvalidResponseError, of_status

_MOST_VALUES = 100_000  # a hundred megabytes of them would take gigabytes and half a minute


def result(
    kind: type[Result],
    call: Call,
    answer: Answer,
    body: Scanner,
    downloads: Downloads,
    *,
    record: Record,
) -> Result:
    """The call's result, of type `kind`; raises the SDKError that the answer is instead."""
    if answer.status_code >= 300:
        raise of_status(answer)
    if answer.status_code != 200:
        raise of_status(attrs.evolve(answer, body=body.content()))
    try:
        payload = _payload(call, body)
        pictures = body.pictures()
        made = Made(
            record(answer.headers),
            lambda text: picture(text, pictures),
            downloads,
        )
        return results.read(kind, payload, call.body, made)
    except ValueError as error:
        problem = str(error)
    raise InvalidResponseError(attrs.evolve(answer, body=body.content()), problem)


def _payload(call: Call, body: Scanner) -> Any:
    """The answer's JSON; raises ValueError, which says what is wrong with the body."""
    if body.is_cut:
        raise ValueError(f"the body has more than {body.limit} bytes (max_response_bytes)")
    payload = json_value(body.json())
    found: list[Violation] = []
    request_bodies.response_check(call.operation)(payload, "", found)
    if found:
        raise ValueError(f"the body is not as the contract has it: {found[0]}")
    return payload


def json_value(text: bytes) -> Any:
    """The value of an answer's JSON, without its pictures; raises ValueError."""
    if text.count(b",") > _MOST_VALUES:
        raise ValueError(f"the body has more than {_MOST_VALUES} values")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the body is not JSON ({error})") from None


def picture(text: str, pictures: dict[str, bytes]) -> bytes:
    """The bytes of a picture in an answer: of one in `pictures`, by its name, or of base64.

    Raises ValueError for what is none.
    """
    try:
        content = pictures.get(text) or decoded(text)
    except ValueError as error:
        raise ValueError(f"a picture is not base64 ({error})") from None
    head = content[: media_types.HEAD]
    if not media_types.may_be_picture(head):
        raise ValueError(f"a picture is none, but text: {beginning(head)}")
    return content


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
