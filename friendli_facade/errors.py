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

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from friendli_facade._error_answers import bodies, retry_after
from friendli_facade._error_answers.bodies import ErrorDetail
from friendli_facade._rules.violations import Violation

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


# Statuses with which a proxy says that it sent the request on, and lost the answer.
AMBIGUOUS_STATUSES = frozenset({408, 499, 502, 504, *range(520, 525), 598})


class FriendliError(Exception):
    """The base of every error of this package.

    `attempts` is how often the request of a failed call was made, and `ambiguous` tells whether
    the server may have done what was asked for in any of them: if so, the picture may be paid for.
    """

    attempts: int = 1
    ambiguous: bool = False

    def _with_attempts(self, words: str) -> str:
        return words if self.attempts == 1 else f"{words} (after {self.attempts} attempts)"


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
    """No whole answer came. The cause (`__cause__`) is httpx's own error.

    It is `ambiguous` where the request may have reached the server. `lasting` tells that another
    attempt would fail as this one did: a certificate, an unknown host, a proxy that refuses.
    """

    def __init__(
        self, method: str, url: str, reason: str, *, ambiguous: bool = True, lasting: bool = False
    ) -> None:
        super().__init__(method, url, reason)
        self.method = method
        self.url = url
        self.reason = reason
        self.ambiguous = ambiguous
        self.lasting = lasting

    def __str__(self) -> str:
        return self._with_attempts(f"{self.method} {self.url} got no answer: {self.reason}")


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

    @classmethod
    def of(cls, response: "httpx.Response", body: bytes) -> "Answer":
        """A response of httpx, whose body was read apart."""
        return cls(
            method=response.request.method,
            url=shown(response.request.url),
            status_code=response.status_code,
            reason=response.reason_phrase,
            headers=response.headers,
            body=body,
        )


def shown(url: "httpx.URL") -> str:
    """A URL without user and password, nor a query, which may be signed."""
    return str(url.copy_with(userinfo=b"", query=None, fragment=None))


class SDKError(FriendliError):
    """An answer came, and it is no result: its status says why, or its body is not understood.

    `method`, `url`, `status_code`, `headers` and `body` (bytes, all of it) are what came, and
    `message` is the server's own words where it has any. It is `ambiguous` where a proxy says by
    its status that it sent the request on: 408, 499, 502, 504, 520 to 524, 598.
    """

    def __init__(self, answer: Answer, problem: str = "") -> None:
        super().__init__(answer, problem)
        self.method = answer.method
        self.url = answer.url
        self.status_code = answer.status_code
        self.headers = answer.headers
        self.body = answer.body
        self.ambiguous = self.ambiguous or answer.status_code in AMBIGUOUS_STATUSES
        self.message = bodies.message(bodies.parsed(answer.body))
        self._summary = f"{answer.method} {answer.url} answered {answer.status_code}"
        self._summary += f" {answer.reason}".rstrip()
        self._problem = problem

    def __str__(self) -> str:
        parts = (self._problem, self.message or bodies.beginning(self.body))
        return self._with_attempts(": ".join((self._summary, *filter(None, parts))))

    @property
    def retry_after(self) -> float | None:
        """Seconds from now that the server asks to wait, by its Retry-After header, if it does."""
        return retry_after.seconds(self.headers.get("Retry-After"), datetime.now(UTC))


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
        return tuple(bodies.details(bodies.parsed(self.body)))


class RateLimitError(SDKError):
    """429: too many requests."""


class ServerError(SDKError):
    """5xx: the server, or a proxy before it, failed."""


class OtherStatusError(SDKError):
    """A status that has no class of its own."""


class InvalidResponseError(SDKError):
    """200, but the body is not what the contract says. It is kept whole in `body`."""

    ambiguous = True


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
