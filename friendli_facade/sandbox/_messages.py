"""Requests and responses, as every skin of the sandbox passes them."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from attrs import evolve, field, frozen


def _lowercase(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@frozen
class Request:
    """A request that came in whole; `url` is absolute, header names are kept in lower case."""

    method: str
    url: str
    headers: Mapping[str, str] = field(converter=_lowercase, factory=dict[str, str])
    body: bytes = field(default=b"", repr=False)

    def without_token(self) -> "Request":
        """The same request to be kept or printed: a test's token may be a real one."""
        authorization = self.headers.get("authorization")
        if authorization is None:
            return self
        masked = f"{authorization.partition(' ')[0]} ***"
        return evolve(self, headers={**self.headers, "authorization": masked})

    def json(self) -> Any:
        """The JSON value of the body; raises ValueError if it is none."""
        return json.loads(self.body)


@frozen
class Response:
    """A response to send; its length is for the skin to declare."""

    status_code: int
    headers: Mapping[str, str] = field(converter=_lowercase)
    content: bytes = field(repr=False)


class RefusalError(Exception):
    """Carries the response that ends the handling of a request."""

    def __init__(self, status_code: int, detail: Any, **headers: str) -> None:
        super().__init__(status_code, detail)
        self.response = json_response(status_code, {"detail": detail}, **headers)


def json_response(status_code: int, value: Any, **headers: str) -> Response:
    """A response with `value` as JSON; `www_authenticate=` is the header WWW-Authenticate."""
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    content = json.dumps(value, separators=(",", ":")).encode()
    return Response(status_code, {"content-type": "application/json", **names}, content)


def phrase(status_code: int) -> str:
    """A status in words, be it registered or not."""
    try:
        return HTTPStatus(status_code).phrase
    except ValueError:
        return f"Status {status_code}"
