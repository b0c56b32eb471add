"""Everything that the client raises on its own account, as one tree.

FriendliError
├── ValidationError               an argument breaks a rule; nothing was sent
├── ClientClosedError             the client was closed before the call
├── APIConnectionError            no answer came
│   └── APITimeoutError           no answer came in time
├── DownloadError                 a picture could not be fetched from its URL
└── SDKError                      an answer came, and it is no result
    ├── AuthenticationError       401
    ├── PermissionDeniedError     403
    ├── NotFoundError             404
    ├── ConflictError             409
    ├── ContentTooLargeError      413
    ├── UnprocessableEntityError  422
    ├── RateLimitError            429
    ├── ServerError               5xx
    ├── OtherStatusError          any other status
    └── InvalidResponseError      200, but not as the contract has it
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from friendli_facade.keywords import is_array, is_object
from friendli_facade.violations import Violation

if TYPE_CHECKING:
    import httpx

__all__ = [
    "APIConnectionError",
    "APITimeoutError",
    "Answer",
    "AuthenticationError",
    "ClientClosedError",
    "ConflictError",
    "ContentTooLargeError",
    "DownloadError",
    "ErrorDetail",
    "FriendliError",
    "InvalidResponseError",
    "NotFoundError",
    "OtherStatusError",
    "PermissionDeniedError",
    "RateLimitError",
    "SDKError",
    "ServerError",
    "UnprocessableEntityError",
    "ValidationError",
    "Violation",
]

_SHOWN = 300  # characters of a body that an error message quotes


class FriendliError(Exception):
    """The base of every error of this package."""


class ValidationError(FriendliError, ValueError):
    """Arguments break rules. Nothing was sent, so nothing was paid.

    `violations` holds all of them: each names the argument, the rule and the value.
    """

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(tuple(violations))
        self.violations = tuple(violations)

    def __str__(self) -> str:
        if len(self.violations) == 1:
            return str(self.violations[0])
        lines = "".join(f"\n- {violation}" for violation in self.violations)
        return f"{len(self.violations)} rules are broken:{lines}"


class ClientClosedError(FriendliError, RuntimeError):
    """The client was closed before the call; make a new one, or call inside its `with` block."""


class APIConnectionError(FriendliError):
    """No answer came. The cause (`__cause__`) is httpx's own error."""

    def __init__(self, method: str, url: str, reason: str) -> None:
        super().__init__(method, url, reason)
        self.method = method
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.method} {self.url} got no answer: {self.reason}"


class APITimeoutError(APIConnectionError):
    """No answer came in time. The server may have done the work all the same."""


class DownloadError(FriendliError):
    """A picture could not be fetched from its URL; the URL stays valid as long as Friendli says."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return f"the picture at {self.url} could not be fetched: {self.reason}"


@attrs.frozen
class Answer:
    """What a server answered, as far as an error needs it; `body` is the whole body."""

    method: str
    url: str
    status_code: int
    reason: str
    headers: "httpx.Headers" = attrs.field(repr=False)
    body: bytes = attrs.field(repr=lambda body: f"<{len(body)} bytes>")


@attrs.frozen
class ErrorDetail:
    """One entry of a 422's `detail`, as FastAPI writes it.

    `location` is the path to the value (`("body", "num_inference_steps")`), `message` says what
    is wrong with it, `type` is the server's name for the rule.
    """

    location: tuple[str | int, ...]
    message: str
    type: str

    def __str__(self) -> str:
        place = ".".join(str(part) for part in self.location)
        return f"{place}: {self.message}" if place else self.message


class SDKError(FriendliError):
    """An answer came, and it is no result: its status says why, or its body is not understood.

    `method`, `url`, `status_code`, `headers` and `body` (bytes, all of it) are what came, and
    `message` is the server's own words where it has any.
    """

    def __init__(self, answer: Answer, problem: str = "") -> None:
        super().__init__(answer, problem)
        self.method = answer.method
        self.url = answer.url
        self.status_code = answer.status_code
        self.headers = answer.headers
        self.body = answer.body
        self.message = _message(_json(answer.body))
        self._summary = f"{answer.method} {answer.url} answered {answer.status_code}"
        self._summary += f" {answer.reason}".rstrip()
        self._problem = problem

    def __str__(self) -> str:
        parts = (self._problem, self.message or _beginning(self.body))
        return ": ".join((self._summary, *(part for part in parts if part)))


class AuthenticationError(SDKError):
    """401: the token is missing, wrong or expired."""


class PermissionDeniedError(SDKError):
    """403: the token may not do this."""


class NotFoundError(SDKError):
    """404: there is no such endpoint, adapter or path."""


class ConflictError(SDKError):
    """409: the endpoint is not in a state to answer."""


class ContentTooLargeError(SDKError):
    """413: the request is larger than the server, or a proxy before it, takes."""


class UnprocessableEntityError(SDKError):
    """422: the server refused an argument; `details` says which, where the server does."""

    @property
    def details(self) -> tuple[ErrorDetail, ...]:
        """The entries of FastAPI's `detail` list; empty where the body is something else."""
        return tuple(_details(_json(self.body)))


class RateLimitError(SDKError):
    """429: too many requests."""


class ServerError(SDKError):
    """5xx: the server, or a proxy before it, failed."""


class OtherStatusError(SDKError):
    """A status that has no class of its own."""


class InvalidResponseError(SDKError):
    """200, but the body is not what the contract says. It is kept whole in `body`."""


_BY_STATUS: Mapping[int, type[SDKError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    413: ContentTooLargeError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def of_status(answer: Answer) -> SDKError:
    """The error for an answer that is not a 200."""
    other = ServerError if 500 <= answer.status_code < 600 else OtherStatusError
    return _BY_STATUS.get(answer.status_code, other)(answer)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _message(content: Any) -> str:
    """The words for people in an error's JSON body, in the shapes that servers use."""
    if isinstance(content, str):
        return content[:_SHOWN]
    if not is_object(content):
        return ""
    details = list(_details(content))
    if details:
        return "; ".join(map(str, details))[:_SHOWN]
    for key in ("message", "detail", "error", "msg"):
        if words := _message(content.get(key)):
            return words
    return ""


def _details(content: object) -> Iterator[ErrorDetail]:
    entries = content.get("detail") if is_object(content) else None
    for entry in entries if is_array(entries) else ():
        if is_object(entry) and isinstance(entry.get("msg"), str):
            place = entry.get("loc")
            parts = place if is_array(place) else ()
            yield ErrorDetail(
                location=tuple(part for part in parts if isinstance(part, str | int)),
                message=entry["msg"],
                type=str(entry.get("type", "")),
            )


def _beginning(body: bytes) -> str:
    text = " ".join(body[: 4 * _SHOWN].decode("utf-8", errors="replace").split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
